// SPDX-License-Identifier: GPL-2.0-only
/* UUIDs, MACs and names of any characters: what is taken reads back equal. */
#include <string.h>

#include "fuzz.h"
#include "core/facts.h"
#include "core/name.h"

static void uuid(const char *text)
{
	struct vs_uuid a, b;
	char buf[VS_UUID_STR];

	if (vs_uuid_parse(text, &a))
		return;
	FUZZ_TRUE(!vs_uuid_parse(vs_uuid_format(&a, buf), &b));
	FUZZ_TRUE(vs_uuid_cmp(&a, &b) == 0);
}

static void mac(const char *text)
{
	struct vs_mac a, b;
	char buf[VS_MAC_STR];

	if (vs_mac_parse(text, &a))
		return;
	FUZZ_TRUE(!vs_mac_parse(vs_mac_format(&a, buf), &b));
	FUZZ_TRUE(vs_mac_cmp(&a, &b) == 0);
}

/* whatever it was, it can be printed: no control characters are left */
static void name(const char *text)
{
	char fit[VS_NAME_MAX + 1], safe[VS_NAME_ESCAPED];

	if (!vs_name_fit(fit, text))
		FUZZ_TRUE(!vs_name_check(fit));
	vs_name_escape(safe, sizeof(safe), text);
	for (const char *s = safe; *s; s++)
		FUZZ_TRUE((unsigned char)*s >= ' ' && *s != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);

	FUZZ_TRUE(text);
	uuid(text);
	mac(text);
	name(text);
	free(text);
	return 0;
}
