// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "core/clue.h"
#include "core/name.h"
#include "core/witness.h"

/**
 * struct vs_clue_form - a kind of clue
 * @weight: what it says of its cause, against clues of others. Who is blind
 *          sees nothing else (C5, C2); then comes what befell the host (C4);
 *          then what is proven of this VM (C3, C6, C7); then its youth (C1)
 * @text: a {KEY} is replaced by the value of that name
 */
struct vs_clue_form {
	const char *word;
	enum vs_cause cause;
	unsigned int weight;
	bool error;
	const char *keys[VS_CLUE_VALUES];
	const char *text;
};

static const struct vs_clue_form vs_clue_forms[] = {
	[VS_CLUE_PENDING] = {
		"pending", VS_CAUSE_C1, 50, .keys = { "age", "grace" },
		.text = N_("the difference was first seen {age} s ago, and "
			   "counts after {grace} s") },
	[VS_CLUE_NEW_PORT] = {
		"new-port", VS_CAUSE_C1, 50, .keys = { "port", "age", "grace" },
		.text = N_("the entry of port {port} is {age} s old, less than "
			   "the {grace} s of grace") },
	[VS_CLUE_NEW_PROCESS] = {
		"new-process", VS_CAUSE_C1, 50,
		.keys = { "pid", "age", "grace" },
		.text = N_("the VM's process {pid} was started {age} s ago, "
			   "less than the {grace} s of grace") },
	[VS_CLUE_UNREACHABLE] = {
		"inventory-unreachable", VS_CAUSE_C2, 90, .error = true,
		.text = N_("the inventory cannot be read: {error}") },
	[VS_CLUE_STALE] = {
		"inventory-stale", VS_CAUSE_C2, 90, .keys = { "age" },
		.text = N_("what the inventory last said is {age} s old, too "
			   "old to count") },
	[VS_CLUE_TWO_PROCESSES] = {
		"two-processes", VS_CAUSE_C3, 75,
		.keys = { "pid", "other_pid" },
		.text = N_("processes {pid} and {other_pid} run VMs with this "
			   "UUID") },
	[VS_CLUE_MAC_HELD] = {
		"mac-held", VS_CAUSE_C3, 74,
		.keys = { "mac", "port", "holder", "holder_uuid" },
		.text = N_("MAC {mac} is bound already, on port {port}, to VM "
			   "{holder} ({holder_uuid})") },
	[VS_CLUE_DEVICE_HELD] = {
		"device-held", VS_CAUSE_C3, 73,
		.keys = { "device_id", "port", "other_port" },
		.text = N_("vNIC {device_id} of this VM is bound to port "
			   "{port}, but port {other_port} claims it too") },
	[VS_CLUE_MAC_TWICE] = {
		"mac-twice", VS_CAUSE_C3, 70,
		.keys = { "mac", "holder", "holder_uuid" },
		.text = N_("VM {holder} ({holder_uuid}) has MAC {mac} as "
			   "well") },
	[VS_CLUE_UUID_TWICE] = {
		"uuid-twice", VS_CAUSE_C3, 70,
		.text = N_("the Manager lists this UUID more than once") },
	[VS_CLUE_CLAIM_LOGGED] = {
		"claim-logged", VS_CAUSE_C3, 45, .keys = { "log" },
		.text = N_("the kernel log says: {log}") },
	[VS_CLUE_CLAIMS_REFUSED] = {
		"claims-refused", VS_CAUSE_C3, 0, .keys = { "count" },
		.text = N_("claims that the Filter Driver has refused on this "
			   "host: {count}") },
	[VS_CLUE_SESSION_RESET] = {
		"session-reset", VS_CAUSE_C4, 80,
		.text = N_("the appliance's session ended without a "
			   "detach") },
	[VS_CLUE_SESSION_TAKEN] = {
		"session-taken", VS_CAUSE_C4, 80, .keys = { "pid", "epoch" },
		.text = N_("process {pid} took the session from the appliance "
			   "(epoch {epoch}) and sends no heartbeats") },
	[VS_CLUE_MODE_LOST] = {
		"mode-lost", VS_CAUSE_C4, 0, .keys = { "port", "mode" },
		.text = N_("port {port} is in the mode \"{mode}\"") },
	[VS_CLUE_NOT_LOADED] = {
		"not-loaded", VS_CAUSE_C5, 95,
		.text = N_("the module vmsafe_net is not loaded") },
	[VS_CLUE_NO_SUPPORT] = {
		"no-module-support", VS_CAUSE_C5, 0, .keys = { "kernel" },
		.text = N_("kernel {kernel} cannot load modules") },
	[VS_CLUE_DISABLED] = {
		"modules-disabled", VS_CAUSE_C5, 0,
		.text = N_("module loading is disabled until the next boot "
			   "(kernel.modules_disabled)") },
	[VS_CLUE_NOT_INSTALLED] = {
		"not-installed", VS_CAUSE_C5, 0, .keys = { "kernel" },
		.text = N_("no vmsafe_net.ko is installed for kernel "
			   "{kernel}") },
	[VS_CLUE_OTHER_KERNEL] = {
		"other-kernel", VS_CAUSE_C5, 0, .keys = { "other", "kernel" },
		.text = N_("it is installed for kernel {other}, but {kernel} "
			   "is running") },
	[VS_CLUE_NOT_INDEXED] = {
		"not-indexed", VS_CAUSE_C5, 0, .keys = { "path", "kernel" },
		.text = N_("{path} is there, but modprobe does not know it: "
			   "run \"depmod {kernel}\"") },
	[VS_CLUE_WRONG_KERNEL] = {
		"wrong-kernel", VS_CAUSE_C5, 0,
		.keys = { "path", "vermagic", "kernel" },
		.text = N_("{path} was built for kernel {vermagic}, but "
			   "{kernel} is running") },
	[VS_CLUE_UNSIGNED] = {
		"unsigned", VS_CAUSE_C5, 0, .keys = { "path" },
		.text = N_("{path} is not signed, and this kernel takes only "
			   "signed modules (module.sig_enforce)") },
	[VS_CLUE_LOCKDOWN] = {
		"lockdown", VS_CAUSE_C5, 0, .keys = { "path", "lockdown" },
		.text = N_("{path} is not signed, and the kernel is locked "
			   "down ({lockdown})") },
	[VS_CLUE_UNKNOWN_KEY] = {
		"unknown-key", VS_CAUSE_C5, 0, .keys = { "path", "signer" },
		.text = N_("{path} is signed by {signer}, and the kernel has "
			   "refused a module whose key it does not know") },
	[VS_CLUE_BLACKLISTED] = {
		"blacklisted", VS_CAUSE_C5, 0, .keys = { "where" },
		.text = N_("it is blacklisted ({where})") },
	[VS_CLUE_REPLACED] = {
		"replaced", VS_CAUSE_C5, 0, .keys = { "command" },
		.text = N_("modprobe is told to run \"{command}\" instead") },
	[VS_CLUE_LOADABLE] = {
		"loadable", VS_CAUSE_C5, 0, .keys = { "path" },
		.text = N_("{path} is there, and nothing known is in the "
			   "way") },
	[VS_CLUE_UNSEEN] = {
		"module-unseen", VS_CAUSE_C5, 0,
		.text = N_("not all that bears on it can be seen from a "
			   "confined service: see \"vmsafe doctor\", run by "
			   "root") },
	[VS_CLUE_KERNEL_LOG] = {
		"kernel-log", VS_CAUSE_C5, 0, .keys = { "log" },
		.text = N_("the kernel log says: {log}") },
	[VS_CLUE_ABI] = {
		"abi-mismatch", VS_CAUSE_C5, 95, .keys = { "driver", "agent" },
		.text = N_("the driver speaks version {driver} of the "
			   "interface, this program version {agent}") },
	[VS_CLUE_IOCTL_FAILED] = {
		"ioctl-failed", VS_CAUSE_C5, 95, .error = true,
		.text = N_("the Filter Driver's list cannot be verified: "
			   "{error}") },
	[VS_CLUE_APPLIANCE_LOST] = {
		"appliance-lost", VS_CAUSE_C5, 85, .keys = { "epoch", "pid" },
		.text = N_("the appliance, process {pid}, holds its session "
			   "(epoch {epoch}), but sends no heartbeats") },
	[VS_CLUE_BURST] = {
		"burst", VS_CAUSE_C6, 65, .keys = { "count", "macs", "window" },
		.text = N_("{count} VMs that are not in sync came within "
			   "{window} s, with {macs} MACs") },
	[VS_CLUE_DEPARTED] = {
		"departed", VS_CAUSE_C6, 0, .keys = { "count" },
		.text = N_("VMs that the Manager has as running and that hold "
			   "no port: {count}") },
	[VS_CLUE_MAC_DIFFERS] = {
		"mac-differs", VS_CAUSE_C7, 60,
		.keys = { "device_id", "witness", "mac", "other",
			  "other_mac" },
		.text = N_("vNIC {device_id}: {witness} has {mac}, {other} "
			   "has {other_mac}") },
	[VS_CLUE_WIRE_DIFFERS] = {
		"wire-differs", VS_CAUSE_C7, 58,
		.keys = { "device_id", "port", "mac", "expected" },
		.text = N_("vNIC {device_id}: at port {port} the guest sends "
			   "from {mac}, never from {expected}") },
	[VS_CLUE_NEXT_START] = {
		"next-start", VS_CAUSE_C7, 40,
		.keys = { "device_id", "mac", "expected" },
		.text = N_("vNIC {device_id}: the domain's definition has "
			   "{mac}, which takes effect at its next start, the "
			   "running VM has {expected}") },
};

