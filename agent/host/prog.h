/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * eBPF programs, asked of the kernel by bpf(2) itself: libbpf 1.1 does not
 * know all that newer kernels answer.
 */
#ifndef VS_HOST_PROG_H
#define VS_HOST_PROG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** VS_PROG_TAG - bytes of a program's tag */
#define VS_PROG_TAG 8

/** VS_PROG_NAME - size of a program's name, terminator included */
#define VS_PROG_NAME 64

/**
 * struct vs_prog - an eBPF program
 * @id: its number, never 0
 * @name: as it was loaded; may be empty
 * @tag: hash of its instructions
 */
struct vs_prog {
	uint32_t id;
	char name[VS_PROG_NAME];
	uint8_t tag[VS_PROG_TAG];
};

/**
 * vs_prog_info() - name and tag of a program
 * @id: its number
 * @prog: filled in; zeroed but for the number after a failure
 *
 * Return: 0; -EPERM: needs CAP_SYS_ADMIN; -ENOENT: it has gone; another
 * negative errno.
 */
int vs_prog_info(uint32_t id, struct vs_prog *prog);

/** vs_prog_has_tag() - is its tag known? */
bool vs_prog_has_tag(const struct vs_prog *prog);

/** VS_PROG_TCX_MAX - the most programs that tcx takes at one place */
#define VS_PROG_TCX_MAX 64

/**
 * vs_prog_tcx() - the programs that tcx has on a link
 * @ifindex: the link
 * @egress: those at egress, not at ingress
 * @ids: their numbers, in the order they run
 * @n: how many
 *
 * Return: 0; -EOPNOTSUPP: this kernel has no tcx, so there are none; -ENODEV:
 * no such link; -EPERM: needs CAP_NET_ADMIN; another negative errno.
 */
int vs_prog_tcx(uint32_t ifindex, bool egress, uint32_t ids[VS_PROG_TCX_MAX],
		size_t *n);

#endif
