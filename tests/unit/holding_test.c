// SPDX-License-Identifier: GPL-2.0-only
/* Who holds the appliance's session, and who is to be asked to let it go. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "recover/holding.h"

static void holders(void **state)
{
	static const struct {
		uint32_t appliance;
		bool known;
		pid_t pid, running;
		enum vs_holder holder;
		const char *restart, *activate;
	} rows[] = {
		{ VMSAFE_NET_APPLIANCE_STATE_NONE, false, 0, 0,
		  VS_HOLDER_NONE, "take the session", NULL },
		{ VMSAFE_NET_APPLIANCE_STATE_NONE, true, 0, 0, VS_HOLDER_NONE,
		  "systemctl restart", "systemctl start" },
		{ VMSAFE_NET_APPLIANCE_STATE_RESET, false, 0, 0,
		  VS_HOLDER_LEFT, "take the session", NULL },
		{ VMSAFE_NET_APPLIANCE_STATE_ATTACHED, true, 7, 0,
		  VS_HOLDER_AGENT, "systemctl restart", "systemctl start" },
		{ VMSAFE_NET_APPLIANCE_STATE_LOST, true, 7, 0,
		  VS_HOLDER_AGENT, "systemctl restart", "systemctl start" },
		{ VMSAFE_NET_APPLIANCE_STATE_ATTACHED, true, 8, 0,
		  VS_HOLDER_OTHER, NULL, NULL },
		{ VMSAFE_NET_APPLIANCE_STATE_ATTACHED, false, 0, 0,
		  VS_HOLDER_OTHER, NULL, NULL },
		{ VMSAFE_NET_APPLIANCE_STATE_LOST, false, 0, 0,
		  VS_HOLDER_HANGS, "take the session over from process 7",
		  NULL },
		{ VMSAFE_NET_APPLIANCE_STATE_ATTACHED, false, 0, 7,
		  VS_HOLDER_RUNNING, "(process 7) give the session up and take",
		  "(process 7) take the session" },
		{ VMSAFE_NET_APPLIANCE_STATE_NONE, true, 0, 9, VS_HOLDER_NONE,
		  "(process 9) give", "(process 9) take" },
		{ VMSAFE_NET_APPLIANCE_STATE_ATTACHED, true, 0, 9,
		  VS_HOLDER_OTHER, NULL, NULL },
		{ VMSAFE_NET_APPLIANCE_STATE_LOST, false, 0, 7,
		  VS_HOLDER_HANGS, "take the session over from process 7",
		  NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_holding a = {
			.unit = { .known = rows[i].known,
				  .pid = rows[i].pid },
			.host = { .appliance_state = rows[i].appliance,
				  .appliance_pid = 7 },
			.running = rows[i].running,
			.comm = "x",
		};
		struct vs_buf text = { 0 };
		int ret;

		a.holder = vs_holding_who(&a.host, &a.unit, a.running);
		assert_row(i, a.holder == rows[i].holder);
		ret = vs_holding_plan(&a, VS_HOLDING_RESTART, &text);
		assert_row(i, !ret == !!rows[i].restart);
		if (rows[i].restart)
			assert_row(i, strstr(vs_buf_str(&text),
					     rows[i].restart));
		vs_buf_free(&text);
		ret = vs_holding_plan(&a, VS_HOLDING_ACTIVATE, &text);
		assert_row(i, !ret == !!rows[i].activate);
		if (rows[i].activate)
			assert_row(i, strstr(vs_buf_str(&text),
					     rows[i].activate));
		vs_buf_free(&text);
	}
}

/* the driver has no number for what is not seen from here */
static void holder_elsewhere(void **state)
{
	struct vs_holding a = {
		.unit = { .known = true },
		.host = { .appliance_state =
			  VMSAFE_NET_APPLIANCE_STATE_ATTACHED },
	};
	struct vs_buf text = { 0 };

	(void)state;
	a.holder = vs_holding_who(&a.host, &a.unit, a.running);
	assert_int_equal(a.holder, VS_HOLDER_OTHER);
	assert_int_equal(vs_holding_plan(&a, VS_HOLDING_RESTART, &text),
			 -EPERM);
	assert_non_null(strstr(vs_buf_str(&text),
			       "a process outside of this PID namespace"));
	vs_buf_free(&text);
}

static void units(void **state)
{
	struct vs_unit u;

	(void)state;
	vs_unit_parse(&u, "LoadState=loaded\nActiveState=active\n"
			  "MainPID=12\n");
	assert_true(u.known && u.active && u.pid == 12);
	vs_unit_parse(&u, "MainPID=0\nLoadState=not-found\n"
			  "ActiveState=inactive\n");
	assert_true(!u.known && !u.active && !u.pid);
	vs_unit_parse(&u, "");
	assert_true(!u.known && !u.active && !u.pid);
	vs_unit_parse(&u, "XLoadState=loaded\nLoadState=loadedx\n"
			  "MainPID=-3\nActiveState");
	assert_true(!u.known && !u.active && !u.pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holders), cmocka_unit_test(holder_elsewhere),
		cmocka_unit_test(units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
