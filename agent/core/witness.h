/* SPDX-License-Identifier: GPL-2.0-only */
/* The MACs that should be one: what each witness says of a vNIC. */
#ifndef VS_CORE_WITNESS_H
#define VS_CORE_WITNESS_H

#include "core/diagnosis.h"

/** enum vs_witness - who knows a vNIC's MAC */
enum vs_witness {
	VS_WITNESS_DEFINITION,	/* the domain's, for its next start */
	VS_WITNESS_LIVE,	/* the hypervisor's description of it running */
	VS_WITNESS_PROCESS,	/* what its process was started with */
	VS_WITNESS_INVENTORY,	/* the Manager's list */
	VS_WITNESS_DRIVER,	/* what its port is bound as */
	VS_WITNESS_COUNT
};

/** VS_WITNESS_WIRES - the most MACs seen on the wire that are kept */
#define VS_WITNESS_WIRES 4

/**
 * struct vs_testimony - a vNIC, as each witness has it
 * @device_id: which vNIC
 * @port: its port; empty when it has none
 * @mac: by witness; zero: that one does not say
 * @wire: source MACs that the guest sent from
 * @n_wires: how many; 0: it has sent nothing, or nobody listened
 */
struct vs_testimony {
	uint16_t device_id;
	char port[VS_PORT_NAME];
	struct vs_mac mac[VS_WITNESS_COUNT];
	struct vs_mac wire[VS_WITNESS_WIRES];
	size_t n_wires;
};

/** vs_witness_word() - "definition", "live", "process", ... */
const char *vs_witness_word(enum vs_witness witness);

/** vs_witness_parse() - the witness of a word, exactly; 0 or -EINVAL */
int vs_witness_parse(const char *s, enum vs_witness *witness);

/** vs_text_witness() - "the inventory", "the running process", ... */
const char *vs_text_witness(const struct vs_lang *lang,
			    enum vs_witness witness);

/**
 * vs_testimony_hear() - do they contradict each other?
 * @t: what they say
 * @ev: gets a clue for each that contradicts what runs
 *
 * The first of process, live description, driver and inventory that says
 * anything is believed.
 */
void vs_testimony_hear(const struct vs_testimony *t, struct vs_evidence *ev);

#endif
