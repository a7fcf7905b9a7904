/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_RECOVER_PROGRESS_H
#define VS_RECOVER_PROGRESS_H

#include <stdbool.h>

/**
 * struct vs_progress - what is told while something works
 * @say: takes a line, without a newline, safe to print; may be NULL
 * @tick: something takes time: what, for how many seconds, and how much of it
 *        is done, in percent (-1: not known); may be NULL
 * @stopped: does the user want it to stop? NULL: never
 * @ctx: handed to all
 */
struct vs_progress {
	void (*say)(void *ctx, const char *text);
	void (*tick)(void *ctx, const char *what, unsigned int seconds,
		     int percent);
	bool (*stopped)(void *ctx);
	void *ctx;
};

/** vs_progress_say() - say a line; @p may be NULL */
void vs_progress_say(const struct vs_progress *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** vs_progress_tick() - say that something takes time; @p may be NULL */
void vs_progress_tick(const struct vs_progress *p, const char *what,
		      unsigned int seconds, int percent);

/** vs_progress_stopped() - is it to stop? @p may be NULL */
bool vs_progress_stopped(const struct vs_progress *p);

/**
 * vs_progress_wait() - wait a while
 * @p: may be NULL
 * @ms: for that long
 *
 * Return: 0; -ECANCELED: it is to stop.
 */
int vs_progress_wait(const struct vs_progress *p, unsigned int ms);

#endif
