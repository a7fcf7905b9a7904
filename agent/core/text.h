/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From events and states to text for people. Pure: the catalogue is a
 * function that the caller brings.
 */
#ifndef VS_CORE_TEXT_H
#define VS_CORE_TEXT_H

#include "core/buf.h"
#include "core/event.h"

/** N_() - marks a text for xgettext that is translated elsewhere */
#define N_(msgid) (msgid)

/**
 * struct vs_lang - a language
 * @tr: gives the translation of @msgid, or @msgid itself; NULL: English
 * @ctx: handed to @tr
 */
struct vs_lang {
	const char *(*tr)(void *ctx, const char *msgid);
	void *ctx;
};

/** vs_tr() - the text of @msgid in @lang (NULL: English) */
const char *vs_tr(const struct vs_lang *lang, const char *msgid)
	__attribute__((format_arg(2)));

/* text.c */

/* Names for people; static strings or catalogue strings, never NULL. */

/** vs_text_level() - "Warning", "警告" */
const char *vs_text_level(const struct vs_lang *lang, enum vs_level level);
/** vs_text_event_name() - "Interfaces Out of Sync", in Japanese as in the
 * documents of that event
 */
const char *vs_text_event_name(const struct vs_lang *lang,
			       enum vs_event_id id);
/** vs_text_origin() - which part of the system */
const char *vs_text_origin(const struct vs_lang *lang, enum vs_origin origin);
/** vs_text_actor() - who performed the action */
const char *vs_text_actor(const struct vs_lang *lang, enum vs_actor actor);
/** vs_text_state() - "in sync", "out of sync", ... */
const char *vs_text_state(const struct vs_lang *lang, enum vs_state state);
/** vs_text_reason() - a phrase, e.g. "only the Manager has it" */
const char *vs_text_reason(const struct vs_lang *lang, enum vs_reason reason);
/** vs_text_source() - "Manager", "Filter Driver", "Host"; same in Japanese */
const char *vs_text_source(const struct vs_lang *lang, enum vs_source source);
/** vs_text_power() - "running", "shut off", ... */
const char *vs_text_power(const struct vs_lang *lang, enum vs_power power);
/** vs_text_driver_state() - "online", "not loaded", ... */
const char *vs_text_driver_state(const struct vs_lang *lang,
				 enum vs_driver_state state);
/** vs_text_mode() - "enforcing", ... */
const char *vs_text_mode(const struct vs_lang *lang, enum vs_mode mode);
/** vs_text_op() - a phrase, e.g. "reading the Filter Driver's list" */
const char *vs_text_op(const struct vs_lang *lang, enum vs_op op);
/** vs_text_why() - a phrase; "" for VS_WHY_NONE */
const char *vs_text_why(const struct vs_lang *lang, enum vs_why why);

/* describe.c */

/**
 * vs_text_error() - an error on one line, without a newline
 * @buf: appended to, e.g. "ioctl failed: EBUSY (LIST_VNICS): another ..."
 * @lang: language
 * @error: what failed
 */
void vs_text_error(struct vs_buf *buf, const struct vs_lang *lang,
		   const struct vs_error *error);

/**
 * vs_text_difference() - one line of a 368, without a newline
 * @buf: appended to: "MAC: 00:50:56:85:00:B6 - Device ID: 1 - Source: Manager"
 * @lang: language
 * @diff: what to print; "-" stands for a MAC or device ID that is not known
 */
void vs_text_difference(struct vs_buf *buf, const struct vs_lang *lang,
			const struct vs_difference *diff);

/** vs_text_description() - an event's description; lines end with newlines */
void vs_text_description(struct vs_buf *buf, const struct vs_lang *lang,
			 const struct vs_event *event);

/** vs_text_advice() - an event's cause and steps, a line each, if known */
void vs_text_advice(struct vs_buf *buf, const struct vs_lang *lang,
		    const struct vs_event *event);

/**
 * vs_text_event() - a whole event, one "Label: value" a line
 * @buf: appended to
 * @lang: language
 * @event: what to print
 * @time: the time as text, or NULL to leave the line out: turning a time into
 *        a date needs a time zone, which is the caller's
 */
void vs_text_event(struct vs_buf *buf, const struct vs_lang *lang,
		   const struct vs_event *event, const char *time);

#endif
