/* SPDX-License-Identifier: GPL-2.0-only */
/* Who is at the other end of a unix socket, and what it may do. */
#ifndef VS_API_PEER_H
#define VS_API_PEER_H

#include <stdbool.h>
#include <sys/types.h>

/** VS_PEER_NO_GROUP - no group may read */
#define VS_PEER_NO_GROUP ((gid_t)-1)

/** enum vs_right - each includes those before it */
enum vs_right {
	VS_RIGHT_NONE,
	VS_RIGHT_READ,
	VS_RIGHT_ACT,
};

/**
 * vs_peer_right() - what the process that has connected may do
 * @fd: the connection
 * @group: members of it may read; VS_PEER_NO_GROUP: there is none
 *
 * Root acts, and so does the user whom the agent itself runs as. What counts
 * is who it was when it connected.
 */
enum vs_right vs_peer_right(int fd, gid_t group);

/** vs_peer_group() - the group of that name, or VS_PEER_NO_GROUP */
gid_t vs_peer_group(const char *name);

#endif
