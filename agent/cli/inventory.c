// SPDX-License-Identifier: GPL-2.0-only
/*
 * One host has one Manager: what vmsafe finds out by itself has to be about the
 * inventory that the agent's word is about.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/agent.h"
#include "cli/inventory.h"
#include "cli/source.h"
#include "core/name.h"
#include "daemon/conf.h"
#include "inventory/inventory.h"

/* as the running agent says; NULL: none answers */
static char *vs_inventory_of_agent(const struct vs_cli *cli)
{
	struct vs_agent_answer answer;
	const json_t *inventory;
	const char *uri = NULL;
	char *copy;

	if (vs_cli_agent_status(cli, &answer)) {
		inventory = json_object_get(answer.doc, "inventory");
		uri = json_string_value(json_object_get(inventory, "uri"));
	}
	copy = uri && *uri ? strdup(uri) : NULL;
	vs_agent_free(&answer);
	return copy;
}

/* what cannot be read may have named another one */
static void vs_inventory_doubt(struct vs_buf *why, int ret, const char *uri)
{
	char safe[VS_NAME_ESCAPED];
	const char *text;

	/* of several problems, the first */
	text = why->len ? vs_buf_str(why) : strerror(-ret);
	vs_name_escape(safe, sizeof(safe), uri);
	vs_say(_("warning: %.*s; so the inventory is taken to be %s, unless "
		 "--inventory says another"), (int)strcspn(text, "\n"), text,
	       safe);
}

bool vs_cli_conf(const char **path)
{
	*path = secure_getenv("VMSAFE_CONF");
	if (*path && !**path)
		*path = NULL;
	return !*path || strcmp(*path, "none") != 0;
}

/* as the agent's configuration says; NULL: it is not to be read */
static char *vs_inventory_of_conf(void)
{
	const char *path;
	struct vs_conf *conf = NULL;
	struct vs_buf why = { 0 };
	char *uri = NULL;
	int ret;

	if (!vs_cli_conf(&path))
		return NULL;
	ret = vs_conf_load(&conf, path, &why);
	if (conf && conf->inventory)
		uri = strdup(conf->inventory);
	if (ret)
		vs_inventory_doubt(&why, ret, uri ? uri : VS_CLI_INVENTORY);
	vs_conf_free(conf);
	vs_buf_free(&why);
	return uri;
}

const char *vs_cli_inventory(struct vs_cli *cli)
{
	const char *warning;

	if (cli->inventory)
		return cli->inventory;
	if (cli->found || !vs_cli_is_live(cli))
		return cli->found ? cli->found : VS_CLI_INVENTORY;
	cli->found = vs_inventory_of_agent(cli);
	if (!cli->found)
		cli->found = vs_inventory_of_conf();
	if (!cli->found)
		return VS_CLI_INVENTORY;
	/* it is us who connect now */
	warning = vs_inventory_warning(cli->found);
	if (warning)
		vs_say(_("warning: %s"), warning);
	return cli->found;
}

char *vs_cli_hypervisor(const char *inventory)
{
	const char *path;
	struct vs_conf *conf = NULL;
	struct vs_buf why = { 0 };
	char *uri = NULL;

	if (strncmp(inventory, "libvirt:", 8) == 0)
		return strdup(inventory + 8);
	if (!vs_cli_conf(&path))
		return strdup(VS_CLI_HYPERVISOR);
	/* what is wrong with it is said by who looks for the inventory there */
	if (vs_conf_load(&conf, path, &why) && (!conf || !conf->hypervisor))
		uri = strdup(VS_CLI_HYPERVISOR);
	else if (conf->hypervisor)
		uri = strdup(conf->hypervisor);
	vs_conf_free(conf);
	vs_buf_free(&why);
	return uri;
}

void vs_cli_forget_inventory(struct vs_cli *cli)
{
	free(cli->found);
	cli->found = NULL;
}
