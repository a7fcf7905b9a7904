// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "core/name.h"
#include "core/pool.h"
#include "core/table.h"
#include "inventory/document.h"
#include "inventory/element.h"
#include "po/i18n.h"

/** struct vs_listed - a UUID that the document has already had */
struct vs_listed {
	struct vs_node node;
	struct vs_uuid uuid;
	size_t index;
};

/**
 * struct vs_document - a file inventory being read
 * @file: its name, safe to print
 * @s: how far it is read
 * @listed: the UUIDs so far
 */
struct vs_document {
	char file[128];
	struct vs_scan s;
	struct vs_table listed;
	struct vs_pool pool;
	const struct vs_feed *feed;
	struct vs_error *error;
};

static int vs_document_fail(struct vs_document *d, size_t line,
			    const char *what)
{
	vs_error_set(d->error, VS_OP_PARSE, VS_WHY_BAD_DATA, EINVAL,
		     "%s:%zu: %s", d->file, line, what);
	return -EINVAL;
}

static int vs_document_expect(struct vs_document *d, char c)
{
	char what[64];

	if (vs_scan_take(&d->s, c))
		return 0;
	snprintf(what, sizeof(what), _("'%c' expected"), c);
	return vs_document_fail(d, d->s.line, what);
}

/* the parser's own error, at the line of the file */
static int vs_document_syntax(struct vs_document *d, size_t index,
			      const json_error_t *e)
{
	char safe[sizeof(e->text) * 2], what[sizeof(safe) + 32];

	vs_name_escape(safe, sizeof(safe), e->text);
	snprintf(what, sizeof(what), "vms[%zu]: %s", index, safe);
	return vs_document_fail(d, d->s.line + e->line - 1, what);
}

/* remember a UUID; a second VM of the same one is an error */
static int vs_document_list(struct vs_document *d,
			    const struct vs_element *el,
			    const struct vs_uuid *uuid)
{
	struct vs_listed *listed;
	struct vs_node *node;
	uint64_t w[2];
	uint32_t hash;

	memcpy(w, uuid->b, sizeof(w));
	hash = vs_table_mix(w[0], w[1], (uintptr_t)d);
	for (node = vs_table_first(&d->listed, hash); node; node = node->next) {
		listed = (struct vs_listed *)node;
		if (vs_uuid_cmp(&listed->uuid, uuid) == 0)
			return vs_element_fail(el, VS_NO_VNIC, "uuid",
					       _("is that of vms[%zu] too"),
					       listed->index);
	}
	listed = vs_pool_get(&d->pool);
	if (!listed)
		goto no_memory;
	listed->uuid = *uuid;
	listed->index = el->index;
	listed->node.hash = hash;
	if (vs_table_add(&d->listed, &listed->node) == 0)
		return 0;
no_memory:
	return vs_error_set(d->error, VS_OP_PARSE, VS_WHY_NO_MEMORY, ENOMEM,
			    NULL);
}

static int vs_document_decode(struct vs_document *d,
			      const struct vs_element *el)
{
	struct vs_vm_fact fact;
	int ret;

	ret = vs_element_vm(el, &fact);
	if (!ret)
		ret = vs_document_list(d, el, &fact.uuid);
	if (!ret)
		ret = d->feed->vm(d->feed->ctx, &fact);
	if (!ret)
		ret = vs_element_vnics(el, &fact.uuid, d->feed);
	return ret;
}

static int vs_document_vm(struct vs_document *d, size_t index)
{
	struct vs_element el = {
		.file = d->file,
		.index = index,
		.error = d->error,
	};
	json_error_t e;
	char what[64];
	int ret;

	if (vs_scan_peek(&d->s) != '{') {
		snprintf(what, sizeof(what), _("vms[%zu]: must be an object"),
			 index);
		return vs_document_fail(d, d->s.line, what);
	}
	el.start = d->s;
	el.json = json_loadb(d->s.at, d->s.end - d->s.at,
			     JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK |
			     JSON_ALLOW_NUL, &e);
	if (!el.json)
		return vs_document_syntax(d, index, &e);
	ret = vs_document_decode(d, &el);
	json_decref(el.json);
	vs_scan_to(&d->s, d->s.at + e.position);
	return ret;
}

static int vs_document_vms(struct vs_document *d)
{
	size_t index = 0;
	int ret = vs_document_expect(d, '[');

	if (ret || vs_scan_take(&d->s, ']'))
		return ret;
	do {
		ret = vs_document_vm(d, index++);
	} while (!ret && vs_scan_take(&d->s, ','));
	return ret ? ret : vs_document_expect(d, ']');
}

/* the outermost object: "vms" and nothing else, once */
static int vs_document_top(struct vs_document *d)
{
	const char *key;
	size_t len;
	int ret = vs_document_expect(d, '{');

	if (ret)
		return ret;
	if (!vs_scan_string(&d->s, &key, &len) || len != 3 ||
	    memcmp(key, "vms", 3) != 0)
		return vs_document_fail(d, d->s.line,
					_("\"vms\" expected, and nothing "
					  "beside it"));
	ret = vs_document_expect(d, ':');
	if (!ret)
		ret = vs_document_vms(d);
	if (!ret && vs_scan_peek(&d->s) == ',')
		return vs_document_fail(d, d->s.line,
					_("\"vms\" expected, and nothing "
					  "beside it"));
	if (!ret)
		ret = vs_document_expect(d, '}');
	if (!ret && (vs_scan_peek(&d->s) || d->s.at < d->s.end))
		ret = vs_document_fail(d, d->s.line,
				       _("something follows the inventory"));
	return ret;
}

int vs_document_read(const char *name, const char *text, size_t len,
		     const struct vs_feed *feed, struct vs_error *error)
{
	struct vs_document d = {
		.s = { .at = text, .end = text + len, .line = 1 },
		.feed = feed,
		.error = error,
	};
	int ret;

	vs_name_escape(d.file, sizeof(d.file), name);
	vs_pool_init(&d.pool, sizeof(struct vs_listed));
	ret = vs_document_top(&d);
	vs_table_free(&d.listed);
	vs_pool_free(&d.pool);
	return ret;
}
