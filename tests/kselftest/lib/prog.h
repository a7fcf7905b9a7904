/* SPDX-License-Identifier: GPL-2.0-only */
/* eBPF programs and maps, made with bpf(2) alone. */
#ifndef VSN_TEST_PROG_H
#define VSN_TEST_PROG_H

#include <stddef.h>
#include <stdint.h>

#include <linux/bpf.h>
#include <linux/pkt_cls.h>

/* All return a descriptor, or 0, or a negative errno. */

int prog_load(enum bpf_prog_type type, const struct bpf_insn *insns,
	      size_t count);
uint32_t prog_id(int prog);
/* 0 once nobody holds it any more, else 1. */
int prog_exists(uint32_t id);
/* The tag that the kernel gives it, 8 bytes. */
int prog_tag(int prog, uint8_t tag[8]);

/* Says this of every packet. */
int prog_verdict(int verdict);
/* Drops what holds this byte at this offset, and passes the rest. */
int prog_drop_byte(unsigned int offset, uint8_t byte);
/* Counts in the first entry of an array, and passes or drops. */
int prog_count(int map, int verdict);
/* Writes this byte there, and passes. */
int prog_write_byte(unsigned int offset, uint8_t byte);
/* Asks the helper to redirect to this device. */
int prog_redirect(int ifindex);
/* Sends a copy to this device, and passes. */
int prog_clone(int ifindex);
/* Goes on in the first program of a program array; without one, @verdict. */
int prog_tail_call(int map, int verdict);
/* Pushes a VLAN tag, and passes. */
int prog_push_vlan(void);
/* Cuts the packet to so many bytes, and passes. */
int prog_cut(unsigned int len);

/* One or more values of 8 bytes (or, of programs, descriptors) by index. */
int map_array(unsigned int entries);
int map_progs(unsigned int entries);
int map_set(int map, uint32_t index, const void *value);
int map_get(int map, uint32_t index, void *value);

#endif /* VSN_TEST_PROG_H */
