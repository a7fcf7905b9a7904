// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/peer.h"

/* is it a group that the process has besides its first? */
static bool vs_peer_is_in(int fd, gid_t group)
{
	socklen_t len = 0;
	bool found = false;
	gid_t *groups;

	/* how much room do they need? */
	if (!getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, NULL, &len) ||
	    errno != ERANGE)
		return false;
	groups = malloc(len);
	if (!groups)
		return false;
	if (!getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &len)) {
		for (size_t i = 0; i < len / sizeof(*groups); i++)
			found |= groups[i] == group;
	}
	free(groups);
	return found;
}

enum vs_right vs_peer_right(int fd, gid_t group)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) ||
	    len != sizeof(cred))
		return VS_RIGHT_NONE;
	if (cred.uid == 0 || cred.uid == geteuid())
		return VS_RIGHT_ACT;
	if (group == VS_PEER_NO_GROUP)
		return VS_RIGHT_NONE;
	return cred.gid == group || vs_peer_is_in(fd, group) ?
	       VS_RIGHT_READ : VS_RIGHT_NONE;
}

gid_t vs_peer_group(const char *name)
{
	const struct group *group = name ? getgrnam(name) : NULL;

	return group ? group->gr_gid : VS_PEER_NO_GROUP;
}
