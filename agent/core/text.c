// SPDX-License-Identifier: GPL-2.0-only
/* Names and phrases for people. */
#include "core/kind.h"
#include "core/text.h"
#include "core/word.h"

#define VS_TEXT(lang, table, i) vs_tr(lang, VS_WORD(table, i))

static const char *const vs_level_texts[] = {
	[VS_LEVEL_INFO] = N_("Info"),
	[VS_LEVEL_WARNING] = N_("Warning"),
	[VS_LEVEL_ERROR] = N_("Error"),
};

static const char *const vs_origin_texts[] = {
	[VS_ORIGIN_MANAGER] = N_("Manager"),
	[VS_ORIGIN_APPLIANCE] = N_("Appliance"),
};

static const char *const vs_actor_texts[] = {
	[VS_ACTOR_SYSTEM] = N_("System"),
	[VS_ACTOR_OPERATOR] = N_("Operator"),
};

static const char *const vs_state_texts[] = {
	[VS_STATE_NOT_APPLICABLE] = N_("not applicable"),
	[VS_STATE_IN_SYNC] = N_("in sync"),
	[VS_STATE_PENDING] = N_("pending"),
	[VS_STATE_UNKNOWN] = N_("unknown"),
	[VS_STATE_OUT_OF_SYNC] = N_("out of sync"),
};

static const char *const vs_reason_texts[] = {
	[VS_REASON_NONE] = N_("both lists agree"),
	[VS_REASON_MANAGER_ONLY] = N_("only the Manager has it"),
	[VS_REASON_DRIVER_ONLY] = N_("only the Filter Driver has it"),
	[VS_REASON_HOST_ONLY] = N_("plugged on the host, but not bound"),
	[VS_REASON_MAC_MISMATCH] = N_("the MACs differ"),
	[VS_REASON_DEVICE_ID_MISMATCH] = N_("the device IDs differ"),
	[VS_REASON_OTHER_HOLDER] = N_("another VM holds the port"),
	[VS_REASON_BYPASSED] = N_("programs lead packets past the filter"),
	[VS_REASON_SOURCE_UNKNOWN] = N_("a list cannot be read"),
	[VS_REASON_BYPASS_UNKNOWN] = N_("it is not known whether it is "
					"bypassed"),
	[VS_REASON_NO_DRIVER] = N_("this host is to have no Filter Driver"),
	[VS_REASON_NOT_PROTECTED] = N_("the VM is not to be protected"),
	[VS_REASON_TEMPLATE] = N_("the VM is a template"),
	[VS_REASON_VM_OFF] = N_("the VM is not running"),
	[VS_REASON_OTHER_HOST] = N_("the VM is on another host"),
	[VS_REASON_NOT_PLUGGED] = N_("no VM holds the port"),
};

static const char *const vs_source_texts[] = {
	[VS_SOURCE_MANAGER] = N_("Manager"),
	[VS_SOURCE_DRIVER] = N_("Filter Driver"),
	[VS_SOURCE_HOST] = N_("Host"),
};

static const char *const vs_power_texts[] = {
	[VS_POWER_RUNNING] = N_("running"),
	[VS_POWER_OFF] = N_("shut off"),
	[VS_POWER_PAUSED] = N_("paused"),
	[VS_POWER_SUSPENDED] = N_("suspended"),
};

static const char *const vs_driver_state_texts[] = {
	[VS_DRIVER_UNKNOWN] = N_("unknown"),
	[VS_DRIVER_ONLINE] = N_("online"),
	[VS_DRIVER_NOT_LOADED] = N_("not loaded"),
	[VS_DRIVER_ABI_MISMATCH] = N_("ABI mismatch"),
	[VS_DRIVER_IOCTL_FAILS] = N_("ioctl fails"),
	[VS_DRIVER_APPLIANCE_LOST] = N_("appliance lost"),
};

static const char *const vs_mode_texts[] = {
	[VS_MODE_UNKNOWN] = N_("unknown"),
	[VS_MODE_UNBOUND_PASS] = N_("unbound, passes"),
	[VS_MODE_UNBOUND_DROP] = N_("unbound, drops"),
	[VS_MODE_ENFORCING] = N_("enforcing"),
	[VS_MODE_LOST_OPEN] = N_("appliance lost, open"),
	[VS_MODE_LOST_CLOSED] = N_("appliance lost, closed"),
	[VS_MODE_BYPASS] = N_("bypass"),
};

