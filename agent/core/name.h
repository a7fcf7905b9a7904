/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CORE_NAME_H
#define VS_CORE_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** VS_NAME_MAX - the longest VM or host name, in bytes */
#define VS_NAME_MAX 64
/** VS_NAME_ESCAPED - buffer that holds every escaped name of VS_NAME_MAX */
#define VS_NAME_ESCAPED (VS_NAME_MAX * 4 + 1)

/**
 * vs_utf8_next() - take one character off a UTF-8 string, strictly
 * @s: NUL-terminated, not at its end
 * @cp: the code point; the byte itself when it is no valid character
 *
 * Overlong forms, surrogates and anything past U+10FFFF are not characters.
 *
 * Return: bytes taken (1 to 4), or 0 when the next byte starts none.
 */
size_t vs_utf8_next(const char *s, uint32_t *cp);

/**
 * vs_name_check() - is this a name that the Filter Driver takes too?
 * @s: a VM's or host's name
 *
 * Return: 0; -EINVAL: empty, or a control character (C0, DEL, C1) in it;
 * -ENAMETOOLONG: over VS_NAME_MAX bytes; -EILSEQ: not valid UTF-8.
 */
int vs_name_check(const char *s);

/**
 * vs_name_fit() - make the best name that vs_name_check() takes
 * @buf: receives it
 * @s: a name by somebody else's rules
 *
 * Bad bytes and control characters become '?', what is too long is cut
 * between characters. Everybody who hands on a foreign name does it so, hence
 * they all hand on the same one.
 *
 * Return: 0; -EINVAL: there is none, @s is empty.
 */
int vs_name_fit(char buf[VS_NAME_MAX + 1], const char *s);

/**
 * vs_name_is() - does a user who says this name mean that one?
 * @known: a name as vs_name_fit() makes it
 * @asked: what the user says: a name by its owner's rules, or as we show it
 *
 * Names whose beginnings are equal may be cut to one: whoever finds several
 * has to ask for another way to say it.
 */
bool vs_name_is(const char *known, const char *asked);

/**
 * vs_name_escape() - make any byte string safe and unambiguous on a terminal
 * @buf: receives as many whole characters as fit; always terminated
 * @size: size of @buf, at least 1
 * @s: the hostile string; NULL counts as empty
 *
 * Bad bytes and C0 become \xHH, C1 controls, line separators and bidirectional
 * controls \uHHHH, the backslash itself two.
 *
 * Return: the length that the whole would have, as snprintf().
 */
size_t vs_name_escape(char *buf, size_t size, const char *s);

/**
 * vs_host_is() - are these two names of one host?
 *
 * Case does not matter, and "node1" is "NODE1.example.org"; but "node1.a" is
 * not "node1.b".
 */
bool vs_host_is(const char *a, const char *b);

#endif
