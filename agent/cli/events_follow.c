// SPDX-License-Identifier: GPL-2.0-only
/*
 * Following the history: the writer touches its file when what it has written
 * can be read, so this sleeps until that shows in the file's folder, or until
 * somebody has had enough.
 */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "cli/events.h"
#include "cli/wait.h"

/* touched; or another file has that name now */
#define VS_FOLLOW_TOUCHED IN_ATTRIB
#define VS_FOLLOW_OTHER (IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM)

/** struct vs_follow - a run */
struct vs_follow {
	struct vs_events *run;
	char copy[PATH_MAX];
	const char *name;
	int watch;
	int signals;
	bool other;		/* another file has that name now */
};

static bool vs_follow_open(struct vs_follow *f)
{
	char folder[PATH_MAX];

	snprintf(f->copy, sizeof(f->copy), "%s", f->run->path);
	snprintf(folder, sizeof(folder), "%s", f->run->path);
	f->name = basename(f->copy);
	f->signals = vs_wait_signals();
	f->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (f->signals >= 0 && f->watch >= 0 &&
	    inotify_add_watch(f->watch, dirname(folder),
			      VS_FOLLOW_TOUCHED | VS_FOLLOW_OTHER) >= 0)
		return true;
	vs_say(_("changes of the event history cannot be watched: %s"),
	       strerror(errno));
	return false;
}

static void vs_follow_close(struct vs_follow *f)
{
	if (f->watch >= 0)
		close(f->watch);
	if (f->signals >= 0)
		close(f->signals);
}

/* was it about the history? */
static bool vs_follow_concerns(struct vs_follow *f,
			       const struct inotify_event *event)
{
	/* some were lost: look at it in any case */
	if (event->mask & IN_Q_OVERFLOW)
		return true;
	if (!event->len || strcmp(event->name, f->name) != 0)
		return false;
	f->other |= !!(event->mask & VS_FOLLOW_OTHER);
	return true;
}

/* take all that has come; true: there may be something to print */
static bool vs_follow_take(struct vs_follow *f)
{
	char buf[4096]
		__attribute__((aligned(__alignof__(struct inotify_event))));
	bool concerns = false;
	ssize_t n;

	while ((n = read(f->watch, buf, sizeof(buf))) > 0) {
		for (char *p = buf; p < buf + n;) {
			const struct inotify_event *event = (void *)p;

			concerns |= vs_follow_concerns(f, event);
			p += sizeof(*event) + event->len;
		}
	}
	return concerns;
}

/* the new file begins anew; while there is none, there is nothing to print */
static bool vs_follow_reopen(struct vs_follow *f)
{
	struct vs_history *h;
	struct vs_error error;

	if (!f->other)
		return true;
	if (vs_history_open(f->run->path, true, &h, &error))
		return false;
	vs_history_close(f->run->history);
	f->run->history = h;
	f->run->query.after_seq = 0;
	f->other = false;
	return true;
}

/* true to go on */
static bool vs_follow_wait(struct vs_follow *f, enum vs_exit *status)
{
	struct pollfd fds[] = {
		{ .fd = f->signals, .events = POLLIN },
		{ .fd = f->watch, .events = POLLIN },
		/* nobody reads on: that is the end as well */
		{ .fd = fileno(stdout), .events = 0 },
	};

	if (poll(fds, 3, -1) < 0 && errno != EINTR) {
		vs_say("poll: %s", strerror(errno));
		*status = VS_EXIT_FAILED;
		return false;
	}
	return !fds[0].revents && !(fds[2].revents & (POLLERR | POLLNVAL));
}

static enum vs_exit vs_follow_loop(struct vs_follow *f)
{
	enum vs_exit status = vs_events_print(f->run);

	/* from now on, all that comes */
	f->run->query.limit = 0;
	while (!status && !fflush(stdout) && !ferror(stdout) &&
	       vs_follow_wait(f, &status)) {
		if (vs_follow_take(f) && vs_follow_reopen(f))
			status = vs_events_print(f->run);
		/* between two files, or locked for a moment: it will come */
		if (status == VS_EXIT_UNAVAILABLE)
			status = VS_EXIT_FINE;
	}
	return status;
}

enum vs_exit vs_events_follow(struct vs_events *run)
{
	struct vs_follow f = { .run = run, .watch = -1, .signals = -1 };
	enum vs_exit status = VS_EXIT_FAILED;

	/* watched before it is read, so that nothing comes in between */
	if (vs_follow_open(&f))
		status = vs_follow_loop(&f);
	vs_follow_close(&f);
	return status;
}
