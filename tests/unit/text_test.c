// SPDX-License-Identifier: GPL-2.0-only
/* Every event as text, in both languages, to the letter. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "core/text.h"
#include "japanese.h"
#include "world.h"

static const struct vs_mac mac_b6 = { { 0, 0x50, 0x56, 0x85, 0, 0xb6 } };

static void differences(void **state)
{
	static const struct {
		struct vs_difference d;
		const char *en, *ja;
	} rows[] = {
		{ { .source = VS_SOURCE_MANAGER, .device_id = 1 },
		  "MAC: 00:50:56:85:00:B6 - Device ID: 1 - Source: Manager",
		  "MAC: 00:50:56:85:00:B6 - デバイス ID: 1 - "
		  "ダウンロード元: Manager" },
		{ { .source = VS_SOURCE_DRIVER, .device_id = 4095 },
		  "MAC: 00:50:56:85:00:B6 - Device ID: 4095 - "
		  "Source: Filter Driver",
		  "MAC: 00:50:56:85:00:B6 - デバイス ID: 4095 - "
		  "ダウンロード元: Filter Driver" },
		{ { .source = VS_SOURCE_HOST, .device_id = VS_DEVICE_ID_NONE },
		  "MAC: 00:50:56:85:00:B6 - Device ID: - - Source: Host",
		  "MAC: 00:50:56:85:00:B6 - デバイス ID: - - "
		  "ダウンロード元: ホスト" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_difference d = rows[i].d;
		struct vs_buf en = { 0 }, ja = { 0 };

		d.mac = mac_b6;
		vs_text_difference(&en, NULL, &d);
		vs_text_difference(&ja, &japanese, &d);
		assert_row_string(i, vs_buf_str(&en), rows[i].en);
		assert_row_string(i, vs_buf_str(&ja), rows[i].ja);
		vs_buf_free(&en);
		vs_buf_free(&ja);
	}
}

static void labels(void **state)
{
	static const char *const en[] = { "Info", "Warning", "Error" };
	static const char *const ja[] = { "情報", "警告", "エラー" };

	(void)state;
	for (int i = 0; i < VS_LEVEL_COUNT; i++) {
		assert_string_equal(vs_text_level(NULL, i), en[i]);
		assert_string_equal(vs_text_level(&japanese, i), ja[i]);
	}
	assert_string_equal(vs_text_event_name(NULL, VS_EVENT_OUT_OF_SYNC),
			    "Interfaces Out of Sync");
	assert_string_equal(vs_text_event_name(&japanese,
					       VS_EVENT_OUT_OF_SYNC),
			    "インタフェースの非同期");
	assert_string_equal(vs_text_event_name(NULL, VS_EVENT_INVENTORY_LOST),
			    "Communications Problem");
	assert_string_equal(vs_text_event_name(NULL, VS_EVENT_INVENTORY_BACK),
			    "Communications Problem Resolved");
	assert_string_equal(vs_text_event_name(NULL, VS_EVENT_DRIVER_OFFLINE),
			    "Filter Driver Connection Failed");
	assert_string_equal(vs_text_event_name(NULL, VS_EVENT_DRIVER_ONLINE),
			    "Filter Driver Connection Success");
}

/* no word is missing in a table, none without translation */
static void every_word(void **state)
{
	static const struct vs_lang *const langs[] = { NULL, &japanese };

	(void)state;
	for (size_t l = 0; l < ARRAY_SIZE(langs); l++) {
		for (int i = 0; i < VS_STATE_COUNT; i++)
			assert_true(*vs_text_state(langs[l], i));
		for (int i = 0; i < VS_REASON_COUNT; i++)
			assert_true(*vs_text_reason(langs[l], i));
		for (int i = 0; i < VS_SOURCE_COUNT; i++)
			assert_true(*vs_text_source(langs[l], i));
		for (int i = 0; i < VS_POWER_COUNT; i++)
			assert_true(*vs_text_power(langs[l], i));
		for (int i = 0; i < VS_DRIVER_STATE_COUNT; i++)
			assert_true(*vs_text_driver_state(langs[l], i));
		for (int i = 0; i < VS_MODE_COUNT; i++)
			assert_true(*vs_text_mode(langs[l], i));
		for (int i = 0; i < VS_OP_COUNT; i++)
			assert_true(*vs_text_op(langs[l], i));
		for (int i = 1; i < VS_WHY_COUNT; i++)
			assert_true(*vs_text_why(langs[l], i));
		for (int i = 0; i < VS_ORIGIN_COUNT; i++)
			assert_true(*vs_text_origin(langs[l], i));
		for (int i = 0; i < VS_ACTOR_COUNT; i++)
			assert_true(*vs_text_actor(langs[l], i));
	}
	assert_string_equal(vs_text_why(&japanese, VS_WHY_NONE), "");
	for (int i = 1; i < VS_REASON_COUNT; i++)
		assert_string_not_equal(vs_reason_word(i), "unknown");
}

