/* SPDX-License-Identifier: GPL-2.0-only */
/* Events as JSON objects, without a word of any language, and back. */
#ifndef VS_STORE_EVENT_FORM_H
#define VS_STORE_EVENT_FORM_H

#include "core/event.h"
#include "driver/record.h"

/**
 * struct vs_event_copy - an event with all that it points to
 * @event: the event
 */
struct vs_event_copy {
	struct vs_event event;
	struct vs_uuid vm;
	struct vs_error error;
	struct vs_difference *differences;
	char **by;
	char *host;
	char *vm_name;
	char *port;
	char *detail;
};

/** vs_event_write() - the object for an event, or NULL: out of memory */
json_t *vs_event_write(const struct vs_event *event);

/**
 * vs_event_read() - the event for an object
 * @json: the object; keys that are not known are passed over
 * @copy: filled in, for vs_event_copy_free() in any case
 * @reader: the document
 *
 * Return: 0; -EINVAL, said in the reader's error; -ENOMEM.
 */
int vs_event_read(const json_t *json, struct vs_event_copy *copy,
		  const struct vs_reader *reader);

/** vs_event_copy_free() - release it */
void vs_event_copy_free(struct vs_event_copy *copy);

#endif
