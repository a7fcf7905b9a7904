// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libvirt/libvirt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/clock.h"
#include "po/i18n.h"
#include "recover/step.h"

/* between two looks while the VM settles, milliseconds */
#define VS_SETTLE_PAUSE 500

static const struct vs_step_info vs_steps[VS_STEP_COUNT] = {
	[VS_STEP_R0] = { VS_NEED_VM, false, false, vs_plan_wait,
			 vs_run_wait },
	[VS_STEP_R1] = { VS_NEED_DOMAIN | VS_NEED_RUNNING | VS_NEED_DEFINED,
			 true, true, vs_plan_save, vs_run_save },
	[VS_STEP_R2] = { VS_NEED_DOMAIN | VS_NEED_RUNNING | VS_NEED_DEFINED,
			 true, true, vs_plan_cycle, vs_run_cycle },
	[VS_STEP_R3] = { VS_NEED_DRIVER, false, true, vs_plan_session,
			 vs_run_session },
	[VS_STEP_R4] = { VS_NEED_DOMAIN | VS_NEED_RUNNING | VS_NEED_TARGET,
			 true, false, vs_plan_migrate, vs_run_migrate },
	[VS_STEP_R5] = { VS_NEED_DOMAIN | VS_NEED_DEFINED, true, false,
			 vs_plan_register, vs_run_register },
	[VS_STEP_R6] = { VS_NEED_VM | VS_NEED_DRIVER, true, false,
			 vs_plan_inactive, vs_run_inactive },
	[VS_STEP_R7] = { VS_NEED_VM, false, true, vs_plan_sync, vs_run_sync },
	[VS_STEP_R8] = { 0, false, false, vs_plan_restart, vs_run_restart },
	[VS_STEP_R9] = { 0, false, false, vs_plan_reach, vs_run_reach },
	[VS_STEP_R10] = { 0, false, false, vs_plan_module, vs_run_module },
	[VS_STEP_R11] = { 0, false, true, vs_plan_agent, vs_run_agent },
	[VS_STEP_P1] = { 0, false, false, vs_plan_window, vs_run_window },
	[VS_STEP_P2] = { 0, false, false, vs_plan_clone, vs_run_clone },
};

const struct vs_step_info *vs_step_info(enum vs_step step)
{
	return &vs_steps[step];
}

void vs_need_text(struct vs_buf *buf, unsigned int needs)
{
	static const struct {
		unsigned int bit;
		const char *text;
	} rows[] = {
		{ VS_NEED_VM, N_("a VM that a list has") },
		{ VS_NEED_DOMAIN, N_("a domain of libvirt") },
		{ VS_NEED_RUNNING, N_("that it runs") },
		{ VS_NEED_DEFINED, N_("that it has a definition") },
		{ VS_NEED_DRIVER, N_("the Filter Driver, loaded") },
		{ VS_NEED_TARGET, N_("another protected host") },
	};
	const char *comma = "";

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (!(needs & rows[i].bit))
			continue;
		vs_buf_addf(buf, "%s%s", comma, _(rows[i].text));
		comma = ", ";
	}
}

static void vs_buf_line(struct vs_buf *buf, const char *end, const char *fmt,
			va_list ap)
{
	char *text = NULL;

	if (vasprintf(&text, fmt, ap) < 0)
		return;
	vs_buf_addf(buf, "%s%s", text, end);
	free(text);
}

void vs_recovery_will(struct vs_recovery *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vs_buf_line(&r->plan, "\n", fmt, ap);
	va_end(ap);
}

int vs_recovery_fail(struct vs_recovery *r, int ret, const char *fmt, ...)
{
	va_list ap;

	vs_buf_free(&r->why);
	va_start(ap, fmt);
	vs_buf_line(&r->why, "", fmt, ap);
	va_end(ap);
	return ret;
}

void vs_recovery_leave(struct vs_recovery *r, const char *fmt, ...)
{
	va_list ap;

	vs_buf_free(&r->left);
	va_start(ap, fmt);
	vs_buf_line(&r->left, "", fmt, ap);
	va_end(ap);
}

int vs_recovery_failed(struct vs_recovery *r, int ret)
{
	return vs_recovery_fail(r, ret, "%s", vs_buf_str(&r->virt.why));
}

int vs_recovery_error(struct vs_recovery *r, int ret,
		      const struct vs_error *error)
{
	vs_buf_free(&r->why);
	vs_text_error(&r->why, vs_i18n_lang(), error);
	return ret;
}

/* a word as a shell takes it */
static void vs_buf_quoted(struct vs_buf *buf, const char *word)
{
	char c[2] = "";

	vs_buf_add(buf, "'");
	for (; *word; word++) {
		*c = *word;
		vs_buf_add(buf, *word == '\'' ? "'\\''" : c);
	}
	vs_buf_add(buf, "'");
}

char *vs_recovery_virsh(const struct vs_recovery *r, const char *command,
			const char *argument)
{
	struct vs_buf text = { 0 };

	vs_buf_add(&text, "virsh -c ");
	vs_buf_quoted(&text, r->uri);
	vs_buf_addf(&text, " %s ", command);
	vs_buf_quoted(&text, argument);
	return text.data;
}

int vs_recovery_look(struct vs_recovery *r)
{
	struct vs_error error;
	int ret = vs_look_read(r->look, r->clock(), &error);

	return ret ? vs_recovery_error(r, ret, &error) : 0;
}

enum vs_state vs_recovery_state(const struct vs_recovery *r)
{
	struct vs_vm_view vm;

	if (!r->look->engine || vs_engine_vm(r->look->engine, &r->uuid, &vm))
		return VS_STATE_UNKNOWN;
	return vm.state;
}

