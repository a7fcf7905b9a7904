// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "host/opener.h"
#include "po/i18n.h"
#include "recover/forget.h"

static int vs_forget_busy(const char *name, const struct vs_host_port *port,
			  struct vs_buf *why)
{
	char vm[VS_NAME_ESCAPED], comm[VS_COMM];

	if (!why)
		return -EBUSY;
	if (!port->pid) {
		vs_buf_addf(why, _("%s is in use, by a process that cannot be "
				   "seen from here; end that first"), name);
		return -EBUSY;
	}
	vs_process_comm(port->pid, comm);
	vs_name_escape(vm, sizeof(vm), port->vm_name);
	if (*vm)
		vs_buf_addf(why, _("%s is in use: process %d (%s), which runs "
				   "%s, holds it; shut that down first"), name,
			    port->pid, comm, vm);
	else
		vs_buf_addf(why, _("%s is in use: process %d (%s) holds it; "
				   "end that first"), name, port->pid, comm);
	return -EBUSY;
}

int vs_forget_refusal(const struct vs_driver_vnic *v,
		      const struct vs_host_port *port, struct vs_buf *why)
{
	char name[4 * VS_PORT_NAME + 1];
	bool other = v->port_kind == VMSAFE_NET_PORT_KIND_OTHER;
	/* a macvtap does not tell whether somebody has it open */
	bool tap = v->port_kind == VMSAFE_NET_PORT_KIND_TAP;

	vs_name_escape(name, sizeof(name), v->ifname);
	if (port && (port->pid || port->plugged || (tap && !port->unheld)))
		return vs_forget_busy(name, port, why);
	if (other && v->up) {
		if (why)
			vs_buf_addf(why, _("%s is in use: it is up; set it "
					   "down first"), name);
		return -EBUSY;
	}
	if (other || vs_driver_vnic_is_bound(v))
		return 0;
	if (why)
		vs_buf_addf(why, _("%s is bound to nothing, so there is "
				   "nothing to forget"), name);
	return -ENOTCONN;
}

int vs_forget(struct vs_client *c, const struct vs_driver_vnic *v,
	      struct vs_error *error)
{
	/* the entry that was looked at, and not one that came in its place */
	const struct vs_port_name name = { .id = v->id,
					   .ifindex = v->ifindex };
	int ret = 0;

	if (vs_driver_vnic_is_bound(v))
		ret = vs_client_unbind(c, &name, NULL, error);
	if (!ret && v->port_kind == VMSAFE_NET_PORT_KIND_OTHER)
		ret = vs_client_del_port(c, &name, NULL, error);
	return ret;
}

void vs_forget_event(struct vs_event *event, struct vs_difference *diff,
		     const struct vs_driver_vnic *v, const char *host,
		     vs_time now)
{
	bool bound = vs_driver_vnic_is_bound(v);

	*diff = (struct vs_difference){
		.source = VS_SOURCE_DRIVER,
		.device_id = bound ? v->device_id : VS_DEVICE_ID_NONE,
		.ifindex = v->ifindex,
		.first_seen = now,
	};
	if (bound)
		diff->mac = v->mac;
	memcpy(diff->port, v->ifname, sizeof(diff->port));
	*event = (struct vs_event){
		.time = now,
		.id = VS_EVENT_INTERFACE_DELETED,
		.level = VS_LEVEL_INFO,
		.origin = VS_ORIGIN_MANAGER,
		.action_by = VS_ACTOR_OPERATOR,
		.host = host,
		.vm = bound ? &v->vm_uuid : NULL,
		.vm_name = bound ? v->vm_name : NULL,
		.port = bound ? NULL : v->ifname,
		.differences = diff,
		.n_differences = 1,
	};
}
