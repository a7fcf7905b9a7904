/* SPDX-License-Identifier: GPL-2.0-only */
/* vNIC entries and bindings, as netlink shows and takes them. */
#ifndef VSN_TEST_VNIC_H
#define VSN_TEST_VNIC_H

#include <net/if.h>

#include <linux/vmsafe_net.h>

#include "nl.h"

struct vnic_stats {
	uint64_t from_packets;
	uint64_t from_bytes;
	uint64_t from_drops;
	uint64_t to_packets;
	uint64_t to_bytes;
	uint64_t to_drops;
};

/* @has: bit N is set if the message held attribute N. */
struct vnic {
	uint64_t has;
	uint64_t id;
	uint32_t ifindex;
	char ifname[IFNAMSIZ];
	uint32_t kind;
	uint8_t port_mac[VMSAFE_NET_MAC_LEN];
	uint32_t master;
	uint32_t mtu;
	uint8_t up;
	uint64_t created;
	uint32_t mode;
	uint8_t uuid[VMSAFE_NET_UUID_LEN];
	char name[VMSAFE_NET_NAME_MAX + 1];
	uint16_t device_id;
	uint8_t mac[VMSAFE_NET_MAC_LEN];
	uint32_t policy;
	uint32_t guard;
	uint8_t bypass;
	uint64_t bound;
	struct vnic_stats stats;
	uint64_t generation;
	uint32_t seq;
	uint32_t reason;
};

#define vnic_has(v, attr) (!!((v)->has & (1ULL << VMSAFE_NET_A_VNIC_ ## attr)))

/* What a binding says of a vNIC. */
struct identity {
	uint8_t uuid[VMSAFE_NET_UUID_LEN];
	const char *name;
	uint16_t device_id;
	uint8_t mac[VMSAFE_NET_MAC_LEN];
};

/* The identity of vNIC @device of VM number @vm: the same for the same pair. */
struct identity identity_of(unsigned int vm, uint16_t device);

int vnic_parse(const struct nlmsghdr *nlh, struct vnic *v);

/* The answer to a request; @v may be NULL. */
int vnic_answer(struct nl *nl, struct vnic *v);

int vnic_get(struct nl *nl, const char *ifname, struct vnic *v);
int vnic_get_id(struct nl *nl, uint64_t id, struct vnic *v);
int vnic_get_stats(struct nl *nl, const char *ifname, struct vnic_stats *s);
int vnic_bind(struct nl *nl, const char *ifname, const struct identity *id,
	      struct vnic *v);
int vnic_unbind(struct nl *nl, const char *ifname, struct vnic *v);
int vnic_port(struct nl *nl, uint8_t cmd, const char *ifname, struct vnic *v);

/* Start a bind request with all that identifies the vNIC, but no port. */
void vnic_bind_begin(struct nl *nl, const struct identity *id);

/* Dump all into @v, at most @max; returns how many there are or an errno. */
int vnic_list(struct nl *nl, struct vnic *v, unsigned int max);

/* Go on with a request that was begun as a dump of vNICs. */
int vnic_dump(struct nl *nl, struct vnic *v, unsigned int max);

#endif /* VSN_TEST_VNIC_H */
