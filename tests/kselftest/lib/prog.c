// SPDX-License-Identifier: GPL-2.0-only
#include "prog.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define INSN(c, d, s, o, i)	((struct bpf_insn){ .code = (c),	\
	.dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) })
#define MOV_IMM(d, i)		INSN(BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, i)
#define MOV_REG(d, s)		INSN(BPF_ALU64 | BPF_MOV | BPF_X, d, s, 0, 0)
#define ADD_IMM(d, i)		INSN(BPF_ALU64 | BPF_ADD | BPF_K, d, 0, 0, i)
#define LOAD_W(d, s, o)		INSN(BPF_LDX | BPF_MEM | BPF_W, d, s, o, 0)
#define LOAD_B(d, s, o)		INSN(BPF_LDX | BPF_MEM | BPF_B, d, s, o, 0)
#define STORE_W(d, o, i)	INSN(BPF_ST | BPF_MEM | BPF_W, d, 0, o, i)
#define STORE_B(d, o, i)	INSN(BPF_ST | BPF_MEM | BPF_B, d, 0, o, i)
#define ADD_MEM(d, s, o)	INSN(BPF_STX | BPF_ATOMIC | BPF_DW, d, s, o, \
				     BPF_ADD)
#define JGT_REG(d, s, o)	INSN(BPF_JMP | BPF_JGT | BPF_X, d, s, o, 0)
#define JNE_IMM(d, i, o)	INSN(BPF_JMP | BPF_JNE | BPF_K, d, 0, o, i)
#define JEQ_IMM(d, i, o)	INSN(BPF_JMP | BPF_JEQ | BPF_K, d, 0, o, i)
#define CALL(f)			INSN(BPF_JMP | BPF_CALL, 0, 0, 0, f)
#define EXIT()			INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)
/* Two instructions in one. */
#define LOAD_MAP(d, fd)		INSN(BPF_LD | BPF_DW | BPF_IMM, d,	\
				     BPF_PSEUDO_MAP_FD, 0, fd),		\
				INSN(0, 0, 0, 0, 0)

#define SKB(field)		offsetof(struct __sk_buff, field)
#define COUNT(insns)		(sizeof(insns) / sizeof(struct bpf_insn))
#define LOAD(insns)		prog_load(BPF_PROG_TYPE_SCHED_CLS, insns, \
					  COUNT(insns))

static int bpf(int cmd, union bpf_attr *attr)
{
	int ret = syscall(SYS_bpf, cmd, attr, sizeof(*attr));

	return ret < 0 ? -errno : ret;
}

int prog_load(enum bpf_prog_type type, const struct bpf_insn *insns,
	      size_t count)
{
	static _Thread_local char log[16384];
	union bpf_attr attr = {
		.prog_type = type,
		.insns = (uintptr_t)insns,
		.insn_cnt = count,
		.license = (uintptr_t)"GPL",
		.log_buf = (uintptr_t)log,
		.log_size = sizeof(log),
		.log_level = 1,
	};
	int fd = bpf(BPF_PROG_LOAD, &attr);

	if (fd < 0)
		fprintf(stderr, "# the verifier says:\n%s", log);
	return fd;
}

static int prog_info(int prog, struct bpf_prog_info *info)
{
	union bpf_attr attr = {
		.info.bpf_fd = prog,
		.info.info_len = sizeof(*info),
		.info.info = (uintptr_t)info,
	};

	memset(info, 0, sizeof(*info));
	return bpf(BPF_OBJ_GET_INFO_BY_FD, &attr);
}

uint32_t prog_id(int prog)
{
	struct bpf_prog_info info;

	return prog_info(prog, &info) ? 0 : info.id;
}

int prog_exists(uint32_t id)
{
	union bpf_attr attr = { .prog_id = id };
	int fd = bpf(BPF_PROG_GET_FD_BY_ID, &attr);

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	close(fd);
	return 1;
}

int prog_tag(int prog, uint8_t tag[8])
{
	struct bpf_prog_info info;
	int err = prog_info(prog, &info);

	memcpy(tag, info.tag, 8);
	return err;
}

int prog_verdict(int verdict)
{
	const struct bpf_insn insns[] = {
		MOV_IMM(BPF_REG_0, verdict),
		EXIT(),
	};

	return LOAD(insns);
}

int prog_drop_byte(unsigned int offset, uint8_t byte)
{
	const struct bpf_insn insns[] = {
		LOAD_W(BPF_REG_2, BPF_REG_1, SKB(data)),
		LOAD_W(BPF_REG_3, BPF_REG_1, SKB(data_end)),
		MOV_IMM(BPF_REG_0, TC_ACT_OK),
		MOV_REG(BPF_REG_4, BPF_REG_2),
		ADD_IMM(BPF_REG_4, offset + 1),
		JGT_REG(BPF_REG_4, BPF_REG_3, 3),
		LOAD_B(BPF_REG_5, BPF_REG_2, offset),
		JNE_IMM(BPF_REG_5, byte, 1),
		MOV_IMM(BPF_REG_0, TC_ACT_SHOT),
		EXIT(),
	};

	return LOAD(insns);
}

