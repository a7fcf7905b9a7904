// SPDX-License-Identifier: GPL-2.0-only
/* Effective modes: what they follow from, and what they do. */
#include <linux/bits.h>

#include <uapi/linux/vmsafe_net.h>

#include "mode.h"

/**
 * vsn_mode_unbound - mode of a vNIC without an identity
 * @verdict: enum vmsafe_net_verdict, the host's default
 *
 * Return: enum vmsafe_net_mode.
 */
u8 vsn_mode_unbound(u8 verdict)
{
	return verdict == VMSAFE_NET_VERDICT_DROP ?
		VMSAFE_NET_MODE_UNBOUND_DROP : VMSAFE_NET_MODE_UNBOUND_PASS;
}

/**
 * vsn_mode_bound - mode of a vNIC with an identity
 * @bypass: an operator wants it unfiltered; nothing else counts then
 * @lost: the appliance is lost
 * @failure_policy: enum vmsafe_net_failure_policy
 *
 * Return: enum vmsafe_net_mode.
 */
u8 vsn_mode_bound(bool bypass, bool lost, u8 failure_policy)
{
	if (bypass)
		return VMSAFE_NET_MODE_BYPASS;
	if (!lost)
		return VMSAFE_NET_MODE_ENFORCING;
	return failure_policy == VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED ?
		VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED :
		VMSAFE_NET_MODE_APPLIANCE_LOST_OPEN;
}

/**
 * vsn_mode_drops - does a mode drop everything?
 * @mode: enum vmsafe_net_mode
 *
 * Return: true if it does.
 */
bool vsn_mode_drops(u8 mode)
{
	return BIT(mode) & (BIT(VMSAFE_NET_MODE_UNBOUND_DROP) |
			    BIT(VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED));
}
