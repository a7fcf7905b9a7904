// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Manager's list and the hypervisor's word, as the keeper's thread brings
 * them. A thread that does not come back in time is given up and replaced, a
 * bounded number of times for each that may be asked. Only when it was asking
 * for the Manager's list, that list is unknown until an answer comes.
 */
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <syslog.h>

#include "daemon/agent.h"
#include "host/clock.h"
#include "inventory/inventory.h"
#include "po/i18n.h"

/* milliseconds until a source that failed is asked again: doubled each time */
#define VS_MANAGER_PAUSE 1000
#define VS_MANAGER_PAUSE_MAX 30000

/* threads that may be stuck at the same time with one that is asked */
#define VS_MANAGER_STUCK 4

static int vs_manager_due(sd_event_source *source, uint64_t usec, void *ctx);
static int vs_manager_redial_due(sd_event_source *source, uint64_t usec,
				 void *ctx);

static void vs_manager_plan(struct vs_agent *a, vs_time ms)
{
	vs_timer_set(a, &a->manager.refresh, ms, vs_manager_due);
}

static vs_time vs_manager_longer(vs_time pause)
{
	pause = pause ? pause * 2 : VS_MANAGER_PAUSE;
	return pause < VS_MANAGER_PAUSE_MAX ? pause : VS_MANAGER_PAUSE_MAX;
}

/* it is away: ask again, less and less often */
static void vs_manager_retry(struct vs_agent *a)
{
	a->manager.pause = vs_manager_longer(a->manager.pause);
	vs_manager_plan(a, a->manager.pause);
}

/* likewise the hypervisor */
static void vs_manager_redial(struct vs_agent *a)
{
	struct vs_manager *m = &a->manager;

	m->redial_pause = vs_manager_longer(m->redial_pause);
	vs_timer_set(a, &m->redial, m->redial_pause, vs_manager_redial_due);
}

static void vs_manager_failed(struct vs_agent *a, vs_time began,
			      const struct vs_error *error)
{
	vs_engine_fail(a->engine, VS_SOURCE_MANAGER, error);
	if (began > a->manager.began)
		a->manager.began = began;
	a->manager.answered = true;
	vs_manager_retry(a);
	vs_pass_plan(a);
}

/* nobody can be sent, or who was sent does not come back */
static void vs_manager_unasked(struct vs_agent *a, int ret)
{
	struct vs_error error;
	char safe[256];

	vs_name_escape(safe, sizeof(safe), a->conf->inventory);
	vs_error_set(&error, VS_OP_CONNECT, ret == -ETIMEDOUT ?
		     VS_WHY_TIMEOUT : ret == -ENOMEM ?
		     VS_WHY_NO_MEMORY : VS_WHY_NONE, ret, "%s", safe);
	vs_manager_failed(a, vs_clock_steady(), &error);
}

/* facts that the engine does not take are no list */
static void vs_manager_refused(struct vs_agent *a, vs_time began, int ret)
{
	struct vs_error error;

	vs_error_set(&error, VS_OP_READ_VM, ret == -ENOMEM ?
		     VS_WHY_NO_MEMORY : VS_WHY_BAD_DATA, ret, NULL);
	vs_manager_failed(a, began, &error);
}

static int vs_manager_feed(struct vs_agent *a, const struct vs_tiding *t)
{
	const struct vs_feed feed = vs_engine_feed(a->engine);
	int ret = vs_listing_replay(&t->listing, &feed);

	for (const struct vs_domain *d = t->domains; d && !ret; d = d->next)
		ret = vs_domain_feed(d, &feed);
	return ret;
}

static void vs_manager_list(struct vs_agent *a, const struct vs_tiding *t)
{
	const struct vs_list_info info = {
		.read_at = vs_agent_now(a) - t->age,
	};
	int ret;

	vs_engine_begin(a->engine, VS_SOURCE_MANAGER);
	ret = vs_manager_feed(a, t);
	if (!ret)
		ret = vs_engine_commit(a->engine, VS_SOURCE_MANAGER, &info);
	if (ret) {
		vs_manager_refused(a, t->began, ret);
		return;
	}
	a->manager.answered = true;
	a->manager.began = t->began;
	a->manager.read_at = info.read_at;
	a->manager.took[a->manager.answers++ % VS_MANAGER_TOOK] = t->took;
	a->manager.pause = 0;
	vs_manager_plan(a, a->conf->refresh);
	vs_pass_plan(a);
}

