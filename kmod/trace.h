/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints, in pairs: what begins and what ends it, what was done and, with
 * _err, what was refused. None is on the packet path. The mode of an entry is
 * entered and left once each, from its first to its last, so that the time
 * between the two is the time that was spent in it.
 *
 * All are called with vsn_net.lock held, but vsn_port_add_err, which has RTNL,
 * and those of requests that were refused before.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vmsafe_net

#if !defined(_VSN_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _VSN_TRACE_H

#include <linux/tracepoint.h>

#include "binding.h"
#include "net.h"
#include "vm.h"
#include "vnic.h"

TRACE_DEFINE_ENUM(VMSAFE_NET_MODE_UNBOUND_PASS);
TRACE_DEFINE_ENUM(VMSAFE_NET_MODE_UNBOUND_DROP);
TRACE_DEFINE_ENUM(VMSAFE_NET_MODE_ENFORCING);
TRACE_DEFINE_ENUM(VMSAFE_NET_MODE_APPLIANCE_LOST_OPEN);
TRACE_DEFINE_ENUM(VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED);
TRACE_DEFINE_ENUM(VMSAFE_NET_MODE_BYPASS);
TRACE_DEFINE_ENUM(VMSAFE_NET_DIRECTION_FROM_GUEST);
TRACE_DEFINE_ENUM(VMSAFE_NET_DIRECTION_TO_GUEST);
TRACE_DEFINE_ENUM(VMSAFE_NET_APPLIANCE_STATE_NONE);
TRACE_DEFINE_ENUM(VMSAFE_NET_APPLIANCE_STATE_ATTACHED);
TRACE_DEFINE_ENUM(VMSAFE_NET_APPLIANCE_STATE_LOST);
TRACE_DEFINE_ENUM(VMSAFE_NET_APPLIANCE_STATE_RESET);

#define vsn_trace_mode(mode)						\
	__print_symbolic(mode,						\
		{ VMSAFE_NET_MODE_UNBOUND_PASS, "unbound-pass" },	\
		{ VMSAFE_NET_MODE_UNBOUND_DROP, "unbound-drop" },	\
		{ VMSAFE_NET_MODE_ENFORCING, "enforcing" },		\
		{ VMSAFE_NET_MODE_APPLIANCE_LOST_OPEN,			\
		  "appliance-lost-open" },				\
		{ VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED,		\
		  "appliance-lost-closed" },				\
		{ VMSAFE_NET_MODE_BYPASS, "bypass" })

#define vsn_trace_dir(dir)						\
	__print_symbolic(dir,						\
		{ VMSAFE_NET_DIRECTION_FROM_GUEST, "from-guest" },	\
		{ VMSAFE_NET_DIRECTION_TO_GUEST, "to-guest" })

#define vsn_trace_state(state)						\
	__print_symbolic(state,						\
		{ VMSAFE_NET_APPLIANCE_STATE_NONE, "none" },		\
		{ VMSAFE_NET_APPLIANCE_STATE_ATTACHED, "attached" },	\
		{ VMSAFE_NET_APPLIANCE_STATE_LOST, "lost" },		\
		{ VMSAFE_NET_APPLIANCE_STATE_RESET, "reset" })

/* An entry comes and goes, and so do its modes. */
DECLARE_EVENT_CLASS(vsn_entry,
	TP_PROTO(const struct vsn_vnic *vnic),
	TP_ARGS(vnic),
	TP_STRUCT__entry(__field(u64, id)
			 __field(u32, netns)
			 __field(u32, ifindex)
			 __array(char, ifname, IFNAMSIZ)
			 __field(u8, mode)),
	TP_fast_assign(__entry->id = vnic->id;
		       __entry->netns = vnic->sn->net->ns.inum;
		       __entry->ifindex = vnic->port.ifindex;
		       memcpy(__entry->ifname, vnic->port.ifname, IFNAMSIZ);
		       __entry->mode = vnic->mode;),
	TP_printk("netns=%u id=%llu ifindex=%u ifname=%s mode=%s",
		  __entry->netns, __entry->id, __entry->ifindex,
		  __entry->ifname, vsn_trace_mode(__entry->mode))
);

#define VSN_ENTRY_EVENT(name)						\
DEFINE_EVENT(vsn_entry, name,						\
	TP_PROTO(const struct vsn_vnic *vnic), TP_ARGS(vnic))

VSN_ENTRY_EVENT(vsn_port_add);
VSN_ENTRY_EVENT(vsn_port_del);
VSN_ENTRY_EVENT(vsn_mode_enter);
VSN_ENTRY_EVENT(vsn_mode_leave);

/* A device was refused to become a port. */
TRACE_EVENT(vsn_port_add_err,
	TP_PROTO(const struct net_device *dev, int err),
	TP_ARGS(dev, err),
	TP_STRUCT__entry(__field(u32, netns)
			 __field(u32, ifindex)
			 __array(char, ifname, IFNAMSIZ)
			 __field(int, err)),
	TP_fast_assign(__entry->netns = dev_net(dev)->ns.inum;
		       __entry->ifindex = dev->ifindex;
		       memcpy(__entry->ifname, dev->name, IFNAMSIZ);
		       __entry->err = err;),
	TP_printk("netns=%u ifindex=%u ifname=%s err=%d", __entry->netns,
		  __entry->ifindex, __entry->ifname, __entry->err)
);

