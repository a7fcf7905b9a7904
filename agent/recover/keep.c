// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recover/keep.h"

void vs_keep_path(struct vs_buf *path, const char *folder,
		  const struct vs_uuid *uuid)
{
	char text[VS_UUID_STR];

	vs_buf_addf(path, "%s/%s.xml", folder, vs_uuid_format(uuid, text));
}

/* the folder, and those it is in */
static int vs_keep_folder(const char *path, char folder[PATH_MAX])
{
	char copy[PATH_MAX];

	if (strlen(path) + 5 > PATH_MAX)
		return -ENAMETOOLONG;
	strcpy(copy, path);
	strcpy(folder, dirname(copy));
	for (char *p = folder + 1; ; p++) {
		char c = *p;

		if (c && c != '/')
			continue;
		*p = '\0';
		if (mkdir(folder, 0700) && errno != EEXIST)
			return -errno;
		*p = c;
		if (!c)
			return 0;
	}
}

static int vs_keep_put(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			text += n;
			len -= n;
		}
	}
	return fsync(fd) ? -errno : 0;
}

int vs_keep_sync(const char *folder)
{
	int ret, fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	ret = fsync(fd) ? -errno : 0;
	close(fd);
	return ret;
}

int vs_keep_new(const char *path, const char *text, int (*lock)(int fd))
{
	char folder[PATH_MAX], tmp[PATH_MAX];
	int fd, ret = vs_keep_folder(path, folder);

	if (ret)
		return ret;
	/* of two processes, each has its own */
	if (snprintf(tmp, sizeof(tmp), "%s.%d", path, getpid()) >= PATH_MAX)
		return -ENAMETOOLONG;
	unlink(tmp);
	fd = open(tmp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	ret = lock(fd);
	if (!ret)
		ret = vs_keep_put(fd, text);
	if (!ret && renameat2(AT_FDCWD, tmp, AT_FDCWD, path, RENAME_NOREPLACE))
		ret = -errno;
	if (ret)
		unlink(tmp);
	else
		ret = vs_keep_sync(folder);
	if (!ret)
		return fd;
	close(fd);
	return ret;
}

int vs_keep_read(const char *path, char **text)
{
	int ret = 0, fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
			       O_CLOEXEC);
	size_t len = 0, size;
	struct stat st;
	ssize_t n = 1;

	*text = NULL;
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		ret = -EINVAL;
	else if (st.st_size > VS_KEEP_SIZE)
		ret = -EFBIG;
	size = ret ? 0 : st.st_size;
	*text = ret ? NULL : malloc(size + 1);
	if (!ret && !*text)
		ret = -ENOMEM;
	while (!ret && len < size && n) {
		n = read(fd, *text + len, size - len);
		if (n < 0 && errno != EINTR)
			ret = -errno;
		len += n > 0 ? n : 0;
	}
	if (!ret)
		(*text)[len] = '\0';
	close(fd);
	return ret;
}

int vs_keep_write(const char *path, const char *text)
{
	char folder[PATH_MAX], tmp[PATH_MAX];
	int fd, ret = vs_keep_folder(path, folder);

	if (ret)
		return ret;
	snprintf(tmp, sizeof(tmp), "%s.new", path);
	unlink(tmp);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	ret = vs_keep_put(fd, text);
	close(fd);
	if (!ret && rename(tmp, path))
		ret = -errno;
	if (ret)
		unlink(tmp);
	return ret ? ret : vs_keep_sync(folder);
}
