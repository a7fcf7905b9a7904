/* SPDX-License-Identifier: GPL-2.0-only */
/* The driver's notifications. */
#ifndef VS_DRIVER_EVENT_H
#define VS_DRIVER_EVENT_H

#include "driver/client.h"

/** enum vs_notice_kind - what came */
enum vs_notice_kind {
	VS_NOTICE_NONE,		/* nothing of interest */
	VS_NOTICE_HOST,		/* settings, or the appliance session */
	VS_NOTICE_VNIC,		/* an entry */
	VS_NOTICE_CLAIM,	/* a second claim */
	VS_NOTICE_LOST,		/* notifications that nobody will see */
	VS_NOTICE_UNLOADED,	/* the driver has gone */
	VS_NOTICE_LOADED,	/* it is there again */
};

/**
 * struct vs_notice - a notification
 * @kind: which member of the union counts
 * @seq: its number
 * @missed: how many numbers are missing before it; with VS_NOTICE_LOST 0
 *          stands for "not known"
 */
struct vs_notice {
	enum vs_notice_kind kind;
	uint32_t seq;
	uint32_t missed;
	union {
		struct vs_driver_host host;
		struct vs_driver_vnic vnic;
		struct vs_driver_claim claim;
	};
};

/**
 * struct vs_listener - a subscription
 * @nl: its socket
 * @family: the driver's, as long as it is loaded
 * @last: number of the last notification
 * @instance: which instance of the driver they come from; 0: it was not
 *            loaded yet
 */
struct vs_listener {
	struct vs_netlink nl;
	struct vs_family family;
	uint32_t last;
	uint64_t instance;
};

/**
 * vs_listener_open() - subscribe
 * @l: the listener
 * @error: why not
 *
 * Return: 0; -ENOENT (VS_WHY_NOT_LOADED): the driver is not loaded; another
 * negative errno. On failure nothing is open.
 */
int vs_listener_open(struct vs_listener *l, struct vs_error *error);

/**
 * vs_listener_wait() - likewise, also while the driver is not loaded
 * @l: the listener: it tells when the driver is there
 * @error: why not
 *
 * Return: 0 or a negative errno.
 */
int vs_listener_wait(struct vs_listener *l, struct vs_error *error);

/** vs_listener_close() - end the subscription */
void vs_listener_close(struct vs_listener *l);

/** vs_listener_fd() - readable when there is something to take */
int vs_listener_fd(const struct vs_listener *l);

/**
 * vs_listener_next() - take one notification without waiting
 * @l: the listener
 * @notice: what came; VS_NOTICE_NONE: ask again
 * @error: why it failed
 *
 * Return: 1: @notice is there; 0: nothing has come; a negative errno.
 */
int vs_listener_next(struct vs_listener *l, struct vs_notice *notice,
		     struct vs_error *error);

/**
 * vs_notice_read() - read a message of the family; pure
 * @family: number of the family
 * @nlh: the message
 * @notice: what it says, @missed left 0
 *
 * Return: 0; -EBADMSG: it is one, but not as it must be.
 */
int vs_notice_read(uint16_t family, const struct nlmsghdr *nlh,
		   struct vs_notice *notice);

/**
 * vs_notice_missed() - how many notifications lie between two
 * @last: number of the one before
 * @seq: number of this one
 *
 * Numbers wrap. One from before the subscription, which may arrive right
 * after it, misses nothing.
 */
uint32_t vs_notice_missed(uint32_t last, uint32_t seq);

#endif
