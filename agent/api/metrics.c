// SPDX-License-Identifier: GPL-2.0-only
/*
 * The figures in OpenMetrics' text form. There are no labels of VMs or MACs:
 * their number would have no bound, and names are the tenants'.
 */
#include <errno.h>
#include <inttypes.h>

#include "api/job.h"
#include "api/model.h"
#include "core/version.h"

#define VS_METRICS_TYPE \
	"application/openmetrics-text; version=1.0.0; charset=utf-8"

/** struct vs_tally - how many there are by state and reason */
struct vs_tally {
	size_t n[VS_STATE_COUNT][VS_REASON_COUNT];
};

static void vs_metrics_head(struct vs_buf *out, const char *name,
			    const char *type, const char *unit,
			    const char *help)
{
	vs_buf_addf(out, "# TYPE %s %s\n", name, type);
	if (unit)
		vs_buf_addf(out, "# UNIT %s %s\n", name, unit);
	vs_buf_addf(out, "# HELP %s %s\n", name, help);
}

static void vs_metrics_gauge(struct vs_buf *out, const char *name,
			     const char *help, uint64_t value)
{
	vs_metrics_head(out, name, "gauge", NULL, help);
	vs_buf_addf(out, "%s %" PRIu64 "\n", name, value);
}

static void vs_metrics_counter(struct vs_buf *out, const char *name,
			       const char *help, uint64_t value)
{
	vs_metrics_head(out, name, "counter", NULL, help);
	vs_buf_addf(out, "%s_total %" PRIu64 "\n", name, value);
}

/* @name ends in _seconds */
static void vs_metrics_seconds(struct vs_buf *out, const char *name,
			       const char *help, int64_t ms)
{
	if (ms < 0)
		ms = 0;
	vs_metrics_head(out, name, "gauge", "seconds", help);
	vs_buf_addf(out, "%s %" PRId64 ".%03d\n", name, ms / 1000,
		    (int)(ms % 1000));
}

static int vs_tally_vm(void *ctx, const struct vs_vm_view *vm)
{
	((struct vs_tally *)ctx)->n[vm->state][vm->reason]++;
	return 0;
}

static int vs_tally_vnic(void *ctx, const struct vs_vnic_view *v)
{
	((struct vs_tally *)ctx)->n[v->state][v->reason]++;
	return 0;
}

static void vs_metrics_tally(struct vs_buf *out, const char *name,
			     const char *help, const struct vs_tally *t)
{
	vs_metrics_head(out, name, "gauge", NULL, help);
	for (int s = 0; s < VS_STATE_COUNT; s++) {
		for (int r = 0; r < VS_REASON_COUNT; r++) {
			if (t->n[s][r])
				vs_buf_addf(out, "%s{state=\"%s\",reason="
					    "\"%s\"} %zu\n", name,
					    vs_state_word(s),
					    r ? vs_reason_word(r) : "",
					    t->n[s][r]);
		}
	}
}

static int vs_metrics_lists(struct vs_buf *out, const struct vs_engine *e)
{
	struct vs_tally vms = { 0 }, vnics = { 0 };
	int ret = vs_engine_each_vm(e, vs_tally_vm, &vms);

	if (!ret)
		ret = vs_engine_each_vnic(e, NULL, vs_tally_vnic, &vnics);
	vs_metrics_tally(out, "vmsafe_vms", "VMs by state and reason.", &vms);
	vs_metrics_tally(out, "vmsafe_vnics", "vNICs by state and reason.",
			 &vnics);
	return ret;
}

static int vs_metrics_alert(void *ctx, const struct vs_alert *alert)
{
	(void)alert;
	(*(uint64_t *)ctx)++;
	return 0;
}

static void vs_metrics_count(void *ctx, unsigned int id, uint64_t n)
{
	vs_buf_addf(ctx, "vmsafe_events_total{id=\"%u\"} %" PRIu64 "\n", id,
		    n);
}

static void vs_metrics_events(struct vs_buf *out,
			      const struct vs_api_view *view)
{
	uint64_t alerts = 0;

	vs_metrics_head(out, "vmsafe_events", "counter", NULL,
			"Events recorded, by event ID.");
	if (view->history)
		vs_history_each_count(view->history, vs_metrics_count, out);
	if (view->history)
		vs_metrics_gauge(out, "vmsafe_events_waiting",
				 "Events that are not written yet.",
				 vs_history_waiting(view->history));
	vs_engine_each_alert(view->engine, vs_metrics_alert, &alerts);
	vs_metrics_gauge(out, "vmsafe_alerts", "Alerts that are open.",
			 alerts);
}

