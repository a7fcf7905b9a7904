/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CLI_WHEN_H
#define VS_CLI_WHEN_H

#include "core/facts.h"

/**
 * vs_when_parse() - read a time strictly
 * @s: RFC 3339 ("2026-11-23T04:07:33Z", "...33.5+09:00"), a local date
 *     ("2026-11-23"), with a time ("2026-11-23 04:07", "... 04:07:33"), or
 *     how long ago ("90s", "5m", "2h", "1d", "1w")
 * @at: written only on success; never before 1970
 * @now: the time
 *
 * Return: 0 or -EINVAL.
 */
int vs_when_parse(const char *s, int64_t *at, vs_time now);

/** VS_AGE - size of an age as text */
#define VS_AGE 24

/** vs_when_age() - how long ago, in its two greatest units: "2h5m", "1d" */
const char *vs_when_age(vs_time ms, char buf[VS_AGE]);

#endif
