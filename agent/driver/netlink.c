// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "driver/netlink.h"

/* the kernel fills up to 32 KB a message when the reader has room for it */
#define VS_NETLINK_BUF 65536
#define VS_NETLINK_ATTEMPTS 10
/* the kernel answers at once; this only keeps a lost answer from hanging us */
#define VS_NETLINK_TIMEOUT 30

static int vs_netlink_option(struct vs_netlink *nl, int option)
{
	int on = 1;

	return mnl_socket_setsockopt(nl->sock, option, &on, sizeof(on));
}

static int vs_netlink_setup(struct vs_netlink *nl)
{
	struct timeval timeout = { .tv_sec = VS_NETLINK_TIMEOUT };

	if (mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID) ||
	    vs_netlink_option(nl, NETLINK_EXT_ACK) ||
	    vs_netlink_option(nl, NETLINK_CAP_ACK) ||
	    vs_netlink_option(nl, NETLINK_GET_STRICT_CHK))
		return -errno;
	if (setsockopt(vs_netlink_fd(nl), SOL_SOCKET, SO_RCVTIMEO, &timeout,
		       sizeof(timeout)))
		return -errno;
	return 0;
}

int vs_netlink_open(struct vs_netlink *nl, int bus, struct vs_error *error)
{
	int ret;

	memset(nl, 0, sizeof(*nl));
	nl->bus = bus;
	nl->buf = malloc(VS_NETLINK_BUF);
	if (!nl->buf)
		return vs_error_set(error, VS_OP_NETLINK, VS_WHY_NO_MEMORY,
				    ENOMEM, NULL);
	nl->sock = mnl_socket_open2(bus, SOCK_CLOEXEC);
	ret = nl->sock ? vs_netlink_setup(nl) : -errno;
	if (ret) {
		vs_netlink_close(nl);
		return vs_error_set(error, VS_OP_NETLINK, VS_WHY_NONE, ret,
				    "socket");
	}
	return 0;
}

void vs_netlink_close(struct vs_netlink *nl)
{
	if (nl->sock)
		mnl_socket_close(nl->sock);
	free(nl->buf);
	memset(nl, 0, sizeof(*nl));
}

int vs_netlink_fd(const struct vs_netlink *nl)
{
	return mnl_socket_get_fd(nl->sock);
}

int vs_netlink_recv(struct vs_netlink *nl, int flags, size_t *len)
{
	struct sockaddr_nl from = { 0 };
	struct iovec iov = { .iov_base = nl->buf, .iov_len = VS_NETLINK_BUF };
	struct msghdr msg = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &iov,
		.msg_iovlen = 1,
	};
	ssize_t n;

	do {
		n = recvmsg(vs_netlink_fd(nl), &msg, flags);
		/* whatever does not come from the kernel is nobody's word */
	} while ((n < 0 && errno == EINTR && !(flags & MSG_DONTWAIT)) ||
		 (n >= 0 && from.nl_pid));
	if (n < 0)
		return -errno;
	if (msg.msg_flags & MSG_TRUNC)
		return -ENOBUFS;
	*len = n;
	return 0;
}

/* one attempt; -ENOBUFS and *torn call for another */
static int vs_netlink_exchange(struct vs_netlink *nl, struct vs_request *r,
			       vs_message_fn fn, void *ctx, bool *torn,
			       struct vs_error *error)
{
	struct vs_error scratch;
	struct vs_exchange x = {
		.request = r,
		.fn = fn,
		.ctx = ctx,
		.portid = nl->sock ? mnl_socket_get_portid(nl->sock) : 0,
		.error = error ? error : &scratch,
	};
	size_t len;
	int ret = 0;

	r->nlh->nlmsg_seq = ++nl->seq;
	if (!nl->sock)
		return vs_error_set(error, VS_OP_NETLINK, VS_WHY_NONE, EBADF,
				    NULL);
	if (r->overflow)
		ret = -EMSGSIZE;
	else if (mnl_socket_sendto(nl->sock, r->nlh, r->nlh->nlmsg_len) < 0)
		ret = -errno;
	while (!ret && !x.done) {
		ret = vs_netlink_recv(nl, 0, &len);
		if (!ret)
			vs_exchange_feed(&x, nl->buf, len);
	}
	*torn = x.torn;
	if (ret == -EAGAIN)
		ret = -ETIMEDOUT;
	if (ret)
		return vs_error_set(error, VS_OP_NETLINK,
				    ret == -ETIMEDOUT ? VS_WHY_TIMEOUT :
							VS_WHY_NONE,
				    ret, NULL);
	return x.ret;
}

int vs_netlink_do(struct vs_netlink *nl, struct vs_request *r,
		  vs_message_fn fn, void *ctx, struct vs_error *error)
{
	bool torn;

	return vs_netlink_exchange(nl, r, fn, ctx, &torn, error);
}

/* after a lost message a dump may still be running: nothing else will do */
static int vs_netlink_reopen(struct vs_netlink *nl, struct vs_error *error)
{
	uint32_t seq = nl->seq;
	int ret, bus = nl->bus;

	vs_netlink_close(nl);
	ret = vs_netlink_open(nl, bus, error);
	nl->seq = seq;
	return ret;
}

int vs_netlink_dump(struct vs_netlink *nl, struct vs_request *r,
		    void (*begin)(void *ctx), vs_message_fn fn, void *ctx,
		    struct vs_error *error)
{
	for (int i = 0; i < VS_NETLINK_ATTEMPTS; i++) {
		bool torn = false;
		int ret;

		begin(ctx);
		ret = vs_netlink_exchange(nl, r, fn, ctx, &torn, error);
		if (ret == -ENOBUFS) {
			ret = vs_netlink_reopen(nl, error);
			torn = true;
		}
		if (ret || !torn)
			return ret;
	}
	return vs_error_set(error, VS_OP_NETLINK, VS_WHY_TORN, EAGAIN, NULL);
}

int vs_netlink_join(struct vs_netlink *nl, uint32_t group,
		    struct vs_error *error)
{
	if (mnl_socket_setsockopt(nl->sock, NETLINK_ADD_MEMBERSHIP, &group,
				  sizeof(group)))
		return vs_error_set(error, VS_OP_NETLINK,
				    errno == EPERM ? VS_WHY_NO_PERMISSION :
						     VS_WHY_NONE,
				    errno, NULL);
	return 0;
}
