// SPDX-License-Identifier: GPL-2.0-only
/* What the binder decides; nothing is bound here. */
#include "unit.h"

#include "driver/bind.h"

static const struct vs_uuid one = { { 1 } }, two = { { 2 } };
static const struct vs_mac mac_1 = { { 0x52, 0x54, 0, 0, 0, 1 } };
static const struct vs_mac mac_2 = { { 0x52, 0x54, 0, 0, 0, 2 } };

static struct vs_host_port held(const struct vs_uuid *vm, uint16_t device_id,
				const struct vs_mac *mac)
{
	struct vs_host_port port = {
		.ifindex = 7,
		.pid = 100,
		.plugged = true,
		.device_id = device_id,
	};

	if (vm)
		port.vm = *vm;
	if (mac)
		port.mac = *mac;
	return port;
}

static struct vs_driver_vnic entry(const struct vs_uuid *vm,
				   uint16_t device_id,
				   const struct vs_mac *mac)
{
	struct vs_driver_vnic v = { .id = 3, .ifindex = 7 };

	if (!vm)
		return v;
	v.has = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID);
	v.vm_uuid = *vm;
	v.device_id = device_id;
	v.mac = *mac;
	return v;
}

static void decisions(void **state)
{
	const struct {
		struct vs_host_port port;
		struct vs_driver_vnic v;
		enum vs_bind_result result, again;
	} rows[] = {
		{ held(&one, 0, &mac_1), entry(NULL, 0, NULL),
		  VS_BIND_WOULD, VS_BIND_WOULD },
		{ held(&one, 0, &mac_1), entry(&one, 0, &mac_1),
		  VS_BIND_UNCHANGED, VS_BIND_UNCHANGED },
		/* somebody bound it so: it stays, or is asked to be mended */
		{ held(&one, 0, &mac_1), entry(&two, 0, &mac_1),
		  VS_BIND_DIFFERS, VS_BIND_DIFFERS },
		{ held(&one, 0, &mac_1), entry(&one, 1, &mac_1),
		  VS_BIND_DIFFERS, VS_BIND_WOULD },
		{ held(&one, 0, &mac_1), entry(&one, 0, &mac_2),
		  VS_BIND_DIFFERS, VS_BIND_WOULD },
		/* half an identity is none */
		{ held(NULL, 0, &mac_1), entry(NULL, 0, NULL),
		  VS_BIND_UNKNOWN, VS_BIND_UNKNOWN },
		{ held(&one, VS_DEVICE_ID_NONE, &mac_1), entry(NULL, 0, NULL),
		  VS_BIND_UNKNOWN, VS_BIND_UNKNOWN },
		{ held(&one, 0, NULL), entry(NULL, 0, NULL),
		  VS_BIND_UNKNOWN, VS_BIND_UNKNOWN },
		/* and says nothing against one */
		{ held(&one, VS_DEVICE_ID_NONE, NULL), entry(&two, 0, &mac_1),
		  VS_BIND_UNCHANGED, VS_BIND_UNCHANGED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_error error;

		assert_row(i, vs_bind_port(NULL, &rows[i].port, &rows[i].v,
					   &error) == rows[i].result);
		assert_row(i, vs_bind_again(NULL, &rows[i].port, &rows[i].v,
					    &error) == rows[i].again);
		assert_row(i, vs_bind_port(NULL, &rows[i].port, NULL,
					   &error) == VS_BIND_NO_ENTRY);
	}
}

static void entries(void **state)
{
	struct vs_vnics vnics = { 0 };

	(void)state;
	assert_null(vs_vnics_find(&vnics, 7));
	*vs_vnics_add(&vnics) = entry(&one, 0, &mac_1);
	assert_ptr_equal(vs_vnics_find(&vnics, 7), vnics.v);
	assert_null(vs_vnics_find(&vnics, 8));
	vs_vnics_free(&vnics);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decisions),
		cmocka_unit_test(entries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
