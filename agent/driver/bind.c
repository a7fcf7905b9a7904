// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "driver/bind.h"

static struct vs_identity vs_bind_identity(const struct vs_host_port *port)
{
	struct vs_identity id = {
		.has = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID) |
		       VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_NAME) |
		       VS_ATTR_BIT(VMSAFE_NET_A_VNIC_DEVICE_ID) |
		       VS_ATTR_BIT(VMSAFE_NET_A_VNIC_MAC),
		.vm_uuid = port->vm,
		.device_id = port->device_id,
		.mac = port->mac,
	};

	/* a VM without a name is called by its UUID */
	if (*port->vm_name)
		memcpy(id.vm_name, port->vm_name, sizeof(id.vm_name));
	else
		vs_uuid_format(&port->vm, id.vm_name);
	return id;
}

static bool vs_bind_is_same(const struct vs_driver_vnic *v,
			    const struct vs_host_port *port)
{
	return vs_uuid_cmp(&v->vm_uuid, &port->vm) == 0 &&
	       v->device_id == port->device_id &&
	       vs_mac_cmp(&v->mac, &port->mac) == 0;
}

static enum vs_bind_result vs_bind_do(struct vs_client *c,
				      const struct vs_host_port *port,
				      const struct vs_driver_vnic *v,
				      struct vs_error *error)
{
	const struct vs_identity id = vs_bind_identity(port);
	/* the entry that was seen, and not one that came in its place */
	const struct vs_port_name name = { .id = v->id,
					   .ifindex = v->ifindex };

	if (!c)
		return VS_BIND_WOULD;
	if (!vs_client_bind(c, &name, &id, NULL, error))
		return VS_BIND_BOUND;
	return error->err == ENOENT ? VS_BIND_GONE : VS_BIND_REFUSED;
}

enum vs_bind_result vs_bind_port(struct vs_client *c,
				 const struct vs_host_port *port,
				 const struct vs_driver_vnic *v,
				 struct vs_error *error)
{
	if (!v)
		return VS_BIND_NO_ENTRY;
	if (!vs_host_port_is_whole(port))
		return vs_driver_vnic_is_bound(v) ? VS_BIND_UNCHANGED :
						    VS_BIND_UNKNOWN;
	if (!vs_driver_vnic_is_bound(v))
		return vs_bind_do(c, port, v, error);
	/* bound otherwise, it was somebody's wish: not ours to undo */
	return vs_bind_is_same(v, port) ? VS_BIND_UNCHANGED : VS_BIND_DIFFERS;
}

enum vs_bind_result vs_bind_again(struct vs_client *c,
				  const struct vs_host_port *port,
				  const struct vs_driver_vnic *v,
				  struct vs_error *error)
{
	enum vs_bind_result result = vs_bind_port(c, port, v, error);
	struct vs_identity id;
	struct vs_port_name name;

	if (result != VS_BIND_DIFFERS ||
	    vs_uuid_cmp(&v->vm_uuid, &port->vm) != 0)
		return result;
	name = (struct vs_port_name){ .id = v->id, .ifindex = v->ifindex };
	id = vs_bind_identity(port);
	id.has = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_DEVICE_ID) |
		 VS_ATTR_BIT(VMSAFE_NET_A_VNIC_MAC);
	if (!c)
		return VS_BIND_WOULD;
	if (!vs_client_set_vnic(c, &name, &id, NULL, error))
		return VS_BIND_BOUND;
	return error->err == ENOENT ? VS_BIND_GONE : VS_BIND_REFUSED;
}

const struct vs_driver_vnic *vs_vnics_find(const struct vs_vnics *vnics,
					   uint32_t ifindex)
{
	for (size_t i = 0; i < vnics->n; i++) {
		if (vnics->v[i].ifindex == ifindex)
			return &vnics->v[i];
	}
	return NULL;
}
