// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/word.h"
#include "po/i18n.h"
#include "policy/contents.h"
#include "policy/host.h"
#include "policy/rule.h"
#include "policy/signature.h"
#include "policy/words.h"

static const struct {
	const char *word;
	const char *map;
	size_t entry;
	size_t max;
} vs_kinds[VS_POLICY_KINDS] = {
	[VS_POLICY_OTHER] = { .word = "other" },
	[VS_POLICY_ANTI_SPOOF] = { "anti-spoof", VS_POLICY_HOSTS,
		sizeof(struct vs_host_entry), VS_POLICY_HOSTS_MAX },
	[VS_POLICY_ALLOW_LIST] = { "allow-list", VS_POLICY_RULES,
		sizeof(struct vs_policy_rule), VS_POLICY_RULES_MAX },
	[VS_POLICY_PREVENTION] = { "intrusion-prevention",
		VS_POLICY_SIGNATURES, sizeof(struct vs_policy_signature),
		VS_POLICY_BUCKET * VS_POLICY_BUCKETS_MAX },
};

const char *vs_policy_kind_word(enum vs_policy_kind kind)
{
	return kind < VS_POLICY_KINDS ? vs_kinds[kind].word : "unknown";
}

const char *vs_policy_kind_map(enum vs_policy_kind kind)
{
	return kind < VS_POLICY_KINDS ? vs_kinds[kind].map : NULL;
}

void vs_contents_free(struct vs_contents *c)
{
	free(c->v);
	*c = (struct vs_contents){ .kind = c->kind };
}

/* room for @n more */
static int vs_contents_reserve(struct vs_contents *c, size_t n,
			       struct vs_buf *why)
{
	size_t cap = c->cap ? c->cap : 64;
	void *v;

	if (c->n + n > vs_kinds[c->kind].max)
		return vs_why_not(why, -E2BIG, _("there is room for %zu "
						 "entries, not for more"),
				  vs_kinds[c->kind].max);
	while (cap < c->n + n)
		cap *= 2;
	if (cap == c->cap)
		return 0;
	v = reallocarray(c->v, cap, vs_kinds[c->kind].entry);
	if (!v)
		return vs_why_not(why, -ENOMEM, "%s", _("out of memory"));
	c->v = v;
	c->cap = cap;
	return 0;
}

static int vs_contents_add_host(struct vs_contents *c,
				const struct vs_host *host, struct vs_buf *why)
{
	struct vs_host_entry e = { .flags = host->flags };
	int ret;

	memcpy(e.key.mac, host->mac, sizeof(e.key.mac));
	for (size_t i = 0; i < c->n; i++) {
		if (memcmp(&c->hosts[i].key, &e.key, sizeof(e.key)) == 0)
			return vs_why_not(why, -EEXIST,
					  _("this MAC address has a line "
					    "already"));
	}
	ret = vs_contents_reserve(c, host->n + 1, why);
	if (ret)
		return ret;
	c->hosts[c->n++] = e;
	e.flags = 0;
	for (int i = 0; i < host->n; i++) {
		e.key.family = host->addresses[i].family;
		memcpy(e.key.address, host->addresses[i].b,
		       sizeof(e.key.address));
		c->hosts[c->n++] = e;
	}
	return 0;
}

static int vs_contents_add_signature(struct vs_contents *c,
				     const struct vs_policy_signature *sig,
				     struct vs_buf *why)
{
	int ret;

	for (size_t i = 0; i < c->n; i++) {
		if (c->signatures[i].number == sig->number)
			return vs_why_not(why, -EEXIST,
					  _("number %u is there already"),
					  sig->number);
	}
	ret = vs_contents_reserve(c, 1, why);
	if (!ret)
		c->signatures[c->n++] = *sig;
	return ret;
}

int vs_contents_parse(struct vs_contents *c, const char *line,
		      struct vs_buf *why)
{
	struct vs_policy_signature sig;
	struct vs_policy_rule rule;
	struct vs_host host;
	int ret;

	if (vs_line_is_empty(line))
		return 0;
	switch (c->kind) {
	case VS_POLICY_ANTI_SPOOF:
		ret = vs_host_parse(line, &host, why);
		return ret ? ret : vs_contents_add_host(c, &host, why);
	case VS_POLICY_ALLOW_LIST:
		ret = vs_rule_parse(line, &rule, why);
		if (!ret)
			ret = vs_contents_reserve(c, 1, why);
		if (!ret)
			c->rules[c->n++] = rule;
		return ret;
	case VS_POLICY_PREVENTION:
		ret = vs_signature_parse(line, &sig, why);
		return ret ? ret : vs_contents_add_signature(c, &sig, why);
	default:
		return vs_why_not(why, -EINVAL, _("this policy has nothing "
						  "that can be set"));
	}
}

/* the line of the guest at entry @i: its addresses may be anywhere */
static void vs_contents_host_line(const struct vs_contents *c, size_t i,
				  struct vs_buf *text)
{
	const struct vs_policy_host *key = &c->hosts[i].key;
	struct vs_host host = { .flags = c->hosts[i].flags };

	memcpy(host.mac, key->mac, sizeof(host.mac));
	for (size_t j = 0; j < c->n && host.n < VS_HOST_ADDRESSES; j++) {
		const struct vs_policy_host *other = &c->hosts[j].key;
		struct vs_address *a;

		if (!other->family ||
		    memcmp(other->mac, key->mac, sizeof(key->mac)) != 0)
			continue;
		a = &host.addresses[host.n++];
		a->family = other->family;
		memcpy(a->b, other->address, sizeof(a->b));
	}
	vs_host_format(&host, text);
}

void vs_contents_lines(const struct vs_contents *c,
		       void (*fn)(void *ctx, const char *line), void *ctx)
{
	for (size_t i = 0; i < c->n; i++) {
		struct vs_buf text = { 0 };

		if (c->kind == VS_POLICY_ALLOW_LIST)
			vs_rule_format(&c->rules[i], &text);
		else if (c->kind == VS_POLICY_PREVENTION)
			vs_signature_format(&c->signatures[i], &text);
		else if (!c->hosts[i].key.family)
			vs_contents_host_line(c, i, &text);
		if (text.len)
			fn(ctx, vs_buf_str(&text));
		vs_buf_free(&text);
	}
}

int vs_contents_buckets(const struct vs_contents *c, uint32_t *keys,
			struct vs_policy_bucket *buckets, struct vs_buf *why)
{
	int n = 0;

	for (size_t i = 0; i < c->n; i++) {
		const struct vs_policy_signature *sig = &c->signatures[i];
		struct vs_policy_signature *slot;
		uint32_t key;
		int b = 0, s = 0;

		memcpy(&key, sig->text, sizeof(key));
		while (b < n && keys[b] != key)
			b++;
		if (b == VS_POLICY_BUCKETS_MAX)
			return vs_why_not(why, -E2BIG,
					  _("signatures begin in more than %d "
					    "different ways"),
					  VS_POLICY_BUCKETS_MAX);
		if (b == n)
			keys[n++] = key;
		slot = buckets[b].signatures;
		while (s < VS_POLICY_BUCKET && slot[s].number)
			s++;
		if (s == VS_POLICY_BUCKET)
			return vs_why_not(why, -E2BIG,
					  _("signature %u begins like %d "
					    "others: no more have room"),
					  sig->number, VS_POLICY_BUCKET);
		slot[s] = *sig;
	}
	return n;
}