const char *vs_clue_word(enum vs_clue_kind kind)
{
	return vs_clue_forms[kind].word;
}

enum vs_cause vs_clue_cause(enum vs_clue_kind kind)
{
	return vs_clue_forms[kind].cause;
}

unsigned int vs_clue_weight(enum vs_clue_kind kind)
{
	return vs_clue_forms[kind].weight;
}

const char *vs_clue_key(enum vs_clue_kind kind, size_t i)
{
	return i < VS_CLUE_VALUES ? vs_clue_forms[kind].keys[i] : NULL;
}

bool vs_clue_has_error(enum vs_clue_kind kind)
{
	return vs_clue_forms[kind].error;
}

bool vs_clue_is_number(const char *key)
{
	static const char *const numbers[] = {
		"age", "grace", "window", "count", "macs", "pid",
		"other_pid", "device_id", "epoch", "driver",
		"agent",
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		if (strcmp(numbers[i], key) == 0)
			return true;
	}
	return false;
}

static int vs_clue_cmp_value(const char *key, const char *a, const char *b)
{
	unsigned long long x, y;

	if (!vs_clue_is_number(key))
		return strcmp(a, b);
	x = strtoull(a, NULL, 10);
	y = strtoull(b, NULL, 10);
	return x < y ? -1 : x > y;
}

