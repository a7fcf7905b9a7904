// SPDX-License-Identifier: GPL-2.0-only
/* Whole events as text. */
#include <stdio.h>

#include "core/describe.h"
#include "core/gap.h"
#include "core/kind.h"
#include "core/name.h"

/* the operation as event 368 names it, between "Operation failed." and EBUSY */
static const char *vs_op_failed(enum vs_op op)
{
	switch (op) {
	case VS_OP_IOCTL:
		return "ioctl failed";
	case VS_OP_NETLINK:
		return "netlink failed";
	case VS_OP_OPEN_DEVICE:
	case VS_OP_OPEN_FILE:
		return "open failed";
	case VS_OP_CONNECT:
		return "connect failed";
	default:
		return "read failed";
	}
}

/* ": EBUSY (VERIFY_VNIC)", as much of it as there is */
static void vs_text_errno(struct vs_buf *buf, const struct vs_error *error)
{
	char name[24];

	if (error->err)
		vs_buf_addf(buf, ": %s", vs_errno_name(error->err, name));
	if (*error->ioctl)
		vs_buf_addf(buf, " (%s)", error->ioctl);
}

void vs_text_error(struct vs_buf *buf, const struct vs_lang *lang,
		   const struct vs_error *error)
{
	vs_buf_add(buf, vs_text_op(lang, error->op));
	vs_text_errno(buf, error);
	if (error->why)
		vs_buf_addf(buf, ": %s", vs_text_why(lang, error->why));
	if (*error->detail)
		vs_buf_addf(buf, ": %s", error->detail);
}

void vs_text_difference(struct vs_buf *buf, const struct vs_lang *lang,
			const struct vs_difference *diff)
{
	char mac[VS_MAC_STR] = "-", id[8] = "-";

	if (!vs_mac_is_zero(&diff->mac))
		vs_mac_format(&diff->mac, mac);
	if (diff->device_id != VS_DEVICE_ID_NONE)
		snprintf(id, sizeof(id), "%u", diff->device_id);
	vs_buf_addf(buf, vs_tr(lang, "MAC: %s - Device ID: %s - Source: %s"),
		    mac, id, vs_text_source(lang, diff->source));
}

/** enum vs_part - parts of a description, each with a sentence of its own */
enum vs_part {
	VS_PART_LISTS,
	VS_PART_HELD,
	VS_PART_HOST,
	VS_PART_COUNT
};

static enum vs_part vs_part_of(const struct vs_difference *diff)
{
	return diff->held ? VS_PART_HELD :
	       diff->reason == VS_REASON_HOST_ONLY ? VS_PART_HOST :
						     VS_PART_LISTS;
}

/* does an earlier difference of the same part name the same port? */
static bool vs_port_is_named(const struct vs_event *event, size_t i)
{
	const struct vs_difference *d = event->differences;

	for (size_t j = 0; j < i; j++) {
		if (d[j].ifindex == d[i].ifindex &&
		    vs_part_of(&d[j]) == vs_part_of(&d[i]))
			return true;
	}
	return false;
}

/* "vnet0, vnet1": the ports that a part is about */
static void vs_text_ports(struct vs_buf *buf, const struct vs_event *event,
			  enum vs_part part)
{
	char name[4 * VS_PORT_NAME + 1];
	size_t n = 0;

	for (size_t i = 0; i < event->n_differences; i++) {
		const struct vs_difference *d = &event->differences[i];

		if (vs_part_of(d) != part || vs_port_is_named(event, i))
			continue;
		vs_name_escape(name, sizeof(name), d->port);
		vs_buf_addf(buf, "%s%s", n++ ? ", " : "", name);
	}
}

