// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host/prog.h"

/* of enum bpf_attach_type, from Linux 6.6 on */
#define VS_BPF_TCX_INGRESS 46
#define VS_BPF_TCX_EGRESS 47

/*
 * The part of union bpf_attr that BPF_PROG_QUERY reads and writes. Newer
 * kernels write @revision whatever size they are told, so there must be room.
 */
struct vs_bpf_query {
	uint32_t target_ifindex;
	uint32_t attach_type;
	uint32_t query_flags;
	uint32_t attach_flags;
	uint64_t prog_ids;
	uint32_t count;
	uint32_t pad;
	uint64_t prog_attach_flags;
	uint64_t link_ids;
	uint64_t link_attach_flags;
	uint64_t revision;
};

static int vs_bpf(int cmd, void *attr, size_t size)
{
	long ret = syscall(SYS_bpf, cmd, attr, size);

	return ret < 0 ? -errno : (int)ret;
}

static int vs_prog_open(uint32_t id)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_id = id;
	return vs_bpf(BPF_PROG_GET_FD_BY_ID, &attr, sizeof(attr));
}

int vs_prog_info(uint32_t id, struct vs_prog *prog)
{
	struct bpf_prog_info info;
	union bpf_attr attr;
	int fd, ret;

	memset(prog, 0, sizeof(*prog));
	prog->id = id;
	fd = vs_prog_open(id);
	if (fd < 0)
		return fd;
	memset(&info, 0, sizeof(info));
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = fd;
	attr.info.info_len = sizeof(info);
	attr.info.info = (uintptr_t)&info;
	ret = vs_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr));
	close(fd);
	if (ret)
		return ret;
	snprintf(prog->name, sizeof(prog->name), "%.*s",
		 (int)sizeof(info.name), info.name);
	memcpy(prog->tag, info.tag, sizeof(prog->tag));
	return 0;
}

bool vs_prog_has_tag(const struct vs_prog *prog)
{
	static const uint8_t none[VS_PROG_TAG];

	return memcmp(prog->tag, none, sizeof(none)) != 0;
}

int vs_prog_tcx(uint32_t ifindex, bool egress, uint32_t ids[VS_PROG_TCX_MAX],
		size_t *n)
{
	struct vs_bpf_query query = {
		.target_ifindex = ifindex,
		.attach_type = egress ? VS_BPF_TCX_EGRESS : VS_BPF_TCX_INGRESS,
		.prog_ids = (uintptr_t)ids,
		.count = VS_PROG_TCX_MAX,
	};
	int ret = vs_bpf(BPF_PROG_QUERY, &query, sizeof(query));

	*n = 0;
	/* older kernels, and those built without, know no such place */
	if (ret == -EINVAL)
		return -EOPNOTSUPP;
	/* there are more, but those that are told are there */
	if (ret && ret != -ENOSPC)
		return ret;
	*n = query.count < VS_PROG_TCX_MAX ? query.count : VS_PROG_TCX_MAX;
	return 0;
}
