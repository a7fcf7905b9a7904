// SPDX-License-Identifier: GPL-2.0-only
/* What befell the host: blindness (C2, C5) and a lost appliance (C4, C5). */
#include "driver/module.h"
#include "recover/case.h"

static void vs_case_inventory(struct vs_case *w)
{
	const struct vs_source_view *s = &w->all.source[VS_SOURCE_MANAGER];
	char age[VS_CASE_NUMBER];

	if (s->available)
		return;
	if (s->error.why == VS_WHY_TOO_OLD)
		vs_evidence_add(&w->evidence, VS_CLUE_STALE,
				vs_case_seconds(age, w->now -
						    s->info.read_at));
	else
		vs_evidence_error(&w->evidence, VS_CLUE_UNREACHABLE,
				  &s->error);
}

static void vs_case_problem(struct vs_evidence *ev,
			    const struct vs_module_report *r,
			    enum vs_module_problem problem)
{
	switch (problem) {
	case VS_MODULE_NO_SUPPORT:
		vs_evidence_add(ev, VS_CLUE_NO_SUPPORT, r->kernel);
		break;
	case VS_MODULE_DISABLED:
		vs_evidence_add(ev, VS_CLUE_DISABLED);
		break;
	case VS_MODULE_OTHER_KERNEL:
		vs_evidence_add(ev, VS_CLUE_OTHER_KERNEL, r->other, r->kernel);
		break;
	case VS_MODULE_NOT_INSTALLED:
		vs_evidence_add(ev, VS_CLUE_NOT_INSTALLED, r->kernel);
		break;
	case VS_MODULE_NOT_INDEXED:
		vs_evidence_add(ev, VS_CLUE_NOT_INDEXED, r->path, r->kernel);
		break;
	case VS_MODULE_WRONG_KERNEL:
		vs_evidence_add(ev, VS_CLUE_WRONG_KERNEL, r->path, r->vermagic,
				r->kernel);
		break;
	case VS_MODULE_UNSIGNED:
		vs_evidence_add(ev, VS_CLUE_UNSIGNED, r->path);
		break;
	case VS_MODULE_LOCKDOWN:
		vs_evidence_add(ev, VS_CLUE_LOCKDOWN, r->path, r->lockdown);
		break;
	case VS_MODULE_UNKNOWN_KEY:
		vs_evidence_add(ev, VS_CLUE_UNKNOWN_KEY, r->path,
				*r->signer ? r->signer : "-");
		break;
	case VS_MODULE_BLACKLISTED:
		vs_evidence_add(ev, VS_CLUE_BLACKLISTED, r->blacklisted);
		break;
	case VS_MODULE_REPLACED:
		vs_evidence_add(ev, VS_CLUE_REPLACED, r->install);
		break;
	case VS_MODULE_PROBLEMS:
		break;
	}
}

static void vs_case_not_loaded(struct vs_case *w)
{
	struct vs_evidence *ev = &w->evidence;
	struct vs_module_report r;
	unsigned int problems;

	vs_evidence_add(ev, VS_CLUE_NOT_LOADED);
	/* a snapshot does not tell why */
	if (!w->live)
		return;
	vs_module_examine(&r, "");
	problems = vs_module_problems(&r);
	for (int i = 0; i < VS_MODULE_PROBLEMS; i++) {
		if (problems >> i & 1)
			vs_case_problem(ev, &r, i);
	}
	if (r.proc_hidden || r.files_hidden)
		vs_evidence_add(ev, VS_CLUE_UNSEEN);
	else if (!problems && *r.path)
		vs_evidence_add(ev, VS_CLUE_LOADABLE, r.path);
	if (*r.log)
		vs_evidence_add(ev, VS_CLUE_KERNEL_LOG, r.log);
}

/* what that did to the VM's own vNICs */
static void vs_case_modes(struct vs_case *w)
{
	const struct vs_driver_table *t = &w->host->reading.table;

	for (size_t i = 0; i < t->vnics.n; i++) {
		struct vs_driver_fact fact;

		fact = vs_driver_vnic_fact(&t->vnics.v[i]);
		if (fact.bound && w->found &&
		    vs_uuid_cmp(&fact.vm, &w->uuid) == 0 &&
		    (fact.mode == VS_MODE_LOST_OPEN ||
		     fact.mode == VS_MODE_LOST_CLOSED))
			vs_evidence_add(&w->evidence, VS_CLUE_MODE_LOST,
					fact.port, vs_mode_word(fact.mode));
	}
}

static void vs_case_lost(struct vs_case *w)
{
	const struct vs_driver_host *h = &w->host->reading.table.host;
	char epoch[VS_CASE_NUMBER], pid[VS_CASE_NUMBER];

	vs_case_number(epoch, w->all.driver.epoch);
	vs_case_number(pid, h->appliance_pid);
	if (!w->all.driver.reset) {
		vs_evidence_add(&w->evidence, VS_CLUE_APPLIANCE_LOST, epoch,
				pid);
		return;
	}
	if (h->appliance_state == VMSAFE_NET_APPLIANCE_STATE_ATTACHED)
		vs_evidence_add(&w->evidence, VS_CLUE_SESSION_TAKEN, pid,
				epoch);
	else
		vs_evidence_add(&w->evidence, VS_CLUE_SESSION_RESET);
	vs_case_modes(w);
}

static void vs_case_driver(struct vs_case *w)
{
	const struct vs_source_view *s = &w->all.source[VS_SOURCE_DRIVER];
	const struct vs_driver_info *info = &w->all.driver;
	char driver[VS_CASE_NUMBER], agent[VS_CASE_NUMBER];

	if (info->state == VS_DRIVER_NOT_LOADED)
		vs_case_not_loaded(w);
	else if (info->state == VS_DRIVER_ABI_MISMATCH)
		vs_evidence_add(&w->evidence, VS_CLUE_ABI,
				vs_case_number(driver, info->abi_driver),
				vs_case_number(agent, info->abi_agent));
	else if (info->state == VS_DRIVER_IOCTL_FAILS)
		vs_evidence_error(&w->evidence, VS_CLUE_IOCTL_FAILED,
				  info->error.op ? &info->error : &s->error);
	else if (!s->available)
		vs_evidence_error(&w->evidence, VS_CLUE_IOCTL_FAILED,
				  &s->error);
	else if (info->state == VS_DRIVER_APPLIANCE_LOST)
		vs_case_lost(w);
}

void vs_case_host(struct vs_case *w)
{
	vs_case_driver(w);
	vs_case_inventory(w);
}
