/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_PO_MO_H
#define VS_PO_MO_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct vs_mo - a catalogue as msgfmt writes it
 * @data: the file's contents
 * @size: how many bytes
 * @count: how many messages
 * @ids: offset of the table of msgids
 * @texts: offset of the table of their translations
 * @swap: written on a machine of the other byte order
 */
struct vs_mo {
	char *data;
	size_t size;
	uint32_t count;
	uint32_t ids;
	uint32_t texts;
	int swap;
};

/**
 * vs_mo_parse() - check a catalogue, so that looking up need not
 * @mo: filled in on success; takes @data over
 * @data: the file's contents, from malloc()
 * @size: how many bytes
 *
 * Return: 0; -EINVAL: not a catalogue, or not a sane one (@data is freed).
 */
int vs_mo_parse(struct vs_mo *mo, char *data, size_t size);

/**
 * vs_mo_load() - read a catalogue
 * @mo: filled in on success
 * @path: the file
 *
 * Return: 0, -EINVAL as vs_mo_parse(), or another negative errno.
 */
int vs_mo_load(struct vs_mo *mo, const char *path);

/** vs_mo_get() - the translation of @msgid, or NULL */
const char *vs_mo_get(const struct vs_mo *mo, const char *msgid);

/** vs_mo_free() - release it; it is empty then */
void vs_mo_free(struct vs_mo *mo);

#endif
