// SPDX-License-Identifier: GPL-2.0-only
/* Why a VM is not in sync, by all that the agent knows. */
#include "api/model.h"
#include "api/why.h"
#include "recover/recover.h"

enum MHD_Result vs_serve_why(struct vs_ask *rq)
{
	const struct vs_api_config *config = &rq->api->config;
	const char *name = rq->query.path[2];
	enum vs_gap gap = VS_GAP_NONE;
	enum MHD_Result result;
	struct vs_snapshot host;
	struct vs_uuid uuid;
	struct vs_case w;
	bool fresh = false, found;

	if (!vs_param_flag(rq, "fresh", &fresh, &result))
		return result;
	if (fresh && !vs_wait_fresh(rq, &result))
		return result;
	if (!vs_param_vm_known(rq, name, &uuid, &found, &result))
		return result;
	config->ops->examine(config->ctx, &host, &w);
	w.log = w.live;
	w.keep = VS_RECOVER_KEEP;
	w.found = found;
	w.uuid = uuid;
	if (vs_case_gather(&w) || (found && vs_case_gap(&w, &gap, NULL)))
		result = vs_refuse_memory(rq);
	else
		result = vs_answer_json(rq, 200,
					vs_why_doc(&w, gap, name, rq->lang));
	vs_case_free(&w);
	vs_snapshot_free(&host);
	return result;
}
