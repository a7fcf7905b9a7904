// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "core/buf.h"
#include "core/text.h"
#include "driver/bind.h"
#include "po/i18n.h"
#include "recover/look.h"

static void vs_look_refused(const struct vs_progress *progress,
			    const struct vs_host_port *port,
			    const struct vs_error *error)
{
	char name[4 * VS_PORT_NAME + 1];
	struct vs_buf text = { 0 };

	vs_name_escape(name, sizeof(name), port->ifname);
	vs_text_error(&text, vs_i18n_lang(), error);
	vs_progress_say(progress, _("%s cannot be bound: %s"), name,
			vs_buf_str(&text));
	vs_buf_free(&text);
}

static void vs_look_bound_to(const struct vs_progress *progress,
			     const struct vs_host_port *port)
{
	char name[4 * VS_PORT_NAME + 1], vm[VS_NAME_ESCAPED], mac[VS_MAC_STR];

	vs_name_escape(name, sizeof(name), port->ifname);
	vs_name_escape(vm, sizeof(vm), port->vm_name);
	vs_progress_say(progress, _("%s is bound to %s, device ID %u, MAC %s"),
			name, vm, port->device_id,
			vs_mac_format(&port->mac, mac));
}

static void vs_look_bind_one(struct vs_client *c,
			     const struct vs_driver_vnic *v,
			     const struct vs_host_port *port,
			     bool again, const struct vs_progress *progress,
			     struct vs_look_bound *sum)
{
	struct vs_error error;

	switch (again ? vs_bind_again(c, port, v, &error) :
			vs_bind_port(c, port, v, &error)) {
	case VS_BIND_BOUND:
		sum->bound++;
		vs_look_bound_to(progress, port);
		break;
	case VS_BIND_REFUSED:
		sum->refused++;
		vs_look_refused(progress, port, &error);
		break;
	default:
		/* what else is wrong with it shows when the lists are compared
		 */
		break;
	}
}

/* the driver's entries first: see vs_bind_port() */
static int vs_look_ports(const struct vs_uuid *vm, bool again,
			 const struct vs_progress *progress,
			 struct vs_look_bound *sum, struct vs_error *error)
{
	struct vs_host_ports ports = { 0 };
	struct vs_vnics vnics = { 0 };
	struct vs_client c;
	int ret;

	*sum = (struct vs_look_bound){ 0 };
	ret = vs_client_open(&c, error);
	if (ret)
		return ret;
	ret = vs_client_vnics(&c, NULL, &vnics, error);
	if (!ret)
		ret = vs_host_ports_read(&ports, error);
	for (size_t i = 0; i < ports.n && !ret; i++) {
		const struct vs_host_port *port = &ports.v[i];

		if (port->plugged &&
		    (!vm || vs_uuid_cmp(&port->vm, vm) == 0))
			vs_look_bind_one(&c,
					 vs_vnics_find(&vnics, port->ifindex),
					 port, again, progress, sum);
	}
	vs_vnics_free(&vnics);
	vs_host_ports_free(&ports);
	vs_client_close(&c);
	return ret;
}

int vs_look_bind(const struct vs_uuid *vm, const struct vs_progress *progress,
		 struct vs_look_bound *sum, struct vs_error *error)
{
	return vs_look_ports(vm, false, progress, sum, error);
}

int vs_look_rebind(const struct vs_uuid *vm,
		   const struct vs_progress *progress,
		   struct vs_look_bound *sum, struct vs_error *error)
{
	return vs_look_ports(vm, true, progress, sum, error);
}
