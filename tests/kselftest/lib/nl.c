// SPDX-License-Identifier: GPL-2.0-only
#include "nl.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/vmsafe_net.h>

#include "leak.h"

static void nl_forget(struct nl *nl)
{
	nl->error = 0;
	nl->msg[0] = '\0';
	nl->blamed = -1;
	nl->missing = false;
	nl->interrupted = false;
	nl->answers = 0;
}

int nl_open_bare(struct nl *nl, int protocol)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	struct sockaddr_nl kernel = addr;
	socklen_t len = sizeof(addr);
	int one = 1, err;

	memset(nl, 0, sizeof(*nl));
	nl_forget(nl);
	nl->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	if (nl->fd < 0)
		return -errno;
	if (bind(nl->fd, (void *)&addr, sizeof(addr)) ||
	    getsockname(nl->fd, (void *)&addr, &len) ||
	    connect(nl->fd, (void *)&kernel, sizeof(kernel)) ||
	    setsockopt(nl->fd, SOL_NETLINK, NETLINK_EXT_ACK, &one,
		       sizeof(one)) ||
	    setsockopt(nl->fd, SOL_NETLINK, NETLINK_CAP_ACK, &one,
		       sizeof(one))) {
		err = -errno;
		nl_close(nl);
		return err;
	}
	nl->portid = addr.nl_pid;
	return 0;
}

static int nl_one_group(const struct nlattr *attr, void *arg)
{
	struct nl *nl = arg;
	const struct nlattr *sub;
	const char *name = NULL;
	uint32_t id = 0;

	mnl_attr_for_each_nested(sub, attr) {
		if (mnl_attr_get_type(sub) == CTRL_ATTR_MCAST_GRP_NAME)
			name = mnl_attr_get_str(sub);
		if (mnl_attr_get_type(sub) == CTRL_ATTR_MCAST_GRP_ID)
			id = mnl_attr_get_u32(sub);
	}
	if (name && !strcmp(name, VMSAFE_NET_MCGRP_EVENTS))
		nl->group = id;
	return MNL_CB_OK;
}

static int nl_resolve(struct nl *nl)
{
	const struct nlattr *attr, *grp;
	int err;

	nl->family = GENL_ID_CTRL;
	nl_begin(nl, CTRL_CMD_GETFAMILY);
	nl_put_str(nl, CTRL_ATTR_FAMILY_NAME, VMSAFE_NET_FAMILY_NAME);
	err = nl_do(nl);
	if (err)
		return err;
	if (!nl->answers)
		return -EPROTO;
	mnl_attr_for_each(attr, &nl->answer, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			nl->family = mnl_attr_get_u16(attr);
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS)
			mnl_attr_for_each_nested(grp, attr)
				nl_one_group(grp, nl);
	}
	return nl->family == GENL_ID_CTRL || !nl->group ? -EPROTO : 0;
}

int nl_open(struct nl *nl)
{
	int err = nl_open_bare(nl, NETLINK_GENERIC);

	if (err)
		return err;
	err = nl_resolve(nl);
	if (err)
		nl_close(nl);
	return err;
}

int nl_open_like(struct nl *nl, const struct nl *like)
{
	int err = nl_open_bare(nl, NETLINK_GENERIC);

	nl->family = like->family;
	nl->group = like->group;
	return err;
}

void nl_close(struct nl *nl)
{
	if (nl->fd >= 0)
		close(nl->fd);
	nl->fd = -1;
}

void nl_begin(struct nl *nl, uint8_t cmd)
{
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;

	nlh = mnl_nlmsg_put_header(nl->request_buf);
	nlh->nlmsg_type = nl->family;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	nlh->nlmsg_seq = ++nl->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = VMSAFE_NET_FAMILY_VERSION;
	nl_forget(nl);
}

void nl_put(struct nl *nl, uint16_t type, const void *data, size_t len)
{
	mnl_attr_put(&nl->request, type, len, data);
}

void nl_put_u8(struct nl *nl, uint16_t type, uint8_t value)
{
	nl_put(nl, type, &value, sizeof(value));
}

void nl_put_u16(struct nl *nl, uint16_t type, uint16_t value)
{
	nl_put(nl, type, &value, sizeof(value));
}

void nl_put_u32(struct nl *nl, uint16_t type, uint32_t value)
{
	nl_put(nl, type, &value, sizeof(value));
}

void nl_put_u64(struct nl *nl, uint16_t type, uint64_t value)
{
	nl_put(nl, type, &value, sizeof(value));
}

void nl_put_str(struct nl *nl, uint16_t type, const char *str)
{
	nl_put(nl, type, str, strlen(str) + 1);
}

/*
 * To whom it is connected, not to an address: only then does the kernel ask
 * who opened the socket.
 */
int nl_send(struct nl *nl)
{
	if (send(nl->fd, &nl->request, nl->request.nlmsg_len, 0) < 0)
		return -errno;
	return 0;
}

