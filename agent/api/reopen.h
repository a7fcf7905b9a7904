/* SPDX-License-Identifier: GPL-2.0-only */
/* What is open, as the events that told of it. */
#ifndef VS_API_REOPEN_H
#define VS_API_REOPEN_H

#include "core/alert.h"
#include "recover/explainer.h"

/**
 * vs_reopen_each() - each open alert as an event, with what is known of it now
 * @e: the engine
 * @x: puts causes into them
 * @fn: takes them; it may ask the engine
 * @ctx: handed to it
 *
 * Return: 0 or -ENOMEM.
 */
int vs_reopen_each(const struct vs_engine *e, struct vs_explainer *x,
		   vs_event_fn fn, void *ctx);

/**
 * struct vs_reopen_part - some of them
 * @vm: only what is about this VM, or the host; NULL: all
 * @skip: not the first ones
 * @limit: at most that many
 * @more: there are more
 */
struct vs_reopen_part {
	const struct vs_uuid *vm;
	uint64_t skip;
	size_t limit;
	bool more;
};

/** vs_reopen_some() - as vs_reopen_each(), for some of them */
int vs_reopen_some(const struct vs_engine *e, struct vs_explainer *x,
		   struct vs_reopen_part *part, vs_event_fn fn, void *ctx);

#endif
