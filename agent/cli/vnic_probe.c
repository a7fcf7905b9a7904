// SPDX-License-Identifier: GPL-2.0-only
/*
 * Proof of protection. What the driver says of an entry is compared with what
 * became of a frame that went through the entry's hooks at the same generation
 * of the table.
 */
#include <errno.h>
#include <stdio.h>

#include "cli/opt.h"
#include "cli/row.h"
#include "cli/source.h"
#include "cli/vnic.h"
#include "driver/attachment.h"
#include "policy/store.h"

/* the table may change between what is said and what is seen */
#define VS_PROBE_ATTEMPTS 10

static const struct vs_column vs_probe_columns[] = {
	{ .name = "direction", .header = N_("DIRECTION") },
	{ .name = "hooked", .header = N_("HOOKED") },
	{ .name = "mode", .header = N_("MODE") },
	{ .name = "policy", .header = N_("POLICY") },
	{ .name = "prog_id", .header = N_("PROGRAM ID"), .right = true },
	{ .name = "policed", .header = N_("POLICED") },
	{ .name = "verdict", .header = N_("VERDICT") },
	{ .name = "proven", .header = N_("PROVEN") },
	{ 0 }
};

/* does a policy judge in this mode? */
static bool vs_probe_judges(uint32_t mode)
{
	return mode == VMSAFE_NET_MODE_ENFORCING ||
	       mode == VMSAFE_NET_MODE_APPLIANCE_LOST_OPEN;
}

/* a mode in which nothing is filtered cannot be a proof of protection */
static bool vs_probe_protects(uint32_t mode)
{
	return mode != VMSAFE_NET_MODE_UNBOUND_PASS &&
	       mode != VMSAFE_NET_MODE_BYPASS;
}

/* what is said to be in force, against what was seen */
static bool vs_probe_proves(const struct vs_driver_vnic *said,
			    uint32_t direction, const struct vs_probe *seen)
{
	uint32_t want = vs_driver_vnic_policy(said, direction)->prog_id;
	bool policed = seen->result & VMSAFE_NET_PROBE_RESULT_POLICED;
	bool passed = seen->result & VMSAFE_NET_PROBE_RESULT_PASSED;

	if (!seen->there || seen->mode != said->mode ||
	    !(seen->result & VMSAFE_NET_PROBE_RESULT_HOOKED) ||
	    !vs_probe_protects(seen->mode))
		return false;
	if (!vs_probe_judges(seen->mode))
		return !passed;
	return want ? policed && seen->prog_id == want : !policed;
}

static json_t *vs_probe_row(const struct vs_policies *policies,
			    const struct vs_driver_vnic *said,
			    uint32_t direction, const struct vs_probe *seen)
{
	uint32_t id = seen->prog_id ? seen->prog_id :
		      vs_driver_vnic_policy(said, direction)->prog_id;
	const struct vs_policy *p = vs_store_by_prog(policies, id);
	bool proven = vs_probe_proves(said, direction, seen);
	json_t *row = json_object();

	vs_row_text(row, "direction",
		    vs_driver_word(VS_WORDS_DIRECTION, direction));
	json_object_set_new(row, "hooked", json_boolean(seen->result &
			    VMSAFE_NET_PROBE_RESULT_HOOKED));
	vs_row_text(row, "mode", vs_driver_word(VS_WORDS_MODE, seen->mode));
	vs_row_text(row, "policy", p ? p->name : NULL);
	if (id)
		json_object_set_new(row, "prog_id", json_integer(id));
	json_object_set_new(row, "policed", json_boolean(seen->result &
			    VMSAFE_NET_PROBE_RESULT_POLICED));
	if (seen->result & VMSAFE_NET_PROBE_RESULT_PASSED)
		vs_row_text(row, "verdict", "passes");
	else if (seen->dropped)
		vs_row_text(row, "verdict",
			    vs_driver_word(VS_WORDS_DROP_REASON, seen->reason));
	json_object_set_new(row, "proven", json_boolean(proven));
	return row;
}

/* both of one generation; false: it failed, which was said */
static bool vs_probe_take(struct vs_client *c, const struct vs_port_name *port,
			  struct vs_driver_vnic *said, struct vs_probes *seen,
			  enum vs_exit *status)
{
	struct vs_error error;
	bool same = false;
	int ret = 0;

	for (int i = 0; i < VS_PROBE_ATTEMPTS && !same && !ret; i++) {
		ret = vs_client_vnic(c, port, said, &error);
		if (!ret)
			ret = vs_policies_check(said, &error);
		if (!ret)
			ret = vs_client_probe(c, said->id, seen, &error);
		same = !ret && seen->generation == said->generation;
	}
	if (!ret && !same)
		ret = vs_error_set(&error, VS_OP_NETLINK, VS_WHY_TORN, EAGAIN,
				   NULL);
	if (ret)
		*status = vs_say_error(&error);
	return !ret;
}

static enum vs_exit vs_probe_print(const struct vs_cli *cli,
				   const struct vs_command *cmd,
				   const struct vs_driver_vnic *said,
				   json_t *rows, bool proven)
{
	static const struct vs_cli text;
	struct vs_selection sel;
	enum vs_exit status = VS_EXIT_FINE;
	json_t *object;

	if (cli->json) {
		object = json_object();
		vs_row_text(object, "port", said->ifname);
		json_object_set_new(object, "id",
				    json_integer(said->id));
		vs_row_text(object, "mode", vs_driver_word(VS_WORDS_MODE,
							   said->mode));
		json_object_set_new(object, "proven", json_boolean(proven));
		json_object_set_new(object, "probes", rows);
		status = vs_out_json(object);
	} else {
		vs_out_select(&text, cmd, vs_probe_columns, &sel, &status);
		status = vs_out_rows(&text, &sel, rows);
		puts(proven ? _("Proven: a frame met what is said to be in "
				"force, both ways.") :
			      _("Not proven: the vNIC is not protected as it "
				"should be."));
	}
	return status ? status : proven ? VS_EXIT_FINE : VS_EXIT_FAILED;
}

static enum vs_exit vs_probe_run(struct vs_cli *cli,
				 const struct vs_command *cmd, int argc,
				 char **argv)
{
	struct vs_policies policies = { 0 };
	struct vs_buf why = { 0 };
	struct vs_probes seen = { 0 };
	struct vs_driver_vnic said = { 0 };
	struct vs_port_name port;
	struct vs_client c;
	enum vs_exit status;
	struct vs_args args;
	json_t *rows;
	bool proven = true;

	if (!vs_opt_read(cli, cmd, NULL, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 1, 1, &status) ||
	    !vs_source_port(cmd, args.v[0], &port, &status) ||
	    !vs_source_client(cli, cmd, &c, &status))
		return status;
	if (!vs_probe_take(&c, &port, &said, &seen, &status)) {
		vs_client_close(&c);
		return status;
	}
	vs_client_close(&c);
	/* only their names are wanted; without them it proves no less */
	vs_store_read(&policies, &why);
	vs_buf_free(&why);
	rows = json_array();
	for (uint32_t d = 0; d < VS_DIRECTIONS; d++) {
		proven &= vs_probe_proves(&said, d, &seen.to[d]);
		json_array_append_new(rows, vs_probe_row(&policies, &said, d,
							 &seen.to[d]));
	}
	vs_store_free(&policies);
	return vs_probe_print(cli, cmd, &said, rows, proven);
}

const struct vs_command vs_cmd_vnic_probe = {
	.name = "vnic probe",
	.args = "PORT",
	.summary = N_("prove that a port's hooks, mode and policies are in "
		      "force"),
	.run = vs_probe_run,
};
