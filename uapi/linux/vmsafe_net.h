/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR MIT) */
/* Do not edit directly, auto-generated from: */
/*	uapi/vmsafe_net.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_VMSAFE_NET_H
#define _UAPI_LINUX_VMSAFE_NET_H

#define VMSAFE_NET_FAMILY_NAME		"vmsafe_net"
#define VMSAFE_NET_FAMILY_VERSION	1

#define VMSAFE_NET_ABI_VERSION		1
#define VMSAFE_NET_NAME_MAX		64
#define VMSAFE_NET_UUID_LEN		16
#define VMSAFE_NET_MAC_LEN		6
#define VMSAFE_NET_DEVICE_ID_MAX	4095
#define VMSAFE_NET_VNIC_LIMIT_MAX	1048576

/**
 * enum vmsafe_net_port_kind - What kind of network device carries the vNIC.
 * @VMSAFE_NET_PORT_KIND_TAP: tap of the tun driver; hooked at registration.
 * @VMSAFE_NET_PORT_KIND_MACVTAP: macvtap; hooked at registration, directions
 *   mirrored.
 * @VMSAFE_NET_PORT_KIND_IPVTAP: ipvtap; hooked at registration, directions
 *   mirrored.
 * @VMSAFE_NET_PORT_KIND_OTHER: added on request with port-add, for instance a
 *   veth.
 */
enum vmsafe_net_port_kind {
	VMSAFE_NET_PORT_KIND_TAP,
	VMSAFE_NET_PORT_KIND_MACVTAP,
	VMSAFE_NET_PORT_KIND_IPVTAP,
	VMSAFE_NET_PORT_KIND_OTHER,
};

/**
 * enum vmsafe_net_verdict - What happens to packets where no binding decides.
 * @VMSAFE_NET_VERDICT_PASS: packets pass and are counted.
 * @VMSAFE_NET_VERDICT_DROP: packets are dropped and counted.
 */
enum vmsafe_net_verdict {
	VMSAFE_NET_VERDICT_PASS,
	VMSAFE_NET_VERDICT_DROP,
};

/**
 * enum vmsafe_net_failure_policy - What a bound vNIC does when the appliance
 *   is lost.
 * @VMSAFE_NET_FAILURE_POLICY_FAIL_OPEN: the last policy stays in force.
 * @VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED: everything is dropped until the
 *   appliance is back.
 */
enum vmsafe_net_failure_policy {
	VMSAFE_NET_FAILURE_POLICY_FAIL_OPEN,
	VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED,
};

/**
 * enum vmsafe_net_mode - Effective mode of a vNIC, what really happens to its
 *   packets.
 * @VMSAFE_NET_MODE_UNBOUND_PASS: no identity yet; the namespace lets such
 *   ports pass.
 * @VMSAFE_NET_MODE_UNBOUND_DROP: no identity yet; the namespace drops what
 *   such ports carry.
 * @VMSAFE_NET_MODE_ENFORCING: bound and filtered.
 * @VMSAFE_NET_MODE_APPLIANCE_LOST_OPEN: bound, appliance lost, policy still in
 *   force (fail-open).
 * @VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED: bound, appliance lost, everything
 *   dropped (fail-closed).
 * @VMSAFE_NET_MODE_BYPASS: bound, and let pass unfiltered because an operator
 *   said so.
 */
enum vmsafe_net_mode {
	VMSAFE_NET_MODE_UNBOUND_PASS,
	VMSAFE_NET_MODE_UNBOUND_DROP,
	VMSAFE_NET_MODE_ENFORCING,
	VMSAFE_NET_MODE_APPLIANCE_LOST_OPEN,
	VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED,
	VMSAFE_NET_MODE_BYPASS,
};

/**
 * enum vmsafe_net_drop_reason - Why a packet was dropped.
 * @VMSAFE_NET_DROP_REASON_UNBOUND: the port was not bound and such ports are
 *   dropped.
 * @VMSAFE_NET_DROP_REASON_APPLIANCE_LOST: the appliance was lost and the vNIC
 *   is fail-closed.
 * @VMSAFE_NET_DROP_REASON_SOURCE_MAC: the guard met a source MAC that is not
 *   the guest's.
 * @VMSAFE_NET_DROP_REASON_POLICY: the policy said so.
 * @VMSAFE_NET_DROP_REASON_POLICY_ERROR: the policy gave a verdict that is
 *   none, or could not be run, and the vNIC is fail-closed.
 */