static void vs_describe_head(struct vs_buf *buf, const struct vs_lang *lang,
			     const struct vs_event *event, enum vs_part part)
{
	const char *vm =
		N_("The Manager and the Filter Driver do not agree on the "
		   "interfaces of this VM, so part of its traffic may be "
		   "unprotected. If that does not pass by itself, the VM needs "
		   "attention. What only one of the two lists has:");
	const char *port =
		N_("A VM holds a port that is bound to none, so what passes "
		   "there may be unprotected. What is known of the port:");
	struct vs_buf ports = { 0 };

	vs_text_ports(&ports, event, part);
	if (!event->vm)
		vs_buf_add(buf, vs_tr(lang, port));
	else if (part == VS_PART_HELD)
		vs_buf_addf(buf,
			    vs_tr(lang,
				  "Ports are bound as interfaces of this VM, "
				  "but not held as such (%s), so its traffic "
				  "may pass elsewhere, unprotected. What is "
				  "bound, and what the process that holds the "
				  "port was started with:"),
			    vs_buf_str(&ports));
	else if (part == VS_PART_HOST)
		vs_buf_addf(buf,
			    vs_tr(lang,
				  "This VM holds ports that are not bound to "
				  "it (%s), so what passes there may be "
				  "unprotected. Bind them, or end the VM if it "
				  "is not to run here. What its process was "
				  "started with:"),
			    vs_buf_str(&ports));
	else
		vs_buf_add(buf, vs_tr(lang, vm));
	vs_buf_add(buf, "\n");
	vs_buf_free(&ports);
}

static void vs_describe_differences(struct vs_buf *buf,
				    const struct vs_lang *lang,
				    const struct vs_event *event)
{
	for (int part = 0; part < VS_PART_COUNT; part++) {
		bool head = false;

		for (size_t i = 0; i < event->n_differences; i++) {
			const struct vs_difference *d = &event->differences[i];

			if ((int)vs_part_of(d) != part)
				continue;
			if (!head)
				vs_describe_head(buf, lang, event, part);
			head = true;
			vs_text_difference(buf, lang, d);
			vs_buf_add(buf, "\n");
		}
	}
}

/* ends as the event is known to end, and then with what really happened */
static void vs_describe_unverified(struct vs_buf *buf,
				   const struct vs_lang *lang,
				   const struct vs_event *event)
{
	const char *driver =
		N_("The Filter Driver's list could not be verified (%s). "
		   "Whether the interfaces on this host are protected is "
		   "therefore not known.");
	const char *manager =
		N_("The Manager's list could not be obtained (%s). Whether "
		   "the interfaces on this host are protected is therefore "
		   "not known.");
	const struct vs_error none = { 0 };
	const struct vs_error *error = event->error ? event->error : &none;
	struct vs_buf what = { 0 };

	vs_text_error(&what, lang, error);
	vs_buf_addf(buf, vs_tr(lang, event->form == VS_FORM_UNVERIFIED ?
			       driver : manager), vs_buf_str(&what));
	vs_buf_addf(buf, "\n%s: Operation failed. %s", vs_tr(lang, "Error"),
		    vs_op_failed(error->op));
	vs_text_errno(buf, error);
	vs_buf_add(buf, "\n");
	vs_buf_free(&what);
}

static const char *vs_describe_state(enum vs_driver_state state)
{
	switch (state) {
	case VS_DRIVER_NOT_LOADED:
		return N_("The Filter Driver is not loaded. Nothing on this "
			  "host is filtered, and what is bound is not known.");
	case VS_DRIVER_ABI_MISMATCH:
		return N_("The Filter Driver and the agent speak different "
			  "versions of the interface. Both must come from the "
			  "same build.");
	case VS_DRIVER_APPLIANCE_LOST:
		return N_("The Filter Driver has lost its appliance. Each "
			  "port now passes or drops as its failure policy "
			  "says.");
	default:
		return N_("The Filter Driver does not answer as it should.");
	}
}

static void vs_describe_offline(struct vs_buf *buf,
				const struct vs_lang *lang,
				const struct vs_event *event)
{
	vs_buf_addf(buf, vs_tr(lang, "Filter Driver Offline: %s. %s"),
		    vs_text_driver_state(lang, event->driver),
		    vs_tr(lang, vs_describe_state(event->driver)));
	if (event->error) {
		vs_buf_addf(buf, "\n%s: ", vs_tr(lang, "Error"));
		vs_text_error(buf, lang, event->error);
	}
	vs_buf_add(buf, "\n");
}

