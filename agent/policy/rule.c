// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/name.h"
#include "core/number.h"
#include "po/i18n.h"
#include "policy/address.h"
#include "policy/rule.h"
#include "policy/words.h"

static const struct {
	const char *word;
	uint8_t number;
} vs_protocols[] = {
	{ "icmp", IPPROTO_ICMP },
	{ "tcp", IPPROTO_TCP },
	{ "udp", IPPROTO_UDP },
	{ "icmpv6", IPPROTO_ICMPV6 },
	{ "sctp", IPPROTO_SCTP },
};

#define VS_PROTOCOLS (sizeof(vs_protocols) / sizeof(*vs_protocols))

static int vs_rule_no(struct vs_buf *why, const char *word, const char *fmt)
{
	char safe[160];

	vs_name_escape(safe, sizeof(safe), word);
	return vs_why_not(why, -EINVAL, "\"%s\" %s", safe, fmt);
}

static int vs_rule_directions(const char *s, struct vs_policy_rule *rule,
			      struct vs_buf *why)
{
	if (strcmp(s, "in") == 0)
		rule->directions = VS_POLICY_RULE_IN;
	else if (strcmp(s, "out") == 0)
		rule->directions = VS_POLICY_RULE_OUT;
	else if (strcmp(s, "both") == 0)
		rule->directions = VS_POLICY_RULE_IN | VS_POLICY_RULE_OUT;
	else
		return vs_rule_no(why, s, _("is none of in, out, both"));
	return 0;
}

static int vs_rule_protocol(const char *s, struct vs_policy_rule *rule,
			    struct vs_buf *why)
{
	uint64_t n;

	rule->any_protocol = strcmp(s, "any") == 0;
	if (rule->any_protocol)
		return 0;
	for (size_t i = 0; i < VS_PROTOCOLS; i++) {
		if (strcmp(s, vs_protocols[i].word) == 0) {
			rule->protocol = vs_protocols[i].number;
			return 0;
		}
	}
	if (vs_number_parse(s, 0, 255, &n))
		return vs_rule_no(why, s, _("is no protocol; there are tcp, "
					    "udp, sctp, icmp, icmpv6, any and "
					    "0 to 255"));
	rule->protocol = n;
	return 0;
}

static int vs_rule_address(const char *s, struct vs_policy_rule *rule,
			   __u64 address[2], __u64 mask[2], struct vs_buf *why)
{
	struct vs_address a;
	uint8_t bits[16];
	int ret;

	if (strcmp(s, "any") == 0)
		return 0;
	ret = vs_prefix_parse(s, &a, bits);
	if (ret == -EDOM)
		return vs_rule_no(why, s, _("has bits set behind the prefix"));
	if (ret)
		return vs_rule_no(why, s, _("is no address, no prefix and "
					    "not any"));
	if (rule->family && rule->family != a.family)
		return vs_rule_no(why, s, _("is not of the same family as "
					    "the other address"));
	rule->family = a.family;
	memcpy(address, a.b, sizeof(a.b));
	memcpy(mask, bits, sizeof(bits));
	return 0;
}

static int vs_rule_ports(const char *s, __u16 range[2], struct vs_buf *why)
{
	char first[8];
	const char *dash = strchr(s, '-');
	size_t len = dash ? (size_t)(dash - s) : strlen(s);
	uint64_t from, to;

	range[0] = 0;
	range[1] = UINT16_MAX;
	if (strcmp(s, "any") == 0)
		return 0;
	snprintf(first, sizeof(first), "%.*s", (int)len, s);
	if (len >= sizeof(first) ||
	    vs_number_parse(first, 0, UINT16_MAX, &from) ||
	    vs_number_parse(dash ? dash + 1 : s, 0, UINT16_MAX, &to))
		return vs_rule_no(why, s, _("is no port, no range of ports "
					    "and not any"));
	if (from > to)
		return vs_rule_no(why, s, _("ends before it begins"));
	range[0] = from;
	range[1] = to;
	return 0;
}

