// SPDX-License-Identifier: GPL-2.0-only
/* What the interface for programs shows of the daemon, and has it do. */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "daemon/agent.h"
#include "host/clock.h"
#include "po/i18n.h"
#include "recover/forget.h"

/* milliseconds beside what the inventory is given, for the rest of a sync */
#define VS_API_SYNC 60000
/* milliseconds; what stands between us and a client may hang up after thirty
 * seconds of silence
 */
#define VS_API_ALIVE 15000
/* milliseconds until it is tried again: doubled each time, up to the last */
#define VS_API_PAUSE 1000
#define VS_API_PAUSE_MAX 60000

static void vs_api_look(void *ctx, struct vs_api_view *view)
{
	struct vs_agent *a = ctx;

	*view = (struct vs_api_view){
		.engine = a->engine,
		.history = a->record.history,
		.host = a->conf->host,
		.inventory = a->conf->inventory,
		.foreign = &a->route.foreign,
		.windows = VS_WINDOW_PATH,
		.now = vs_agent_now(a),
		.started = a->started,
		.ready = a->ready,
		.session = a->appliance.session.attached ?
			   VS_API_SESSION_HELD : a->appliance.resigned ?
			   VS_API_SESSION_RESIGNED : VS_API_SESSION_NONE,
		.session_error = &a->appliance.error,
		.read_at = a->manager.read_at,
		.took = a->manager.answers ?
			a->manager.took[(a->manager.answers - 1) %
					VS_MANAGER_TOOK] : 0,
		.passes = a->pass.count,
		.pass_us = a->pass.lasted,
		.lost = a->doorbell.lost,
	};
	if (view->session == VS_API_SESSION_HELD)
		view->epoch = a->appliance.session.epoch;
}

/* the pass that follows the list says when it is over */
static void vs_api_sync(void *ctx)
{
	struct vs_agent *a = ctx;

	vs_manager_refresh(a, true);
	vs_binder_afresh(a);
	vs_pass_plan(a);
}

static void vs_api_done(void *ctx, enum vs_event_id id, enum vs_state state,
			uint64_t bound)
{
	struct vs_agent *a = ctx;
	const struct vs_event event = {
		.time = vs_agent_now(a),
		.id = id,
		.origin = VS_ORIGIN_MANAGER,
		.action_by = VS_ACTOR_OPERATOR,
		.host = a->conf->host,
		.state = state,
		.count = bound,
	};

	vs_agent_event(a, &event);
}

/* as a pass does, and with what netlink tells beside that */
static void vs_api_examine(void *ctx, struct vs_snapshot *host,
			   struct vs_case *of)
{
	struct vs_agent *a = ctx;

	*host = (struct vs_snapshot){ .saved = vs_agent_now(a) };
	host->booted = host->saved - vs_clock_ms(CLOCK_BOOTTIME);
	vs_appliance_read(a, &host->reading);
	vs_driver_reading_enrich(&host->reading);
	host->has_ports = !vs_host_ports_read(&host->ports,
					      &host->ports_error);
	if (host->has_ports)
		vs_binder_complete(a, &host->ports);
	vs_explain_case(a, host, of);
}

static int vs_api_list(void *ctx, const struct vs_driver_part *part,
		       struct vs_driver_host *host, struct vs_error *error)
{
	struct vs_client c;
	int ret = vs_client_open(&c, error);

	(void)ctx;
	if (ret)
		return ret;
	ret = vs_driver_table_each(&c, part, host, error);
	vs_client_close(&c);
	return ret;
}

static int vs_api_verify(void *ctx, const struct vs_vnic_fact *fact,
			 struct vmsafe_net_ioc_verify *verify,
			 struct vs_error *error)
{
	struct vs_agent *a = ctx;
	struct vs_appliance *p = &a->appliance;

	if (p->session.attached)
		return vs_session_verify(&p->session, fact, verify, error);
	return vs_error_set_ioctl(error, "VERIFY_VNIC", VS_WHY_NO_SESSION,
				  ESTALE);
}

static int vs_api_may_forget(const struct vs_driver_vnic *v,
			     struct vs_buf *why, struct vs_error *error)
{
	struct vs_host_ports ports = { 0 };
	int ret = vs_host_ports_read(&ports, error);

	if (!ret)
		ret = vs_forget_refusal(v, vs_host_ports_find(&ports,
							      v->ifindex),
					why);
	vs_host_ports_free(&ports);
	return ret;
}

