// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "cli/doctor.h"
#include "core/name.h"
#include "recover/half.h"

static void vs_doctor_left(void *ctx, const char *path,
			   const struct vs_half *h)
{
	const char *check = N_("recovery");
	struct vs_buf text = { 0 };
	char safe[512];

	if (h) {
		vs_half_text(&text, vs_i18n_lang(), h);
		vs_doctor_find(ctx, check, VS_FINDING_WARN, NULL, "%s",
			       vs_buf_str(&text));
	} else {
		vs_name_escape(safe, sizeof(safe), path);
		vs_doctor_find(ctx, check, VS_FINDING_WARN,
			       _("look at it, and remove it"),
			       _("%s is not what a recovery writes there"),
			       safe);
	}
	vs_buf_free(&text);
}

void vs_doctor_half(struct vs_doctor *d, const char *folder)
{
	int ret = vs_half_each(folder, vs_doctor_left, d);
	char safe[512];

	vs_name_escape(safe, sizeof(safe), folder);
	/* who may not look there was told so: "privileges" */
	if (ret && ret != -EACCES)
		vs_doctor_find(d, N_("recovery"), VS_FINDING_WARN, NULL,
			       "%s: %s", safe, strerror(-ret));
}
