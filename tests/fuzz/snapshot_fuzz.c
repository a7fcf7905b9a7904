// SPDX-License-Identifier: GPL-2.0-only
/* A snapshot of any JSON: what is taken is written again as it was. */
#include <string.h>

#include "fuzz.h"
#include "driver/snapshot.h"

static json_t *again(const json_t *doc)
{
	struct vs_error error = { 0 };
	const struct vs_reader reader = { .file = "again", .error = &error };
	struct vs_snapshot s;
	json_t *out;

	FUZZ_TRUE(!vs_snapshot_read(&s, doc, &reader));
	out = vs_snapshot_write(&s);
	FUZZ_TRUE(out);
	vs_snapshot_free(&s);
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vs_error error = { 0 };
	const struct vs_reader reader = { .file = "fuzz", .error = &error };
	json_t *doc = json_loadb((const char *)data, size, JSON_ALLOW_NUL,
				 NULL);
	json_t *first, *second;
	struct vs_snapshot s;
	int ret;

	if (!doc)
		return 0;
	ret = vs_snapshot_read(&s, doc, &reader);
	FUZZ_TRUE(ret <= 0 && (!ret || *error.detail));
	if (!ret) {
		first = vs_snapshot_write(&s);
		second = again(first);
		FUZZ_TRUE(json_equal(first, second));
		json_decref(first);
		json_decref(second);
	}
	vs_snapshot_free(&s);
	json_decref(doc);
	return 0;
}