enum vmsafe_net_drop_reason {
	VMSAFE_NET_DROP_REASON_UNBOUND,
	VMSAFE_NET_DROP_REASON_APPLIANCE_LOST,
	VMSAFE_NET_DROP_REASON_SOURCE_MAC,
	VMSAFE_NET_DROP_REASON_POLICY,
	VMSAFE_NET_DROP_REASON_POLICY_ERROR,
};

/**
 * enum vmsafe_net_guard - What the source-MAC guard does with frames of
 *   another source MAC.
 * @VMSAFE_NET_GUARD_OFF: nothing.
 * @VMSAFE_NET_GUARD_WARN: counts them, and says so at most once a second.
 * @VMSAFE_NET_GUARD_DROP: drops them.
 */
enum vmsafe_net_guard {
	VMSAFE_NET_GUARD_OFF,
	VMSAFE_NET_GUARD_WARN,
	VMSAFE_NET_GUARD_DROP,
};

/**
 * enum vmsafe_net_direction - Which way a packet goes, seen from the guest.
 * @VMSAFE_NET_DIRECTION_FROM_GUEST: what the guest sends.
 * @VMSAFE_NET_DIRECTION_TO_GUEST: what is sent to the guest.
 */
enum vmsafe_net_direction {
	VMSAFE_NET_DIRECTION_FROM_GUEST,
	VMSAFE_NET_DIRECTION_TO_GUEST,
};

/**
 * enum vmsafe_net_probe_result - What became of a probe in one direction.
 * @VMSAFE_NET_PROBE_RESULT_HOOKED: the hook is on the port and saw the probe.
 * @VMSAFE_NET_PROBE_RESULT_POLICED: a policy is attached and ran on the probe.
 * @VMSAFE_NET_PROBE_RESULT_PASSED: the probe would have passed.
 */
enum vmsafe_net_probe_result {
	VMSAFE_NET_PROBE_RESULT_HOOKED = 1,
	VMSAFE_NET_PROBE_RESULT_POLICED = 2,
	VMSAFE_NET_PROBE_RESULT_PASSED = 4,
};

/**
 * enum vmsafe_net_appliance_state - State of the appliance session of this
 *   namespace.
 * @VMSAFE_NET_APPLIANCE_STATE_NONE: no session; none was ever lost, or the
 *   last one detached.
 * @VMSAFE_NET_APPLIANCE_STATE_ATTACHED: a process holds the session.
 * @VMSAFE_NET_APPLIANCE_STATE_LOST: a process holds the session but missed too
 *   many heartbeats.
 * @VMSAFE_NET_APPLIANCE_STATE_RESET: the holder went away without a detach.
 */
enum vmsafe_net_appliance_state {
	VMSAFE_NET_APPLIANCE_STATE_NONE,
	VMSAFE_NET_APPLIANCE_STATE_ATTACHED,
	VMSAFE_NET_APPLIANCE_STATE_LOST,
	VMSAFE_NET_APPLIANCE_STATE_RESET,
};

/**
 * enum vmsafe_net_reason - Why a notification was sent.
 * @VMSAFE_NET_REASON_NONE: not a notification but an answer to a request.
 * @VMSAFE_NET_REASON_PORT_NEW: a port came, its vNIC entry is in the table
 *   with both hooks.
 * @VMSAFE_NET_REASON_PORT_GONE: the port unregistered or was given back; the
 *   entry is gone.
 * @VMSAFE_NET_REASON_BOUND: the vNIC got its identity.
 * @VMSAFE_NET_REASON_UNBOUND: the vNIC lost its identity.
 * @VMSAFE_NET_REASON_SET: settings of a binding or of the host changed.
 * @VMSAFE_NET_REASON_RENAMED: the port has a new interface name.
 * @VMSAFE_NET_REASON_RELINKED: the port joined or left a bridge.
 * @VMSAFE_NET_REASON_ADDRESS: the port's own hardware address changed.
 * @VMSAFE_NET_REASON_MTU: the port's MTU changed.
 * @VMSAFE_NET_REASON_UP: the port was brought up.
 * @VMSAFE_NET_REASON_DOWN: the port was brought down.
 * @VMSAFE_NET_REASON_MODE: the effective mode changed.
 * @VMSAFE_NET_REASON_ATTACHED: an appliance took the session; a new epoch
 *   began.
 * @VMSAFE_NET_REASON_DETACHED: the appliance gave the session up.
 * @VMSAFE_NET_REASON_RESET: the appliance's descriptor was closed without a
 *   detach.
 * @VMSAFE_NET_REASON_LOST: the appliance missed more heartbeats than
 *   tolerated.
 * @VMSAFE_NET_REASON_RESUMED: a heartbeat came after the appliance had been
 *   lost.
 * @VMSAFE_NET_REASON_LIMIT_NEAR: four fifths of the vnic-limit are in use;
 *   told again only after less than three quarters were.
 * @VMSAFE_NET_REASON_LIMIT_REACHED: a port was refused because the vnic-limit
 *   is reached.
 * @VMSAFE_NET_REASON_TAKEN_OVER: another process took the session from the one
 *   that held it.
 * @VMSAFE_NET_REASON_HEARTBEAT_STALE: a heartbeat of an earlier epoch was
 *   refused.
 * @VMSAFE_NET_REASON_HEARTBEAT_UNKNOWN: a heartbeat of a client that never
 *   attached was refused.
 * @VMSAFE_NET_REASON_SOURCE_MAC: the guard met a source MAC that is not the
 *   guest's.
 * @VMSAFE_NET_REASON_POLICY: a policy was attached, replaced or detached.
 */
