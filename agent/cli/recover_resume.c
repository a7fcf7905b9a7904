// SPDX-License-Identifier: GPL-2.0-only
/* A step that was cut short is finished before another is begun. */
#include <errno.h>
#include <string.h>

#include "cli/recover.h"
#include "cli/source.h"

/* by what was asked for, and by the UUID that a list has for it */
static int vs_resume_find(const struct vs_recover *run, struct vs_half *h)
{
	char text[VS_UUID_STR];
	struct vs_uuid uuid;
	int ret = vs_half_find(run->r.keep, run->r.vm, h);

	if (ret != -ENOENT || !run->look.engine ||
	    vs_look_find(&run->look, run->r.vm, &uuid))
		return ret;
	return vs_half_find(run->r.keep, vs_uuid_format(&uuid, text), h);
}

static bool vs_resume_plan(struct vs_recover *run, const struct vs_half *h,
			   enum vs_exit *status)
{
	vs_buf_addf(&run->r.plan, h->step == VS_STEP_R5 ?
		    _("unless %s is registered by now: register it again\n") :
		    _("unless %s runs by now: start it\n"), h->name);
	vs_recover_print_plan(run, true);
	*status = vs_recover_finish(run, VS_EXIT_FINE);
	return false;
}

/* is there anything else to do? */
static bool vs_resume_goes_on(struct vs_recover *run, const char *word)
{
	if (!run->done)
		return false;
	if (word)
		return strcmp(word, vs_step_word(run->step)) != 0;
	return vs_recovery_state(&run->r) > VS_STATE_IN_SYNC;
}

bool vs_recover_resume(struct vs_recover *run,
		       const struct vs_recover_args *a, const char *word,
		       enum vs_exit *status)
{
	enum vs_step asked = run->step;
	struct vs_buf text = { 0 };
	struct vs_half h;
	bool here = vs_cli_is_live(run->cli) || a->has & VS_RECOVER_HAS_KEEP;
	int ret = here ? vs_resume_find(run, &h) : -ENOENT;

	if (ret == -ENOTUNIQ) {
		vs_say(_("steps of several VMs of that name were cut short, "
			 "so give a UUID"));
		*status = VS_EXIT_FAILED;
		return false;
	}
	if (ret)
		return true;
	vs_half_text(&text, vs_i18n_lang(), &h);
	vs_progress_say(run->r.progress, "%s", vs_buf_str(&text));
	vs_buf_free(&text);
	run->step = h.step;
	run->r.uuid = h.vm;
	run->before = vs_recovery_state(&run->r);
	if (a->dry_run)
		return vs_resume_plan(run, &h, status);
	vs_recover_took(run, vs_recovery_resume(&run->r, &h));
	if (!vs_resume_goes_on(run, word)) {
		*status = vs_recover_finish(run, vs_recover_exit(run));
		return false;
	}
	run->step = asked;
	run->done = false;
	return true;
}
