// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is told is recorded first. Lines for the journal wait until the
 * history has what they say, so that whoever is killed in between does not
 * say it twice.
 */
#include <errno.h>
#include <stdlib.h>
#include <syslog.h>

#include "core/kind.h"
#include "daemon/agent.h"
#include "po/i18n.h"

/* milliseconds between two prunings, and while there is more to prune */
#define VS_RECORD_PRUNE (3600 * 1000)
#define VS_RECORD_PRUNE_MORE 200

/* a database that cannot be used is told of once, until it can be again */
static void vs_record_trouble(struct vs_agent *a, int ret,
			      const struct vs_error *error)
{
	if (!ret && a->record.trouble)
		vs_agent_log(LOG_NOTICE, _("the history can be written again"));
	if (ret && !a->record.trouble)
		vs_agent_log_error(LOG_ERR, _("writing the history; events "
					      "wait in memory"), error);
	a->record.trouble = ret;
}

static int vs_record_prune(sd_event_source *source, uint64_t usec, void *ctx)
{
	struct vs_agent *a = ctx;
	struct vs_error error;
	int n;

	(void)source;
	(void)usec;
	n = vs_history_prune(a->record.history,
			     vs_agent_now(a) - a->conf->retention, &error);
	vs_timer_set(a, &a->record.prune, n > 0 ? VS_RECORD_PRUNE_MORE :
						  VS_RECORD_PRUNE,
		     vs_record_prune);
	return 0;
}

/* one line, of what is in it what people need */
static void vs_record_refused(const struct vs_error *error)
{
	if (error->err == EALREADY)
		vs_agent_log(LOG_ERR, "%s", error->detail);
	else
		vs_agent_log_error(LOG_ERR, _("opening the history"), error);
}

int vs_record_open(struct vs_agent *a, const char *database,
		   struct vs_history **history)
{
	struct vs_error error;
	int ret = vs_history_open(database, false, history, &error);

	if (!*history) {
		vs_record_refused(&error);
		return ret;
	}
	vs_record_trouble(a, ret, &error);
	if (!ret && vs_history_aside(*history))
		vs_agent_log(LOG_ERR, _("the history was damaged; it is now "
					"%s, and a new one was begun"),
			     vs_history_aside(*history));
	return 0;
}

int vs_record_start(struct vs_agent *a, struct vs_history *history)
{
	/* what one that cannot be written has not got is not lost */
	if (a->record.history)
		vs_history_pass_on(a->record.history, history);
	vs_record_stop(a);
	a->record.history = history;
	a->record.listed = 0;
	return vs_timer_set(a, &a->record.prune, 0, vs_record_prune);
}

/* what waits now waits in vain; where it was sent, it is not lost */
static void vs_record_left(const struct vs_agent *a)
{
	size_t n = a->record.history ?
		   vs_history_waiting(a->record.history) : 0;

	if (n)
		vs_agent_log(LOG_ERR, vs_ngettext("%zu event could not be "
						  "recorded and is not in "
						  "the history",
						  "%zu events could not be "
						  "recorded and are not in "
						  "the history", n), n);
}

void vs_record_stop(struct vs_agent *a)
{
	a->record.prune = sd_event_source_disable_unref(a->record.prune);
	vs_record_handed(a);
	vs_record_left(a);
	vs_history_close(a->record.history);
	a->record.history = NULL;
	vs_buf_free(&a->record.lines);
}

/* the Manager's last list, as old as it is; a newer one comes soon */
static void vs_record_restore_list(struct vs_agent *a)
{
	struct vs_feed feed = vs_engine_feed(a->engine);
	struct vs_list_info info = { 0 };
	struct vs_error error;

	vs_engine_begin(a->engine, VS_SOURCE_MANAGER);
	if (!vs_history_inventory_load(a->record.history, &feed, &info.read_at,
				       &error) &&
	    !vs_engine_commit(a->engine, VS_SOURCE_MANAGER, &info))
		return;
	vs_error_set(&error, VS_OP_LIST_VMS, VS_WHY_NOT_READ, EAGAIN, NULL);
	vs_engine_fail(a->engine, VS_SOURCE_MANAGER, &error);
}

void vs_record_restore(struct vs_agent *a)
{
	struct vs_error error;

	if (vs_history_restore(a->record.history, a->engine, &error))
		vs_agent_log_error(LOG_ERR, _("remembering what was open"),
				   &error);
	vs_record_restore_list(a);
}

static int vs_record_newest(void *ctx, uint64_t seq,
			    const struct vs_event *event)
{
	(void)event;
	*(uint64_t *)ctx = seq;
	return 0;
}

bool vs_record_was_online(struct vs_agent *a)
{
	struct vs_history_query q = { .newest = true, .limit = 1 };
	uint64_t back = 0, gone = 0;

	q.id = VS_EVENT_BACK_ONLINE;
	vs_history_each(a->record.history, &q, vs_record_newest, &back, NULL);
	q.id = VS_EVENT_OFFLINE;
	vs_history_each(a->record.history, &q, vs_record_newest, &gone, NULL);
	return back > gone;
}

void vs_record_handed(struct vs_agent *a)
{
	struct vs_error error;
	int ret;

	if (!a->record.history || a->record.open)
		return;
	vs_outlets_handed(a);
	ret = vs_history_commit(a->record.history, &error);
	vs_record_trouble(a, ret, &error);
	vs_api_recorded(a->api);
}

void vs_record_begin(struct vs_agent *a)
{
	struct vs_error error;
	int ret = vs_history_begin(a->record.history, &error);

	a->record.open = true;
	/* it can be opened: whether it can be written is known at the end */
	if (ret)
		vs_record_trouble(a, ret, &error);
}

/* write it down, and only then say it */
void vs_record_end(struct vs_agent *a, bool evaluated)
{
	struct vs_error error;
	int ret = 0;

	if (evaluated)
		ret = vs_history_save(a->record.history, a->engine);
	if (!ret && (evaluated || a->claims.changed))
		ret = vs_claims_save(a);
	vs_outlets_handed(a);
	if (ret)
		vs_error_set(&error, VS_OP_WRITE_FILE, VS_WHY_NO_MEMORY, ret,
			     NULL);
	else
		ret = vs_history_commit(a->record.history, &error);
	vs_record_trouble(a, ret, &error);
	a->record.open = false;
	vs_outlets_flush(a);
	vs_agent_say(a);
	vs_api_recorded(a->api);
}

void vs_record_list(struct vs_agent *a)
{
	struct vs_error error;

	if (a->record.listed == a->manager.read_at)
		return;
	if (!vs_history_inventory_save(a->record.history, a->engine,
				       a->manager.read_at, &error))
		a->record.listed = a->manager.read_at;
}

uint64_t vs_record_event(struct vs_agent *a, const struct vs_event *event,
			 bool sent)
{
	if (!vs_conf_records(a->conf, event->id))
		return 0;
	if (sent && vs_outlets_forward(a, event->id))
		return vs_history_add_outgoing(a->record.history, event);
	vs_history_add(a->record.history, event);
	return 0;
}
