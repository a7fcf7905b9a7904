/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small world for tests of the engine: VMs, MACs and ports are numbers, and
 * what the engine says is a line of text.
 */
#ifndef WORLD_H
#define WORLD_H

#include "core/engine.h"

/**
 * struct world - an engine and what it said
 * @e: the engine
 * @now: the time of the next evaluation
 * @said: the events of the last evaluation, one a line; see world_evaluate()
 */
struct world {
	struct vs_engine *e;
	vs_time now;
	char said[65536];
	size_t len;
};

/** world_open() - grace in ms, debounce; host "node1" */
void world_open(struct world *w, vs_time grace, unsigned int debounce);
void world_open_config(struct world *w, const struct vs_engine_config *config);
void world_close(struct world *w);

/** world_setup() - cmocka's: a ready world, grace 0 and debounce 1 */
int world_setup(void **state);
int world_teardown(void **state);

/** WORLD_TEST() - a test that begins in such a world */
#define WORLD_TEST(f) \
	cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

/** world_ready() - all three lists are read and empty, the driver is online */
void world_ready(struct world *w);

struct vs_uuid world_uuid(unsigned int vm);
struct vs_mac world_mac(unsigned int mac);

/* facts: VM n is "vm<n>", MAC n is 00:50:56:00:00:n, port n is "tap<n>" */
struct vs_vm_fact world_vm_fact(unsigned int vm);
void world_vm(struct world *w, unsigned int vm);
void world_vm_power(struct world *w, unsigned int vm, enum vs_power power);
void world_vnic(struct world *w, unsigned int vm, unsigned int device_id,
		unsigned int mac);
void world_del_vnic(struct world *w, unsigned int vm, unsigned int device_id,
		    unsigned int mac);
/** world_bound() - the driver's list has port @port, bound */
void world_bound(struct world *w, unsigned int port, unsigned int vm,
		 unsigned int device_id, unsigned int mac);
/** world_bypass() - likewise, and whether programs lead packets past it */
void world_bypass(struct world *w, unsigned int port, unsigned int vm,
		  unsigned int device_id, unsigned int mac,
		  enum vs_bypass bypass);
/** world_unbound() - the driver's list has port @port, not bound */
void world_unbound(struct world *w, unsigned int port);
/** world_plugged() - VM @vm (0: not known) holds port @port */
void world_plugged(struct world *w, unsigned int port, unsigned int vm,
		   unsigned int device_id, unsigned int mac);
/** world_idle() - the host has port @port, and no process is seen to hold it */
void world_idle(struct world *w, unsigned int port);
/** world_unheld() - likewise, and the kernel says that nothing does */
void world_unheld(struct world *w, unsigned int port);

/** world_fail() - @source cannot be read (EIO) */
void world_fail(struct world *w, enum vs_source source);
/** world_keep() - @source is read again and has what it had */
void world_keep(struct world *w, enum vs_source source);
void world_driver(struct world *w, enum vs_driver_state state);

/**
 * world_evaluate() - evaluate at @now
 *
 * Lines: "368 vm1 manager:0:01 driver:0:02" (list, device ID, MAC),
 * "368 ioctl", "9000 vm1 in-sync", "5008 not-loaded", "742", "368 inventory",
 * "9004 vm1 driver:0:01".
 *
 * Return: what was said.
 */
const char *world_evaluate(struct world *w);

/** world_after() - let @ms go by and evaluate */
const char *world_after(struct world *w, vs_time ms);

/**
 * world_vnics() - the vNICs of a VM (0: every vNIC), one a line
 *
 * "0:01 out-of-sync mac-mismatch 00:... 00:..." and, for 0, sorted and with
 * the VM's UUID and all entries in front.
 *
 * Return: the text; lives until the next call.
 */
const char *world_vnics(struct world *w, unsigned int vm);

/** world_state() - "in-sync -": state and reason of a VM; "none" */
const char *world_state(struct world *w, unsigned int vm);

#endif
