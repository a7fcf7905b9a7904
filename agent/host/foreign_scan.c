// SPDX-License-Identifier: GPL-2.0-only
/* The search for foreign programs: rtnetlink, then bpf(2). */
#include <errno.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "driver/netlink.h"
#include "host/foreign_parse.h"

/** struct vs_tc_links - links that tc filters may stand on */
struct vs_tc_links {
	struct vs_tc_link *v;
	size_t n, cap;
};

/**
 * struct vs_scan - a search
 * @found: what it comes to
 * @ports: the ports it is about, ascending
 * @n: how many
 * @nl: rtnetlink
 * @links: links that have a place for filters
 * @tc: the place whose filters are being dumped
 * @egress: it is the egress place
 * @kept: entries found before the dump that is running
 */
struct vs_scan {
	struct vs_foreigns *found;
	const uint32_t *ports;
	size_t n;
	struct vs_netlink nl;
	struct vs_tc_links links;
	const struct vs_tc_link *tc;
	bool egress;
	size_t kept;
};

static int vs_scan_order(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static bool vs_scan_wants(const struct vs_scan *s, uint32_t ifindex)
{
	return s->n && bsearch(&ifindex, s->ports, s->n, sizeof(ifindex),
			       vs_scan_order);
}

/* the first thing that went wrong is the one to tell */
static void vs_scan_fail(struct vs_scan *s, const struct vs_error *error)
{
	if (s->found->error.op)
		return;
	s->found->error = *error;
	s->found->error.op = VS_OP_FIND_PROGRAMS;
}

static int vs_scan_add(struct vs_scan *s, const struct vs_foreign *foreign)
{
	struct vs_foreign *to = vs_foreigns_add(s->found);

	if (!to)
		return -ENOMEM;
	*to = *foreign;
	return 0;
}

/* an attempt begins: what an earlier one gave does not count */
static void vs_scan_again(void *ctx)
{
	struct vs_scan *s = ctx;

	s->found->n = s->kept;
	if (!s->tc)
		s->links.n = 0;
}

static int vs_scan_dump(struct vs_scan *s, struct vs_request *r,
			vs_message_fn fn)
{
	struct vs_error error;
	int ret;

	s->kept = s->found->n;
	ret = vs_netlink_dump(&s->nl, r, vs_scan_again, fn, s, &error);
	if (ret)
		vs_scan_fail(s, &error);
	return ret;
}

static int vs_scan_link(void *ctx, const struct nlmsghdr *nlh)
{
	struct vs_foreign foreign = { .spot = VS_SPOT_XDP, .kind = "ebpf" };
	struct vs_scan *s = ctx;
	uint32_t ids[3];
	size_t n;
	int ret;

	ret = vs_foreign_read_link(nlh, &foreign.ifindex, ids, &n);
	if (!vs_scan_wants(s, foreign.ifindex))
		return ret;
	for (size_t i = 0; i < n && !ret; i++) {
		foreign.prog.id = ids[i];
		ret = vs_scan_add(s, &foreign);
	}
	return ret;
}

static void vs_scan_xdp(struct vs_scan *s)
{
	const struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };
	const uint32_t mask = RTEXT_FILTER_SKIP_STATS;
	struct vs_request r;

	vs_request_plain(&r, RTM_GETLINK, RTM_NEWLINK, NLM_F_DUMP, &ifi,
			 sizeof(ifi));
	vs_request_put(&r, IFLA_EXT_MASK, sizeof(mask), &mask);
	vs_scan_dump(s, &r, vs_scan_link);
}

static int vs_scan_qdisc(void *ctx, const struct nlmsghdr *nlh)
{
	struct vs_tc_links *links = &((struct vs_scan *)ctx)->links;
	struct vs_tc_link link;
	int ret = vs_foreign_read_qdisc(nlh, &link);

	if (ret <= 0)
		return ret;
	if (links->n == links->cap) {
		size_t cap = links->cap ? links->cap * 2 : 16;
		struct vs_tc_link *v = reallocarray(links->v, cap, sizeof(*v));

		if (!v)
			return -ENOMEM;
		links->v = v;
		links->cap = cap;
	}
	links->v[links->n++] = link;
	return 0;
}

/* filters of any link may send to a port */
static int vs_scan_filter(void *ctx, const struct nlmsghdr *nlh)
{
	struct vs_tc_finding finding;
	struct vs_scan *s = ctx;
	int ret = vs_foreign_read_filter(nlh, s->egress, &finding);

	finding.foreign.ifindex = s->tc->ifindex;
	finding.foreign.spot = s->egress ? VS_SPOT_TC_EGRESS :
					   VS_SPOT_TC_INGRESS;
	if (!ret && finding.counts && vs_scan_wants(s, s->tc->ifindex))
		ret = vs_scan_add(s, &finding.foreign);
	if (ret || finding.target == s->tc->ifindex ||
	    !vs_scan_wants(s, finding.target))
		return ret;
	finding.foreign.ifindex = finding.target;
	/* a link that has just gone sends nothing any longer */
	if (!if_indextoname(s->tc->ifindex, finding.foreign.via))
		return 0;
	if (!*finding.foreign.action)
		strcpy(finding.foreign.action, "mirred");
	return vs_scan_add(s, &finding.foreign);
}

