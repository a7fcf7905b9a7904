/* SPDX-License-Identifier: GPL-2.0-only */
/* Values of the configuration. Each takes a text as a whole, or none of it. */
#ifndef VS_DAEMON_VALUE_H
#define VS_DAEMON_VALUE_H

#include "core/facts.h"

/** VS_VALUE_DURATION_MAX - the longest duration, milliseconds: ten years */
#define VS_VALUE_DURATION_MAX (3653LL * 24 * 3600 * 1000)

/**
 * vs_value_duration() - "120 s", "2min", "1h 30min", "500ms", "1 week"
 * @s: numbers, each with a unit: ms, s, min, h, d, w, or as words. A bare
 *     "0" needs none
 * @out: milliseconds; written only on success
 *
 * Return: 0; -EINVAL: not a duration; -ERANGE: longer than
 * VS_VALUE_DURATION_MAX.
 */
int vs_value_duration(const char *s, vs_time *out);

/** vs_value_switch() - "on", "off", "yes", "no", "true", "false"; 0 or -EINVAL
 */
int vs_value_switch(const char *s, bool *out);

#endif