static void expect(const struct vs_event *ev, const char *time,
		   const char *en, const char *ja)
{
	struct vs_buf buf = { 0 };

	vs_text_event(&buf, NULL, ev, time);
	assert_string_equal(vs_buf_str(&buf), en);
	vs_buf_free(&buf);
	vs_text_event(&buf, &japanese, ev, time);
	assert_string_equal(vs_buf_str(&buf), ja);
	vs_buf_free(&buf);
}

static void out_of_sync(void **state)
{
	const struct vs_uuid uuid = world_uuid(0xabc);
	const struct vs_difference d[] = {
		{ .source = VS_SOURCE_MANAGER, .device_id = 1, .mac = mac_b6 },
		{ .source = VS_SOURCE_DRIVER, .device_id = 1,
		  .mac = { { 2, 0, 0, 0, 0, 0xa } } },
	};
	const struct vs_event ev = {
		.id = VS_EVENT_OUT_OF_SYNC,
		.level = VS_LEVEL_WARNING,
		.form = VS_FORM_DIFFERENCES,
		.host = "node1",
		.vm = &uuid,
		.vm_name = "web\n1",
		.differences = d,
		.n_differences = 2,
	};

	(void)state;
	expect(&ev, "2026-01-02 03:04:05",
	       "Time: 2026-01-02 03:04:05\n"
	       "Level: Warning\n"
	       "Event ID: 368\n"
	       "Event: Interfaces Out of Sync\n"
	       "Origin: Manager\n"
	       "Target: node1 / web\\x0A1 "
	       "(421e0000-0000-0000-0000-000000000abc)\n"
	       "Action By: System\n"
	       "Description: The Manager and the Filter Driver do not agree "
	       "on the interfaces of this VM, so part of its traffic may be "
	       "unprotected. If that does not pass by itself, the VM needs "
	       "attention. What only one of the two lists has:\n"
	       "MAC: 00:50:56:85:00:B6 - Device ID: 1 - Source: Manager\n"
	       "MAC: 02:00:00:00:00:0A - Device ID: 1 - "
	       "Source: Filter Driver\n",
	       "時刻: 2026-01-02 03:04:05\n"
	       "レベル: 警告\n"
	       "イベントID: 368\n"
	       "イベント: インタフェースの非同期\n"
	       "発生元: Manager\n"
	       "対象: node1 / web\\x0A1 "
	       "(421e0000-0000-0000-0000-000000000abc)\n"
	       "実行者: システム\n"
	       "説明: この仮想マシンのインタフェースについて、ManagerとFilter "
	       "Driverの一覧が食い違っているため、通信の一部が保護されて"
	       "いないおそれがあります。しばらく待っても解消しなければ対処が"
	       "必要です。片方の一覧だけにあるもの:\n"
	       "MAC: 00:50:56:85:00:B6 - デバイス ID: 1 - "
	       "ダウンロード元: Manager\n"
	       "MAC: 02:00:00:00:00:0A - デバイス ID: 1 - "
	       "ダウンロード元: Filter Driver\n");
}

