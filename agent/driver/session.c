// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "driver/session.h"
#include "host/clock.h"

/* between two attempts to open or to attach, milliseconds */
#define VS_SESSION_PAUSE 20
#define VS_LIST_ATTEMPTS 16
#define VS_LIST_FIRST 64

static int vs_session_ioctl_real(int fd, unsigned long request, void *arg)
{
	return ioctl(fd, request, arg);
}

/* 0 or -errno, whatever happens; a signal is no answer */
static int vs_session_ioctl(struct vs_session *s, unsigned long request,
			    void *arg)
{
	int ret;

	do {
		ret = s->ioctl(s->fd, request, arg);
	} while (ret < 0 && errno == EINTR);
	return ret < 0 ? -errno : 0;
}

static int vs_session_fail(struct vs_error *error, const char *name, int err)
{
	enum vs_why why = VS_WHY_NONE;

	switch (-err) {
	case EBUSY:
		why = VS_WHY_SESSION_HELD;
		break;
	case ENOTCONN:
	case ESTALE:
		why = VS_WHY_NO_SESSION;
		break;
	case EPERM:
		why = VS_WHY_NO_PERMISSION;
		break;
	case ENOMEM:
		why = VS_WHY_NO_MEMORY;
		break;
	}
	return vs_error_set_ioctl(error, name, why, err);
}

int vs_session_open(struct vs_session *s, int patience, struct vs_error *error)
{
	int64_t end = vs_clock_steady() + patience;

	memset(s, 0, sizeof(*s));
	s->ioctl = vs_session_ioctl_real;
	for (;;) {
		s->fd = open(VMSAFE_NET_DEVICE_PATH, O_RDWR | O_CLOEXEC);
		if (s->fd >= 0 || errno != ENOENT || vs_clock_steady() >= end)
			break;
		/* a module that is being loaded makes it at the very end */
		poll(NULL, 0, VS_SESSION_PAUSE);
	}
	if (s->fd >= 0)
		return 0;
	return vs_error_set(error, VS_OP_OPEN_DEVICE,
			    errno == EPERM || errno == EACCES ?
				VS_WHY_NO_PERMISSION : VS_WHY_NONE,
			    errno, VMSAFE_NET_DEVICE_PATH);
}

void vs_session_close(struct vs_session *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	s->attached = false;
}

int vs_session_version(struct vs_session *s,
		       struct vmsafe_net_ioc_version *version,
		       struct vs_error *error)
{
	int ret;

	memset(version, 0, sizeof(*version));
	version->size = sizeof(*version);
	ret = vs_session_ioctl(s, VMSAFE_NET_IOC_VERSION, version);
	return ret ? vs_session_fail(error, "VERSION", ret) : 0;
}

static int vs_session_ask(struct vs_session *s, uint32_t flags)
{
	struct vmsafe_net_ioc_attach attach = {
		.size = sizeof(attach),
		.flags = flags,
		.heartbeat_interval = s->interval,
		.heartbeat_tolerance = s->tolerance,
	};
	int ret = vs_session_ioctl(s, VMSAFE_NET_IOC_ATTACH, &attach);

	if (!ret) {
		s->attached = true;
		s->epoch = attach.epoch;
	}
	return ret;
}

int vs_session_attach(struct vs_session *s, int patience,
		      struct vs_error *error)
{
	int64_t end = vs_clock_steady() + patience;
	int ret;

	for (;;) {
		ret = vs_session_ask(s, 0);
		if (ret != -EBUSY || vs_clock_steady() >= end)
			break;
		/* another command that asks and goes is done in no time */
		poll(NULL, 0, VS_SESSION_PAUSE);
	}
	return ret ? vs_session_fail(error, "ATTACH", ret) : 0;
}

int vs_session_take_over(struct vs_session *s, struct vs_error *error)
{
	int ret = vs_session_ask(s, VMSAFE_NET_IOC_ATTACH_TAKEOVER);

	return ret ? vs_session_fail(error, "ATTACH", ret) : 0;
}

