/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CORE_BUF_H
#define VS_CORE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/**
 * struct vs_buf - a string that grows
 * @data: the text, terminated; NULL while empty (see vs_buf_str())
 * @len: its length
 * @cap: bytes allocated
 * @failed: memory ran out: the text is incomplete
 *
 * All zeros is an empty buffer. Errors stick, so they are checked once.
 */
struct vs_buf {
	char *data;
	size_t len;
	size_t cap;
	bool failed;
};

/** vs_buf_grow() - make room for @extra bytes and a terminator, by all means */
bool vs_buf_grow(struct vs_buf *buf, size_t extra);

/**
 * vs_buf_room() - room to write at the end
 * @buf: the text
 * @extra: how many bytes are to be written at most
 *
 * What was written there belongs to the text once vs_buf.len is raised. It is
 * not terminated, so this is for texts that are written out by their length.
 *
 * Return: where to write; NULL: out of memory.
 */
static inline char *vs_buf_room(struct vs_buf *buf, size_t extra)
{
	if (buf->cap - buf->len <= extra && !vs_buf_grow(buf, extra))
		return NULL;
	return buf->data + buf->len;
}

/** vs_buf_put() - append bytes; like vs_buf_room() it terminates nothing */
static inline void vs_buf_put(struct vs_buf *buf, const char *s, size_t len)
{
	char *to = vs_buf_room(buf, len);

	if (to) {
		memcpy(to, s, len);
		buf->len += len;
	}
}

/** vs_buf_add() - append a string */
void vs_buf_add(struct vs_buf *buf, const char *s);

/** vs_buf_addf() - append formatted text */
void vs_buf_addf(struct vs_buf *buf, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** vs_buf_str() - the text so far, never NULL */
const char *vs_buf_str(const struct vs_buf *buf);

/** vs_buf_free() - release the text; the buffer is empty and usable again */
void vs_buf_free(struct vs_buf *buf);

#endif
