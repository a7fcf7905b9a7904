// SPDX-License-Identifier: GPL-2.0-only
/*
 * Following what the agent tells: its stream goes on after what was printed
 * already, so that nothing is missed when the agent is started again.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api/client.h"
#include "cli/events.h"
#include "cli/wait.h"

/* milliseconds until an agent that is not there is asked again */
#define VS_EVENTS_AGAIN 1000

/** struct vs_events_live - a run */
struct vs_events_live {
	struct vs_events *run;
	int fd;			/* the stream; -1: the agent is away */
	int signals;
	struct vs_buf text;
};

/* one that has begun a new history counts from one again */
static void vs_events_behind(struct vs_events *run)
{
	struct vs_agent_answer answer;
	const json_t *last;

	if (!vs_agent_ask("GET", "/v1/events?limit=1", VS_AGENT_SOON,
			  &answer) && !answer.text) {
		last = json_object_get(answer.doc, "last");
		if ((uint64_t)json_integer_value(last) < run->query.after_seq)
			run->query.after_seq = 0;
	}
	vs_agent_free(&answer);
}

/* false: it does not let us */
static bool vs_events_dial(struct vs_events_live *l)
{
	struct vs_agent_answer answer;
	struct vs_buf target = { 0 };

	vs_buf_free(&l->text);
	vs_events_behind(l->run);
	vs_buf_addf(&target, "/v1/events/stream?facts=true&after=%" PRIu64,
		    l->run->query.after_seq);
	vs_events_filter_target(&l->run->query, &target);
	l->fd = vs_agent_stream(vs_buf_str(&target), VS_AGENT_SOON, &l->text,
				&answer);
	vs_buf_free(&target);
	if (l->fd == -EREMOTEIO)
		vs_say("%s", answer.text);
	vs_agent_free(&answer);
	return l->fd != -EREMOTEIO;
}

static int vs_events_line(struct vs_events *run, const char *line)
{
	json_t *json;
	int ret;

	if (strncmp(line, "data: ", 6) != 0)
		return 0;
	json = json_loads(line + 6, 0, NULL);
	ret = vs_events_one_of(run, json);
	json_decref(json);
	return ret;
}

/* print the lines that are whole */
static int vs_events_lines(struct vs_events_live *l)
{
	char *line = l->text.data, *end;
	int ret = 0;

	while (line && !ret && (end = strchr(line, '\n'))) {
		*end = '\0';
		ret = vs_events_line(l->run, line);
		line = end + 1;
	}
	if (line) {
		l->text.len -= line - l->text.data;
		memmove(l->text.data, line, l->text.len + 1);
	}
	return ret;
}

/* true to go on */
static bool vs_events_wait(struct vs_events_live *l)
{
	struct pollfd fds[] = {
		{ .fd = l->signals, .events = POLLIN },
		/* nobody reads on: that is the end as well */
		{ .fd = fileno(stdout), .events = 0 },
		{ .fd = l->fd, .events = POLLIN },
	};
	ssize_t n;

	poll(fds, 3, l->fd < 0 ? VS_EVENTS_AGAIN : -1);
	if (fds[0].revents || (fds[1].revents & (POLLERR | POLLNVAL)))
		return false;
	if (l->fd < 0 || !fds[2].revents)
		return true;
	n = vs_agent_take(l->fd, &l->text);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n <= 0) {
		close(l->fd);
		l->fd = -1;
	}
	return true;
}

static enum vs_exit vs_events_go_on(struct vs_events_live *l)
{
	do {
		if (l->fd < 0 && !vs_events_dial(l))
			return VS_EXIT_UNAVAILABLE;
		if (vs_events_lines(l) || fflush(stdout) || ferror(stdout))
			return VS_EXIT_FINE;
	} while (vs_events_wait(l));
	return VS_EXIT_FINE;
}

bool vs_events_stream(struct vs_events *run, enum vs_exit *status)
{
	struct vs_events_live l = { .run = run, .fd = -1 };

	if (!vs_events_ask(run, status))
		return false;
	/* from now on, all that comes */
	run->query.limit = 0;
	l.signals = vs_wait_signals();
	if (*status == VS_EXIT_FINE)
		*status = vs_events_go_on(&l);
	if (l.fd >= 0)
		close(l.fd);
	if (l.signals >= 0)
		close(l.signals);
	vs_buf_free(&l.text);
	return true;
}