int vs_session_heartbeat(struct vs_session *s, struct vs_error *error)
{
	struct vmsafe_net_ioc_session session = {
		.size = sizeof(session),
		.epoch = s->epoch,
	};
	int ret;

	ret = vs_session_ioctl(s, VMSAFE_NET_IOC_HEARTBEAT, &session);
	return ret ? vs_session_fail(error, "HEARTBEAT", ret) : 0;
}

int vs_session_detach(struct vs_session *s, struct vs_error *error)
{
	struct vmsafe_net_ioc_session session = {
		.size = sizeof(session),
		.epoch = s->epoch,
	};
	int ret;

	ret = vs_session_ioctl(s, VMSAFE_NET_IOC_DETACH, &session);
	if (ret)
		return vs_session_fail(error, "DETACH", ret);
	s->attached = false;
	return 0;
}

/* again with a larger buffer until all fits; the table may grow meanwhile */
static int vs_session_list(struct vs_session *s, unsigned long request,
			   size_t entry, struct vmsafe_net_ioc_list *list,
			   void **buf)
{
	size_t room = VS_LIST_FIRST;

	for (int i = 0; i < VS_LIST_ATTEMPTS; i++) {
		int ret;

		*buf = calloc(room, entry);
		if (!*buf)
			return -ENOMEM;
		*list = (struct vmsafe_net_ioc_list){
			.size = sizeof(*list),
			.entry_size = entry,
			.count = room,
			.buffer = (uintptr_t)*buf,
		};
		ret = vs_session_ioctl(s, request, list);
		if (!ret && list->count > room)
			ret = -EBADMSG;
		if (!ret)
			return 0;
		free(*buf);
		*buf = NULL;
		if (ret != -EMSGSIZE)
			return ret;
		if (list->count > VMSAFE_NET_VNIC_LIMIT_MAX)
			return -EBADMSG;
		room = list->count + list->count / 8 + VS_LIST_FIRST;
	}
	return -EMSGSIZE;
}

int vs_session_list_vms(struct vs_session *s, struct vmsafe_net_ioc_vm **vms,
			size_t *n, uint64_t *generation,
			struct vs_error *error)
{
	struct vmsafe_net_ioc_list list;
	void *buf;
	int ret;

	ret = vs_session_list(s, VMSAFE_NET_IOC_LIST_VMS, sizeof(**vms), &list,
			      &buf);
	if (ret)
		return vs_session_fail(error, "LIST_VMS", ret);
	*vms = buf;
	*n = list.count;
	*generation = list.generation;
	return 0;
}

int vs_session_list_vnics(struct vs_session *s,
			  struct vmsafe_net_ioc_vnic **vnics, size_t *n,
			  uint64_t *generation, struct vs_error *error)
{
	struct vmsafe_net_ioc_list list;
	void *buf;
	int ret;

	ret = vs_session_list(s, VMSAFE_NET_IOC_LIST_VNICS, sizeof(**vnics),
			      &list, &buf);
	if (ret)
		return vs_session_fail(error, "LIST_VNICS", ret);
	*vnics = buf;
	*n = list.count;
	*generation = list.generation;
	return 0;
}

int vs_session_verify(struct vs_session *s, const struct vs_vnic_fact *fact,
		      struct vmsafe_net_ioc_verify *verify,
		      struct vs_error *error)
{
	int ret;

	*verify = (struct vmsafe_net_ioc_verify){
		.size = sizeof(*verify),
		.device_id = fact->device_id,
	};
	memcpy(verify->vm_uuid, &fact->vm, sizeof(verify->vm_uuid));
	memcpy(verify->mac, &fact->mac, sizeof(verify->mac));
	ret = vs_session_ioctl(s, VMSAFE_NET_IOC_VERIFY_VNIC, verify);
	return ret ? vs_session_fail(error, "VERIFY_VNIC", ret) : 0;
}
