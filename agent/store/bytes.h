/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Strings of any bytes, such as a port's name may be, in JSON, which has room
 * for UTF-8 only.
 */
#ifndef VS_STORE_BYTES_H
#define VS_STORE_BYTES_H

#include <jansson.h>
#include <stdbool.h>

/** vs_bytes_are_text() - is it UTF-8? NULL is */
bool vs_bytes_are_text(const char *s);

/** vs_bytes_write() - as hexadecimal digits; @size: of @buf */
void vs_bytes_write(const char *s, char *buf, size_t size);

/** vs_bytes_read() - back; 0 or -EINVAL: no such digits, or too many */
int vs_bytes_read(const char *digits, char *buf, size_t size);

/** vs_bytes_cut() - copy as much of @s as fits, in whole characters */
void vs_bytes_cut(char *buf, size_t size, const char *s);

/**
 * vs_bytes_safe() - a text that was safe to print when it was stored
 * @s: the text
 *
 * Return: a copy of it for free(); escaped if it is not safe after all; NULL:
 * out of memory.
 */
char *vs_bytes_safe(const char *s);

/** vs_bytes_set() - set a member, or KEY_bytes; nothing for NULL. 0 or
 * -ENOMEM
 */
int vs_bytes_set(json_t *json, const char *key, const char *s);

/**
 * vs_bytes_get() - read such a member
 * @json: the object
 * @key: the member
 * @s: a copy for free(); NULL: there is none
 *
 * Return: 0; -EINVAL: it is no string; -ENOMEM.
 */
int vs_bytes_get(const json_t *json, const char *key, char **s);

#endif