/* A request about an entry was refused; id 0, there was no such entry. */
DECLARE_EVENT_CLASS(vsn_entry_err,
	TP_PROTO(const struct vsn_net *sn, const struct vsn_vnic *vnic,
		 int err),
	TP_ARGS(sn, vnic, err),
	TP_STRUCT__entry(__field(u64, id)
			 __field(u32, netns)
			 __array(char, ifname, IFNAMSIZ)
			 __field(int, err)),
	TP_fast_assign(bool none = IS_ERR_OR_NULL(vnic);

		       __entry->id = none ? 0 : vnic->id;
		       __entry->netns = sn->net->ns.inum;
		       strscpy(__entry->ifname, none ? "" : vnic->port.ifname,
			       IFNAMSIZ);
		       __entry->err = err;),
	TP_printk("netns=%u id=%llu ifname=%s err=%d", __entry->netns,
		  __entry->id, __entry->ifname, __entry->err)
);

#define VSN_ENTRY_ERR_EVENT(name)					\
DEFINE_EVENT(vsn_entry_err, name,					\
	TP_PROTO(const struct vsn_net *sn, const struct vsn_vnic *vnic,	\
		 int err),						\
	TP_ARGS(sn, vnic, err))

VSN_ENTRY_ERR_EVENT(vsn_port_del_err);
VSN_ENTRY_ERR_EVENT(vsn_bind_err);
VSN_ENTRY_ERR_EVENT(vsn_unbind_err);
VSN_ENTRY_ERR_EVENT(vsn_set_err);
VSN_ENTRY_ERR_EVENT(vsn_policy_attach_err);
VSN_ENTRY_ERR_EVENT(vsn_policy_detach_err);

/* A binding, as it is from now on; for vsn_unbind, as it was. */
DECLARE_EVENT_CLASS(vsn_bound,
	TP_PROTO(const struct vsn_vnic *vnic,
		 const struct vsn_binding *binding),
	TP_ARGS(vnic, binding),
	TP_STRUCT__entry(__field(u64, id)
			 __field(u32, netns)
			 __array(char, ifname, IFNAMSIZ)
			 __array(u8, uuid, VMSAFE_NET_UUID_LEN)
			 __field(u16, device_id)
			 __array(u8, mac, ETH_ALEN)
			 __field(u8, failure_policy)
			 __field(u8, guard)
			 __field(u8, bypass)),
	TP_fast_assign(__entry->id = vnic->id;
		       __entry->netns = vnic->sn->net->ns.inum;
		       memcpy(__entry->ifname, vnic->port.ifname, IFNAMSIZ);
		       memcpy(__entry->uuid, binding->vm->uuid,
			      VMSAFE_NET_UUID_LEN);
		       __entry->device_id = binding->device_id;
		       memcpy(__entry->mac, binding->mac, ETH_ALEN);
		       __entry->failure_policy = binding->failure_policy;
		       __entry->guard = binding->guard;
		       __entry->bypass = binding->bypass;),
	TP_printk("netns=%u id=%llu ifname=%s vm=%pUb device=%u mac=%pM failure_policy=%u guard=%u bypass=%u",
		  __entry->netns, __entry->id, __entry->ifname, __entry->uuid,
		  __entry->device_id, __entry->mac, __entry->failure_policy,
		  __entry->guard, __entry->bypass)
);

#define VSN_BOUND_EVENT(name)						\
DEFINE_EVENT(vsn_bound, name,						\
	TP_PROTO(const struct vsn_vnic *vnic,				\
		 const struct vsn_binding *binding),			\
	TP_ARGS(vnic, binding))

VSN_BOUND_EVENT(vsn_bind);
VSN_BOUND_EVENT(vsn_unbind);
VSN_BOUND_EVENT(vsn_set);

/* A swap attaches the one and detaches the other. */
DECLARE_EVENT_CLASS(vsn_policy,
	TP_PROTO(const struct vsn_vnic *vnic, int dir, u32 prog_id),
	TP_ARGS(vnic, dir, prog_id),
	TP_STRUCT__entry(__field(u64, id)
			 __field(u32, netns)
			 __array(char, ifname, IFNAMSIZ)
			 __field(int, dir)
			 __field(u32, prog_id)),
	TP_fast_assign(__entry->id = vnic->id;
		       __entry->netns = vnic->sn->net->ns.inum;
		       memcpy(__entry->ifname, vnic->port.ifname, IFNAMSIZ);
		       __entry->dir = dir;
		       __entry->prog_id = prog_id;),
	TP_printk("netns=%u id=%llu ifname=%s direction=%s prog_id=%u",
		  __entry->netns, __entry->id, __entry->ifname,
		  vsn_trace_dir(__entry->dir), __entry->prog_id)
);

