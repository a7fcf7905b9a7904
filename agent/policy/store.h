/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loaded policies: directories below /sys/fs/bpf/vmsafe. In each are the
 * programs, "from_guest" and "to_guest" (often one program twice), and in
 * "maps" their maps. A policy is there whole or not at all: it is made, and
 * taken apart, in directories that no policy can be named like.
 */
#ifndef VS_POLICY_STORE_H
#define VS_POLICY_STORE_H

#include <stdint.h>

#include "driver/attachment.h"
#include "policy/contents.h"

/** VS_BPFFS - where the BPF file system has to be mounted */
#define VS_BPFFS "/sys/fs/bpf"
/** VS_POLICY_DIR - where policies are */
#define VS_POLICY_DIR VS_BPFFS "/vmsafe"
/** VS_POLICY_NEW - a policy that is being made */
#define VS_POLICY_NEW VS_POLICY_DIR "/+new"
/** VS_POLICY_NAME - size of a policy's name, terminator included */
#define VS_POLICY_NAME 64
/** VS_POLICY_PATH - room for the path of anything of a policy's */
#define VS_POLICY_PATH 256

/**
 * struct vs_policy_prog - a program of a policy
 * @id: its ID; 0: the policy has none for this direction
 * @tag: its tag
 * @loaded: when it was loaded, nanoseconds of CLOCK_BOOTTIME
 */
struct vs_policy_prog {
	uint32_t id;
	uint8_t tag[8];
	uint64_t loaded;
};

/** struct vs_policy - a loaded policy */
struct vs_policy {
	char name[VS_POLICY_NAME];
	enum vs_policy_kind kind;
	struct vs_policy_prog prog[VS_DIRECTIONS];
};

/** struct vs_policies - loaded policies, by name */
struct vs_policies {
	struct vs_policy *v;
	size_t n, cap;
};

/** vs_policy_name_check() - 1 to 63 of A-Z a-z 0-9 _ -; 0 or -EINVAL */
int vs_policy_name_check(const char *name);

/**
 * vs_store_lock() - keep others from changing what is loaded
 * @why: why not, e.g. because no BPF file system is mounted
 *
 * What a process that was killed has left half made is removed.
 *
 * Return: a descriptor, which closing unlocks, or a negative errno.
 */
int vs_store_lock(struct vs_buf *why);

/**
 * vs_store_read() - list what is loaded
 * @list: replaced; free with vs_store_free(), also after a failure
 * @why: why not
 *
 * Return: 0 or a negative errno.
 */
int vs_store_read(struct vs_policies *list, struct vs_buf *why);

/** vs_store_free() - release the list; it is empty then */
void vs_store_free(struct vs_policies *list);

/** vs_store_find() - the policy of that name, or NULL */
const struct vs_policy *vs_store_find(const struct vs_policies *list,
				      const char *name);

/** vs_store_by_prog() - the policy that a program is of, or NULL */
const struct vs_policy *vs_store_by_prog(const struct vs_policies *list,
					 uint32_t prog_id);

/** vs_store_prog() - open a program of a policy; descriptor or -errno */
int vs_store_prog(const char *name, uint32_t direction, struct vs_buf *why);

/** vs_store_map() - open a map of a policy; descriptor or -errno, unsaid */
int vs_store_map(const char *name, const char *map);

/** vs_store_guests() - open its map of ports' guests; likewise */
int vs_store_guests(const char *name);

/** vs_store_log() - open its ring buffer; descriptor or -errno */
int vs_store_log(const char *name, struct vs_buf *why);

/** vs_store_publish() - VS_POLICY_NEW is done; 0 or -errno */
int vs_store_publish(const char *name, struct vs_buf *why);

/** vs_store_remove() - unload a policy; 0 or -errno */
int vs_store_remove(const char *name, struct vs_buf *why);

/** vs_store_clear() - remove a directory with all that is in it */
void vs_store_clear(const char *path);

#endif
