/* SPDX-License-Identifier: GPL-2.0-only */
/* What the Filter Driver says of itself, its VMs, its vNICs and claims. */
#ifndef VS_DRIVER_ENTRY_H
#define VS_DRIVER_ENTRY_H

#include <linux/vmsafe_net.h>

#include "core/facts.h"
#include "core/name.h"
#include "driver/attr.h"

/**
 * struct vs_driver_host - the settings and state of a network namespace
 * @has: bit n is set when attribute VMSAFE_NET_A_HOST_n was there
 *
 * The members are the attributes of the spec, under the same names.
 */
struct vs_driver_host {
	uint64_t has;
	uint64_t instance;
	uint64_t generation;
	uint64_t refused_claims;
	uint64_t epoch;
	uint32_t event_seq;
	uint32_t reason;
	uint32_t abi;
	uint32_t vnic_limit;
	uint32_t vnic_count;
	uint32_t bound_count;
	uint32_t vm_count;
	uint32_t unbound_default;
	uint32_t failure_policy;
	uint32_t appliance_state;
	uint32_t appliance_pid;
	uint32_t heartbeat_interval;
	uint32_t heartbeat_tolerance;
};

/** struct vs_driver_vm - a VM with at least one bound vNIC */
struct vs_driver_vm {
	uint64_t has;
	uint64_t id;
	uint64_t generation;
	struct vs_uuid uuid;
	char name[VS_NAME_MAX + 1];
	uint32_t vnic_count;
};

/** struct vs_driver_stats - what passed a vNIC, and what did not */
struct vs_driver_stats {
	uint64_t from_guest_packets;
	uint64_t from_guest_bytes;
	uint64_t from_guest_drops;
	uint64_t to_guest_packets;
	uint64_t to_guest_bytes;
	uint64_t to_guest_drops;
};

/** struct vs_driver_wire - a source MAC that the guest used */
struct vs_driver_wire {
	struct vs_mac mac;
	uint32_t first_seen;	/* milliseconds ago */
	uint32_t last_seen;
};

/** struct vs_driver_drops - packets dropped in one direction for one reason */
struct vs_driver_drops {
	uint64_t packets;
	uint32_t direction;
	uint32_t reason;
};

/** struct vs_driver_share - packets that passed or were dropped in one mode */
struct vs_driver_share {
	uint64_t from_guest;
	uint64_t to_guest;
	uint32_t mode;
};

/** VS_TAG_LEN - bytes of an eBPF program's tag */
#define VS_TAG_LEN 8

/** VS_DIRECTIONS - values of enum vmsafe_net_direction */
#define VS_DIRECTIONS 2

/**
 * struct vs_driver_policy - a policy in force
 * @has: bit n is set when attribute VMSAFE_NET_A_POLICY_n was there
 */
struct vs_driver_policy {
	uint64_t has;
	uint64_t runs;
	uint64_t drops;
	uint64_t errors;
	uint64_t attached;
	uint32_t direction;
	uint32_t prog_id;
	uint8_t tag[VS_TAG_LEN];
};

/*
 * Room for the lists of an entry: what a driver of this interface version
 * may send, with some to spare for what is added to its enums.
 */
#define VS_WIRES_MAX 4
#define VS_DROPS_MAX 16
#define VS_PASSED_MAX 8
#define VS_DROPPED_MAX 8
#define VS_POLICIES_MAX VS_DIRECTIONS

/**
 * struct vs_driver_vnic - an entry of the driver's table
 * @has: bit n is set when attribute VMSAFE_NET_A_VNIC_n was there; see
 *       vs_driver_vnic_is_bound()
 */
struct vs_driver_vnic {
	uint64_t has;
	uint64_t id;
	uint64_t created;
	uint64_t bound;
	uint64_t generation;
	uint64_t wire_others;
	uint64_t guard_hits;
	struct vs_driver_stats stats;
	uint32_t ifindex;
	uint32_t port_kind;
	uint32_t master;
	uint32_t mtu;
	uint32_t mode;
	uint32_t failure_policy;
	uint32_t guard;
	uint32_t event_seq;
	uint32_t reason;
	uint16_t device_id;
	uint8_t up;
	uint8_t bypass;
	char ifname[VS_PORT_NAME];
	struct vs_mac port_mac;
	struct vs_mac mac;
	struct vs_uuid vm_uuid;
	char vm_name[VS_NAME_MAX + 1];
	uint32_t n_wires;
	uint32_t n_drops;
	uint32_t n_passed;
	uint32_t n_dropped;
	uint32_t n_policies;
	struct vs_driver_wire wires[VS_WIRES_MAX];
	struct vs_driver_drops drops[VS_DROPS_MAX];
	struct vs_driver_share passed[VS_PASSED_MAX];
	struct vs_driver_share dropped[VS_DROPPED_MAX];
	struct vs_driver_policy policies[VS_POLICIES_MAX];
};

/** struct vs_driver_claim - something was claimed a second time */
struct vs_driver_claim {
	uint64_t has;
	uint64_t id;
	uint64_t holder_id;
	uint64_t generation;
	uint32_t kind;
	uint32_t ifindex;
	uint32_t holder_ifindex;
	uint32_t event_seq;
	uint16_t device_id;
	uint16_t holder_device_id;
	char ifname[VS_PORT_NAME];
	char holder_ifname[VS_PORT_NAME];
	struct vs_mac mac;
	struct vs_uuid vm_uuid;
	struct vs_uuid holder_vm_uuid;
	char vm_name[VS_NAME_MAX + 1];
	char holder_vm_name[VS_NAME_MAX + 1];
};

extern const struct vs_attr_set vs_driver_host_attrs;
extern const struct vs_attr_set vs_driver_vm_attrs;
extern const struct vs_attr_set vs_driver_vnic_attrs;
extern const struct vs_attr_set vs_driver_claim_attrs;

/*
 * Each reads a message of the family. Return: 0; -EBADMSG: an attribute that
 * must be there is not, or one is not what it must be.
 */
int vs_driver_host_read(struct vs_driver_host *h, const struct nlmsghdr *nlh);
int vs_driver_vm_read(struct vs_driver_vm *vm, const struct nlmsghdr *nlh);
int vs_driver_vnic_read(struct vs_driver_vnic *v, const struct nlmsghdr *nlh);
int vs_driver_claim_read(struct vs_driver_claim *c,
			 const struct nlmsghdr *nlh);

/** vs_driver_vnic_is_bound() - has the entry an identity? */
static inline bool vs_driver_vnic_is_bound(const struct vs_driver_vnic *v)
{
	return v->has & VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID);
}

/** vs_driver_vnic_fact() - the entry as the engine takes it; shares the name */
struct vs_driver_fact vs_driver_vnic_fact(const struct vs_driver_vnic *v);

#endif
