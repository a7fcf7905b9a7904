// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "driver/client.h"

int vs_client_open(struct vs_client *c, struct vs_error *error)
{
	int ret;

	memset(c, 0, sizeof(*c));
	ret = vs_netlink_open(&c->nl, NETLINK_GENERIC, error);
	if (!ret)
		ret = vs_family_find(&c->nl, &c->family, error);
	if (ret)
		vs_client_close(c);
	return ret;
}

void vs_client_close(struct vs_client *c)
{
	vs_netlink_close(&c->nl);
}

static void vs_request_put_port(struct vs_request *r,
				const struct vs_port_name *port)
{
	if (port->id)
		vs_request_put(r, VMSAFE_NET_A_VNIC_ID, sizeof(port->id),
			       &port->id);
	if (port->ifindex)
		vs_request_put(r, VMSAFE_NET_A_VNIC_IFINDEX,
			       sizeof(port->ifindex), &port->ifindex);
	if (*port->ifname)
		vs_request_put_string(r, VMSAFE_NET_A_VNIC_IFNAME,
				      port->ifname);
}

static void vs_request_put_identity(struct vs_request *r,
				    const struct vs_identity *id)
{
	uint8_t bypass = id->bypass;

	if (id->has & VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID))
		vs_request_put(r, VMSAFE_NET_A_VNIC_VM_UUID,
			       sizeof(id->vm_uuid), &id->vm_uuid);
	if (id->has & VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_NAME))
		vs_request_put_string(r, VMSAFE_NET_A_VNIC_VM_NAME,
				      id->vm_name);
	if (id->has & VS_ATTR_BIT(VMSAFE_NET_A_VNIC_DEVICE_ID))
		vs_request_put(r, VMSAFE_NET_A_VNIC_DEVICE_ID,
			       sizeof(id->device_id), &id->device_id);
	if (id->has & VS_ATTR_BIT(VMSAFE_NET_A_VNIC_MAC))
		vs_request_put(r, VMSAFE_NET_A_VNIC_MAC, sizeof(id->mac),
			       &id->mac);
	if (id->has & VS_ATTR_BIT(VMSAFE_NET_A_VNIC_FAILURE_POLICY))
		vs_request_put(r, VMSAFE_NET_A_VNIC_FAILURE_POLICY,
			       sizeof(id->failure_policy),
			       &id->failure_policy);
	if (id->has & VS_ATTR_BIT(VMSAFE_NET_A_VNIC_GUARD))
		vs_request_put(r, VMSAFE_NET_A_VNIC_GUARD, sizeof(id->guard),
			       &id->guard);
	if (id->has & VS_ATTR_BIT(VMSAFE_NET_A_VNIC_BYPASS))
		vs_request_put(r, VMSAFE_NET_A_VNIC_BYPASS, sizeof(bypass),
			       &bypass);
}

static int vs_host_take(void *ctx, const struct nlmsghdr *nlh)
{
	return vs_driver_host_read(ctx, nlh);
}

static int vs_vm_take(void *ctx, const struct nlmsghdr *nlh)
{
	return vs_driver_vm_read(ctx, nlh);
}

static int vs_vnic_take(void *ctx, const struct nlmsghdr *nlh)
{
	return vs_driver_vnic_read(ctx, nlh);
}

int vs_client_host(struct vs_client *c, struct vs_driver_host *host,
		   struct vs_error *error)
{
	struct vs_request r;

	vs_request_init(&r, c->family.id, VMSAFE_NET_CMD_HOST_GET, NLM_F_ACK,
			&vs_driver_host_attrs);
	return vs_netlink_do(&c->nl, &r, vs_host_take, host, error);
}

int vs_client_set_host(struct vs_client *c, const struct vs_host_change *set,
		       struct vs_driver_host *host, struct vs_error *error)
{
	struct vs_request r;

