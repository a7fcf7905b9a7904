// SPDX-License-Identifier: GPL-2.0-only
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

#include "core/name.h"
#include "driver/file.h"
#include "host/clock.h"
#include "po/i18n.h"

/* milliseconds that a lock is waited for, and between two attempts */
#define VS_FILE_PATIENCE 1000
#define VS_FILE_PAUSE 5

static int vs_file_fail(const char *path, enum vs_op op, int err,
			const char *what, struct vs_error *error)
{
	char safe[160];

	vs_name_escape(safe, sizeof(safe), path);
	return vs_error_set(error, op, VS_WHY_NONE, err, "%s: %s", safe, what);
}

static int vs_file_failed(const char *path, enum vs_op op, int err,
			  struct vs_error *error)
{
	return vs_file_fail(path, op, err, strerror(abs(err)), error);
}

/* the rename must not put a file where a device or a pipe was */
static int vs_file_target(const char *path, struct vs_error *error)
{
	struct stat st;

	if (lstat(path, &st))
		return errno == ENOENT ? 0 :
		       vs_file_failed(path, VS_OP_OPEN_FILE, errno, error);
	return S_ISREG(st.st_mode) ? 0 :
	       vs_file_fail(path, VS_OP_OPEN_FILE, EINVAL,
			    _("is not a regular file"), error);
}

static int vs_file_fill(int fd, const json_t *doc, mode_t mode)
{
	FILE *f = fdopen(fd, "w");
	int ret = 0;

	if (!f) {
		ret = -errno;
		close(fd);
		return ret;
	}
	errno = 0;
	if (json_dumpf(doc, f, JSON_INDENT(1)) || fputc('\n', f) == EOF ||
	    fflush(f) || fchmod(fd, mode) || fsync(fd))
		ret = errno ? -errno : -ENOMEM;
	if (fclose(f) && !ret)
		ret = -errno;
	return ret;
}

/* the new name is on the disk only when the directory is */
static void vs_file_sync_dir(const char *path)
{
	char copy[PATH_MAX];
	int fd;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	/* not every file system can */
	(void)!fsync(fd);
	close(fd);
}

int vs_file_write_json(const char *path, const json_t *doc, mode_t mode,
		       struct vs_error *error)
{
	char temp[PATH_MAX];
	int fd, ret;

	ret = vs_file_target(path, error);
	if (ret)
		return ret;
	ret = snprintf(temp, sizeof(temp), "%s.XXXXXX", path);
	if (ret >= (int)sizeof(temp))
		return vs_file_failed(path, VS_OP_OPEN_FILE, ENAMETOOLONG,
				      error);
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return vs_file_failed(path, VS_OP_OPEN_FILE, errno, error);
	ret = vs_file_fill(fd, doc, mode);
	if (!ret && rename(temp, path))
		ret = -errno;
	if (ret) {
		unlink(temp);
		return vs_file_failed(path, VS_OP_WRITE_FILE, ret, error);
	}
	vs_file_sync_dir(path);
	return 0;
}

static int vs_file_parse(const char *path, FILE *f, json_t **doc,
			 struct vs_error *error)
{
	char safe[160], text[sizeof(((json_error_t *)0)->text) * 2];
	json_error_t why;

	*doc = json_loadf(f, JSON_REJECT_DUPLICATES, &why);
	if (*doc)
		return 0;
	if (ferror(f))
		return vs_file_failed(path, VS_OP_READ_FILE, errno, error);
	vs_name_escape(safe, sizeof(safe), path);
	vs_name_escape(text, sizeof(text), why.text);
	return vs_error_set(error, VS_OP_PARSE, VS_WHY_BAD_DATA, EINVAL,
			    "%s:%d: %s", safe, why.line, text);
}

int vs_file_read_json(const char *path, json_t **doc, struct vs_error *error)
{
	/* a FIFO must not keep us waiting before it is refused */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	FILE *f;
	int ret;

	if (fd < 0)
		return vs_file_failed(path, VS_OP_OPEN_FILE, errno, error);
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return vs_file_fail(path, VS_OP_READ_FILE, EINVAL,
				    _("is not a regular file"), error);
	}
	f = fdopen(fd, "r");
	if (!f) {
		ret = vs_file_failed(path, VS_OP_READ_FILE, errno, error);
		close(fd);
		return ret;
	}
	ret = vs_file_parse(path, f, doc, error);
	fclose(f);
	return ret;
}

/*
 * Whoever may open a file may lock it, for ever: so it is one that others may
 * not open, and not the folder.
 */
static int vs_file_open_lock(const char *path, const char *usual)
{
	char name[PATH_MAX];

	snprintf(name, sizeof(name), "%s", path);
	if (strcmp(path, usual) == 0)
		/* the agent's socket is there as well, for others */
		mkdir(dirname(name), 0755);
	if (snprintf(name, sizeof(name), "%s.lock", path) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
}

int vs_file_lock(const char *path, const char *usual)
{
	const struct timespec pause = { .tv_nsec = VS_FILE_PAUSE * 1000000L };
	vs_time until = vs_clock_steady() + VS_FILE_PATIENCE;
	int fd = vs_file_open_lock(path, usual);

	/* there is no flock() that waits for so long and no longer */
	while (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK || vs_clock_steady() >= until) {
			int err = errno;

			close(fd);
			errno = err;
			return -1;
		}
		nanosleep(&pause, NULL);
	}
	return fd;
}

int vs_file_locked(const char *path, struct vs_error *error)
{
	return vs_file_fail(path, VS_OP_OPEN_FILE, EBUSY,
			    _("another process keeps it locked"), error);
}
