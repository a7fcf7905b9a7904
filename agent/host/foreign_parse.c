// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/pkt_cls.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_bpf.h>
#include <linux/tc_act/tc_mirred.h>
#include <stdio.h>
#include <string.h>

#include "host/foreign_parse.h"

/** struct vs_attrs - attributes, whole ones only */
struct vs_attrs {
	const struct nlattr *next;
	const char *end;
};

static struct vs_attrs vs_attrs_of(const void *data, size_t len)
{
	return (struct vs_attrs){ data, (const char *)data + len };
}

/* the next one, or NULL; what is left over then is no attribute */
static const struct nlattr *vs_attrs_next(struct vs_attrs *a)
{
	const struct nlattr *attr = a->next;

	if (!mnl_attr_ok(attr, a->end - (const char *)attr))
		return NULL;
	a->next = mnl_attr_next(attr);
	return attr;
}

static const struct nlattr *vs_attrs_find(struct vs_attrs a, uint16_t type)
{
	const struct nlattr *attr;

	while ((attr = vs_attrs_next(&a)) && mnl_attr_get_type(attr) != type)
		;
	return attr;
}

static struct vs_attrs vs_attrs_nested(const struct nlattr *attr)
{
	return vs_attrs_of(mnl_attr_get_payload(attr),
			   mnl_attr_get_payload_len(attr));
}

/* the attributes behind a header of @size; false: there is not even that */
static bool vs_attrs_begin(const struct nlmsghdr *nlh, size_t size,
			   struct vs_attrs *a)
{
	size_t len = mnl_nlmsg_get_payload_len(nlh);

	if (len < size)
		return false;
	*a = vs_attrs_of(mnl_nlmsg_get_payload_offset(nlh, size),
			 len - MNL_ALIGN(size) < len ?
			 len - MNL_ALIGN(size) : 0);
	return true;
}

static void vs_attr_string(const struct nlattr *attr, char *to, size_t size)
{
	snprintf(to, size, "%.*s",
		 attr ? (int)mnl_attr_get_payload_len(attr) : 0,
		 attr ? (const char *)mnl_attr_get_payload(attr) : "");
}

static uint32_t vs_attr_number(const struct nlattr *attr)
{
	uint32_t n = 0;

	if (attr && mnl_attr_get_payload_len(attr) == sizeof(n))
		memcpy(&n, mnl_attr_get_payload(attr), sizeof(n));
	return n;
}

int vs_foreign_read_qdisc(const struct nlmsghdr *nlh, struct vs_tc_link *link)
{
	const struct tcmsg *tcm = mnl_nlmsg_get_payload(nlh);
	struct vs_attrs attrs;
	char kind[VS_FOREIGN_WORD];

	if (!vs_attrs_begin(nlh, sizeof(*tcm), &attrs))
		return -EBADMSG;
	vs_attr_string(vs_attrs_find(attrs, TCA_KIND), kind, sizeof(kind));
	link->ifindex = tcm->tcm_ifindex;
	link->clsact = strcmp(kind, "clsact") == 0;
	return link->clsact || strcmp(kind, "ingress") == 0;
}

int vs_foreign_read_link(const struct nlmsghdr *nlh, uint32_t *ifindex,
			 uint32_t ids[3], size_t *n)
{
	static const uint16_t types[] = {
		IFLA_XDP_DRV_PROG_ID, IFLA_XDP_SKB_PROG_ID,
		IFLA_XDP_HW_PROG_ID,
	};
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *xdp;
	struct vs_attrs attrs;

	*n = 0;
	if (!vs_attrs_begin(nlh, sizeof(*ifi), &attrs))
		return -EBADMSG;
	*ifindex = ifi->ifi_index;
	xdp = vs_attrs_find(attrs, IFLA_XDP);
	for (int i = 0; xdp && i < 3; i++) {
		uint32_t id;

		id = vs_attr_number(vs_attrs_find(vs_attrs_nested(xdp),
						  types[i]));
		if (id)
			ids[(*n)++] = id;
	}
	return 0;
}

/* what an action may do to a packet, besides passing and dropping it */
static const struct {
	const char *kind;
	bool rewrites;
} vs_tame_actions[] = {
	{ "gact", false }, { "police", false }, { "skbedit", false },
	{ "connmark", false }, { "ctinfo", false }, { "simple", false },
	{ "sample", false }, { "gate", false }, { "csum", true },
	{ "pedit", true }, { "skbmod", true }, { "vlan", true },
	{ "mpls", true }, { "nat", true },
};

/* an action that is not known may do anything */
static bool vs_action_counts(const char *kind, bool egress)
{
	size_t n = sizeof(vs_tame_actions) / sizeof(*vs_tame_actions);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(vs_tame_actions[i].kind, kind) == 0)
			return egress && vs_tame_actions[i].rewrites;
	}
	return true;
}

