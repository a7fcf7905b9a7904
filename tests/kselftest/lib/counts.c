// SPDX-License-Identifier: GPL-2.0-only
#include "counts.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

/* Where an attribute of a nest goes; size 0 ends a table. */
struct place {
	uint16_t type;
	size_t offset;
	size_t size;
};

#define PLACE(attr, type, member)					\
	{ VMSAFE_NET_A_ ## attr, offsetof(struct type, member),		\
	  sizeof(((struct type *)0)->member) }

/* Nests as they come, before they are sorted by what they are about. */
struct part {
	uint32_t dir;
	uint32_t number;
	uint64_t packets[DIRS];
	struct wire_mac mac;
	struct policy_counts policy;
	struct probe probe;
	bool has_reason;
};

static const struct place drops_places[] = {
	PLACE(DROPS_DIRECTION, part, dir),
	PLACE(DROPS_REASON, part, number),
	PLACE(DROPS_PACKETS, part, packets[0]),
	{ }
};

static const struct place passed_places[] = {
	PLACE(PASSED_MODE, part, number),
	PLACE(PASSED_FROM_GUEST, part, packets[FROM]),
	PLACE(PASSED_TO_GUEST, part, packets[TO]),
	{ }
};

static const struct place dropped_places[] = {
	PLACE(DROPPED_MODE, part, number),
	PLACE(DROPPED_FROM_GUEST, part, packets[FROM]),
	PLACE(DROPPED_TO_GUEST, part, packets[TO]),
	{ }
};

static const struct place mac_places[] = {
	PLACE(WIRE_MAC_MAC, part, mac.mac),
	PLACE(WIRE_MAC_FIRST_SEEN, part, mac.first),
	PLACE(WIRE_MAC_LAST_SEEN, part, mac.last),
	{ }
};

static const struct place policy_places[] = {
	PLACE(POLICY_DIRECTION, part, dir),
	PLACE(POLICY_PROG_ID, part, policy.prog_id),
	PLACE(POLICY_TAG, part, policy.tag),
	PLACE(POLICY_RUNS, part, policy.runs),
	PLACE(POLICY_DROPS, part, policy.drops),
	PLACE(POLICY_ERRORS, part, policy.errors),
	PLACE(POLICY_ATTACHED, part, policy.since),
	{ }
};

static const struct place probe_places[] = {
	PLACE(PROBE_DIRECTION, part, dir),
	PLACE(PROBE_RESULT, part, probe.result),
	PLACE(PROBE_MODE, part, probe.mode),
	PLACE(PROBE_REASON, part, probe.reason),
	PLACE(PROBE_PROG_ID, part, probe.prog_id),
	{ }
};

static int part_parse(const struct nlattr *nest, const struct place *places,
		      struct part *part)
{
	const struct place *place;
	const struct nlattr *attr;

	memset(part, 0, sizeof(*part));
	mnl_attr_for_each_nested(attr, nest) {
		for (place = places; place->size; place++)
			if (place->type == mnl_attr_get_type(attr))
				break;
		if (!place->size)
			continue;
		if (mnl_attr_get_payload_len(attr) != place->size)
			return -EPROTO;
		memcpy((char *)part + place->offset,
		       mnl_attr_get_payload(attr), place->size);
		if (place->type == VMSAFE_NET_A_PROBE_REASON &&
		    places == probe_places)
			part->has_reason = true;
	}
	return part->dir < DIRS ? 0 : -EPROTO;
}

static int counts_drops(const struct nlattr *nest, struct counts *c)
{
	struct part part;
	int err = part_parse(nest, drops_places, &part);

	/* Never twice, and never nothing. */
	if (err || part.number >= REASONS || !part.packets[0] ||
	    c->drops[part.dir][part.number])
		return err ?: -EPROTO;
	c->drops[part.dir][part.number] = part.packets[0];
	return 0;
}

static int counts_modes(const struct nlattr *nest, const struct place *places,
			uint64_t packets[MODES][DIRS])
{
	struct part part;
	int err = part_parse(nest, places, &part);

	/* Never twice, and never nothing. */
	if (err || part.number >= MODES ||
	    !(part.packets[FROM] | part.packets[TO]) ||
	    packets[part.number][FROM] | packets[part.number][TO])
		return err ?: -EPROTO;
	memcpy(packets[part.number], part.packets, sizeof(part.packets));
	return 0;
}

static int counts_wire(const struct nlattr *nest, struct counts *c)
{
	struct part part;
	int err = part_parse(nest, mac_places, &part);

	if (err || c->macs == 8)
		return err ?: -E2BIG;
	c->mac[c->macs++] = part.mac;
	return 0;
}

static int counts_policy(const struct nlattr *nest, struct counts *c)
{
	struct part part;
	int err = part_parse(nest, policy_places, &part);

	if (err || c->policy[part.dir].attached)
		return err ?: -EPROTO;
	c->policy[part.dir] = part.policy;
	c->policy[part.dir].attached = true;
	return 0;
}

