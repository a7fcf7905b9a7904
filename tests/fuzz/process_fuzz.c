// SPDX-License-Identifier: GPL-2.0-only
/* A process's command line and fdinfo of any bytes: anybody can write one. */
#include <string.h>

#include "fuzz.h"
#include "host/cmdline.h"
#include "host/fdinfo.h"
#include "host/qemu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char ifname[VS_PORT_NAME] = "";
	struct vs_cmdline c;
	struct vs_qemu q;

	if (vs_fdinfo_ifname((const char *)data, size, ifname))
		FUZZ_TRUE(*ifname && strnlen(ifname, sizeof(ifname)) <
			  sizeof(ifname));
	FUZZ_TRUE(!vs_cmdline_split(&c, (const char *)data, size));
	FUZZ_TRUE(!vs_qemu_parse(&q, c.argv, c.argc));
	for (size_t i = 0; i < q.n_nics; i++)
		FUZZ_TRUE(strnlen(q.nics[i].ifname, VS_PORT_NAME) <
			  VS_PORT_NAME);
	vs_qemu_free(&q);
	vs_cmdline_free(&c);
	return 0;
}
