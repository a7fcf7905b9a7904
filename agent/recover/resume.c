// SPDX-License-Identifier: GPL-2.0-only
/* What is written down of a step while a VM is on its way; see half.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "po/i18n.h"
#include "recover/step.h"

int vs_half_begin(struct vs_recovery *r, enum vs_step step, bool autostart)
{
	struct vs_half h = {
		.step = step, .vm = r->virt.uuid, .began = r->clock(),
		.autostart = autostart, .new_macs = r->new_macs,
	};
	int ret;

	snprintf(h.name, sizeof(h.name), "%s", r->virt.name);
	if (snprintf(h.uri, sizeof(h.uri), "%s", r->uri) >=
	    (int)sizeof(h.uri))
		ret = -ENAMETOOLONG;
	else
		ret = vs_half_write(r->keep, &h);
	if (ret >= 0) {
		r->halved = true;
		r->half = ret;
		return 0;
	}
	if (ret == -EEXIST)
		return vs_recovery_fail(r, ret,
					_("another recovery of %s is under "
					  "way, or was cut short; \"vmsafe "
					  "doctor\" says which"),
					r->virt.name);
	return vs_recovery_fail(r, ret, _("%s: what is about to be done "
					  "cannot be kept there, so nothing "
					  "was done: %s"), r->keep,
				strerror(-ret));
}

void vs_half_end(struct vs_recovery *r)
{
	if (r->halved && vs_half_remove(r->keep, &r->uuid))
		vs_progress_say(r->progress,
				_("what is kept of it in %s cannot be "
				  "removed"), r->keep);
	vs_half_leave(r);
}

void vs_half_leave(struct vs_recovery *r)
{
	if (r->halved)
		close(r->half);
	r->halved = false;
}

/* it was deleted on purpose, which nobody undoes */
static int vs_resume_gone(struct vs_recovery *r, const struct vs_half *h)
{
	vs_progress_say(r->progress, _("libvirt has no %s any longer, so there "
				       "is nothing left to do"), h->name);
	vs_half_end(r);
	return 0;
}

static int vs_resume_open(struct vs_recovery *r, const struct vs_half *h)
{
	char uuid[VS_UUID_STR];
	int ret;

	vs_virt_close(&r->virt);
	ret = vs_virt_open(&r->virt, r->uri, vs_uuid_format(&h->vm, uuid),
			   r->progress);
	if (ret == -ENOENT) {
		r->virt.uuid = h->vm;
		snprintf(r->virt.name, sizeof(r->virt.name), "%s", h->name);
	}
	/* libvirt may have one that is called so */
	if (!ret && vs_uuid_cmp(&r->virt.uuid, &h->vm))
		return vs_recovery_fail(r, -ENOTUNIQ,
					_("%s is another VM's name"), uuid);
	return ret && ret != -ENOENT ? vs_recovery_failed(r, ret) : ret;
}

static int vs_resume_locked(struct vs_recovery *r, const struct vs_half *h)
{
	int ret = vs_resume_open(r, h);

	if (ret && ret != -ENOENT)
		return ret;
	if (h->step == VS_STEP_R5)
		return vs_register_resume(r, h);
	return ret ? vs_resume_gone(r, h) :
		     vs_power_resume(r, h->step == VS_STEP_R1);
}

int vs_recovery_resume(struct vs_recovery *r, const struct vs_half *h)
{
	char safe[sizeof(h->uri)];
	int ret;

	vs_buf_free(&r->why);
	vs_name_escape(safe, sizeof(safe), h->uri);
	if (strcmp(h->uri, r->uri) != 0)
		return vs_recovery_fail(r, -EXDEV,
					_("%s of %s was begun with another "
					  "libvirt; give --connect %s"),
					vs_step_word(h->step), h->name, safe);
	ret = vs_half_take(r->keep, &h->vm);
	if (ret < 0)
		return vs_recovery_fail(r, ret, _("%s of %s cannot be "
						  "finished: %s"),
					vs_step_word(h->step), h->name,
					strerror(-ret));
	r->halved = true;
	r->half = ret;
	r->uuid = h->vm;
	ret = vs_resume_locked(r, h);
	vs_half_leave(r);
	/* what comes next finds it anew */
	vs_virt_close(&r->virt);
	return ret;
}
