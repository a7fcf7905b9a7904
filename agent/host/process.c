// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/cmdline.h"
#include "host/fdinfo.h"
#include "host/process.h"
#include "host/tun.h"

/* the kernel itself lets no command line be longer than 6 MB */
#define VS_CMDLINE_MAX (8 * 1024 * 1024)

/* a process has gone: that is no error */
static int vs_process_gone(int err)
{
	return err == ENOENT || err == ESRCH ? 0 : -err;
}

/* all of a small or large file of /proc; *len bytes for free() */
static int vs_process_slurp(int dir, const char *name, size_t max, char **text,
			    size_t *len)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	size_t room = 4096;
	ssize_t n = 0;
	char *more;

	*text = NULL;
	*len = 0;
	if (fd < 0)
		return -errno;
	do {
		more = room <= max ? realloc(*text, room) : NULL;
		if (!more) {
			n = -1;
			errno = room <= max ? ENOMEM : EFBIG;
			break;
		}
		*text = more;
		n = read(fd, *text + *len, room - *len);
		if (n > 0)
			*len += n;
		if (*len == room)
			room *= 2;
	} while (n > 0);
	n = n < 0 ? -errno : 0;
	close(fd);
	if (n) {
		free(*text);
		*text = NULL;
	}
	return n;
}

/* the link that descriptor @name of the process holds, or NULL */
static const struct vs_link *vs_process_link(int dir, pid_t pid,
					     const char *name, bool ours,
					     const struct vs_links *links)
{
	char path[32], ifname[VS_PORT_NAME], *text;
	enum vs_tun_where where;
	const struct vs_link *link;
	size_t len;
	bool found;

	snprintf(path, sizeof(path), "fdinfo/%.16s", name);
	if (vs_process_slurp(dir, path, 65536, &text, &len))
		return NULL;
	found = vs_fdinfo_ifname(text, len, ifname);
	free(text);
	if (!found)
		return NULL;
	/* a tap of that name may be in any namespace */
	where = vs_tun_where(pid, atoi(name));
	if (where == VS_TUN_ELSEWHERE || (where == VS_TUN_UNKNOWN && !ours))
		return NULL;
	link = vs_links_by_name(links, ifname);
	return link && link->kind == VS_LINK_TAP ? link : NULL;
}

/* a macvtap has no "iff:"; its device node, /dev/tapN, tells which it is */
static const struct vs_link *vs_process_tap_node(int dir, const char *name,
						 const struct vs_links *links)
{
	struct stat st;
	char path[32];

	snprintf(path, sizeof(path), "fd/%.16s", name);
	if (fstatat(dir, path, &st, 0) || !S_ISCHR(st.st_mode))
		return NULL;
	return vs_links_by_rdev(links, st.st_rdev);
}

static bool vs_is_tap_node(const char *path)
{
	const char *name = strrchr(path, '/');

	return name && strncmp(name, "/tap", 4) == 0 && name[4] &&
	       strspn(name + 4, "0123456789") == strlen(name + 4);
}

/* most descriptors can be told not to be taps without opening anything */
static bool vs_process_may_hold(int dir, const char *name, bool *node)
{
	char path[32], target[64];
	ssize_t n;

	snprintf(path, sizeof(path), "fd/%.16s", name);
	n = readlinkat(dir, path, target, sizeof(target) - 1);
	if (n < 0)
		return false;
	target[n] = '\0';
	*node = vs_is_tap_node(target);
	return *target == '/';
}

static int vs_process_hold(struct vs_process *p, int fd, uint32_t ifindex)
{
	struct vs_held *held;

	held = reallocarray(p->held, p->n_held + 1, sizeof(*held));
	if (!held)
		return -ENOMEM;
	p->held = held;
	held[p->n_held].fd = fd;
	held[p->n_held++].ifindex = ifindex;
	return 0;
}

static int vs_process_fd(struct vs_process *p, int dir, const char *name,
			 bool ours, const struct vs_links *links)
{
	const struct vs_link *link = NULL;
	bool node;

	if (!vs_process_may_hold(dir, name, &node))
		return 0;
	if (node)
		link = vs_process_tap_node(dir, name, links);
	if (!link)
		link = vs_process_link(dir, p->pid, name, ours, links);
	return link ? vs_process_hold(p, atoi(name), link->ifindex) : 0;
}

static int vs_held_order(const void *a, const void *b)
{
	return ((const struct vs_held *)a)->fd -
	       ((const struct vs_held *)b)->fd;
}