static void vs_metrics_driver(struct vs_buf *out,
			      const struct vs_api_view *view,
			      const struct vs_host_view *host)
{
	static const char *const sessions[VS_API_SESSION_COUNT] = {
		"none", "held", "resigned",
	};

	vs_metrics_head(out, "vmsafe_driver_state", "stateset", NULL,
			"The Filter Driver's state.");
	for (int i = 0; i < VS_DRIVER_STATE_COUNT; i++)
		vs_buf_addf(out, "vmsafe_driver_state{vmsafe_driver_state="
			    "\"%s\"} %d\n", vs_driver_state_word(i),
			    host->driver.state == (enum vs_driver_state)i);
	vs_metrics_head(out, "vmsafe_session_state", "stateset", NULL,
			"The agent's session with the Filter Driver.");
	for (int i = 0; i < VS_API_SESSION_COUNT; i++)
		vs_buf_addf(out, "vmsafe_session_state{vmsafe_session_state="
			    "\"%s\"} %d\n", sessions[i],
			    view->session == (enum vs_api_session)i);
	vs_metrics_gauge(out, "vmsafe_session_epoch",
			 "Number of the present session.", view->epoch);
	vs_metrics_counter(out, "vmsafe_notifications_lost",
			   "Times that notifications of the driver were "
			   "lost.", view->lost);
}

static void vs_metrics_sources(struct vs_buf *out,
			       const struct vs_api_view *view,
			       const struct vs_host_view *host)
{
	vs_time read_at = host->source[VS_SOURCE_MANAGER].info.read_at;

	vs_metrics_head(out, "vmsafe_source_available", "gauge", NULL,
			"Whether a list could be obtained.");
	for (int i = 0; i < VS_SOURCE_COUNT; i++)
		vs_buf_addf(out, "vmsafe_source_available{source=\"%s\"} %d\n",
			    vs_source_word(i), host->source[i].available);
	vs_metrics_head(out, "vmsafe_source_entries", "gauge", NULL,
			"Entries of a list: VMs of the Manager's, ports of "
			"the others.");
	for (int i = 0; i < VS_SOURCE_COUNT; i++)
		vs_buf_addf(out, "vmsafe_source_entries{source=\"%s\"} %zu\n",
			    vs_source_word(i), host->source[i].count);
	if (read_at)
		vs_metrics_seconds(out, "vmsafe_inventory_age_seconds",
				   "Since the Manager's list was read.",
				   view->now - read_at);
	if (view->read_at)
		vs_metrics_seconds(out, "vmsafe_inventory_response_seconds",
				   "How long the inventory took last.",
				   view->took);
}

static void vs_metrics_agent(struct vs_buf *out,
			     const struct vs_api_view *view,
			     const struct vs_job *job)
{
	uint64_t running = 0;

	for (; job; job = job->next)
		running += vs_job_runs(job);
	vs_metrics_head(out, "vmsafe_agent", "info", NULL, "The agent.");
	vs_buf_addf(out, "vmsafe_agent_info{version=\"%s\"} 1\n", VS_VERSION);
	vs_metrics_seconds(out, "vmsafe_agent_start_time_seconds",
			   "When it was started, since 1970.", view->started);
	vs_metrics_gauge(out, "vmsafe_agent_ready",
			 "Whether it has compared once.", view->ready);
	vs_metrics_counter(out, "vmsafe_passes", "Passes of the agent.",
			   view->passes);
	vs_metrics_head(out, "vmsafe_pass_duration_seconds", "gauge",
			"seconds", "How long the last pass took.");
	vs_buf_addf(out, "vmsafe_pass_duration_seconds %" PRIu64 ".%06u\n",
		    view->pass_us / 1000000,
		    (unsigned int)(view->pass_us % 1000000));
	vs_metrics_gauge(out, "vmsafe_recoveries_running",
			 "Recoveries under way.", running);
}

enum MHD_Result vs_serve_metrics(struct vs_ask *rq)
{
	struct vs_host_view host;
	struct vs_buf out = { 0 };

	vs_engine_host(rq->view.engine, &host);
	vs_metrics_agent(&out, &rq->view, rq->api->config.jobs->first);
	if (vs_metrics_lists(&out, rq->view.engine))
		out.failed = true;
	vs_metrics_events(&out, &rq->view);
	vs_metrics_driver(&out, &rq->view, &host);
	vs_metrics_sources(&out, &rq->view, &host);
	vs_figures_print(&rq->api->figures, &out);
	vs_buf_add(&out, "# EOF\n");
	return vs_answer_text(rq, VS_METRICS_TYPE, &out);
}
