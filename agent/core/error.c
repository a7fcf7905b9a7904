// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/name.h"
#include "core/number.h"
#include "core/word.h"

/* Linux has no errno from here on */
#define VS_ERRNO_END 4096

static const char *const vs_op_words[] = {
	[VS_OP_NONE] = "none",
	[VS_OP_OPEN_DEVICE] = "open-device",
	[VS_OP_IOCTL] = "ioctl",
	[VS_OP_NETLINK] = "netlink",
	[VS_OP_OPEN_FILE] = "open-file",
	[VS_OP_READ_FILE] = "read-file",
	[VS_OP_WRITE_FILE] = "write-file",
	[VS_OP_PARSE] = "parse",
	[VS_OP_CONNECT] = "connect",
	[VS_OP_LIST_VMS] = "list-vms",
	[VS_OP_READ_VM] = "read-vm",
	[VS_OP_LIST_LINKS] = "list-links",
	[VS_OP_READ_PROC] = "read-proc",
	[VS_OP_LOAD_MODULE] = "load-module",
	[VS_OP_UNLOAD_MODULE] = "unload-module",
	[VS_OP_FIND_PROGRAMS] = "find-programs",
};

static const char *const vs_why_words[] = {
	[VS_WHY_NONE] = "none",
	[VS_WHY_SESSION_HELD] = "session-held",
	[VS_WHY_NO_SESSION] = "no-session",
	[VS_WHY_NO_PERMISSION] = "no-permission",
	[VS_WHY_NOT_LOADED] = "not-loaded",
	[VS_WHY_ABI] = "abi",
	[VS_WHY_UNREACHABLE] = "unreachable",
	[VS_WHY_TIMEOUT] = "timeout",
	[VS_WHY_TORN] = "torn",
	[VS_WHY_TOO_OLD] = "too-old",
	[VS_WHY_BAD_DATA] = "bad-data",
	[VS_WHY_NO_MEMORY] = "no-memory",
	[VS_WHY_NOT_READ] = "not-read",
	[VS_WHY_DENIED] = "denied",
};

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

int vs_errno_parse(const char *s, int *err)
{
	uint64_t n;

	for (int i = 1; i < VS_ERRNO_END; i++) {
		const char *name = strerrorname_np(i);

		if (name && strcmp(name, s) == 0) {
			*err = i;
			return 0;
		}
	}
	if (strncmp(s, "errno ", 6) != 0 ||
	    vs_number_parse(s + 6, 1, INT_MAX, &n))
		return -EINVAL;
	*err = n;
	return 0;
}

const char *vs_op_word(enum vs_op op)
{
	return VS_WORD(vs_op_words, op);
}

int vs_op_parse(const char *s, enum vs_op *op)
{
	int i = VS_WORD_FIND(vs_op_words, s);

	if (i < 0)
		return i;
	*op = i;
	return 0;
}

const char *vs_why_word(enum vs_why why)
{
	return VS_WORD(vs_why_words, why);
}

int vs_why_parse(const char *s, enum vs_why *why)
{
	int i = VS_WORD_FIND(vs_why_words, s);

	if (i < 0)
		return i;
	*why = i;
	return 0;
}
