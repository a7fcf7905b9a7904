/* SPDX-License-Identifier: GPL-2.0-only */
/* Resolving a name and connecting, with deadlines. */
#ifndef VS_RECOVER_REACH_SOCKET_H
#define VS_RECOVER_REACH_SOCKET_H

#include "recover/reach.h"

struct addrinfo;

/**
 * struct vs_reach_target - a host's addresses
 * @addresses: as getaddrinfo() gives them; NULL: none
 * @first: the first one, as text
 */
struct vs_reach_target {
	struct addrinfo *addresses;
	char first[64];
};

/**
 * vs_reach_resolve() - find a host's addresses
 * @t: filled in; vs_reach_target_free() it
 * @host: its name
 * @port: the port to connect to
 * @deadline: milliseconds
 * @why: why not
 *
 * Return: 0; -EHOSTUNREACH: it does not resolve; -ETIMEDOUT; -ENOMEM.
 */
int vs_reach_resolve(struct vs_reach_target *t, const char *host,
		     unsigned int port, unsigned int deadline, char *why,
		     size_t size);

/** vs_reach_tcp() - connect to any of the addresses; 0 or a negative errno */
int vs_reach_tcp(const struct vs_reach_target *t, unsigned int deadline,
		 char *where, size_t size);

/** vs_reach_unix() - connect to any of the sockets; 0 or a negative errno */
int vs_reach_unix(const struct vs_reach_uri *uri, char *where, size_t size);

/** vs_reach_target_free() - release it */
void vs_reach_target_free(struct vs_reach_target *t);

#endif
