/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What those who watch remember of the ports: which mode each was in, so that
 * a change can be told as one, and what led packets past the driver, so that
 * it is told when that begins and ends.
 */
#ifndef VS_DRIVER_LOOKOUT_H
#define VS_DRIVER_LOOKOUT_H

#include "driver/bypass.h"
#include "driver/event.h"

/** VS_LOOKOUT_PERIOD - milliseconds between looks that nothing asks for: the
 * kernel does not tell when tcx or a link of XDP changes
 */
#define VS_LOOKOUT_PERIOD 5000

/** VS_LOOKOUT_PAUSE - milliseconds from the first change to a look at all */
#define VS_LOOKOUT_PAUSE 500

/** struct vs_port_mode - the mode that an entry was in when last heard of */
struct vs_port_mode {
	uint64_t id;
	uint32_t mode;
};

/**
 * struct vs_lookout - what is remembered
 * @nl: tells of changes to links and tc filters; not open: nobody tells
 * @modes: of the entries, by ascending ID
 * @n: how many
 * @cap: how many there is room for
 * @foreign: what was on their ports
 * @cause: the last thing that happened to the host and may change modes
 * @due: when the next look is, by the caller's clock
 */
struct vs_lookout {
	struct vs_netlink nl;
	struct vs_port_mode *modes;
	size_t n, cap;
	struct vs_foreigns foreign;
	uint32_t cause;
	vs_time due;
};

/** vs_lookout_open() - begin; @now: the caller's clock, milliseconds */
void vs_lookout_open(struct vs_lookout *l, vs_time now);

/** vs_lookout_close() - end */
void vs_lookout_close(struct vs_lookout *l);

/** vs_lookout_fd() - readable when links change; -1: nobody tells */
int vs_lookout_fd(const struct vs_lookout *l);

/** vs_lookout_hear() - take what the descriptor has: a look is due soon */
void vs_lookout_hear(struct vs_lookout *l, vs_time now);

/**
 * struct vs_change - how a notification changed a port's mode
 * @is: it did
 * @was: the mode before
 * @cause: the word for what changed it, e.g. "lost"; never NULL if @is
 */
struct vs_change {
	bool is;
	uint32_t was;
	const char *cause;
};

/** vs_lookout_note() - remember a notification */
struct vs_change vs_lookout_note(struct vs_lookout *l,
				 const struct vs_notice *notice, vs_time now);

/**
 * typedef vs_lookout_fn - takes a port that is bypassed otherwise than before
 * @ctx: as handed in
 * @vnic: its entry
 * @bypass: whether it is now
 * @f: by what, when it is
 */
typedef void (*vs_lookout_fn)(void *ctx, const struct vs_driver_vnic *vnic,
			      enum vs_bypass bypass,
			      const struct vs_foreigns *f);

/**
 * vs_lookout_look() - look at all ports
 * @l: the lookout
 * @now: the caller's clock
 * @fn: takes what changed
 * @ctx: handed to @fn
 *
 * A driver that does not answer changes nothing.
 */
void vs_lookout_look(struct vs_lookout *l, vs_time now, vs_lookout_fn fn,
		     void *ctx);

/** vs_lookout_compare() - tell what differs between two looks; pure but for
 * @fn. A port that is gone is not told of.
 */
void vs_lookout_compare(const struct vs_foreigns *before,
			const struct vs_vnics *vnics,
			const struct vs_foreigns *after, vs_lookout_fn fn,
			void *ctx);

#endif
