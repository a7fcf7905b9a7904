// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <unistd.h>

#include "cli/policy.h"
#include "cli/row.h"

static const struct vs_column vs_list_columns[] = {
	{ .name = "name", .header = N_("POLICY") },
	{ .name = "kind", .header = N_("KIND") },
	{ .name = "attached", .header = N_("ATTACHED"), .right = true },
	{ .name = "runs", .header = N_("RUNS"), .right = true },
	{ .name = "drops", .header = N_("DROPS"), .right = true },
	{ .name = "errors", .header = N_("ERRORS"), .right = true },
	{ .name = "from_guest_tag", .header = N_("FROM GUEST TAG"),
	  .extra = true },
	{ .name = "from_guest_id", .header = N_("FROM GUEST ID"),
	  .right = true, .extra = true },
	{ .name = "to_guest_tag", .header = N_("TO GUEST TAG"),
	  .extra = true },
	{ .name = "to_guest_id", .header = N_("TO GUEST ID"), .right = true,
	  .extra = true },
	{ .name = "loaded", .header = N_("LOADED"), .right = true,
	  .extra = true },
	{ 0 }
};

static const struct vs_label vs_show_labels[] = {
	{ "name", N_("Policy") },
	{ "kind", N_("Kind") },
	{ "from_guest_tag", N_("Tag, from the guest") },
	{ "from_guest_id", N_("Program ID, from the guest") },
	{ "to_guest_tag", N_("Tag, to the guest") },
	{ "to_guest_id", N_("Program ID, to the guest") },
	{ "attached", N_("Attached") },
	{ "runs", N_("Runs") },
	{ "drops", N_("Drops") },
	{ "errors", N_("Errors") },
	{ 0 }
};

/* attachments are counted through: two places of each vNIC, in order */
static const struct vs_driver_policy *vs_list_at(const struct vs_vnics *vnics,
						 size_t n)
{
	return vs_driver_vnic_policy(&vnics->v[n / VS_DIRECTIONS],
				     n % VS_DIRECTIONS);
}

/* a policy's figures, wherever it is attached; NULL: programs of no policy */
static void vs_list_count(const struct vs_policy_view *view,
			  const struct vs_policy *policy, uint32_t prog_id,
			  json_t *row)
{
	uint64_t attached = 0, runs = 0, drops = 0, errors = 0;

	for (size_t i = 0; i < view->vnics.n * VS_DIRECTIONS; i++) {
		const struct vs_driver_policy *at = vs_list_at(&view->vnics, i);

		if (!at->prog_id || (policy ?
		    vs_store_by_prog(&view->policies, at->prog_id) != policy :
		    at->prog_id != prog_id))
			continue;
		attached++;
		runs += at->runs;
		drops += at->drops;
		errors += at->errors;
	}
	json_object_set_new(row, "attached", json_integer(attached));
	json_object_set_new(row, "runs", json_integer(runs));
	json_object_set_new(row, "drops", json_integer(drops));
	json_object_set_new(row, "errors", json_integer(errors));
}

static json_t *vs_list_row(const struct vs_policy_view *view,
			   const struct vs_policy *p)
{
	const struct vs_policy_prog *from =
		&p->prog[VMSAFE_NET_DIRECTION_FROM_GUEST];
	const struct vs_policy_prog *to =
		&p->prog[VMSAFE_NET_DIRECTION_TO_GUEST];
	json_t *row = json_object();

	vs_row_text(row, "name", p->name);
	vs_row_text(row, "kind", vs_policy_kind_word(p->kind));
	vs_list_count(view, p, 0, row);
	if (from->id) {
		json_object_set_new(row, "from_guest_tag",
				    vs_policy_tag(from->tag));
		json_object_set_new(row, "from_guest_id",
				    json_integer(from->id));
	}
	if (to->id) {
		json_object_set_new(row, "to_guest_tag",
				    vs_policy_tag(to->tag));
		json_object_set_new(row, "to_guest_id", json_integer(to->id));
	}
	json_object_set_new(row, "loaded",
			    json_integer(from->id ? from->loaded :
						    to->loaded));
	return row;
}

/* was this program met before the @n-th attachment? */
static bool vs_list_seen(const struct vs_vnics *list, size_t n)
{
	uint32_t id = vs_list_at(list, n)->prog_id;

	for (size_t i = 0; i < n; i++) {
		if (vs_list_at(list, i)->prog_id == id)
			return true;
	}
	return false;
}

/* programs that somebody attached past us are in force all the same */
static void vs_list_others(const struct vs_policy_view *view, json_t *rows)
{
	for (size_t i = 0; i < view->vnics.n * VS_DIRECTIONS; i++) {
		const struct vs_driver_policy *at = vs_list_at(&view->vnics, i);
		uint32_t d = i % VS_DIRECTIONS;
		json_t *row;

		if (!at->prog_id || vs_list_seen(&view->vnics, i) ||
		    vs_store_by_prog(&view->policies, at->prog_id))
			continue;
		row = json_object();
		vs_row_text(row, "kind", "not-loaded-here");
		vs_list_count(view, NULL, at->prog_id, row);
		json_object_set_new(row, d == VMSAFE_NET_DIRECTION_TO_GUEST ?
				    "to_guest_tag" : "from_guest_tag",
				    vs_policy_tag(at->tag));
		json_object_set_new(row, d == VMSAFE_NET_DIRECTION_TO_GUEST ?
				    "to_guest_id" : "from_guest_id",
				    json_integer(at->prog_id));
		json_array_append_new(rows, row);
	}
}

