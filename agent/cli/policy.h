/* SPDX-License-Identifier: GPL-2.0-only */
/* What the commands below "policy" share. */
#ifndef VS_CLI_POLICY_H
#define VS_CLI_POLICY_H

#include "cli/opt.h"
#include "cli/out.h"
#include "cli/source.h"
#include "policy/store.h"

/** vs_policy_say() - say why something failed; released. VS_EXIT_FAILED */
enum vs_exit vs_policy_say(struct vs_buf *why);

/**
 * vs_policy_name() - is this argument a name that a policy can have?
 * @cmd: the command
 * @s: the argument
 * @status: VS_EXIT_USAGE when not, which was said
 */
bool vs_policy_name(const struct vs_command *cmd, const char *s,
		    enum vs_exit *status);

/** struct vs_policy_view - what is loaded, and what is attached where */
struct vs_policy_view {
	struct vs_client client;
	struct vs_vnics vnics;
	struct vs_policies policies;
};

/**
 * vs_policy_view_open() - reach the driver, and read both
 * @view: close with vs_policy_view_close(), unless this failed
 * @status: when it failed, which was said
 *
 * Return: true to go on.
 */
bool vs_policy_view_open(const struct vs_cli *cli,
			 const struct vs_command *cmd,
			 struct vs_policy_view *view, enum vs_exit *status);

/**
 * vs_policy_view_look() - likewise, for those who want nothing of the driver
 *
 * Where it is not loaded, nothing is attached.
 */
bool vs_policy_view_look(const struct vs_cli *cli,
			 const struct vs_command *cmd,
			 struct vs_policy_view *view, enum vs_exit *status);

/** vs_policy_view_close() - done with it */
void vs_policy_view_close(struct vs_policy_view *view);

/** vs_policy_find() - the policy of that name; NULL: none, which was said */
const struct vs_policy *vs_policy_find(const struct vs_policy_view *view,
				       const char *name);

/** vs_policy_attachments - columns of a list of attachments */
extern const struct vs_column vs_policy_attachments[];

/** vs_policy_row() - what is attached to one direction of an entry */
json_t *vs_policy_row(const struct vs_policies *policies,
		      const struct vs_driver_vnic *p, uint32_t direction);

/** vs_policy_tag() - a tag as text, 16 hexadecimal digits */
json_t *vs_policy_tag(const uint8_t tag[8]);

/* the commands below "policy", in files of their own */
extern const struct vs_command vs_cmd_policy_load;
extern const struct vs_command vs_cmd_policy_unload;
extern const struct vs_command vs_cmd_policy_attach;
extern const struct vs_command vs_cmd_policy_replace;
extern const struct vs_command vs_cmd_policy_detach;
extern const struct vs_command vs_cmd_policy_list;
extern const struct vs_command vs_cmd_policy_show;
extern const struct vs_command vs_cmd_policy_set;
extern const struct vs_command vs_cmd_policy_log;

#endif
