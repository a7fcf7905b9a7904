// SPDX-License-Identifier: GPL-2.0-only
#include "core/facts.h"
#include "core/word.h"

static const char *const vs_source_words[] = {
	[VS_SOURCE_MANAGER] = "manager",
	[VS_SOURCE_DRIVER] = "driver",
	[VS_SOURCE_HOST] = "host",
};

static const char *const vs_power_words[] = {
	[VS_POWER_RUNNING] = "running",
	[VS_POWER_OFF] = "shut off",
	[VS_POWER_PAUSED] = "paused",
	[VS_POWER_SUSPENDED] = "suspended",
};

static const char *const vs_driver_state_words[] = {
	[VS_DRIVER_ONLINE] = "online",
	[VS_DRIVER_NOT_LOADED] = "not-loaded",
	[VS_DRIVER_ABI_MISMATCH] = "abi-mismatch",
	[VS_DRIVER_IOCTL_FAILS] = "ioctl-fails",
	[VS_DRIVER_APPLIANCE_LOST] = "appliance-lost",
};

static const char *const vs_mode_words[] = {
	[VS_MODE_UNBOUND_PASS] = "unbound-pass",
	[VS_MODE_UNBOUND_DROP] = "unbound-drop",
	[VS_MODE_ENFORCING] = "enforcing",
	[VS_MODE_LOST_OPEN] = "appliance-lost-open",
	[VS_MODE_LOST_CLOSED] = "appliance-lost-closed",
	[VS_MODE_BYPASS] = "bypass",
};

const char *vs_source_word(enum vs_source source)
{
	return VS_WORD(vs_source_words, source);
}

const char *vs_power_word(enum vs_power power)
{
	return VS_WORD(vs_power_words, power);
}

int vs_power_parse(const char *s, enum vs_power *power)
{
	int i = VS_WORD_FIND(vs_power_words, s);

	if (i < 0)
		return i;
	*power = i;
	return 0;
}

const char *vs_driver_state_word(enum vs_driver_state state)
{
	return VS_WORD(vs_driver_state_words, state);
}

const char *vs_mode_word(enum vs_mode mode)
{
	return VS_WORD(vs_mode_words, mode);
}
