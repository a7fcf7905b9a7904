/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * The appliance's session with the vmsafe_net Filter Driver: the ioctls of
 * /dev/vmsafe-net.
 *
 * An open descriptor speaks to the network namespace its opener was in. Opening
 * it and every ioctl need CAP_NET_ADMIN in the initial user namespace, whoever
 * opened the descriptor.
 *
 * Every structure starts with its size, which says what version of it the
 * caller was built with. A smaller structure than the first version is refused
 * (EINVAL); a larger one is accepted if the driver finds zeros in all it does
 * not know (E2BIG otherwise), and its tail is left as it was. Reserved fields
 * and unknown flags must be zero (EINVAL). The structures have the same layout
 * for 32-bit and 64-bit callers, and no holes.
 *
 * One table of errors serves all of them:
 *
 *	EPERM		the caller lacks CAP_NET_ADMIN in the initial user
 *			namespace
 *	ENOTTY		no such ioctl
 *	EINVAL		a size too small, a reserved field or flag not zero, a
 *			value out of range
 *	E2BIG		a larger structure than the driver knows, not zero in
 *			the part it does not know
 *	EFAULT		a pointer that cannot be read or written; nothing
 *			changed, unless the argument's memory went away while
 *			the ioctl ran: then all of it may have been done
 *	EBUSY		ATTACH: another descriptor holds the session, or this
 *			one already does
 *	ENOTCONN	this descriptor does not hold the session, and never did
 *	ESTALE		the epoch is not that of the running session, or the
 *			session was taken over from this descriptor
 *	EMSGSIZE	LIST: the buffer is too small; count tells what is
 *			needed
 *	ENOENT		VERIFY_VNIC: no vNIC has this VM UUID and device ID
 *	ENOMEM		out of memory; nothing changed
 *	EINTR		a signal came while waiting for the tables
 */
#ifndef _UAPI_LINUX_VMSAFE_NET_IOCTL_H
#define _UAPI_LINUX_VMSAFE_NET_IOCTL_H

#include <linux/const.h>
#include <linux/ioctl.h>
#include <linux/types.h>

#include <linux/vmsafe_net.h>

/** VMSAFE_NET_DEVICE_PATH: where the device node is, mode 0600. */
#define VMSAFE_NET_DEVICE_PATH	"/dev/vmsafe-net"

/*
 * The sizes are in the structures, not in the numbers, so that a structure can
 * grow without a new ioctl. 0xF5 is free in Documentation/userspace-api/ioctl/
 * ioctl-number.rst of 6.1 and 6.12.
 */
#define VMSAFE_NET_IOC_TYPE	0xF5

#define VMSAFE_NET_IOC_VERSION		_IO(VMSAFE_NET_IOC_TYPE, 0)
#define VMSAFE_NET_IOC_ATTACH		_IO(VMSAFE_NET_IOC_TYPE, 1)
#define VMSAFE_NET_IOC_DETACH		_IO(VMSAFE_NET_IOC_TYPE, 2)
#define VMSAFE_NET_IOC_HEARTBEAT	_IO(VMSAFE_NET_IOC_TYPE, 3)
#define VMSAFE_NET_IOC_LIST_VMS		_IO(VMSAFE_NET_IOC_TYPE, 4)
#define VMSAFE_NET_IOC_LIST_VNICS	_IO(VMSAFE_NET_IOC_TYPE, 5)
#define VMSAFE_NET_IOC_VERIFY_VNIC	_IO(VMSAFE_NET_IOC_TYPE, 6)

/**
 * struct vmsafe_net_ioc_version - VMSAFE_NET_IOC_VERSION
 * @size: sizeof(struct vmsafe_net_ioc_version)
 * @flags: must be zero
 * @abi: out, VMSAFE_NET_ABI_VERSION of the driver
 * @reserved: must be zero
 * @instance: out, random number drawn when the module was loaded; creation
 *	IDs, generations and epochs of two instances do not compare
 * @generation: out, number of table changes so far, as in netlink
 *
 * Needs no session: a client asks this first.
 */
struct vmsafe_net_ioc_version {
	__u32 size;
	__u32 flags;
	__u32 abi;
	__u32 reserved;
	__aligned_u64 instance;
	__aligned_u64 generation;
};

/** Longest heartbeat interval that ATTACH accepts, in milliseconds: an hour. */
#define VMSAFE_NET_HEARTBEAT_INTERVAL_MAX	3600000
/** Most missed heartbeats that ATTACH agrees to tolerate. */
#define VMSAFE_NET_HEARTBEAT_TOLERANCE_MAX	1000

/** Take the session from whoever holds it; that descriptor gets ESTALE. */
#define VMSAFE_NET_IOC_ATTACH_TAKEOVER	_BITUL(0)

/**
 * struct vmsafe_net_ioc_attach - VMSAFE_NET_IOC_ATTACH
 * @size: sizeof(struct vmsafe_net_ioc_attach)
 * @flags: VMSAFE_NET_IOC_ATTACH_*
 * @heartbeat_interval: milliseconds between the heartbeats that the appliance
 *	promises, 0 to VMSAFE_NET_HEARTBEAT_INTERVAL_MAX. 0 promises none:
 *	such a session cannot be lost, and its end leaves all modes as they are
 * @heartbeat_tolerance: heartbeats that may be missed, 0 to
 *	VMSAFE_NET_HEARTBEAT_TOLERANCE_MAX; one more and the appliance is lost,
 *	@heartbeat_interval * (@heartbeat_tolerance + 1) after the last one.
 *	With 0 nothing is left for one that is late: it has to come sooner
 *	than promised
 * @epoch: out, number of the session that begins
 * @generation: out, generation of the tables
 *
 * Take the session. EBUSY if somebody else has it and no take-over is asked
 * for, or if the caller has it.
 */
