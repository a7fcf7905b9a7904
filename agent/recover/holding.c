// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "driver/session.h"
#include "host/clock.h"
#include "host/opener.h"
#include "po/i18n.h"
#include "recover/holding.h"
#include "recover/running.h"

/* another command that asks and goes is done in no time, milliseconds */
#define VS_HOLDING_PATIENCE 2000
/* until the agent has done what it is asked, and between looks, milliseconds */
#define VS_HOLDING_DEADLINE 20000
#define VS_HOLDING_POLL 100
/* between heartbeats that are promised, milliseconds; we are gone before */
#define VS_HOLDING_INTERVAL 60000

enum vs_holder vs_holding_who(const struct vs_driver_host *host,
			      const struct vs_unit *unit, pid_t running)
{
	switch (host->appliance_state) {
	case VMSAFE_NET_APPLIANCE_STATE_RESET:
		return VS_HOLDER_LEFT;
	case VMSAFE_NET_APPLIANCE_STATE_ATTACHED:
	case VMSAFE_NET_APPLIANCE_STATE_LOST:
		break;
	default:
		return VS_HOLDER_NONE;
	}
	if (unit->known && unit->pid &&
	    (uint32_t)unit->pid == host->appliance_pid)
		return VS_HOLDER_AGENT;
	if (host->appliance_state == VMSAFE_NET_APPLIANCE_STATE_LOST)
		return VS_HOLDER_HANGS;
	return running && (uint32_t)running == host->appliance_pid ?
	       VS_HOLDER_RUNNING : VS_HOLDER_OTHER;
}

int vs_holding_read(struct vs_holding *a,
		    const struct vs_progress *progress,
		      struct vs_error *error)
{
	struct vs_client c;
	int ret;

	*a = (struct vs_holding){ 0 };
	vs_unit_read(&a->unit, progress);
	ret = vs_client_open(&c, error);
	if (ret)
		return ret;
	ret = vs_client_host(&c, &a->host, error);
	vs_client_close(&c);
	if (ret)
		return ret;
	a->running = vs_running_find(a->unit.pid);
	a->holder = vs_holding_who(&a->host, &a->unit, a->running);
	snprintf(a->comm, sizeof(a->comm), "?");
	if (a->host.appliance_pid)
		vs_process_comm(a->host.appliance_pid, a->comm);
	return 0;
}

/* does the agent see to it, being asked to? */
static bool vs_holding_by_signal(const struct vs_holding *a)
{
	return a->running && (a->holder == VS_HOLDER_RUNNING ||
			      a->holder == VS_HOLDER_NONE ||
			      a->holder == VS_HOLDER_LEFT);
}

/* does systemd see to it? */
static bool vs_holding_by_unit(const struct vs_holding *a)
{
	return a->unit.known && (a->holder == VS_HOLDER_AGENT ||
				 a->holder == VS_HOLDER_NONE ||
				 a->holder == VS_HOLDER_LEFT);
}

static const char *vs_holding_verb(enum vs_holding_op op)
{
	switch (op) {
	case VS_HOLDING_DEACTIVATE:
		return "stop";
	case VS_HOLDING_ACTIVATE:
		return "start";
	default:
		return "restart";
	}
}

static void vs_holding_asks(struct vs_buf *text, pid_t pid,
			    enum vs_holding_op op)
{
	const char *what =
		op == VS_HOLDING_DEACTIVATE ?
		_("have vmsafe-agent (process %d) give the session up") :
		op == VS_HOLDING_ACTIVATE ?
		_("have vmsafe-agent (process %d) take the session") :
		_("have vmsafe-agent (process %d) give the session up and "
		  "take it again");

	vs_buf_addf(text, what, pid);
}

