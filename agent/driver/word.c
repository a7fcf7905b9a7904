// SPDX-License-Identifier: GPL-2.0-only
#include <linux/vmsafe_net.h>

#include "core/word.h"
#include "driver/word.h"

static const char *const vs_port_kinds[] = {
	[VMSAFE_NET_PORT_KIND_TAP] = "tap",
	[VMSAFE_NET_PORT_KIND_MACVTAP] = "macvtap",
	[VMSAFE_NET_PORT_KIND_IPVTAP] = "ipvtap",
	[VMSAFE_NET_PORT_KIND_OTHER] = "other",
};

static const char *const vs_verdicts[] = {
	[VMSAFE_NET_VERDICT_PASS] = "pass",
	[VMSAFE_NET_VERDICT_DROP] = "drop",
};

static const char *const vs_failure_policies[] = {
	[VMSAFE_NET_FAILURE_POLICY_FAIL_OPEN] = "fail-open",
	[VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED] = "fail-closed",
};

static const char *const vs_modes[] = {
	[VMSAFE_NET_MODE_UNBOUND_PASS] = "unbound-pass",
	[VMSAFE_NET_MODE_UNBOUND_DROP] = "unbound-drop",
	[VMSAFE_NET_MODE_ENFORCING] = "enforcing",
	[VMSAFE_NET_MODE_APPLIANCE_LOST_OPEN] = "appliance-lost-open",
	[VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED] = "appliance-lost-closed",
	[VMSAFE_NET_MODE_BYPASS] = "bypass",
};

static const char *const vs_appliance_states[] = {
	[VMSAFE_NET_APPLIANCE_STATE_NONE] = "none",
	[VMSAFE_NET_APPLIANCE_STATE_ATTACHED] = "attached",
	[VMSAFE_NET_APPLIANCE_STATE_LOST] = "lost",
	[VMSAFE_NET_APPLIANCE_STATE_RESET] = "reset",
};

static const char *const vs_reasons[] = {
	[VMSAFE_NET_REASON_NONE] = "none",
	[VMSAFE_NET_REASON_PORT_NEW] = "port-new",
	[VMSAFE_NET_REASON_PORT_GONE] = "port-gone",
	[VMSAFE_NET_REASON_BOUND] = "bound",
	[VMSAFE_NET_REASON_UNBOUND] = "unbound",
	[VMSAFE_NET_REASON_SET] = "set",
	[VMSAFE_NET_REASON_RENAMED] = "renamed",
	[VMSAFE_NET_REASON_RELINKED] = "relinked",
	[VMSAFE_NET_REASON_ADDRESS] = "address",
	[VMSAFE_NET_REASON_MTU] = "mtu",
	[VMSAFE_NET_REASON_UP] = "up",
	[VMSAFE_NET_REASON_DOWN] = "down",
	[VMSAFE_NET_REASON_MODE] = "mode",
	[VMSAFE_NET_REASON_ATTACHED] = "attached",
	[VMSAFE_NET_REASON_DETACHED] = "detached",
	[VMSAFE_NET_REASON_RESET] = "reset",
	[VMSAFE_NET_REASON_LOST] = "lost",
	[VMSAFE_NET_REASON_RESUMED] = "resumed",
	[VMSAFE_NET_REASON_LIMIT_NEAR] = "limit-near",
	[VMSAFE_NET_REASON_LIMIT_REACHED] = "limit-reached",
	[VMSAFE_NET_REASON_TAKEN_OVER] = "taken-over",
	[VMSAFE_NET_REASON_HEARTBEAT_STALE] = "heartbeat-stale",
	[VMSAFE_NET_REASON_HEARTBEAT_UNKNOWN] = "heartbeat-unknown",
	[VMSAFE_NET_REASON_SOURCE_MAC] = "source-mac",
	[VMSAFE_NET_REASON_POLICY] = "policy",
};

static const char *const vs_claim_kinds[] = {
	[VMSAFE_NET_CLAIM_KIND_VM_DEVICE] = "vm-device",
	[VMSAFE_NET_CLAIM_KIND_MAC] = "mac",
	[VMSAFE_NET_CLAIM_KIND_MAC_RELINKED] = "mac-relinked",
};

static const char *const vs_guards[] = {
	[VMSAFE_NET_GUARD_OFF] = "off",
	[VMSAFE_NET_GUARD_WARN] = "warn",
	[VMSAFE_NET_GUARD_DROP] = "drop",
};

static const char *const vs_directions[] = {
	[VMSAFE_NET_DIRECTION_FROM_GUEST] = "from-guest",
	[VMSAFE_NET_DIRECTION_TO_GUEST] = "to-guest",
};

static const char *const vs_drop_reasons[] = {
	[VMSAFE_NET_DROP_REASON_UNBOUND] = "unbound",
	[VMSAFE_NET_DROP_REASON_APPLIANCE_LOST] = "appliance-lost",
	[VMSAFE_NET_DROP_REASON_SOURCE_MAC] = "source-mac",
	[VMSAFE_NET_DROP_REASON_POLICY] = "policy",
	[VMSAFE_NET_DROP_REASON_POLICY_ERROR] = "policy-error",
};

#define VS_TABLE(t) { t, sizeof(t) / sizeof(*(t)) }

static const struct {
	const char *const *words;
	uint32_t n;
} vs_tables[VS_WORDS_COUNT] = {
	[VS_WORDS_PORT_KIND] = VS_TABLE(vs_port_kinds),
	[VS_WORDS_VERDICT] = VS_TABLE(vs_verdicts),
	[VS_WORDS_FAILURE_POLICY] = VS_TABLE(vs_failure_policies),
	[VS_WORDS_MODE] = VS_TABLE(vs_modes),
	[VS_WORDS_APPLIANCE_STATE] = VS_TABLE(vs_appliance_states),
	[VS_WORDS_REASON] = VS_TABLE(vs_reasons),
	[VS_WORDS_CLAIM_KIND] = VS_TABLE(vs_claim_kinds),
	[VS_WORDS_GUARD] = VS_TABLE(vs_guards),
	[VS_WORDS_DIRECTION] = VS_TABLE(vs_directions),
	[VS_WORDS_DROP_REASON] = VS_TABLE(vs_drop_reasons),
};

const char *vs_driver_word(enum vs_words words, uint32_t value)
{
	return vs_word(vs_tables[words].words, vs_tables[words].n, value);
}

int vs_driver_word_parse(enum vs_words words, const char *s, uint32_t *value)
{
	int i = vs_word_find(vs_tables[words].words, vs_tables[words].n, s);

	if (i < 0)
		return i;
	*value = i;
	return 0;
}
