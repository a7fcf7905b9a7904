// SPDX-License-Identifier: GPL-2.0-only
/*
 * eBPF programs for the benchmarks: the same two for us and for our peers.
 *
 *   prog pin pass|count FILE	load one and pin it
 *   prog policy FILE PORT	make a pinned one the policy of what the guest
 *				of PORT sends; FILE "-" takes it away
 *   prog tcx FILE PORT LINK	attach a pinned one by tcx, and pin the link
 */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <linux/vmsafe_net.h>

#include "lib/nl.h"

/* BPF_TCX_INGRESS, younger than the headers of 6.1. */
#define TCX_INGRESS	46

#define INSN(c, d, s, o, i) \
	((struct bpf_insn){ .code = (c), .dst_reg = (d), .src_reg = (s), \
			    .off = (o), .imm = (i) })
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static int fail(const char *what)
{
	fprintf(stderr, "prog: %s: %s\n", what, strerror(errno));
	return 1;
}

static int load(const struct bpf_insn *insns, size_t count)
{
	return bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "bench", "GPL", insns,
			     count, NULL);
}

/* TC_ACT_OK */
static int load_pass(void)
{
	const struct bpf_insn insns[] = {
		INSN(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0),
		INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
	};

	return load(insns, ARRAY_SIZE(insns));
}

/* Packets and bytes in a per-CPU array, then TC_ACT_OK. */
static int load_count(void)
{
	int map = bpf_map_create(BPF_MAP_TYPE_PERCPU_ARRAY, "bench", 4, 16, 1,
				 NULL);
	const struct bpf_insn insns[] = {
		INSN(BPF_LDX | BPF_MEM | BPF_W, 6, 1, 0, 0),
		INSN(BPF_ST | BPF_MEM | BPF_W, 10, 0, -4, 0),
		INSN(BPF_ALU64 | BPF_MOV | BPF_X, 2, 10, 0, 0),
		INSN(BPF_ALU64 | BPF_ADD | BPF_K, 2, 0, 0, -4),
		INSN(BPF_LD | BPF_DW | BPF_IMM, 1, BPF_PSEUDO_MAP_FD, 0, map),
		INSN(0, 0, 0, 0, 0),
		INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_map_lookup_elem),
		INSN(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 6, 0),
		INSN(BPF_LDX | BPF_MEM | BPF_DW, 1, 0, 0, 0),
		INSN(BPF_ALU64 | BPF_ADD | BPF_K, 1, 0, 0, 1),
		INSN(BPF_STX | BPF_MEM | BPF_DW, 0, 1, 0, 0),
		INSN(BPF_LDX | BPF_MEM | BPF_DW, 1, 0, 8, 0),
		INSN(BPF_ALU64 | BPF_ADD | BPF_X, 1, 6, 0, 0),
		INSN(BPF_STX | BPF_MEM | BPF_DW, 0, 1, 8, 0),
		INSN(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0),
		INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
	};

	return map < 0 ? map : load(insns, ARRAY_SIZE(insns));
}

static int pin(const char *which, const char *file)
{
	int fd = !strcmp(which, "pass") ? load_pass() : load_count();

	if (fd < 0)
		return fail(which);
	return bpf_obj_pin(fd, file) ? fail(file) : 0;
}

static int policy(const char *file, const char *port)
{
	struct nl nl;
	int fd = -1, err;

	if (strcmp(file, "-")) {
		fd = bpf_obj_get(file);
		if (fd < 0)
			return fail(file);
	}
	err = nl_open(&nl);
	if (!err) {
		nl_begin(&nl, VMSAFE_NET_CMD_POLICY_SET);
		nl_put_str(&nl, VMSAFE_NET_A_VNIC_IFNAME, port);
		nl_put_u32(&nl, VMSAFE_NET_A_VNIC_DIRECTION,
			   VMSAFE_NET_DIRECTION_FROM_GUEST);
		if (fd >= 0)
			nl_put_u32(&nl, VMSAFE_NET_A_VNIC_PROG_FD, fd);
		err = nl_do(&nl);
	}
	errno = -err;
	return err ? fail(port) : 0;
}

/* libbpf 1.1 has no call for it. */
static int tcx(const char *file, const char *port, const char *link)
{
	union bpf_attr attr = { 0 };
	int fd = bpf_obj_get(file);

	if (fd < 0)
		return fail(file);
	attr.link_create.prog_fd = fd;
	attr.link_create.target_ifindex = if_nametoindex(port);
	attr.link_create.attach_type = TCX_INGRESS;
	fd = syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));
	if (fd < 0)
		return fail(port);
	return bpf_obj_pin(fd, link) ? fail(link) : 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "pin"))
		return pin(argv[2], argv[3]);
	if (argc == 4 && !strcmp(argv[1], "policy"))
		return policy(argv[2], argv[3]);
	if (argc == 5 && !strcmp(argv[1], "tcx"))
		return tcx(argv[2], argv[3], argv[4]);
	fprintf(stderr, "usage: prog pin pass|count FILE | "
		"policy FILE PORT | tcx FILE PORT LINK\n");
	return 2;
}
