/* SPDX-License-Identifier: GPL-2.0-only */
/* The driver's netlink family, one function for each of its operations. */
#ifndef VS_DRIVER_CLIENT_H
#define VS_DRIVER_CLIENT_H

#include "driver/entry.h"
#include "driver/family.h"

/** struct vs_client - the driver at the other end of a netlink socket */
struct vs_client {
	struct vs_netlink nl;
	struct vs_family family;
};

/**
 * vs_client_open() - find the driver
 * @c: the client
 * @error: why not
 *
 * Return: 0; -ENOENT (VS_WHY_NOT_LOADED): the driver is not loaded; another
 * negative errno. On failure nothing is open.
 */
int vs_client_open(struct vs_client *c, struct vs_error *error);

/** vs_client_close() - done with it; fine after a failed open */
void vs_client_close(struct vs_client *c);

/**
 * struct vs_port_name - how a request names a port
 * @id: creation ID of its entry, or 0
 * @ifindex: or 0
 * @ifname: or empty
 *
 * All that is given must agree.
 */
struct vs_port_name {
	uint64_t id;
	uint32_t ifindex;
	char ifname[VS_PORT_NAME];
};

/**
 * vs_port_name_parse() - read how somebody names a port
 * @s: "vnet0", "ifindex:7" or "id:12"
 * @port: the name
 *
 * Return: 0; -EINVAL: it is none of these.
 */
int vs_port_name_parse(const char *s, struct vs_port_name *port);

/**
 * struct vs_identity - what a request says of a binding
 * @has: bit n is set when attribute VMSAFE_NET_A_VNIC_n is to be sent
 */
struct vs_identity {
	uint64_t has;
	struct vs_uuid vm_uuid;
	char vm_name[VS_NAME_MAX + 1];
	uint16_t device_id;
	struct vs_mac mac;
	uint32_t failure_policy;
	uint32_t guard;
	uint32_t bypass;	/* 0 or 1 */
};

/**
 * struct vs_host_change - what host-set is to change
 * @has: bit n is set when attribute VMSAFE_NET_A_HOST_n is to be sent
 */
struct vs_host_change {
	uint64_t has;
	uint32_t vnic_limit;
	uint32_t unbound_default;
	uint32_t failure_policy;
};

/*
 * Each returns 0 or a negative errno with @error filled in (@error may be
 * NULL). The answers (host, vm, vnic) may be NULL where they are of no
 * interest.
 */

/** vs_client_host() - host-get */
int vs_client_host(struct vs_client *c, struct vs_driver_host *host,
		   struct vs_error *error);

/** vs_client_set_host() - host-set */
int vs_client_set_host(struct vs_client *c, const struct vs_host_change *set,
		       struct vs_driver_host *host, struct vs_error *error);

/** vs_client_vm() - vm-get */
int vs_client_vm(struct vs_client *c, const struct vs_uuid *uuid,
		 struct vs_driver_vm *vm, struct vs_error *error);

/** vs_client_vnic() - vnic-get of a port, with its counters */
int vs_client_vnic(struct vs_client *c, const struct vs_port_name *port,
		   struct vs_driver_vnic *vnic, struct vs_error *error);

/** vs_client_bind() - vnic-bind */
int vs_client_bind(struct vs_client *c, const struct vs_port_name *port,
		   const struct vs_identity *identity,
		   struct vs_driver_vnic *vnic, struct vs_error *error);

/** vs_client_unbind() - vnic-unbind */
int vs_client_unbind(struct vs_client *c, const struct vs_port_name *port,
		     struct vs_driver_vnic *vnic, struct vs_error *error);

/** vs_client_set_vnic() - vnic-set */
int vs_client_set_vnic(struct vs_client *c, const struct vs_port_name *port,
		       const struct vs_identity *identity,
		       struct vs_driver_vnic *vnic, struct vs_error *error);

/** vs_client_add_port() - port-add */
int vs_client_add_port(struct vs_client *c, const struct vs_port_name *port,
		       struct vs_driver_vnic *vnic, struct vs_error *error);

/** vs_client_del_port() - port-del */
int vs_client_del_port(struct vs_client *c, const struct vs_port_name *port,
		       struct vs_driver_vnic *vnic, struct vs_error *error);

/** struct vs_vms - VMs in the order of their creation IDs */
struct vs_vms {
	struct vs_driver_vm *v;
	size_t n, cap;
};

/** struct vs_vnics - entries in the order of their creation IDs */
struct vs_vnics {
	struct vs_driver_vnic *v;
	size_t n, cap;
};

/**
 * struct vs_vnic_filter - which entries a dump shows
 * @vm: only this VM's; nil: of every VM and of none
 * @port: only this port's entry; all zeros: every port's
 * @stats: with counters
 */
struct vs_vnic_filter {
	struct vs_uuid vm;
	struct vs_port_name port;
	bool stats;
};

/**
 * vs_client_vms() - dump the VMs
 * @c: the client
 * @vms: replaced; free with vs_vms_free(), also after a failure
 * @error: why it failed
 */
int vs_client_vms(struct vs_client *c, struct vs_vms *vms,
		  struct vs_error *error);

/** vs_client_vnics() - dump entries; @filter may be NULL */
int vs_client_vnics(struct vs_client *c, const struct vs_vnic_filter *filter,
		    struct vs_vnics *vnics, struct vs_error *error);

/**
 * struct vs_sink - takes entries as they come
 * @begin: forgets what an earlier attempt gave; each attempt calls it
 * @take: takes an entry (struct vs_driver_vnic or vs_driver_vm), which is gone
 *        afterwards
 * @ctx: handed to both
 */
struct vs_sink {
	void (*begin)(void *ctx);
	void (*take)(void *ctx, const void *entry);
	void *ctx;
};

/**
 * vs_client_each_vnic() - dump entries without keeping them
 * @c: the client
 * @filter: which; may be NULL
 * @sink: takes them; what it has is of use only if the dump succeeds
 * @error: why it failed
 */
int vs_client_each_vnic(struct vs_client *c,
			const struct vs_vnic_filter *filter,
			const struct vs_sink *sink, struct vs_error *error);

/** vs_client_each_vm() - likewise, VMs */
int vs_client_each_vm(struct vs_client *c, const struct vs_sink *sink,
		      struct vs_error *error);

/** vs_vms_add() - a new entry at the end, zeroed, or NULL */
struct vs_driver_vm *vs_vms_add(struct vs_vms *vms);

/** vs_vnics_add() - a new entry at the end, zeroed, or NULL */
struct vs_driver_vnic *vs_vnics_add(struct vs_vnics *vnics);

/** vs_vms_free() - release the list; it is empty then */
void vs_vms_free(struct vs_vms *vms);

/** vs_vnics_free() - release the list; it is empty then */
void vs_vnics_free(struct vs_vnics *vnics);

#endif