static int counts_one(const struct nlattr *attr, struct counts *c)
{
	switch (mnl_attr_get_type(attr)) {
	case VMSAFE_NET_A_VNIC_DROPS:
		return counts_drops(attr, c);
	case VMSAFE_NET_A_VNIC_PASSED:
		return counts_modes(attr, passed_places, c->passed);
	case VMSAFE_NET_A_VNIC_DROPPED:
		return counts_modes(attr, dropped_places, c->dropped);
	case VMSAFE_NET_A_VNIC_WIRE_MACS:
		return counts_wire(attr, c);
	case VMSAFE_NET_A_VNIC_POLICIES:
		return counts_policy(attr, c);
	case VMSAFE_NET_A_VNIC_WIRE_OTHERS:
		c->others = mnl_attr_get_u64(attr);
		return 0;
	case VMSAFE_NET_A_VNIC_GUARD_HITS:
		c->guard_hits = mnl_attr_get_u64(attr);
		return 0;
	default:
		return 0;
	}
}

int counts_get(struct nl *nl, const char *ifname, struct counts *c)
{
	const struct nlattr *attr;
	struct vnic v;
	int err;

	memset(c, 0, sizeof(*c));
	nl_begin(nl, VMSAFE_NET_CMD_VNIC_GET);
	nl_put_str(nl, VMSAFE_NET_A_VNIC_IFNAME, ifname);
	nl_put(nl, VMSAFE_NET_A_VNIC_WITH_STATS, NULL, 0);
	err = vnic_answer(nl, &v);
	if (err)
		return err;
	c->total = v.stats;
	mnl_attr_for_each(attr, &nl->answer, sizeof(struct genlmsghdr)) {
		err = counts_one(attr, c);
		if (err)
			return err;
	}
	return 0;
}

uint64_t counts_seen(const struct counts *c, unsigned int dir)
{
	return dir == FROM ? c->total.from_packets + c->total.from_drops :
			     c->total.to_packets + c->total.to_drops;
}

bool counts_agree(const struct counts *c)
{
	uint64_t passed[DIRS] = { }, dropped[DIRS] = { }, drops[DIRS] = { };
	unsigned int i, dir;

	for (dir = 0; dir < DIRS; dir++) {
		for (i = 0; i < MODES; i++) {
			passed[dir] += c->passed[i][dir];
			dropped[dir] += c->dropped[i][dir];
		}
		for (i = 0; i < REASONS; i++)
			drops[dir] += c->drops[dir][i];
	}
	return passed[FROM] == c->total.from_packets &&
	       passed[TO] == c->total.to_packets &&
	       dropped[FROM] == c->total.from_drops &&
	       dropped[TO] == c->total.to_drops &&
	       drops[FROM] == c->total.from_drops &&
	       drops[TO] == c->total.to_drops;
}

const struct wire_mac *counts_mac(const struct counts *c, const uint8_t *mac)
{
	unsigned int i;

	for (i = 0; i < c->macs; i++)
		if (!memcmp(c->mac[i].mac, mac, VMSAFE_NET_MAC_LEN))
			return &c->mac[i];
	return NULL;
}

static void named(struct nl *nl, uint8_t cmd, const char *ifname)
{
	nl_begin(nl, cmd);
	nl_put_str(nl, VMSAFE_NET_A_VNIC_IFNAME, ifname);
}

int vnic_set_u32(struct nl *nl, const char *ifname, uint16_t attr,
		 uint32_t value)
{
	named(nl, VMSAFE_NET_CMD_VNIC_SET, ifname);
	nl_put_u32(nl, attr, value);
	return nl_do(nl);
}

int vnic_set_bypass(struct nl *nl, const char *ifname, bool bypass)
{
	named(nl, VMSAFE_NET_CMD_VNIC_SET, ifname);
	nl_put_u8(nl, VMSAFE_NET_A_VNIC_BYPASS, bypass);
	return nl_do(nl);
}

int policy_set(struct nl *nl, const char *ifname, unsigned int dir, int prog)
{
	named(nl, VMSAFE_NET_CMD_POLICY_SET, ifname);
	nl_put_u32(nl, VMSAFE_NET_A_VNIC_DIRECTION, dir);
	nl_put_u32(nl, VMSAFE_NET_A_VNIC_PROG_FD, prog);
	return nl_do(nl);
}

int policy_detach(struct nl *nl, const char *ifname, unsigned int dir)
{
	named(nl, VMSAFE_NET_CMD_POLICY_SET, ifname);
	nl_put_u32(nl, VMSAFE_NET_A_VNIC_DIRECTION, dir);
	return nl_do(nl);
}

int probe_run(struct nl *nl, const char *ifname, struct probe p[DIRS])
{
	const struct nlattr *attr;
	unsigned int seen = 0;
	struct part part;
	int err;

	named(nl, VMSAFE_NET_CMD_VNIC_PROBE, ifname);
	err = nl_do(nl);
	if (err)
		return err;
	mnl_attr_for_each(attr, &nl->answer, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) != VMSAFE_NET_A_VNIC_PROBES)
			continue;
		err = part_parse(attr, probe_places, &part);
		if (err)
			return err;
		p[part.dir] = part.probe;
		p[part.dir].dropped = part.has_reason;
		seen |= 1U << part.dir;
	}
	return seen == 3 ? 0 : -EPROTO;
}