/* the same four facts, under other numbers in a filter and in an action */
static void vs_read_prog(struct vs_attrs a, uint16_t id, uint16_t name,
			 uint16_t tag, struct vs_prog *prog)
{
	const struct nlattr *attr = vs_attrs_find(a, tag);

	prog->id = vs_attr_number(vs_attrs_find(a, id));
	vs_attr_string(vs_attrs_find(a, name), prog->name,
		       sizeof(prog->name));
	if (attr && mnl_attr_get_payload_len(attr) == VS_PROG_TAG)
		memcpy(prog->tag, mnl_attr_get_payload(attr), VS_PROG_TAG);
}

static uint32_t vs_mirred_target(struct vs_attrs options)
{
	const struct nlattr *attr = vs_attrs_find(options, TCA_MIRRED_PARMS);
	struct tc_mirred mirred;

	if (!attr || mnl_attr_get_payload_len(attr) < sizeof(mirred))
		return 0;
	memcpy(&mirred, mnl_attr_get_payload(attr), sizeof(mirred));
	return mirred.eaction == TCA_EGRESS_REDIR ||
	       mirred.eaction == TCA_EGRESS_MIRROR ? mirred.ifindex : 0;
}

/* one action; the first that counts is the one to name */
static void vs_read_action(const struct nlattr *act, bool egress,
			   struct vs_tc_finding *finding)
{
	struct vs_attrs a = vs_attrs_nested(act);
	const struct nlattr *options = vs_attrs_find(a, TCA_ACT_OPTIONS);
	char kind[VS_FOREIGN_WORD];

	vs_attr_string(vs_attrs_find(a, TCA_ACT_KIND), kind, sizeof(kind));
	if (options && strcmp(kind, "mirred") == 0 && !finding->target)
		finding->target = vs_mirred_target(vs_attrs_nested(options));
	if (finding->counts || !vs_action_counts(kind, egress))
		return;
	if (options && strcmp(kind, "bpf") == 0) {
		/* a classic program can but pick a verdict */
		vs_read_prog(vs_attrs_nested(options), TCA_ACT_BPF_ID,
			     TCA_ACT_BPF_NAME, TCA_ACT_BPF_TAG,
			     &finding->foreign.prog);
		if (!finding->foreign.prog.id &&
		    vs_attrs_find(vs_attrs_nested(options), TCA_ACT_BPF_OPS))
			return;
	}
	finding->counts = true;
	memcpy(finding->foreign.action, kind, sizeof(kind));
}

/* where each classifier keeps its actions */
static const struct {
	const char *kind;
	uint16_t actions;
} vs_classifiers[] = {
	{ "basic", TCA_BASIC_ACT }, { "bpf", TCA_BPF_ACT },
	{ "cgroup", TCA_CGROUP_ACT }, { "flow", TCA_FLOW_ACT },
	{ "flower", TCA_FLOWER_ACT }, { "fw", TCA_FW_ACT },
	{ "matchall", TCA_MATCHALL_ACT }, { "route", TCA_ROUTE4_ACT },
	{ "u32", TCA_U32_ACT },
};

/* false: nobody knows what such a classifier does */
static bool vs_read_actions(const char *kind, struct vs_attrs options,
			    bool egress, struct vs_tc_finding *finding)
{
	size_t n = sizeof(vs_classifiers) / sizeof(*vs_classifiers), i = 0;
	const struct nlattr *list, *act;
	struct vs_attrs actions;

	while (i < n && strcmp(vs_classifiers[i].kind, kind) != 0)
		i++;
	if (i == n)
		return false;
	list = vs_attrs_find(options, vs_classifiers[i].actions);
	if (!list)
		return true;
	actions = vs_attrs_nested(list);
	while ((act = vs_attrs_next(&actions)))
		vs_read_action(act, egress, finding);
	return true;
}

int vs_foreign_read_filter(const struct nlmsghdr *nlh, bool egress,
			   struct vs_tc_finding *finding)
{
	struct vs_foreign *foreign = &finding->foreign;
	const struct nlattr *options;
	struct vs_attrs attrs;

	*finding = (struct vs_tc_finding){ 0 };
	if (!vs_attrs_begin(nlh, sizeof(struct tcmsg), &attrs))
		return -EBADMSG;
	options = vs_attrs_find(attrs, TCA_OPTIONS);
	/* a chain of filters is announced before the filters in it */
	if (!options)
		return 0;
	vs_attr_string(vs_attrs_find(attrs, TCA_KIND), foreign->kind,
		       sizeof(foreign->kind));
	attrs = vs_attrs_nested(options);
	if (strcmp(foreign->kind, "bpf") == 0)
		vs_read_prog(attrs, TCA_BPF_ID, TCA_BPF_NAME, TCA_BPF_TAG,
			     &foreign->prog);
	if (foreign->prog.id) {
		finding->counts = true;
		strcpy(foreign->kind, "ebpf");
	}
	if (!vs_read_actions(finding->foreign.prog.id ? "bpf" : foreign->kind,
			     attrs, egress, finding))
		finding->counts = true;
	return 0;
}
