/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of "why" share. */
#ifndef VS_CLI_WHY_H
#define VS_CLI_WHY_H

#include <jansson.h>

#include "cli/cli.h"

/**
 * vs_why_print() - everything, as text or as JSON
 * @cli: the global options
 * @doc: of vs_why_doc(); released
 *
 * Return: the exit status that it says.
 */
enum vs_exit vs_why_print(const struct vs_cli *cli, json_t *doc);

#endif