int vs_holding_plan(const struct vs_holding *a, enum vs_holding_op op,
		    struct vs_buf *text)
{
	if (a->holder == VS_HOLDER_OTHER && !a->host.appliance_pid) {
		vs_buf_add(text, _("a process outside of this PID namespace "
				   "holds the session and answers: end or "
				   "restart it where it runs"));
		return -EPERM;
	}
	if (a->holder == VS_HOLDER_OTHER) {
		vs_buf_addf(text, _("process %u (%s) holds the session and "
				    "answers: end or restart it in its own "
				    "way"), a->host.appliance_pid, a->comm);
		return -EPERM;
	}
	if (vs_holding_by_signal(a)) {
		vs_holding_asks(text, a->running, op);
		return 0;
	}
	if (vs_holding_by_unit(a)) {
		vs_buf_addf(text, "systemctl %s %s", vs_holding_verb(op),
			    VS_UNIT_NAME);
		return 0;
	}
	if (op == VS_HOLDING_ACTIVATE) {
		vs_buf_addf(text, _("there is no %s here, and an appliance "
				    "has to stay: start vmsafe-agent by "
				    "hand"), VS_UNIT_NAME);
		return -EPERM;
	}
	if (a->holder == VS_HOLDER_HANGS)
		vs_buf_addf(text, _("take the session over from process %u "
				    "(%s), which does not answer, and give it "
				    "up"), a->host.appliance_pid, a->comm);
	else
		vs_buf_add(text, _("take the session, and give it up in good "
				   "order"));
	return 0;
}

/*
 * The attach of one that promises heartbeats ends what was left behind, and
 * its detach leaves nothing behind; a visitor's would change nothing.
 */
static int vs_holding_pass(const struct vs_holding *a,
			   const struct vs_progress *progress,
			     struct vs_buf *why)
{
	struct vs_error error;
	struct vs_session s;
	int ret = vs_session_open(&s, 0, &error);

	if (!ret) {
		s.interval = VS_HOLDING_INTERVAL;
		s.tolerance = 1;
		ret = a->holder == VS_HOLDER_HANGS ?
		      vs_session_take_over(&s, &error) :
		      vs_session_attach(&s, VS_HOLDING_PATIENCE, &error);
		if (!ret)
			vs_progress_say(progress,
					_("the session is ours, epoch %llu"),
					(unsigned long long)s.epoch);
		if (!ret)
			ret = vs_session_detach(&s, &error);
		vs_session_close(&s);
	}
	if (ret)
		vs_text_error(why, vs_i18n_lang(), &error);
	else
		vs_progress_say(progress, _("the session is given up"));
	return ret;
}

/* does the driver say that the agent has the session, or that it has not? */
static bool vs_holding_is(pid_t pid, bool held)
{
	struct vs_driver_host host;
	struct vs_error error;
	struct vs_client c;
	bool read, attached;

	if (vs_client_open(&c, &error))
		return false;
	read = !vs_client_host(&c, &host, &error);
	vs_client_close(&c);
	attached = read && host.appliance_pid == (uint32_t)pid &&
		   host.appliance_state ==
		   VMSAFE_NET_APPLIANCE_STATE_ATTACHED;
	return read && attached == held;
}

/* ask it, and wait until the driver says that it has done so */
static int vs_holding_ask(pid_t pid, bool take,
			  const struct vs_progress *progress,
			  struct vs_buf *why)
{
	int64_t end = vs_clock_steady() + VS_HOLDING_DEADLINE;
	int ret = vs_running_signal(pid, take ? SIGUSR2 : SIGUSR1);

	if (ret) {
		vs_buf_addf(why, _("vmsafe-agent (process %d) cannot be "
				   "asked: %s"), pid, strerror(-ret));
		return ret;
	}
	while (!ret && !vs_holding_is(pid, take)) {
		if (vs_clock_steady() >= end)
			ret = -ETIMEDOUT;
		else
			ret = vs_progress_wait(progress, VS_HOLDING_POLL);
	}
	if (ret == -ETIMEDOUT)
		vs_buf_addf(why, _("vmsafe-agent (process %d) was asked, and "
				   "has not done it; its log says why"), pid);
	else if (ret)
		vs_buf_add(why, _("it was called off"));
	else
		vs_progress_say(progress, take ?
				_("vmsafe-agent has taken the session") :
				_("vmsafe-agent has given the session up"));
	return ret;
}

int vs_holding_do(const struct vs_holding *a, enum vs_holding_op op,
		  const struct vs_progress *progress, struct vs_buf *why)
{
	int ret = 0;

	if (vs_holding_by_signal(a)) {
		if (op != VS_HOLDING_ACTIVATE)
			ret = vs_holding_ask(a->running, false, progress, why);
		if (!ret && op != VS_HOLDING_DEACTIVATE)
			ret = vs_holding_ask(a->running, true, progress, why);
		return ret;
	}
	if (vs_holding_by_unit(a))
		return vs_unit_do(vs_holding_verb(op), progress, why);
	return vs_holding_pass(a, progress, why);
}
