// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libxml/parser.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "po/i18n.h"
#include "vsphere/tree.h"

/* memory comes in pieces of that size, or of one that is asked for */
#define VS_TREE_PIECE 65536

/* bytes that the parser is given at once; it looks for limits in between */
#define VS_TREE_STEP 65536

/**
 * struct vs_piece - memory for elements and texts
 * @next: the piece before it
 * @size: bytes in @data
 * @used: how many of them are
 */
struct vs_piece {
	struct vs_piece *next;
	size_t size;
	size_t used;
	char data[] __attribute__((aligned(16)));
};

/**
 * struct vs_tree - see tree.h
 * @xml: libxml2's parser
 * @fn: takes elements
 * @ctx: its
 * @piece: the memory in use, the newest first
 * @memory: how much that is
 * @length: how much was fed
 * @root: the outermost element
 * @top: the element that is open
 * @depth: how many are
 * @item: @depth of the element that is to be handed out; 0: none is open
 * @text: the text of @top, if there is one already
 * @len: its length
 * @cap: the room that it has
 * @ret: the failure
 * @why: what it was
 */
struct vs_tree {
	xmlParserCtxtPtr xml;
	vs_twig_fn fn;
	void *ctx;
	struct vs_piece *piece;
	size_t memory;
	size_t length;
	struct vs_twig *root;
	struct vs_twig *top;
	unsigned int depth;
	unsigned int item;
	char *text;
	size_t len;
	size_t cap;
	int ret;
	const char *why;
};

static void vs_tree_fail(struct vs_tree *t, int ret, const char *why)
{
	if (t->ret)
		return;
	t->ret = ret;
	t->why = why;
	xmlStopParser(t->xml);
}

static bool vs_tree_more(struct vs_tree *t, size_t size)
{
	size_t want = size > VS_TREE_PIECE ? size : VS_TREE_PIECE;
	struct vs_piece *piece;

	if (size > VS_TREE_MEMORY || t->memory + want > VS_TREE_MEMORY) {
		vs_tree_fail(t, -EFBIG, _("a part of it is too large"));
		return false;
	}
	piece = malloc(sizeof(*piece) + want);
	if (!piece) {
		vs_tree_fail(t, -ENOMEM, _("out of memory"));
		return false;
	}
	*piece = (struct vs_piece){ .next = t->piece, .size = want };
	t->piece = piece;
	t->memory += want;
	return true;
}

static void *vs_tree_take(struct vs_tree *t, size_t size)
{
	struct vs_piece *piece = t->piece;
	void *taken;

	size = (size + 15) & ~(size_t)15;
	if (!piece || piece->size - piece->used < size) {
		if (!vs_tree_more(t, size))
			return NULL;
		piece = t->piece;
	}
	taken = piece->data + piece->used;
	piece->used += size;
	return taken;
}

