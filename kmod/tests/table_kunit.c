// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit: the tables, with neither sockets nor packets. The code under test is
 * compiled into this; what it tells and where it hooks is noted down here.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

/* The tracepoints are the driver's. */
#define NOTRACE

#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

/* What runs once when the driver is loaded runs for every case here. */
#undef __init
#define __init

#include "../binding.c"
#include "../claim.c"
#include "../compat/genetlink.c"
#include "../guard.c"
#include "../net.c"
#include "../stats.c"
#include "../vm.c"
#include "../vnic.c"

#include "../hook.h"
#include "table_kunit.h"

/* What was told since the last look, and which hooks are on. */
static u32 vsn_told[VSN_TOLD];
unsigned int vsn_told_count;
unsigned int vsn_told_closed;
static int vsn_hooked;

static void vsn_tell(u32 reason)
{
	if (vsn_told_count < VSN_TOLD)
		vsn_told[vsn_told_count] = reason;
	vsn_told_count++;
}

void vsn_notify_host(struct vsn_net *sn, enum vmsafe_net_reason reason)
{
	struct vsn_vnic *vnic;
	unsigned long id;

	vsn_told_closed = 0;
	xa_for_each(&sn->vnics, id, vnic)
		vsn_told_closed += !!(vnic->act & VSN_ACT_DROP);
	vsn_tell(reason);
}

void vsn_notify_vnic(const struct vsn_vnic *vnic, enum vmsafe_net_reason reason)
{
	vsn_tell(reason);
}

#define VSN_CLAIM	1000

void vsn_notify_claim(const struct vsn_vnic *vnic,
		      const struct vsn_identity *who,
		      const struct vsn_binding *holder,
		      enum vmsafe_net_claim_kind kind)
{
	vsn_tell(VSN_CLAIM + kind);
}

int vsn_hook_register(struct vsn_vnic *vnic)
{
	vsn_hooked++;
	return 0;
}

void vsn_hook_unregister(struct vsn_vnic *vnic)
{
	vsn_hooked--;
}

void vsn_policy_clear(struct vsn_vnic *vnic)
{
}

unsigned int vsn_told_of(u32 reason)
{
	unsigned int i, count = 0;

	for (i = 0; i < min_t(unsigned int, vsn_told_count, VSN_TOLD); i++)
		count += vsn_told[i] == reason;
	return count;
}

/* Entries have ifindex 101 and up, and a domain of their own unless given. */
int vsn_tables_add(struct vsn_tables *t, int port, u32 ifindex, u64 domain)
{
	struct vsn_vnic *vnic;
	int err;

	rtnl_lock();
	vnic = vsn_vnic_create(t->sn, t->devs[port],
			       VMSAFE_NET_PORT_KIND_OTHER);
	rtnl_unlock();
	if (IS_ERR(vnic))
		return PTR_ERR(vnic);
	t->devs[port]->ifindex = ifindex;
	vnic->port.ifindex = ifindex;
	vnic->port.domain = domain;
	snprintf(vnic->port.ifname, IFNAMSIZ, "port%d", port);
	mutex_lock(&t->sn->lock);
	err = vsn_vnic_insert(vnic);
	mutex_unlock(&t->sn->lock);
	if (err)
		vsn_vnic_destroy(vnic);
	else
		t->vnics[port] = vnic;
	return err;
}

static void vsn_tables_del(struct vsn_tables *t, int port)
{
	mutex_lock(&t->sn->lock);
	vsn_vnic_remove(t->vnics[port]);
	mutex_unlock(&t->sn->lock);
	vsn_vnic_destroy(t->vnics[port]);
	t->vnics[port] = NULL;
}

struct vsn_identity vsn_tables_who(u8 vm, u16 device, u8 mac)
{
	struct vsn_identity who = {
		.vm_uuid = { vm },
		.device_id = device,
		.mac = { 2, [5] = mac },
	};

	snprintf(who.vm_name, sizeof(who.vm_name), "vm-%u", vm);
	return who;
}

int vsn_tables_bind(struct vsn_tables *t, int port, struct vsn_identity who)
{
	int err;

	mutex_lock(&t->sn->lock);
	err = vsn_binding_create(t->vnics[port], &who, NULL);
	mutex_unlock(&t->sn->lock);
	return err;
}

static void vsn_tables_unbind(struct vsn_tables *t, int port)
{
	mutex_lock(&t->sn->lock);
	vsn_binding_remove(t->vnics[port]);
	mutex_unlock(&t->sn->lock);
}