static int vs_api_forget(void *ctx, const struct vs_port_name *port,
			 bool dry_run, struct vs_driver_vnic *v,
			 struct vs_buf *why, struct vs_error *error)
{
	struct vs_agent *a = ctx;
	struct vs_difference diff;
	struct vs_event event;
	struct vs_client c;
	int ret = vs_client_open(&c, error);

	if (ret)
		return ret;
	ret = vs_client_vnic(&c, port, v, error);
	if (!ret)
		ret = vs_api_may_forget(v, why, error);
	if (!ret && !dry_run) {
		ret = vs_forget(&c, v, error);
		if (!ret) {
			vs_forget_event(&event, &diff, v, a->conf->host,
					vs_agent_now(a));
			vs_agent_event(a, &event);
			vs_pass_plan(a);
		}
	}
	vs_client_close(&c);
	return ret;
}

static const struct vs_api_ops vs_api_daemon = {
	.look = vs_api_look,
	.sync = vs_api_sync,
	.done = vs_api_done,
	.examine = vs_api_examine,
	.list = vs_api_list,
	.verify = vs_api_verify,
	.forget = vs_api_forget,
};

/* vmsafe is where vmsafe-agent is */
static void vs_api_program(char path[PATH_MAX])
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	self[n < 0 ? 0 : n] = '\0';
	if (n < 0 || snprintf(path, PATH_MAX, "%s/vmsafe",
			      dirname(self)) >= PATH_MAX)
		strcpy(path, "/usr/sbin/vmsafe");
}

/* beside the history; they stay when the interface is another */
static struct vs_jobs *vs_interface_jobs(struct vs_agent *a)
{
	char path[PATH_MAX], folder[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s", a->conf->database) >= PATH_MAX ||
	    snprintf(folder, sizeof(folder), "%s/recoveries",
		     dirname(path)) >= PATH_MAX)
		return vs_jobs_new(a->loop, NULL, vs_agent_now(a),
				   &vs_api_daemon, a);
	return vs_jobs_new(a->loop, folder, vs_agent_now(a), &vs_api_daemon,
			   a);
}

static void vs_interface_try(struct vs_agent *a);

static int vs_api_again(sd_event_source *source, uint64_t usec, void *ctx)
{
	(void)source;
	(void)usec;
	vs_interface_try(ctx);
	return 0;
}

/* may it pass by itself? another agent ends, descriptors are given back */
static bool vs_interface_passes(int ret)
{
	return ret == -EADDRINUSE || ret == -EMFILE || ret == -ENFILE ||
	       ret == -ENOMEM || ret == -ENOBUFS || ret == -EAGAIN;
}

/* said once, and tried again less and less often */
static void vs_interface_failed(struct vs_agent *a, int ret,
				const struct vs_error *error)
{
	struct vs_retry *r = &a->api_retry;

	if (!r->pause)
		vs_agent_log_error(LOG_ERR, _("the interface for programs is "
					      "not there"), error);
	if (!vs_interface_passes(ret)) {
		r->pause = 0;
		return;
	}
	r->pause = r->pause ? r->pause * 2 : VS_API_PAUSE;
	if (r->pause > VS_API_PAUSE_MAX)
		r->pause = VS_API_PAUSE_MAX;
	vs_timer_set(a, &r->again, r->pause, vs_api_again);
}

static void vs_interface_try(struct vs_agent *a)
{
	char program[PATH_MAX];
	struct vs_api_config config = {
		.path = a->conf->socket,
		.group = VS_API_GROUP,
		.connections = VS_API_CONNECTIONS,
		.under_way = VS_API_UNDER_WAY,
		.patience = VS_API_PATIENCE,
		.sync_patience = a->conf->timeout + VS_API_SYNC,
		.alive = VS_API_ALIVE,
		.program = program,
		.ops = &vs_api_daemon,
		.ctx = a,
	};
	struct vs_error error;
	int ret;

	if (!a->jobs)
		a->jobs = vs_interface_jobs(a);
	config.jobs = a->jobs;
	if (!config.path || !config.jobs)
		return;
	vs_api_program(program);
	ret = vs_api_start(a->loop, &config, &a->api, &error);
	if (ret) {
		vs_interface_failed(a, ret, &error);
		return;
	}
	if (a->api_retry.pause)
		vs_agent_log(LOG_NOTICE, _("the interface for programs is "
					   "there now"));
	a->api_retry.pause = 0;
}

void vs_interface_start(struct vs_agent *a)
{
	a->api_retry.pause = 0;
	vs_interface_try(a);
}

void vs_interface_stop(struct vs_agent *a)
{
	a->api_retry.again = sd_event_source_disable_unref(a->api_retry.again);
	vs_api_stop(a->api);
	a->api = NULL;
}
