// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "core/kind.h"
#include "host/clock.h"
#include "store/forward.h"
#include "store/journal.h"
#include "store/sink.h"
#include "store/syslog.h"

static_assert(VS_FORWARD_WAIT == VS_SINK_QUEUE, "what waits finds room");

/** enum vs_way - where messages may go */
enum vs_way {
	VS_WAY_JOURNAL,
	VS_WAY_SYSLOG,
	VS_WAY_COUNT
};

/**
 * struct vs_pace - how many events of a kind came lately
 * @since: when counting began, of vs_clock_steady()
 * @sent: how many were sent one by one since then
 * @until: when what is held back is sent; 0: nothing is
 */
struct vs_pace {
	vs_time since;
	uint64_t sent;
	vs_time until;
};

/**
 * struct vs_outgoing - an event of the present evaluation, or held back
 * @place: of its kind
 * @ticket: by which the history knows it; 0: it does not
 * @journal: the entry; empty: not sent there
 * @syslog: the message; empty: not sent there
 */
struct vs_outgoing {
	int place;
	uint64_t ticket;
	struct vs_journal journal;
	struct vs_buf syslog;
};

/**
 * struct vs_forward - what is sent
 * @on: which ways are used
 * @sink: they
 * @told: losses of which the receiver was told
 * @v: events of the present evaluation, and those that are held back
 * @n: how many
 * @ticket: the highest that there was
 * @pace: of each kind
 * @count: events of each kind in @v, and those that a digest stands for
 * @first: the lowest ticket of each
 * @level: the highest level of each
 * @host: the host that the newest event is about
 * @time: the time of the newest event
 */
struct vs_forward {
	const struct vs_lang *lang;
	unsigned int digest;
	vs_time window;
	bool on[VS_WAY_COUNT];
	struct vs_sink sink[VS_WAY_COUNT];
	uint64_t told[VS_WAY_COUNT];
	int epoll;
	int timer;
	struct vs_outgoing *v;
	size_t n;
	uint64_t ticket;
	struct vs_pace pace[VS_EVENT_KINDS];
	uint64_t count[VS_EVENT_KINDS];
	uint64_t first[VS_EVENT_KINDS];
	enum vs_level level[VS_EVENT_KINDS];
	char host[256];
	vs_time time;
};

static int vs_forward_journal(struct vs_forward *f, const char *path,
			      struct vs_error *error)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };

	if (!path)
		return 0;
	if (strlen(path) >= sizeof(un.sun_path))
		return vs_error_set(error, VS_OP_PARSE, VS_WHY_NONE,
				    ENAMETOOLONG, NULL);
	strcpy(un.sun_path, path);
	vs_sink_init(&f->sink[VS_WAY_JOURNAL], (struct sockaddr *)&un,
		     sizeof(un), false);
	f->on[VS_WAY_JOURNAL] = true;
	return 0;
}

static int vs_forward_syslog(struct vs_forward *f, const char *target,
			     struct vs_error *error)
{
	int ret;

	if (!target)
		return 0;
	ret = vs_syslog_target(target, &f->sink[VS_WAY_SYSLOG], error);
	f->on[VS_WAY_SYSLOG] = !ret;
	return ret;
}

static int vs_forward_wake(struct vs_forward *f, struct vs_error *error)
{
	struct epoll_event event = { .events = EPOLLIN };

	f->epoll = epoll_create1(EPOLL_CLOEXEC);
	f->timer = timerfd_create(CLOCK_MONOTONIC,
				  TFD_CLOEXEC | TFD_NONBLOCK);
	if (f->epoll >= 0 && f->timer >= 0 &&
	    !epoll_ctl(f->epoll, EPOLL_CTL_ADD, f->timer, &event))
		return 0;
	return vs_error_set(error, VS_OP_NONE, VS_WHY_NONE, errno, NULL);
}