/* one VM, whatever was known of it; @t has nothing when it is gone */
static void vs_manager_vm(struct vs_agent *a, const struct vs_tiding *t)
{
	int ret;

	vs_engine_del_vm(a->engine, &t->vm);
	ret = vs_manager_feed(a, t);
	if (ret)
		vs_manager_refused(a, t->began, ret);
	vs_pass_plan(a);
}

/* the hypervisor has described every VM */
static void vs_manager_reached(struct vs_agent *a)
{
	a->manager.redial_pause = 0;
	vs_timer_stop(a->manager.redial);
}

/* keep what the hypervisor says; @t is left without it */
static void vs_manager_domains(struct vs_agent *a, struct vs_tiding *t)
{
	struct vs_domain **p = &a->manager.domains;

	if (t->kind == VS_TIDING_LIST) {
		vs_domains_free(*p);
		*p = t->domains;
		t->domains = NULL;
		return;
	}
	while (*p && vs_uuid_cmp(&(*p)->uuid, &t->vm))
		p = &(*p)->next;
	if (*p) {
		struct vs_domain *old = *p;

		*p = old->next;
		old->next = NULL;
		vs_domains_free(old);
	}
	if (t->domains) {
		t->domains->next = a->manager.domains;
		a->manager.domains = t->domains;
		t->domains = NULL;
	}
}

static void vs_manager_tiding(struct vs_agent *a, struct vs_tiding *t)
{
	bool read = t->kind == VS_TIDING_LIST || t->kind == VS_TIDING_VM ||
		    t->kind == VS_TIDING_GONE;

	if (t->manager && t->kind == VS_TIDING_LIST)
		vs_manager_list(a, t);
	else if (t->manager && read)
		vs_manager_vm(a, t);
	else if (t->manager && t->kind == VS_TIDING_FAILED)
		vs_manager_failed(a, t->began, &t->error);
	else if (t->hypervisor && t->kind == VS_TIDING_FAILED)
		vs_manager_redial(a);
	else if (t->kind == VS_TIDING_ARRIVED)
		vs_arrival_note(a, &t->vm);
	if (t->hypervisor && t->kind == VS_TIDING_LIST)
		vs_manager_reached(a);
	if (t->hypervisor && read) {
		vs_manager_domains(a, t);
		vs_binder_wake(a);
		vs_pass_plan(a);
	}
}

static int vs_manager_late(sd_event_source *source, uint64_t usec, void *ctx)
{
	struct vs_agent *a = ctx;
	struct vs_manager *m = &a->manager;
	enum vs_asked asked;

	(void)source;
	(void)usec;
	if (!m->keeper || !vs_keeper_give_up(m->keeper, &asked))
		return 0;
	m->keeper = NULL;
	m->source = sd_event_source_disable_unref(m->source);
	/* a hypervisor that hangs says nothing about the inventory */
	if (asked == VS_ASKED_HYPERVISOR) {
		vs_manager_redial(a);
		vs_manager_refresh(a, true);
	} else {
		vs_manager_unasked(a, -ETIMEDOUT);
	}
	return 0;
}

static int vs_manager_ready(sd_event_source *source, int fd, uint32_t events,
			    void *ctx)
{
	struct vs_agent *a = ctx;
	struct vs_manager *m = &a->manager;
	struct vs_tiding *t;

	(void)source;
	(void)fd;
	(void)events;
	while (m->keeper && (t = vs_keeper_take(m->keeper))) {
		if (t->kind == VS_TIDING_BUSY)
			vs_timer_set(a, &m->deadline, a->conf->timeout,
				     vs_manager_late);
		else if (t->kind == VS_TIDING_IDLE)
			vs_timer_stop(m->deadline);
		else
			vs_manager_tiding(a, t);
		vs_tiding_free(t);
	}
	return 0;
}

static bool vs_manager_stuck(enum vs_asked asked)
{
	return vs_keeper_lost(asked) >= VS_MANAGER_STUCK;
}