/* Whatever is tried: the driver tells nothing but what it was given. */
static bool nl_leaks(const struct nl *nl, const void *buf, int len)
{
	const struct nlmsghdr *nlh = buf;

	if (nl->family == GENL_ID_CTRL)
		return false;
	for (; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len))
		if (nlh->nlmsg_type == nl->family &&
		    leak_in_message(nlh, sizeof(struct genlmsghdr)))
			return true;
	return false;
}

long nl_read(struct nl *nl, void *buf, size_t size, int timeout_ms)
{
	struct pollfd pfd = { .fd = nl->fd, .events = POLLIN };
	long n;

	n = poll(&pfd, 1, timeout_ms);
	if (n < 0)
		return -errno;
	if (!n)
		return -ETIMEDOUT;
	n = recv(nl->fd, buf, size, MSG_DONTWAIT | MSG_TRUNC);
	if (n < 0)
		return -errno;
	if ((size_t)n > size)
		return -EMSGSIZE;
	return nl_leaks(nl, buf, n) ? -EUCLEAN : n;
}

/* The attribute of the request that starts at this offset. */
static int nl_attr_at(const struct nl *nl, uint32_t offset)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, &nl->request, sizeof(struct genlmsghdr))
		if ((const char *)attr - nl->request_buf == offset)
			return mnl_attr_get_type(attr);
	return -1;
}

static void nl_parse_extack(struct nl *nl, const struct nlmsghdr *nlh,
			    unsigned int offset)
{
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	mnl_attr_for_each(attr, nlh, offset) {
		switch (mnl_attr_get_type(attr)) {
		case NLMSGERR_ATTR_MSG:
			strncpy(nl->msg, mnl_attr_get_str(attr),
				sizeof(nl->msg) - 1);
			break;
		case NLMSGERR_ATTR_OFFS:
			nl->blamed = nl_attr_at(nl, mnl_attr_get_u32(attr));
			break;
		case NLMSGERR_ATTR_MISS_TYPE:
			nl->blamed = mnl_attr_get_u32(attr);
			nl->missing = true;
			break;
		}
	}
}

static void nl_keep(struct nl *nl, const struct nlmsghdr *nlh)
{
	if (!nl->answers++ && nlh->nlmsg_len <= sizeof(nl->answer_buf))
		memcpy(nl->answer_buf, nlh, nlh->nlmsg_len);
}

/* Returns 1 to go on, 0 at the end, or what @each or the kernel said. */
static int nl_one(struct nl *nl, const struct nlmsghdr *nlh, nl_each_fn each,
		  void *arg)
{
	const int *error = mnl_nlmsg_get_payload(nlh);

	if (nlh->nlmsg_seq != nl->seq || nlh->nlmsg_pid != nl->portid)
		return 1;
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		nl->interrupted = true;
	switch (nlh->nlmsg_type) {
	case NLMSG_ERROR:
		/* With CAP_ACK only the header of the request follows. */
		nl_parse_extack(nl, nlh, sizeof(struct nlmsgerr));
		nl->error = -*error;
		return *error;
	case NLMSG_DONE:
		nl_parse_extack(nl, nlh, sizeof(int));
		nl->error = -*error;
		return *error < 0 ? *error : 0;
	default:
		nl_keep(nl, nlh);
		return each ? each(nlh, arg) ?: 1 : 1;
	}
}

int nl_dump_step(struct nl *nl, size_t chunk, nl_each_fn each, void *arg)
{
	static _Thread_local char buf[NL_ANSWER_MAX];
	const struct nlmsghdr *nlh = (const void *)buf;
	long n = nl_read(nl, buf, chunk, NL_DEADLINE_MS);
	int len, ret = 1;

	if (n < 0)
		return n;
	len = n;
	while (mnl_nlmsg_ok(nlh, len)) {
		ret = nl_one(nl, nlh, each, arg);
		if (ret <= 0)
			return ret;
		nlh = mnl_nlmsg_next(nlh, &len);
	}
	return len ? -EPROTO : 1;
}

static int nl_listen(struct nl *nl, nl_each_fn each, void *arg)
{
	int ret;

	do
		ret = nl_dump_step(nl, NL_ANSWER_MAX, each, arg);
	while (ret > 0);
	return ret;
}

int nl_answer(struct nl *nl)
{
	return nl_listen(nl, NULL, NULL);
}

int nl_do(struct nl *nl)
{
	return nl_send(nl) ?: nl_answer(nl);
}

int nl_dump_start(struct nl *nl)
{
	/* An ACK would be one more message after the DONE. */
	nl->request.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	return nl_send(nl);
}

int nl_dump(struct nl *nl, nl_each_fn each, void *arg)
{
	nl->request.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	return nl_send(nl) ?: nl_listen(nl, each, arg);
}
