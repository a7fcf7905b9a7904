// SPDX-License-Identifier: GPL-2.0-only
/*
 * One writer keeps the history: a second one would raise every event anew.
 * Who is it holds a lock on a file beside the database, which the kernel
 * takes back however it ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "po/i18n.h"
#include "store/model.h"

/* the database goes by many names, its lock by one */
static int vs_own_name(const struct vs_history *h, char path[PATH_MAX])
{
	char real[PATH_MAX], copy[PATH_MAX], dir[PATH_MAX];
	int err, n;

	if (realpath(h->path, real)) {
		n = snprintf(path, PATH_MAX, "%s.lock", real);
		return n < PATH_MAX ? 0 : -ENAMETOOLONG;
	}
	err = errno;
	snprintf(dir, sizeof(dir), "%s", h->path);
	snprintf(copy, sizeof(copy), "%s", h->path);
	if (err != ENOENT)
		return -err;
	if (!realpath(dirname(dir), real))
		return -errno;
	n = snprintf(path, PATH_MAX, "%s/%s.lock", real, basename(copy));
	return n < PATH_MAX ? 0 : -ENAMETOOLONG;
}

/* a file that was removed since keeps nobody away */
static bool vs_own_is(int fd, const char *path)
{
	struct stat ours, there;

	return !fstat(fd, &ours) && !stat(path, &there) &&
	       ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

/* who is it? 0: it does not say */
static int vs_own_holder(int fd)
{
	char text[16] = "";

	return pread(fd, text, sizeof(text) - 1, 0) > 0 ? atoi(text) : 0;
}

static int vs_own_refuse(struct vs_history *h, int fd, struct vs_error *error)
{
	int pid = vs_own_holder(fd);
	char what[256];

	if (pid > 0)
		snprintf(what, sizeof(what),
			 _("another vmsafe-agent, process %d, keeps this event "
			   "history; end that one, or give this one another "
			   "\"database\""), pid);
	else
		snprintf(what, sizeof(what),
			 _("another vmsafe-agent keeps this event history; "
			   "end that one, or give this one another "
			   "\"database\""));
	return vs_db_refuse(h, EALREADY, what, error);
}

static int vs_own_lock(struct vs_history *h, const char *path,
		       struct vs_error *error)
{
	/* nobody that is started from here goes on holding it */
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	int ret = 0;

	if (fd < 0)
		return vs_db_refuse(h, errno, NULL, error);
	if (!flock(fd, LOCK_EX | LOCK_NB)) {
		h->own = fd;
		return 0;
	}
	ret = errno == EWOULDBLOCK ? vs_own_refuse(h, fd, error) :
				     vs_db_refuse(h, errno, NULL, error);
	close(fd);
	return ret;
}

bool vs_own_was(const struct vs_history *h)
{
	char path[PATH_MAX];

	return !vs_own_name(h, path) && !access(path, F_OK);
}

int vs_own_take(struct vs_history *h, struct vs_error *error)
{
	char path[PATH_MAX];
	int ret = vs_own_name(h, path);

	if (ret)
		return vs_db_refuse(h, -ret, NULL, error);
	if (h->own >= 0 && vs_own_is(h->own, path))
		return 0;
	do {
		vs_own_drop(h);
		ret = vs_own_lock(h, path, error);
		/* somebody may have removed it before it was locked */
	} while (!ret && !vs_own_is(h->own, path));
	/* only for people: nothing depends on what is in it */
	if (!ret && !ftruncate(h->own, 0))
		dprintf(h->own, "%d\n", getpid());
	return ret;
}

void vs_own_drop(struct vs_history *h)
{
	if (h->own < 0)
		return;
	(void)!ftruncate(h->own, 0);
	close(h->own);
	h->own = -1;
}
