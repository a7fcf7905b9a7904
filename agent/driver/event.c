// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "driver/event.h"

/* the controller's group, which tells of families that come and go */
#define VS_CONTROLLER_GROUP GENL_ID_CTRL

/* join the group first: what comes between is then seen twice, not never */
static int vs_listener_join(struct vs_listener *l, struct vs_error *error)
{
	struct vs_driver_host host;
	struct vs_client c;
	int ret;

	ret = vs_client_open(&c, error);
	if (ret)
		return ret;
	l->family = c.family;
	ret = vs_netlink_join(&l->nl, c.family.events, error);
	if (!ret)
		ret = vs_client_host(&c, &host, error);
	if (!ret) {
		l->last = host.event_seq;
		l->instance = host.instance;
	}
	vs_client_close(&c);
	return ret;
}

static int vs_listener_begin(struct vs_listener *l, bool wait,
			     struct vs_error *error)
{
	int ret;

	memset(l, 0, sizeof(*l));
	ret = vs_netlink_open(&l->nl, NETLINK_GENERIC, error);
	if (!ret)
		ret = vs_netlink_join(&l->nl, VS_CONTROLLER_GROUP, error);
	if (!ret)
		ret = vs_listener_join(l, error);
	if (ret == -ENOENT && wait) {
		/* it may have come and gone meanwhile */
		l->family.id = 0;
		return 0;
	}
	if (ret)
		vs_listener_close(l);
	return ret;
}

int vs_listener_open(struct vs_listener *l, struct vs_error *error)
{
	return vs_listener_begin(l, false, error);
}

int vs_listener_wait(struct vs_listener *l, struct vs_error *error)
{
	return vs_listener_begin(l, true, error);
}

void vs_listener_close(struct vs_listener *l)
{
	vs_netlink_close(&l->nl);
}

int vs_listener_fd(const struct vs_listener *l)
{
	return vs_netlink_fd(&l->nl);
}

uint32_t vs_notice_missed(uint32_t last, uint32_t seq)
{
	return (int32_t)(seq - last) > 0 ? seq - last - 1 : 0;
}

static uint8_t vs_message_cmd(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	return mnl_nlmsg_get_payload_len(nlh) >= sizeof(*genl) ? genl->cmd : 0;
}

int vs_notice_read(uint16_t family, const struct nlmsghdr *nlh,
		   struct vs_notice *notice)
{
	int ret = 0;

	memset(notice, 0, sizeof(*notice));
	if (nlh->nlmsg_type != family)
		return 0;
	switch (vs_message_cmd(nlh)) {
	case VMSAFE_NET_CMD_HOST_NTF:
		notice->kind = VS_NOTICE_HOST;
		ret = vs_driver_host_read(&notice->host, nlh);
		notice->seq = notice->host.event_seq;
		break;
	case VMSAFE_NET_CMD_VNIC_NTF:
		notice->kind = VS_NOTICE_VNIC;
		ret = vs_driver_vnic_read(&notice->vnic, nlh);
		notice->seq = notice->vnic.event_seq;
		break;
	case VMSAFE_NET_CMD_CLAIM_NTF:
		notice->kind = VS_NOTICE_CLAIM;
		ret = vs_driver_claim_read(&notice->claim, nlh);
		notice->seq = notice->claim.event_seq;
		break;
	}
	return ret;
}

/* the driver was unloaded or loaded */
static int vs_listener_controller(struct vs_listener *l,
				  const struct nlmsghdr *nlh,
				  struct vs_notice *notice,
				  struct vs_error *error)
{
	struct vs_family family;
	int ret;

	memset(notice, 0, sizeof(*notice));
	if (!vs_family_read(nlh, &family))
		return 0;
	if (vs_message_cmd(nlh) == CTRL_CMD_DELFAMILY && l->family.id) {
		l->family.id = 0;
		notice->kind = VS_NOTICE_UNLOADED;
	} else if (vs_message_cmd(nlh) == CTRL_CMD_NEWFAMILY && !l->family.id) {
		ret = vs_listener_join(l, error);
		/* gone again: the next message will say so */
		if (ret == -ENOENT)
			return 0;
		notice->kind = VS_NOTICE_LOADED;
		return ret;
	}
	return 0;
}

static int vs_listener_take(struct vs_listener *l, const struct nlmsghdr *nlh,
			    struct vs_notice *notice, struct vs_error *error)
{
	int ret;

	if (nlh->nlmsg_type == GENL_ID_CTRL)
		return vs_listener_controller(l, nlh, notice, error);
	ret = vs_notice_read(l->family.id, nlh, notice);
	if (ret)
		return vs_error_set(error, VS_OP_NETLINK, VS_WHY_BAD_DATA, ret,
				    NULL);
	if (notice->kind == VS_NOTICE_NONE)
		return 0;
	notice->missed = vs_notice_missed(l->last, notice->seq);
	if ((int32_t)(notice->seq - l->last) > 0)
		l->last = notice->seq;
	return 0;
}

int vs_listener_next(struct vs_listener *l, struct vs_notice *notice,
		     struct vs_error *error)
{
	const struct nlmsghdr *nlh;
	size_t len;
	int ret;

	memset(notice, 0, sizeof(*notice));
	ret = vs_netlink_recv(&l->nl, MSG_DONTWAIT, &len);
	if (ret == -EAGAIN || ret == -EINTR)
		return 0;
	if (ret == -ENOBUFS) {
		notice->kind = VS_NOTICE_LOST;
		return 1;
	}
	if (ret)
		return vs_error_set(error, VS_OP_NETLINK, VS_WHY_NONE, ret,
				    NULL);
	/* a multicast is one message */
	nlh = (const struct nlmsghdr *)l->nl.buf;
	if (!vs_message_is_whole(nlh, len))
		return vs_error_set(error, VS_OP_NETLINK, VS_WHY_BAD_DATA,
				    EBADMSG, NULL);
	ret = vs_listener_take(l, nlh, notice, error);
	return ret ? ret : 1;
}