/* a keeper, unless too many are stuck already */
static int vs_manager_hire(struct vs_agent *a)
{
	bool libvirt = strncmp(a->conf->inventory, "libvirt:", 8) == 0;
	struct vs_manager *m = &a->manager;
	int ret;

	if (vs_manager_stuck(libvirt ? VS_ASKED_LIBVIRT : VS_ASKED_INVENTORY))
		return -ETIMEDOUT;
	ret = vs_keeper_new(a->conf->inventory, a->conf->hypervisor,
			    a->conf->timeout, &m->keeper);
	if (ret)
		return ret;
	ret = sd_event_add_io(a->loop, &m->source, vs_keeper_fd(m->keeper),
			      EPOLLIN, vs_manager_ready, a);
	if (ret < 0) {
		/* nobody would hear what it tells */
		vs_keeper_stop(m->keeper);
		m->keeper = NULL;
	}
	return ret;
}

/* unless too many threads are stuck there, or there is nobody to send */
static void vs_manager_dial(struct vs_agent *a)
{
	struct vs_manager *m = &a->manager;

	if (m->keeper && !vs_manager_stuck(VS_ASKED_HYPERVISOR))
		vs_keeper_want_hypervisor(m->keeper);
	else
		vs_manager_redial(a);
}

void vs_manager_refresh(struct vs_agent *a, bool afresh)
{
	struct vs_manager *m = &a->manager;
	bool hired = !m->keeper;
	int ret = hired ? vs_manager_hire(a) : 0;

	if (ret < 0) {
		/* a pass follows: what is due is judged without the list */
		vs_manager_unasked(a, ret);
		return;
	}
	vs_keeper_want_list(m->keeper, afresh);
	/* the list first: a hypervisor may hang; one that failed has a time */
	if (hired && !m->redial_pause)
		vs_manager_dial(a);
}

static int vs_manager_redial_due(sd_event_source *source, uint64_t usec,
				 void *ctx)
{
	(void)source;
	(void)usec;
	vs_manager_dial(ctx);
	return 0;
}

static int vs_manager_due(sd_event_source *source, uint64_t usec, void *ctx)
{
	(void)source;
	(void)usec;
	vs_manager_refresh(ctx, false);
	return 0;
}

/* something has happened in the folder of the inventory's file */
static int vs_manager_file(sd_event_source *source,
			   const struct inotify_event *event, void *ctx)
{
	struct vs_agent *a = ctx;
	const char *path = strchr(a->conf->inventory, ':') + 1;
	const char *name = strrchr(path, '/');

	(void)source;
	name = name ? name + 1 : path;
	if (!event->len || strcmp(event->name, name) == 0)
		vs_manager_refresh(a, true);
	return 0;
}

/* what cannot be watched is read from time to time, as everything is */
static void vs_manager_watch(struct vs_agent *a)
{
	const char *uri = a->conf->inventory;
	char *path;

	if (strncmp(uri, "file:", 5) != 0)
		return;
	path = strdup(uri + 5);
	if (path && sd_event_add_inotify(a->loop, &a->manager.file,
					 dirname(path), IN_CLOSE_WRITE |
					 IN_MOVED_TO | IN_MOVED_FROM |
					 IN_DELETE, vs_manager_file, a) < 0)
		vs_agent_log(LOG_NOTICE, _("%s cannot be watched; it is read "
					   "from time to time"), uri);
	free(path);
}

/* what is dangerous in the URI is said at each start */
static void vs_manager_warn(const struct vs_agent *a)
{
	const char *warning = vs_inventory_warning(a->conf->inventory);

	if (warning)
		vs_agent_log(LOG_WARNING, "%s", warning);
}

int vs_manager_start(struct vs_agent *a)
{
	vs_manager_watch(a);
	vs_manager_warn(a);
	vs_manager_refresh(a, true);
	return 0;
}

void vs_manager_stop(struct vs_agent *a)
{
	struct vs_manager *m = &a->manager;

	m->source = sd_event_source_disable_unref(m->source);
	m->deadline = sd_event_source_disable_unref(m->deadline);
	m->refresh = sd_event_source_disable_unref(m->refresh);
	m->redial = sd_event_source_disable_unref(m->redial);
	m->file = sd_event_source_disable_unref(m->file);
	vs_keeper_stop(m->keeper);
	m->keeper = NULL;
	vs_domains_free(m->domains);
	m->domains = NULL;
	m->answered = false;
	m->pause = 0;
	m->redial_pause = 0;
}
