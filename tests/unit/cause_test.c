// SPDX-License-Identifier: GPL-2.0-only
/* Causes, their steps, and what clues amount to, in whatever order. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "core/gap.h"
#include "core/witness.h"
#include "japanese.h"
#include "random.h"
#include "world.h"

static int begin(void **state)
{
	random_seed();
	return japanese_open(state);
}

/* the mapping, as it is specified */
static void mapping(void **state)
{
	static const struct {
		enum vs_cause cause;
		const char *word, *steps;
	} rows[] = {
		{ VS_CAUSE_C1, "C1", "R0 R7 " },
		{ VS_CAUSE_C2, "C2", "R9 R7 R8 " },
		{ VS_CAUSE_C3, "C3", "P2 R5 R2 " },
		{ VS_CAUSE_C4, "C4", "R3 R7 " },
		{ VS_CAUSE_C5, "C5", "R10 R11 R7 " },
		{ VS_CAUSE_C6, "C6", "P1 R7 R0 " },
		{ VS_CAUSE_C7, "C7", "R5 R2 R6 " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		enum vs_step steps[VS_STEPS_MAX];
		size_t n = vs_cause_steps(rows[i].cause, steps);
		char text[64] = "";
		uint32_t bits = 0;

		for (size_t j = 0; j < n; j++) {
			strcat(strcat(text, vs_step_word(steps[j])), " ");
			bits |= 1u << steps[j];
		}
		assert_row_string(i, text, rows[i].steps);
		assert_row(i, vs_gap_step_bits(rows[i].cause,
					       VS_GAP_DEFINED) == bits);
		assert_row_string(i, vs_cause_word(rows[i].cause),
				  rows[i].word);
	}
	/* what is lacking may leave fewer of them */
	assert_int_equal(vs_gap_step_bits(VS_CAUSE_C3, VS_GAP_RESTART),
			 1 << VS_STEP_R2 | 1 << VS_STEP_P2);
	assert_int_equal(vs_gap_step_bits(VS_CAUSE_C7, VS_GAP_MISBOUND),
			 1 << VS_STEP_R7 | 1 << VS_STEP_R2 | 1 << VS_STEP_R6);
	assert_int_equal(vs_gap_step_bits(VS_CAUSE_NONE, VS_GAP_NONE), 0);
	assert_int_equal(vs_gap_step_bits(VS_CAUSE_NONE, VS_GAP_PORTLESS),
			 1 << VS_STEP_R1 | 1 << VS_STEP_R2);
}

static void cause_words(void **state)
{
	enum vs_cause cause;
	enum vs_step step;

	(void)state;
	for (int i = 0; i < VS_CAUSE_COUNT; i++) {
		assert_int_equal(vs_cause_parse(vs_cause_word(i), &cause), 0);
		assert_int_equal(cause, i);
		assert_string_not_equal(vs_text_cause(NULL, i),
					vs_text_cause(&japanese, i));
	}
	for (int i = 0; i < VS_STEP_COUNT; i++) {
		assert_int_equal(vs_step_parse(vs_step_word(i), &step), 0);
		assert_int_equal(step, i);
		assert_string_not_equal(vs_text_step(NULL, i),
					vs_text_step(&japanese, i));
	}
	assert_int_equal(vs_cause_parse("c1", &cause), -EINVAL);
	assert_int_equal(vs_cause_parse("C8", &cause), -EINVAL);
	assert_int_equal(vs_step_parse("R12", &step), -EINVAL);
	assert_int_equal(vs_step_parse("", &step), -EINVAL);
}

/* what an event itself proves */
static void of_events(void **state)
{
	static const struct {
		struct vs_event event;
		bool reset;
		enum vs_cause cause;
	} rows[] = {
		{ { .id = VS_EVENT_INVENTORY_LOST }, false, VS_CAUSE_C2 },
		{ { .id = VS_EVENT_OUT_OF_SYNC,
		    .form = VS_FORM_UNOBTAINED }, false, VS_CAUSE_C2 },
		{ { .id = VS_EVENT_OUT_OF_SYNC,
		    .form = VS_FORM_UNVERIFIED }, false, VS_CAUSE_C5 },
		{ { .id = VS_EVENT_OUT_OF_SYNC,
		    .form = VS_FORM_DIFFERENCES }, true, VS_CAUSE_NONE },
		{ { .id = VS_EVENT_DRIVER_OFFLINE,
		    .driver = VS_DRIVER_NOT_LOADED }, false, VS_CAUSE_C5 },
		{ { .id = VS_EVENT_DRIVER_OFFLINE,
		    .driver = VS_DRIVER_ABI_MISMATCH }, true, VS_CAUSE_C5 },
		{ { .id = VS_EVENT_DRIVER_OFFLINE,
		    .driver = VS_DRIVER_APPLIANCE_LOST }, false,
		  VS_CAUSE_C5 },
		{ { .id = VS_EVENT_DRIVER_OFFLINE,
		    .driver = VS_DRIVER_APPLIANCE_LOST }, true, VS_CAUSE_C4 },
		{ { .id = VS_EVENT_IN_SYNC }, true, VS_CAUSE_NONE },
		{ { .id = VS_EVENT_INVENTORY_BACK }, true, VS_CAUSE_NONE },
		{ { .id = VS_EVENT_BYPASSED }, true, VS_CAUSE_NONE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_row(i, vs_cause_of_event(&rows[i].event,
						rows[i].reset) ==
			      rows[i].cause);
}

static void said(void *ctx, const struct vs_event *event)
{
	struct vs_buf *buf = ctx;

	vs_buf_addf(buf, "%d %s %x\n", event->id, vs_cause_word(event->cause),
		    event->steps);
}

/* and that the engine says so */
static void of_engine(void **state)
{
	struct vs_driver_info lost = { .state = VS_DRIVER_APPLIANCE_LOST,
				       .reset = true };
	struct vs_buf buf = { 0 };
	struct world w;

	(void)state;
	world_open(&w, 0, 1);
	world_ready(&w);
	vs_engine_set_driver(w.e, &lost);
	world_fail(&w, VS_SOURCE_MANAGER);
	vs_engine_evaluate(w.e, w.now, said, &buf);
	assert_string_equal(vs_buf_str(&buf), "5008 C4 88\n742 C2 380\n"
			    "368 C2 380\n");
	vs_buf_free(&buf);
	world_close(&w);
}

/* one clue of a kind; its values depend on @value alone */
static void put(struct vs_evidence *ev, enum vs_clue_kind kind,
		unsigned int value)
{
	char text[VS_CLUE_VALUES][16];
	const char *values[VS_CLUE_VALUES + 1] = { NULL };
	struct vs_error error;

	vs_error_set(&error, VS_OP_IOCTL, VS_WHY_NONE, 1 + value, NULL);
	for (size_t i = 0; vs_clue_key(kind, i); i++) {
		snprintf(text[i], sizeof(text[i]), "%u", value + 7);
		values[i] = text[i];
	}
	vs_evidence_put(ev, kind, vs_clue_has_error(kind) ? &error : NULL,
			values);
}

static void said_of(struct vs_buf *buf, const struct vs_diagnosis *d)
{
	for (size_t i = 0; i < d->n; i++) {
		vs_buf_addf(buf, "%s %u\n", vs_cause_word(d->v[i].cause),
			    d->v[i].weight);
		for (size_t j = 0; j < d->v[i].n; j++) {
			vs_text_clue(buf, NULL, &d->v[i].clues[j]);
			vs_buf_add(buf, "\n");
		}
	}
}

/* every kind: words of its own, and each value in the text, in any language */
static void kinds(void **state)
{
	(void)state;
	for (int i = 0; i < VS_CLUE_COUNT; i++) {
		struct vs_buf en = { 0 }, ja = { 0 };
		struct vs_clue clue = { .kind = i };
		char name[16];

		assert_true(vs_clue_cause(i) != VS_CAUSE_NONE);
		assert_true(vs_clue_weight(i) < 100);
		/* a diagnosis relies on it */
		assert_true(!i || vs_clue_cause(i) >= vs_clue_cause(i - 1));
		for (int j = 0; j < i; j++)
			assert_string_not_equal(vs_clue_word(i),
						vs_clue_word(j));
		for (size_t j = 0; vs_clue_key(i, j); j++)
			snprintf(clue.value[j], VS_CLUE_VALUE, "<%zu>", j);
		vs_text_clue(&en, NULL, &clue);
		vs_text_clue(&ja, &japanese, &clue);
		assert_null(strpbrk(vs_buf_str(&en), "{}"));
		assert_null(strpbrk(vs_buf_str(&ja), "{}"));
		assert_string_not_equal(vs_buf_str(&en), vs_buf_str(&ja));
		for (size_t j = 0; vs_clue_key(i, j); j++) {
			snprintf(name, sizeof(name), "<%zu>", j);
			/* a mode is a word of its own */
			if (strcmp(vs_clue_key(i, j), "mode") == 0)
				continue;
			assert_non_null(strstr(vs_buf_str(&en), name));
			assert_non_null(strstr(vs_buf_str(&ja), name));
		}
		vs_buf_free(&en);
		vs_buf_free(&ja);
	}
}

static void shuffle(struct vs_evidence *ev)
{
	for (size_t i = ev->n; i > 1; i--) {
		size_t j = random_pick(i);
		struct vs_clue clue = ev->v[i - 1];

		ev->v[i - 1] = ev->v[j];
		ev->v[j] = clue;
	}
}

/* what holds of every diagnosis */
static void check(const struct vs_evidence *ev, const struct vs_diagnosis *d)
{
	bool has[VS_CAUSE_COUNT] = { false }, found[VS_CAUSE_COUNT] = { false };

	for (size_t i = 0; i < ev->n; i++)
		has[vs_clue_cause(ev->v[i].kind)] |=
			vs_clue_weight(ev->v[i].kind) > 0;
	for (size_t i = 0; i < d->n; i++) {
		const struct vs_finding *f = &d->v[i];
		unsigned int weight = 0;

		assert_true(f->n > 0 && f->weight > 0);
		assert_true(has[f->cause] && !found[f->cause]);
		found[f->cause] = true;
		assert_true(!i || f[-1].weight >= f->weight);
		for (size_t j = 0; j < f->n; j++) {
			unsigned int w = vs_clue_weight(f->clues[j].kind);

			assert_int_equal(vs_clue_cause(f->clues[j].kind),
					 f->cause);
			weight = w > weight ? w : weight;
		}
		assert_int_equal(f->weight, weight);
	}
	for (int i = 0; i < VS_CAUSE_COUNT; i++)
		assert_int_equal(has[i], found[i]);
}

static void any_order(void **state)
{
	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct vs_evidence ev = { 0 };
		struct vs_buf one = { 0 }, other = { 0 };
		struct vs_diagnosis d;
		unsigned int n = random_pick(12);

		for (unsigned int i = 0; i < n; i++)
			put(&ev, random_pick(VS_CLUE_COUNT), random_pick(3));
		/* said twice is said once */
		for (unsigned int i = 0; i < n && random_pick(2); i++) {
			struct vs_clue c = ev.v[i];
			const char *v[VS_CLUE_VALUES + 1] = { NULL };

			for (size_t j = 0; j < VS_CLUE_VALUES; j++)
				v[j] = c.value[j];
			vs_evidence_put(&ev, c.kind, &c.error, v);
		}
		vs_diagnose(&ev, &d);
		check(&ev, &d);
		said_of(&one, &d);
		shuffle(&ev);
		vs_diagnose(&ev, &d);
		check(&ev, &d);
		said_of(&other, &d);
		assert_string_equal(vs_buf_str(&one), vs_buf_str(&other));
		vs_buf_free(&one);
		vs_buf_free(&other);
		vs_evidence_free(&ev);
	}
}

static void alone(void **state)
{
	struct vs_evidence ev = { 0 };
	struct vs_diagnosis d;

	(void)state;
	vs_diagnose(&ev, &d);
	assert_int_equal(d.n, 0);
	for (int i = 0; i < VS_CLUE_COUNT; i++) {
		put(&ev, i, 1);
		vs_diagnose(&ev, &d);
		/* what only explains is no evidence */
		assert_int_equal(d.n, vs_clue_weight(i) > 0);
		vs_evidence_free(&ev);
	}
}

/* who is first of two */
static void precedence(void **state)
{
	static const struct {
		enum vs_clue_kind a, b;
	} rows[] = {
		{ VS_CLUE_NOT_LOADED, VS_CLUE_UNREACHABLE },
		{ VS_CLUE_UNREACHABLE, VS_CLUE_SESSION_RESET },
		{ VS_CLUE_SESSION_RESET, VS_CLUE_MAC_HELD },
		{ VS_CLUE_MAC_HELD, VS_CLUE_MAC_DIFFERS },
		{ VS_CLUE_MAC_HELD, VS_CLUE_BURST },
		{ VS_CLUE_BURST, VS_CLUE_MAC_DIFFERS },
		{ VS_CLUE_BURST, VS_CLUE_NEW_PORT },
		{ VS_CLUE_MAC_DIFFERS, VS_CLUE_PENDING },
		{ VS_CLUE_WIRE_DIFFERS, VS_CLUE_NEW_PROCESS },
		/* history, and what is only to come, prove less */
		{ VS_CLUE_PENDING, VS_CLUE_CLAIM_LOGGED },
		{ VS_CLUE_PENDING, VS_CLUE_NEXT_START },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_evidence ev = { 0 };
		struct vs_diagnosis d;

		put(&ev, rows[i].b, 1);
		put(&ev, rows[i].a, 1);
		vs_diagnose(&ev, &d);
		assert_row(i, d.n == 2 && d.v[0].cause ==
					  vs_clue_cause(rows[i].a));
		vs_evidence_free(&ev);
	}
}

/* numbers are ordered as such, and what is hostile is made safe */
static void values(void **state)
{
	static const char wanted[] =
		"the VM's process 9 was started 1 s ago, less than the 120 s "
		"of grace\n"
		"the VM's process 10 was started 1 s ago, less than the 120 s "
		"of grace\n"
		"VM a\\x1B[1m{mac} (-) has MAC m as well\n"
		"port tap0 is in the mode \"appliance lost, closed\"\n";
	struct vs_evidence ev = { 0 };
	struct vs_buf buf = { 0 };
	struct vs_diagnosis d;

	(void)state;
	vs_evidence_add(&ev, VS_CLUE_NEW_PROCESS, "10", "1", "120");
	vs_evidence_add(&ev, VS_CLUE_NEW_PROCESS, "9", "1", "120");
	vs_evidence_add(&ev, VS_CLUE_MAC_TWICE, "m", "a\x1b[1m{mac}", "");
	vs_evidence_add(&ev, VS_CLUE_MODE_LOST, "tap0",
			vs_mode_word(VS_MODE_LOST_CLOSED));
	vs_diagnose(&ev, &d);
	for (size_t i = 0; i < ev.n; i++) {
		vs_text_clue(&buf, NULL, &ev.v[i]);
		vs_buf_add(&buf, "\n");
	}
	assert_string_equal(vs_buf_str(&buf), wanted);
	vs_buf_free(&buf);
	vs_evidence_free(&ev);
}

/* MACs by witness: definition, live, process, inventory, driver; then wire */
static void testimonies(void **state)
{
	static const struct {
		unsigned int mac[VS_WITNESS_COUNT], wire[2];
		const char *said;
	} rows[] = {
		{ { 1, 1, 1, 1, 1 }, { 0 }, "" },
		{ { 0, 0, 0, 0, 0 }, { 5 }, "" },
		{ { 0, 0, 0, 1, 1 }, { 0 }, "" },
		{ { 1, 1, 1, 1, 1 }, { 2, 1 }, "" },
		{ { 0, 0, 1, 2, 1 }, { 0 }, "inventory 02 process 01\n" },
		{ { 0, 0, 0, 2, 1 }, { 0 }, "inventory 02 driver 01\n" },
		{ { 0, 2, 1, 0, 0 }, { 0 }, "live 02 process 01\n" },
		{ { 1, 1, 1, 1, 3 }, { 0 }, "driver 03 process 01\n" },
		/* the definition counts from the next start on */
		{ { 2, 1, 1, 1, 1 }, { 0 }, "next 02 01\n" },
		{ { 2, 1, 1, 2, 1 }, { 0 },
		  "inventory 02 process 01\nnext 02 01\n" },
		{ { 1, 1, 1, 1, 1 }, { 9, 8 }, "wire 09 01\n" },
		{ { 2, 0, 0, 0, 0 }, { 9 }, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_testimony t = { .device_id = 3, .port = "tap0" };
		struct vs_evidence ev = { 0 };
		struct vs_buf buf = { 0 };
		struct vs_diagnosis d;

		for (int j = 0; j < VS_WITNESS_COUNT; j++) {
			if (rows[i].mac[j])
				t.mac[j] = world_mac(rows[i].mac[j]);
		}
		while (t.n_wires < 2 && rows[i].wire[t.n_wires]) {
			t.wire[t.n_wires] =
				world_mac(rows[i].wire[t.n_wires]);
			t.n_wires++;
		}
		vs_testimony_hear(&t, &ev);
		vs_diagnose(&ev, &d);
		for (size_t j = 0; j < ev.n; j++) {
			const struct vs_clue *c = &ev.v[j];

			assert_string_equal(c->value[0], "3");
			if (c->kind == VS_CLUE_MAC_DIFFERS)
				vs_buf_addf(&buf, "%s %s %s %s\n", c->value[1],
					    c->value[2] + 15, c->value[3],
					    c->value[4] + 15);
			else if (c->kind == VS_CLUE_NEXT_START)
				vs_buf_addf(&buf, "next %s %s\n",
					    c->value[1] + 15,
					    c->value[2] + 15);
			else
				vs_buf_addf(&buf, "wire %s %s\n",
					    c->value[2] + 15,
					    c->value[3] + 15);
		}
		assert_row_string(i, vs_buf_str(&buf), rows[i].said);
		assert_row(i, d.n == (*rows[i].said ? 1 : 0));
		vs_buf_free(&buf);
		vs_evidence_free(&ev);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mapping),
		cmocka_unit_test(cause_words),
		cmocka_unit_test(of_events),
		cmocka_unit_test(of_engine),
		cmocka_unit_test(kinds),
		cmocka_unit_test(any_order),
		cmocka_unit_test(alone),
		cmocka_unit_test(precedence),
		cmocka_unit_test(values),
		cmocka_unit_test(testimonies),
	};

	return cmocka_run_group_tests(tests, begin, japanese_close);
}