/* what the host shows has a sentence of its own, which names the ports */
static void out_of_sync_held(void **state)
{
	const struct vs_uuid uuid = world_uuid(1);
	const struct vs_difference d[] = {
		{ .source = VS_SOURCE_DRIVER, .device_id = 1, .mac = mac_b6,
		  .reason = VS_REASON_MAC_MISMATCH, .held = true,
		  .port = "tap\n1", .ifindex = 1 },
		{ .source = VS_SOURCE_HOST, .device_id = 1,
		  .reason = VS_REASON_MAC_MISMATCH, .held = true,
		  .mac = { { 2, 0, 0, 0, 0, 0xa } }, .port = "tap\n1",
		  .ifindex = 1 },
		{ .source = VS_SOURCE_DRIVER, .device_id = 2, .held = true,
		  .reason = VS_REASON_NOT_PLUGGED, .mac = mac_b6,
		  .port = "tap2", .ifindex = 2 },
		{ .source = VS_SOURCE_DRIVER, .device_id = VS_DEVICE_ID_NONE,
		  .reason = VS_REASON_HOST_ONLY, .port = "tap3",
		  .ifindex = 3 },
		{ .source = VS_SOURCE_MANAGER, .device_id = 3,
		  .reason = VS_REASON_MANAGER_ONLY, .mac = mac_b6 },
	};
	const struct vs_event ev = {
		.id = VS_EVENT_OUT_OF_SYNC, .form = VS_FORM_DIFFERENCES,
		.host = "node1", .vm = &uuid,
		.differences = d, .n_differences = ARRAY_SIZE(d),
	};
	struct vs_buf buf = { 0 };

	(void)state;
	vs_text_description(&buf, NULL, &ev);
	assert_string_equal(vs_buf_str(&buf), "The Manager and the Filter "
	       "Driver do not agree on the interfaces of this VM, so part of its traffic may be "
	       "unprotected. If that does not pass by itself, the VM needs "
	       "attention. What only one of the two lists has:\n"
	       "MAC: 00:50:56:85:00:B6 - Device ID: 3 - Source: Manager\n"
	       "Ports are bound as interfaces of this VM, but not held as "
	       "such (tap\\x0A1, tap2), so its traffic may pass elsewhere, "
	       "unprotected. What is bound, and what the process that holds "
	       "the port was started with:\n"
	       "MAC: 00:50:56:85:00:B6 - Device ID: 1 - "
	       "Source: Filter Driver\n"
	       "MAC: 02:00:00:00:00:0A - Device ID: 1 - Source: Host\n"
	       "MAC: 00:50:56:85:00:B6 - Device ID: 2 - "
	       "Source: Filter Driver\n"
	       "This VM holds ports that are not bound to it (tap3), so what "
	       "passes there may be unprotected. Bind them, or end the VM if "
	       "it is not to run here. What its process was started with:\n"
	       "MAC: - - Device ID: - - Source: Filter Driver\n");
	vs_buf_free(&buf);
}

static void unverified(void **state)
{
	struct vs_error error;
	const struct vs_event ev = {
		.id = VS_EVENT_OUT_OF_SYNC,
		.level = VS_LEVEL_WARNING,
		.form = VS_FORM_UNVERIFIED,
		.origin = VS_ORIGIN_APPLIANCE,
		.host = "node1",
		.error = &error,
	};

	(void)state;
	vs_error_set_ioctl(&error, "VERIFY_VNIC", VS_WHY_SESSION_HELD, EBUSY);
	expect(&ev, NULL,
	       "Level: Warning\n"
	       "Event ID: 368\n"
	       "Event: Interfaces Out of Sync\n"
	       "Origin: Appliance\n"
	       "Target: node1\n"
	       "Action By: System\n"
	       "Description: The Filter Driver's list could not be verified "
	       "(asking the Filter Driver by ioctl: EBUSY (VERIFY_VNIC): "
	       "another process holds the appliance session). Whether the "
	       "interfaces on this host are protected is therefore not "
	       "known.\n"
	       "Error: Operation failed. ioctl failed: EBUSY (VERIFY_VNIC)\n",
	       "レベル: 警告\n"
	       "イベントID: 368\n"
	       "イベント: インタフェースの非同期\n"
	       "発生元: Appliance\n"
	       "対象: node1\n"
	       "実行者: システム\n"
	       "説明: Filter Driverの一覧を確認できませんでした (Filter "
	       "Driverへのioctlによる問い合わせ: EBUSY (VERIFY_VNIC): "
	       "別のプロセスがApplianceのセッションを使用しています)。"
	       "そのため、このホストのインタフェースが保護されているか"
	       "どうかは不明です。\n"
	       "エラー: Operation failed. ioctl failed: EBUSY (VERIFY_VNIC)\n");
}