static int vs_process_fds(struct vs_process *p, int dir, bool ours,
			  const struct vs_links *links)
{
	int fd = openat(dir, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *fds = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *d;
	int ret = 0;

	if (!fds) {
		ret = errno;
		if (fd >= 0)
			close(fd);
		return vs_process_gone(ret);
	}
	while (!ret && (d = readdir(fds))) {
		if (*d->d_name >= '0' && *d->d_name <= '9')
			ret = vs_process_fd(p, dir, d->d_name, ours, links);
	}
	closedir(fds);
	if (p->n_held)
		qsort(p->held, p->n_held, sizeof(*p->held), vs_held_order);
	return ret;
}

/* what the process runs; nothing is known of one that has just gone */
static int vs_process_identify(struct vs_process *p, int dir)
{
	struct vs_cmdline cmd;
	char exe[PATH_MAX];
	char *text;
	size_t len;
	ssize_t n = readlinkat(dir, "exe", exe, sizeof(exe) - 1);
	int ret;

	if (n < 0)
		return vs_process_gone(errno);
	exe[n] = '\0';
	if (!vs_qemu_is_program(exe))
		return 0;
	p->is_vm = true;
	ret = vs_process_slurp(dir, "cmdline", VS_CMDLINE_MAX, &text, &len);
	/* a command line beyond all measure leaves a VM without a name */
	if (ret)
		return ret == -EFBIG ? 0 : vs_process_gone(-ret);
	ret = vs_cmdline_split(&cmd, text, len);
	free(text);
	if (ret)
		return ret;
	ret = vs_qemu_parse(&p->vm, cmd.argv, cmd.argc);
	vs_cmdline_free(&cmd);
	return ret;
}

static bool vs_process_is_ours(int dir)
{
	struct stat ours, its;

	return !stat("/proc/self/ns/net", &ours) &&
	       !fstatat(dir, "ns/net", &its, 0) &&
	       ours.st_dev == its.st_dev && ours.st_ino == its.st_ino;
}

static void vs_process_free(struct vs_process *p)
{
	vs_qemu_free(&p->vm);
	free(p->held);
}

/* adds the process if it holds something */
static int vs_processes_add(struct vs_processes *ps, int proc,
			    const char *name, const struct vs_links *links)
{
	int dir = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct vs_process p = { .pid = atoi(name) };
	struct vs_process *more;
	int ret;

	if (dir < 0)
		return vs_process_gone(errno);
	ret = vs_process_fds(&p, dir, vs_process_is_ours(dir), links);
	if (!ret && p.n_held)
		ret = vs_process_identify(&p, dir);
	close(dir);
	if (!ret && p.n_held) {
		more = reallocarray(ps->v, ps->n + 1, sizeof(*ps->v));
		if (more) {
			ps->v = more;
			ps->v[ps->n++] = p;
			return 0;
		}
		ret = -ENOMEM;
	}
	vs_process_free(&p);
	return ret;
}

static int vs_process_order(const void *a, const void *b)
{
	return ((const struct vs_process *)a)->pid -
	       ((const struct vs_process *)b)->pid;
}

/* without the right, others may not even be seen to be there (hidepid) */
static int vs_processes_visible(int proc)
{
	int fd = openat(proc, "1/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? -EACCES : -errno;
	close(fd);
	return 0;
}

int vs_processes_read(struct vs_processes *p, const struct vs_links *links,
		      struct vs_error *error)
{
	DIR *proc = opendir("/proc");
	struct dirent *d;
	int ret = proc ? vs_processes_visible(dirfd(proc)) : -errno;

	*p = (struct vs_processes){ 0 };
	while (!ret && (d = readdir(proc))) {
		if (*d->d_name >= '1' && *d->d_name <= '9')
			ret = vs_processes_add(p, dirfd(proc), d->d_name,
					       links);
	}
	if (proc)
		closedir(proc);
	if (p->n)
		qsort(p->v, p->n, sizeof(*p->v), vs_process_order);
	if (!ret)
		return 0;
	vs_processes_free(p);
	return vs_error_set(error, VS_OP_READ_PROC, ret == -ENOMEM ?
			    VS_WHY_NO_MEMORY : VS_WHY_NONE, ret, "/proc");
}

void vs_processes_free(struct vs_processes *p)
{
	for (size_t i = 0; i < p->n; i++)
		vs_process_free(&p->v[i]);
	free(p->v);
	*p = (struct vs_processes){ 0 };
}
