/* SPDX-License-Identifier: GPL-2.0-only */
/* What is said of things in JSON, by the daemon and by vmsafe. */
#ifndef VS_API_DOC_H
#define VS_API_DOC_H

#include <jansson.h>

#include "core/alert.h"
#include "core/event.h"
#include "core/text.h"
#include "host/foreign.h"

/** vs_doc_text() - set a string, unless it is empty or NULL */
void vs_doc_text(json_t *doc, const char *key, const char *s);

/** vs_doc_number() - set a number */
void vs_doc_number(json_t *doc, const char *key, int64_t n);

/** vs_doc_flag() - set true or false */
void vs_doc_flag(json_t *doc, const char *key, bool flag);

/** vs_doc_states() - how many there are of each state */
json_t *vs_doc_states(const size_t count[VS_STATE_COUNT]);

/** vs_doc_driver() - the Filter Driver's state */
json_t *vs_doc_driver(const struct vs_driver_info *info);

/** vs_doc_bypass_check() - how the search for foreign programs went: "done",
 * "tcx", "error"
 */
json_t *vs_doc_bypass_check(const struct vs_foreigns *f);

/** vs_doc_event() - an event with all its fields */
json_t *vs_doc_event(const struct vs_event *event,
		     const struct vs_lang *lang);

/** vs_doc_alert() - an alert with all its fields; @now: for its age */
json_t *vs_doc_alert(const struct vs_alert *alert, vs_time now,
		     const struct vs_lang *lang);

#endif
