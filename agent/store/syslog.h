/* SPDX-License-Identifier: GPL-2.0-only */
/* Events as CEF in messages of RFC 5424. */
#ifndef VS_STORE_SYSLOG_H
#define VS_STORE_SYSLOG_H

#include "store/sink.h"
#include "core/buf.h"
#include "core/error.h"
#include "core/event.h"
#include "core/text.h"

/** VS_SYSLOG_FACILITY - the facility of our messages: daemon */
#define VS_SYSLOG_FACILITY 3

/**
 * vs_syslog_target() - read where messages are to go
 * @s: "udp:ADDRESS:PORT" or "tcp:ADDRESS:PORT"; an address of IPv6 stands in
 *     brackets. No name: to look one up may take for ever
 * @sink: made ready
 * @error: what is wrong, one line in its detail
 *
 * Return: 0 or -EINVAL.
 */
int vs_syslog_target(const char *s, struct vs_sink *sink,
		     struct vs_error *error);

/**
 * vs_syslog_write() - the message for an event
 * @buf: appended to: "<28>1 2026-01-31T14:05:00.000Z node1 vmsafe-agent ..."
 * @counted: the length in front, as a stream has it (RFC 6587)
 * @lang: see vs_cef_line()
 * @event: the event
 * @pid: the process
 */
void vs_syslog_write(struct vs_buf *buf, bool counted,
		     const struct vs_lang *lang, const struct vs_event *event,
		     pid_t pid);

#endif
