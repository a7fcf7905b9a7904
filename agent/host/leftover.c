// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/number.h"
#include "host/leftover.h"
#include "host/opener.h"

/* letters that mkostemp() puts in the place of "XXXXXX" */
#define VS_LEFTOVER_LETTERS 6

/**
 * struct vs_leftover - a search
 * @folder: where
 * @base: how a name begins, up to its last full stop
 * @dir: the folder, open
 */
struct vs_leftover {
	char folder[PATH_MAX];
	char base[NAME_MAX + 1];
	DIR *dir;
};

typedef bool (*vs_leftover_fn)(const struct vs_leftover *l, const char *name,
			       const char *end);

static bool vs_leftover_stat(const struct vs_leftover *l, const char *name,
			     mode_t type, struct stat *st)
{
	return !fstatat(dirfd(l->dir), name, st, AT_SYMLINK_NOFOLLOW) &&
	       (st->st_mode & S_IFMT) == type && st->st_uid == geteuid() &&
	       st->st_nlink == 1;
}

static bool vs_leftover_socket(const struct vs_leftover *l, const char *name,
			       const char *end)
{
	struct stat st;
	uint64_t pid;

	/* a PID has no zero in front */
	return *end != '0' && !vs_number_parse(end, 1, INT_MAX, &pid) &&
	       vs_leftover_stat(l, name, S_IFSOCK, &st) &&
	       kill(pid, 0) && errno == ESRCH;
}

static bool vs_leftover_file(const struct vs_leftover *l, const char *name,
			     const char *end)
{
	char path[PATH_MAX + NAME_MAX + 2];
	struct stat st;

	for (int i = 0; i < VS_LEFTOVER_LETTERS; i++) {
		if (!isalnum((unsigned char)end[i]))
			return false;
	}
	snprintf(path, sizeof(path), "%s/%s", l->folder, name);
	return !end[VS_LEFTOVER_LETTERS] &&
	       vs_leftover_stat(l, name, S_IFREG, &st) &&
	       time(NULL) - st.st_mtime >= VS_LEFTOVER_AGE &&
	       !vs_opener_find(path);
}

/* who else may write there might put another thing in a thing's place */
static int vs_leftover_open(struct vs_leftover *l, const char *path)
{
	char copy[PATH_MAX];
	struct stat st;
	int fd, ret = 0;

	if (snprintf(copy, sizeof(copy), "%s", path) >= (int)sizeof(copy))
		return -ENAMETOOLONG;
	snprintf(l->base, sizeof(l->base), "%s.", basename(copy));
	strcpy(copy, path);
	strcpy(l->folder, dirname(copy));
	fd = open(l->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		ret = -errno;
	else if (st.st_uid != geteuid() || (st.st_mode & 022))
		ret = -EPERM;
	l->dir = ret ? NULL : fdopendir(fd);
	if (!ret && !l->dir)
		ret = -errno;
	if (ret)
		close(fd);
	return ret;
}

static int vs_leftover_sweep(const char *path, vs_leftover_fn is)
{
	const struct dirent *d;
	struct vs_leftover l;
	int ret, n = 0;
	size_t len;

	ret = vs_leftover_open(&l, path);
	if (ret)
		return ret;
	len = strlen(l.base);
	while ((d = readdir(l.dir))) {
		if (strncmp(d->d_name, l.base, len) == 0 &&
		    is(&l, d->d_name, d->d_name + len))
			n += !unlinkat(dirfd(l.dir), d->d_name, 0);
	}
	closedir(l.dir);
	return n;
}

int vs_leftover_sockets(const char *path)
{
	return vs_leftover_sweep(path, vs_leftover_socket);
}

int vs_leftover_files(const char *path)
{
	return vs_leftover_sweep(path, vs_leftover_file);
}