int prog_count(int map, int verdict)
{
	const struct bpf_insn insns[] = {
		STORE_W(BPF_REG_10, -4, 0),
		MOV_REG(BPF_REG_2, BPF_REG_10),
		ADD_IMM(BPF_REG_2, -4),
		LOAD_MAP(BPF_REG_1, map),
		CALL(BPF_FUNC_map_lookup_elem),
		JEQ_IMM(BPF_REG_0, 0, 2),
		MOV_IMM(BPF_REG_1, 1),
		ADD_MEM(BPF_REG_0, BPF_REG_1, 0),
		MOV_IMM(BPF_REG_0, verdict),
		EXIT(),
	};

	return LOAD(insns);
}

int prog_write_byte(unsigned int offset, uint8_t byte)
{
	const struct bpf_insn insns[] = {
		STORE_B(BPF_REG_10, -1, byte),
		MOV_IMM(BPF_REG_2, offset),
		MOV_REG(BPF_REG_3, BPF_REG_10),
		ADD_IMM(BPF_REG_3, -1),
		MOV_IMM(BPF_REG_4, 1),
		MOV_IMM(BPF_REG_5, 0),
		CALL(BPF_FUNC_skb_store_bytes),
		MOV_IMM(BPF_REG_0, TC_ACT_OK),
		EXIT(),
	};

	return LOAD(insns);
}

int prog_redirect(int ifindex)
{
	const struct bpf_insn insns[] = {
		MOV_IMM(BPF_REG_1, ifindex),
		MOV_IMM(BPF_REG_2, 0),
		CALL(BPF_FUNC_redirect),
		EXIT(),
	};

	return LOAD(insns);
}

int prog_clone(int ifindex)
{
	const struct bpf_insn insns[] = {
		MOV_IMM(BPF_REG_2, ifindex),
		MOV_IMM(BPF_REG_3, 0),
		CALL(BPF_FUNC_clone_redirect),
		MOV_IMM(BPF_REG_0, TC_ACT_OK),
		EXIT(),
	};

	return LOAD(insns);
}

int prog_tail_call(int map, int verdict)
{
	const struct bpf_insn insns[] = {
		LOAD_MAP(BPF_REG_2, map),
		MOV_IMM(BPF_REG_3, 0),
		CALL(BPF_FUNC_tail_call),
		MOV_IMM(BPF_REG_0, verdict),
		EXIT(),
	};

	return LOAD(insns);
}

int prog_push_vlan(void)
{
	const struct bpf_insn insns[] = {
		MOV_IMM(BPF_REG_2, __builtin_bswap16(ETH_P_8021Q)),
		MOV_IMM(BPF_REG_3, 42),
		CALL(BPF_FUNC_skb_vlan_push),
		MOV_IMM(BPF_REG_0, TC_ACT_OK),
		EXIT(),
	};

	return LOAD(insns);
}

int prog_cut(unsigned int len)
{
	const struct bpf_insn insns[] = {
		MOV_IMM(BPF_REG_2, len),
		MOV_IMM(BPF_REG_3, 0),
		CALL(BPF_FUNC_skb_change_tail),
		MOV_IMM(BPF_REG_0, TC_ACT_OK),
		EXIT(),
	};

	return LOAD(insns);
}

static int map_create(enum bpf_map_type type, uint32_t value_size,
		      unsigned int entries)
{
	union bpf_attr attr = {
		.map_type = type,
		.key_size = 4,
		.value_size = value_size,
		.max_entries = entries,
	};

	return bpf(BPF_MAP_CREATE, &attr);
}

int map_array(unsigned int entries)
{
	return map_create(BPF_MAP_TYPE_ARRAY, 8, entries);
}

int map_progs(unsigned int entries)
{
	return map_create(BPF_MAP_TYPE_PROG_ARRAY, 4, entries);
}

int map_set(int map, uint32_t index, const void *value)
{
	union bpf_attr attr = {
		.map_fd = map,
		.key = (uintptr_t)&index,
		.value = (uintptr_t)value,
	};

	return bpf(BPF_MAP_UPDATE_ELEM, &attr);
}

int map_get(int map, uint32_t index, void *value)
{
	union bpf_attr attr = {
		.map_fd = map,
		.key = (uintptr_t)&index,
		.value = (uintptr_t)value,
	};

	return bpf(BPF_MAP_LOOKUP_ELEM, &attr);
}
