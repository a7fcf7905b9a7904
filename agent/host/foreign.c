// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "core/hex.h"
#include "core/name.h"
#include "core/word.h"
#include "host/foreign.h"

static const char *const vs_spot_words[] = {
	[VS_SPOT_XDP] = "xdp",
	[VS_SPOT_TC_INGRESS] = "tc-ingress",
	[VS_SPOT_TC_EGRESS] = "tc-egress",
	[VS_SPOT_TCX_INGRESS] = "tcx-ingress",
	[VS_SPOT_TCX_EGRESS] = "tcx-egress",
};

const char *vs_spot_word(enum vs_spot spot)
{
	return VS_WORD(vs_spot_words, spot);
}

int vs_spot_parse(const char *s, enum vs_spot *spot)
{
	int i = VS_WORD_FIND(vs_spot_words, s);

	if (i < 0)
		return i;
	*spot = i;
	return 0;
}

struct vs_foreign *vs_foreigns_add(struct vs_foreigns *f)
{
	size_t cap = f->cap ? f->cap * 2 : 16;
	struct vs_foreign *v;

	if (f->n == f->cap) {
		v = reallocarray(f->v, cap, sizeof(*v));
		if (!v)
			return NULL;
		f->v = v;
		f->cap = cap;
	}
	memset(&f->v[f->n], 0, sizeof(*f->v));
	return &f->v[f->n++];
}

static int vs_foreign_order(const void *a, const void *b)
{
	const struct vs_foreign *x = a, *y = b;

	if (x->ifindex != y->ifindex)
		return x->ifindex < y->ifindex ? -1 : 1;
	if (x->spot != y->spot)
		return (int)x->spot - (int)y->spot;
	if (x->prog.id != y->prog.id)
		return x->prog.id < y->prog.id ? -1 : 1;
	return strcmp(x->kind, y->kind);
}

void vs_foreigns_sort(struct vs_foreigns *f)
{
	if (f->n)
		qsort(f->v, f->n, sizeof(*f->v), vs_foreign_order);
}

void vs_foreigns_free(struct vs_foreigns *f)
{
	free(f->v);
	*f = (struct vs_foreigns){ 0 };
}

const struct vs_foreign *vs_foreigns_first(const struct vs_foreigns *f,
					   uint32_t ifindex, size_t *n)
{
	size_t low = 0, high = f->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (f->v[mid].ifindex < ifindex)
			low = mid + 1;
		else
			high = mid;
	}
	for (*n = 0; low + *n < f->n && f->v[low + *n].ifindex == ifindex;)
		++*n;
	return *n ? &f->v[low] : NULL;
}

enum vs_bypass vs_foreigns_of(const struct vs_foreigns *f, uint32_t ifindex)
{
	size_t n;

	if (!f || !f->asked)
		return VS_BYPASS_NO;
	if (vs_foreigns_first(f, ifindex, &n))
		return VS_BYPASS_YES;
	return f->error.op ? VS_BYPASS_UNKNOWN : VS_BYPASS_NO;
}

/* what a file or a program says of itself may hold anything */
static void vs_foreign_word(struct vs_buf *buf, const char *before,
			    const char *word)
{
	char safe[4 * VS_PROG_NAME + 1];

	if (!*word)
		return;
	vs_name_escape(safe, sizeof(safe), word);
	vs_buf_addf(buf, "%s%s", before, safe);
}

void vs_foreign_text(struct vs_buf *buf, const struct vs_foreign *foreign)
{
	const struct vs_prog *prog = &foreign->prog;
	char tag[2 * VS_PROG_TAG + 1];

	vs_buf_add(buf, vs_spot_word(foreign->spot));
	vs_foreign_word(buf, " ", foreign->kind);
	vs_foreign_word(buf, " ", foreign->action);
	vs_foreign_word(buf, " ", prog->name);
	if (vs_prog_has_tag(prog))
		vs_buf_addf(buf, " tag %s",
			    vs_hex_text(tag, prog->tag, VS_PROG_TAG));
	if (prog->id)
		vs_buf_addf(buf, " id %u", prog->id);
	vs_foreign_word(buf, " on ", foreign->via);
}

void vs_foreigns_text(struct vs_buf *buf, const struct vs_foreigns *f,
		      uint32_t ifindex)
{
	const struct vs_foreign *foreign;
	size_t n;

	foreign = vs_foreigns_first(f, ifindex, &n);
	for (size_t i = 0; i < n; i++) {
		if (i)
			vs_buf_add(buf, ", ");
		vs_foreign_text(buf, &foreign[i]);
	}
}
