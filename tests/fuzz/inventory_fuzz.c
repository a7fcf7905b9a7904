// SPDX-License-Identifier: GPL-2.0-only
/* A file inventory of any bytes, into an engine. */
#include "fuzz.h"
#include "core/engine.h"
#include "inventory/document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct vs_engine_config config = { .host = "node1" };
	const struct vs_list_info info = { 0 };
	struct vs_engine *e = vs_engine_new(&config);
	struct vs_error error = { 0 };
	struct vs_feed feed;
	int ret;

	FUZZ_TRUE(e);
	vs_engine_begin(e, VS_SOURCE_MANAGER);
	feed = vs_engine_feed(e);
	ret = vs_document_read("fuzz", (const char *)data, size, &feed, &error);
	FUZZ_TRUE(ret <= 0);
	/* a refusal says what is wrong */
	FUZZ_TRUE(!ret || *error.detail);
	if (ret)
		vs_engine_fail(e, VS_SOURCE_MANAGER, &error);
	else
		FUZZ_TRUE(!vs_engine_commit(e, VS_SOURCE_MANAGER, &info));
	FUZZ_TRUE(!vs_engine_evaluate(e, 1, NULL, NULL));
	vs_engine_free(e);
	return 0;
}
