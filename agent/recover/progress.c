// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "host/clock.h"
#include "recover/progress.h"

/* how soon a wish to stop is noticed, milliseconds */
#define VS_PROGRESS_SLICE 100

void vs_progress_say(const struct vs_progress *p, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;
	int len;

	if (!p || !p->say)
		return;
	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	p->say(p->ctx, text);
	free(text);
}

void vs_progress_tick(const struct vs_progress *p, const char *what,
		      unsigned int seconds, int percent)
{
	if (p && p->tick)
		p->tick(p->ctx, what, seconds, percent);
}

bool vs_progress_stopped(const struct vs_progress *p)
{
	return p && p->stopped && p->stopped(p->ctx);
}

int vs_progress_wait(const struct vs_progress *p, unsigned int ms)
{
	long long left, end = vs_clock_steady() + ms;

	for (;;) {
		if (vs_progress_stopped(p))
			return -ECANCELED;
		left = end - vs_clock_steady();
		if (left <= 0)
			return 0;
		poll(NULL, 0, left < VS_PROGRESS_SLICE ? (int)left :
							 VS_PROGRESS_SLICE);
	}
}