static bool vs_rule_has_ports(const struct vs_policy_rule *rule)
{
	return !rule->any_protocol && (rule->protocol == IPPROTO_TCP ||
				       rule->protocol == IPPROTO_UDP ||
				       rule->protocol == IPPROTO_SCTP ||
				       rule->protocol == IPPROTO_UDPLITE);
}

static int vs_rule_words(char *const v[6], struct vs_policy_rule *rule,
			 struct vs_buf *why)
{
	int ret = vs_rule_directions(v[0], rule, why);

	if (!ret)
		ret = vs_rule_protocol(v[1], rule, why);
	if (!ret)
		ret = vs_rule_address(v[2], rule, rule->source,
				      rule->source_mask, why);
	if (!ret)
		ret = vs_rule_ports(v[3], rule->source_port, why);
	if (!ret)
		ret = vs_rule_address(v[4], rule, rule->target,
				      rule->target_mask, why);
	if (!ret)
		ret = vs_rule_ports(v[5], rule->target_port, why);
	if (ret)
		return ret;
	rule->any_ports = strcmp(v[3], "any") == 0 && strcmp(v[5], "any") == 0;
	if (!rule->any_ports && !vs_rule_has_ports(rule))
		return vs_rule_no(why, v[1], _("is a protocol without ports: "
					       "give any for them"));
	return 0;
}

int vs_rule_parse(const char *line, struct vs_policy_rule *rule,
		  struct vs_buf *why)
{
	struct vs_words_of w;
	int ret = vs_words_split(&w, line);

	memset(rule, 0, sizeof(*rule));
	if (ret == -ENOMEM)
		return vs_why_not(why, ret, "%s", _("out of memory"));
	if (ret || w.n != 6)
		ret = vs_why_not(why, -EINVAL,
				 _("a rule is six words: in|out|both PROTOCOL "
				   "SOURCE PORTS TARGET PORTS"));
	else
		ret = vs_rule_words(w.v, rule, why);
	vs_words_free(&w);
	return ret;
}

static void vs_rule_format_protocol(const struct vs_policy_rule *rule,
				    struct vs_buf *text)
{
	if (rule->any_protocol) {
		vs_buf_add(text, " any");
		return;
	}
	for (size_t i = 0; i < VS_PROTOCOLS; i++) {
		if (vs_protocols[i].number == rule->protocol) {
			vs_buf_addf(text, " %s", vs_protocols[i].word);
			return;
		}
	}
	vs_buf_addf(text, " %u", rule->protocol);
}

static void vs_rule_format_address(uint8_t family, const __u64 address[2],
				   const __u64 mask[2], struct vs_buf *text)
{
	int length = vs_prefix_length(mask);
	char buf[VS_ADDRESS_STR];

	if (!family) {
		vs_buf_add(text, " any");
		return;
	}
	vs_buf_addf(text, " %s", vs_address_format(family, address, buf));
	if (length < (family == 4 ? 32 : 128))
		vs_buf_addf(text, "/%d", length);
}

static void vs_rule_format_ports(const __u16 range[2], struct vs_buf *text)
{
	if (range[0] == 0 && range[1] == UINT16_MAX)
		vs_buf_add(text, " any");
	else if (range[0] == range[1])
		vs_buf_addf(text, " %u", range[0]);
	else
		vs_buf_addf(text, " %u-%u", range[0], range[1]);
}

void vs_rule_format(const struct vs_policy_rule *rule, struct vs_buf *text)
{
	static const char *const directions[] = { "none", "out", "in", "both" };
	bool source = vs_prefix_length(rule->source_mask);
	bool target = vs_prefix_length(rule->target_mask);

	vs_buf_add(text, directions[rule->directions & 3]);
	vs_rule_format_protocol(rule, text);
	/* 0.0.0.0/0 says the family, any does not: one of them has to */
	vs_rule_format_address(source || !target ? rule->family : 0,
			       rule->source, rule->source_mask, text);
	vs_rule_format_ports(rule->source_port, text);
	vs_rule_format_address(target ? rule->family : 0, rule->target,
			       rule->target_mask, text);
	vs_rule_format_ports(rule->target_port, text);
}
