/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Foreign programs: what tc, tcx and XDP have on a port and may lead packets
 * past the Filter Driver's hooks. Our own policies are run by the driver, so
 * nothing that is found here is ours.
 *
 * What counts:
 *  - every eBPF program, at ingress and egress of tc (clsact, ingress) and
 *    tcx, and of XDP: it may redirect, copy and rewrite
 *  - every other tc filter with an action that may do so (mirred, for
 *    instance, or one that is not known here); what only passes, drops or
 *    marks does not, nor does what rewrites a packet before our hook
 *  - a tc filter of another link that sends to the port: such packets skip
 *    netfilter, from ingress as well as from egress
 */
#ifndef VS_HOST_FOREIGN_H
#define VS_HOST_FOREIGN_H

#include "core/buf.h"
#include "core/facts.h"
#include "host/prog.h"

/** enum vs_spot - where on a link a program stands */
enum vs_spot {
	VS_SPOT_XDP,
	VS_SPOT_TC_INGRESS,
	VS_SPOT_TC_EGRESS,
	VS_SPOT_TCX_INGRESS,
	VS_SPOT_TCX_EGRESS,
	VS_SPOT_COUNT
};

/** VS_FOREIGN_WORD - size of vs_foreign.kind and .action */
#define VS_FOREIGN_WORD 16

/**
 * struct vs_foreign - something on a port
 * @ifindex: the port
 * @spot: where it stands
 * @kind: "ebpf", or which classifier of tc it is
 * @action: the action of tc that makes it count; empty: the program itself
 * @prog: the eBPF program; @prog.id is 0: none
 * @via: the link on which it stands, when that is not the port; else empty
 */
struct vs_foreign {
	uint32_t ifindex;
	enum vs_spot spot;
	char kind[VS_FOREIGN_WORD];
	char action[VS_FOREIGN_WORD];
	struct vs_prog prog;
	char via[VS_PORT_NAME];
};

/**
 * struct vs_foreigns - what was found, by port
 * @asked: somebody has looked (who has not, says nothing)
 * @tcx: the kernel has tcx
 * @error: why the search is not complete; @error.op 0: it is
 */
struct vs_foreigns {
	struct vs_foreign *v;
	size_t n, cap;
	bool asked;
	bool tcx;
	struct vs_error error;
};

/**
 * vs_foreigns_scan() - look at links
 * @f: replaced; free with vs_foreigns_free(). Holds what was found even when
 *     the search is not complete
 * @ports: their ifindexes, ascending
 * @n: how many
 *
 * Return: 0, or why it is not complete, as in @f->error.
 */
int vs_foreigns_scan(struct vs_foreigns *f, const uint32_t *ports, size_t n);

/** vs_foreigns_add() - a new entry at the end, zeroed, or NULL */
struct vs_foreign *vs_foreigns_add(struct vs_foreigns *f);

/** vs_foreigns_sort() - put them in order: by port, then by place */
void vs_foreigns_sort(struct vs_foreigns *f);

/** vs_foreigns_free() - release them; nobody has asked then */
void vs_foreigns_free(struct vs_foreigns *f);

/** vs_foreigns_first() - the first of a port, or NULL; @n: how many follow,
 * it included
 */
const struct vs_foreign *vs_foreigns_first(const struct vs_foreigns *f,
					   uint32_t ifindex, size_t *n);

/** vs_foreigns_of() - is that port bypassed? NULL: nobody has asked */
enum vs_bypass vs_foreigns_of(const struct vs_foreigns *f, uint32_t ifindex);

/** vs_foreign_text() - in words: "tcx-ingress ebpf spy tag 00...0 id 12" */
void vs_foreign_text(struct vs_buf *buf, const struct vs_foreign *foreign);

/** vs_foreigns_text() - all of a port, with commas */
void vs_foreigns_text(struct vs_buf *buf, const struct vs_foreigns *f,
		      uint32_t ifindex);

/** vs_spot_word() - "xdp", "tc-ingress", "tc-egress", "tcx-ingress", ... */
const char *vs_spot_word(enum vs_spot spot);

/** vs_spot_parse() - the place of a word, exactly; 0 or -EINVAL */
int vs_spot_parse(const char *s, enum vs_spot *spot);

#endif