static void vs_describe_in_sync(struct vs_buf *buf,
				const struct vs_lang *lang,
				const struct vs_event *event)
{
	const char *again =
		N_("The Manager and the Filter Driver agree again on the "
		   "interfaces of this VM.");

	if (event->state == VS_STATE_NOT_APPLICABLE)
		vs_buf_addf(buf,
			    vs_tr(lang,
				  "The interfaces of this VM are not compared "
				  "any longer: %s."),
			    vs_text_reason(lang, event->reason));
	else
		vs_buf_add(buf, vs_tr(lang, again));
	vs_buf_add(buf, "\n");
}

/* the ports, one a line, and what is on them */
static void vs_describe_bypassed(struct vs_buf *buf,
				 const struct vs_lang *lang,
				 const struct vs_event *event)
{
	const char *all =
		N_("Programs of tc, tcx or XDP stand before or around the "
		   "Filter Driver's hooks, so they can lead packets of this "
		   "VM past it. Detach them unless they are wanted. They are "
		   "on:");
	char mac[VS_MAC_STR], port[4 * VS_PORT_NAME + 1];

	vs_buf_addf(buf, "%s\n", vs_tr(lang, all));
	for (size_t i = 0; i < event->n_differences; i++) {
		const struct vs_difference *d = &event->differences[i];

		vs_name_escape(port, sizeof(port), d->port);
		vs_buf_addf(buf,
			    vs_tr(lang, "MAC: %s - Device ID: %u - Port: %s"),
			    vs_mac_format(&d->mac, mac), d->device_id, port);
		vs_buf_addf(buf, "%s%s\n", d->by ? " - " : "",
			    d->by ? d->by : "");
	}
}

/* one sentence, and what there is besides */
static void vs_describe_plainly(struct vs_buf *buf,
				const struct vs_lang *lang,
				const struct vs_event *event)
{
	const struct vs_event_kind *kind = vs_event_kind(event->id);

	if (kind && kind->sentence)
		vs_buf_add(buf, vs_tr(lang, kind->sentence));
	if (event->error) {
		vs_buf_addf(buf, "\n%s: ", vs_tr(lang, "Error"));
		vs_text_error(buf, lang, event->error);
	}
	for (size_t i = 0; i < event->n_differences; i++) {
		vs_buf_add(buf, "\n");
		vs_text_difference(buf, lang, &event->differences[i]);
	}
	if (event->detail)
		vs_buf_addf(buf, "\n%s", event->detail);
	vs_buf_add(buf, "\n");
}

/* many at once: the history has each */
static void vs_describe_digest(struct vs_buf *buf, const struct vs_lang *lang,
			       const struct vs_event *event)
{
	vs_buf_addf(buf,
		    vs_tr(lang,
			  "%llu events %u (%s) came at once. This one stands "
			  "for all of them; \"vmsafe events --id %u\" prints "
			  "each."),
		    (unsigned long long)event->count, event->about,
		    vs_text_event_name(lang, event->about), event->about);
	vs_buf_add(buf, "\n");
}

static void vs_describe_lost(struct vs_buf *buf, const struct vs_lang *lang,
			     const struct vs_event *event)
{
	vs_buf_addf(buf,
		    vs_tr(lang,
			  "%llu events are in no list: what they were to be "
			  "written to or sent to did not take them for too "
			  "long."),
		    (unsigned long long)event->count);
	vs_buf_add(buf, "\n");
	if (event->error) {
		vs_buf_addf(buf, "%s: ", vs_tr(lang, "Error"));
		vs_text_error(buf, lang, event->error);
		vs_buf_add(buf, "\n");
	}
}

static void vs_describe_recurring(struct vs_buf *buf,
				  const struct vs_lang *lang,
				  const struct vs_event *event)
{
	vs_buf_addf(buf,
		    vs_tr(lang,
			  "The interfaces of this VM came out of sync %llu "
			  "times within an hour. If they only get back in sync "
			  "when somebody sees to it, restart the Manager and "
			  "the inventory; if that does not help, give them "
			  "more resources. The inventory's last answers took: "
			  "%s."), (unsigned long long)event->count,
		    event->detail ? event->detail : "-");
	vs_buf_add(buf, "\n");
}