enum vmsafe_net_reason {
	VMSAFE_NET_REASON_NONE,
	VMSAFE_NET_REASON_PORT_NEW,
	VMSAFE_NET_REASON_PORT_GONE,
	VMSAFE_NET_REASON_BOUND,
	VMSAFE_NET_REASON_UNBOUND,
	VMSAFE_NET_REASON_SET,
	VMSAFE_NET_REASON_RENAMED,
	VMSAFE_NET_REASON_RELINKED,
	VMSAFE_NET_REASON_ADDRESS,
	VMSAFE_NET_REASON_MTU,
	VMSAFE_NET_REASON_UP,
	VMSAFE_NET_REASON_DOWN,
	VMSAFE_NET_REASON_MODE,
	VMSAFE_NET_REASON_ATTACHED,
	VMSAFE_NET_REASON_DETACHED,
	VMSAFE_NET_REASON_RESET,
	VMSAFE_NET_REASON_LOST,
	VMSAFE_NET_REASON_RESUMED,
	VMSAFE_NET_REASON_LIMIT_NEAR,
	VMSAFE_NET_REASON_LIMIT_REACHED,
	VMSAFE_NET_REASON_TAKEN_OVER,
	VMSAFE_NET_REASON_HEARTBEAT_STALE,
	VMSAFE_NET_REASON_HEARTBEAT_UNKNOWN,
	VMSAFE_NET_REASON_SOURCE_MAC,
	VMSAFE_NET_REASON_POLICY,
};

/**
 * enum vmsafe_net_claim_kind - What two claimants both claimed.
 * @VMSAFE_NET_CLAIM_KIND_VM_DEVICE: the same device ID of the same VM; the
 *   second was refused.
 * @VMSAFE_NET_CLAIM_KIND_MAC: the same MAC on one L2 domain; the second was
 *   refused.
 * @VMSAFE_NET_CLAIM_KIND_MAC_RELINKED: the same MAC on one L2 domain, because
 *   a bound port joined the holder's bridge afterwards; both stay bound.
 */
enum vmsafe_net_claim_kind {
	VMSAFE_NET_CLAIM_KIND_VM_DEVICE,
	VMSAFE_NET_CLAIM_KIND_MAC,
	VMSAFE_NET_CLAIM_KIND_MAC_RELINKED,
};

enum {
	VMSAFE_NET_A_HOST_PAD = 1,
	VMSAFE_NET_A_HOST_INSTANCE,
	VMSAFE_NET_A_HOST_GENERATION,
	VMSAFE_NET_A_HOST_EVENT_SEQ,
	VMSAFE_NET_A_HOST_REASON,
	VMSAFE_NET_A_HOST_ABI,
	VMSAFE_NET_A_HOST_VNIC_LIMIT,
	VMSAFE_NET_A_HOST_VNIC_COUNT,
	VMSAFE_NET_A_HOST_BOUND_COUNT,
	VMSAFE_NET_A_HOST_VM_COUNT,
	VMSAFE_NET_A_HOST_REFUSED_CLAIMS,
	VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
	VMSAFE_NET_A_HOST_FAILURE_POLICY,
	VMSAFE_NET_A_HOST_APPLIANCE_STATE,
	VMSAFE_NET_A_HOST_APPLIANCE_PID,
	VMSAFE_NET_A_HOST_EPOCH,
	VMSAFE_NET_A_HOST_HEARTBEAT_INTERVAL,
	VMSAFE_NET_A_HOST_HEARTBEAT_TOLERANCE,

	__VMSAFE_NET_A_HOST_MAX,
	VMSAFE_NET_A_HOST_MAX = (__VMSAFE_NET_A_HOST_MAX - 1)
};

