/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CLI_DURATION_H
#define VS_CLI_DURATION_H

/**
 * vs_duration_parse() - read a duration strictly
 * @s: a number and s, m, h or d, e.g. "90m"
 * @max: the longest allowed, seconds; the shortest is 1 s
 * @seconds: written only on success
 *
 * Return: 0; -EINVAL: not a duration; -ERANGE: too short or too long.
 */
int vs_duration_parse(const char *s, unsigned int max, unsigned int *seconds);

#endif