void vs_text_description(struct vs_buf *buf, const struct vs_lang *lang,
			 const struct vs_event *event)
{
	if (event->form == VS_FORM_DIFFERENCES)
		vs_describe_differences(buf, lang, event);
	else if (event->form == VS_FORM_UNVERIFIED ||
		 event->form == VS_FORM_UNOBTAINED)
		vs_describe_unverified(buf, lang, event);
	else if (event->id == VS_EVENT_DRIVER_OFFLINE)
		vs_describe_offline(buf, lang, event);
	else if (event->id == VS_EVENT_BYPASSED)
		vs_describe_bypassed(buf, lang, event);
	else if (event->id == VS_EVENT_IN_SYNC)
		vs_describe_in_sync(buf, lang, event);
	else if (event->id == VS_EVENT_DIGEST)
		vs_describe_digest(buf, lang, event);
	else if (event->id == VS_EVENT_EVENTS_LOST)
		vs_describe_lost(buf, lang, event);
	else if (event->id == VS_EVENT_RECURRING)
		vs_describe_recurring(buf, lang, event);
	else if (!vs_describe_done(buf, lang, event))
		vs_describe_plainly(buf, lang, event);
}

static void vs_text_field(struct vs_buf *buf, const char *label,
			  const char *value)
{
	vs_buf_addf(buf, "%s: %s\n", label, value);
}

/* "node1 / web1 (421e...)" */
static void vs_text_target(struct vs_buf *buf, const struct vs_event *event)
{
	char uuid[VS_UUID_STR], name[VS_NAME_ESCAPED];

	vs_name_escape(name, sizeof(name), event->host);
	vs_buf_add(buf, *name ? name : "-");
	if (event->vm) {
		vs_uuid_format(event->vm, uuid);
		vs_name_escape(name, sizeof(name), event->vm_name);
		if (*name)
			vs_buf_addf(buf, " / %s (%s)", name, uuid);
		else
			vs_buf_addf(buf, " / %s", uuid);
	} else if (event->port) {
		vs_name_escape(name, sizeof(name), event->port);
		vs_buf_addf(buf, " / %s", name);
	}
}

/* "C5, the Filter Driver is not properly loaded", "R10, R11, R7" */
void vs_text_advice(struct vs_buf *buf, const struct vs_lang *lang,
		    const struct vs_event *event)
{
	enum vs_step steps[VS_STEPS_MAX];
	size_t n = vs_event_steps(event, steps);

	if (event->cause)
		vs_buf_addf(buf, "%s: %s, %s\n", vs_tr(lang, "Cause"),
			    vs_cause_word(event->cause),
			    vs_text_cause(lang, event->cause));
	for (size_t i = 0; i < n; i++)
		vs_buf_addf(buf, "%s%s%s%s", i ? "" : vs_tr(lang, "Steps"),
			    i ? ", " : ": ", vs_step_word(steps[i]),
			    i + 1 == n ? "\n" : "");
}

void vs_text_event(struct vs_buf *buf, const struct vs_lang *lang,
		   const struct vs_event *event, const char *time)
{
	struct vs_buf target = { 0 };

	vs_text_target(&target, event);
	if (time)
		vs_text_field(buf, vs_tr(lang, "Time"), time);
	vs_text_field(buf, vs_tr(lang, "Level"),
		      vs_text_level(lang, event->level));
	vs_buf_addf(buf, "%s: %d\n", vs_tr(lang, "Event ID"), event->id);
	vs_text_field(buf, vs_tr(lang, "Event"),
		      vs_text_event_name(lang, event->id));
	vs_text_field(buf, vs_tr(lang, "Origin"),
		      vs_text_origin(lang, event->origin));
	vs_text_field(buf, vs_tr(lang, "Target"), vs_buf_str(&target));
	vs_text_field(buf, vs_tr(lang, "Action By"),
		      vs_text_actor(lang, event->action_by));
	vs_text_advice(buf, lang, event);
	vs_buf_addf(buf, "%s: ", vs_tr(lang, "Description"));
	vs_text_description(buf, lang, event);
	vs_buf_free(&target);
}
