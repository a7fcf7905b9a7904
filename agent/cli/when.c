// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/when.h"

static const struct {
	char letter;
	int64_t ms;
} vs_when_units[] = {
	{ 'w', 7 * 24 * 3600 * 1000LL },
	{ 'd', 24 * 3600 * 1000LL },
	{ 'h', 3600 * 1000LL },
	{ 'm', 60 * 1000LL },
	{ 's', 1000LL },
};

#define VS_UNITS (sizeof(vs_when_units) / sizeof(*vs_when_units))
/* more than anybody means, and nothing overflows */
#define VS_WHEN_MOST 100000000

/* exactly @digits digits */
static const char *vs_when_digits(const char *s, int digits, int *n)
{
	for (*n = 0; s && digits; digits--, s++) {
		if (*s < '0' || *s > '9')
			return NULL;
		*n = 10 * *n + (*s - '0');
	}
	return s;
}

static const char *vs_when_char(const char *s, const char *any)
{
	return s && *s && strchr(any, *s) ? s + 1 : NULL;
}

static int vs_when_ago(const char *s, vs_time *at, vs_time now)
{
	int64_t n = 0;
	const char *p;

	for (p = s; *p >= '0' && *p <= '9' && n < VS_WHEN_MOST; p++)
		n = 10 * n + (*p - '0');
	if (p == s || !*p || p[1])
		return -EINVAL;
	for (size_t i = 0; i < VS_UNITS; i++) {
		if (*p != vs_when_units[i].letter)
			continue;
		n *= vs_when_units[i].ms;
		*at = n < now ? now - n : 0;
		return 0;
	}
	return -EINVAL;
}

static const char *vs_when_date(const char *s, struct tm *tm)
{
	s = vs_when_digits(s, 4, &tm->tm_year);
	s = vs_when_char(s, "-");
	s = vs_when_digits(s, 2, &tm->tm_mon);
	s = vs_when_char(s, "-");
	s = vs_when_digits(s, 2, &tm->tm_mday);
	tm->tm_year -= 1900;
	tm->tm_mon--;
	return s;
}

/* "04:07", "04:07:33", "04:07:33.123" */
static const char *vs_when_clock(const char *s, struct tm *tm, int *ms)
{
	int weight = 100;

	*ms = 0;
	s = vs_when_digits(s, 2, &tm->tm_hour);
	s = vs_when_char(s, ":");
	s = vs_when_digits(s, 2, &tm->tm_min);
	if (!s || *s != ':')
		return s;
	s = vs_when_digits(s + 1, 2, &tm->tm_sec);
	if (!s || *s != '.')
		return s;
	s++;
	if (*s < '0' || *s > '9')
		return NULL;
	for (; *s >= '0' && *s <= '9'; s++, weight /= 10)
		*ms += weight * (*s - '0');
	return s;
}

/* "Z", "+09:00"; in seconds */
static const char *vs_when_zone(const char *s, int *offset)
{
	int hours, minutes, sign = *s == '-' ? -1 : 1;

	*offset = 0;
	if (*s == 'Z' || *s == 'z')
		return s + 1;
	s = vs_when_char(s, "+-");
	s = vs_when_digits(s, 2, &hours);
	s = vs_when_char(s, ":");
	s = vs_when_digits(s, 2, &minutes);
	if (!s || hours > 23 || minutes > 59)
		return NULL;
	*offset = sign * (hours * 3600 + minutes * 60);
	return s;
}

/* is there such a day, and such a time in it? */
static bool vs_when_exists(const struct tm *tm)
{
	struct tm copy = *tm;

	return tm->tm_year >= 70 && tm->tm_hour < 24 && tm->tm_min < 60 &&
	       tm->tm_sec < 60 && timegm(&copy) >= 0 &&
	       copy.tm_mday == tm->tm_mday && copy.tm_mon == tm->tm_mon &&
	       copy.tm_year == tm->tm_year;
}

static int vs_when_absolute(const char *s, vs_time *at)
{
	struct tm tm = { .tm_isdst = -1 };
	int ms = 0, offset = 0;
	bool zone = false;
	time_t seconds;

	s = vs_when_date(s, &tm);
	if (s && *s) {
		zone = *s == 'T' || *s == 't';
		s = vs_when_clock(vs_when_char(s, "Tt "), &tm, &ms);
		if (s && zone)
			s = vs_when_zone(s, &offset);
	}
	if (!s || *s || !vs_when_exists(&tm))
		return -EINVAL;
	seconds = zone ? timegm(&tm) - offset : mktime(&tm);
	if (seconds < 0)
		return -EINVAL;
	*at = (vs_time)seconds * 1000 + ms;
	return 0;
}

int vs_when_parse(const char *s, vs_time *at, vs_time now)
{
	return vs_when_ago(s, at, now) ? vs_when_absolute(s, at) : 0;
}

const char *vs_when_age(vs_time ms, char buf[VS_AGE])
{
	size_t used = 0;

	strcpy(buf, "0s");
	for (size_t i = 0; i < VS_UNITS; i++) {
		long long n = ms / vs_when_units[i].ms;

		/* nobody counts ages in weeks */
		if (vs_when_units[i].letter == 'w' || (n <= 0 && !used))
			continue;
		if (n > 0)
			snprintf(buf + used, VS_AGE - used, "%lld%c", n,
				 vs_when_units[i].letter);
		if (used)
			break;
		used = strlen(buf);
		ms %= vs_when_units[i].ms;
	}
	return buf;
}
