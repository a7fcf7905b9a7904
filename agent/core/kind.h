/* SPDX-License-Identifier: GPL-2.0-only */
/* What there is to know of an event ID. */
#ifndef VS_CORE_KIND_H
#define VS_CORE_KIND_H

#include <stddef.h>

/**
 * struct vs_event_kind - an event ID
 * @id: the ID
 * @name: its name, in English; see vs_text_event_name()
 * @sentence: what it means, in English; NULL where describe.c says it in the
 *            event's own words
 * @message_id: the journal's ID of its messages, 32 hexadecimal digits: never
 *              to be changed
 */
struct vs_event_kind {
	unsigned int id;
	const char *name;
	const char *sentence;
	const char *message_id;
};

/** VS_EVENT_KINDS - room for as many as there may ever be (see
 * vs_event_kind_place())
 */
#define VS_EVENT_KINDS 128

/** vs_event_kind() - what is known of an ID; NULL: it is no event's */
const struct vs_event_kind *vs_event_kind(unsigned int id);

/** vs_event_kind_at() - the kind at a place, by ID; NULL: past the last one */
const struct vs_event_kind *vs_event_kind_at(size_t place);

/** vs_event_kind_place() - the place of an ID, or -1: it is no event's */
int vs_event_kind_place(unsigned int id);

#endif
