// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "cli/row.h"
#include "cli/vnic_detail.h"
#include "core/name.h"
#include "driver/word.h"
#include "host/prog.h"

/** struct vs_detail_reason - a reason for a mode, in a word and in words */
static const struct {
	const char *word;
	const char *text;
} vs_detail_reasons[] = {
	{ "unbound", N_("the port has no identity, so the host's default for "
			"unbound ports holds") },
	{ "bound", N_("the port has an identity") },
	{ "appliance-lost", N_("the appliance missed its heartbeats; the "
			       "failure policy holds") },
	{ "appliance-reset", N_("the appliance ended without detaching; the "
				"failure policy holds") },
	{ "appliance-gone", N_("the appliance has been lost and none has "
			       "taken its place; the failure policy holds") },
	{ "operator", N_("an operator lets it pass unfiltered") },
};

const char *vs_detail_why(const struct vs_driver_vnic *v,
			  const struct vs_driver_host *host)
{
	switch (v->mode) {
	case VMSAFE_NET_MODE_UNBOUND_PASS:
	case VMSAFE_NET_MODE_UNBOUND_DROP:
		return "unbound";
	case VMSAFE_NET_MODE_BYPASS:
		return "operator";
	case VMSAFE_NET_MODE_ENFORCING:
		return "bound";
	default:
		break;
	}
	if (host->appliance_state == VMSAFE_NET_APPLIANCE_STATE_LOST)
		return "appliance-lost";
	return host->appliance_state == VMSAFE_NET_APPLIANCE_STATE_RESET ?
	       "appliance-reset" : "appliance-gone";
}

void vs_detail_add(json_t *row, const struct vs_driver_vnic *v,
		   const struct vs_driver_host *host, bool live)
{
	json_t *policies = json_object_get(row, "policies");

	vs_row_text(row, "mode_reason", vs_detail_why(v, host));
	for (uint32_t i = 0; live && i < v->n_policies; i++) {
		struct vs_prog prog;

		if (!vs_prog_info(v->policies[i].prog_id, &prog))
			vs_row_text(json_array_get(policies, i), "name",
				    prog.name);
	}
}

static const char *vs_detail_direction(uint32_t direction)
{
	return direction == VMSAFE_NET_DIRECTION_FROM_GUEST ?
	       _("from the guest") : _("to the guest");
}

static void vs_detail_wires(const struct vs_driver_vnic *v)
{
	char mac[VS_MAC_STR];

	for (uint32_t i = 0; i < v->n_wires; i++) {
		const struct vs_driver_wire *w = &v->wires[i];

		printf("%s: ", _("Wire MAC"));
		printf(_("%s, first seen %u.%03u s ago, last %u.%03u s ago\n"),
		       vs_mac_format(&w->mac, mac), w->first_seen / 1000,
		       w->first_seen % 1000, w->last_seen / 1000,
		       w->last_seen % 1000);
	}
}

static void vs_detail_shares(const char *label,
			     const struct vs_driver_share *shares, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		printf("%s: ", label);
		printf(_("in mode %s %llu from the guest, %llu to the "
			 "guest\n"),
		       vs_driver_word(VS_WORDS_MODE, shares[i].mode),
		       (unsigned long long)shares[i].from_guest,
		       (unsigned long long)shares[i].to_guest);
	}
}

static void vs_detail_packets(const struct vs_driver_vnic *v)
{
	vs_detail_shares(_("Passed"), v->passed, v->n_passed);
	vs_detail_shares(_("Dropped"), v->dropped, v->n_dropped);
	for (uint32_t i = 0; i < v->n_drops; i++) {
		const struct vs_driver_drops *d = &v->drops[i];

		printf("%s: ", _("Dropped"));
		printf(_("for %s %llu %s\n"),
		       vs_driver_word(VS_WORDS_DROP_REASON, d->reason),
		       (unsigned long long)d->packets,
		       vs_detail_direction(d->direction));
	}
}

static void vs_detail_policy(const struct vs_driver_policy *p,
			     const json_t *row)
{
	const char *name = json_string_value(json_object_get(row, "name"));
	const char *tag = json_string_value(json_object_get(row, "tag"));
	char safe[4 * VS_PROG_NAME + 1];

	vs_name_escape(safe, sizeof(safe), name ? name : "-");
	printf("%s: ", _("Policy"));
	printf(_("%s %s id %u tag %s, run %llu times, %llu drops, %llu "
		 "errors\n"), vs_detail_direction(p->direction), safe,
	       p->prog_id, tag ? tag : "-", (unsigned long long)p->runs,
	       (unsigned long long)p->drops, (unsigned long long)p->errors);
}

void vs_detail_lines(const json_t *row, const struct vs_driver_vnic *v)
{
	const char *why = json_string_value(json_object_get(row,
							    "mode_reason"));
	size_t n = sizeof(vs_detail_reasons) / sizeof(*vs_detail_reasons);
	const json_t *policies = json_object_get(row, "policies");

	for (size_t i = 0; i < n; i++) {
		if (why && strcmp(vs_detail_reasons[i].word, why) == 0)
			printf("%s: %s\n", _("Why this mode"),
			       _(vs_detail_reasons[i].text));
	}
	vs_detail_wires(v);
	vs_detail_packets(v);
	for (uint32_t i = 0; i < v->n_policies; i++)
		vs_detail_policy(&v->policies[i], json_array_get(policies, i));
}
