/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_TABLE_KUNIT_H
#define _VSN_TABLE_KUNIT_H

#include <kunit/test.h>

#include "../binding.h"
#include "../net.h"
#include "../vnic.h"

#define VSN_PORTS	4
#define VSN_TOLD	64

/**
 * struct vsn_tables - where a case happens
 * @sn: the driver's side of the first namespace
 * @devs: devices that nobody registered
 * @vnics: their entries, if they have one
 * @clients: who may hold the session
 * @now: the one who tried last to get it
 */
struct vsn_tables {
	struct vsn_net *sn;
	struct net_device *devs[VSN_PORTS];
	struct vsn_vnic *vnics[VSN_PORTS];
	struct vsn_session clients[2];
	int now;
};

/* How much was told; a case sets it back before it acts. */
extern unsigned int vsn_told_count;

/* How many entries dropped everything when the host was told of last. */
extern unsigned int vsn_told_closed;

unsigned int vsn_told_of(u32 reason);

struct vsn_identity vsn_tables_who(u8 vm, u16 device, u8 mac);
int vsn_tables_add(struct vsn_tables *t, int port, u32 ifindex, u64 domain);
int vsn_tables_bind(struct vsn_tables *t, int port, struct vsn_identity who);

int vsn_tables_init(struct kunit *test);
void vsn_tables_exit(struct kunit *test);

#endif /* _VSN_TABLE_KUNIT_H */
