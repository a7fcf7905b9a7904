// SPDX-License-Identifier: GPL-2.0-only
#include <syslog.h>
#include <time.h>

#include "daemon/agent.h"
#include "host/clock.h"
#include "po/i18n.h"

/* milliseconds that the time of day is ahead of ours when it was set: what is
 * slewed goes at the same pace as the time since boot
 */
#define VS_CLOCK_LEAP 1000

/* all that is remembered goes along, so that no period ends early */
static void vs_clock_leap(struct vs_agent *a, vs_time by)
{
	if (a->engine)
		vs_engine_shift(a->engine, by);
	if (a->manager.read_at)
		a->manager.read_at += by;
	/* the list that is kept is still the one that was read then */
	if (a->record.listed)
		a->record.listed += by;
	a->started += by;
	a->clock += by;
	a->leap = (struct vs_leap){ .at = a->clock, .by = by };
	vs_agent_log(LOG_NOTICE, _("the clock was put forward by %lld s; what "
				   "is waited for still takes as long"),
		     (long long)by / 1000);
}

/*
 * The time of day, as long as it goes forward. When somebody puts it back, ours
 * goes on at its own pace: a period of grace must not last a day because of it;
 * when it is put forward, ours follows, and takes along what is remembered: nor
 * must it be over because of that.
 */
vs_time vs_agent_now(struct vs_agent *a)
{
	int64_t boot = vs_clock_ms(CLOCK_BOOTTIME);
	vs_time day = vs_clock_ms(CLOCK_REALTIME), ahead;
	bool first = !a->clock;

	a->clock += boot - a->clock_boot;
	ahead = day - a->clock;
	/* an evaluation has one clock */
	if (first || (ahead > 0 && ahead <= VS_CLOCK_LEAP))
		a->clock = day;
	else if (ahead > VS_CLOCK_LEAP && !a->record.open)
		vs_clock_leap(a, ahead);
	a->clock_boot = boot;
	return a->clock;
}

int vs_timer_set(struct vs_agent *a, sd_event_source **source, vs_time ms,
		 sd_event_time_handler_t fn)
{
	uint64_t us = ms > 0 ? ms * 1000 : 0;
	int ret;

	/* half the default of 250 ms and more would show */
	if (!*source)
		return sd_event_add_time_relative(a->loop, source,
						  CLOCK_BOOTTIME, us, 1000,
						  fn, a);
	ret = sd_event_source_set_time_relative(*source, us);
	if (ret < 0)
		return ret;
	return sd_event_source_set_enabled(*source, SD_EVENT_ONESHOT);
}

void vs_timer_stop(sd_event_source *source)
{
	if (source)
		sd_event_source_set_enabled(source, SD_EVENT_OFF);
}
