/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CORE_ERROR_H
#define VS_CORE_ERROR_H

/**
 * enum vs_op - the operation that failed
 *
 * Names for people come from vs_text_op().
 */
enum vs_op {
	VS_OP_NONE,
	VS_OP_OPEN_DEVICE,	/* open /dev/vmsafe-net */
	VS_OP_IOCTL,		/* an ioctl on it: vs_error.ioctl says which */
	VS_OP_NETLINK,		/* a request or dump of the netlink family */
	VS_OP_OPEN_FILE,
	VS_OP_READ_FILE,
	VS_OP_WRITE_FILE,
	VS_OP_PARSE,		/* what was read is not what it must be */
	VS_OP_CONNECT,		/* reach the inventory */
	VS_OP_LIST_VMS,		/* have the inventory list its VMs */
	VS_OP_READ_VM,		/* have it describe one VM */
	VS_OP_LIST_LINKS,	/* read the host's links */
	VS_OP_READ_PROC,	/* read the host's processes */
	VS_OP_LOAD_MODULE,
	VS_OP_UNLOAD_MODULE,
	VS_OP_FIND_PROGRAMS,	/* look for foreign programs on ports */
	VS_OP_COUNT
};

/**
 * enum vs_why - what the error means, where that is known
 *
 * Sentences for people come from vs_text_why().
 */
enum vs_why {
	VS_WHY_NONE,
	VS_WHY_SESSION_HELD,	/* another process is the appliance */
	VS_WHY_NO_SESSION,	/* nobody attached, or the epoch is old */
	VS_WHY_NO_PERMISSION,
	VS_WHY_NOT_LOADED,
	VS_WHY_ABI,		/* driver and agent speak different versions */
	VS_WHY_UNREACHABLE,
	VS_WHY_TIMEOUT,
	VS_WHY_TORN,		/* changed under every attempt to read it */
	VS_WHY_TOO_OLD,		/* read too long ago to be trusted */
	VS_WHY_BAD_DATA,
	VS_WHY_NO_MEMORY,
	VS_WHY_NOT_READ,	/* nobody has read it yet */
	VS_WHY_DENIED,		/* the inventory does not let us */
	VS_WHY_COUNT
};

/** VS_ERROR_DETAIL - size of vs_error.detail, terminator included */
#define VS_ERROR_DETAIL 384

/**
 * struct vs_error - why a source is unavailable
 * @op: the operation
 * @why: its meaning
 * @err: errno, positive; 0 when no system call failed
 * @ioctl: which ioctl, e.g. "LIST_VNICS"; empty for other operations
 * @detail: what else is known, e.g. "inv.json:12: vms[3].name: ..."; already
 *          escaped for a terminal, may be empty
 */
struct vs_error {
	enum vs_op op;
	enum vs_why why;
	int err;
	char ioctl[24];
	char detail[VS_ERROR_DETAIL];
};

/**
 * vs_error_set() - fill in an error
 * @e: overwritten whole; may be NULL, then nothing happens
 * @op: the operation
 * @why: its meaning
 * @err: errno, of either sign
 * @fmt: the detail, or NULL
 *
 * Return: the negative errno, -EIO for an @err of 0, so that callers can
 * return it.
 */
int vs_error_set(struct vs_error *e, enum vs_op op, enum vs_why why, int err,
		 const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/**
 * vs_error_set_ioctl() - fill in the error of a failed ioctl
 * @e: overwritten whole; may be NULL
 * @ioctl: e.g. "LIST_VNICS"
 * @why: its meaning
 * @err: errno, of either sign
 *
 * Return: the negative errno.
 */
int vs_error_set_ioctl(struct vs_error *e, const char *ioctl, enum vs_why why,
		       int err);

/*
 * Words for machines, never translated, e.g. "open-device", "session-held".
 * The parsers take exactly these; 0 or -EINVAL.
 */
const char *vs_op_word(enum vs_op op);
int vs_op_parse(const char *s, enum vs_op *op);
const char *vs_why_word(enum vs_why why);
int vs_why_parse(const char *s, enum vs_why *why);

/** vs_errno_name() - "EBUSY" for EBUSY; "errno 4711" (in @buf) for others */
const char *vs_errno_name(int err, char buf[24]);

/**
 * vs_errno_parse() - read what vs_errno_name() writes
 * @s: the name
 * @err: written only on success; positive
 *
 * Return: 0 or -EINVAL.
 */
int vs_errno_parse(const char *s, int *err);

#endif
