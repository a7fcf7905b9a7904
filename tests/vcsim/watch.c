// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: watch URI [TIMEOUT]
 *
 * Watch an inventory and print a line for each thing that it tells:
 *   list VMS VNICS TOOK AGE
 *   vm UUID NAME HOST POWER ID=MAC...	/ gone UUID / arrived UUID
 *   failed WHY ERRNO DETAIL
 * On standard input, a line "want" or "afresh" asks for the list; the end of
 * it ends the program, which then says how much memory it took at most.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inventory/inventory.h"

struct count {
	size_t vms;
	size_t vnics;
};

static int count_vm(void *ctx, const struct vs_vm_fact *fact)
{
	struct count *count = ctx;

	(void)fact;
	count->vms++;
	return 0;
}

static int count_vnic(void *ctx, const struct vs_vnic_fact *fact)
{
	struct count *count = ctx;

	(void)fact;
	count->vnics++;
	return 0;
}

static void tell_list(void *ctx, struct vs_listing *listing, int64_t began,
		      int64_t took, int64_t age)
{
	struct count count = { 0 };
	const struct vs_feed feed = { count_vm, count_vnic, &count };

	(void)ctx;
	(void)began;
	vs_listing_replay(listing, &feed);
	printf("list %zu %zu %lld %lld\n", count.vms, count.vnics,
	       (long long)took, (long long)age);
}

static int print_vm(void *ctx, const struct vs_vm_fact *fact)
{
	char uuid[VS_UUID_STR];

	(void)ctx;
	printf("vm %s %s %s %s", vs_uuid_format(&fact->uuid, uuid), fact->name,
	       fact->host ? fact->host : "-", vs_power_word(fact->power));
	return 0;
}

static int print_vnic(void *ctx, const struct vs_vnic_fact *fact)
{
	char mac[VS_MAC_STR];

	(void)ctx;
	printf(" %u=%s", fact->device_id, vs_mac_format(&fact->mac, mac));
	return 0;
}

static void tell_vm(void *ctx, const struct vs_uuid *vm,
		    struct vs_listing *listing)
{
	const struct vs_feed feed = { print_vm, print_vnic, NULL };
	char uuid[VS_UUID_STR];

	(void)ctx;
	if (!listing->n)
		printf("gone %s", vs_uuid_format(vm, uuid));
	vs_listing_replay(listing, &feed);
	printf("\n");
}

static void tell_arrived(void *ctx, const struct vs_uuid *vm)
{
	char uuid[VS_UUID_STR];

	(void)ctx;
	printf("arrived %s\n", vs_uuid_format(vm, uuid));
}

static void tell_failed(void *ctx, int64_t began, const struct vs_error *error)
{
	char buf[24];

	(void)ctx;
	(void)began;
	printf("failed %s %s %s\n", vs_why_word(error->why),
	       vs_errno_name(error->err, buf), error->detail);
}

/* getrusage() would tell of the program that became this one as well */
static long most_memory(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[128];
	long kib = -1;

	while (f && kib < 0 && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "VmHWM: %ld kB", &kib) != 1)
			kib = -1;
	}
	if (f)
		fclose(f);
	return kib;
}

int main(int argc, char **argv)
{
	const struct vs_watcher to = {
		tell_list, tell_vm, tell_arrived, tell_failed, NULL
	};
	struct vs_inventory *inv;
	struct vs_error error;
	char line[64];

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc < 2 || vs_inventory_open(argv[1], &inv, &error))
		return 2;
	if (argc > 2)
		inv->deadline = atoi(argv[2]);
	if (inv->ops->watch(inv, &to, &error))
		return 1;
	inv->ops->want(inv, false);
	while (fgets(line, sizeof(line), stdin))
		inv->ops->want(inv, strcmp(line, "afresh\n") == 0);
	vs_inventory_close(inv);
	printf("memory %ld\n", most_memory());
	return 0;
}
