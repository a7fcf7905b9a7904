// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where events go besides the history: to the journal, if that is where
 * standard error goes, with their fields instead of as lines; and to a syslog
 * server, those that are to be forwarded.
 */
#include <stdlib.h>
#include <sys/epoll.h>
#include <syslog.h>

#include "daemon/agent.h"
#include "po/i18n.h"
#include "store/journal.h"

static int vs_outlet_ready(sd_event_source *source, int fd, uint32_t events,
			   void *ctx)
{
	struct vs_outlet *o = ctx;

	(void)source;
	(void)fd;
	(void)events;
	vs_forward_run(o->forward);
	return 0;
}

static int vs_outlet_open(struct vs_agent *a, struct vs_outlet *o,
			  const struct vs_forward_config *config)
{
	struct vs_error error;

	if (vs_forward_open(config, &o->forward, &error)) {
		vs_agent_log_error(LOG_ERR, _("forwarding events"), &error);
		return 0;
	}
	return sd_event_add_io(a->loop, &o->source, vs_forward_fd(o->forward),
			       EPOLLIN, vs_outlet_ready, o);
}

int vs_outlets_start(struct vs_agent *a)
{
	struct vs_forward_config config = {
		.journal = getenv("JOURNAL_STREAM") ? VS_JOURNAL_SOCKET : NULL,
		.lang = vs_i18n_lang(),
		.digest = VS_FORWARD_DIGEST,
	};
	int ret = 0;

	if (config.journal)
		ret = vs_outlet_open(a, &a->journal, &config);
	config.journal = NULL;
	config.syslog = a->conf->syslog;
	if (ret >= 0 && config.syslog)
		ret = vs_outlet_open(a, &a->syslog, &config);
	return ret;
}

static void vs_outlet_close(struct vs_outlet *o)
{
	o->source = sd_event_source_disable_unref(o->source);
	vs_forward_close(o->forward);
	o->forward = NULL;
}

void vs_outlets_stop(struct vs_agent *a)
{
	vs_outlet_close(&a->journal);
	vs_outlet_close(&a->syslog);
}

bool vs_outlets_event(struct vs_agent *a, const struct vs_event *event)
{
	if (a->syslog.forward && vs_conf_forwards(a->conf, event->id))
		vs_forward_add(a->syslog.forward, event);
	if (a->journal.forward)
		vs_forward_add(a->journal.forward, event);
	return a->journal.forward;
}

void vs_outlets_flush(struct vs_agent *a)
{
	if (a->journal.forward)
		vs_forward_flush(a->journal.forward);
	if (a->syslog.forward)
		vs_forward_flush(a->syslog.forward);
}
