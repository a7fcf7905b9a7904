// SPDX-License-Identifier: GPL-2.0-only
#include "core/state.h"
#include "core/word.h"

static const char *const vs_state_words[] = {
	[VS_STATE_NOT_APPLICABLE] = "not-applicable",
	[VS_STATE_IN_SYNC] = "in-sync",
	[VS_STATE_PENDING] = "pending",
	[VS_STATE_UNKNOWN] = "unknown",
	[VS_STATE_OUT_OF_SYNC] = "out-of-sync",
};

static const char *const vs_reason_words[] = {
	[VS_REASON_NONE] = "-",
	[VS_REASON_MANAGER_ONLY] = "manager-only",
	[VS_REASON_DRIVER_ONLY] = "driver-only",
	[VS_REASON_HOST_ONLY] = "host-only",
	[VS_REASON_MAC_MISMATCH] = "mac-mismatch",
	[VS_REASON_DEVICE_ID_MISMATCH] = "device-id-mismatch",
	[VS_REASON_OTHER_HOLDER] = "other-holder",
	[VS_REASON_BYPASSED] = "bypassed",
	[VS_REASON_SOURCE_UNKNOWN] = "source-unknown",
	[VS_REASON_BYPASS_UNKNOWN] = "bypass-unknown",
	[VS_REASON_NO_DRIVER] = "no-driver",
	[VS_REASON_NOT_PROTECTED] = "not-protected",
	[VS_REASON_TEMPLATE] = "template",
	[VS_REASON_VM_OFF] = "vm-off",
	[VS_REASON_OTHER_HOST] = "other-host",
	[VS_REASON_NOT_PLUGGED] = "not-plugged",
};

const char *vs_state_word(enum vs_state state)
{
	return VS_WORD(vs_state_words, state);
}

const char *vs_reason_word(enum vs_reason reason)
{
	return VS_WORD(vs_reason_words, reason);
}

int vs_state_parse(const char *word, enum vs_state *state)
{
	int i = VS_WORD_FIND(vs_state_words, word);

	if (i < 0)
		return i;
	*state = i;
	return 0;
}

int vs_reason_parse(const char *word, enum vs_reason *reason)
{
	int i = VS_WORD_FIND(vs_reason_words, word);

	if (i < 0)
		return i;
	*reason = i;
	return 0;
}