/* what other operations end with */
static void unverified_otherwise(void **state)
{
	static const struct {
		enum vs_op op;
		int err;
		const char *end;
	} rows[] = {
		{ VS_OP_IOCTL, ENOTTY,
		  "Error: Operation failed. ioctl failed: ENOTTY (VERSION)\n" },
		{ VS_OP_NETLINK, EPERM,
		  "Error: Operation failed. netlink failed: EPERM\n" },
		{ VS_OP_OPEN_DEVICE, EACCES,
		  "Error: Operation failed. open failed: EACCES\n" },
		{ VS_OP_NONE, 0, "Error: Operation failed. read failed\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_error error;
		const struct vs_event ev = {
			.id = VS_EVENT_OUT_OF_SYNC,
			.form = VS_FORM_UNVERIFIED,
			.host = "",
			.error = &error,
		};
		struct vs_buf buf = { 0 };
		size_t len = strlen(rows[i].end);

		vs_error_set(&error, rows[i].op, VS_WHY_NONE, rows[i].err,
			     NULL);
		if (rows[i].op == VS_OP_IOCTL)
			strcpy(error.ioctl, "VERSION");
		vs_text_description(&buf, NULL, &ev);
		assert_row(i, buf.len > len);
		assert_row_string(i, buf.data + buf.len - len, rows[i].end);
		vs_buf_free(&buf);
	}
}

static void offline(void **state)
{
	struct vs_error error;
	struct vs_event ev = {
		.id = VS_EVENT_DRIVER_OFFLINE,
		.level = VS_LEVEL_ERROR,
		.origin = VS_ORIGIN_APPLIANCE,
		.host = "node1",
		.driver = VS_DRIVER_NOT_LOADED,
		.error = &error,
	};

	(void)state;
	vs_error_set(&error, VS_OP_OPEN_DEVICE, VS_WHY_NOT_LOADED, ENOENT,
		     NULL);
	expect(&ev, NULL,
	       "Level: Error\n"
	       "Event ID: 5008\n"
	       "Event: Filter Driver Connection Failed\n"
	       "Origin: Appliance\n"
	       "Target: node1\n"
	       "Action By: System\n"
	       "Description: Filter Driver Offline: not loaded. The Filter "
	       "Driver is not loaded. Nothing on this host is filtered, and "
	       "what is bound is not known.\n"
	       "Error: opening the Filter Driver's device: ENOENT: the module "
	       "vmsafe_net is not loaded\n",
	       "レベル: エラー\n"
	       "イベントID: 5008\n"
	       "イベント: Filter Driverの接続失敗\n"
	       "発生元: Appliance\n"
	       "対象: node1\n"
	       "実行者: システム\n"
	       "説明: オフラインのFilter Driver: 未読み込み。Filter Driverが"
	       "読み込まれていません。このホストの通信は何も検査されず、"
	       "バインドの状態もわかりません。\n"
	       "エラー: Filter Driverのデバイスを開く操作: ENOENT: "
	       "モジュールvmsafe_netが読み込まれていません\n");
}

/* each state of the Filter Driver has words of its own */
static void offline_states(void **state)
{
	struct vs_buf buf[VS_DRIVER_STATE_COUNT] = { 0 };

	(void)state;
	for (int i = 0; i < VS_DRIVER_STATE_COUNT; i++) {
		const struct vs_event ev = {
			.id = VS_EVENT_DRIVER_OFFLINE, .host = "", .driver = i,
		};

		vs_text_description(&buf[i], &japanese, &ev);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(vs_buf_str(&buf[i]),
						vs_buf_str(&buf[k]));
	}
	for (int i = 0; i < VS_DRIVER_STATE_COUNT; i++)
		vs_buf_free(&buf[i]);
}

static void in_sync(void **state)
{
	const struct vs_uuid uuid = world_uuid(1);
	struct vs_event ev = {
		.id = VS_EVENT_IN_SYNC,
		.host = "node1",
		.vm = &uuid,
		.state = VS_STATE_IN_SYNC,
	};

	(void)state;
	expect(&ev, NULL,
	       "Level: Info\nEvent ID: 9000\nEvent: Interfaces In Sync\n"
	       "Origin: Manager\n"
	       "Target: node1 / 421e0000-0000-0000-0000-000000000001\n"
	       "Action By: System\n"
	       "Description: The Manager and the Filter Driver agree again on "
	       "the interfaces of this VM.\n",
	       "レベル: 情報\nイベントID: 9000\n"
	       "イベント: インタフェースの同期\n発生元: Manager\n"
	       "対象: node1 / 421e0000-0000-0000-0000-000000000001\n"
	       "実行者: システム\n"
	       "説明: この仮想マシンのインタフェースについて、ManagerとFilter "
	       "Driverの一覧が再び一致しました。\n");
	ev.state = VS_STATE_NOT_APPLICABLE;
	ev.reason = VS_REASON_VM_OFF;
	ev.vm = NULL;
	ev.port = "tap\x1b";
	expect(&ev, NULL,
	       "Level: Info\nEvent ID: 9000\nEvent: Interfaces In Sync\n"
	       "Origin: Manager\nTarget: node1 / tap\\x1B\nAction By: System\n"
	       "Description: The interfaces of this VM are not compared any "
	       "longer: the VM is not running.\n",
	       "レベル: 情報\nイベントID: 9000\n"
	       "イベント: インタフェースの同期\n発生元: Manager\n"
	       "対象: node1 / tap\\x1B\n実行者: システム\n"
	       "説明: この仮想マシンのインタフェースは比較の対象から外れました"
	       ": 仮想マシンが動作していない。\n");
}

static void bypassed(void **state)
{
	struct vs_uuid uuid = { { 0x42, 0x1e } };
	const struct vs_difference d[] = {
		{ .reason = VS_REASON_BYPASSED, .device_id = 0,
		  .mac = { { 0, 0x50, 0x56, 0, 0, 1 } }, .port = "tap0",
		  .by = "xdp ebpf spy id 7" },
		{ .reason = VS_REASON_BYPASSED, .device_id = 1,
		  .mac = { { 0, 0x50, 0x56, 0, 0, 2 } }, .port = "tap\x1b" },
	};
	const struct vs_event ev = {
		.id = VS_EVENT_BYPASSED, .level = VS_LEVEL_WARNING,
		.origin = VS_ORIGIN_MANAGER, .host = "node1", .vm = &uuid,
		.vm_name = "web", .differences = d, .n_differences = 2,
	};

	(void)state;
	expect(&ev, NULL,
	       "Level: Warning\nEvent ID: 9004\nEvent: Interface Bypassed\n"
	       "Origin: Manager\n"
	       "Target: node1 / web (421e0000-0000-0000-0000-000000000000)\n"
	       "Action By: System\n"
	       "Description: Programs of tc, tcx or XDP stand before or around "
	       "the Filter Driver's hooks, so they can lead packets of this VM "
	       "past it. Detach them unless they are wanted. They are on:\n"
	       "MAC: 00:50:56:00:00:01 - Device ID: 0 - Port: tap0 - "
	       "xdp ebpf spy id 7\n"
	       "MAC: 00:50:56:00:00:02 - Device ID: 1 - Port: tap\\x1B\n",
	       "レベル: 警告\nイベントID: 9004\n"
	       "イベント: インタフェースの迂回\n発生元: Manager\n"
	       "対象: node1 / web (421e0000-0000-0000-0000-000000000000)\n"
	       "実行者: システム\n"
	       "説明: tc、tcxまたはXDPのプログラムがFilter Driverのフックの"
	       "手前または周囲にあるため、この仮想マシンのパケットがフックを"
	       "通らずに流れるおそれがあります。必要なものでなければ取り外して"
	       "ください。対象は次のとおりです:\n"
	       "MAC: 00:50:56:00:00:01 - デバイス ID: 0 - ポート: tap0 - "
	       "xdp ebpf spy id 7\n"
	       "MAC: 00:50:56:00:00:02 - デバイス ID: 1 - ポート: "
	       "tap\\x1B\n");
}

/* the Manager's list is told as the driver's is, by its own name */
static void unobtained(void **state)
{
	struct vs_error error;
	const struct vs_event ev = {
		.id = VS_EVENT_OUT_OF_SYNC, .form = VS_FORM_UNOBTAINED,
		.host = "node1", .error = &error,
	};
	struct vs_buf buf = { 0 };

	(void)state;
	vs_error_set(&error, VS_OP_CONNECT, VS_WHY_UNREACHABLE, ECONNREFUSED,
		     NULL);
	vs_text_description(&buf, NULL, &ev);
	assert_string_equal(vs_buf_str(&buf),
			    "The Manager's list could not be obtained "
			    "(connecting to the inventory: ECONNREFUSED: it "
			    "cannot be reached). Whether the interfaces on "
			    "this host are protected is therefore not "
			    "known.\nError: Operation failed. connect failed: "
			    "ECONNREFUSED\n");
	vs_buf_free(&buf);
}

/* every event that the engine can make has a name and a description */
static void every_event(void **state)
{
	static const enum vs_event_id ids[] = {
		VS_EVENT_INVENTORY_LOST, VS_EVENT_INVENTORY_BACK,
		VS_EVENT_DRIVER_ONLINE, VS_EVENT_VERIFIED,
		VS_EVENT_HOST_LOST, VS_EVENT_HOST_BACK,
	};
	static const char failed[] =
		"\nError: connecting to the inventory: ETIMEDOUT: "
		"it did not answer in time: qemu:///system\n";
	struct vs_error error;

	(void)state;
	vs_error_set(&error, VS_OP_CONNECT, VS_WHY_TIMEOUT, ETIMEDOUT, "%s",
		     "qemu:///system");
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		const struct vs_event ev = {
			.id = ids[i], .host = "node1", .error = &error,
		};
		struct vs_buf en = { 0 }, ja = { 0 };

		vs_text_event(&en, NULL, &ev, NULL);
		vs_text_event(&ja, &japanese, &ev, NULL);
		assert_row(i, strstr(vs_buf_str(&en), "Description: The "));
		assert_row(i, !strstr(vs_buf_str(&en), "unknown\n"));
		assert_row(i, strstr(vs_buf_str(&en), failed));
		assert_row(i, strstr(vs_buf_str(&ja), "説明: "));
		assert_row(i, !strstr(vs_buf_str(&ja), "Description"));
		vs_buf_free(&en);
		vs_buf_free(&ja);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(differences),
		cmocka_unit_test(labels),
		cmocka_unit_test(every_word),
		cmocka_unit_test(out_of_sync),
		cmocka_unit_test(out_of_sync_held),
		cmocka_unit_test(unverified),
		cmocka_unit_test(unverified_otherwise),
		cmocka_unit_test(offline),
		cmocka_unit_test(offline_states),
		cmocka_unit_test(in_sync),
		cmocka_unit_test(bypassed),
		cmocka_unit_test(unobtained),
		cmocka_unit_test(every_event),
	};

	return cmocka_run_group_tests(tests, japanese_open, japanese_close);
}
