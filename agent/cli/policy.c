// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "cli/policy.h"
#include "cli/row.h"
#include "core/hex.h"
#include "core/name.h"

const struct vs_column vs_policy_attachments[] = {
	{ .name = "port", .header = N_("PORT") },
	{ .name = "vm_name", .header = N_("VM") },
	{ .name = "device_id", .header = N_("DEVICE ID"), .right = true },
	{ .name = "direction", .header = N_("DIRECTION") },
	{ .name = "policy", .header = N_("POLICY") },
	{ .name = "tag", .header = N_("TAG") },
	{ .name = "runs", .header = N_("RUNS"), .right = true },
	{ .name = "drops", .header = N_("DROPS"), .right = true },
	{ .name = "errors", .header = N_("ERRORS"), .right = true },
	{ .name = "prog_id", .header = N_("PROGRAM ID"), .right = true,
	  .extra = true },
	{ .name = "mode", .header = N_("MODE"), .extra = true },
	{ .name = "vm_uuid", .header = N_("UUID"), .extra = true },
	{ .name = "id", .header = N_("ID"), .right = true, .extra = true },
	{ .name = "ifindex", .header = N_("IFINDEX"), .right = true,
	  .extra = true },
	{ .name = "attached", .header = N_("ATTACHED"), .right = true,
	  .extra = true },
	{ 0 }
};

enum vs_exit vs_policy_say(struct vs_buf *why)
{
	vs_say("%s", vs_buf_str(why));
	vs_buf_free(why);
	return VS_EXIT_FAILED;
}

bool vs_policy_name(const struct vs_command *cmd, const char *s,
		    enum vs_exit *status)
{
	char safe[160];

	if (!vs_policy_name_check(s))
		return true;
	vs_name_escape(safe, sizeof(safe), s);
	*status = vs_say_usage(cmd, _("\"%s\" can be no name of a policy: it "
				      "is 1 to 63 letters, digits, \"_\" and "
				      "\"-\""), safe);
	return false;
}

bool vs_policy_view_open(const struct vs_cli *cli,
			 const struct vs_command *cmd,
			 struct vs_policy_view *view, enum vs_exit *status)
{
	struct vs_buf why = { 0 };
	struct vs_error error;

	memset(view, 0, sizeof(*view));
	if (!vs_source_client(cli, cmd, &view->client, status))
		return false;
	if (vs_client_policies(&view->client, &view->vnics, &error))
		*status = vs_say_error(&error);
	else if (vs_store_read(&view->policies, &why))
		*status = vs_policy_say(&why);
	else
		return true;
	vs_policy_view_close(view);
	return false;
}

bool vs_policy_view_look(const struct vs_cli *cli,
			 const struct vs_command *cmd,
			 struct vs_policy_view *view, enum vs_exit *status)
{
	struct vs_buf why = { 0 };
	struct vs_client c;
	struct vs_error error;

	if (!vs_cli_is_live(cli) || !vs_client_open(&c, &error)) {
		if (vs_cli_is_live(cli))
			vs_client_close(&c);
		return vs_policy_view_open(cli, cmd, view, status);
	}
	if (error.why != VS_WHY_NOT_LOADED) {
		*status = vs_say_error(&error);
		return false;
	}
	memset(view, 0, sizeof(*view));
	if (!vs_store_read(&view->policies, &why))
		return true;
	*status = vs_policy_say(&why);
	return false;
}

void vs_policy_view_close(struct vs_policy_view *view)
{
	vs_store_free(&view->policies);
	vs_vnics_free(&view->vnics);
	vs_client_close(&view->client);
}

const struct vs_policy *vs_policy_find(const struct vs_policy_view *view,
				       const char *name)
{
	const struct vs_policy *p = vs_store_find(&view->policies, name);

	if (!p)
		vs_say(_("no policy %s is loaded; \"vmsafe policy list\" says "
			 "which are"), name);
	return p;
}

json_t *vs_policy_tag(const uint8_t tag[8])
{
	char text[17];

	return json_string(vs_hex_text(text, tag, 8));
}

json_t *vs_policy_row(const struct vs_policies *policies,
		      const struct vs_driver_vnic *p, uint32_t direction)
{
	const struct vs_driver_policy *at = vs_driver_vnic_policy(p, direction);
	const struct vs_policy *policy;
	json_t *row = json_object();
	char uuid[VS_UUID_STR];

	vs_row_text(row, "port", p->ifname);
	json_object_set_new(row, "id", json_integer(p->id));
	json_object_set_new(row, "ifindex", json_integer(p->ifindex));
	vs_row_text(row, "mode", vs_driver_word(VS_WORDS_MODE, p->mode));
	if (vs_driver_vnic_is_bound(p)) {
		vs_row_text(row, "vm_name", p->vm_name);
		vs_row_text(row, "vm_uuid",
			    vs_uuid_format(&p->vm_uuid, uuid));
		json_object_set_new(row, "device_id",
				    json_integer(p->device_id));
	}
	vs_row_text(row, "direction",
		    vs_driver_word(VS_WORDS_DIRECTION, direction));
	if (!at->prog_id)
		return row;
	policy = vs_store_by_prog(policies, at->prog_id);
	vs_row_text(row, "policy", policy ? policy->name : NULL);
	json_object_set_new(row, "prog_id", json_integer(at->prog_id));
	json_object_set_new(row, "tag", vs_policy_tag(at->tag));
	json_object_set_new(row, "runs", json_integer(at->runs));
	json_object_set_new(row, "drops", json_integer(at->drops));
	json_object_set_new(row, "errors", json_integer(at->errors));
	json_object_set_new(row, "attached", json_integer(at->attached));
	return row;
}

static const struct vs_command *const vs_policy_commands[] = {
	&vs_cmd_policy_load, &vs_cmd_policy_unload, &vs_cmd_policy_attach,
	&vs_cmd_policy_replace, &vs_cmd_policy_detach, &vs_cmd_policy_list,
	&vs_cmd_policy_show, &vs_cmd_policy_set, &vs_cmd_policy_log, NULL
};

const struct vs_command vs_cmd_policy = {
	.name = "policy",
	.summary = N_("eBPF programs that judge the packets of vNICs"),
	.sub = vs_policy_commands,
};
