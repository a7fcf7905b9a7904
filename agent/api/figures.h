/* SPDX-License-Identifier: GPL-2.0-only */
/* What the metrics count over time. */
#ifndef VS_API_FIGURES_H
#define VS_API_FIGURES_H

#include "core/buf.h"
#include "core/event.h"
#include "driver/entry.h"

/** VS_HISTOGRAM_MAX - the most bounds a histogram has */
#define VS_HISTOGRAM_MAX 14

/**
 * struct vs_histogram - how long something took, again and again
 * @count: how many took no longer than the bound of that number, and longer
 *         than the one before; the last is for what took longer than any
 * @sum: milliseconds, of all
 */
struct vs_histogram {
	uint64_t count[VS_HISTOGRAM_MAX + 1];
	uint64_t sum;
};

/**
 * struct vs_figures - all of them
 * @protect: from a port's birth to its binding
 * @detect: from when a difference was first seen to its event
 * @unbound: entries that were bound and are no longer, by creation ID: to
 *           bind them again is no birth
 * @n_unbound: how many
 */
struct vs_figures {
	struct vs_histogram protect;
	struct vs_histogram detect;
	uint64_t *unbound;
	size_t n_unbound;
};

/** vs_figures_event() - an event was told */
void vs_figures_event(struct vs_figures *f, const struct vs_event *event);

/** vs_figures_notice() - the driver notified of an entry */
void vs_figures_notice(struct vs_figures *f, const struct vs_driver_vnic *v);

/** vs_figures_print() - the histograms in OpenMetrics' text form */
void vs_figures_print(const struct vs_figures *f, struct vs_buf *out);

/** vs_figures_free() - release them */
void vs_figures_free(struct vs_figures *f);

#endif
