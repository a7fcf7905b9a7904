/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_API_ACCEPT_H
#define VS_API_ACCEPT_H

/**
 * vs_accept_language() - the language that a client wants
 * @header: its Accept-Language; NULL: none
 * @usual: the language for who wants none that there is
 *
 * Return: "en", "ja" or @usual.
 */
const char *vs_accept_language(const char *header, const char *usual);

#endif