#define VSN_POLICY_EVENT(name)						\
DEFINE_EVENT(vsn_policy, name,						\
	TP_PROTO(const struct vsn_vnic *vnic, int dir, u32 prog_id),	\
	TP_ARGS(vnic, dir, prog_id))

VSN_POLICY_EVENT(vsn_policy_attach);
VSN_POLICY_EVENT(vsn_policy_detach);

/* The appliance session, as it is from now on; one that ended has pid 0. */
DECLARE_EVENT_CLASS(vsn_session,
	TP_PROTO(const struct vsn_net *sn),
	TP_ARGS(sn),
	TP_STRUCT__entry(__field(u64, epoch)
			 __field(u32, netns)
			 __field(int, pid)
			 __field(u32, interval)
			 __field(u32, tolerance)
			 __field(u8, state)),
	TP_fast_assign(__entry->epoch = sn->appliance.epoch;
		       __entry->netns = sn->net->ns.inum;
		       __entry->pid = pid_nr(sn->appliance.pid);
		       __entry->interval = sn->appliance.interval;
		       __entry->tolerance = sn->appliance.tolerance;
		       __entry->state = sn->appliance.state;),
	TP_printk("netns=%u epoch=%llu pid=%d interval=%u tolerance=%u state=%s",
		  __entry->netns, __entry->epoch, __entry->pid,
		  __entry->interval, __entry->tolerance,
		  vsn_trace_state(__entry->state))
);

#define VSN_SESSION_EVENT(name)						\
DEFINE_EVENT(vsn_session, name,						\
	TP_PROTO(const struct vsn_net *sn), TP_ARGS(sn))

/* Given up by a detach or a reset; a take ends one and begins the next. */
VSN_SESSION_EVENT(vsn_session_attach);
VSN_SESSION_EVENT(vsn_session_take);
VSN_SESSION_EVENT(vsn_session_detach);
VSN_SESSION_EVENT(vsn_session_reset);
/* Meanwhile it may be lost and found. */
VSN_SESSION_EVENT(vsn_session_lost);
VSN_SESSION_EVENT(vsn_session_resume);
VSN_SESSION_EVENT(vsn_heartbeat);

/* A request about the session was refused; @epoch, that the caller named. */
DECLARE_EVENT_CLASS(vsn_session_err,
	TP_PROTO(const struct vsn_net *sn, u64 epoch, int err),
	TP_ARGS(sn, epoch, err),
	TP_STRUCT__entry(__field(u64, epoch)
			 __field(u32, netns)
			 __field(int, err)),
	TP_fast_assign(__entry->epoch = epoch;
		       __entry->netns = sn->net->ns.inum;
		       __entry->err = err;),
	TP_printk("netns=%u epoch=%llu err=%d", __entry->netns,
		  __entry->epoch, __entry->err)
);

#define VSN_SESSION_ERR_EVENT(name)					\
DEFINE_EVENT(vsn_session_err, name,					\
	TP_PROTO(const struct vsn_net *sn, u64 epoch, int err),		\
	TP_ARGS(sn, epoch, err))

VSN_SESSION_ERR_EVENT(vsn_session_attach_err);
VSN_SESSION_ERR_EVENT(vsn_session_detach_err);
VSN_SESSION_ERR_EVENT(vsn_heartbeat_err);

/* The settings of a namespace, as they are from now on. */
DECLARE_EVENT_CLASS(vsn_host,
	TP_PROTO(const struct vsn_net *sn),
	TP_ARGS(sn),
	TP_STRUCT__entry(__field(u32, netns)
			 __field(u32, vnic_count)
			 __field(u32, vnic_limit)
			 __field(u8, unbound_default)
			 __field(u8, failure_policy)),
	TP_fast_assign(__entry->netns = sn->net->ns.inum;
		       __entry->vnic_count = sn->vnic_count;
		       __entry->vnic_limit = sn->vnic_limit;
		       __entry->unbound_default = sn->unbound_default;
		       __entry->failure_policy = sn->failure_policy;),
	TP_printk("netns=%u vnics=%u limit=%u unbound_default=%u failure_policy=%u",
		  __entry->netns, __entry->vnic_count, __entry->vnic_limit,
		  __entry->unbound_default, __entry->failure_policy)
);

#define VSN_HOST_EVENT(name)						\
DEFINE_EVENT(vsn_host, name,						\
	TP_PROTO(const struct vsn_net *sn), TP_ARGS(sn))

VSN_HOST_EVENT(vsn_host_set);
VSN_HOST_EVENT(vsn_limit_near);
VSN_HOST_EVENT(vsn_limit_far);

TRACE_EVENT(vsn_host_set_err,
	TP_PROTO(const struct vsn_net *sn, int err),
	TP_ARGS(sn, err),
	TP_STRUCT__entry(__field(u32, netns)
			 __field(int, err)),
	TP_fast_assign(__entry->netns = sn->net->ns.inum;
		       __entry->err = err;),
	TP_printk("netns=%u err=%d", __entry->netns, __entry->err)
);

#endif /* _VSN_TRACE_H */

/* Found below the top of the source tree, which is on the include path. */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH kmod
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace

#include <trace/define_trace.h>