int vs_forward_open(const struct vs_forward_config *config,
		    struct vs_forward **forward, struct vs_error *error)
{
	struct vs_forward *f = calloc(1, sizeof(*f));
	int ret;

	*forward = NULL;
	if (!f)
		return vs_error_set(error, VS_OP_NONE, VS_WHY_NO_MEMORY,
				    ENOMEM, NULL);
	f->lang = config->lang;
	f->digest = config->digest;
	f->window = config->window;
	f->timer = -1;
	ret = vs_forward_wake(f, error);
	if (!ret)
		ret = vs_forward_journal(f, config->journal, error);
	if (!ret)
		ret = vs_forward_syslog(f, config->syslog, error);
	if (ret)
		vs_forward_close(f);
	else
		*forward = f;
	return ret;
}

static void vs_outgoing_free(struct vs_outgoing *o)
{
	vs_journal_free(&o->journal);
	vs_buf_free(&o->syslog);
}

void vs_forward_close(struct vs_forward *f)
{
	if (!f)
		return;
	for (int i = 0; i < VS_WAY_COUNT; i++) {
		if (f->on[i])
			vs_sink_close(&f->sink[i]);
	}
	for (size_t i = 0; i < f->n; i++)
		vs_outgoing_free(&f->v[i]);
	free(f->v);
	if (f->timer >= 0)
		close(f->timer);
	if (f->epoll >= 0)
		close(f->epoll);
	free(f);
}

static void vs_outgoing_make(const struct vs_forward *f, enum vs_way way,
			     struct vs_outgoing *o,
			     const struct vs_event *event)
{
	if (!f->on[way])
		return;
	if (way == VS_WAY_JOURNAL)
		vs_journal_write(&o->journal, f->lang, event);
	else
		vs_syslog_write(&o->syslog, f->sink[way].stream, f->lang,
				event, getpid());
}

static void vs_outgoing_put(struct vs_forward *f, enum vs_way way,
			    const struct vs_outgoing *o)
{
	struct vs_sink *sink = &f->sink[way];
	bool journal = way == VS_WAY_JOURNAL;

	if (!f->on[way])
		return;
	if (journal ? o->journal.failed : o->syslog.failed)
		sink->lost++;
	else if (journal)
		vs_sink_put(sink, o->journal.data, o->journal.len, 0);
	else
		vs_sink_put(sink, o->syslog.data, o->syslog.len, o->ticket);
}

/* true: there are so many of its kind that they become one */
static bool vs_forward_is_many(const struct vs_forward *f, int place)
{
	return place >= 0 && f->digest && f->count[place] > f->digest;
}

/* of two tickets, 0 being none */
static uint64_t vs_forward_lower(uint64_t a, uint64_t b)
{
	return !a || (b && b < a) ? b : a;
}

static void vs_forward_note(struct vs_forward *f,
			    const struct vs_event *event, uint64_t ticket)
{
	f->time = event->time;
	snprintf(f->host, sizeof(f->host), "%s",
		 event->host ? event->host : "");
	if (ticket > f->ticket)
		f->ticket = ticket;
}

void vs_forward_add(void *ctx, const struct vs_event *event)
{
	vs_forward_add_ticket(ctx, event, 0);
}

void vs_forward_add_ticket(struct vs_forward *f, const struct vs_event *event,
			   uint64_t ticket)
{
	int place = vs_event_kind_place(event->id);
	struct vs_outgoing *v;

	vs_forward_note(f, event, ticket);
	if (place >= 0) {
		f->count[place]++;
		f->first[place] = vs_forward_lower(f->first[place], ticket);
		if (event->level > f->level[place])
			f->level[place] = event->level;
		if (vs_forward_is_many(f, place))
			return;
	}
	v = reallocarray(f->v, f->n + 1, sizeof(*v));
	if (!v) {
		for (int i = 0; i < VS_WAY_COUNT; i++)
			f->sink[i].lost += f->on[i];
		return;
	}
	f->v = v;
	v += f->n++;
	*v = (struct vs_outgoing){ .place = place, .ticket = ticket };
	for (int i = 0; i < VS_WAY_COUNT; i++)
		vs_outgoing_make(f, i, v, event);
}

