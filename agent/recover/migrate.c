// SPDX-License-Identifier: GPL-2.0-only
/*
 * R4: move the VM to another protected host.
 *
 * That the other host is protected is not believed but asked, of its own
 * vmsafe, over ssh; and that both ways lead to the same host is asked too.
 */
#include <errno.h>
#include <libvirt/libvirt.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "inventory/call.h"
#include "po/i18n.h"
#include "recover/program.h"
#include "recover/step.h"

/* how long the other host may take to answer, milliseconds */
#define VS_REMOTE_DEADLINE 60000

/* a command on the other host, every word of which is safe in a shell */
static int vs_remote_run(struct vs_recovery *r, const char *command,
			 struct vs_buf *out)
{
	const char *const argv[] = {
		"ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20", "--",
		r->ssh, command, NULL
	};

	return vs_program_run(argv, out, VS_REMOTE_DEADLINE, r->progress);
}

/* the first line of what it printed, for people to read */
static const char *vs_remote_line(const struct vs_buf *out, char *safe,
				  size_t size)
{
	const char *text = vs_buf_str(out);
	char line[128];

	snprintf(line, sizeof(line), "%.*s", (int)strcspn(text, "\n"), text);
	vs_name_escape(safe, size, line);
	return safe;
}

/** struct vs_hostname - the name of the host behind a URI, being asked */
struct vs_hostname {
	struct vs_call call;
	char *uri;
	char *name;
};

static int vs_hostname_ask(struct vs_call *call)
{
	struct vs_hostname *h = (struct vs_hostname *)call;
	virConnectPtr conn = virConnectOpenReadOnly(h->uri);

	if (conn) {
		h->name = virConnectGetHostname(conn);
		virConnectClose(conn);
	}
	return h->name ? 0 : -EIO;
}

static void vs_hostname_free(struct vs_call *call)
{
	struct vs_hostname *h = (struct vs_hostname *)call;

	free(h->uri);
	free(h->name);
	free(h);
}

static char *vs_hostname(const char *uri)
{
	struct vs_hostname *h = calloc(1, sizeof(*h));
	char *name = NULL;

	if (!h)
		return NULL;
	h->call.fn = vs_hostname_ask;
	h->call.free = vs_hostname_free;
	h->uri = strdup(uri);
	if (h->uri &&
	    !vs_call_run(&h->call, VS_VIRT_DEADLINE, NULL, NULL)) {
		name = h->name;
		h->name = NULL;
	}
	vs_call_put(&h->call);
	return name;
}

/* the first label: one of the two may be the full name */
static bool vs_hostname_same(const char *a, const char *b)
{
	size_t n = strcspn(a, ".\n");

	return n && n == strcspn(b, ".\n") && strncasecmp(a, b, n) == 0;
}

static int vs_migrate_same_host(struct vs_recovery *r)
{
	struct vs_buf out = { 0 };
	char safe[2][256];
	char *name = vs_hostname(r->to);
	int ret = 0;

	vs_name_escape(safe[0], sizeof(safe[0]), r->to);
	if (!name)
		return vs_recovery_fail(r, -EPERM,
					_("libvirt on the other host (%s) "
					  "cannot be reached"), safe[0]);
	if (vs_remote_run(r, "uname -n", &out))
		ret = vs_recovery_fail(r, -EPERM,
				       _("the other host cannot be reached "
					 "over ssh; nobody can say whether it "
					 "is protected"));
	else if (!vs_hostname_same(name, vs_buf_str(&out))) {
		vs_name_escape(safe[0], sizeof(safe[0]), name);
		vs_remote_line(&out, safe[1], sizeof(safe[1]));
		ret = vs_recovery_fail(r, -EPERM,
				       _("--to leads to host %s, but --ssh to "
					 "%s"), safe[0], safe[1]);
	}
	vs_buf_free(&out);
	free(name);
	return ret;
}

static int vs_migrate_protected(struct vs_recovery *r)
{
	struct vs_buf out = { 0 };
	char safe[512];
	int ret = vs_remote_run(r, "vmsafe status", &out);

	vs_remote_line(&out, safe, sizeof(safe));
	vs_buf_free(&out);
	if (!ret)
		return 0;
	return vs_recovery_fail(r, -EPERM,
				_("the other host is not protected: \"vmsafe "
				  "status\" there ended with %d: %s"), ret,
				safe);
}

int vs_plan_migrate(struct vs_recovery *r)
{
	char safe[256];
	int ret;

	if (!r->ssh)
		return vs_recovery_fail(r, -EPERM,
					_("nobody can say whether the other "
					  "host is protected: give --ssh HOST, "
					  "so that \"vmsafe status\" can be "
					  "asked there"));
	ret = vs_migrate_same_host(r);
	if (!ret)
		ret = vs_migrate_protected(r);
	if (ret)
		return ret;
	vs_name_escape(safe, sizeof(safe), r->to);
	vs_recovery_will(r, _("move %s, as it runs, to %s, within %u s"),
			 r->virt.name, safe, r->timeout);
	vs_recovery_will(r, _("synchronise there, and ask whether it is in "
			      "sync"));
	return 0;
}

static void vs_migrate_after(struct vs_recovery *r)
{
	char uuid[VS_UUID_STR], command[128];
	struct vs_buf out = { 0 };
	int ret;

	vs_uuid_format(&r->virt.uuid, uuid);
	/* not recover: the inventory may name this host for a while */
	snprintf(command, sizeof(command), "vmsafe check %s", uuid);
	ret = vs_remote_run(r, command, &out);
	r->away = true;
	r->away_status = ret < 0 ? 1 : ret;
	vs_buf_free(&out);
}

int vs_run_migrate(struct vs_recovery *r)
{
	struct vs_virt_request migrate = {
		.op = VS_VIRT_MIGRATE, .argument = r->to,
		.flags = VIR_MIGRATE_LIVE | VIR_MIGRATE_PEER2PEER,
		.deadline = r->timeout * 1000,
		.what = _("moving"), .stop = true,
	};
	int ret = vs_virt_do(&r->virt, VS_VIRT_PERSISTENT, 0);

	if (ret)
		return vs_recovery_failed(r, ret);
	if (r->virt.number)
		migrate.flags |= VIR_MIGRATE_PERSIST_DEST |
				 VIR_MIGRATE_UNDEFINE_SOURCE;
	vs_progress_say(r->progress, _("moving %s"), r->virt.name);
	ret = vs_virt_ask(&r->virt, &migrate);
	if (!ret) {
		vs_migrate_after(r);
		return 0;
	}
	vs_recovery_failed(r, ret);
	if (r->virt.hung)
		vs_recovery_leave(r, _("it may go on: \"virsh list --all\" on "
				       "both hosts shows where %s is"),
				  r->virt.name);
	else
		vs_progress_say(r->progress, _("%s runs on here"),
				r->virt.name);
	return ret;
}