static const char *vs_tree_copy(struct vs_tree *t, const char *s, size_t len)
{
	char *copy = vs_tree_take(t, len + 1);

	if (!copy)
		return NULL;
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

/* forget all that was taken since @twig was, and @twig */
static void vs_tree_forget(struct vs_tree *t, const struct vs_twig *twig)
{
	const char *at = (const char *)twig;
	struct vs_piece *piece;

	while ((piece = t->piece)) {
		if (at >= piece->data && at < piece->data + piece->used) {
			piece->used = at - piece->data;
			return;
		}
		t->piece = piece->next;
		t->memory -= piece->size;
		free(piece);
	}
}

/* <objects> of RetrievePropertiesEx, <objectSet> of WaitForUpdatesEx */
static bool vs_tree_is_item(const struct vs_tree *t, const char *name)
{
	if (!t->fn || t->item)
		return false;
	return (t->depth == 5 && strcmp(name, "objects") == 0) ||
	       (t->depth == 6 && strcmp(name, "objectSet") == 0);
}

static const char *vs_tree_local(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon ? colon + 1 : name;
}

/* of five pointers each: name, prefix, URI, value and its end */
static const char *vs_tree_type(struct vs_tree *t, int n, const xmlChar **v)
{
	for (int i = 0; i < n; i++, v += 5) {
		if (strcmp((const char *)v[0], "type") == 0) {
			const char *s = vs_tree_copy(t, (const char *)v[3],
						     v[4] - v[3]);

			return s ? vs_tree_local(s) : NULL;
		}
	}
	return NULL;
}

static void vs_tree_start(void *ctx, const xmlChar *name,
			  const xmlChar *prefix, const xmlChar *ns, int n_ns,
			  const xmlChar **nss, int n, int n_default,
			  const xmlChar **attributes)
{
	struct vs_tree *t = ctx;
	struct vs_twig *twig;

	(void)prefix;
	(void)ns;
	(void)n_ns;
	(void)nss;
	(void)n_default;
	if (t->ret)
		return;
	if (++t->depth > VS_TREE_DEPTH) {
		vs_tree_fail(t, -EFBIG, _("its elements are too deep"));
		return;
	}
	twig = vs_tree_take(t, sizeof(*twig));
	if (!twig)
		return;
	*twig = (struct vs_twig){ .text = "", .up = t->top };
	twig->name = vs_tree_copy(t, (const char *)name,
				  strlen((const char *)name));
	twig->type = vs_tree_type(t, n, attributes);
	if (t->ret)
		return;
	if (vs_tree_is_item(t, twig->name))
		t->item = t->depth;
	else if (t->top && t->top->last)
		t->top->last->next = twig;
	else if (t->top)
		t->top->child = twig;
	else
		t->root = twig;
	if (t->top && t->item != t->depth)
		t->top->last = twig;
	t->top = twig;
	t->len = 0;
	t->cap = 0;
}

static void vs_tree_end_element(void *ctx, const xmlChar *name,
				const xmlChar *prefix, const xmlChar *ns)
{
	struct vs_tree *t = ctx;
	struct vs_twig *twig = t->top;
	int ret;

	(void)name;
	(void)prefix;
	(void)ns;
	if (t->ret)
		return;
	t->top = twig->up;
	t->len = 0;
	t->cap = 0;
	if (t->item == t->depth) {
		t->item = 0;
		ret = t->fn(t->ctx, twig);
		if (ret)
			vs_tree_fail(t, ret, _("it makes no sense"));
		vs_tree_forget(t, twig);
	}
	t->depth--;
}

/* the text between children is white space, and as little of use */
static void vs_tree_text(void *ctx, const xmlChar *s, int len)
{
	struct vs_tree *t = ctx;
	struct vs_twig *twig = t->top;
	size_t want = t->len + len + 1;
	char *text;

	if (t->ret || !twig || twig->child)
		return;
	if (want > t->cap) {
		want = t->len ? 2 * want : want;
		text = vs_tree_take(t, want);
		if (!text)
			return;
		memcpy(text, twig->text, t->len);
		t->cap = want;
		t->text = text;
	}
	memcpy(t->text + t->len, s, len);
	t->len += len;
	t->text[t->len] = '\0';
	twig->text = t->text;
}

/* called as soon as it says <!DOCTYPE, before anything in it is read */
static void vs_tree_doctype(void *ctx, const xmlChar *name,
			    const xmlChar *external, const xmlChar *system)
{
	(void)name;
	(void)external;
	(void)system;
	vs_tree_fail(ctx, -EINVAL, _("it has a document type"));
}

static void vs_tree_quiet(void *ctx, xmlErrorPtr error)
{
	(void)ctx;
	(void)error;
}

struct vs_tree *vs_tree_new(vs_twig_fn fn, void *ctx)
{
	xmlSAXHandler sax = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = vs_tree_start,
		.endElementNs = vs_tree_end_element,
		.characters = vs_tree_text,
		.cdataBlock = vs_tree_text,
		.internalSubset = vs_tree_doctype,
		.serror = vs_tree_quiet,
	};
	struct vs_tree *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->fn = fn;
	t->ctx = ctx;
	t->xml = xmlCreatePushParserCtxt(&sax, t, NULL, 0, NULL);
	if (!t->xml) {
		free(t);
		return NULL;
	}
	xmlCtxtUseOptions(t->xml, XML_PARSE_NONET | XML_PARSE_NOERROR |
			  XML_PARSE_NOWARNING);
	return t;
}

void vs_tree_free(struct vs_tree *t)
{
	if (!t)
		return;
	vs_tree_forget(t, NULL);
	xmlFreeDoc(t->xml->myDoc);
	xmlFreeParserCtxt(t->xml);
	free(t);
}

static int vs_tree_parse(struct vs_tree *t, const char *bytes, size_t len,
			 bool end)
{
	int err = xmlParseChunk(t->xml, bytes, len, end);

	if (err == XML_ERR_NO_MEMORY)
		vs_tree_fail(t, -ENOMEM, _("out of memory"));
	else if (err || (end && !t->xml->wellFormed))
		vs_tree_fail(t, -EINVAL, _("it is not well-formed XML, or it "
					   "is cut off"));
	return t->ret;
}

int vs_tree_feed(struct vs_tree *t, const char *bytes, size_t len)
{
	size_t step;

	if (t->length + len > VS_TREE_LENGTH)
		vs_tree_fail(t, -EFBIG, _("it is too long"));
	t->length += len;
	for (; len && !t->ret; bytes += step, len -= step) {
		step = len < VS_TREE_STEP ? len : VS_TREE_STEP;
		vs_tree_parse(t, bytes, step, false);
	}
	return t->ret;
}

int vs_tree_end(struct vs_tree *t, const struct vs_twig **root)
{
	*root = NULL;
	if (!t->ret)
		vs_tree_parse(t, NULL, 0, true);
	if (!t->ret && (!t->root || t->depth))
		vs_tree_fail(t, -EINVAL, _("it is not well-formed XML, or it "
					   "is cut off"));
	if (!t->ret)
		*root = t->root;
	return t->ret;
}

const char *vs_tree_why(const struct vs_tree *t)
{
	return t->why ? t->why : "";
}

const struct vs_twig *vs_twig_find(const struct vs_twig *twig,
				   const char *name)
{
	twig = twig ? twig->child : NULL;
	while (twig && strcmp(twig->name, name) != 0)
		twig = twig->next;
	return twig;
}

const char *vs_twig_text(const struct vs_twig *twig, const char *name)
{
	twig = vs_twig_find(twig, name);
	return twig ? twig->text : NULL;
}