static void vs_forward_send(struct vs_forward *f, enum vs_way way,
			    const struct vs_event *event, uint64_t ticket)
{
	struct vs_outgoing o = { .ticket = ticket };

	vs_outgoing_make(f, way, &o, event);
	vs_outgoing_put(f, way, &o);
	vs_outgoing_free(&o);
}

void vs_forward_again(struct vs_forward *f, const struct vs_event *event,
		      uint64_t ticket)
{
	vs_forward_note(f, event, ticket);
	for (int i = 0; i < VS_WAY_COUNT; i++)
		vs_forward_send(f, i, event, ticket);
}

void vs_forward_drop(struct vs_forward *f, uint64_t n)
{
	for (int i = 0; i < VS_WAY_COUNT; i++)
		f->sink[i].lost += f->on[i] ? n : 0;
}

static void vs_forward_digest(struct vs_forward *f, int place)
{
	const struct vs_event event = {
		.time = f->time,
		.id = VS_EVENT_DIGEST,
		.level = f->level[place],
		.origin = VS_ORIGIN_APPLIANCE,
		.host = f->host,
		.about = vs_event_kind_at(place)->id,
		.count = f->count[place],
	};

	for (int i = 0; i < VS_WAY_COUNT; i++)
		vs_forward_send(f, i, &event, f->first[place]);
}

/*
 * Does what there is of a kind stay for now? Many that come at once are one
 * digest, at once. What follows, or comes one by one but too often, is held
 * back until the window ends, as if it had all come then.
 */
static bool vs_forward_holds(struct vs_forward *f, int place, vs_time now)
{
	struct vs_pace *pace = &f->pace[place];

	if (pace->until > now)
		return true;
	if (pace->until || now - pace->since >= f->window)
		*pace = (struct vs_pace){ .since = now };
	if (vs_forward_is_many(f, place)) {
		pace->until = now + f->window;
		return false;
	}
	pace->sent += f->count[place];
	if (!f->digest || pace->sent <= f->digest)
		return false;
	pace->until = now + f->window;
	return true;
}

/* send what is not held back */
static void vs_forward_release(struct vs_forward *f, vs_time now)
{
	bool held[VS_EVENT_KINDS];
	size_t n = 0;

	for (int i = 0; vs_event_kind_at(i); i++)
		held[i] = vs_forward_holds(f, i, now);
	for (size_t i = 0; i < f->n; i++) {
		struct vs_outgoing *o = &f->v[i];

		if (o->place >= 0 && held[o->place]) {
			f->v[n++] = *o;
			continue;
		}
		for (int way = 0; way < VS_WAY_COUNT; way++) {
			if (!vs_forward_is_many(f, o->place))
				vs_outgoing_put(f, way, o);
		}
		vs_outgoing_free(o);
	}
	f->n = n;
	for (int i = 0; vs_event_kind_at(i); i++) {
		if (held[i])
			continue;
		if (vs_forward_is_many(f, i))
			vs_forward_digest(f, i);
		f->count[i] = 0;
		f->first[i] = 0;
		f->level[i] = 0;
	}
}

void vs_forward_flush(struct vs_forward *f)
{
	vs_forward_release(f, vs_clock_steady());
	vs_forward_run(f);
}

void vs_forward_settle(struct vs_forward *f)
{
	memset(f->pace, 0, sizeof(f->pace));
	vs_forward_flush(f);
}

/* when the first window ends; -1: none is open */
static vs_time vs_forward_due(const struct vs_forward *f)
{
	vs_time first = -1;

	for (int i = 0; i < VS_EVENT_KINDS; i++) {
		vs_time until = f->pace[i].until;

		if (until && (first < 0 || until < first))
			first = until;
	}
	return first;
}

