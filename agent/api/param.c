// SPDX-License-Identifier: GPL-2.0-only
/* Parameters, and names of VMs and ports, each taken whole or refused. */
#include <errno.h>
#include <string.h>

#include "api/model.h"
#include "cli/when.h"
#include "core/name.h"
#include "core/number.h"

enum MHD_Result vs_param_bad(struct vs_ask *rq, const char *name,
			     const char *value, const char *want)
{
	char safe[VS_NAME_ESCAPED];

	vs_name_escape(safe, sizeof(safe), value);
	return vs_refuse(rq, 400, "bad-parameter",
			 vs_tr(rq->lang, "\"%s\" is not what %s has to be: "
			       "%s"), safe, name, want);
}

bool vs_param_number(struct vs_ask *rq, const char *name, uint64_t min,
		     uint64_t max, uint64_t *n, enum MHD_Result *result)
{
	const char *value = vs_query_get(&rq->query, name);
	char want[80];

	if (!value || !vs_number_parse(value, min, max, n))
		return true;
	snprintf(want, sizeof(want), vs_tr(rq->lang, "a number from %llu to "
					   "%llu"), (unsigned long long)min,
		 (unsigned long long)max);
	*result = vs_param_bad(rq, name, value, want);
	return false;
}

/* milliseconds since 1970, or as vmsafe takes it */
bool vs_param_time(struct vs_ask *rq, const char *name, vs_time *at,
		   enum MHD_Result *result)
{
	const char *value = vs_query_get(&rq->query, name);
	uint64_t ms;

	if (!value)
		return true;
	if (!vs_number_parse(value, 0, INT64_MAX, &ms)) {
		*at = ms;
		return true;
	}
	if (!vs_when_parse(value, at, rq->view.now))
		return true;
	*result = vs_param_bad(rq, name, value,
			       vs_tr(rq->lang, "milliseconds since 1970, a "
				     "time of RFC 3339, or an age such as "
				     "2h"));
	return false;
}

bool vs_param_flag(struct vs_ask *rq, const char *name, bool *flag,
		   enum MHD_Result *result)
{
	const char *value = vs_query_get(&rq->query, name);

	if (!value)
		return true;
	*flag = strcmp(value, "true") == 0;
	if (*flag || strcmp(value, "false") == 0)
		return true;
	*result = vs_param_bad(rq, name, value,
			       vs_tr(rq->lang, "true or false"));
	return false;
}

bool vs_param_state(struct vs_ask *rq, const char *name,
		    enum vs_state *state, bool *given,
		    enum MHD_Result *result)
{
	const char *value = vs_query_get(&rq->query, name);
	struct vs_buf want = { 0 };

	*given = value;
	if (!value || !vs_state_parse(value, state))
		return true;
	for (int i = 0; i < VS_STATE_COUNT; i++)
		vs_buf_addf(&want, "%s%s", i ? ", " : "", vs_state_word(i));
	*result = vs_param_bad(rq, name, value, vs_buf_str(&want));
	vs_buf_free(&want);
	return false;
}

/** struct vs_param_search - looking for a VM by name */
struct vs_param_search {
	const char *name;
	struct vs_uuid uuid;
	size_t n;
};

static int vs_param_compare(void *ctx, const struct vs_vm_view *vm)
{
	struct vs_param_search *s = ctx;

	if (vm->name && vs_name_is(vm->name, s->name) && !s->n++)
		s->uuid = vm->uuid;
	/* two are enough to know that it is not one */
	return s->n > 1;
}

/* how many there are, two for several */
static size_t vs_param_find(struct vs_ask *rq, const char *text,
			    struct vs_uuid *vm)
{
	struct vs_param_search s = { .name = text };
	struct vs_vm_view view;

	if (!vs_uuid_parse(text, vm) &&
	    !vs_engine_vm(rq->view.engine, vm, &view))
		return 1;
	vs_engine_each_vm(rq->view.engine, vs_param_compare, &s);
	*vm = s.uuid;
	return s.n;
}

static bool vs_param_one(struct vs_ask *rq, const char *text, size_t n,
			 enum MHD_Result *result)
{
	char safe[VS_NAME_ESCAPED];

	if (n == 1)
		return true;
	vs_name_escape(safe, sizeof(safe), text);
	if (n)
		*result = vs_refuse(rq, 409, "ambiguous",
				    vs_tr(rq->lang, "several VMs are named "
					  "\"%s\", so give a UUID"), safe);
	else
		*result = vs_refuse(rq, 404, "no-such-vm",
				    vs_tr(rq->lang, "no list that could be "
					  "read has a VM \"%s\""), safe);
	return false;
}

bool vs_param_vm(struct vs_ask *rq, const char *text, struct vs_uuid *vm,
		 enum MHD_Result *result)
{
	return vs_param_one(rq, text, vs_param_find(rq, text, vm), result);
}

bool vs_param_vm_known(struct vs_ask *rq, const char *text,
		       struct vs_uuid *vm, bool *found,
		       enum MHD_Result *result)
{
	size_t n = vs_param_find(rq, text, vm);
	struct vs_host_view host;

	*found = n == 1;
	vs_engine_host(rq->view.engine, &host);
	/* of what is in sync, only a list that is missing is told */
	if (!n && vs_exit_code(&host, VS_STATE_IN_SYNC))
		return true;
	return vs_param_one(rq, text, n, result);
}

bool vs_param_port(struct vs_ask *rq, const char *text,
		   struct vs_port_name *port, enum MHD_Result *result)
{
	char safe[VS_NAME_ESCAPED];

	if (!vs_port_name_parse(text, port))
		return true;
	vs_name_escape(safe, sizeof(safe), text);
	*result = vs_refuse(rq, 400, "bad-port",
			    vs_tr(rq->lang, "\"%s\" names no port; give its "
				  "name, ifindex:N or id:N"), safe);
	return false;
}
