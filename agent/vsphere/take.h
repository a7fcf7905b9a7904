/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to rosters: the elements of answers that tell of one object. */
#ifndef VS_VSPHERE_TAKE_H
#define VS_VSPHERE_TAKE_H

#include "vsphere/entity.h"

/** enum vs_taken_kind - what an element tells of */
enum vs_taken_kind {
	VS_TAKEN_IS,		/* what it is like, with all its properties */
	VS_TAKEN_CHANGES,	/* some properties are others now */
	VS_TAKEN_LEAVES,	/* it is not there any longer */
};

/**
 * struct vs_taken - of which object
 * @known: it is a VM or a host; others are of no interest
 * @is_vm: it is a VM
 * @ref: its reference, in the element
 * @kind: what is told
 */
struct vs_taken {
	bool known;
	bool is_vm;
	const char *ref;
	enum vs_taken_kind kind;
};

/** vs_take_object() - which object is it, and what is told? 0 or -EINVAL */
int vs_take_object(const struct vs_twig *twig, struct vs_taken *taken,
		   struct vs_error *error);

/**
 * vs_take_properties() - take all properties in an element
 * @twig: the element
 * @e: takes them
 * @error: why not
 *
 * Return: 0; -ENOENT: vCenter does not have it any longer; and as
 * vs_roster_take().
 */
int vs_take_properties(const struct vs_twig *twig, struct vs_entity *e,
		       struct vs_error *error);

#endif
