// SPDX-License-Identifier: GPL-2.0-only
/* R0: wait. R7: synchronise now. */
#include <errno.h>

#include "host/clock.h"
#include "po/i18n.h"
#include "recover/step.h"

/* between two looks, milliseconds */
#define VS_WAIT_PAUSE 2000

int vs_plan_wait(struct vs_recovery *r)
{
	vs_recovery_will(r, _("compare the lists every %d s until the VM is in "
			      "sync, for %u s at most"), VS_WAIT_PAUSE / 1000,
			 r->timeout);
	return 0;
}

int vs_run_wait(struct vs_recovery *r)
{
	long long begin = vs_clock_steady();
	enum vs_state state, said = VS_STATE_COUNT;
	unsigned int spent;
	int ret;

	for (;;) {
		ret = vs_recovery_look(r);
		if (ret)
			return ret;
		state = vs_recovery_state(r);
		if (state != said)
			vs_progress_say(r->progress, "%s",
					vs_text_state(vs_i18n_lang(), state));
		said = state;
		spent = (vs_clock_steady() - begin) / 1000;
		if (state <= VS_STATE_IN_SYNC)
			return 0;
		if (spent >= r->timeout)
			return vs_recovery_fail(r, -ETIMEDOUT,
						_("it has not healed within "
						  "%u s"), r->timeout);
		vs_progress_tick(r->progress, _("waiting"), spent, -1);
		if (vs_progress_wait(r->progress, VS_WAIT_PAUSE))
			return vs_recovery_fail(r, -ECANCELED,
						_("it was called off; nothing "
						  "was changed"));
	}
}

int vs_plan_sync(struct vs_recovery *r)
{
	vs_recovery_will(r, _("bind the ports that VMs hold and that are not "
			      "bound"));
	if (!vs_uuid_is_nil(&r->uuid))
		vs_recovery_will(r, _("bind those of the VM's own anew that "
				      "are bound as something else"));
	vs_recovery_will(r, _("read every list afresh and compare"));
	return 0;
}

/* all ports, and those of the VM that was asked for whatever they are bound as
 */
static int vs_sync_bind(struct vs_recovery *r, struct vs_error *error)
{
	struct vs_look_bound sum;
	int ret = vs_look_bind(NULL, r->progress, &sum, error);

	if (!ret && !vs_uuid_is_nil(&r->uuid))
		ret = vs_look_rebind(&r->uuid, r->progress, &sum, error);
	return ret;
}

int vs_run_sync(struct vs_recovery *r)
{
	struct vs_error error;
	int ret = 0;

	/* a driver that is away is what the look is going to tell */
	if (!r->look->driver &&
	    vs_sync_bind(r, &error) && error.why != VS_WHY_NOT_LOADED)
		ret = vs_recovery_error(r, -EIO, &error);
	return ret ? ret : vs_recovery_look(r);
}
