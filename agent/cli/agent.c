// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "api/api.h"
#include "cli/agent.h"
#include "cli/source.h"
#include "driver/fault.h"

static bool vs_cli_agent_did(int ret, const struct vs_agent_answer *answer)
{
	return !ret && !answer->text;
}

bool vs_cli_agent_status(const struct vs_cli *cli,
			 struct vs_agent_answer *answer)
{
	*answer = (struct vs_agent_answer){ 0 };
	return vs_cli_is_live(cli) &&
	       vs_cli_agent_did(vs_agent_ask("GET", "/v1/status",
					     VS_AGENT_SOON, answer), answer);
}

bool vs_cli_agent_is_asked(const struct vs_cli *cli)
{
	return vs_cli_is_live(cli) && !cli->inventory;
}

static const char *vs_cli_agent_code(const struct vs_agent_answer *answer)
{
	const json_t *error = json_object_get(answer->doc, "error");
	const char *code = json_string_value(json_object_get(error, "code"));

	return answer->text && code ? code : "";
}

bool vs_cli_agent_had_it(const struct vs_agent_answer *answer)
{
	return answer->status != 403 &&
	       strcmp(vs_cli_agent_code(answer), "not-found") != 0;
}

static bool vs_cli_agent_long(const struct vs_cli *cli, const char *method,
			      const char *target,
			      struct vs_agent_answer *answer)
{
	bool runs;

	*answer = (struct vs_agent_answer){ 0 };
	if (!vs_cli_agent_is_asked(cli))
		return false;
	/* one that hangs is not waited for */
	runs = vs_cli_agent_status(cli, answer);
	vs_agent_free(answer);
	if (!runs || vs_agent_ask(method, target, VS_AGENT_EVER, answer))
		return false;
	if (vs_cli_agent_had_it(answer))
		return true;
	/* who may not is answered here, as well as that goes */
	if (answer->status == 403)
		vs_say(_("warning: the agent did not do it: %s"), answer->text);
	vs_agent_free(answer);
	return false;
}

bool vs_cli_agent_get(const struct vs_cli *cli, const char *target,
		      struct vs_agent_answer *answer)
{
	/* what says no state must not pass for "in sync" */
	return vs_cli_agent_long(cli, "GET", target, answer) &&
	       (answer->text ||
		json_is_integer(json_object_get(answer->doc, "exit_status")));
}

bool vs_cli_agent_sync(const struct vs_cli *cli, size_t bound, bool record,
		       struct vs_agent_answer *answer)
{
	struct vs_buf target = { 0 };
	bool answered;

	vs_buf_addf(&target, "/v1/sync?bound=%zu&record=%s", bound,
		    record ? "true" : "false");
	answered = vs_cli_agent_long(cli, "POST", vs_buf_str(&target), answer);
	vs_buf_free(&target);
	return answered;
}

bool vs_cli_agent_heard(int ret, const struct vs_agent_answer *answer,
			enum vs_exit *status)
{
	*status = VS_EXIT_FINE;
	if (!ret && !answer->text)
		return true;
	if (!ret) {
		*status = vs_cli_agent_refused(answer);
		return true;
	}
	if (ret != -EACCES && ret != -EPERM)
		return false;
	vs_say(_("%s: run it as root of this host or, while vmsafe-agent "
		 "runs, as a member of the group %s"), vs_agent_path(),
	       VS_API_GROUP);
	*status = VS_EXIT_UNAVAILABLE;
	return true;
}

enum vs_exit vs_cli_agent_refused(const struct vs_agent_answer *answer)
{
	vs_say("%s", answer->text);
	return answer->status < 500 ? VS_EXIT_FAILED : VS_EXIT_UNAVAILABLE;
}

static void vs_cli_agent_counts(const json_t *doc,
				size_t count[VS_STATE_COUNT])
{
	for (int i = 0; i < VS_STATE_COUNT; i++) {
		const json_t *n = json_object_get(doc, vs_state_word(i));

		count[i] = json_integer_value(n);
	}
}

enum vs_state vs_cli_agent_state(const json_t *doc)
{
	const char *s = json_string_value(json_object_get(doc, "state"));

	enum vs_state state;

	return s && !vs_state_parse(s, &state) ? state : VS_STATE_UNKNOWN;
}

bool vs_cli_agent_error(const json_t *doc, const char *key,
			struct vs_error *error)
{
	struct vs_error bad;
	const struct vs_reader reader = { "", &bad };
	const json_t *json = json_object_get(doc, key);

	*error = (struct vs_error){ 0 };
	return json && !vs_fault_read(json, error, &reader, key);
}

void vs_cli_agent_driver(const json_t *doc, struct vs_driver_info *info)
{
	const char *s = json_string_value(json_object_get(doc, "state"));

	for (int i = 0; s && i < VS_DRIVER_STATE_COUNT; i++) {
		if (strcmp(s, vs_driver_state_word(i)) == 0)
			info->state = i;
	}
	info->epoch = json_integer_value(json_object_get(doc, "epoch"));
	vs_cli_agent_error(doc, "error", &info->error);
}

void vs_cli_agent_bypass(const json_t *doc, struct vs_foreigns *f)
{
	const json_t *tcx = json_object_get(doc, "tcx");

	f->asked = tcx;
	f->tcx = json_is_true(tcx);
	vs_cli_agent_error(doc, "error", &f->error);
}

void vs_cli_agent_host(const json_t *doc, struct vs_host_view *host)
{
	const json_t *sources = json_object_get(doc, "sources");

	*host = (struct vs_host_view){
		.state = vs_cli_agent_state(doc),
	};
	vs_cli_agent_driver(json_object_get(doc, "driver"), &host->driver);
	for (int i = 0; i < VS_SOURCE_COUNT; i++) {
		const json_t *s = json_object_get(sources, vs_source_word(i));
		const json_t *entries = json_object_get(s, "entries");
		struct vs_source_view *view = &host->source[i];

		view->available = json_is_true(json_object_get(s, "available"));
		view->count = json_integer_value(entries);
		vs_cli_agent_error(s, "error", &view->error);
	}
	vs_cli_agent_counts(json_object_get(doc, "vms"), host->vms);
	vs_cli_agent_counts(json_object_get(doc, "vnics"), host->vnics);
}

bool vs_cli_agent_vnic(const char *method, const struct vs_driver_vnic *v,
		       const char *what, struct vs_agent_answer *answer)
{
	struct vs_buf target = { 0 };
	int ret;

	/* an entry that came in the place of this one has another */
	vs_buf_addf(&target, "/v1/vnics/id:%" PRIu64 "%s", v->id, what);
	ret = vs_agent_ask(method, vs_buf_str(&target), VS_AGENT_SOON,
			   answer);
	vs_buf_free(&target);
	return !ret;
}