static int vs_clue_cmp_error(const struct vs_error *a,
			     const struct vs_error *b)
{
	const int x[] = { a->op, a->why, a->err };
	const int y[] = { b->op, b->why, b->err };
	int cmp = 0;

	for (size_t i = 0; !cmp && i < sizeof(x) / sizeof(*x); i++)
		cmp = x[i] < y[i] ? -1 : x[i] > y[i];
	if (!cmp)
		cmp = strcmp(a->ioctl, b->ioctl);
	return cmp ? cmp : strcmp(a->detail, b->detail);
}

int vs_clue_cmp(const struct vs_clue *a, const struct vs_clue *b)
{
	int cmp = a->kind < b->kind ? -1 : a->kind > b->kind;
	const char *key;

	for (size_t i = 0; !cmp && (key = vs_clue_key(a->kind, i)); i++)
		cmp = vs_clue_cmp_value(key, a->value[i], b->value[i]);
	return cmp ? cmp : vs_clue_cmp_error(&a->error, &b->error);
}

/* a value as people read it */
static void vs_clue_put(struct vs_buf *buf, const struct vs_lang *lang,
			const char *key, const char *value)
{
	char safe[4 * VS_CLUE_VALUE];
	enum vs_witness witness;
	int mode = 0;

	if (!vs_witness_parse(value, &witness) &&
	    (strcmp(key, "witness") == 0 || strcmp(key, "other") == 0)) {
		vs_buf_add(buf, vs_text_witness(lang, witness));
		return;
	}
	if (strcmp(key, "mode") == 0) {
		while (mode < VS_MODE_COUNT - 1 &&
		       strcmp(vs_mode_word(mode), value) != 0)
			mode++;
		vs_buf_add(buf, vs_text_mode(lang, mode));
		return;
	}
	vs_name_escape(safe, sizeof(safe), value);
	vs_buf_add(buf, *safe ? safe : "-");
}

/* what stands between braces; false: nothing of that name */
static bool vs_clue_fill(struct vs_buf *buf, const struct vs_lang *lang,
			 const struct vs_clue *clue, const char *name,
			 size_t len)
{
	const char *key;

	if (vs_clue_has_error(clue->kind) && len == 5 &&
	    strncmp(name, "error", len) == 0) {
		vs_text_error(buf, lang, &clue->error);
		return true;
	}
	for (size_t i = 0; (key = vs_clue_key(clue->kind, i)); i++) {
		if (strlen(key) == len && strncmp(key, name, len) == 0) {
			vs_clue_put(buf, lang, key, clue->value[i]);
			return true;
		}
	}
	return false;
}

void vs_text_clue(struct vs_buf *buf, const struct vs_lang *lang,
		  const struct vs_clue *clue)
{
	const char *text = vs_tr(lang, vs_clue_forms[clue->kind].text);
	const char *end;

	for (; *text; text++) {
		end = *text == '{' ? strchr(text, '}') : NULL;
		if (end && vs_clue_fill(buf, lang, clue, text + 1,
					end - text - 1))
			text = end;
		else
			vs_buf_addf(buf, "%c", *text);
	}
}