static const char *const vs_op_texts[] = {
	[VS_OP_NONE] = N_("reading the list"),
	[VS_OP_OPEN_DEVICE] = N_("opening the Filter Driver's device"),
	[VS_OP_IOCTL] = N_("asking the Filter Driver by ioctl"),
	[VS_OP_NETLINK] = N_("asking the Filter Driver by netlink"),
	[VS_OP_OPEN_FILE] = N_("opening the file"),
	[VS_OP_READ_FILE] = N_("reading the file"),
	[VS_OP_WRITE_FILE] = N_("writing the file"),
	[VS_OP_PARSE] = N_("understanding what was read"),
	[VS_OP_CONNECT] = N_("connecting to the inventory"),
	[VS_OP_LIST_VMS] = N_("listing the VMs"),
	[VS_OP_READ_VM] = N_("reading a VM's definition"),
	[VS_OP_LIST_LINKS] = N_("listing the host's links"),
	[VS_OP_READ_PROC] = N_("reading the host's processes"),
	[VS_OP_LOAD_MODULE] = N_("loading the module"),
	[VS_OP_UNLOAD_MODULE] = N_("unloading the module"),
	[VS_OP_FIND_PROGRAMS] = N_("looking for programs on ports"),
};

static const char *const vs_why_texts[] = {
	[VS_WHY_NONE] = "",
	[VS_WHY_SESSION_HELD] =
		N_("another process holds the appliance session"),
	[VS_WHY_NO_SESSION] = N_("there is no appliance session"),
	[VS_WHY_NO_PERMISSION] = N_("CAP_NET_ADMIN is needed"),
	[VS_WHY_NOT_LOADED] = N_("the module vmsafe_net is not loaded"),
	[VS_WHY_ABI] = N_("driver and agent are of different versions"),
	[VS_WHY_UNREACHABLE] = N_("it cannot be reached"),
	[VS_WHY_TIMEOUT] = N_("it did not answer in time"),
	[VS_WHY_TORN] = N_("it changed during every attempt"),
	[VS_WHY_TOO_OLD] = N_("what is known is too old"),
	[VS_WHY_BAD_DATA] = N_("the contents are not valid"),
	[VS_WHY_NO_MEMORY] = N_("out of memory"),
	[VS_WHY_NOT_READ] = N_("it has not been read yet"),
	[VS_WHY_DENIED] = N_("the inventory does not allow it"),
};

const char *vs_tr(const struct vs_lang *lang, const char *msgid)
{
	/* the catalogue's entry for "" is its header */
	if (!lang || !lang->tr || !*msgid)
		return msgid;
	return lang->tr(lang->ctx, msgid);
}

const char *vs_text_level(const struct vs_lang *lang, enum vs_level level)
{
	return VS_TEXT(lang, vs_level_texts, level);
}

const char *vs_text_event_name(const struct vs_lang *lang,
			       enum vs_event_id id)
{
	const struct vs_event_kind *kind = vs_event_kind(id);

	return vs_tr(lang, kind ? kind->name : N_("unknown"));
}

const char *vs_text_origin(const struct vs_lang *lang, enum vs_origin origin)
{
	return VS_TEXT(lang, vs_origin_texts, origin);
}

const char *vs_text_actor(const struct vs_lang *lang, enum vs_actor actor)
{
	return VS_TEXT(lang, vs_actor_texts, actor);
}

const char *vs_text_state(const struct vs_lang *lang, enum vs_state state)
{
	return VS_TEXT(lang, vs_state_texts, state);
}

const char *vs_text_reason(const struct vs_lang *lang, enum vs_reason reason)
{
	return VS_TEXT(lang, vs_reason_texts, reason);
}

const char *vs_text_source(const struct vs_lang *lang, enum vs_source source)
{
	return VS_TEXT(lang, vs_source_texts, source);
}

const char *vs_text_power(const struct vs_lang *lang, enum vs_power power)
{
	return VS_TEXT(lang, vs_power_texts, power);
}

const char *vs_text_driver_state(const struct vs_lang *lang,
				 enum vs_driver_state state)
{
	return VS_TEXT(lang, vs_driver_state_texts, state);
}

const char *vs_text_mode(const struct vs_lang *lang, enum vs_mode mode)
{
	return VS_TEXT(lang, vs_mode_texts, mode);
}

const char *vs_text_op(const struct vs_lang *lang, enum vs_op op)
{
	return VS_TEXT(lang, vs_op_texts, op);
}

const char *vs_text_why(const struct vs_lang *lang, enum vs_why why)
{
	return VS_TEXT(lang, vs_why_texts, why);
}
