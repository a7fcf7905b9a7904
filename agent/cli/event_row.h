/* SPDX-License-Identifier: GPL-2.0-only */
/* Events and alerts as cells of a table, in the user's language. */
#ifndef VS_CLI_EVENT_ROW_H
#define VS_CLI_EVENT_ROW_H

#include <jansson.h>

#include "core/alert.h"
#include "core/event.h"

/** vs_event_cells() - an event as texts for a table */
json_t *vs_event_cells(const struct vs_event *event, uint64_t seq);

/** vs_alert_cells() - an alert as texts for a table */
json_t *vs_alert_cells(const struct vs_alert *alert, vs_time now);

#endif
