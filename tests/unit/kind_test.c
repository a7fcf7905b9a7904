// SPDX-License-Identifier: GPL-2.0-only
/* What is known of every event ID. */
#include "unit.h"

#include "core/kind.h"
#include "core/text.h"
#include "japanese.h"

static const struct vs_mac mac_b6 = { { 0, 0x50, 0x56, 0x85, 0, 0xb6 } };

/* every event has a name, and a message ID of its own */
static void every_kind(void **state)
{
	const struct vs_event_kind *kind, *other;
	size_t i, j;

	(void)state;
	for (i = 0; (kind = vs_event_kind_at(i)); i++) {
		struct vs_event ev = {
			.id = kind->id, .host = "node1", .count = 7,
			.about = VS_EVENT_OUT_OF_SYNC,
			.form = kind->id == VS_EVENT_OUT_OF_SYNC ?
				VS_FORM_UNOBTAINED : VS_FORM_NONE,
		};
		struct vs_buf buf = { 0 };

		assert_row(i, vs_event_kind_place(kind->id) == (int)i);
		assert_row(i, strspn(kind->message_id, "0123456789abcdef") ==
			      32 && !kind->message_id[32]);
		for (j = 0; j < i; j++) {
			other = vs_event_kind_at(j);
			assert_row(i, other->id < kind->id);
			assert_row(i, strcmp(other->message_id,
					     kind->message_id) != 0);
			assert_row(i, strcmp(other->name, kind->name) != 0);
		}
		vs_text_description(&buf, &japanese, &ev);
		assert_row(i, buf.len > 10);
		vs_buf_free(&buf);
	}
	assert_int_equal(vs_event_kind_place(1), -1);
	assert_null(vs_event_kind(0));
	assert_string_equal(vs_text_event_name(NULL, 1), "unknown");
}

static void plainly(void **state)
{
	const struct vs_difference d = {
		.source = VS_SOURCE_DRIVER, .device_id = 1, .mac = mac_b6,
	};
	const struct vs_event deleted = {
		.id = VS_EVENT_INTERFACE_DELETED, .host = "node1",
		.differences = &d, .n_differences = 1, .detail = "tap1",
	};
	const struct vs_event digest = {
		.id = VS_EVENT_DIGEST, .host = "node1",
		.about = VS_EVENT_IN_SYNC, .count = 20,
	};
	struct vs_buf buf = { 0 };

	(void)state;
	vs_text_description(&buf, NULL, &deleted);
	vs_text_description(&buf, NULL, &digest);
	vs_text_description(&buf, &japanese, &digest);
	assert_string_equal(vs_buf_str(&buf),
			    "An operator removed an interface that is not in "
			    "use any longer.\n"
			    "MAC: 00:50:56:85:00:B6 - Device ID: 1 - Source: "
			    "Filter Driver\ntap1\n"
			    "20 events 9000 (Interfaces In Sync) came at "
			    "once. This one stands for all of them; \"vmsafe "
			    "events --id 9000\" prints each.\n"
			    "イベント9000 (インタフェースの同期)が同時に20件"
			    "発生しました。このイベントはそのすべてを代表しま"
			    "す。\"vmsafe events --id 9000\"で1件ずつ表示で"
			    "きます。\n");
	vs_buf_free(&buf);
}

/* R8 is said with what the inventory has to do with it */
static void recurring(void **state)
{
	const struct vs_event event = {
		.id = VS_EVENT_RECURRING, .host = "node1", .count = 3,
		.about = VS_EVENT_OUT_OF_SYNC, .detail = "31 ms, 2500 ms",
	};
	struct vs_buf buf = { 0 };

	(void)state;
	vs_text_description(&buf, NULL, &event);
	vs_text_description(&buf, &japanese, &event);
	assert_string_equal(vs_buf_str(&buf),
			    "The interfaces of this VM came out of sync 3 "
			    "times within an hour. If they only get back in "
			    "sync when somebody sees to it, restart the "
			    "Manager and the inventory; if that does not help, "
			    "give them more resources. The inventory's last "
			    "answers took: 31 ms, 2500 ms.\n"
			    "この仮想マシンのインタフェースは1時間以内に3回非"
			    "同期になりました。誰かが対処しないと同期に戻らな"
			    "い場合は、Managerとインベントリを再起動してくだ"
			    "さい。それでも解決しない場合は、リソースを追加し"
			    "てください。インベントリの直近の応答にかかった時"
			    "間: 31 ms, 2500 ms。\n");
	vs_buf_free(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind),
		cmocka_unit_test(plainly),
		cmocka_unit_test(recurring),
	};

	return cmocka_run_group_tests(tests, japanese_open, japanese_close);
}
