// SPDX-License-Identifier: GPL-2.0-only
/* R8, R9, R10, P1 and P2: steps that look, say or only hold events back. */
#include <errno.h>
#include <string.h>

#include "po/i18n.h"
#include "recover/reach.h"
#include "recover/step.h"
#include "recover/unit.h"
#include "recover/window.h"

/* an inventory that takes longer is slow, milliseconds */
#define VS_ADVICE_SLOW 2000

int vs_plan_restart(struct vs_recovery *r)
{
	vs_recovery_will(r, _("measure how long the inventory takes to "
			      "answer, and say what to restart"));
	return 0;
}

int vs_run_restart(struct vs_recovery *r)
{
	bool file = strncmp(r->inventory, "file:", 5) == 0;
	char safe[256];
	int ret = vs_recovery_look(r);

	if (ret)
		return ret;
	vs_name_escape(safe, sizeof(safe), file ? r->inventory + 5 : r->uri);
	vs_progress_say(r->progress, _("reading the inventory took %u ms"),
			r->look->spent);
	if (strncmp(r->inventory, "vsphere:", 8) == 0)
		vs_progress_say(r->progress,
				_("restart the inventory's service on vCenter, "
				  "which leaves guests running: "
				  "service-control --restart vpxd"));
	else if (file)
		vs_progress_say(r->progress,
				_("the inventory is a file, %s: restart what "
				  "writes it"), safe);
	else
		vs_progress_say(r->progress,
				_("restart the inventory (libvirt at %s), "
				  "which leaves guests running: systemctl "
				  "restart libvirtd, or virtqemud where there "
				  "is one"), safe);
	vs_progress_say(r->progress,
			_("then the Manager: systemctl restart %s"),
			VS_UNIT_NAME);
	if (r->look->spent > VS_ADVICE_SLOW)
		vs_progress_say(r->progress,
				_("it is slow: if it keeps coming back, give "
				  "that host more CPU and memory"));
	return 0;
}

int vs_plan_reach(struct vs_recovery *r)
{
	vs_recovery_will(r, _("go the way to the inventory step by step"));
	return 0;
}

int vs_run_reach(struct vs_recovery *r)
{
	struct vs_reach reach;
	int ret = vs_reach(&reach, r->inventory, VS_VIRT_DEADLINE,
			   r->progress);

	for (int i = 0; i < VS_REACH_STEPS && ret; i++) {
		const struct vs_reach_row *row = &reach.row[i];

		if (row->result == VS_REACH_FAIL)
			vs_recovery_fail(r, ret, "%s: %s%s%s",
					 _(vs_reach_name(i)), row->detail,
					 row->advice ? "; " : "",
					 row->advice ? row->advice : "");
	}
	if (ret == -ECANCELED)
		vs_recovery_fail(r, ret, _("it was called off; nothing was "
					   "changed"));
	return ret;
}

int vs_plan_module(struct vs_recovery *r)
{
	vs_recovery_will(r, _("check the module and the driver's interfaces, "
			      "as \"vmsafe doctor\" does"));
	return 0;
}

int vs_run_module(struct vs_recovery *r)
{
	if (r->module && r->module(r))
		return vs_recovery_fail(r, -EIO,
					_("the Filter Driver is not properly "
					  "loaded: see above"));
	return 0;
}

int vs_plan_window(struct vs_recovery *r)
{
	char safe[VS_NAME_ESCAPED];

	int ret = vs_name_check(r->vm);

	vs_name_escape(safe, sizeof(safe), r->vm);
	if (ret)
		return vs_recovery_fail(r, -EPERM, ret == -ENAMETOOLONG ?
					_("\"%s\" is over 64 bytes, so give "
					  "the VM's UUID") :
					_("\"%s\" is no name of a VM"), safe);
	vs_recovery_will(r, _("hold events about %s back for %u s, then sum "
			      "them up"), safe, r->length);
	vs_recovery_will(r, _("the placement of VMs by itself is yours to "
			      "switch to manual meanwhile"));
	return 0;
}

int vs_run_window(struct vs_recovery *r)
{
	struct vs_windows w;
	struct vs_error error;
	int ret = vs_windows_open(&w, r->window, &error), closed;

	if (!ret && !vs_windows_add(&w, r->vm, r->clock(), r->length))
		ret = vs_error_set(&error, VS_OP_WRITE_FILE, VS_WHY_NONE,
				   ENOSPC, _("there are %d windows already"),
				   VS_WINDOWS_MAX);
	closed = vs_windows_close(&w, ret ? NULL : &error);
	if (ret || closed)
		return vs_recovery_error(r, ret ? ret : closed, &error);
	vs_progress_say(r->progress,
			_("maintenance has begun; \"vmsafe maintenance stop\" "
			  "ends it before its time"));
	return 0;
}

int vs_plan_clone(struct vs_recovery *r)
{
	vs_recovery_will(r, _("say how a clone is to be made"));
	return 0;
}

int vs_run_clone(struct vs_recovery *r)
{
	vs_progress_say(r->progress,
			_("do not clone a VM that is protected: clone one "
			  "that never ran here, and give the clone a UUID and "
			  "MAC addresses of its own (virt-clone does)"));
	vs_progress_say(r->progress,
			_("of a clone that exists: R5 with --new-macs, then "
			  "R2, give it MAC addresses of its own"));
	return 0;
}
