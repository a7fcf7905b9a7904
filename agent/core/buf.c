// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"

bool vs_buf_grow(struct vs_buf *buf, size_t extra)
{
	size_t need = buf->len + extra + 1;
	size_t cap = buf->cap ? buf->cap : 128;
	char *data;

	if (buf->failed)
		return false;
	if (need <= buf->cap)
		return true;
	while (cap < need)
		cap *= 2;
	data = realloc(buf->data, cap);
	if (!data) {
		buf->failed = true;
		return false;
	}
	buf->data = data;
	buf->cap = cap;
	return true;
}

void vs_buf_add(struct vs_buf *buf, const char *s)
{
	size_t len = strlen(s);

	if (!vs_buf_grow(buf, len))
		return;
	memcpy(buf->data + buf->len, s, len + 1);
	buf->len += len;
}

void vs_buf_addf(struct vs_buf *buf, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0) {
		buf->failed = true;
		return;
	}
	if (!vs_buf_grow(buf, len))
		return;
	va_start(ap, fmt);
	vsnprintf(buf->data + buf->len, len + 1, fmt, ap);
	va_end(ap);
	buf->len += len;
}

const char *vs_buf_str(const struct vs_buf *buf)
{
	return buf->data ? buf->data : "";
}

void vs_buf_free(struct vs_buf *buf)
{
	free(buf->data);
	*buf = (struct vs_buf){ 0 };
}
