/* SPDX-License-Identifier: GPL-2.0-only */
/* Why a VM is not in sync, as a document: what "vmsafe why --json" prints. */
#ifndef VS_API_WHY_H
#define VS_API_WHY_H

#include <jansson.h>

#include "core/text.h"
#include "recover/case.h"

/** VS_WHY_WIRE - key of the MACs on the wire, after those of the witnesses */
#define VS_WHY_WIRE "wire"

/**
 * vs_why_doc() - the document
 * @w: the case, gathered
 * @gap: what it lacks
 * @name: the VM as it was asked for
 * @lang: the language of its texts
 */
json_t *vs_why_doc(struct vs_case *w, enum vs_gap gap, const char *name,
		   const struct vs_lang *lang);

#endif
