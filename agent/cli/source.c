// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "cli/access.h"
#include "cli/source.h"
#include "core/buf.h"
#include "core/name.h"

bool vs_cli_is_live(const struct vs_cli *cli)
{
	return strcmp(cli->driver, "auto") == 0;
}

bool vs_source_is_here(const struct vs_cli *cli, const struct vs_command *cmd,
		       enum vs_exit *status)
{
	if (vs_cli_is_live(cli))
		return true;
	*status = vs_say_usage(cmd, _("this works on this host, not on a "
				      "snapshot"));
	return false;
}

bool vs_source_client(const struct vs_cli *cli, const struct vs_command *cmd,
		      struct vs_client *c, enum vs_exit *status)
{
	struct vs_driver_host host;
	struct vs_error error;

	if (!vs_cli_is_live(cli)) {
		*status = vs_say_usage(cmd, _("this works on a running Filter "
					      "Driver, not on a snapshot"));
		return false;
	}
	if (!vs_access_reach(c, &host, &error))
		return true;
	*status = vs_say_error(&error);
	return false;
}

static bool vs_source_load(const struct vs_cli *cli, struct vs_snapshot *s,
			   enum vs_exit *status)
{
	struct vs_error error;

	if (!vs_snapshot_load(s, cli->driver, &error))
		return true;
	vs_say_error(&error);
	*status = VS_EXIT_UNAVAILABLE;
	return false;
}

bool vs_source_snapshot(const struct vs_cli *cli, struct vs_snapshot *s,
			enum vs_exit *status)
{
	const struct vs_error *error = &s->reading.info.error;

	if (!vs_cli_is_live(cli))
		return vs_source_load(cli, s, status);
	vs_snapshot_take(s, vs_now());
	if (error->why != VS_WHY_NO_PERMISSION)
		return true;
	/* that is no state of the driver */
	*status = vs_say_unread(error);
	return false;
}

/* the table of a snapshot, if it has one */
static bool vs_source_saved_table(struct vs_snapshot *s,
				  struct vs_driver_table *t,
				  enum vs_exit *status)
{
	if (!s->reading.listed) {
		vs_say_error(&s->reading.info.error);
		*status = VS_EXIT_UNAVAILABLE;
		return false;
	}
	*t = s->reading.table;
	s->reading.table = (struct vs_driver_table){ 0 };
	return true;
}

bool vs_source_table(const struct vs_cli *cli, struct vs_driver_table *t,
		     bool stats, enum vs_exit *status)
{
	struct vs_snapshot s = { 0 };
	struct vs_access a;
	bool ok;

	*t = (struct vs_driver_table){ 0 };
	if (!vs_cli_is_live(cli)) {
		ok = vs_source_load(cli, &s, status) &&
		     vs_source_saved_table(&s, t, status);
		vs_snapshot_free(&s);
		return ok;
	}
	if (!vs_access_open(&a, status))
		return false;
	ok = vs_access_table(&a, t, stats, status);
	vs_access_close(&a);
	return ok;
}

bool vs_source_host(const struct vs_cli *cli, struct vs_driver_host *host,
		    enum vs_exit *status)
{
	struct vs_snapshot s = { 0 };
	struct vs_access a;
	bool ok;

	if (vs_cli_is_live(cli)) {
		ok = vs_access_open(&a, status);
		if (ok)
			vs_access_close(&a);
		*host = a.host;
		return ok;
	}
	ok = vs_source_load(cli, &s, status);
	*host = s.reading.table.host;
	if (ok && !host->has) {
		vs_say_error(&s.reading.info.error);
		*status = VS_EXIT_UNAVAILABLE;
		ok = false;
	}
	vs_snapshot_free(&s);
	return ok;
}

bool vs_source_port(const struct vs_command *cmd, const char *s,
		    struct vs_port_name *port, enum vs_exit *status)
{
	char safe[160];

	if (!vs_port_name_parse(s, port))
		return true;
	vs_name_escape(safe, sizeof(safe), s);
	*status = vs_say_usage(cmd, _("\"%s\" names no port; give its name, "
				      "ifindex:N or id:N"), safe);
	return false;
}

static const struct vs_driver_vm *vs_vms_by_uuid(const struct vs_vms *vms,
						 const char *s)
{
	struct vs_uuid uuid;

	if (vs_uuid_parse(s, &uuid))
		return NULL;
	for (size_t i = 0; i < vms->n; i++) {
		if (vs_uuid_cmp(&vms->v[i].uuid, &uuid) == 0)
			return &vms->v[i];
	}
	return NULL;
}

const struct vs_driver_vm *vs_source_vm(const struct vs_vms *vms,
					const char *s, enum vs_exit *status)
{
	const struct vs_driver_vm *found = vs_vms_by_uuid(vms, s);
	char safe[VS_NAME_ESCAPED], text[VS_UUID_STR];
	struct vs_buf uuids = { 0 };
	size_t n = 0;

	if (found)
		return found;
	for (size_t i = 0; i < vms->n; i++) {
		if (!vs_name_is(vms->v[i].name, s))
			continue;
		found = &vms->v[i];
		vs_buf_addf(&uuids, "%s%s", n++ ? ", " : "",
			    vs_uuid_format(&found->uuid, text));
	}
	vs_name_escape(safe, sizeof(safe), s);
	if (n > 1)
		vs_say(_("several VMs are named \"%s\", so give the UUID of "
			 "one: %s"), safe, vs_buf_str(&uuids));
	else if (!n)
		vs_say(_("the Filter Driver knows no VM \"%s\""), safe);
	vs_buf_free(&uuids);
	*status = n == 1 ? VS_EXIT_FINE : VS_EXIT_FAILED;
	return n == 1 ? found : NULL;
}
