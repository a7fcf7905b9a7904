// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/recover.h"
#include "cli/row.h"
#include "core/text.h"

static void vs_recover_state(const struct vs_recover *run,
			     enum vs_state state, enum vs_reason reason)
{
	const struct vs_lang *lang = vs_i18n_lang();
	char safe[VS_NAME_ESCAPED];

	vs_name_escape(safe, sizeof(safe), run->r.vm);
	printf("%s: %s", safe, vs_text_state(lang, state));
	if (reason)
		printf(" (%s)", vs_text_reason(lang, reason));
	puts("");
}

/* the VM as the last look found it */
static bool vs_recover_view(const struct vs_recover *run,
			    struct vs_vm_view *vm)
{
	return run->look.engine && !vs_uuid_is_nil(&run->r.uuid) &&
	       !vs_engine_vm(run->look.engine, &run->r.uuid, vm);
}

void vs_recover_print_plan(const struct vs_recover *run, bool dry_run)
{
	const struct vs_step_info *info = vs_step_info(run->step);
	struct vs_buf needs = { 0 };
	struct vs_vm_view vm;
	const char *line;

	if (run->cli->json)
		return;
	if (vs_recover_view(run, &vm))
		vs_recover_state(run, vm.state, vm.reason);
	printf("%s: %s\n", vs_step_word(run->step),
	       vs_text_step(vs_i18n_lang(), run->step));
	vs_need_text(&needs, info->needs);
	if (dry_run && needs.len)
		printf(_("  needs: %s\n"), vs_buf_str(&needs));
	vs_buf_free(&needs);
	for (line = vs_buf_str(&run->r.plan); *line; line += *line == '\n') {
		size_t len = strcspn(line, "\n");

		printf("  - %.*s\n", (int)len, line);
		line += len;
	}
	fflush(stdout);
}

enum vs_exit vs_recover_exit(const struct vs_recover *run)
{
	struct vs_host_view host;
	enum vs_exit status;

	if (run->r.away)
		return run->r.away_status;
	vs_engine_host(run->look.engine, &host);
	status = vs_exit_code(&host, vs_recovery_state(&run->r));
	if (run->done)
		return status;
	/* these three are about the state, which says more */
	if (status && (run->step == VS_STEP_R0 || run->step == VS_STEP_R9 ||
		       run->step == VS_STEP_R10))
		return status;
	return VS_EXIT_FAILED;
}

static json_t *vs_recover_lines(const char *text)
{
	json_t *list = json_array();

	while (*text) {
		size_t len = strcspn(text, "\n");

		json_array_append_new(list, json_stringn(text, len));
		text += len + (text[len] == '\n');
	}
	return list;
}

static json_t *vs_recover_words(const struct vs_choice *choice)
{
	json_t *list = json_array();

	for (size_t i = 0; i < choice->n; i++) {
		const char *word = vs_step_word(choice->steps[i]);

		json_array_append_new(list, json_string(word));
	}
	return list;
}

/* what would be next */
static void vs_recover_next(const struct vs_recover *run,
			    struct vs_choice *next)
{
	*next = (struct vs_choice){ 0 };
	if (!run->r.away && !vs_uuid_is_nil(&run->r.uuid))
		vs_recover_choice(run, true, next);
}

static enum vs_exit vs_recover_json(struct vs_recover *run, bool step,
				    enum vs_exit status)
{
	const struct vs_step_info *info = vs_step_info(run->step);
	const char *plan = vs_buf_str(&run->r.plan);
	json_t *doc = json_object();
	struct vs_choice next;
	char uuid[VS_UUID_STR];
	enum vs_exit printed;

	vs_recover_next(run, &next);
	json_object_set_new(doc, "vm", vs_json_text(run->r.vm));
	if (!vs_uuid_is_nil(&run->r.uuid))
		vs_row_text(doc, "vm_uuid",
			    vs_uuid_format(&run->r.uuid, uuid));
	vs_row_text(doc, "before", vs_state_word(run->before));
	if (step) {
		vs_row_text(doc, "step", vs_step_word(run->step));
		json_object_set_new(doc, "chosen", json_boolean(run->chosen));
		json_object_set_new(doc, "destructive",
				    json_boolean(info->destructive));
		json_object_set_new(doc, "plan", vs_recover_lines(plan));
		json_object_set_new(doc, "done", json_boolean(run->done));
		json_object_set(doc, "taken", run->words);
	}
	json_object_set(doc, "log", run->teller.log);
	vs_row_text(doc, "error", run->ret ? vs_buf_str(&run->r.why) : NULL);
	vs_row_text(doc, "left", vs_buf_str(&run->r.left));
	if (run->checks)
		json_object_set(doc, "checks", run->checks);
	vs_row_text(doc, "after", run->r.away ? "elsewhere" :
		    vs_state_word(vs_recovery_state(&run->r)));
	json_object_set_new(doc, "next", vs_recover_words(&next));
	json_object_set_new(doc, "exit_status", json_integer(status));
	printed = vs_out_json(doc);
	return printed ? printed : status;
}

static void vs_recover_after(const struct vs_recover *run)
{
	struct vs_choice next;
	struct vs_vm_view vm;

	if (run->r.away) {
		printf(_("it is on the other host; \"vmsafe check\" there "
			 "ended with %d\n"), run->r.away_status);
		return;
	}
	if (!vs_recover_view(run, &vm))
		return;
	vs_recover_state(run, vm.state, vm.reason);
	vs_recover_next(run, &next);
	if (vm.state <= VS_STATE_IN_SYNC || !next.n)
		return;
	printf("%s:", _("Steps that fit"));
	for (size_t i = 0; i < next.n; i++)
		printf(" %s%s", vs_step_word(next.steps[i]),
		       next.new_macs && next.steps[i] == VS_STEP_R5 ?
		       " (--new-macs)" : "");
	puts("");
}

enum vs_exit vs_recover_finish(struct vs_recover *run, enum vs_exit status)
{
	bool planned = !run->done && !run->ret;

	if (run->ret)
		vs_say("%s", vs_buf_str(&run->r.why));
	if (run->r.left.len)
		vs_say(_("left to do: %s"), vs_buf_str(&run->r.left));
	if (run->cli->json)
		return vs_recover_json(run, true, status);
	if (!planned)
		vs_recover_after(run);
	return status;
}

enum vs_exit vs_recover_nothing(struct vs_recover *run)
{
	struct vs_host_view host;
	struct vs_vm_view vm;
	enum vs_exit status;

	vs_engine_host(run->look.engine, &host);
	status = vs_exit_code(&host, run->before);
	if (run->cli->json)
		return vs_recover_json(run, false, status);
	if (vs_recover_view(run, &vm))
		vs_recover_state(run, vm.state, vm.reason);
	if (run->before <= VS_STATE_IN_SYNC)
		puts(_("there is nothing to recover"));
	else
		puts(_("no step mends that; \"vmsafe check\" and \"vmsafe "
		       "doctor\" say more"));
	return status;
}