int vsn_tables_init(struct kunit *test)
{
	struct vsn_tables *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, t);
	KUNIT_ASSERT_EQ(test, vsn_net_init(), 0);
	t->sn = vsn_net_of(&init_net);
	for (i = 0; i < VSN_PORTS; i++) {
		t->devs[i] = alloc_etherdev(0);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, t->devs[i]);
	}
	vsn_told_count = 0;
	vsn_hooked = 0;
	test->priv = t;
	return 0;
}

void vsn_tables_exit(struct kunit *test)
{
	struct vsn_tables *t = test->priv;
	int i;

	/* The session's timer may be armed. */
	mutex_lock(&t->sn->lock);
	for (i = 0; i < ARRAY_SIZE(t->clients); i++)
		vsn_appliance_release(t->sn, &t->clients[i]);
	mutex_unlock(&t->sn->lock);
	vsn_net_exit();
	KUNIT_EXPECT_EQ(test, vsn_hooked, 0);
	for (i = 0; i < VSN_PORTS; i++)
		free_netdev(t->devs[i]);
}

static void vsn_tables_order_test(struct kunit *test)
{
	struct vsn_tables *t = test->priv;
	struct vsn_vnic *vnic;
	unsigned long id;
	u64 last = 0;
	int i, count = 0;

	for (i = 0; i < VSN_PORTS; i++)
		KUNIT_ASSERT_EQ(test, vsn_tables_add(t, i, 104 - i, 0), 0);
	vsn_tables_del(t, 1);
	KUNIT_ASSERT_EQ(test, vsn_tables_add(t, 1, 103, 0), 0);

	/* By creation ID, whatever the ifindex; none is used twice. */
	xa_for_each(&t->sn->vnics, id, vnic) {
		KUNIT_EXPECT_EQ(test, vnic->id, (u64)id);
		KUNIT_EXPECT_GT(test, vnic->id, last);
		KUNIT_EXPECT_PTR_EQ(test, vnic,
				    (struct vsn_vnic *)xa_load(&t->sn->ports,
							vnic->port.ifindex));
		last = vnic->id;
		count++;
	}
	KUNIT_EXPECT_EQ(test, count, VSN_PORTS);
	KUNIT_EXPECT_EQ(test, t->vnics[1]->id, last);
	KUNIT_EXPECT_EQ(test, t->sn->vnic_count, (u32)VSN_PORTS);
	KUNIT_EXPECT_EQ(test, vsn_hooked, VSN_PORTS);
}

static void vsn_tables_refused_test(struct kunit *test)
{
	struct vsn_tables *t = test->priv;
	u64 generation;

	KUNIT_ASSERT_EQ(test, vsn_tables_add(t, 0, 101, 0), 0);
	generation = t->sn->generation;
	vsn_told_count = 0;
	KUNIT_EXPECT_EQ(test, vsn_tables_add(t, 1, 101, 0), -EEXIST);
	KUNIT_EXPECT_EQ(test, vsn_told_count, 0U);
	t->sn->vnic_limit = 1;
	KUNIT_EXPECT_EQ(test, vsn_tables_add(t, 1, 102, 0), -ENOSPC);
	KUNIT_EXPECT_EQ(test, vsn_told_of(VMSAFE_NET_REASON_LIMIT_REACHED), 1U);
	KUNIT_EXPECT_EQ(test, t->sn->vnic_count, 1U);
	KUNIT_EXPECT_EQ(test, t->sn->generation, generation);
	KUNIT_EXPECT_EQ(test, vsn_hooked, 1);
	KUNIT_EXPECT_TRUE(test, !xa_load(&t->sn->ports, 102));
	/* An ifindex that was used again does not deceive. */
	t->devs[1]->ifindex = 101;
	mutex_lock(&t->sn->lock);
	KUNIT_EXPECT_TRUE(test, !vsn_vnic_by_dev(t->sn, t->devs[1]));
	KUNIT_EXPECT_TRUE(test, vsn_vnic_by_dev(t->sn, t->devs[0]));
	mutex_unlock(&t->sn->lock);
}

/**
 * struct vsn_claim_case - a second claim that is one, or is none
 * @what: name
 * @domains: L2 domains of holder and claimant
 * @vm: the claimant's VM; the holder is device 0 of VM 1, with MAC 1
 * @device: its device ID
 * @mac: its MAC
 * @told: kind of the claim, VSN_CLAIM and up; or 0, it is granted
 */