	vs_request_init(&r, c->family.id, VMSAFE_NET_CMD_HOST_SET, NLM_F_ACK,
			&vs_driver_host_attrs);
	if (set->has & VS_ATTR_BIT(VMSAFE_NET_A_HOST_VNIC_LIMIT))
		vs_request_put(&r, VMSAFE_NET_A_HOST_VNIC_LIMIT,
			       sizeof(set->vnic_limit), &set->vnic_limit);
	if (set->has & VS_ATTR_BIT(VMSAFE_NET_A_HOST_UNBOUND_DEFAULT))
		vs_request_put(&r, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
			       sizeof(set->unbound_default),
			       &set->unbound_default);
	if (set->has & VS_ATTR_BIT(VMSAFE_NET_A_HOST_FAILURE_POLICY))
		vs_request_put(&r, VMSAFE_NET_A_HOST_FAILURE_POLICY,
			       sizeof(set->failure_policy),
			       &set->failure_policy);
	return vs_netlink_do(&c->nl, &r, host ? vs_host_take : NULL, host,
			     error);
}

int vs_client_vm(struct vs_client *c, const struct vs_uuid *uuid,
		 struct vs_driver_vm *vm, struct vs_error *error)
{
	struct vs_request r;

	vs_request_init(&r, c->family.id, VMSAFE_NET_CMD_VM_GET, NLM_F_ACK,
			&vs_driver_vm_attrs);
	vs_request_put(&r, VMSAFE_NET_A_VM_UUID, sizeof(*uuid), uuid);
	return vs_netlink_do(&c->nl, &r, vs_vm_take, vm, error);
}

/* every request about one entry is answered with that entry */
static int vs_client_entry(struct vs_client *c, uint8_t cmd,
			   const struct vs_port_name *port,
			   const struct vs_identity *identity, bool stats,
			   struct vs_driver_vnic *vnic, struct vs_error *error)
{
	struct vs_request r;

	vs_request_init(&r, c->family.id, cmd, NLM_F_ACK,
			&vs_driver_vnic_attrs);
	vs_request_put_port(&r, port);
	if (identity)
		vs_request_put_identity(&r, identity);
	if (stats)
		vs_request_put(&r, VMSAFE_NET_A_VNIC_WITH_STATS, 0, NULL);
	return vs_netlink_do(&c->nl, &r, vnic ? vs_vnic_take : NULL, vnic,
			     error);
}

int vs_client_vnic(struct vs_client *c, const struct vs_port_name *port,
		   struct vs_driver_vnic *vnic, struct vs_error *error)
{
	return vs_client_entry(c, VMSAFE_NET_CMD_VNIC_GET, port, NULL, true,
			       vnic, error);
}

int vs_client_bind(struct vs_client *c, const struct vs_port_name *port,
		   const struct vs_identity *identity,
		   struct vs_driver_vnic *vnic, struct vs_error *error)
{
	return vs_client_entry(c, VMSAFE_NET_CMD_VNIC_BIND, port, identity,
			       false, vnic, error);
}

int vs_client_unbind(struct vs_client *c, const struct vs_port_name *port,
		     struct vs_driver_vnic *vnic, struct vs_error *error)
{
	return vs_client_entry(c, VMSAFE_NET_CMD_VNIC_UNBIND, port, NULL,
			       false, vnic, error);
}

int vs_client_set_vnic(struct vs_client *c, const struct vs_port_name *port,
		       const struct vs_identity *identity,
		       struct vs_driver_vnic *vnic, struct vs_error *error)
{
	return vs_client_entry(c, VMSAFE_NET_CMD_VNIC_SET, port, identity,
			       false, vnic, error);
}

int vs_client_add_port(struct vs_client *c, const struct vs_port_name *port,
		       struct vs_driver_vnic *vnic, struct vs_error *error)
{
	return vs_client_entry(c, VMSAFE_NET_CMD_PORT_ADD, port, NULL, false,
			       vnic, error);
}

int vs_client_del_port(struct vs_client *c, const struct vs_port_name *port,
		       struct vs_driver_vnic *vnic, struct vs_error *error)
{
	return vs_client_entry(c, VMSAFE_NET_CMD_PORT_DEL, port, NULL, false,
			       vnic, error);
}