enum {
	VMSAFE_NET_A_VM_PAD = 1,
	VMSAFE_NET_A_VM_ID,
	VMSAFE_NET_A_VM_UUID,
	VMSAFE_NET_A_VM_NAME,
	VMSAFE_NET_A_VM_VNIC_COUNT,
	VMSAFE_NET_A_VM_GENERATION,

	__VMSAFE_NET_A_VM_MAX,
	VMSAFE_NET_A_VM_MAX = (__VMSAFE_NET_A_VM_MAX - 1)
};

enum {
	VMSAFE_NET_A_STATS_PAD = 1,
	VMSAFE_NET_A_STATS_FROM_GUEST_PACKETS,
	VMSAFE_NET_A_STATS_FROM_GUEST_BYTES,
	VMSAFE_NET_A_STATS_FROM_GUEST_DROPS,
	VMSAFE_NET_A_STATS_TO_GUEST_PACKETS,
	VMSAFE_NET_A_STATS_TO_GUEST_BYTES,
	VMSAFE_NET_A_STATS_TO_GUEST_DROPS,

	__VMSAFE_NET_A_STATS_MAX,
	VMSAFE_NET_A_STATS_MAX = (__VMSAFE_NET_A_STATS_MAX - 1)
};

enum {
	VMSAFE_NET_A_WIRE_MAC_MAC = 1,
	VMSAFE_NET_A_WIRE_MAC_FIRST_SEEN,
	VMSAFE_NET_A_WIRE_MAC_LAST_SEEN,

	__VMSAFE_NET_A_WIRE_MAC_MAX,
	VMSAFE_NET_A_WIRE_MAC_MAX = (__VMSAFE_NET_A_WIRE_MAC_MAX - 1)
};

enum {
	VMSAFE_NET_A_DROPS_PAD = 1,
	VMSAFE_NET_A_DROPS_DIRECTION,
	VMSAFE_NET_A_DROPS_REASON,
	VMSAFE_NET_A_DROPS_PACKETS,

	__VMSAFE_NET_A_DROPS_MAX,
	VMSAFE_NET_A_DROPS_MAX = (__VMSAFE_NET_A_DROPS_MAX - 1)
};

enum {
	VMSAFE_NET_A_PASSED_PAD = 1,
	VMSAFE_NET_A_PASSED_MODE,
	VMSAFE_NET_A_PASSED_FROM_GUEST,
	VMSAFE_NET_A_PASSED_TO_GUEST,

	__VMSAFE_NET_A_PASSED_MAX,
	VMSAFE_NET_A_PASSED_MAX = (__VMSAFE_NET_A_PASSED_MAX - 1)
};

enum {
	VMSAFE_NET_A_DROPPED_PAD = 1,
	VMSAFE_NET_A_DROPPED_MODE,
	VMSAFE_NET_A_DROPPED_FROM_GUEST,
	VMSAFE_NET_A_DROPPED_TO_GUEST,

	__VMSAFE_NET_A_DROPPED_MAX,
	VMSAFE_NET_A_DROPPED_MAX = (__VMSAFE_NET_A_DROPPED_MAX - 1)
};

enum {
	VMSAFE_NET_A_POLICY_PAD = 1,
	VMSAFE_NET_A_POLICY_DIRECTION,
	VMSAFE_NET_A_POLICY_PROG_ID,
	VMSAFE_NET_A_POLICY_TAG,
	VMSAFE_NET_A_POLICY_RUNS,
	VMSAFE_NET_A_POLICY_DROPS,
	VMSAFE_NET_A_POLICY_ERRORS,
	VMSAFE_NET_A_POLICY_ATTACHED,

	__VMSAFE_NET_A_POLICY_MAX,
	VMSAFE_NET_A_POLICY_MAX = (__VMSAFE_NET_A_POLICY_MAX - 1)
};

enum {
	VMSAFE_NET_A_PROBE_DIRECTION = 1,
	VMSAFE_NET_A_PROBE_RESULT,
	VMSAFE_NET_A_PROBE_MODE,
	VMSAFE_NET_A_PROBE_REASON,
	VMSAFE_NET_A_PROBE_PROG_ID,

	__VMSAFE_NET_A_PROBE_MAX,
	VMSAFE_NET_A_PROBE_MAX = (__VMSAFE_NET_A_PROBE_MAX - 1)
};

