/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events for the systemd journal, in its native protocol. sd_journal_sendv()
 * waits for a journal that is busy; a socket of our own need not.
 */
#ifndef VS_STORE_JOURNAL_H
#define VS_STORE_JOURNAL_H

#include <stddef.h>

#include "core/event.h"
#include "core/text.h"

/** VS_JOURNAL_SOCKET - the journal's socket */
#define VS_JOURNAL_SOCKET "/run/systemd/journal/socket"

/**
 * struct vs_journal - the fields of one entry
 * @data: they, as the protocol has them
 * @len: their length
 * @failed: memory ran out
 */
struct vs_journal {
	char *data;
	size_t len;
	bool failed;
};

/**
 * vs_journal_write() - the entry for an event
 * @journal: filled in; release with vs_journal_free()
 * @lang: language of MESSAGE; NULL: English
 * @event: the event
 *
 * The fields: MESSAGE, MESSAGE_ID, PRIORITY, SYSLOG_IDENTIFIER, and
 * VMSAFE_ID, _NAME, _LEVEL, _TIME, _ORIGIN, _ACTION_BY, _HOST, and of what
 * there is _FORM, _VM_UUID, _VM_NAME, _PORT, _MAC, _DEVICE_ID (once for each
 * difference), _CAUSE, _STEP (once for each, best first), _COUNT.
 */
void vs_journal_write(struct vs_journal *journal, const struct vs_lang *lang,
		      const struct vs_event *event);

/** vs_journal_free() - release it */
void vs_journal_free(struct vs_journal *journal);

#endif
