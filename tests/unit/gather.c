// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "gather.h"

static void gather_add(struct gather *g, const char *s)
{
	assert_true(strlen(g->text) + strlen(s) < sizeof(g->text));
	strcat(g->text, s);
}

static int gather_vm(void *ctx, const struct vs_vm_fact *fact)
{
	struct gather *g = ctx;
	char uuid[VS_UUID_STR], line[512];

	if (g->refuse)
		return g->refuse;
	snprintf(line, sizeof(line), "%s%s %s %s %s%s%s", *g->text ? "\n" : "",
		 vs_uuid_format(&fact->uuid, uuid), fact->name,
		 fact->host ? fact->host : "-", vs_power_word(fact->power),
		 fact->unprotected ? " unprotected" : "",
		 fact->is_template ? " template" : "");
	gather_add(g, line);
	return 0;
}

static int gather_vnic(void *ctx, const struct vs_vnic_fact *fact)
{
	char mac[VS_MAC_STR], line[64];

	snprintf(line, sizeof(line), " %u=%s", fact->device_id,
		 vs_mac_format(&fact->mac, mac));
	gather_add(ctx, line);
	return 0;
}

struct vs_feed gather_feed(struct gather *g)
{
	memset(g, 0, sizeof(*g));
	return (struct vs_feed){ gather_vm, gather_vnic, g };
}
