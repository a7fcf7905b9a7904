// SPDX-License-Identifier: GPL-2.0-only
/* Messages of the driver and of rtnetlink, with attributes of any bytes. */
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>

#include "fuzz.h"
#include "driver/event.h"
#include "host/foreign_parse.h"

#define FAMILY 42
#define ROOM 4096

/* a whole message around the input: the kernel makes no others */
static const struct nlmsghdr *message(const uint8_t *data, size_t size,
				      uint16_t type)
{
	static union {
		struct nlmsghdr nlh;
		uint8_t b[NLMSG_HDRLEN + ROOM];
	} m;

	if (size > ROOM)
		size = ROOM;
	memcpy(m.b + NLMSG_HDRLEN, data, size);
	m.nlh = (struct nlmsghdr){
		.nlmsg_len = NLMSG_HDRLEN + size,
		.nlmsg_type = type,
	};
	return &m.nlh;
}

static void driver(const struct nlmsghdr *nlh)
{
	struct vs_driver_claim claim;
	struct vs_notice notice = { 0 };
	struct vs_driver_host host;
	struct vs_driver_vnic vnic;
	struct vs_driver_vm vm;
	int ret;

	FUZZ_TRUE(vs_driver_host_read(&host, nlh) <= 0);
	FUZZ_TRUE(vs_driver_vm_read(&vm, nlh) <= 0);
	FUZZ_TRUE(vs_driver_claim_read(&claim, nlh) <= 0);
	ret = vs_driver_vnic_read(&vnic, nlh);
	FUZZ_TRUE(ret <= 0);
	if (!ret) {
		FUZZ_TRUE(vnic.n_wires <= VS_WIRES_MAX);
		FUZZ_TRUE(vnic.n_policies <= VS_POLICIES_MAX);
		FUZZ_TRUE(strnlen(vnic.ifname, VS_PORT_NAME) < VS_PORT_NAME);
	}
	FUZZ_TRUE(vs_notice_read(FAMILY, nlh, &notice) <= 0);
}

/* the readers find out themselves whether a message is long enough */
static void rtnetlink(const struct nlmsghdr *nlh, bool egress)
{
	struct vs_tc_finding finding;
	struct vs_tc_link link;
	uint32_t ifindex, ids[3];
	size_t n = 0;

	FUZZ_TRUE(vs_foreign_read_qdisc(nlh, &link) <= 1);
	FUZZ_TRUE(vs_foreign_read_link(nlh, &ifindex, ids, &n) <= 0);
	FUZZ_TRUE(n <= 3);
	FUZZ_TRUE(vs_foreign_read_filter(nlh, egress, &finding) <= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct nlmsghdr *nlh;

	if (!size)
		return 0;
	nlh = message(data + 1, size - 1, FAMILY);
	if (*data & 1)
		rtnetlink(nlh, *data & 2);
	else
		driver(nlh);
	return 0;
}
