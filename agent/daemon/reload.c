// SPDX-License-Identifier: GPL-2.0-only
/*
 * SIGHUP: a new configuration is built beside the old one and takes its place
 * when it is right. Only what it changes is begun anew.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <systemd/sd-daemon.h>

#include "daemon/agent.h"
#include "po/i18n.h"

static bool vs_reload_differs(const char *a, const char *b)
{
	return !a != !b || (a && strcmp(a, b) != 0);
}

/* what the engine goes by */
static bool vs_reload_engine(const struct vs_conf *a, const struct vs_conf *b)
{
	return strcmp(a->host, b->host) != 0 || a->grace != b->grace ||
	       a->debounce != b->debounce || a->max_age != b->max_age ||
	       a->driver_optional != b->driver_optional;
}

static bool vs_reload_manager(const struct vs_conf *a,
			      const struct vs_conf *b)
{
	return vs_reload_differs(a->inventory, b->inventory) ||
	       vs_reload_differs(a->hypervisor, b->hypervisor);
}

static bool vs_reload_promise(const struct vs_conf *a,
			      const struct vs_conf *b)
{
	return a->heartbeat != b->heartbeat || a->tolerance != b->tolerance;
}

/* what it has said it remembers, whether the history has it or not */
static void vs_reload_tell_engine(struct vs_agent *a)
{
	struct vs_engine_config config = vs_agent_engine(a->conf);

	if (vs_engine_configure(a->engine, &config)) {
		vs_agent_log(LOG_ERR, _("out of memory; grace, debounce, "
					"max-age, host and mode stay as they "
					"were"));
		return;
	}
	/* what was read before may be too old by now: it is read again */
	a->manager.answered = false;
}

/* another name of the same file is no other history */
static bool vs_reload_history(const struct vs_conf *a, const struct vs_conf *b)
{
	struct stat from, to;

	return strcmp(a->database, b->database) != 0 &&
	       (stat(a->database, &from) || stat(b->database, &to) ||
		from.st_dev != to.st_dev || from.st_ino != to.st_ino);
}

static bool vs_reload_interface(const struct vs_conf *a,
				const struct vs_conf *b)
{
	return vs_reload_differs(a->socket, b->socket) ||
	       a->timeout != b->timeout;
}

/* the new history has what is open with the events that told of it, or none */
static void vs_reload_record(struct vs_agent *a, struct vs_history *history)
{
	if (vs_record_start(a, history) < 0) {
		sd_event_exit(a->loop, -ENOMEM);
		return;
	}
	/* before its first evaluation the engine has nothing to say */
	if (!a->ready)
		return;
	vs_record_begin(a);
	vs_record_end(a, true);
}

/* @history: the one to go on with; NULL: as before */
static void vs_reload_apply(struct vs_agent *a, const struct vs_conf *old,
			    struct vs_history *history)
{
	/* who follows one history cannot go on in another */
	bool interface = history || vs_reload_interface(old, a->conf);

	if (interface)
		vs_interface_stop(a);
	/* before the history goes that has what waits */
	if (vs_reload_differs(old->syslog, a->conf->syslog))
		vs_outlets_change(a);
	if (history) {
		vs_outlets_leave(a);
		vs_reload_record(a, history);
		vs_outlets_resume(a);
	}
	if (vs_reload_engine(old, a->conf))
		vs_reload_tell_engine(a);
	if (vs_reload_manager(old, a->conf)) {
		vs_manager_stop(a);
		vs_manager_start(a);
	} else {
		vs_manager_refresh(a, true);
	}
	if (vs_reload_promise(old, a->conf) && a->appliance.session.attached) {
		vs_appliance_resign(a);
		vs_appliance_resume(a);
	}
	if (interface)
		vs_interface_start(a);
	vs_binder_afresh(a);
	vs_pass_plan(a);
}

/* what is wrong with it, a line each */
static void vs_reload_wrong(char *text)
{
	char *line;

	while ((line = strsep(&text, "\n"))) {
		if (*line)
			vs_agent_log(LOG_ERR, "%s", line);
	}
}

void vs_agent_reload(struct vs_agent *a)
{
	struct vs_conf *new, *old = a->conf;
	struct vs_history *history = NULL;
	struct vs_buf why = { 0 };
	bool good;

	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%llu",
		   (unsigned long long)vs_pass_clock());
	good = !vs_conf_load(&new, a->conf_path, &why);
	vs_reload_wrong(why.data);
	/* before the one that we have is let go of */
	if (good && vs_reload_history(old, new))
		good = !vs_record_open(a, new->database, &history);
	if (!good) {
		vs_agent_log(LOG_ERR, _("the configuration stays as it was"));
		vs_conf_free(new);
	} else {
		a->conf = new;
		vs_reload_apply(a, old, history);
		vs_conf_free(old);
		vs_agent_log(LOG_NOTICE, _("the configuration was read "
					   "again"));
	}
	vs_buf_free(&why);
	sd_notify(0, "READY=1");
}
