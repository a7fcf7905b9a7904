// SPDX-License-Identifier: GPL-2.0-only
/* R1: save and start again. R2: shut down and start again. */
#include <errno.h>
#include <libvirt/libvirt.h>
#include <stdlib.h>

#include "po/i18n.h"
#include "recover/step.h"

/* a start is not called off, so --timeout does not shorten it, seconds */
#define VS_POWER_START 180

/* it is off, and that must not be how it is left */
static int vs_power_start(struct vs_recovery *r, bool saved)
{
	struct vs_virt_request start = {
		.op = VS_VIRT_START,
		.deadline = (r->timeout > VS_POWER_START ? r->timeout :
			     VS_POWER_START) * 1000,
		.what = _("starting"),
	};
	char *virsh;
	int ret;

	vs_progress_say(r->progress, _("starting %s"), r->virt.name);
	ret = vs_virt_ask(&r->virt, &start);
	if (ret)
		vs_recovery_failed(r, ret);
	/* somebody else may have started it, or it was only slow */
	if (ret && ret != -ENOENT && !vs_virt_do(&r->virt, VS_VIRT_STATE, 0) &&
	    vs_virt_is_active(r->virt.number))
		ret = 0;
	if (!ret) {
		vs_half_end(r);
		return 0;
	}
	virsh = vs_recovery_virsh(r, "start", r->virt.name);
	vs_recovery_leave(r, saved ?
			  _("%s is saved to disk and does not run; start it: "
			    "%s") : _("%s is off; start it: %s"),
			  r->virt.name, virsh);
	free(virsh);
	return ret;
}

/* what was called off or failed may have come to pass all the same */
static bool vs_power_is_off(struct vs_recovery *r)
{
	return !vs_virt_do(&r->virt, VS_VIRT_STATE, 0) &&
	       !vs_virt_is_active(r->virt.number);
}

int vs_plan_save(struct vs_recovery *r)
{
	vs_recovery_will(r, _("save %s with its memory to disk, within %u s"),
			 r->virt.name, r->timeout);
	vs_recovery_will(r, _("start it from there, with new ports"));
	vs_recovery_will(r, _("bind its ports, read every list and compare"));
	return 0;
}

int vs_run_save(struct vs_recovery *r)
{
	const struct vs_virt_request save = {
		.op = VS_VIRT_SAVE, .deadline = r->timeout * 1000,
		.what = _("saving"), .stop = true,
	};
	int after, ret = vs_half_begin(r, VS_STEP_R1, false);

	if (ret)
		return ret;
	vs_progress_say(r->progress, _("saving %s to disk"), r->virt.name);
	ret = vs_virt_ask(&r->virt, &save);
	if (!ret)
		return vs_power_start(r, true);
	vs_recovery_failed(r, ret);
	if (vs_power_is_off(r)) {
		/* too late to be called off: back to how it was */
		after = vs_power_start(r, true);
		return after ? after : ret;
	}
	if (ret == -ETIMEDOUT && r->virt.hung) {
		vs_recovery_leave(r, _("%s may be saved yet; \"virsh list "
				       "--all\" shows what became of it"),
				  r->virt.name);
		return ret;
	}
	vs_half_end(r);
	vs_progress_say(r->progress, _("%s runs on as before"), r->virt.name);
	return ret;
}

int vs_plan_cycle(struct vs_recovery *r)
{
	int ret = vs_virt_do(&r->virt, VS_VIRT_STATE, 0);

	if (ret)
		return vs_recovery_failed(r, ret);
	if (r->virt.number == VIR_DOMAIN_PAUSED && !r->force)
		return vs_recovery_fail(r, -EPERM,
					_("%s is paused, so its guest cannot "
					  "shut down; resume it, or power it "
					  "off with --force"), r->virt.name);
	vs_recovery_will(r, _("ask the guest of %s to shut down, and wait "
			      "%u s for it"), r->virt.name, r->timeout);
	if (r->force)
		vs_recovery_will(r, _("if it does not: power it off"));
	vs_recovery_will(r, _("start it again, with new ports"));
	vs_recovery_will(r, _("bind its ports, read every list and compare"));
	return 0;
}

static int vs_cycle_stopped(struct vs_recovery *r)
{
	char *virsh = vs_recovery_virsh(r, "start", r->virt.name);

	vs_recovery_leave(r, _("%s has been asked to shut down and may do so "
			       "yet; then it is to be started: %s"),
			  r->virt.name, virsh);
	free(virsh);
	return vs_recovery_fail(r, -ECANCELED, _("it was called off"));
}

static int vs_cycle_late(struct vs_recovery *r)
{
	char *virsh;

	if (r->force) {
		vs_progress_say(r->progress, _("powering %s off"),
				r->virt.name);
		if (!vs_virt_do(&r->virt, VS_VIRT_DESTROY, 0) ||
		    vs_power_is_off(r))
			return 0;
		return vs_recovery_failed(r, -EIO);
	}
	virsh = vs_recovery_virsh(r, "start", r->virt.name);
	vs_recovery_leave(r, _("shut it down from within, or try again with "
			       "--force to power it off; should it go down "
			       "late, it is to be started: %s"), virsh);
	free(virsh);
	return vs_recovery_fail(r, -ETIMEDOUT,
				_("%s still runs %u s after it was asked to "
				  "shut down"), r->virt.name, r->timeout);
}

int vs_run_cycle(struct vs_recovery *r)
{
	int ret = vs_half_begin(r, VS_STEP_R2, false);

	if (ret)
		return ret;
	vs_progress_say(r->progress, _("asking %s to shut down"),
			r->virt.name);
	ret = vs_virt_do(&r->virt, VS_VIRT_SHUTDOWN, 0);
	if (ret && !vs_power_is_off(r) && !r->force) {
		if (!r->virt.hung)
			vs_half_end(r);
		return vs_recovery_failed(r, ret);
	}
	ret = vs_virt_await(&r->virt, r->timeout, _("shutting down"));
	if (ret == -ECANCELED)
		return vs_cycle_stopped(r);
	if (ret == -ETIMEDOUT && !r->virt.hung)
		ret = vs_cycle_late(r);
	else if (ret)
		ret = vs_recovery_failed(r, ret);
	if (!ret)
		return vs_power_start(r, false);
	/* it is said what it may do yet; nothing is half done */
	if (!r->virt.hung && !vs_virt_do(&r->virt, VS_VIRT_STATE, 0) &&
	    vs_virt_is_active(r->virt.number))
		vs_half_end(r);
	return ret;
}

int vs_power_resume(struct vs_recovery *r, bool saved)
{
	int ret = vs_virt_do(&r->virt, VS_VIRT_STATE, 0);

	if (ret)
		return vs_recovery_failed(r, ret);
	if (!vs_virt_is_active(r->virt.number))
		return vs_power_start(r, saved);
	vs_progress_say(r->progress, _("%s runs, so there is nothing left to "
				       "do"), r->virt.name);
	vs_half_end(r);
	return 0;
}
