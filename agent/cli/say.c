// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/buf.h"
#include "core/name.h"

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
	case VS_WHY_DENIED:
		return _("check user, password and what the user may see");
	case VS_WHY_ABI:
		return _("install module and agent from one build");
	case VS_WHY_TORN:
		return _("try again");
	default:
		return error->op == VS_OP_READ_PROC &&
		       (error->err == EACCES || error->err == EPERM) ?
		       _("run it as root of this host") : NULL;
	}
}

/* stdio told why when it failed, to whom it was not of interest: ask again */
static int vs_flush_errno(void)
{
	return write(fileno(stdout), "\n", 1) < 0 ? errno : EIO;
}

bool vs_flush(void)
{
	static bool said;

	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return true;
	if (!said)
		vs_say(_("the output cannot be written: %s"),
		       strerror(errno ? errno : vs_flush_errno()));
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

/* did the Filter Driver understand the request, and say no? */
static bool vs_is_refusal(const struct vs_error *error)
{
	return error->op == VS_OP_NETLINK && !error->why && error->err;
}

enum vs_exit vs_say_unread(const struct vs_error *error)
{
	vs_say_error(error);
	return vs_is_refusal(error) && (error->err == ENOENT ||
					error->err == EINVAL ||
					error->err == ERANGE) ?
	       VS_EXIT_FAILED : VS_EXIT_UNAVAILABLE;
}

/* what to do about a refusal; the Filter Driver's own text may say it */
static const char *vs_refusal_advice(int err)
{
	switch (err) {
	case ENOENT:
	case EEXIST:
		return _("\"vmsafe vnic list\" shows what the Filter Driver "
			 "has");
	case ENODEV:
		return _("\"ip link\" shows those there are");
	case ENOTCONN:
		return _("\"vmsafe bind\" it first");
	case ENOSPC:
		return _("\"vmsafe host set --limit N\" raises the limit");
	case EINVAL:
	case ERANGE:
		return _("\"vmsafe --help\" and vmsafe(8) say what is "
			 "possible");
	default:
		return NULL;
	}
}

void vs_refusal_text(struct vs_buf *text, const struct vs_error *error)
{
	char name[24];

	if (!vs_is_refusal(error)) {
		vs_text_error(text, vs_i18n_lang(), error);
		return;
	}
	/* what was not found was named by the user, not by an attribute */
	if (error->err == ENOENT)
		vs_buf_add(text, _("the Filter Driver has no such port"));
	else if (error->err == ENODEV)
		vs_buf_add(text, _("there is no such network device"));
	else
		vs_buf_addf(text, _("refused by the Filter Driver: %s"),
			    *error->detail ? error->detail :
			    strerror(error->err));
	vs_buf_addf(text, " (%s)", vs_errno_name(error->err, name));
}

enum vs_exit vs_say_refusal(const char *what, const struct vs_error *error)
{
	const char *advice = vs_refusal_advice(error->err);
	struct vs_buf text = { 0 };
	char safe[160];

	if (!vs_is_refusal(error))
		return vs_say_error(error);
	vs_name_escape(safe, sizeof(safe), what);
	vs_refusal_text(&text, error);
	vs_say("%s: %s%s%s", safe, vs_buf_str(&text), advice ? "; " : "",
	       advice ? advice : "");
	vs_buf_free(&text);
	return VS_EXIT_FAILED;
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
