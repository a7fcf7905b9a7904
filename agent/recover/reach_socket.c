// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/name.h"
#include "inventory/call.h"
#include "recover/reach_socket.h"

/** struct vs_resolving - a name, being resolved: that may take for ever too */
struct vs_resolving {
	struct vs_call call;
	char host[VS_REACH_HOST];
	char port[8];
	struct addrinfo *addresses;
	int code;
};

static int vs_resolving_do(struct vs_call *call)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct vs_resolving *r = (struct vs_resolving *)call;

	r->code = getaddrinfo(r->host, r->port, &hints, &r->addresses);
	return r->code ? -EHOSTUNREACH : 0;
}

static void vs_resolving_free(struct vs_call *call)
{
	struct vs_resolving *r = (struct vs_resolving *)call;

	if (r->addresses)
		freeaddrinfo(r->addresses);
	free(r);
}

static void vs_reach_text(const struct addrinfo *a, char *text, size_t size)
{
	if (getnameinfo(a->ai_addr, a->ai_addrlen, text, size, NULL, 0,
			NI_NUMERICHOST))
		snprintf(text, size, "?");
}

int vs_reach_resolve(struct vs_reach_target *t, const char *host,
		     unsigned int port, unsigned int deadline, char *why,
		     size_t size)
{
	struct vs_resolving *r = calloc(1, sizeof(*r));
	int ret;

	if (!r)
		return -ENOMEM;
	r->call.fn = vs_resolving_do;
	r->call.free = vs_resolving_free;
	snprintf(r->host, sizeof(r->host), "%s", host);
	snprintf(r->port, sizeof(r->port), "%u", port);
	ret = vs_call_run(&r->call, deadline, NULL, NULL);
	if (!ret) {
		t->addresses = r->addresses;
		r->addresses = NULL;
		vs_reach_text(t->addresses, t->first, sizeof(t->first));
	} else {
		snprintf(why, size, "%s", ret == -EHOSTUNREACH ?
			 gai_strerror(r->code) : strerror(-ret));
	}
	vs_call_put(&r->call);
	return ret;
}

static int vs_reach_connect(const struct sockaddr *addr, socklen_t len,
			    unsigned int deadline)
{
	int fd = socket(addr->sa_family, SOCK_STREAM | SOCK_CLOEXEC |
			SOCK_NONBLOCK, 0);
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	socklen_t size = sizeof(int);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (connect(fd, addr, len)) {
		err = errno;
		if (err == EINPROGRESS) {
			err = poll(&p, 1, (int)deadline) > 0 ? 0 : ETIMEDOUT;
			if (!err)
				getsockopt(fd, SOL_SOCKET, SO_ERROR, &err,
					   &size);
		}
	}
	close(fd);
	return -err;
}

int vs_reach_tcp(const struct vs_reach_target *t, unsigned int deadline,
		 char *where, size_t size)
{
	int ret = -EHOSTUNREACH;
	char text[64], port[8];

	for (const struct addrinfo *a = t->addresses; a; a = a->ai_next) {
		ret = vs_reach_connect(a->ai_addr, a->ai_addrlen, deadline);
		if (getnameinfo(a->ai_addr, a->ai_addrlen, text, sizeof(text),
				port, sizeof(port), NI_NUMERICHOST |
				NI_NUMERICSERV) == 0)
			snprintf(where, size, "%s, TCP %s", text, port);
		if (!ret)
			break;
	}
	return ret;
}

int vs_reach_unix(const struct vs_reach_uri *uri, char *where, size_t size)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int ret = -ENOENT;

	for (size_t i = 0; i < uri->n_sockets; i++) {
		memcpy(addr.sun_path, uri->socket[i], sizeof(addr.sun_path));
		vs_name_escape(where, size, uri->socket[i]);
		ret = vs_reach_connect((struct sockaddr *)&addr, sizeof(addr),
				       0);
		if (!ret)
			break;
	}
	return ret;
}

void vs_reach_target_free(struct vs_reach_target *t)
{
	if (t->addresses)
		freeaddrinfo(t->addresses);
	t->addresses = NULL;
}
