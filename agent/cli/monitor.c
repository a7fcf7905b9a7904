// SPDX-License-Identifier: GPL-2.0-only
/*
 * One loop: wait for a notification, a signal or the end of --timeout; print
 * what came. Nothing is asked of the driver between, so that what is printed
 * is what came, in that order.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "cli/notice.h"
#include "cli/opt.h"
#include "cli/source.h"

/** struct vs_monitor_args - options of "monitor" */
struct vs_monitor_args {
	uint64_t has;
	uint32_t count;
	uint32_t timeout;
};

static const struct vs_opt vs_monitor_opts[] = {
	{ .name = "count", .kind = VS_OPT_NUMBER, .arg = "N", .min = 1,
	  .max = UINT32_MAX,
	  .offset = offsetof(struct vs_monitor_args, count),
	  .help = N_("end after N notifications") },
	{ .name = "timeout", .kind = VS_OPT_NUMBER, .arg = "SECONDS",
	  .min = 1, .max = 86400,
	  .offset = offsetof(struct vs_monitor_args, timeout),
	  .help = N_("end after that time; with --count, fail if they have "
		     "not come") },
	{ 0 }
};

/** struct vs_monitor - a run */
struct vs_monitor {
	const struct vs_cli *cli;
	struct vs_listener listener;
	int signals;
	uint32_t left;		/* notifications until the end; 0: no end */
	vs_time end;		/* 0: none */
};

static int vs_monitor_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* false: nobody reads on */
static bool vs_monitor_print(const struct vs_monitor *m,
			     const struct vs_notice *notice)
{
	struct vs_buf line = { 0 };

	if (m->cli->json) {
		vs_out_line(vs_notice_json(notice, vs_now()));
	} else {
		vs_notice_text(&line, notice, vs_now());
		puts(vs_buf_str(&line));
		fflush(stdout);
		vs_buf_free(&line);
	}
	return !ferror(stdout);
}

/* all that has come; true to go on, with *status VS_EXIT_FINE in any case */
static bool vs_monitor_take(struct vs_monitor *m, enum vs_exit *status)
{
	struct vs_notice notice;
	struct vs_error error;
	int ret;

	*status = VS_EXIT_FINE;
	while ((ret = vs_listener_next(&m->listener, &notice, &error)) > 0) {
		if (notice.kind == VS_NOTICE_NONE)
			continue;
		if (!vs_monitor_print(m, &notice))
			return false;
		if (m->left && !--m->left)
			return false;
	}
	if (ret < 0)
		*status = vs_say_unread(&error);
	return !ret;
}

/* milliseconds, of a clock that nobody sets */
static vs_time vs_monitor_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (vs_time)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int vs_monitor_left(const struct vs_monitor *m)
{
	vs_time left = m->end ? m->end - vs_monitor_clock() : -1;

	return m->end && left < 0 ? 0 : left;
}

static enum vs_exit vs_monitor_loop(struct vs_monitor *m)
{
	struct pollfd fds[] = {
		{ .fd = m->signals, .events = POLLIN },
		{ .fd = vs_listener_fd(&m->listener), .events = POLLIN },
	};
	enum vs_exit status;
	int n;

	while (vs_monitor_take(m, &status)) {
		n = poll(fds, 2, vs_monitor_left(m));
		if (n < 0 && errno != EINTR) {
			vs_say("poll: %s", strerror(errno));
			return VS_EXIT_FAILED;
		}
		if (n > 0 && fds[0].revents)
			return VS_EXIT_FINE;
		if (!n && m->left) {
			vs_say(vs_ngettext("%u notification has not come",
					   "%u notifications have not come",
					   m->left), m->left);
			return VS_EXIT_FAILED;
		}
		if (!n)
			return VS_EXIT_FINE;
	}
	return status;
}

static enum vs_exit vs_monitor_run(struct vs_cli *cli,
				   const struct vs_command *cmd, int argc,
				   char **argv)
{
	struct vs_monitor m = { .cli = cli };
	struct vs_monitor_args a = { 0 };
	struct vs_error error;
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 0, 0, &status))
		return status;
	if (!vs_cli_is_live(cli))
		return vs_say_usage(cmd, _("nothing happens in a snapshot"));
	m.left = a.count;
	m.end = a.timeout ? vs_monitor_clock() + a.timeout * 1000LL : 0;
	m.signals = vs_monitor_signals();
	if (vs_listener_open(&m.listener, &error)) {
		status = vs_say_unread(&error);
	} else {
		status = vs_monitor_loop(&m);
		vs_listener_close(&m.listener);
	}
	close(m.signals);
	return status;
}

const struct vs_command vs_cmd_monitor = {
	.name = "monitor",
	.summary = N_("print the Filter Driver's notifications as they come"),
	.opts = vs_monitor_opts,
	.run = vs_monitor_run,
};