struct vmsafe_net_ioc_attach {
	__u32 size;
	__u32 flags;
	__u32 heartbeat_interval;
	__u32 heartbeat_tolerance;
	__aligned_u64 epoch;
	__aligned_u64 generation;
};

/**
 * struct vmsafe_net_ioc_session - VMSAFE_NET_IOC_DETACH and _HEARTBEAT
 * @size: sizeof(struct vmsafe_net_ioc_session)
 * @flags: must be zero
 * @epoch: the number that ATTACH gave; ESTALE if it is another
 * @generation: out, generation of the tables
 *
 * DETACH gives the session up: enforcement stays as it is. Closing the
 * descriptor without it is a reset by force. HEARTBEAT says that the appliance
 * lives; it also brings back one that was lost.
 */
struct vmsafe_net_ioc_session {
	__u32 size;
	__u32 flags;
	__aligned_u64 epoch;
	__aligned_u64 generation;
};

/**
 * struct vmsafe_net_ioc_list - VMSAFE_NET_IOC_LIST_VMS and _LIST_VNICS
 * @size: sizeof(struct vmsafe_net_ioc_list)
 * @flags: must be zero
 * @entry_size: size of one entry of @buffer, at least that of the first
 *	version of struct vmsafe_net_ioc_vm or _vnic, at most 4096. What the
 *	driver does not know of a larger one is filled with zeros
 * @count: in, entries that fit @buffer; out, entries there are
 * @buffer: where the entries go; may be NULL if @count is 0
 * @generation: out, the generation that the list shows
 *
 * All entries of one generation in the order of their creation IDs, or
 * EMSGSIZE, @count and @generation and none of them; after any error, what
 * @buffer holds is not defined. Needs the session.
 */
struct vmsafe_net_ioc_list {
	__u32 size;
	__u32 flags;
	__u32 entry_size;
	__u32 count;
	__aligned_u64 buffer;
	__aligned_u64 generation;
};

/**
 * struct vmsafe_net_ioc_vm - an entry of VMSAFE_NET_IOC_LIST_VMS
 * @id: creation ID of the VM's entry
 * @uuid: UUID of the VM
 * @vnic_count: its bound vNICs
 * @name: its name, always with a terminating NUL, the rest zero
 */
struct vmsafe_net_ioc_vm {
	__aligned_u64 id;
	__u8 uuid[VMSAFE_NET_UUID_LEN];
	__u32 vnic_count;
	char name[VMSAFE_NET_NAME_MAX + 4];
};

/** The vNIC is bound: vm_uuid, mac, device_id and failure_policy count. */
#define VMSAFE_NET_IOC_VNIC_BOUND	_BITUL(0)

/**
 * struct vmsafe_net_ioc_vnic - an entry of VMSAFE_NET_IOC_LIST_VNICS
 * @id: creation ID of the entry
 * @vm_uuid: UUID of the VM, nil while unbound
 * @mac: the guest's MAC, zero while unbound
 * @device_id: index of the vNIC within its VM, 0 while unbound
 * @ifindex: interface index of the port
 * @master: interface index of the bridge it is in, or 0
 * @flags: VMSAFE_NET_IOC_VNIC_*
 * @mode: enum vmsafe_net_mode
 * @port_kind: enum vmsafe_net_port_kind
 * @failure_policy: enum vmsafe_net_failure_policy
 * @reserved: zero
 * @ifname: interface name of the port, always with a terminating NUL
 */
struct vmsafe_net_ioc_vnic {
	__aligned_u64 id;
	__u8 vm_uuid[VMSAFE_NET_UUID_LEN];
	__u8 mac[VMSAFE_NET_MAC_LEN];
	__u16 device_id;
	__u32 ifindex;
	__u32 master;
	__u32 flags;
	__u8 mode;
	__u8 port_kind;
	__u8 failure_policy;
	__u8 reserved;
	char ifname[16];
};

/** The MAC in the request is the one that the vNIC is bound with. */
#define VMSAFE_NET_IOC_VERIFY_MAC_MATCHES	_BITUL(0)
/** Both hooks of the vNIC are registered on its port. */
#define VMSAFE_NET_IOC_VERIFY_HOOKED		_BITUL(1)

/**
 * struct vmsafe_net_ioc_verify - VMSAFE_NET_IOC_VERIFY_VNIC
 * @size: sizeof(struct vmsafe_net_ioc_verify)
 * @flags: must be zero
 * @vm_uuid: UUID of the VM, not nil
 * @mac: the guest's MAC as the caller knows it
 * @device_id: index of the vNIC within its VM, 0 to VMSAFE_NET_DEVICE_ID_MAX
 * @result: out, VMSAFE_NET_IOC_VERIFY_*
 * @mode: out, enum vmsafe_net_mode
 * @id: out, creation ID of the entry
 * @generation: out, generation of the tables
 *
 * Ask for one vNIC what the driver does for it. ENOENT if none is bound to
 * this VM UUID and device ID. Needs the session.
 */
struct vmsafe_net_ioc_verify {
	__u32 size;
	__u32 flags;
	__u8 vm_uuid[VMSAFE_NET_UUID_LEN];
	__u8 mac[VMSAFE_NET_MAC_LEN];
	__u16 device_id;
	__u32 result;
	__u32 mode;
	__aligned_u64 id;
	__aligned_u64 generation;
};

#endif /* _UAPI_LINUX_VMSAFE_NET_IOCTL_H */
