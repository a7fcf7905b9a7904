// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "po/mo.h"

#define VS_MO_MAGIC	0x950412deU
#define VS_MO_SWAPPED	0xde120495U
#define VS_MO_HEADER	20
#define VS_MO_MAX	(16 * 1024 * 1024)

static uint32_t vs_mo_word(const struct vs_mo *mo, uint32_t offset)
{
	uint32_t word;

	memcpy(&word, mo->data + offset, sizeof(word));
	return mo->swap ? __builtin_bswap32(word) : word;
}

static bool vs_mo_has(const struct vs_mo *mo, uint64_t offset, uint64_t len)
{
	return offset + len <= mo->size;
}

static const char *vs_mo_string(const struct vs_mo *mo, uint32_t table,
				uint32_t i)
{
	return mo->data + vs_mo_word(mo, table + i * 8 + 4);
}

/* every string lies within the file and ends where it says */
static bool vs_mo_table_ok(const struct vs_mo *mo, uint32_t table)
{
	if (!vs_mo_has(mo, table, (uint64_t)mo->count * 8))
		return false;
	for (uint32_t i = 0; i < mo->count; i++) {
		uint32_t len = vs_mo_word(mo, table + i * 8);
		uint32_t at = vs_mo_word(mo, table + i * 8 + 4);

		if (!vs_mo_has(mo, at, (uint64_t)len + 1) ||
		    mo->data[(uint64_t)at + len])
			return false;
	}
	return true;
}

static bool vs_mo_sorted(const struct vs_mo *mo)
{
	for (uint32_t i = 1; i < mo->count; i++) {
		if (strcmp(vs_mo_string(mo, mo->ids, i - 1),
			   vs_mo_string(mo, mo->ids, i)) >= 0)
			return false;
	}
	return true;
}

static bool vs_mo_ok(struct vs_mo *mo)
{
	uint32_t magic;

	if (mo->size < VS_MO_HEADER || mo->size > VS_MO_MAX)
		return false;
	magic = vs_mo_word(mo, 0);
	mo->swap = magic == VS_MO_SWAPPED;
	if (magic != VS_MO_MAGIC && !mo->swap)
		return false;
	/* the upper half is the major revision; 0 and 1 look up alike */
	if (vs_mo_word(mo, 4) >> 16 > 1)
		return false;
	mo->count = vs_mo_word(mo, 8);
	mo->ids = vs_mo_word(mo, 12);
	mo->texts = vs_mo_word(mo, 16);
	return vs_mo_table_ok(mo, mo->ids) && vs_mo_table_ok(mo, mo->texts) &&
	       vs_mo_sorted(mo);
}

int vs_mo_parse(struct vs_mo *mo, char *data, size_t size)
{
	struct vs_mo new = { .data = data, .size = size };

	if (!vs_mo_ok(&new)) {
		free(data);
		return -EINVAL;
	}
	*mo = new;
	return 0;
}

static int vs_mo_read(FILE *f, char **data, size_t *size)
{
	size_t cap = 16384;
	char *buf = malloc(cap);

	for (*size = 0; buf;) {
		char *more;

		*size += fread(buf + *size, 1, cap - *size, f);
		if (*size < cap)
			break;
		more = cap > VS_MO_MAX ? NULL : realloc(buf, cap *= 2);
		if (!more)
			free(buf);
		buf = more;
	}
	*data = buf;
	if (!buf)
		return -ENOMEM;
	if (!ferror(f))
		return 0;
	free(buf);
	return -EIO;
}

int vs_mo_load(struct vs_mo *mo, const char *path)
{
	FILE *f = fopen(path, "re");
	size_t size;
	char *data;
	int ret;

	if (!f)
		return -errno;
	ret = vs_mo_read(f, &data, &size);
	fclose(f);
	return ret ? ret : vs_mo_parse(mo, data, size);
}

const char *vs_mo_get(const struct vs_mo *mo, const char *msgid)
{
	uint32_t lo = 0, hi = mo->count;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int cmp = strcmp(msgid, vs_mo_string(mo, mo->ids, mid));

		if (!cmp)
			return vs_mo_string(mo, mo->texts, mid);
		if (cmp < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

void vs_mo_free(struct vs_mo *mo)
{
	free(mo->data);
	*mo = (struct vs_mo){ 0 };
}
