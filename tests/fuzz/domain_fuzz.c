// SPDX-License-Identifier: GPL-2.0-only
/* A domain's XML of any characters. */
#include <string.h>

#include "fuzz.h"
#include "inventory/domain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *xml = strndup((const char *)data, size);
	struct vs_domain *domain = NULL;
	const char *why = NULL;
	int ret;

	FUZZ_TRUE(xml);
	ret = vs_domain_parse(xml, &domain, &why);
	FUZZ_TRUE(ret ? ret < 0 && why : !!domain);
	if (!ret) {
		FUZZ_TRUE(!vs_uuid_is_nil(&domain->uuid));
		for (size_t i = 0; i < domain->n_vnics; i++)
			FUZZ_TRUE(domain->vnics[i].device_id <=
				  VS_DEVICE_ID_MAX);
		free(domain);
	}
	free(xml);
	return 0;
}
