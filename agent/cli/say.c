// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"
#include "core/buf.h"

static void vs_say_va(const char *fmt, va_list ap)
{
	fflush(stdout);
	fputs("vmsafe: ", stderr);
	vfprintf(stderr, fmt, ap);
}

void vs_say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vs_say_va(fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

enum vs_exit vs_say_usage(const struct vs_command *cmd, const char *fmt, ...)
{
	const char *space = *cmd->name ? " " : "";
	va_list ap;

	va_start(ap, fmt);
	vs_say_va(fmt, ap);
	va_end(ap);
	fprintf(stderr, _(" (see \"vmsafe%s%s --help\")\n"), space, cmd->name);
	return VS_EXIT_USAGE;
}

/* what to do about it, or NULL */
static const char *vs_say_advice(const struct vs_error *error)
{
	switch (error->why) {
	case VS_WHY_NOT_LOADED:
		return _("load it with \"vmsafe driver load\"; \"vmsafe "
			 "doctor\" says what is in the way");
	case VS_WHY_NO_PERMISSION:
		return _("run it as root of this host");
	case VS_WHY_ABI:
		return _("install module and agent from one build");
	case VS_WHY_TORN:
		return _("try again");
	default:
		return NULL;
	}
}

bool vs_flush(void)
{
	static bool said;

	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return true;
	if (!said)
		vs_say(_("the output cannot be written: %s"),
		       strerror(errno ? errno : EIO));
	said = true;
	return false;
}

static enum vs_exit vs_say_status(const struct vs_error *error)
{
	switch (error->why) {
	case VS_WHY_NOT_LOADED:
	case VS_WHY_ABI:
	case VS_WHY_SESSION_HELD:
	case VS_WHY_NO_SESSION:
	case VS_WHY_UNREACHABLE:
	case VS_WHY_TIMEOUT:
		return VS_EXIT_UNAVAILABLE;
	default:
		return VS_EXIT_FAILED;
	}
}

enum vs_exit vs_say_error(const struct vs_error *error)
{
	const char *advice = vs_say_advice(error);
	struct vs_buf text = { 0 };

	vs_text_error(&text, vs_i18n_lang(), error);
	if (advice)
		vs_say("%s: %s", vs_buf_str(&text), advice);
	else
		vs_say("%s", vs_buf_str(&text));
	vs_buf_free(&text);
	return vs_say_status(error);
}

vs_time vs_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (vs_time)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

const char *vs_date(vs_time time, char buf[VS_DATE])
{
	time_t seconds = time / 1000;
	struct tm tm;

	if (!localtime_r(&seconds, &tm) ||
	    !strftime(buf, VS_DATE, "%Y-%m-%d %H:%M:%S %z", &tm))
		snprintf(buf, VS_DATE, "-");
	return buf;
}
