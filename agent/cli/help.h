/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CLI_HELP_H
#define VS_CLI_HELP_H

#include "cli/opt.h"

/* those of every command, ended by one without a name; see opt.c */
extern const struct vs_opt vs_global_opts[];

/** vs_help() - print a command's help */
void vs_help(const struct vs_command *cmd);

/** vs_help_version() - print the version */
void vs_help_version(void);

#endif
