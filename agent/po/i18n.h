/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The user's language. Catalogues are gettext's, but read by ourselves: the
 * C library takes none in the C locale, which is all a minimal system has.
 */
#ifndef VS_PO_I18N_H
#define VS_PO_I18N_H

#include "core/text.h"

/** _() - the text in the user's language; N_() of text.h only marks one */
#define _(msgid) vs_gettext(msgid)

/**
 * vs_i18n_init() - choose the language, once, at start
 * @lang: "en", "ja", or NULL for what the environment says (LC_ALL,
 *        LC_MESSAGES, LANG; LANGUAGE before them)
 *
 * Also sets the C library's locale so that UTF-8 text is measured rightly.
 * The catalogue is looked for in $VMSAFE_LOCALEDIR, then beside the program
 * (as `make` leaves it), then where it is installed.
 *
 * Return: 0; -EINVAL: a language that is not known; -ENOENT: @lang was asked
 * for by name and its catalogue is not there (English is in use then).
 */
int vs_i18n_init(const char *lang);

/** vs_gettext() - the text of @msgid in the language chosen */
const char *vs_gettext(const char *msgid) __attribute__((format_arg(1)));

/**
 * vs_ngettext() - likewise, of a text with a number in it
 * @one: in English, for 1
 * @many: in English, for any other number
 * @n: the number
 *
 * The languages there are beside English have one form for all numbers.
 */
const char *vs_ngettext(const char *one, const char *many, size_t n)
	__attribute__((format_arg(1), format_arg(2)));

/** vs_i18n_lang() - the language chosen, for text.h */
const struct vs_lang *vs_i18n_lang(void);

/**
 * vs_i18n_of() - a language beside the one chosen
 * @name: "en" or "ja"; set to "en" when the catalogue of it is not there
 *
 * Its catalogue is read once and kept. Not for two threads at a time.
 */
const struct vs_lang *vs_i18n_of(const char **name);

/** vs_i18n_name() - "en" or "ja" */
const char *vs_i18n_name(void);

#endif