struct vsn_claim_case {
	const char *what;
	u64 domains[2];
	u8 vm;
	u16 device;
	u8 mac;
	u32 told;
};

#define VSN_DEVICE_CLAIM	(VSN_CLAIM + VMSAFE_NET_CLAIM_KIND_VM_DEVICE)
#define VSN_MAC_CLAIM		(VSN_CLAIM + VMSAFE_NET_CLAIM_KIND_MAC)

static const struct vsn_claim_case vsn_claim_cases[] = {
	{ "same device", { 5, 5 }, 1, 0, 2, VSN_DEVICE_CLAIM },
	{ "same device elsewhere", { 5, 6 }, 1, 0, 2, VSN_DEVICE_CLAIM },
	{ "the whole clone", { 5, 5 }, 1, 0, 1, VSN_DEVICE_CLAIM },
	{ "same MAC of the VM", { 5, 5 }, 1, 1, 1, VSN_MAC_CLAIM },
	{ "same MAC of another", { 5, 5 }, 2, 0, 1, VSN_MAC_CLAIM },
	{ "same MAC elsewhere", { 5, 6 }, 2, 0, 1, 0 },
	{ "same MAC, no domain", { 0, 0 }, 2, 0, 1, 0 },
	{ "same MAC, one has none", { 5, 0 }, 2, 0, 1, 0 },
	{ "other device", { 5, 5 }, 1, 1, 2, 0 },
	{ "other VM", { 5, 5 }, 2, 0, 2, 0 },
};