static enum vs_exit vs_list_run(struct vs_cli *cli,
				const struct vs_command *cmd, int argc,
				char **argv)
{
	struct vs_policy_view view;
	struct vs_selection sel;
	enum vs_exit status;
	struct vs_args args;
	json_t *rows;

	if (!vs_opt_read(cli, cmd, NULL, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 0, 0, &status) ||
	    !vs_out_select(cli, cmd, vs_list_columns, &sel, &status) ||
	    !vs_policy_view_look(cli, cmd, &view, &status))
		return status;
	rows = json_array();
	for (size_t i = 0; i < view.policies.n; i++)
		json_array_append_new(rows,
				      vs_list_row(&view, &view.policies.v[i]));
	vs_list_others(&view, rows);
	vs_policy_view_close(&view);
	return vs_out_rows(cli, &sel, rows);
}

const struct vs_command vs_cmd_policy_list = {
	.name = "policy list",
	.summary = N_("list the policies that are loaded or in force"),
	.list = true,
	.run = vs_list_run,
};

static json_t *vs_show_attachments(const struct vs_policy_view *view,
				   const struct vs_policy *p)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < view->vnics.n; i++) {
		const struct vs_driver_vnic *v = &view->vnics.v[i];

		for (int d = 0; d < VS_DIRECTIONS; d++) {
			uint32_t id = vs_driver_vnic_policy(v, d)->prog_id;
			json_t *row;

			if (!id || vs_store_by_prog(&view->policies, id) != p)
				continue;
			row = vs_policy_row(&view->policies, v, d);
			json_array_append_new(rows, row);
		}
	}
	return rows;
}

static void vs_show_entry(void *ctx, const char *line)
{
	json_array_append_new(ctx, json_string(line));
}

/* what it was told; NULL: it cannot be told anything */
static json_t *vs_show_entries(const struct vs_policy *p, enum vs_exit *status)
{
	struct vs_contents c = { .kind = p->kind };
	const char *map = vs_policy_kind_map(p->kind);
	struct vs_buf why = { 0 };
	json_t *lines = NULL;
	int fd;

	if (!map)
		return NULL;
	fd = vs_store_map(p->name, map);
	if (fd < 0)
		return NULL;
	if (vs_contents_read(&c, fd, &why)) {
		*status = vs_policy_say(&why);
	} else {
		lines = json_array();
		vs_contents_lines(&c, vs_show_entry, lines);
	}
	vs_contents_free(&c);
	close(fd);
	return lines;
}

static enum vs_exit vs_show_text(const struct vs_command *cmd, json_t *object)
{
	static const struct vs_cli text;
	json_t *rows = json_object_get(object, "attachments");
	struct vs_selection sel;
	enum vs_exit status = VS_EXIT_FINE;
	json_t *line;
	size_t i;

	vs_out_labels(vs_show_labels, object);
	/* they are of printable characters as they are */
	json_array_foreach(json_object_get(object, "entries"), i, line)
		printf("  %s\n", json_string_value(line));
	if (json_array_size(rows)) {
		vs_out_select(&text, cmd, vs_policy_attachments, &sel,
			      &status);
		status = vs_out_rows(&text, &sel, json_incref(rows));
	}
	json_decref(object);
	return status;
}

static enum vs_exit vs_show_run(struct vs_cli *cli,
				const struct vs_command *cmd, int argc,
				char **argv)
{
	struct vs_policy_view view;
	const struct vs_policy *p;
	enum vs_exit status;
	struct vs_args args;
	json_t *object = NULL, *entries;

	if (!vs_opt_read(cli, cmd, NULL, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 1, 1, &status) ||
	    !vs_policy_name(cmd, args.v[0], &status) ||
	    !vs_policy_view_look(cli, cmd, &view, &status))
		return status;
	p = vs_policy_find(&view, args.v[0]);
	status = p ? VS_EXIT_FINE : VS_EXIT_FAILED;
	if (p) {
		object = vs_list_row(&view, p);
		json_object_set_new(object, "attachments",
				    vs_show_attachments(&view, p));
		entries = vs_show_entries(p, &status);
		if (entries)
			json_object_set_new(object, "entries", entries);
	}
	vs_policy_view_close(&view);
	if (status) {
		json_decref(object);
		return status;
	}
	return cli->json ? vs_out_json(object) : vs_show_text(cmd, object);
}

const struct vs_command vs_cmd_policy_show = {
	.name = "policy show",
	.args = "POLICY",
	.summary = N_("show a policy: tags, figures, entries, where it is "
		      "attached"),
	.run = vs_show_run,
};
