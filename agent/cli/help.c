// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "cli/help.h"
#include "core/buf.h"

/* where explanations begin */
#define VS_HELP_COLUMN 30

/* a term and its explanation, on the next line if the term is too long */
static void vs_help_line(const char *term, size_t len, const char *text)
{
	if (len + 2 <= VS_HELP_COLUMN)
		printf("%-*s%s\n", VS_HELP_COLUMN, term, text);
	else
		printf("%s\n%*s%s\n", term, VS_HELP_COLUMN, "", text);
}

static void vs_help_opts(const char *title, const struct vs_opt *opt)
{
	printf("\n%s\n", title);
	for (; opt->name; opt++) {
		struct vs_buf term = { 0 };

		if (opt->letter)
			vs_buf_addf(&term, "  -%c, --%s", opt->letter,
				    opt->name);
		else
			vs_buf_addf(&term, "      --%s", opt->name);
		if (opt->arg)
			vs_buf_addf(&term, " %s", opt->arg);
		vs_help_line(vs_buf_str(&term), term.len, _(opt->help));
		vs_buf_free(&term);
	}
}

static void vs_help_commands(const struct vs_command *const *sub)
{
	printf("\n%s\n", _("Commands:"));
	for (; *sub; sub++) {
		struct vs_buf term = { 0 };

		vs_buf_addf(&term, "  %s", (*sub)->name);
		if ((*sub)->args)
			vs_buf_addf(&term, " %s", (*sub)->args);
		vs_help_line(vs_buf_str(&term), term.len, _((*sub)->summary));
		vs_buf_free(&term);
	}
}

void vs_help(const struct vs_command *cmd)
{
	printf("%s vmsafe%s%s%s%s%s\n\n%s\n", _("Usage:"),
	       *cmd->name ? " " : "", cmd->name,
	       cmd->sub ? " COMMAND" : " [OPTION...]", cmd->args ? " " : "",
	       cmd->args ? cmd->args : "", _(cmd->summary));
	if (cmd->sub)
		vs_help_commands(cmd->sub);
	if (cmd->opts)
		vs_help_opts(_("Options:"), cmd->opts);
	vs_help_opts(_("Options of every command:"), vs_global_opts);
	if (*cmd->name)
		return;
	printf("\n%s\n", _("Exit status: 0 fine, 1 failed, 2 wrong use, "
			   "3 pending, 4 out of sync, 5 a list cannot be "
			   "read or the Filter Driver is offline."));
}

void vs_help_version(void)
{
	printf("vmsafe %s\n", VS_VERSION);
}
