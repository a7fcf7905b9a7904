// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdlib.h>

#include "api/figures.h"

/* rebindings that are remembered; of more, the oldest are forgotten */
#define VS_FIGURES_UNBOUND 4096

/**
 * struct vs_bound - an upper bound
 * @ms: milliseconds; 0 ends a list
 * @text: in seconds, in the one form that OpenMetrics has for it
 */
struct vs_bound {
	uint32_t ms;
	const char *text;
};

static const struct vs_bound vs_figures_protect[VS_HISTOGRAM_MAX + 1] = {
	{ 10, "0.01" }, { 25, "0.025" }, { 50, "0.05" }, { 100, "0.1" },
	{ 250, "0.25" }, { 500, "0.5" }, { 1000, "1.0" }, { 2500, "2.5" },
	{ 5000, "5.0" }, { 10000, "10.0" }, { 30000, "30.0" },
	{ 60000, "60.0" },
};

static const struct vs_bound vs_figures_detect[VS_HISTOGRAM_MAX + 1] = {
	{ 1000, "1.0" }, { 2500, "2.5" }, { 5000, "5.0" }, { 10000, "10.0" },
	{ 30000, "30.0" }, { 60000, "60.0" }, { 120000, "120.0" },
	{ 150000, "150.0" }, { 180000, "180.0" }, { 240000, "240.0" },
	{ 300000, "300.0" }, { 600000, "600.0" }, { 1800000, "1800.0" },
	{ 3600000, "3600.0" },
};

static void vs_histogram_add(struct vs_histogram *h,
			     const struct vs_bound *bounds, uint64_t ms)
{
	size_t i = 0;

	while (bounds[i].ms && ms > bounds[i].ms)
		i++;
	h->count[i]++;
	h->sum += ms;
}

void vs_figures_event(struct vs_figures *f, const struct vs_event *event)
{
	vs_time newest = 0;

	if (event->id != VS_EVENT_OUT_OF_SYNC ||
	    event->form != VS_FORM_DIFFERENCES || !event->n_differences)
		return;
	/* those that were told before are among them; the newest made it */
	for (size_t i = 0; i < event->n_differences; i++) {
		if (event->differences[i].first_seen > newest)
			newest = event->differences[i].first_seen;
	}
	vs_histogram_add(&f->detect, vs_figures_detect, event->time > newest ?
			 event->time - newest : 0);
}

static void vs_figures_unbound(struct vs_figures *f, uint64_t id)
{
	if (!f->unbound)
		f->unbound = calloc(VS_FIGURES_UNBOUND, sizeof(*f->unbound));
	if (f->unbound)
		f->unbound[f->n_unbound++ % VS_FIGURES_UNBOUND] = id;
}

static bool vs_figures_was_bound(const struct vs_figures *f, uint64_t id)
{
	size_t n = f->n_unbound < VS_FIGURES_UNBOUND ? f->n_unbound :
						       VS_FIGURES_UNBOUND;

	for (size_t i = 0; i < n; i++) {
		if (f->unbound[i] == id)
			return true;
	}
	return false;
}

void vs_figures_notice(struct vs_figures *f, const struct vs_driver_vnic *v)
{
	uint64_t both = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_CREATED) |
			VS_ATTR_BIT(VMSAFE_NET_A_VNIC_BOUND);

	if (v->reason == VMSAFE_NET_REASON_UNBOUND)
		vs_figures_unbound(f, v->id);
	if (v->reason != VMSAFE_NET_REASON_BOUND || (v->has & both) != both ||
	    v->bound < v->created || vs_figures_was_bound(f, v->id))
		return;
	vs_histogram_add(&f->protect, vs_figures_protect,
			 (v->bound - v->created) / 1000000);
}

static void vs_histogram_print(const struct vs_histogram *h,
			       const struct vs_bound *bounds, const char *name,
			       const char *help, struct vs_buf *out)
{
	uint64_t n = 0;
	size_t i;

	vs_buf_addf(out, "# TYPE %s histogram\n# UNIT %s seconds\n"
		    "# HELP %s %s\n", name, name, name, help);
	for (i = 0; bounds[i].ms; i++) {
		n += h->count[i];
		vs_buf_addf(out, "%s_bucket{le=\"%s\"} %" PRIu64 "\n", name,
			    bounds[i].text, n);
	}
	n += h->count[i];
	vs_buf_addf(out, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n"
		    "%s_count %" PRIu64 "\n%s_sum %" PRIu64 ".%03u\n", name, n,
		    name, n, name, h->sum / 1000,
		    (unsigned int)(h->sum % 1000));
}

void vs_figures_print(const struct vs_figures *f, struct vs_buf *out)
{
	vs_histogram_print(&f->protect, vs_figures_protect,
			   "vmsafe_time_to_protect_seconds",
			   "From a port's birth to its being bound.", out);
	vs_histogram_print(&f->detect, vs_figures_detect,
			   "vmsafe_time_to_detect_seconds",
			   "From a difference being seen first to its event "
			   "368.", out);
}

void vs_figures_free(struct vs_figures *f)
{
	free(f->unbound);
	f->unbound = NULL;
}
