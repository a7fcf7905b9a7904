// SPDX-License-Identifier: GPL-2.0-only
/* What a VM will be from its next start on, and how that is said. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "api/why.h"
#include "cli/why.h"
#include "core/pending.h"
#include "japanese.h"
#include "world.h"

#define BEGINS "Pending change at the next start: device ID "
#define BEGINT "次の起動で有効になる変更: デバイス ID "

/* a vNIC's MAC in the definition and in what runs, 0: it is not there */
static void changes(void **state)
{
	static const struct {
		unsigned int defined, live;
		const char *word, *text, *ja;
	} rows[] = {
		{ 1, 1, NULL, NULL, NULL },
		{ 0, 0, NULL, NULL, NULL },
		{ 2, 1, "mac", BEGINS
		  "7: 00:50:56:00:00:02 (now 00:50:56:00:00:01)", BEGINT
		  "7: 00:50:56:00:00:02 (現在は00:50:56:00:00:01)" },
		{ 2, 0, "added", BEGINS "7: 00:50:56:00:00:02 is added", BEGINT
		  "7: 00:50:56:00:00:02が追加されます" },
		{ 0, 1, "removed", BEGINS "7: 00:50:56:00:00:01 is removed",
		  BEGINT "7: 00:50:56:00:00:01が削除されます" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_testimony t = { .device_id = 7 };
		struct vs_buf en = { 0 }, ja = { 0 };
		struct vs_pending p;

		if (rows[i].defined)
			t.mac[VS_WITNESS_DEFINITION] =
				world_mac(rows[i].defined);
		if (rows[i].live)
			t.mac[VS_WITNESS_LIVE] = world_mac(rows[i].live);
		/* what others say is no matter */
		t.mac[VS_WITNESS_INVENTORY] = world_mac(8);
		t.mac[VS_WITNESS_PROCESS] = world_mac(9);
		assert_row(i, vs_pending_change(&t, &p) == !!rows[i].word);
		if (!rows[i].word)
			continue;
		assert_row(i, p.device_id == 7);
		assert_row_string(i, vs_change_word(p.change), rows[i].word);
		vs_text_pending(&en, NULL, &p);
		assert_row_string(i, vs_buf_str(&en), rows[i].text);
		vs_text_pending(&ja, &japanese, &p);
		assert_row_string(i, vs_buf_str(&ja), rows[i].ja);
		vs_buf_free(&en);
		vs_buf_free(&ja);
	}
}

/* a domain of VM 1 with these MACs, by device ID; 0: none of that ID */
static struct vs_domain *domain(bool active, const unsigned int macs[3])
{
	struct vs_domain *d;

	d = calloc(1, sizeof(*d) + 3 * sizeof(*d->vnics));
	assert_non_null(d);
	d->uuid = world_uuid(1);
	d->active = active;
	for (unsigned int i = 0; i < 3; i++) {
		if (macs[i]) {
			d->vnics[d->n_vnics].device_id = i;
			d->vnics[d->n_vnics++].mac = world_mac(macs[i]);
		}
	}
	return d;
}

/* the document of VM 1, which is in sync, by what the hypervisor has said */
static json_t *why(const struct vs_domain *domains)
{
	struct vs_snapshot host = { 0 };
	struct vs_case of = {
		.host = &host, .grace = 1, .window = 1, .domains = domains,
		.found = true, .uuid = world_uuid(1),
	};
	struct world w;
	json_t *doc;

	world_open(&w, 0, 1);
	world_ready(&w);
	world_vm(&w, 1);
	world_vnic(&w, 1, 0, 11);
	world_bound(&w, 3, 1, 0, 11);
	world_plugged(&w, 3, 1, 0, 11);
	world_evaluate(&w);
	of.engine = w.e;
	of.now = w.now;
	assert_int_equal(vs_case_gather(&of), 0);
	doc = vs_why_doc(&of, VS_GAP_NONE, "vm1", NULL);
	vs_case_free(&of);
	world_close(&w);
	return doc;
}

static const unsigned int runs[] = { 11, 12, 0 }, will[] = { 11, 0, 13 };
static const char said[] =
	"[{\"device_id\":1,\"change\":\"removed\",\"mac\":\"00:50:56:00:00:0C\","
	"\"text\":\"" BEGINS "1: 00:50:56:00:00:0C is removed\"},"
	"{\"device_id\":2,\"change\":\"added\","
	"\"next_mac\":\"00:50:56:00:00:0D\","
	"\"text\":\"" BEGINS "2: 00:50:56:00:00:0D is added\"}]";

static void assert_said(const struct vs_domain *domains, const char *wanted)
{
	json_t *doc = why(domains);
	char *text = json_dumps(json_object_get(doc, "pending_changes"),
				JSON_COMPACT);

	assert_string_equal(text, wanted);
	assert_string_equal(json_string_value(json_object_get(doc, "state")),
			    "in-sync");
	free(text);
	json_decref(doc);
}

/* as the agent has it, and as a question to the hypervisor is answered */
static void in_document(void **state)
{
	struct vs_domain *live = domain(true, runs);

	(void)state;
	live->defined = domain(false, will);
	assert_said(live, said);
	live->next = live->defined;
	live->defined = NULL;
	assert_said(live, said);
	vs_domains_free(live);
}

/* who has no definition, or does not run, has no change before it */
static void nothing_pending(void **state)
{
	struct vs_domain *live = domain(true, runs);
	struct vs_domain *other = domain(false, will);

	(void)state;
	assert_said(NULL, "[]");
	assert_said(live, "[]");
	assert_said(other, "[]");
	/* nor is another VM's definition this one's */
	other->uuid = world_uuid(2);
	live->next = other;
	assert_said(live, "[]");
	live->defined = domain(false, runs);
	assert_said(live, "[]");
	vs_domains_free(live);
}

static void printed(void **state)
{
	static const char wanted[] =
		"WIRE\n"
		"        0 00:50:56:00:00:0B 00:50:56:00:00:0B "
		"00:50:56:00:00:0B 00:50:56:00:00:0B 00:50:56:00:00:0B -\n"
		"        1 -                 00:50:56:00:00:0C "
		"-                 -                 -                 -\n"
		"        2 00:50:56:00:00:0D -                 "
		"-                 -                 -                 -\n"
		"\n"
		BEGINS "1: 00:50:56:00:00:0C is removed\n"
		BEGINS "2: 00:50:56:00:00:0D is added\n";
	const struct vs_cli cli = { 0 };
	struct vs_domain *live = domain(true, runs);
	FILE *real = stdout;
	const char *found;
	char *text = NULL;
	size_t len;

	(void)state;
	live->defined = domain(false, will);
	stdout = open_memstream(&text, &len);
	assert_int_equal(vs_why_print(&cli, why(live)), 0);
	fclose(stdout);
	stdout = real;
	found = strstr(text, "WIRE\n");
	assert_non_null(found);
	assert_string_equal(found, wanted);
	free(text);
	vs_domains_free(live);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes),
		cmocka_unit_test(in_document),
		cmocka_unit_test(nothing_pending),
		cmocka_unit_test(printed),
	};

	return cmocka_run_group_tests(tests, japanese_open, japanese_close);
}
