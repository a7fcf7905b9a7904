// SPDX-License-Identifier: GPL-2.0-only
/* The ladder: everything up, and down in reverse. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/random.h>
#include <syslog.h>
#include <systemd/sd-daemon.h>

#include "cli/memory.h"
#include "daemon/agent.h"
#include "host/leftover.h"
#include "po/i18n.h"
#include "recover/recover.h"

struct vs_engine_config vs_agent_engine(const struct vs_conf *conf)
{
	struct vs_engine_config config = {
		.host = conf->host,
		.grace = conf->grace,
		.debounce = conf->debounce,
		.max_age = conf->max_age,
		.driver_optional = conf->driver_optional,
	};

	/* without it, hashing can be guessed, and no more */
	(void)!getrandom(&config.hash_seed, sizeof(config.hash_seed), 0);
	return config;
}

static int vs_agent_signal(sd_event_source *source,
			   const struct signalfd_siginfo *si, void *ctx)
{
	struct vs_agent *a = ctx;

	(void)source;
	switch (si->ssi_signo) {
	case SIGHUP:
		vs_agent_reload(a);
		break;
	case SIGUSR1:
		vs_agent_log(LOG_NOTICE, _("giving up the appliance session, "
					   "as asked for"));
		vs_appliance_resign(a);
		break;
	case SIGUSR2:
		vs_appliance_resume(a);
		break;
	default:
		sd_event_exit(a->loop, 0);
	}
	return 0;
}

static int vs_agent_signals(struct vs_agent *a)
{
	static const int all[] = {
		SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2,
	};
	sigset_t set;
	int ret = 0;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		sigaddset(&set, all[i]);
	/* before there is a thread that might take one */
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all) && ret >= 0; i++)
		ret = sd_event_add_signal(a->loop, NULL, all[i],
					  vs_agent_signal, a);
	return ret;
}

/* beside what the history keeps apart by itself: nobody else tidies up */
static void vs_agent_tidy(void)
{
	vs_leftover_files(VS_WINDOW_PATH);
	vs_leftover_files(VS_MEMORY_PATH);
}

static int vs_agent_up(struct vs_agent *a)
{
	struct vs_history *history;
	int ret = vs_agent_signals(a);

	if (ret >= 0)
		ret = sd_event_set_watchdog(a->loop, true);
	if (ret >= 0)
		ret = vs_outlets_start(a);
	if (ret >= 0)
		ret = vs_record_open(a, a->conf->database, &history);
	if (ret >= 0)
		ret = vs_record_start(a, history);
	if (ret >= 0) {
		vs_agent_tidy();
		vs_record_restore(a);
		vs_claims_restore(a);
		vs_outlets_resume(a);
		ret = vs_doorbell_start(a);
	}
	if (ret >= 0)
		ret = vs_route_start(a);
	if (ret >= 0) {
		vs_appliance_attach(a, VS_DRIVER_PATIENCE);
		ret = vs_manager_start(a);
	}
	if (ret >= 0) {
		vs_agent_halves(a, VS_RECOVER_KEEP);
		vs_interface_start(a);
		vs_pass_plan(a);
	}
	return ret;
}

static void vs_agent_down(struct vs_agent *a)
{
	vs_interface_stop(a);
	vs_jobs_free(a->jobs);
	vs_manager_stop(a);
	vs_arrival_stop(a);
	vs_binder_stop(a);
	vs_appliance_stop(a);
	vs_route_stop(a);
	vs_doorbell_stop(a);
	vs_pass_stop(a);
	vs_outlets_settle(a);
	vs_record_stop(a);
	vs_outlets_stop(a);
	vs_claims_free(a);
	sd_event_source_disable_unref(a->doorbell.again);
	vs_engine_free(a->engine);
	sd_event_unref(a->loop);
}

enum vs_exit vs_agent_run(const char *conf_path, struct vs_conf **conf)
{
	struct vs_agent a = { .conf_path = conf_path, .conf = *conf };
	struct vs_engine_config config = vs_agent_engine(*conf);
	int ret;

	a.appliance.session.fd = -1;
	a.started = vs_agent_now(&a);
	a.engine = vs_engine_new(&config);
	ret = a.engine ? sd_event_default(&a.loop) : -ENOMEM;
	if (ret >= 0)
		ret = vs_agent_up(&a);
	if (ret >= 0)
		ret = sd_event_loop(a.loop);
	/* another agent has our place, which was said */
	if (ret < 0 && ret != -EALREADY)
		vs_agent_log(LOG_ERR, _("cannot go on: %s"), strerror(-ret));
	sd_notify(0, "STOPPING=1");
	vs_agent_down(&a);
	*conf = a.conf;
	return ret == -EALREADY ? VS_EXIT_UNAVAILABLE :
	       ret < 0 ? VS_EXIT_FAILED : VS_EXIT_FINE;
}
