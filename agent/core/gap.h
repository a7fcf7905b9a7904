/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a VM lacks. A cause says why; this says what is to be done about it
 * where no cause is known, and which of a cause's steps can help now.
 */
#ifndef VS_CORE_GAP_H
#define VS_CORE_GAP_H

#include "core/cause.h"
#include "core/engine.h"

/** vs_gap_of_host() - what the host lacks, for any of its VMs */
enum vs_gap vs_gap_of_host(const struct vs_host_view *host);

/** vs_gap_is_alien() - is it another VM that holds the vNIC's port? */
bool vs_gap_is_alien(const struct vs_vnic_view *v);

/** vs_gap_of_vnic() - what a vNIC lacks */
enum vs_gap vs_gap_of_vnic(const struct vs_vnic_view *v);

/**
 * vs_gap_of_vm() - what a VM lacks
 * @e: the engine
 * @vm: the VM
 * @gap: of the first of its worst vNICs; the host's, if that lacks something
 * @reason: of that vNIC; may be NULL
 *
 * Return: 0 or -ENOMEM.
 */
int vs_gap_of_vm(const struct vs_engine *e, const struct vs_uuid *vm,
		 enum vs_gap *gap, enum vs_reason *reason);

/**
 * vs_gap_steps() - the steps that fit, best first
 * @cause: the cause: its steps, less those that cannot close the gap; or
 * @gap: where none is known: what is worth trying
 * @steps: filled in
 *
 * Return: how many.
 */
size_t vs_gap_steps(enum vs_cause cause, enum vs_gap gap,
		    enum vs_step steps[VS_STEPS_MAX]);

/** vs_gap_step_bits() - they as vs_event.steps has them; none for neither */
uint32_t vs_gap_step_bits(enum vs_cause cause, enum vs_gap gap);

/** vs_event_steps() - those of an event, best first; 0: it has none */
size_t vs_event_steps(const struct vs_event *event,
		      enum vs_step steps[VS_STEPS_MAX]);

/**
 * vs_gap_first() - the step that helps best against a gap
 * @cause: why it is there
 * @gap: the gap
 * @step: written only when there is one that should come before the others
 *        that fit the cause
 */
bool vs_gap_first(enum vs_cause cause, enum vs_gap gap, enum vs_step *step);

#endif