/* where there is no driver, there is nothing to wait for */
static bool vs_recovery_may_settle(const struct vs_recovery *r)
{
	struct vs_host_view host;

	if (!r->look->engine)
		return false;
	vs_engine_host(r->look->engine, &host);
	return host.source[VS_SOURCE_DRIVER].available;
}

int vs_recovery_settle(struct vs_recovery *r, enum vs_step step,
		       unsigned int seconds)
{
	long long end = vs_clock_steady() + seconds * 1000LL;
	bool binds = vs_steps[step].binds && !r->look->driver &&
		     !vs_uuid_is_nil(&r->uuid);
	struct vs_look_bound sum;
	struct vs_error error;
	int ret;

	for (;;) {
		/* somebody else may bind them, and a driver may not be there:
		 * the look will tell
		 */
		if (binds)
			vs_look_bind(&r->uuid, r->progress, &sum, &error);
		ret = vs_recovery_look(r);
		if (ret || vs_recovery_state(r) <= VS_STATE_IN_SYNC ||
		    vs_clock_steady() >= end || !binds ||
		    !vs_recovery_may_settle(r))
			return ret;
		ret = vs_progress_wait(r->progress, VS_SETTLE_PAUSE);
		if (ret)
			return 0;
	}
}

static int vs_recovery_find(struct vs_recovery *r)
{
	char safe[VS_NAME_ESCAPED];

	if (!r->look->engine)
		return 0;
	vs_name_escape(safe, sizeof(safe), r->vm);
	switch (vs_look_find(r->look, r->vm, &r->uuid)) {
	case 0:
		return 0;
	case -ENOTUNIQ:
		return vs_recovery_fail(r, -ENOTUNIQ,
					_("several VMs are named \"%s\", so "
					  "give a UUID"), safe);
	default:
		r->uuid = (struct vs_uuid){ 0 };
		return -ENOENT;
	}
}

/* a running domain, say */
static int vs_recovery_domain(struct vs_recovery *r, unsigned int needs)
{
	char uuid[VS_UUID_STR];
	int ret;

	/* the UUID that was found, where one was: a name may be anybody's */
	vs_uuid_format(&r->uuid, uuid);
	if (!r->virt.dom) {
		vs_virt_close(&r->virt);
		ret = vs_virt_open(&r->virt, r->uri,
				   vs_uuid_is_nil(&r->uuid) ? r->vm : uuid,
				   r->progress);
		if (ret)
			return vs_recovery_failed(r, ret);
		if (vs_virt_is_another(&r->virt, r->vm))
			return vs_recovery_fail(r, -ENOENT,
						_("%s only begins like the VM "
						  "asked for; give a UUID"),
						r->virt.name);
		r->uuid = r->virt.uuid;
	}
	ret = vs_virt_do(&r->virt, VS_VIRT_STATE, 0);
	if (ret)
		return vs_recovery_failed(r, ret);
	if (needs & VS_NEED_RUNNING && !vs_virt_is_active(r->virt.number))
		return vs_recovery_fail(r, -EPERM,
					_("%s does not run, so there is "
					  "nothing to interrupt; \"virsh "
					  "start\" starts it"), r->virt.name);
	ret = vs_virt_do(&r->virt, VS_VIRT_PERSISTENT, 0);
	if (ret)
		return vs_recovery_failed(r, ret);
	if (needs & VS_NEED_DEFINED && !r->virt.number)
		return vs_recovery_fail(r, -EPERM,
					_("%s has no definition: it would be "
					  "gone when it is off; \"virsh "
					  "define\" one first"),
					r->virt.name);
	return 0;
}

static int vs_recovery_driver(struct vs_recovery *r)
{
	struct vs_host_view host;

	if (!r->look->engine)
		return 0;
	vs_engine_host(r->look->engine, &host);
	if (host.driver.state != VS_DRIVER_NOT_LOADED)
		return 0;
	return vs_recovery_fail(r, -EPERM,
				_("the Filter Driver is not loaded: R10 says "
				  "why"));
}

int vs_recovery_plan(struct vs_recovery *r, enum vs_step step)
{
	const struct vs_step_info *info = &vs_steps[step];
	char safe[VS_NAME_ESCAPED];
	int ret;

	vs_buf_free(&r->plan);
	vs_buf_free(&r->why);
	if (info->needs & VS_NEED_TARGET && !r->to)
		return vs_recovery_fail(r, -EPERM,
					_("%s needs --to URI, libvirt on the "
					  "other host"), vs_step_word(step));
	ret = vs_recovery_find(r);
	if (ret == -ENOENT && !(info->needs & VS_NEED_VM))
		ret = 0;
	vs_name_escape(safe, sizeof(safe), r->vm);
	if (ret == -ENOENT)
		return vs_recovery_fail(r, ret, _("no list that could be read "
						  "has a VM \"%s\""), safe);
	if (!ret && info->needs & VS_NEED_DOMAIN)
		ret = vs_recovery_domain(r, info->needs);
	if (!ret && info->needs & VS_NEED_DRIVER)
		ret = vs_recovery_driver(r);
	return ret ? ret : info->plan(r);
}

int vs_recovery_run(struct vs_recovery *r, enum vs_step step)
{
	if (vs_progress_stopped(r->progress))
		return vs_recovery_fail(r, -ECANCELED,
					_("it was called off before anything "
					  "was done"));
	return vs_steps[step].run(r);
}

void vs_recovery_free(struct vs_recovery *r)
{
	vs_half_leave(r);
	vs_virt_close(&r->virt);
	vs_buf_free(&r->plan);
	vs_buf_free(&r->why);
	vs_buf_free(&r->left);
}
