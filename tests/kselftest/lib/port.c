// SPDX-License-Identifier: GPL-2.0-only
#include "port.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

const char *port_name(char name[IFNAMSIZ], const char *prefix)
{
	static atomic_uint count;

	snprintf(name, IFNAMSIZ, "%.4s%x.%x", prefix, getpid() & 0xffffff,
		 atomic_fetch_add(&count, 1) & 0xfff);
	return name;
}

static int tun_make(const char *ifname, short flags)
{
	struct ifreq ifr = { .ifr_flags = IFF_NO_PI | flags };
	int fd, err;

	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	strncpy(ifr.ifr_name, ifname, IFNAMSIZ - 1);
	if (!ioctl(fd, TUNSETIFF, &ifr))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

int tap_open(const char *ifname)
{
	return tun_make(ifname, IFF_TAP);
}

int tap_open_gso(const char *ifname)
{
	return tun_make(ifname, IFF_TAP | IFF_VNET_HDR);
}

int tun_open(const char *ifname)
{
	return tun_make(ifname, IFF_TUN);
}

/* One RTM_NEWLINK or RTM_DELLINK; buffers of a page are enough for all. */
struct link_req {
	union {
		struct nlmsghdr nlh;
		char buf[4096];
	};
	struct ifinfomsg *ifi;
};

static void link_begin(struct link_req *req, uint16_t type, uint16_t flags,
		       const char *ifname)
{
	mnl_nlmsg_put_header(req->buf);
	req->nlh.nlmsg_type = type;
	req->nlh.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	req->nlh.nlmsg_seq = 1;
	req->ifi = mnl_nlmsg_put_extra_header(&req->nlh, sizeof(*req->ifi));
	req->ifi->ifi_family = AF_UNSPEC;
	if (ifname)
		mnl_attr_put_strz(&req->nlh, IFLA_IFNAME, ifname);
}

static int link_talk(struct link_req *req)
{
	struct mnl_socket *sock = mnl_socket_open(NETLINK_ROUTE);
	char buf[4096];
	long n = -1;

	if (!sock)
		return -errno;
	if (!mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) &&
	    mnl_socket_sendto(sock, &req->nlh, req->nlh.nlmsg_len) > 0)
		n = mnl_socket_recvfrom(sock, buf, sizeof(buf));
	if (n > 0)
		n = mnl_cb_run(buf, n, 1, mnl_socket_get_portid(sock), NULL,
			       NULL);
	n = n < 0 ? -errno : 0;
	mnl_socket_close(sock);
	return n;
}

static void link_put_kind(struct link_req *req, const char *kind)
{
	struct nlattr *info = mnl_attr_nest_start(&req->nlh, IFLA_LINKINFO);

	mnl_attr_put_strz(&req->nlh, IFLA_INFO_KIND, kind);
	mnl_attr_nest_end(&req->nlh, info);
}

int link_add(const char *kind, const char *ifname)
{
	struct link_req req;

	link_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, ifname);
	link_put_kind(&req, kind);
	return link_talk(&req);
}

int link_add_on(const char *kind, const char *ifname, const char *lower)
{
	struct link_req req;

	link_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, ifname);
	mnl_attr_put_u32(&req.nlh, IFLA_LINK, if_nametoindex(lower));
	link_put_kind(&req, kind);
	return link_talk(&req);
}