static void vs_vms_begin(void *ctx)
{
	((struct vs_vms *)ctx)->n = 0;
}

static int vs_vms_take(void *ctx, const struct nlmsghdr *nlh)
{
	struct vs_driver_vm *vm = vs_vms_add(ctx);

	return vm ? vs_driver_vm_read(vm, nlh) : -ENOMEM;
}

static void vs_vms_ask(struct vs_request *r, const struct vs_client *c)
{
	vs_request_init(r, c->family.id, VMSAFE_NET_CMD_VM_GET, NLM_F_DUMP,
			&vs_driver_vm_attrs);
}

int vs_client_vms(struct vs_client *c, struct vs_vms *vms,
		  struct vs_error *error)
{
	struct vs_request r;

	vs_vms_ask(&r, c);
	return vs_netlink_dump(&c->nl, &r, vs_vms_begin, vs_vms_take, vms,
			       error);
}

static void vs_vnics_begin(void *ctx)
{
	((struct vs_vnics *)ctx)->n = 0;
}

static int vs_vnics_take(void *ctx, const struct nlmsghdr *nlh)
{
	struct vs_driver_vnic *vnic = vs_vnics_add(ctx);

	return vnic ? vs_driver_vnic_read(vnic, nlh) : -ENOMEM;
}

static void vs_vnics_ask(struct vs_request *r, const struct vs_client *c,
			 const struct vs_vnic_filter *filter)
{
	vs_request_init(r, c->family.id, VMSAFE_NET_CMD_VNIC_GET, NLM_F_DUMP,
			&vs_driver_vnic_attrs);
	if (!filter)
		return;
	vs_request_put_port(r, &filter->port);
	if (!vs_uuid_is_nil(&filter->vm))
		vs_request_put(r, VMSAFE_NET_A_VNIC_VM_UUID,
			       sizeof(filter->vm), &filter->vm);
	if (filter->stats)
		vs_request_put(r, VMSAFE_NET_A_VNIC_WITH_STATS, 0, NULL);
}

int vs_client_vnics(struct vs_client *c, const struct vs_vnic_filter *filter,
		    struct vs_vnics *vnics, struct vs_error *error)
{
	struct vs_request r;

	vs_vnics_ask(&r, c, filter);
	return vs_netlink_dump(&c->nl, &r, vs_vnics_begin, vs_vnics_take,
			       vnics, error);
}

/** struct vs_each - a dump of which nothing is kept but the last entry */
struct vs_each {
	const struct vs_sink *sink;
	int (*read)(void *entry, const struct nlmsghdr *nlh);
	void *entry;
};

static void vs_each_begin(void *ctx)
{
	const struct vs_sink *sink = ((struct vs_each *)ctx)->sink;

	sink->begin(sink->ctx);
}

static int vs_each_take(void *ctx, const struct nlmsghdr *nlh)
{
	struct vs_each *each = ctx;
	int ret = each->read(each->entry, nlh);

	if (!ret)
		each->sink->take(each->sink->ctx, each->entry);
	return ret;
}

int vs_client_each_vnic(struct vs_client *c,
			const struct vs_vnic_filter *filter,
			const struct vs_sink *sink, struct vs_error *error)
{
	struct vs_driver_vnic vnic;
	struct vs_each each = { sink, vs_vnic_take, &vnic };
	struct vs_request r;

	vs_vnics_ask(&r, c, filter);
	return vs_netlink_dump(&c->nl, &r, vs_each_begin, vs_each_take, &each,
			       error);
}

int vs_client_each_vm(struct vs_client *c, const struct vs_sink *sink,
		      struct vs_error *error)
{
	struct vs_driver_vm vm;
	struct vs_each each = { sink, vs_vm_take, &vm };
	struct vs_request r;

	vs_vms_ask(&r, c);
	return vs_netlink_dump(&c->nl, &r, vs_each_begin, vs_each_take, &each,
			       error);
}
