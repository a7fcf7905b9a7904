// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "api/listen.h"
#include "api/peer.h"
#include "core/name.h"
#include "host/leftover.h"
#include "po/i18n.h"

/* connections that may wait to be taken */
#define VS_LISTEN_BACKLOG 128

static int vs_listen_address(struct sockaddr_un *addr, const char *fmt,
			     const char *path, int pid)
{
	int len;

	*addr = (struct sockaddr_un){ .sun_family = AF_UNIX };
	len = snprintf(addr->sun_path, sizeof(addr->sun_path), fmt, path, pid);
	return len < (int)sizeof(addr->sun_path) ? 0 : -ENAMETOOLONG;
}

static int vs_listen_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			0);

	return fd < 0 ? -errno : fd;
}

/* is the name free, or that of a socket nobody listens at? */
static int vs_listen_check(const char *path)
{
	struct sockaddr_un addr;
	struct stat st;
	int ret, fd;

	if (lstat(path, &st))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	ret = vs_listen_address(&addr, "%s", path, 0);
	fd = ret ? ret : vs_listen_socket();
	if (fd < 0)
		return fd;
	/* who has no room for one more connection is there, too */
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		ret = errno == ECONNREFUSED || errno == ENOENT ? 0 :
		      errno == EAGAIN ? -EADDRINUSE : -errno;
	else
		ret = -EADDRINUSE;
	close(fd);
	return ret;
}

static void vs_listen_folder(const char *path)
{
	char copy[PATH_MAX];

	if (snprintf(copy, sizeof(copy), "%s", path) < (int)sizeof(copy))
		mkdir(dirname(copy), 0755);
}

static int vs_listen_own(const char *path, gid_t group)
{
	/* before it is anybody else's */
	if (chmod(path, 0600))
		return -errno;
	if (group == VS_PEER_NO_GROUP)
		return 0;
	if (chown(path, -1, group) || chmod(path, 0660))
		return -errno;
	return 0;
}

/* under a name of its own at first */
static int vs_listen_bind(struct vs_listen *l, gid_t group)
{
	struct sockaddr_un addr;
	struct stat st;
	mode_t mask;
	int ret = vs_listen_address(&addr, "%s.%d", l->path, getpid());

	if (ret)
		return ret;
	unlink(addr.sun_path);
	mask = umask(0177);
	if (bind(l->fd, (struct sockaddr *)&addr, sizeof(addr)))
		ret = -errno;
	umask(mask);
	if (ret)
		return ret;
	ret = vs_listen_own(addr.sun_path, group);
	if (!ret && listen(l->fd, VS_LISTEN_BACKLOG))
		ret = -errno;
	if (!ret && stat(addr.sun_path, &st))
		ret = -errno;
	if (!ret && rename(addr.sun_path, l->path))
		ret = -errno;
	if (ret) {
		unlink(addr.sun_path);
		return ret;
	}
	l->dev = st.st_dev;
	l->ino = st.st_ino;
	return 0;
}

static const char *vs_listen_advice(int ret)
{
	switch (ret) {
	case -EEXIST:
		return _("is no socket; remove it, or give another \"socket\"");
	case -EADDRINUSE:
		return _("somebody else listens there; end that, or give "
			 "another \"socket\"");
	case -ENOENT:
		return _("its folder is not there; make it");
	default:
		return "";
	}
}

int vs_listen_open(struct vs_listen *l, const char *path, gid_t group,
		   struct vs_error *error)
{
	char safe[256];
	const char *what;
	int ret;

	*l = (struct vs_listen){ .fd = -1, .path = strdup(path) };
	if (!l->path)
		return vs_error_set(error, VS_OP_OPEN_FILE, VS_WHY_NO_MEMORY,
				    ENOMEM, NULL);
	vs_listen_folder(path);
	/* what cannot be tidied up is no harm */
	vs_leftover_sockets(path);
	ret = vs_listen_check(path);
	if (!ret) {
		l->fd = vs_listen_socket();
		ret = l->fd < 0 ? l->fd : vs_listen_bind(l, group);
	}
	if (!ret)
		return 0;
	vs_listen_close(l);
	what = vs_listen_advice(ret);
	vs_name_escape(safe, sizeof(safe), path);
	return vs_error_set(error, VS_OP_OPEN_FILE, VS_WHY_NONE, ret, "%s%s%s",
			    safe, *what ? ": " : "", what);
}

void vs_listen_close(struct vs_listen *l)
{
	struct stat st;

	if (l->fd >= 0)
		close(l->fd);
	if (l->ino && !lstat(l->path, &st) && st.st_dev == l->dev &&
	    st.st_ino == l->ino)
		unlink(l->path);
	free(l->path);
	*l = (struct vs_listen){ .fd = -1 };
}
