// SPDX-License-Identifier: GPL-2.0-only
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "driver/lookout.h"
#include "core/buf.h"
#include "driver/word.h"

/* the entries of now */
static bool vs_lookout_entries(struct vs_vnics *vnics)
{
	struct vs_client c;
	int ret;

	if (vs_client_open(&c, NULL))
		return false;
	ret = vs_client_vnics(&c, NULL, vnics, NULL);
	vs_client_close(&c);
	return !ret;
}

static int vs_lookout_order(const void *a, const void *b)
{
	const struct vs_port_mode *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* IDs grow, so that a new one mostly has its place at the end */
static void vs_lookout_add(struct vs_lookout *l, uint64_t id, uint32_t mode)
{
	size_t cap = l->cap ? l->cap * 2 : 64;
	struct vs_port_mode *modes;

	if (l->n == l->cap) {
		modes = reallocarray(l->modes, cap, sizeof(*modes));
		if (!modes)
			return;
		l->modes = modes;
		l->cap = cap;
	}
	l->modes[l->n++] = (struct vs_port_mode){ id, mode };
	if (l->n > 1 && l->modes[l->n - 2].id > id)
		qsort(l->modes, l->n, sizeof(*l->modes), vs_lookout_order);
}

static struct vs_port_mode *vs_lookout_find(const struct vs_lookout *l,
					    uint64_t id)
{
	const struct vs_port_mode key = { .id = id };

	return l->n ? bsearch(&key, l->modes, l->n, sizeof(key),
			      vs_lookout_order) : NULL;
}

static void vs_lookout_forget(struct vs_lookout *l, struct vs_port_mode *mode)
{
	memmove(mode, mode + 1,
		(l->modes + l->n - (mode + 1)) * sizeof(*mode));
	l->n--;
}

/* later than @l->due would be, if anything is to be looked at earlier */
static void vs_lookout_soon(struct vs_lookout *l, vs_time now)
{
	if (l->due > now + VS_LOOKOUT_PAUSE)
		l->due = now + VS_LOOKOUT_PAUSE;
}

void vs_lookout_open(struct vs_lookout *l, vs_time now)
{
	struct vs_vnics vnics = { 0 };

	*l = (struct vs_lookout){ .due = now };
	if (!vs_netlink_open(&l->nl, NETLINK_ROUTE, NULL) &&
	    (vs_netlink_join(&l->nl, RTNLGRP_LINK, NULL) ||
	     vs_netlink_join(&l->nl, RTNLGRP_TC, NULL)))
		vs_netlink_close(&l->nl);
	/* modes as they are now; what is on the ports is told at @due */
	if (vs_lookout_entries(&vnics)) {
		for (size_t i = 0; i < vnics.n; i++)
			vs_lookout_add(l, vnics.v[i].id, vnics.v[i].mode);
	}
	vs_vnics_free(&vnics);
}

void vs_lookout_close(struct vs_lookout *l)
{
	vs_netlink_close(&l->nl);
	free(l->modes);
	vs_foreigns_free(&l->foreign);
}

int vs_lookout_fd(const struct vs_lookout *l)
{
	return l->nl.sock ? vs_netlink_fd(&l->nl) : -1;
}

void vs_lookout_hear(struct vs_lookout *l, vs_time now)
{
	size_t len;
	int ret;

	/* what it is does not matter, nor does it if something was lost */
	do
		ret = vs_netlink_recv(&l->nl, MSG_DONTWAIT, &len);
	while (!ret);
	vs_lookout_soon(l, now);
}

/* what happens to the host, and changes the modes of its ports */
static bool vs_lookout_is_cause(uint32_t reason)
{
	switch (reason) {
	case VMSAFE_NET_REASON_SET:
	case VMSAFE_NET_REASON_ATTACHED:
	case VMSAFE_NET_REASON_DETACHED:
	case VMSAFE_NET_REASON_RESET:
	case VMSAFE_NET_REASON_LOST:
	case VMSAFE_NET_REASON_RESUMED:
	case VMSAFE_NET_REASON_TAKEN_OVER:
		return true;
	default:
		return false;
	}
}

/* the mode of an entry is told: is it another than before? */
static struct vs_change vs_lookout_mode(struct vs_lookout *l,
					const struct vs_driver_vnic *v)
{
	struct vs_port_mode *known = vs_lookout_find(l, v->id);
	struct vs_change change = { 0 };
	uint32_t cause = v->reason;

	if (!known) {
		if (v->reason != VMSAFE_NET_REASON_PORT_GONE)
			vs_lookout_add(l, v->id, v->mode);
		return change;
	}
	if (known->mode != v->mode) {
		if (cause == VMSAFE_NET_REASON_MODE && l->cause)
			cause = l->cause;
		change.is = true;
		change.was = known->mode;
		change.cause = vs_driver_word(VS_WORDS_REASON, cause);
	}
	known->mode = v->mode;
	if (v->reason == VMSAFE_NET_REASON_PORT_GONE)
		vs_lookout_forget(l, known);
	return change;
}

struct vs_change vs_lookout_note(struct vs_lookout *l,
				 const struct vs_notice *notice, vs_time now)
{
	vs_lookout_soon(l, now);
	if (notice->kind == VS_NOTICE_VNIC)
		return vs_lookout_mode(l, &notice->vnic);
	if (notice->kind == VS_NOTICE_HOST &&
	    vs_lookout_is_cause(notice->host.reason))
		l->cause = notice->host.reason;
	/* a driver that is loaded again counts its entries afresh */
	if (notice->kind == VS_NOTICE_UNLOADED)
		l->n = 0;
	return (struct vs_change){ 0 };
}

/* is a port bypassed by the same in both? */
static bool vs_lookout_same(const struct vs_foreigns *a,
			    const struct vs_foreigns *b, uint32_t ifindex)
{
	struct vs_buf x = { 0 }, y = { 0 };
	bool same;

	if (vs_foreigns_of(a, ifindex) != vs_foreigns_of(b, ifindex))
		return false;
	vs_foreigns_text(&x, a, ifindex);
	vs_foreigns_text(&y, b, ifindex);
	same = strcmp(vs_buf_str(&x), vs_buf_str(&y)) == 0;
	vs_buf_free(&x);
	vs_buf_free(&y);
	return same;
}

void vs_lookout_compare(const struct vs_foreigns *before,
			const struct vs_vnics *vnics,
			const struct vs_foreigns *after, vs_lookout_fn fn,
			void *ctx)
{
	for (size_t i = 0; i < vnics->n; i++) {
		const struct vs_driver_vnic *v = &vnics->v[i];

		if (!vs_lookout_same(before, after, v->ifindex))
			fn(ctx, v, vs_foreigns_of(after, v->ifindex), after);
	}
}

void vs_lookout_look(struct vs_lookout *l, vs_time now, vs_lookout_fn fn,
		     void *ctx)
{
	struct vs_foreigns found;
	struct vs_vnics vnics = { 0 };

	l->due = now + VS_LOOKOUT_PERIOD;
	if (vs_lookout_entries(&vnics)) {
		vs_bypass_scan(&found, vnics.v, vnics.n);
		vs_lookout_compare(&l->foreign, &vnics, &found, fn, ctx);
		vs_foreigns_free(&l->foreign);
		l->foreign = found;
	}
	vs_vnics_free(&vnics);
}
