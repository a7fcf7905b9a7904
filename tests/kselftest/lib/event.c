// SPDX-License-Identifier: GPL-2.0-only
#include "event.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#define EVENT_DEADLINE_MS	20000

int event_join(struct nl *nl, struct nl *req)
{
	int big = 4 << 20;
	struct host host;
	int err;

	if (setsockopt(nl->fd, SOL_SOCKET, SO_RCVBUFFORCE, &big, sizeof(big)))
		return -errno;
	if (setsockopt(nl->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &nl->group,
		       sizeof(nl->group)))
		return -errno;
	err = host_get(req, &host);
	nl->seq = host.seq;
	return err;
}

static int claim_copy(const struct nlattr *attr, void *to, size_t size)
{
	if (mnl_attr_get_payload_len(attr) != size)
		return -EPROTO;
	memcpy(to, mnl_attr_get_payload(attr), size);
	return 0;
}

static int claim_str(const struct nlattr *attr, char *to, size_t size)
{
	size_t len = mnl_attr_get_payload_len(attr);
	const char *str = mnl_attr_get_payload(attr);

	if (!len || len > size || str[len - 1])
		return -EPROTO;
	memcpy(to, str, len);
	return 0;
}

static int claim_claimant(const struct nlattr *attr, struct claim *c)
{
	switch (mnl_attr_get_type(attr)) {
	case VMSAFE_NET_A_CLAIM_ID:
		return claim_copy(attr, &c->id, sizeof(c->id));
	case VMSAFE_NET_A_CLAIM_IFINDEX:
		return claim_copy(attr, &c->ifindex, sizeof(c->ifindex));
	case VMSAFE_NET_A_CLAIM_IFNAME:
		return claim_str(attr, c->ifname, sizeof(c->ifname));
	case VMSAFE_NET_A_CLAIM_VM_UUID:
		return claim_copy(attr, c->uuid, sizeof(c->uuid));
	case VMSAFE_NET_A_CLAIM_VM_NAME:
		return claim_str(attr, c->name, sizeof(c->name));
	case VMSAFE_NET_A_CLAIM_DEVICE_ID:
		return claim_copy(attr, &c->device_id, sizeof(c->device_id));
	case VMSAFE_NET_A_CLAIM_MAC:
		return claim_copy(attr, c->mac, sizeof(c->mac));
	default:
		return 1;
	}
}

static int claim_holder(const struct nlattr *attr, struct claim *c)
{
	switch (mnl_attr_get_type(attr)) {
	case VMSAFE_NET_A_CLAIM_HOLDER_ID:
		return claim_copy(attr, &c->holder_id, sizeof(c->holder_id));
	case VMSAFE_NET_A_CLAIM_HOLDER_IFINDEX:
		return claim_copy(attr, &c->holder_ifindex,
				  sizeof(c->holder_ifindex));
	case VMSAFE_NET_A_CLAIM_HOLDER_IFNAME:
		return claim_str(attr, c->holder_ifname,
				 sizeof(c->holder_ifname));
	case VMSAFE_NET_A_CLAIM_HOLDER_VM_UUID:
		return claim_copy(attr, c->holder_uuid,
				  sizeof(c->holder_uuid));
	case VMSAFE_NET_A_CLAIM_HOLDER_VM_NAME:
		return claim_str(attr, c->holder_name, sizeof(c->holder_name));
	case VMSAFE_NET_A_CLAIM_HOLDER_DEVICE_ID:
		return claim_copy(attr, &c->holder_device_id,
				  sizeof(c->holder_device_id));
	default:
		return 1;
	}
}

static int claim_rest(const struct nlattr *attr, struct claim *c)
{
	switch (mnl_attr_get_type(attr)) {
	case VMSAFE_NET_A_CLAIM_KIND:
		return claim_copy(attr, &c->kind, sizeof(c->kind));
	case VMSAFE_NET_A_CLAIM_GENERATION:
		return claim_copy(attr, &c->generation, sizeof(c->generation));
	case VMSAFE_NET_A_CLAIM_EVENT_SEQ:
		return claim_copy(attr, &c->seq, sizeof(c->seq));
	default:
		return 0;
	}
}

static int claim_parse(const struct nlmsghdr *nlh, struct claim *c)
{
	const struct nlattr *attr;
	int ret;

	memset(c, 0, sizeof(*c));
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		ret = claim_claimant(attr, c);
		if (ret == 1)
			ret = claim_holder(attr, c);
		if (ret == 1)
			ret = claim_rest(attr, c);
		if (ret)
			return ret;
		c->has |= 1ULL << mnl_attr_get_type(attr);
	}
	return 0;
}

static int event_parse(const struct nlmsghdr *nlh, struct event *ev)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	int err;

	ev->cmd = genl->cmd;
	switch (genl->cmd) {
	case VMSAFE_NET_CMD_HOST_NTF:
		err = host_parse(nlh, &ev->host);
		ev->seq = ev->host.seq;
		ev->reason = ev->host.reason;
		ev->generation = ev->host.generation;
		return err;
	case VMSAFE_NET_CMD_VNIC_NTF:
		err = vnic_parse(nlh, &ev->vnic);
		ev->seq = ev->vnic.seq;
		ev->reason = ev->vnic.reason;
		ev->generation = ev->vnic.generation;
		return err;
	case VMSAFE_NET_CMD_CLAIM_NTF:
		err = claim_parse(nlh, &ev->claim);
		ev->seq = ev->claim.seq;
		ev->reason = 1000 + ev->claim.kind;
		ev->generation = ev->claim.generation;
		return err;
	default:
		return -EPROTO;
	}
}

int event_next(struct nl *nl, struct event *ev, int timeout_ms)
{
	static _Thread_local char buf[NL_ANSWER_MAX];
	const struct nlmsghdr *nlh = (const void *)buf;
	long n = nl_read(nl, buf, sizeof(buf), timeout_ms);
	int err;

	if (n < 0)
		return n;
	if (!mnl_nlmsg_ok(nlh, n) || nlh->nlmsg_type != nl->family)
		return -EPROTO;
	err = event_parse(nlh, ev);
	if (err)
		return err;
	if (ev->seq != nl->seq + 1)
		return -ESTALE;
	nl->seq = ev->seq;
	return 0;
}

int event_until(struct nl *nl, struct event *ev, uint32_t reason)
{
	int err;

	do
		err = event_next(nl, ev, EVENT_DEADLINE_MS);
	while (!err && ev->reason != reason);
	return err;
}

int event_all(struct nl *nl, struct nl *req, struct event *evs,
	      unsigned int max)
{
	unsigned int count = 0;
	struct event beyond;
	struct host host;
	int err;

	err = host_get(req, &host);
	if (err)
		return err;
	while (!err && nl->seq != host.seq) {
		err = event_next(nl, count < max ? &evs[count] : &beyond,
				 EVENT_DEADLINE_MS);
		count++;
	}
	return err ?: (int)count;
}
