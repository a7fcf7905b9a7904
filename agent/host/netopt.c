// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/netopt.h"
#include "host/props.h"

/* QEMU itself takes no more queues than that */
#define VS_FDS_MAX 1024

/* devices that are NICs even when nothing is connected to them */
static const char *const vs_nic_drivers[] = {
	"virtio-net-pci", "virtio-net-pci-non-transitional",
	"virtio-net-pci-transitional", "virtio-net-device", "virtio-net-ccw",
	"virtio-net", "e1000", "e1000-82544gc", "e1000-82545em", "e1000e",
	"igb", "rtl8139", "vmxnet3", "pcnet", "ne2k_pci", "ne2k_isa", "tulip",
	"i82550", "i82551", "i82557a", "i82557b", "i82557c", "i82558a",
	"i82558b", "i82559a", "i82559b", "i82559c", "i82559er", "i82562",
	"i82801", "usb-net", "spapr-vlan", "sungem", "sunhme",
};

static void *vs_netopts_grow(void *v, size_t *n, size_t size)
{
	char *more = reallocarray(v, *n + 1, size);

	if (more)
		memset(more + *n * size, 0, size);
	return more;
}

static struct vs_backend *vs_netopts_backend(struct vs_netopts *n)
{
	void *v = vs_netopts_grow(n->backends, &n->n_backends,
				  sizeof(*n->backends));

	if (!v)
		return NULL;
	n->backends = v;
	return &n->backends[n->n_backends++];
}

static struct vs_frontend *vs_netopts_frontend(struct vs_netopts *n)
{
	void *v = vs_netopts_grow(n->frontends, &n->n_frontends,
				  sizeof(*n->frontends));

	if (!v)
		return NULL;
	n->frontends = v;
	return &n->frontends[n->n_frontends++];
}

static int vs_backend_add_fd(struct vs_backend *b, uint64_t fd)
{
	int *fds = reallocarray(b->fds, b->n_fds + 1, sizeof(*fds));

	if (!fds)
		return -ENOMEM;
	b->fds = fds;
	b->fds[b->n_fds++] = fd;
	return 0;
}

/* "33" or "33:34"; what is no number is a name that the monitor knows */
static int vs_backend_fds(struct vs_backend *b, char *list)
{
	char *save, *s = list ? strtok_r(list, ":", &save) : NULL;

	for (; s && b->n_fds < VS_FDS_MAX; s = strtok_r(NULL, ":", &save)) {
		uint64_t fd;

		if (vs_number_parse(s, 0, INT_MAX, &fd))
			continue;
		if (vs_backend_add_fd(b, fd))
			return -ENOMEM;
	}
	return 0;
}

static int vs_backend_read(struct vs_backend *b, const struct vs_props *p)
{
	char *fd = vs_props_get(p, "fd");
	char *fds = vs_props_get(p, "fds");
	char *ifname = vs_props_get(p, "ifname");
	int ret;

	/* the helper of a "bridge" opens a tap, too */
	b->tap = vs_props_is(p, "type", "tap") ||
		 vs_props_is(p, "type", "bridge");
	b->id = vs_props_get(p, "id");
	if (ifname && strlen(ifname) < sizeof(b->ifname))
		strcpy(b->ifname, ifname);
	ret = vs_backend_fds(b, fd);
	if (!ret)
		ret = vs_backend_fds(b, fds);
	free(fd);
	free(fds);
	free(ifname);
	return ret;
}

static void vs_frontend_mac(struct vs_frontend *f, const struct vs_props *p)
{
	char *mac = vs_props_get(p, "mac");

	if (!mac)
		mac = vs_props_get(p, "macaddr");
	f->mac_given = mac;
	/* all zeros is "choose one" */
	if (mac && vs_mac_parse_guest(mac, &f->mac) == -ERANGE &&
	    strcmp(mac, "00:00:00:00:00:00") == 0)
		f->mac_given = false;
	free(mac);
}

