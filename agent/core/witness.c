// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/witness.h"
#include "core/word.h"

static const char *const vs_witness_words[] = {
	[VS_WITNESS_DEFINITION] = "definition",
	[VS_WITNESS_LIVE] = "live",
	[VS_WITNESS_PROCESS] = "process",
	[VS_WITNESS_INVENTORY] = "inventory",
	[VS_WITNESS_DRIVER] = "driver",
};

static const char *const vs_witness_texts[] = {
	[VS_WITNESS_DEFINITION] = N_("the domain's definition"),
	[VS_WITNESS_LIVE] = N_("the running domain's description"),
	[VS_WITNESS_PROCESS] = N_("the running process"),
	[VS_WITNESS_INVENTORY] = N_("the inventory"),
	[VS_WITNESS_DRIVER] = N_("the Filter Driver"),
};

/* whom to believe, before all others */
static const enum vs_witness vs_witness_order[] = {
	VS_WITNESS_PROCESS, VS_WITNESS_LIVE, VS_WITNESS_DRIVER,
	VS_WITNESS_INVENTORY,
};

const char *vs_witness_word(enum vs_witness witness)
{
	return VS_WORD(vs_witness_words, witness);
}

int vs_witness_parse(const char *s, enum vs_witness *witness)
{
	for (int i = 0; i < VS_WITNESS_COUNT; i++) {
		if (strcmp(vs_witness_words[i], s) == 0) {
			*witness = i;
			return 0;
		}
	}
	return -EINVAL;
}

const char *vs_text_witness(const struct vs_lang *lang,
			    enum vs_witness witness)
{
	return vs_tr(lang, VS_WORD(vs_witness_texts, witness));
}

static bool vs_testimony_differs(const struct vs_testimony *t,
				 enum vs_witness who, const struct vs_mac *mac)
{
	return !vs_mac_is_zero(&t->mac[who]) &&
	       vs_mac_cmp(&t->mac[who], mac) != 0;
}

/* does the guest send, and never as the one who is believed says? */
static bool vs_testimony_wire_differs(const struct vs_testimony *t,
				      const struct vs_mac *mac)
{
	for (size_t i = 0; i < t->n_wires; i++) {
		if (vs_mac_cmp(&t->wire[i], mac) == 0)
			return false;
	}
	return t->n_wires > 0;
}

void vs_testimony_hear(const struct vs_testimony *t, struct vs_evidence *ev)
{
	size_t n = sizeof(vs_witness_order) / sizeof(*vs_witness_order);
	char id[8], mac[VS_MAC_STR], truth[VS_MAC_STR];
	enum vs_witness believed, who;
	size_t first = 0;

	while (first < n && vs_mac_is_zero(&t->mac[vs_witness_order[first]]))
		first++;
	if (first == n)
		return;
	believed = vs_witness_order[first];
	snprintf(id, sizeof(id), "%u", t->device_id);
	vs_mac_format(&t->mac[believed], truth);
	for (size_t i = first + 1; i < n; i++) {
		who = vs_witness_order[i];
		if (vs_testimony_differs(t, who, &t->mac[believed]))
			vs_evidence_add(ev, VS_CLUE_MAC_DIFFERS, id,
					vs_witness_word(who),
					vs_mac_format(&t->mac[who], mac),
					vs_witness_word(believed), truth);
	}
	who = VS_WITNESS_DEFINITION;
	if (vs_testimony_differs(t, who, &t->mac[believed]))
		vs_evidence_add(ev, VS_CLUE_NEXT_START, id,
				vs_mac_format(&t->mac[who], mac), truth);
	if (vs_testimony_wire_differs(t, &t->mac[believed]))
		vs_evidence_add(ev, VS_CLUE_WIRE_DIFFERS, id, t->port,
				vs_mac_format(&t->wire[0], mac), truth);
}
