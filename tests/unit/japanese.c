// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "japanese.h"
#include "po/mo.h"

static struct vs_mo catalogue;

static const char *translate(void *ctx, const char *msgid)
{
	const char *text = vs_mo_get(ctx, msgid);

	/* everything that is ever said has a translation */
	if (!text || !*text)
		fail_msg("not translated: \"%s\"", msgid);
	return text;
}

const struct vs_lang japanese = { translate, &catalogue };

int japanese_open(void **state)
{
	(void)state;
	return vs_mo_load(&catalogue, MO_DIR "/ja/LC_MESSAGES/vmsafe.mo");
}

int japanese_close(void **state)
{
	(void)state;
	vs_mo_free(&catalogue);
	return 0;
}