enum {
	VMSAFE_NET_A_VNIC_PAD = 1,
	VMSAFE_NET_A_VNIC_ID,
	VMSAFE_NET_A_VNIC_IFINDEX,
	VMSAFE_NET_A_VNIC_IFNAME,
	VMSAFE_NET_A_VNIC_PORT_KIND,
	VMSAFE_NET_A_VNIC_PORT_MAC,
	VMSAFE_NET_A_VNIC_MASTER,
	VMSAFE_NET_A_VNIC_MTU,
	VMSAFE_NET_A_VNIC_UP,
	VMSAFE_NET_A_VNIC_CREATED,
	VMSAFE_NET_A_VNIC_MODE,
	VMSAFE_NET_A_VNIC_VM_UUID,
	VMSAFE_NET_A_VNIC_VM_NAME,
	VMSAFE_NET_A_VNIC_DEVICE_ID,
	VMSAFE_NET_A_VNIC_MAC,
	VMSAFE_NET_A_VNIC_FAILURE_POLICY,
	VMSAFE_NET_A_VNIC_BOUND,
	VMSAFE_NET_A_VNIC_WITH_STATS,
	VMSAFE_NET_A_VNIC_STATS,
	VMSAFE_NET_A_VNIC_GENERATION,
	VMSAFE_NET_A_VNIC_EVENT_SEQ,
	VMSAFE_NET_A_VNIC_REASON,
	VMSAFE_NET_A_VNIC_GUARD,
	VMSAFE_NET_A_VNIC_BYPASS,
	VMSAFE_NET_A_VNIC_WIRE_MACS,
	VMSAFE_NET_A_VNIC_WIRE_OTHERS,
	VMSAFE_NET_A_VNIC_GUARD_HITS,
	VMSAFE_NET_A_VNIC_DROPS,
	VMSAFE_NET_A_VNIC_PASSED,
	VMSAFE_NET_A_VNIC_POLICIES,
	VMSAFE_NET_A_VNIC_DIRECTION,
	VMSAFE_NET_A_VNIC_PROG_FD,
	VMSAFE_NET_A_VNIC_PROBES,
	VMSAFE_NET_A_VNIC_DROPPED,

	__VMSAFE_NET_A_VNIC_MAX,
	VMSAFE_NET_A_VNIC_MAX = (__VMSAFE_NET_A_VNIC_MAX - 1)
};

enum {
	VMSAFE_NET_A_CLAIM_PAD = 1,
	VMSAFE_NET_A_CLAIM_KIND,
	VMSAFE_NET_A_CLAIM_ID,
	VMSAFE_NET_A_CLAIM_IFINDEX,
	VMSAFE_NET_A_CLAIM_IFNAME,
	VMSAFE_NET_A_CLAIM_VM_UUID,
	VMSAFE_NET_A_CLAIM_VM_NAME,
	VMSAFE_NET_A_CLAIM_DEVICE_ID,
	VMSAFE_NET_A_CLAIM_MAC,
	VMSAFE_NET_A_CLAIM_HOLDER_ID,
	VMSAFE_NET_A_CLAIM_HOLDER_IFINDEX,
	VMSAFE_NET_A_CLAIM_HOLDER_IFNAME,
	VMSAFE_NET_A_CLAIM_HOLDER_VM_UUID,
	VMSAFE_NET_A_CLAIM_HOLDER_VM_NAME,
	VMSAFE_NET_A_CLAIM_HOLDER_DEVICE_ID,
	VMSAFE_NET_A_CLAIM_GENERATION,
	VMSAFE_NET_A_CLAIM_EVENT_SEQ,

	__VMSAFE_NET_A_CLAIM_MAX,
	VMSAFE_NET_A_CLAIM_MAX = (__VMSAFE_NET_A_CLAIM_MAX - 1)
};

enum vmsafe_net_cmd {
	VMSAFE_NET_CMD_HOST_GET = 1,
	VMSAFE_NET_CMD_HOST_SET,
	VMSAFE_NET_CMD_HOST_NTF,
	VMSAFE_NET_CMD_VM_GET,
	VMSAFE_NET_CMD_VNIC_GET,
	VMSAFE_NET_CMD_VNIC_BIND,
	VMSAFE_NET_CMD_VNIC_UNBIND,
	VMSAFE_NET_CMD_VNIC_SET,
	VMSAFE_NET_CMD_PORT_ADD,
	VMSAFE_NET_CMD_PORT_DEL,
	VMSAFE_NET_CMD_VNIC_NTF,
	VMSAFE_NET_CMD_CLAIM_NTF,
	VMSAFE_NET_CMD_POLICY_SET,
	VMSAFE_NET_CMD_VNIC_PROBE,

	__VMSAFE_NET_CMD_MAX,
	VMSAFE_NET_CMD_MAX = (__VMSAFE_NET_CMD_MAX - 1)
};

#define VMSAFE_NET_MCGRP_EVENTS	"events"

#endif /* _UAPI_LINUX_VMSAFE_NET_H */
