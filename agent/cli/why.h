/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of "why" share. */
#ifndef VS_CLI_WHY_H
#define VS_CLI_WHY_H

#include "cli/check.h"
#include "core/gap.h"
#include "recover/case.h"

/**
 * struct vs_why_run - a run of "why"
 * @check: what was read and compared
 * @of: the VM's case
 * @gap: what it lacks
 */
struct vs_why_run {
	const struct vs_check *check;
	struct vs_case of;
	enum vs_gap gap;
};

/** vs_why_print() - everything, as text or as JSON */
enum vs_exit vs_why_print(struct vs_why_run *w);

#endif
