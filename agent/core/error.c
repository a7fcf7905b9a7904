// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/name.h"

/* cut a truncated text back to whole characters */
static void vs_error_trim(char *s)
{
	uint32_t cp;
	size_t n;

	while (*s && (n = vs_utf8_next(s, &cp)))
		s += n;
	*s = '\0';
}

int vs_error_set(struct vs_error *e, enum vs_op op, enum vs_why why, int err,
		 const char *fmt, ...)
{
	va_list ap;

	err = abs(err);
	if (e) {
		*e = (struct vs_error){ .op = op, .why = why, .err = err };
		if (fmt) {
			va_start(ap, fmt);
			vsnprintf(e->detail, sizeof(e->detail), fmt, ap);
			va_end(ap);
			vs_error_trim(e->detail);
		}
	}
	return err ? -err : -EIO;
}

int vs_error_set_ioctl(struct vs_error *e, const char *ioctl, enum vs_why why,
		       int err)
{
	int ret = vs_error_set(e, VS_OP_IOCTL, why, err, NULL);

	if (e)
		snprintf(e->ioctl, sizeof(e->ioctl), "%s", ioctl);
	return ret;
}

const char *vs_errno_name(int err, char buf[24])
{
	const char *name = strerrorname_np(err);

	if (name && err)
		return name;
	snprintf(buf, 24, "errno %d", err);
	return buf;
}
