/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_GUARD_H
#define _VSN_GUARD_H

#include <linux/workqueue.h>

struct vsn_net;
struct vsn_vnic;

/**
 * struct vsn_guard - telling of what the source-MAC guards meet
 * @tell: goes through the entries
 * @next: jiffies before which it does not run again
 */
struct vsn_guard {
	struct delayed_work tell;
	unsigned long next;
};

void vsn_guard_hit(struct vsn_vnic *vnic);

void vsn_guard_init(struct vsn_net *sn);
void vsn_guard_exit(struct vsn_net *sn);

#endif /* _VSN_GUARD_H */
