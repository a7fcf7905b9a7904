/* SPDX-License-Identifier: GPL-2.0-only */
/* Notifications of the group "events". */
#ifndef VSN_TEST_EVENT_H
#define VSN_TEST_EVENT_H

#include "host.h"
#include "nl.h"
#include "vnic.h"

struct claim {
	uint64_t has;
	uint32_t kind;
	uint64_t id;
	uint32_t ifindex;
	char ifname[IFNAMSIZ];
	uint8_t uuid[VMSAFE_NET_UUID_LEN];
	char name[VMSAFE_NET_NAME_MAX + 1];
	uint16_t device_id;
	uint8_t mac[VMSAFE_NET_MAC_LEN];
	uint64_t holder_id;
	uint32_t holder_ifindex;
	char holder_ifname[IFNAMSIZ];
	uint8_t holder_uuid[VMSAFE_NET_UUID_LEN];
	char holder_name[VMSAFE_NET_NAME_MAX + 1];
	uint16_t holder_device_id;
	uint64_t generation;
	uint32_t seq;
};

/*
 * @reason is that of the message, or for a claim 1000 + its kind, so that one
 * number tells all kinds of events apart.
 */
#define EVENT_CLAIM(kind)	(1000 + VMSAFE_NET_CLAIM_KIND_ ## kind)

struct event {
	uint8_t cmd;
	uint32_t seq;
	uint32_t reason;
	uint64_t generation;
	union {
		struct host host;
		struct vnic vnic;
		struct claim claim;
	};
};

/*
 * Join the group; the socket is for events only from then on. @req asks the
 * kernel for the number of the last event before.
 */
int event_join(struct nl *nl, struct nl *req);

/* -ETIMEDOUT if none came in time; -ESTALE if one was missed (a gap). */
int event_next(struct nl *nl, struct event *ev, int timeout_ms);

/* Read on until one of this reason came; the others are thrown away. */
int event_until(struct nl *nl, struct event *ev, uint32_t reason);

/*
 * Collect all events up to the present: @req asks the kernel for the number of
 * the last one. Returns how many there were, or an errno.
 */
int event_all(struct nl *nl, struct nl *req, struct event *evs,
	      unsigned int max);

#endif /* VSN_TEST_EVENT_H */