static void vs_scan_filters(struct vs_scan *s, const struct vs_tc_link *link,
			    bool egress)
{
	const struct tcmsg tcm = {
		.tcm_ifindex = link->ifindex,
		.tcm_parent = TC_H_MAKE(TC_H_CLSACT, egress ?
					TC_H_MIN_EGRESS : TC_H_MIN_INGRESS),
	};
	struct vs_request r;

	s->tc = link;
	s->egress = egress;
	vs_request_plain(&r, RTM_GETTFILTER, RTM_NEWTFILTER, NLM_F_DUMP, &tcm,
			 sizeof(tcm));
	vs_scan_dump(s, &r, vs_scan_filter);
}

static void vs_scan_tc(struct vs_scan *s)
{
	const struct tcmsg tcm = { .tcm_family = AF_UNSPEC };
	struct vs_request r;

	vs_request_plain(&r, RTM_GETQDISC, RTM_NEWQDISC, NLM_F_DUMP, &tcm,
			 sizeof(tcm));
	if (vs_scan_dump(s, &r, vs_scan_qdisc))
		return;
	for (size_t i = 0; i < s->links.n; i++) {
		const struct vs_tc_link *link = &s->links.v[i];

		vs_scan_filters(s, link, false);
		if (link->clsact)
			vs_scan_filters(s, link, true);
	}
}

/* false: no use in going on */
static bool vs_scan_tcx_at(struct vs_scan *s, uint32_t ifindex, bool egress)
{
	struct vs_foreign foreign = {
		.ifindex = ifindex,
		.spot = egress ? VS_SPOT_TCX_EGRESS : VS_SPOT_TCX_INGRESS,
		.kind = "ebpf",
	};
	uint32_t ids[VS_PROG_TCX_MAX];
	struct vs_error error;
	size_t n;
	int ret = vs_prog_tcx(ifindex, egress, ids, &n);

	s->found->tcx = ret != -EOPNOTSUPP;
	if (ret == -EOPNOTSUPP)
		return false;
	/* a port that has gone has no programs either */
	if (ret == -ENODEV)
		return true;
	for (size_t i = 0; i < n && !ret; i++) {
		foreign.prog.id = ids[i];
		ret = vs_scan_add(s, &foreign);
	}
	if (!ret)
		return true;
	vs_error_set(&error, VS_OP_FIND_PROGRAMS,
		     ret == -EPERM ? VS_WHY_NO_PERMISSION :
		     ret == -ENOMEM ? VS_WHY_NO_MEMORY : VS_WHY_NONE, ret,
		     "tcx");
	vs_scan_fail(s, &error);
	return false;
}

static void vs_scan_tcx(struct vs_scan *s)
{
	size_t i = 0;

	while (i < s->n && vs_scan_tcx_at(s, s->ports[i], false) &&
	       vs_scan_tcx_at(s, s->ports[i], true))
		i++;
}

/* names and tags, as far as one may know them */
static void vs_scan_names(struct vs_foreigns *f)
{
	for (size_t i = 0; i < f->n; i++) {
		struct vs_foreign *foreign = &f->v[i];
		struct vs_prog prog;

		if (!foreign->prog.id ||
		    vs_prog_info(foreign->prog.id, &prog))
			continue;
		/* what tc calls it is a file's name, or anything */
		if (!*prog.name)
			memcpy(prog.name, foreign->prog.name,
			       sizeof(prog.name));
		foreign->prog = prog;
	}
}

int vs_foreigns_scan(struct vs_foreigns *f, const uint32_t *ports, size_t n)
{
	struct vs_scan s = { .found = f, .ports = ports, .n = n };
	struct vs_error error;

	*f = (struct vs_foreigns){ .asked = true, .tcx = true };
	if (!n)
		return 0;
	if (vs_netlink_open(&s.nl, NETLINK_ROUTE, &error)) {
		vs_scan_fail(&s, &error);
	} else {
		vs_scan_xdp(&s);
		vs_scan_tc(&s);
		vs_netlink_close(&s.nl);
	}
	vs_scan_tcx(&s);
	free(s.links.v);
	vs_scan_names(f);
	vs_foreigns_sort(f);
	return f->error.op ? (f->error.err ? -f->error.err : -EIO) : 0;
}