static int vs_netopts_add_backend(struct vs_netopts *n,
				  const struct vs_props *p, bool hub)
{
	struct vs_backend *b = vs_netopts_backend(n);

	if (!b)
		return -ENOMEM;
	b->hub = hub;
	return vs_backend_read(b, p);
}

static struct vs_frontend *vs_netopts_add_frontend(struct vs_netopts *n,
						   const struct vs_props *p,
						   enum vs_turn turn)
{
	struct vs_frontend *f = vs_netopts_frontend(n);

	if (!f)
		return NULL;
	f->turn = turn;
	vs_frontend_mac(f, p);
	return f;
}

static int vs_netopts_read_netdev(struct vs_netopts *n,
				  const struct vs_props *p)
{
	return vs_netopts_add_backend(n, p, false);
}

static bool vs_netopts_is_nic(const struct vs_props *p)
{
	char *driver = vs_props_get(p, "driver");
	bool is = false;

	for (size_t i = 0; driver && !is &&
	     i < sizeof(vs_nic_drivers) / sizeof(*vs_nic_drivers); i++)
		is = strcmp(driver, vs_nic_drivers[i]) == 0;
	free(driver);
	return is;
}

static int vs_netopts_read_device(struct vs_netopts *n,
				  const struct vs_props *p)
{
	char *netdev = vs_props_get(p, "netdev");
	struct vs_frontend *f;

	if (!netdev && !vs_netopts_is_nic(p))
		return 0;
	f = vs_netopts_add_frontend(n, p, p->text ? VS_TURN_DEVICE :
						    VS_TURN_JSON);
	if (!f) {
		free(netdev);
		return -ENOMEM;
	}
	f->netdev = netdev;
	return 0;
}

static int vs_netopts_read_nic(struct vs_netopts *n, const struct vs_props *p)
{
	struct vs_frontend *f;

	if (vs_props_is(p, "type", "none"))
		return 0;
	f = vs_netopts_add_frontend(n, p, VS_TURN_NIC);
	if (!f || vs_netopts_add_backend(n, p, false))
		return -ENOMEM;
	f->backend = n->n_backends;
	return 0;
}

static int vs_netopts_read_net(struct vs_netopts *n, const struct vs_props *p)
{
	struct vs_frontend *f;

	if (vs_props_is(p, "type", "none"))
		return 0;
	if (!vs_props_is(p, "type", "nic"))
		return vs_netopts_add_backend(n, p, true);
	f = vs_netopts_add_frontend(n, p, VS_TURN_NIC);
	if (!f)
		return -ENOMEM;
	f->netdev = vs_props_get(p, "netdev");
	f->hub = !f->netdev;
	return 0;
}

static int vs_netopts_read(struct vs_netopts *n, const char *value,
			   const char *implied,
			   int (*read)(struct vs_netopts *n,
				       const struct vs_props *p))
{
	struct vs_props p;
	int ret = 0;

	if (vs_props_open(&p, value, implied))
		ret = read(n, &p);
	vs_props_close(&p);
	return ret;
}

int vs_netopts_netdev(struct vs_netopts *n, const char *value)
{
	return vs_netopts_read(n, value, "type", vs_netopts_read_netdev);
}

int vs_netopts_device(struct vs_netopts *n, const char *value)
{
	return vs_netopts_read(n, value, "driver", vs_netopts_read_device);
}

int vs_netopts_nic(struct vs_netopts *n, const char *value)
{
	return vs_netopts_read(n, value, "type", vs_netopts_read_nic);
}

int vs_netopts_net(struct vs_netopts *n, const char *value)
{
	return vs_netopts_read(n, value, "type", vs_netopts_read_net);
}

void vs_netopts_free(struct vs_netopts *n)
{
	for (size_t i = 0; i < n->n_backends; i++) {
		free(n->backends[i].id);
		free(n->backends[i].fds);
	}
	for (size_t i = 0; i < n->n_frontends; i++)
		free(n->frontends[i].netdev);
	free(n->backends);
	free(n->frontends);
	*n = (struct vs_netopts){ 0 };
}
