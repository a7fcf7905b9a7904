// SPDX-License-Identifier: GPL-2.0-only
/* R3: the appliance's session anew. R11: the agent anew. */
#include <errno.h>

#include "po/i18n.h"
#include "recover/holding.h"
#include "recover/step.h"

int vs_plan_session(struct vs_recovery *r)
{
	struct vs_buf text = { 0 };
	struct vs_holding a;
	struct vs_error error;
	int ret = vs_holding_read(&a, r->progress, &error);

	if (ret)
		return vs_recovery_error(r, ret, &error);
	ret = vs_holding_plan(&a, VS_HOLDING_RESTART, &text);
	if (ret)
		vs_recovery_fail(r, ret, "%s", vs_buf_str(&text));
	else
		vs_recovery_will(r, "%s", vs_buf_str(&text));
	vs_buf_free(&text);
	return ret;
}

int vs_run_session(struct vs_recovery *r)
{
	struct vs_holding a;
	struct vs_error error;
	int ret = vs_holding_read(&a, r->progress, &error);

	if (ret)
		return vs_recovery_error(r, ret, &error);
	vs_buf_free(&r->why);
	return vs_holding_do(&a, VS_HOLDING_RESTART, r->progress,
			       &r->why);
}

int vs_plan_agent(struct vs_recovery *r)
{
	struct vs_unit unit;

	vs_unit_read(&unit, r->progress);
	if (unit.known)
		vs_recovery_will(r, "systemctl restart %s", VS_UNIT_NAME);
	else
		vs_recovery_will(r, _("say how the appliance is restarted: "
				      "there is no %s here"), VS_UNIT_NAME);
	return vs_plan_sync(r);
}

int vs_run_agent(struct vs_recovery *r)
{
	struct vs_unit unit;
	int ret = 0;

	vs_unit_read(&unit, r->progress);
	vs_buf_free(&r->why);
	if (unit.known)
		ret = vs_unit_do("restart", r->progress, &r->why);
	else
		vs_progress_say(r->progress,
				_("there is no %s here: restart the appliance "
				  "as you started it"), VS_UNIT_NAME);
	return ret ? ret : vs_run_sync(r);
}