int veth_add(const char *ifname, const char *peer)
{
	struct nlattr *info, *data, *other;
	struct link_req req;

	link_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, ifname);
	info = mnl_attr_nest_start(&req.nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(&req.nlh, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(&req.nlh, IFLA_INFO_DATA);
	other = mnl_attr_nest_start(&req.nlh, VETH_INFO_PEER);
	mnl_nlmsg_put_extra_header(&req.nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(&req.nlh, IFLA_IFNAME, peer);
	mnl_attr_nest_end(&req.nlh, other);
	mnl_attr_nest_end(&req.nlh, data);
	mnl_attr_nest_end(&req.nlh, info);
	return link_talk(&req);
}

int link_del(const char *ifname)
{
	struct link_req req;

	link_begin(&req, RTM_DELLINK, 0, ifname);
	return link_talk(&req);
}

int link_up(const char *ifname, bool up)
{
	struct link_req req;

	link_begin(&req, RTM_NEWLINK, 0, ifname);
	req.ifi->ifi_change = IFF_UP;
	req.ifi->ifi_flags = up ? IFF_UP : 0;
	return link_talk(&req);
}

int link_mtu(const char *ifname, uint32_t mtu)
{
	struct link_req req;

	link_begin(&req, RTM_NEWLINK, 0, ifname);
	mnl_attr_put_u32(&req.nlh, IFLA_MTU, mtu);
	return link_talk(&req);
}

int link_mac(const char *ifname, const uint8_t mac[6])
{
	struct link_req req;

	link_begin(&req, RTM_NEWLINK, 0, ifname);
	mnl_attr_put(&req.nlh, IFLA_ADDRESS, 6, mac);
	return link_talk(&req);
}

int link_rename(const char *ifname, const char *to)
{
	struct link_req req;

	link_begin(&req, RTM_NEWLINK, 0, NULL);
	req.ifi->ifi_index = if_nametoindex(ifname);
	if (!req.ifi->ifi_index)
		return -errno;
	mnl_attr_put_strz(&req.nlh, IFLA_IFNAME, to);
	return link_talk(&req);
}

int link_altname(const char *ifname, const char *altname)
{
	struct link_req req;
	struct nlattr *list;

	link_begin(&req, RTM_NEWLINKPROP,
		   NLM_F_CREATE | NLM_F_EXCL | NLM_F_APPEND, ifname);
	list = mnl_attr_nest_start(&req.nlh, IFLA_PROP_LIST);
	mnl_attr_put_strz(&req.nlh, IFLA_ALT_IFNAME, altname);
	mnl_attr_nest_end(&req.nlh, list);
	return link_talk(&req);
}

int link_master(const char *ifname, const char *master)
{
	struct link_req req;

	link_begin(&req, RTM_NEWLINK, 0, ifname);
	mnl_attr_put_u32(&req.nlh, IFLA_MASTER,
			 master ? if_nametoindex(master) : 0);
	return link_talk(&req);
}

int link_move(const char *ifname, int netns)
{
	struct link_req req;

	link_begin(&req, RTM_NEWLINK, 0, ifname);
	mnl_attr_put_u32(&req.nlh, IFLA_NET_NS_FD, netns);
	return link_talk(&req);
}

int sysfs_here(void)
{
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("sysfs", "/sys", "sysfs", 0, NULL))
		return -errno;
	return 0;
}

/* "major:minor" of the one character device below /sys/class/net/IFNAME. */
static dev_t mactap_number(const char *ifname)
{
	static const char * const kinds[] = { "macvtap", "ipvtap" };
	unsigned int i, major = 0, minor = 0;
	char path[128];
	FILE *file;

	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "/sys/class/net/%s/%s/tap%u/dev",
			 ifname, kinds[i], if_nametoindex(ifname));
		file = fopen(path, "re");
		if (!file)
			continue;
		if (fscanf(file, "%u:%u", &major, &minor) != 2)
			major = 0;
		fclose(file);
	}
	return makedev(major, minor);
}

int mactap_open(const char *ifname)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	dev_t number = mactap_number(ifname);
	char path[64];
	int fd, err;

	if (!number)
		return -ENODEV;
	/* A node of our own: names in /dev know no network namespaces. */
	snprintf(path, sizeof(path), "/dev/vsn-test-%s", ifname);
	if (mknod(path, S_IFCHR | 0600, number))
		return -errno;
	fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	err = -errno;
	unlink(path);
	if (fd < 0)
		return err;
	if (!ioctl(fd, TUNSETIFF, &ifr))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

int packet_open(const char *ifname)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_ifindex = if_nametoindex(ifname),
	};
	int fd, err;

	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (!bind(fd, (void *)&addr, sizeof(addr)))
		return fd;
	err = -errno;
	close(fd);
	return err;
}
