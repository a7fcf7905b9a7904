// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: foreign-program load tc|xdp NAME PIN
 *        foreign-program attach|detach PIN ingress|egress PORT
 *
 * Load an eBPF program that lets everything pass, and pin it for tc and ip to
 * use; put it on a port by tcx, which neither of them knows in Debian 12.
 * Exit status 3: this kernel has no tcx.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* of enum bpf_attach_type, from Linux 6.6 on */
#define TCX_INGRESS 46
#define TCX_EGRESS 47

static int bpf(int cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static int fail(const char *what)
{
	fprintf(stderr, "foreign-program: %s: %s\n", what, strerror(errno));
	return 1;
}

/* TC_ACT_OK is 0, XDP_PASS is 2 */
static int load(bool xdp, const char *name, const char *pin)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0,
		  .imm = xdp ? 2 : 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = xdp ? BPF_PROG_TYPE_XDP :
				   BPF_PROG_TYPE_SCHED_CLS,
		.insns = (uintptr_t)insns,
		.insn_cnt = sizeof(insns) / sizeof(*insns),
		.license = (uintptr_t)"GPL",
	};
	int fd;

	snprintf(attr.prog_name, sizeof(attr.prog_name), "%s", name);
	fd = bpf(BPF_PROG_LOAD, &attr);
	if (fd < 0)
		return fail("load");
	memset(&attr, 0, sizeof(attr));
	attr.pathname = (uintptr_t)pin;
	attr.bpf_fd = fd;
	return bpf(BPF_OBJ_PIN, &attr) ? fail(pin) : 0;
}

static int tcx(bool attach, const char *pin, const char *where,
	       const char *port)
{
	union bpf_attr attr = { .pathname = (uintptr_t)pin };
	int fd = bpf(BPF_OBJ_GET, &attr);

	if (fd < 0)
		return fail(pin);
	memset(&attr, 0, sizeof(attr));
	attr.target_fd = if_nametoindex(port);
	attr.attach_bpf_fd = fd;
	attr.attach_type = strcmp(where, "egress") ? TCX_INGRESS : TCX_EGRESS;
	if (!bpf(attach ? BPF_PROG_ATTACH : BPF_PROG_DETACH, &attr))
		return 0;
	fail("tcx");
	return errno == EINVAL ? 3 : 1;
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	if (strcmp(argv[1], "load") == 0)
		return load(strcmp(argv[2], "xdp") == 0, argv[3], argv[4]);
	return tcx(strcmp(argv[1], "attach") == 0, argv[2], argv[3], argv[4]);
}
