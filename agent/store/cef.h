/* SPDX-License-Identifier: GPL-2.0-only */
/* Events in the Common Event Format. */
#ifndef VS_STORE_CEF_H
#define VS_STORE_CEF_H

#include "core/buf.h"
#include "core/event.h"
#include "core/text.h"

/**
 * vs_cef_line() - an event as one line, without a newline
 * @buf: appended to: "CEF:0|vmsafe-net|vmsafe-agent|0.1.0|368|..."
 * @lang: language of name and message; NULL: English
 * @event: the event
 */
void vs_cef_line(struct vs_buf *buf, const struct vs_lang *lang,
		 const struct vs_event *event);

#endif