static void vsn_claim_desc(const struct vsn_claim_case *c, char *desc)
{
	strscpy(desc, c->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(vsn_claim, vsn_claim_cases, vsn_claim_desc);

static void vsn_claim_test(struct kunit *test)
{
	const struct vsn_claim_case *c = test->param_value;
	struct vsn_identity who = vsn_tables_who(c->vm, c->device, c->mac);
	struct vsn_tables *t = test->priv;
	int i;

	for (i = 0; i < 2; i++)
		KUNIT_ASSERT_EQ(test, vsn_tables_add(t, i, 101 + i,
						     c->domains[i]), 0);
	KUNIT_ASSERT_EQ(test, vsn_tables_bind(t, 0, vsn_tables_who(1, 0, 1)),
			0);
	vsn_told_count = 0;

	KUNIT_EXPECT_EQ(test, vsn_tables_bind(t, 1, who),
			c->told ? -EEXIST : 0);

	KUNIT_EXPECT_EQ(test, vsn_told_count, 1U);
	KUNIT_EXPECT_EQ(test, vsn_told[0],
			c->told ?: (u32)VMSAFE_NET_REASON_BOUND);
	KUNIT_EXPECT_EQ(test, t->sn->refused_claims, c->told ? 1ULL : 0ULL);
	KUNIT_EXPECT_EQ(test, t->sn->bound_count, c->told ? 1U : 2U);
	/* The holder gone, it is free. */
	vsn_tables_unbind(t, 0);
	if (c->told)
		KUNIT_EXPECT_EQ(test, vsn_tables_bind(t, 1, who), 0);
	KUNIT_EXPECT_EQ(test, t->sn->bound_count, 1U);
}

static void vsn_tables_vm_test(struct kunit *test)
{
	static const u16 devices[] = { 7, 2, 9, 0 };
	struct vsn_tables *t = test->priv;
	struct vsn_identity who;
	struct vsn_binding *b;
	struct vsn_vm *vm;
	int i, last = -1;

	for (i = 0; i < VSN_PORTS; i++) {
		KUNIT_ASSERT_EQ(test, vsn_tables_add(t, i, 101 + i, 5), 0);
		who = vsn_tables_who(1, devices[i], i);
		KUNIT_ASSERT_EQ(test, vsn_tables_bind(t, i, who), 0);
	}
	mutex_lock(&t->sn->lock);
	vm = vsn_vm_find(t->sn, who.vm_uuid);
	KUNIT_ASSERT_TRUE(test, vm);
	KUNIT_EXPECT_EQ(test, vm->vnic_count, (u32)VSN_PORTS);
	list_for_each_entry(b, &vm->bindings, vm_node) {
		KUNIT_EXPECT_GT(test, (int)b->device_id, last);
		KUNIT_EXPECT_PTR_EQ(test, vsn_vm_binding(vm, b->device_id), b);
		last = b->device_id;
	}
	KUNIT_EXPECT_TRUE(test, !vsn_vm_binding(vm, 1));
	mutex_unlock(&t->sn->lock);

	/* It lives as long as the last of them, however that goes. */
	for (i = 0; i < VSN_PORTS; i++) {
		KUNIT_EXPECT_EQ(test, t->sn->vm_count, 1U);
		if (i % 2)
			vsn_tables_del(t, i);
		else
			vsn_tables_unbind(t, i);
	}
	KUNIT_EXPECT_EQ(test, t->sn->vm_count, 0U);
	KUNIT_EXPECT_EQ(test, t->sn->bound_count, 0U);
	KUNIT_EXPECT_TRUE(test, xa_empty(&t->sn->vms));
	mutex_lock(&t->sn->lock);
	KUNIT_EXPECT_TRUE(test, !vsn_vm_find(t->sn, who.vm_uuid));
	mutex_unlock(&t->sn->lock);
}

static void vsn_tables_change_test(struct kunit *test)
{
	struct vsn_identity who = vsn_tables_who(1, 0, 1), now;
	struct vsn_tables *t = test->priv;
	const struct vsn_binding *b;
	u64 generation, bound;

	KUNIT_ASSERT_EQ(test, vsn_tables_add(t, 0, 101, 5), 0);
	KUNIT_ASSERT_EQ(test, vsn_tables_add(t, 1, 102, 5), 0);
	KUNIT_ASSERT_EQ(test, vsn_tables_bind(t, 0, who), 0);
	mutex_lock(&t->sn->lock);
	bound = vsn_vnic_binding(t->vnics[0])->bound;
	generation = t->sn->generation;
	vsn_told_count = 0;
	/* What it is already changes nothing. */
	KUNIT_EXPECT_EQ(test, vsn_binding_change(t->vnics[0], &who, NULL), 0);
	KUNIT_EXPECT_EQ(test, t->sn->generation, generation);
	KUNIT_EXPECT_EQ(test, vsn_told_count, 0U);
	who = vsn_tables_who(1, 3, 9);
	who.guard = VMSAFE_NET_GUARD_DROP;
	KUNIT_EXPECT_EQ(test, vsn_binding_change(t->vnics[0], &who, NULL), 0);
	KUNIT_EXPECT_EQ(test, vsn_told_of(VMSAFE_NET_REASON_SET), 1U);
	b = vsn_vnic_binding(t->vnics[0]);
	KUNIT_EXPECT_EQ(test, b->bound, bound);
	vsn_binding_identity(b, &now);
	KUNIT_EXPECT_TRUE(test, vsn_binding_same(b, &now));
	KUNIT_EXPECT_TRUE(test, vsn_binding_same(b, &who));
	KUNIT_EXPECT_STREQ(test, (const char *)now.vm_name,
			   (const char *)who.vm_name);
	KUNIT_EXPECT_EQ(test, now.failure_policy, who.failure_policy);
	KUNIT_EXPECT_EQ(test, now.guard, (u8)VMSAFE_NET_GUARD_DROP);
	KUNIT_EXPECT_EQ(test, now.bypass, who.bypass);
	/* Found by what it is, and not by what it was. */
	KUNIT_EXPECT_PTR_EQ(test, (const struct vsn_binding *)
			    vsn_binding_by_mac(t->sn, who.mac, t->vnics[1]),
			    b);
	now = vsn_tables_who(1, 0, 1);
	KUNIT_EXPECT_TRUE(test, !vsn_binding_by_mac(t->sn, now.mac,
						    t->vnics[1]));
	KUNIT_EXPECT_EQ(test, t->vnics[0]->act, (u8)VSN_ACT_GUARD);
	mutex_unlock(&t->sn->lock);
}

static struct kunit_case vsn_table_cases[] = {
	KUNIT_CASE(vsn_tables_order_test),
	KUNIT_CASE(vsn_tables_refused_test),
	KUNIT_CASE_PARAM(vsn_claim_test, vsn_claim_gen_params),
	KUNIT_CASE(vsn_tables_vm_test),
	KUNIT_CASE(vsn_tables_change_test),
	{}
};

static struct kunit_suite vsn_table_suite = {
	.name = "vmsafe_net_tables",
	.init = vsn_tables_init,
	.exit = vsn_tables_exit,
	.test_cases = vsn_table_cases,
};

kunit_test_suite(vsn_table_suite);
