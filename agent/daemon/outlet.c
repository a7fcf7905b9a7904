// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where events go besides the history: to the journal, if that is where
 * standard error goes, with their fields instead of as lines; and to a syslog
 * server, those that are to be forwarded. What that server did not get the
 * history knows, so that it gets it from the next agent.
 */
#include <stdlib.h>
#include <sys/epoll.h>
#include <syslog.h>

#include "daemon/agent.h"
#include "po/i18n.h"
#include "store/journal.h"

/* milliseconds until it is written down how far the receiver has come */
#define VS_OUTLET_IDLE 1000

static int vs_outlets_idle(sd_event_source *source, uint64_t usec, void *ctx)
{
	(void)source;
	(void)usec;
	vs_record_handed(ctx);
	return 0;
}

/* what comes soon is written together */
static void vs_outlets_plan(struct vs_agent *a)
{
	if (a->syslog.forward)
		vs_timer_set(a, &a->syslog.idle, VS_OUTLET_IDLE,
			     vs_outlets_idle);
}

static int vs_outlets_ready(sd_event_source *source, int fd, uint32_t events,
			    void *ctx)
{
	struct vs_agent *a = ctx;

	(void)source;
	(void)fd;
	(void)events;
	if (a->journal.forward)
		vs_forward_run(a->journal.forward);
	if (a->syslog.forward)
		vs_forward_run(a->syslog.forward);
	vs_outlets_plan(a);
	return 0;
}

static int vs_outlet_open(struct vs_agent *a, struct vs_outlet *o,
			  const char *journal, const char *syslog)
{
	const struct vs_forward_config config = {
		.journal = journal,
		.syslog = syslog,
		.lang = vs_i18n_lang(),
		.digest = VS_FORWARD_DIGEST,
		.window = VS_FORWARD_WINDOW,
	};
	struct vs_error error;

	if (vs_forward_open(&config, &o->forward, &error)) {
		vs_agent_log_error(LOG_ERR, _("forwarding events"), &error);
		return 0;
	}
	return sd_event_add_io(a->loop, &o->source, vs_forward_fd(o->forward),
			       EPOLLIN, vs_outlets_ready, a);
}

int vs_outlets_start(struct vs_agent *a)
{
	int ret = 0;

	if (getenv("JOURNAL_STREAM"))
		ret = vs_outlet_open(a, &a->journal, VS_JOURNAL_SOCKET, NULL);
	if (ret >= 0 && a->conf->syslog)
		ret = vs_outlet_open(a, &a->syslog, NULL, a->conf->syslog);
	return ret;
}

static void vs_outlet_close(struct vs_outlet *o)
{
	o->source = sd_event_source_disable_unref(o->source);
	o->idle = sd_event_source_disable_unref(o->idle);
	vs_forward_close(o->forward);
	o->forward = NULL;
	o->resumed = false;
}

void vs_outlets_settle(struct vs_agent *a)
{
	if (a->journal.forward)
		vs_forward_settle(a->journal.forward);
	if (a->syslog.forward)
		vs_forward_settle(a->syslog.forward);
}

void vs_outlets_stop(struct vs_agent *a)
{
	vs_outlet_close(&a->journal);
	vs_outlet_close(&a->syslog);
}

void vs_outlets_change(struct vs_agent *a)
{
	vs_outlets_settle(a);
	vs_record_handed(a);
	vs_outlet_close(&a->syslog);
	vs_history_hand_again(a->record.history);
	if (a->conf->syslog)
		vs_outlet_open(a, &a->syslog, NULL, a->conf->syslog);
	vs_outlets_resume(a);
}

void vs_outlets_leave(struct vs_agent *a)
{
	if (!a->syslog.forward || !a->syslog.resumed)
		return;
	vs_forward_forget(a->syslog.forward);
	vs_history_hand_all(a->record.history);
	a->syslog.resumed = false;
}

/** struct vs_outlets_reader - what an earlier run did not hand on */
struct vs_outlets_reader {
	const struct vs_conf *conf;
	struct vs_forward *forward;
};

static int vs_outlets_again(void *ctx, uint64_t ticket,
			    const struct vs_event *event)
{
	const struct vs_outlets_reader *r = ctx;

	if (vs_conf_forwards(r->conf, event->id))
		vs_forward_again(r->forward, event, ticket);
	return 0;
}

void vs_outlets_resume(struct vs_agent *a)
{
	struct vs_outlets_reader r = { a->conf, a->syslog.forward };
	struct vs_error error;
	uint64_t older;

	/* a history that cannot be read is tried again */
	if (!r.forward || a->syslog.resumed ||
	    vs_history_each_outgoing(a->record.history, VS_FORWARD_WAIT,
				     vs_outlets_again, &r, &older, &error))
		return;
	a->syslog.resumed = true;
	vs_forward_drop(r.forward, older);
	vs_forward_run(r.forward);
	vs_outlets_plan(a);
}

bool vs_outlets_forward(const struct vs_agent *a, unsigned int id)
{
	return a->syslog.forward && vs_conf_forwards(a->conf, id);
}

void vs_outlets_handed(struct vs_agent *a)
{
	if (a->syslog.forward && a->syslog.resumed)
		vs_history_handed(a->record.history,
				  vs_forward_handed(a->syslog.forward));
}

bool vs_outlets_event(struct vs_agent *a, const struct vs_event *event,
		      uint64_t ticket)
{
	if (vs_outlets_forward(a, event->id))
		vs_forward_add_ticket(a->syslog.forward, event, ticket);
	if (a->journal.forward)
		vs_forward_add(a->journal.forward, event);
	return a->journal.forward;
}

void vs_outlets_flush(struct vs_agent *a)
{
	vs_outlets_resume(a);
	if (a->journal.forward)
		vs_forward_flush(a->journal.forward);
	if (a->syslog.forward)
		vs_forward_flush(a->syslog.forward);
	vs_outlets_plan(a);
}