/* a receiver that takes messages again is told what it did not get */
static void vs_forward_tell(struct vs_forward *f, enum vs_way way, vs_time now)
{
	struct vs_sink *sink = &f->sink[way];
	const struct vs_event event = {
		.time = vs_clock_ms(CLOCK_REALTIME),
		.id = VS_EVENT_EVENTS_LOST,
		.level = VS_LEVEL_ERROR,
		.origin = VS_ORIGIN_APPLIANCE,
		.host = f->host,
		.count = sink->lost - f->told[way],
	};

	if (sink->waiting || !event.count)
		return;
	f->told[way] = sink->lost;
	vs_forward_send(f, way, &event, 0);
	vs_sink_run(sink, now);
}

/* a socket that was closed is out by itself */
static void vs_forward_watch(struct vs_forward *f, const struct vs_sink *sink)
{
	short events = vs_sink_events(sink);
	struct epoll_event event = {
		.events = (events & POLLIN ? EPOLLIN : 0) |
			  (events & POLLOUT ? EPOLLOUT : 0),
	};

	if (sink->fd < 0)
		return;
	if (!events)
		epoll_ctl(f->epoll, EPOLL_CTL_DEL, sink->fd, NULL);
	else if (epoll_ctl(f->epoll, EPOLL_CTL_MOD, sink->fd, &event))
		epoll_ctl(f->epoll, EPOLL_CTL_ADD, sink->fd, &event);
}

static void vs_forward_arm(struct vs_forward *f, vs_time due)
{
	struct itimerspec at = { 0 };
	uint64_t ticks;

	/* what rang has been heard */
	(void)!read(f->timer, &ticks, sizeof(ticks));
	if (due >= 0) {
		at.it_value.tv_sec = due / 1000;
		at.it_value.tv_nsec = due % 1000 * 1000000 + 1;
	}
	timerfd_settime(f->timer, TFD_TIMER_ABSTIME, &at, NULL);
}

void vs_forward_run(struct vs_forward *f)
{
	vs_time now = vs_clock_steady(), first = vs_forward_due(f);

	if (first >= 0 && first <= now) {
		vs_forward_release(f, now);
		first = vs_forward_due(f);
	}
	for (int i = 0; i < VS_WAY_COUNT; i++) {
		vs_time due;

		if (!f->on[i])
			continue;
		vs_sink_run(&f->sink[i], now);
		vs_forward_tell(f, i, now);
		vs_forward_watch(f, &f->sink[i]);
		due = vs_sink_due(&f->sink[i]);
		if (due >= 0 && (first < 0 || due < first))
			first = due;
	}
	vs_forward_arm(f, first);
}

uint64_t vs_forward_handed(const struct vs_forward *f)
{
	uint64_t waits = 0;

	if (f->on[VS_WAY_SYSLOG])
		waits = vs_sink_lowest(&f->sink[VS_WAY_SYSLOG]);
	for (size_t i = 0; i < f->n; i++)
		waits = vs_forward_lower(waits, f->v[i].ticket);
	for (int i = 0; i < VS_EVENT_KINDS; i++)
		waits = vs_forward_lower(waits, f->first[i]);
	return waits ? waits - 1 : f->ticket;
}

void vs_forward_forget(struct vs_forward *f)
{
	for (size_t i = 0; i < f->n; i++)
		f->v[i].ticket = 0;
	memset(f->first, 0, sizeof(f->first));
	vs_sink_forget(&f->sink[VS_WAY_SYSLOG]);
	f->ticket = 0;
}

int vs_forward_fd(const struct vs_forward *f)
{
	return f->epoll;
}

size_t vs_forward_waiting(const struct vs_forward *f)
{
	return f->sink[VS_WAY_JOURNAL].waiting +
	       f->sink[VS_WAY_SYSLOG].waiting;
}

uint64_t vs_forward_lost(const struct vs_forward *f)
{
	return f->sink[VS_WAY_JOURNAL].lost + f->sink[VS_WAY_SYSLOG].lost;
}
