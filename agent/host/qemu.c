// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/netopt.h"
#include "host/props.h"
#include "host/qemu.h"

/*
 * Options without an argument. All others take the next word, so that a word
 * that looks like an option, but belongs to -append, say, is not taken for one.
 */
static const char *const vs_qemu_flags[] = {
	"S", "alt-grab", "async-teardown", "audio-help", "ctrl-grab", "curses",
	"daemonize", "enable-fips", "enable-kvm", "enable-sync-profile",
	"full-screen", "h", "help", "mem-prealloc", "no-acpi", "no-fd-bootchk",
	"no-hpet", "no-kvm", "no-kvm-irqchip", "no-kvm-pit",
	"no-kvm-pit-reinjection", "no-quit", "no-reboot", "no-shutdown",
	"no-user-config", "nodefaults", "nographic", "old-param",
	"only-migratable", "portrait", "preconfig", "s", "sdl", "semihosting",
	"singlestep", "snapshot", "usb", "version", "win2k-hack", "xen-attach",
	"xen-domid-restrict",
};

static bool vs_qemu_is_flag(const char *option)
{
	for (size_t i = 0; i < sizeof(vs_qemu_flags) / sizeof(*vs_qemu_flags);
	     i++) {
		if (strcmp(option, vs_qemu_flags[i]) == 0)
			return true;
	}
	return false;
}

/* as much of a name as the Filter Driver takes too, in whole characters */
static void vs_qemu_take_name(struct vs_qemu *q, const char *name)
{
	size_t len = 0;

	*q->name = '\0';
	while (name[len]) {
		uint32_t cp;
		size_t n = vs_utf8_next(name + len, &cp);

		if (!n)
			return;
		if (len + n > VS_NAME_MAX)
			break;
		len += n;
	}
	memcpy(q->name, name, len);
	q->name[len] = '\0';
	if (vs_name_check(q->name))
		*q->name = '\0';
}

static int vs_qemu_name(struct vs_qemu *q, struct vs_netopts *nets,
			const char *value)
{
	struct vs_props p;
	char *name;

	(void)nets;
	if (!vs_props_open(&p, value, "guest")) {
		vs_props_close(&p);
		return 0;
	}
	name = vs_props_get(&p, "guest");
	vs_props_close(&p);
	if (name)
		vs_qemu_take_name(q, name);
	free(name);
	return 0;
}

static int vs_qemu_uuid(struct vs_qemu *q, struct vs_netopts *nets,
			const char *value)
{
	(void)nets;
	if (vs_uuid_parse(value, &q->uuid))
		memset(&q->uuid, 0, sizeof(q->uuid));
	return 0;
}

static int vs_qemu_netdev(struct vs_qemu *q, struct vs_netopts *nets,
			  const char *value)
{
	(void)q;
	return vs_netopts_netdev(nets, value);
}

static int vs_qemu_device(struct vs_qemu *q, struct vs_netopts *nets,
			  const char *value)
{
	(void)q;
	return vs_netopts_device(nets, value);
}

static int vs_qemu_nic(struct vs_qemu *q, struct vs_netopts *nets,
		       const char *value)
{
	(void)q;
	return vs_netopts_nic(nets, value);
}

static int vs_qemu_net(struct vs_qemu *q, struct vs_netopts *nets,
		       const char *value)
{
	(void)q;
	return vs_netopts_net(nets, value);
}

/* these may set a MAC behind our back: then QEMU's choices are unknown */
static int vs_qemu_elsewhere(struct vs_qemu *q, struct vs_netopts *nets,
			     const char *value)
{
	(void)q;
	(void)value;
	nets->no_defaults = true;
	return 0;
}

static const struct {
	const char *name;
	int (*take)(struct vs_qemu *q, struct vs_netopts *nets,
		    const char *value);
} vs_qemu_options[] = {
	{ "uuid", vs_qemu_uuid },
	{ "name", vs_qemu_name },
	{ "netdev", vs_qemu_netdev },
	{ "device", vs_qemu_device },
	{ "nic", vs_qemu_nic },
	{ "net", vs_qemu_net },
	{ "readconfig", vs_qemu_elsewhere },
	{ "set", vs_qemu_elsewhere },
};

static int vs_qemu_option(struct vs_qemu *q, struct vs_netopts *nets,
			  const char *option, const char *value)
{
	for (size_t i = 0;
	     i < sizeof(vs_qemu_options) / sizeof(*vs_qemu_options); i++) {
		if (strcmp(option, vs_qemu_options[i].name) == 0)
			return vs_qemu_options[i].take(q, nets, value);
	}
	return 0;
}

static int vs_qemu_walk(struct vs_qemu *q, struct vs_netopts *nets,
			const char *const *argv, size_t argc)
{
	for (size_t i = 1; i < argc; i++) {
		const char *option = argv[i];
		int ret;

		if (*option != '-')
			continue;
		/* one dash or two */
		option += option[1] == '-' ? 2 : 1;
		if (vs_qemu_is_flag(option))
			continue;
		if (++i == argc)
			break;
		ret = vs_qemu_option(q, nets, option, argv[i]);
		if (ret)
			return ret;
	}
	return 0;
}

int vs_qemu_parse(struct vs_qemu *q, const char *const *argv, size_t argc)
{
	struct vs_netopts nets = { 0 };
	int ret;

	memset(q, 0, sizeof(*q));
	ret = vs_qemu_walk(q, &nets, argv, argc);
	if (!ret)
		ret = vs_netopts_resolve(&nets, &q->nics, &q->n_nics);
	vs_netopts_free(&nets);
	if (ret)
		vs_qemu_free(q);
	return ret;
}

void vs_qemu_free(struct vs_qemu *q)
{
	for (size_t i = 0; i < q->n_nics; i++)
		free(q->nics[i].fds);
	free(q->nics);
	memset(q, 0, sizeof(*q));
}

bool vs_qemu_is_program(const char *path)
{
	static const char system[] = "qemu-system-";
	const char *name = strrchr(path, '/');

	name = name ? name + 1 : path;
	return strncmp(name, system, strlen(system)) == 0 ||
	       strcmp(name, "qemu-kvm") == 0 || strcmp(name, "kvm") == 0 ||
	       /* replaced by an upgrade while the VM runs */
	       strcmp(name, "qemu-kvm (deleted)") == 0 ||
	       strcmp(name, "kvm (deleted)") == 0;
}
