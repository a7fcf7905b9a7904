// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "po/i18n.h"
#include "driver/word.h"
#include "policy/store.h"

/* a policy that is being taken apart */
#define VS_POLICY_OLD VS_POLICY_DIR "/+old"

static const char *const vs_prog_files[VS_DIRECTIONS] = {
	[VMSAFE_NET_DIRECTION_FROM_GUEST] = "from_guest",
	[VMSAFE_NET_DIRECTION_TO_GUEST] = "to_guest",
};

int vs_policy_name_check(const char *name)
{
	size_t len = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "abcdefghijklmnopqrstuvwxyz0123456789_-");

	return name[len] || !len || len >= VS_POLICY_NAME || *name == '-' ?
	       -EINVAL : 0;
}

void vs_store_clear(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	char sub[VS_POLICY_PATH + NAME_MAX];

	while (dir && (entry = readdir(dir))) {
		if (*entry->d_name == '.')
			continue;
		snprintf(sub, sizeof(sub), "%.254s/%s", path, entry->d_name);
		if (entry->d_type == DT_DIR)
			vs_store_clear(sub);
		else
			unlink(sub);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

/* is there a BPF file system? */
static int vs_store_mounted(struct vs_buf *why)
{
	struct statfs fs;

	if (!statfs(VS_BPFFS, &fs) && fs.f_type == BPF_FS_MAGIC)
		return 0;
	return vs_why_not(why, -ENODEV,
			  _("there is no BPF file system on %s: mount it with "
			    "\"mount -t bpf none %s\""), VS_BPFFS, VS_BPFFS);
}

static int vs_store_failed(struct vs_buf *why, const char *path, int err)
{
	if (err == EPERM || err == EACCES)
		return vs_why_not(why, -err, _("%s: %s: run it as root of "
					       "this host"), path,
				  strerror(err));
	return vs_why_not(why, -err, "%s: %s", path, strerror(err));
}

int vs_store_lock(struct vs_buf *why)
{
	int fd = vs_store_mounted(why);

	if (fd)
		return fd;
	if (mkdir(VS_POLICY_DIR, 0700) && errno != EEXIST)
		return vs_store_failed(why, VS_POLICY_DIR, errno);
	fd = open(VS_POLICY_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX)) {
		int err = errno;

		if (fd >= 0)
			close(fd);
		return vs_store_failed(why, VS_POLICY_DIR, err);
	}
	vs_store_clear(VS_POLICY_NEW);
	vs_store_clear(VS_POLICY_OLD);
	return fd;
}

static void vs_store_read_prog(const char *name, uint32_t direction,
			       struct vs_policy_prog *prog)
{
	struct bpf_prog_info info = { 0 };
	uint32_t len = sizeof(info);
	char path[VS_POLICY_PATH];
	int fd;

	snprintf(path, sizeof(path), VS_POLICY_DIR "/%s/%s", name,
		 vs_prog_files[direction]);
	fd = bpf_obj_get(path);
	if (fd < 0)
		return;
	if (!bpf_obj_get_info_by_fd(fd, &info, &len)) {
		prog->id = info.id;
		prog->loaded = info.load_time;
		memcpy(prog->tag, info.tag, sizeof(prog->tag));
	}
	close(fd);
}

int vs_store_map(const char *name, const char *map)
{
	char path[VS_POLICY_PATH];
	int fd;

	snprintf(path, sizeof(path), VS_POLICY_DIR "/%.63s/maps/%.128s", name,
		 map);
	fd = bpf_obj_get(path);
	return fd < 0 ? -errno : fd;
}

static enum vs_policy_kind vs_store_kind(const char *name)
{
	for (int kind = 0; kind < VS_POLICY_KINDS; kind++) {
		const char *map = vs_policy_kind_map(kind);
		int fd = map ? vs_store_map(name, map) : -1;
		bool fits = fd >= 0 && vs_contents_fit(kind, fd);

		if (fd >= 0)
			close(fd);
		if (fits)
			return kind;
	}
	return VS_POLICY_OTHER;
}

int vs_store_guests(const char *name)
{
	int fd = vs_store_map(name, VS_POLICY_GUEST);

	if (fd < 0 || vs_map_is(fd, BPF_MAP_TYPE_HASH, sizeof(uint32_t),
				sizeof(struct vs_policy_guest)))
		return fd;
	close(fd);
	return -EINVAL;
}

static int vs_store_add(struct vs_policies *list, const char *name)
{
	struct vs_policy *p = list->v;

	if (list->n == list->cap) {
		list->cap = list->cap ? list->cap * 2 : 16;
		p = reallocarray(list->v, list->cap, sizeof(*p));
		if (!p)
			return -ENOMEM;
		list->v = p;
	}
	p += list->n++;
	*p = (struct vs_policy){ .kind = vs_store_kind(name) };
	snprintf(p->name, sizeof(p->name), "%.63s", name);
	for (uint32_t d = 0; d < VS_DIRECTIONS; d++)
		vs_store_read_prog(name, d, &p->prog[d]);
	return 0;
}

static int vs_store_order(const void *a, const void *b)
{
	return strcmp(((const struct vs_policy *)a)->name,
		      ((const struct vs_policy *)b)->name);
}

int vs_store_read(struct vs_policies *list, struct vs_buf *why)
{
	int ret = vs_store_mounted(why);
	struct dirent *entry;
	DIR *dir;

	*list = (struct vs_policies){ 0 };
	if (ret)
		return ret;
	dir = opendir(VS_POLICY_DIR);
	if (!dir && errno == ENOENT)
		return 0;
	if (!dir)
		return vs_store_failed(why, VS_POLICY_DIR, errno);
	while (!ret && (entry = readdir(dir))) {
		if (!vs_policy_name_check(entry->d_name))
			ret = vs_store_add(list, entry->d_name);
	}
	closedir(dir);
	if (ret)
		return vs_why_not(why, ret, "%s", _("out of memory"));
	if (list->n)
		qsort(list->v, list->n, sizeof(*list->v), vs_store_order);
	return 0;
}

void vs_store_free(struct vs_policies *list)
{
	free(list->v);
	*list = (struct vs_policies){ 0 };
}

const struct vs_policy *vs_store_find(const struct vs_policies *list,
				      const char *name)
{
	for (size_t i = 0; i < list->n; i++) {
		if (strcmp(list->v[i].name, name) == 0)
			return &list->v[i];
	}
	return NULL;
}

const struct vs_policy *vs_store_by_prog(const struct vs_policies *list,
					 uint32_t prog_id)
{
	for (size_t i = 0; i < list->n; i++) {
		for (int d = 0; d < VS_DIRECTIONS; d++) {
			if (prog_id && list->v[i].prog[d].id == prog_id)
				return &list->v[i];
		}
	}
	return NULL;
}

int vs_store_prog(const char *name, uint32_t direction, struct vs_buf *why)
{
	char path[VS_POLICY_PATH];
	int fd;

	snprintf(path, sizeof(path), VS_POLICY_DIR "/%s/%s", name,
		 vs_prog_files[direction]);
	fd = bpf_obj_get(path);
	if (fd >= 0)
		return fd;
	if (errno != ENOENT)
		return vs_store_failed(why, path, errno);
	return vs_why_not(why, -ENOENT,
			  _("policy %s has no program for this direction: %s"),
			  name, vs_driver_word(VS_WORDS_DIRECTION, direction));
}

static bool vs_store_is_ring(int fd)
{
	return vs_map_is(fd, BPF_MAP_TYPE_RINGBUF, 0, 0);
}

int vs_store_log(const char *name, struct vs_buf *why)
{
	int fd = vs_store_map(name, VS_POLICY_LOG);
	char path[VS_POLICY_PATH];
	struct dirent *entry;
	DIR *dir;

	if (fd >= 0 && vs_store_is_ring(fd))
		return fd;
	/* another's policy may have one of another name */
	snprintf(path, sizeof(path), VS_POLICY_DIR "/%s/maps", name);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (*entry->d_name == '.')
			continue;
		fd = vs_store_map(name, entry->d_name);
		if (fd >= 0 && vs_store_is_ring(fd)) {
			closedir(dir);
			return fd;
		}
		if (fd >= 0)
			close(fd);
	}
	if (dir)
		closedir(dir);
	return vs_why_not(why, -ENOENT,
			  _("policy %s has no ring buffer to log to"), name);
}

int vs_store_publish(const char *name, struct vs_buf *why)
{
	char path[VS_POLICY_PATH];

	snprintf(path, sizeof(path), VS_POLICY_DIR "/%s", name);
	return rename(VS_POLICY_NEW, path) ?
	       vs_store_failed(why, path, errno) : 0;
}

int vs_store_remove(const char *name, struct vs_buf *why)
{
	char path[VS_POLICY_PATH];

	snprintf(path, sizeof(path), VS_POLICY_DIR "/%s", name);
	if (rename(path, VS_POLICY_OLD))
		return vs_store_failed(why, path, errno);
	vs_store_clear(VS_POLICY_OLD);
	return 0;
}
