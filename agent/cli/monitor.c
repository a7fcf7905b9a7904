// SPDX-License-Identifier: GPL-2.0-only
/*
 * One loop: wait for a notification, a change of a link, a signal, the end of
 * --timeout or a moment to look at the ports; print what came. Notifications
 * are printed as they came and in that order, whatever is asked between.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/notice.h"
#include "cli/opt.h"
#include "cli/source.h"
#include "cli/wait.h"
#include "host/clock.h"

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
	struct vs_lookout lookout;
	int signals;
	uint32_t left;		/* notifications until the end; 0: no end */
	vs_time end;		/* 0: none */
};

/* false: nobody reads on */
static bool vs_monitor_line(struct vs_buf *line, json_t *json)
{
	if (json) {
		vs_out_line(json);
	} else {
		puts(vs_buf_str(line));
		fflush(stdout);
		vs_buf_free(line);
	}
	return !ferror(stdout);
}

static bool vs_monitor_print(struct vs_monitor *m,
			     const struct vs_notice *notice)
{
	struct vs_change change;
	struct vs_buf line = { 0 };
	json_t *json = NULL;

	change = vs_lookout_note(&m->lookout, notice, vs_clock_steady());
	if (m->cli->json)
		json = vs_notice_json(notice, &change, vs_now());
	else
		vs_notice_text(&line, notice, &change, vs_now());
	return vs_monitor_line(&line, json);
}

/* what leads packets past a port has changed; --count does not count it */
static void vs_monitor_bypass(void *ctx, const struct vs_driver_vnic *v,
			      enum vs_bypass bypass,
			      const struct vs_foreigns *f)
{
	const struct vs_monitor *m = ctx;
	struct vs_buf line = { 0 };
	json_t *json = NULL;

	if (m->cli->json)
		json = vs_notice_bypass_json(v, bypass, f, vs_now());
	else
		vs_notice_bypass_text(&line, v, bypass, f, vs_now());
	vs_monitor_line(&line, json);
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

/* until something is to be done that nothing announces */
static int vs_monitor_left(const struct vs_monitor *m)
{
	vs_time now = vs_clock_steady(), at = m->lookout.due;

	if (m->end && m->end < at)
		at = m->end;
	return at > now ? at - now : 0;
}

static enum vs_exit vs_monitor_ended(const struct vs_monitor *m)
{
	if (!m->left)
		return VS_EXIT_FINE;
	vs_say(vs_ngettext("%u notification has not come",
			   "%u notifications have not come", m->left), m->left);
	return VS_EXIT_FAILED;
}

/* look at the ports when that is due; false: nobody reads on */
static bool vs_monitor_look(struct vs_monitor *m)
{
	vs_time now = vs_clock_steady();

	if (now >= m->lookout.due)
		vs_lookout_look(&m->lookout, now, vs_monitor_bypass, m);
	return !ferror(stdout);
}

static enum vs_exit vs_monitor_loop(struct vs_monitor *m)
{
	struct pollfd fds[] = {
		{ .fd = m->signals, .events = POLLIN },
		{ .fd = vs_listener_fd(&m->listener), .events = POLLIN },
		{ .fd = vs_lookout_fd(&m->lookout), .events = POLLIN },
	};
	enum vs_exit status;

	while (vs_monitor_take(m, &status) && vs_monitor_look(m)) {
		int n = poll(fds, 3, vs_monitor_left(m));

		if (n < 0 && errno != EINTR) {
			vs_say("poll: %s", strerror(errno));
			return VS_EXIT_FAILED;
		}
		if (n > 0 && fds[0].revents)
			return VS_EXIT_FINE;
		if (n > 0 && fds[2].revents)
			vs_lookout_hear(&m->lookout, vs_clock_steady());
		/* what had come by then counts, however much more comes */
		if (m->end && vs_clock_steady() >= m->end)
			return vs_monitor_take(m, &status) ?
			       vs_monitor_ended(m) : status;
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
	m.end = a.timeout ? vs_clock_steady() + a.timeout * 1000LL : 0;
	m.signals = vs_wait_signals();
	if (vs_listener_open(&m.listener, &error)) {
		status = vs_say_unread(&error);
	} else {
		vs_lookout_open(&m.lookout, vs_clock_steady());
		status = vs_monitor_loop(&m);
		vs_lookout_close(&m.lookout);
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
