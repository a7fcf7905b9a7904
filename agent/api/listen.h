/* SPDX-License-Identifier: GPL-2.0-only */
/* The socket that clients connect to. */
#ifndef VS_API_LISTEN_H
#define VS_API_LISTEN_H

#include <sys/types.h>

#include "core/error.h"

/** VS_API_PATH - the socket unless told otherwise */
#define VS_API_PATH "/run/vmsafe/agent.sock"

/**
 * struct vs_listen - a listening socket
 * @fd: it; -1: none
 * @path: its name
 * @dev: what is there under that name,
 * @ino: if it is still ours
 */
struct vs_listen {
	int fd;
	char *path;
	dev_t dev;
	ino_t ino;
};

/**
 * vs_listen_open() - listen
 * @l: filled in; for vs_listen_close() in any case
 * @path: where. A socket that nobody listens at is replaced, anything else is
 *        not; the folder is made (0755) if it is not there
 * @group: who may connect besides its owner, or VS_PEER_NO_GROUP
 * @error: why not
 *
 * It appears under its name only when it is ready and has its mode, 0660 (0600
 * without a group). What those before it left, which were killed before that,
 * goes.
 *
 * Return: 0; -EADDRINUSE: somebody listens there; -EEXIST: that is no socket;
 * -ENAMETOOLONG; what the system calls return.
 */
int vs_listen_open(struct vs_listen *l, const char *path, gid_t group,
		   struct vs_error *error);

/** vs_listen_close() - stop; the name goes too, if it is still ours */
void vs_listen_close(struct vs_listen *l);

#endif
