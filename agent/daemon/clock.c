// SPDX-License-Identifier: GPL-2.0-only
#include <time.h>

#include "daemon/agent.h"
#include "host/clock.h"

/*
 * The time of day, as long as it goes forward. When somebody puts it back, ours
 * goes on at its own pace: a period of grace must not last a day because of it.
 */
vs_time vs_agent_now(struct vs_agent *a)
{
	int64_t boot = vs_clock_ms(CLOCK_BOOTTIME);
	vs_time day = vs_clock_ms(CLOCK_REALTIME);
	vs_time ours = a->clock + (boot - a->clock_boot);

	a->clock = day > ours ? day : ours;
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
