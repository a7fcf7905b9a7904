// SPDX-License-Identifier: GPL-2.0-only
/*
 * The agent tells a list in parts, each of one generation, so together they
 * are the list only if that stays the same.
 */
#include <errno.h>
#include <inttypes.h>

#include "api/api.h"
#include "api/page.h"
#include "cli/access.h"
#include "cli/agent.h"
#include "driver/form.h"
#include "driver/snapshot_form.h"

/**
 * struct vs_parts - a list that comes in parts
 * @key: what it is called
 * @record: what its rows are
 * @filter: which; NULL: all
 * @sink: takes them
 * @entry: room for one
 * @after: ID of the last one of a part; 0: of the list
 */
struct vs_parts {
	const char *key;
	const struct vs_record *record;
	const struct vs_vnic_filter *filter;
	const struct vs_sink *sink;
	union {
		struct vs_driver_vm vm;
		struct vs_driver_vnic vnic;
	} entry;
	uint64_t after;
};

/* the agent does not help: how it is without it, and what to do */
static enum vs_exit vs_access_denied(const struct vs_access *a)
{
	struct vs_buf text = { 0 };

	vs_text_error(&text, vs_i18n_lang(), &a->denied);
	vs_say(_("%s: run it as root of this host or, while vmsafe-agent "
		 "runs, as a member of the group %s"), vs_buf_str(&text),
	       VS_API_GROUP);
	vs_buf_free(&text);
	return VS_EXIT_UNAVAILABLE;
}

static bool vs_access_wrong(const struct vs_error *error,
			    enum vs_exit *status)
{
	vs_say_error(error);
	*status = VS_EXIT_UNAVAILABLE;
	return false;
}

static bool vs_access_settings(struct vs_access *a, const json_t *doc,
			       enum vs_exit *status)
{
	struct vs_error error;
	const struct vs_reader reader = { "vmsafe-agent", &error };

	if (vs_record_read(&vs_host_record, json_object_get(doc, "settings"),
			   &a->host, &reader, "settings"))
		return vs_access_wrong(&error, status);
	if (a->host.abi == VMSAFE_NET_ABI_VERSION)
		return true;
	vs_error_set(&error, VS_OP_NETLINK, VS_WHY_ABI, EPROTO, NULL);
	return vs_access_wrong(&error, status);
}

/* @answer is for vs_agent_free() in any case */
static bool vs_access_ask(struct vs_access *a, const char *target,
			  struct vs_agent_answer *answer,
			  enum vs_exit *status)
{
	int ret = vs_agent_ask("GET", target, VS_AGENT_SOON, answer);

	if (!ret && !answer->text)
		return vs_access_settings(a, answer->doc, status);
	*status = ret || !vs_cli_agent_had_it(answer) ?
		  vs_access_denied(a) : vs_cli_agent_refused(answer);
	return false;
}

bool vs_access_agent_host(struct vs_access *a, enum vs_exit *status)
{
	struct vs_agent_answer answer;
	bool ok = vs_access_ask(a, "/v1/driver", &answer, status);

	vs_agent_free(&answer);
	return ok;
}

static void vs_access_filter(struct vs_buf *target,
			     const struct vs_vnic_filter *f)
{
	char uuid[VS_UUID_STR];

	if (f->stats)
		vs_buf_add(target, "&stats=true");
	if (!vs_uuid_is_nil(&f->vm))
		vs_buf_addf(target, "&vm=%s", vs_uuid_format(&f->vm, uuid));
	if (f->port.id) {
		vs_buf_addf(target, "&port=id:%" PRIu64, f->port.id);
	} else if (f->port.ifindex) {
		vs_buf_addf(target, "&port=ifindex:%u", f->port.ifindex);
	} else if (*f->port.ifname) {
		vs_buf_add(target, "&port=");
		vs_agent_encode(target, f->port.ifname);
	}
}

static bool vs_parts_ask(struct vs_access *a, const struct vs_parts *p,
			 struct vs_agent_answer *answer,
			 enum vs_exit *status)
{
	struct vs_buf target = { 0 };
	bool ok;

	vs_buf_addf(&target, "/v1/driver/%s?limit=%d&after=%" PRIu64, p->key,
		    VS_PAGE_MAX, p->after);
	if (p->filter)
		vs_access_filter(&target, p->filter);
	ok = vs_access_ask(a, vs_buf_str(&target), answer, status);
	vs_buf_free(&target);
	return ok;
}

/* hand on a part, and see where the next one begins */
static bool vs_parts_take(struct vs_parts *p, const json_t *doc,
			  enum vs_exit *status)
{
	const json_t *rows = json_object_get(doc, p->key), *row;
	const json_t *next = json_object_get(doc, "next");
	struct vs_error error;
	const struct vs_reader reader = { "vmsafe-agent", &error };
	uint64_t last = p->after;
	size_t i;

	if (!json_is_array(rows)) {
		vs_reader_fail(&reader, p->key, _("is not a list"));
		return vs_access_wrong(&error, status);
	}
	json_array_foreach(rows, i, row) {
		if (vs_record_read(p->record, row, &p->entry, &reader, p->key))
			return vs_access_wrong(&error, status);
		p->sink->take(p->sink->ctx, &p->entry);
	}
	p->after = json_integer_value(next);
	if (!next || p->after > last)
		return true;
	/* it would not come to an end */
	vs_reader_fail(&reader, "next", _("is not a number that is possible"));
	return vs_access_wrong(&error, status);
}

static bool vs_parts_next(struct vs_access *a, struct vs_parts *p,
			  enum vs_exit *status)
{
	struct vs_agent_answer answer;
	bool ok = vs_parts_ask(a, p, &answer, status) &&
		  vs_parts_take(p, answer.doc, status);

	vs_agent_free(&answer);
	return ok;
}

/* *@same: all parts were of one generation */
static bool vs_parts_once(struct vs_access *a, struct vs_parts *p, bool *same,
			  enum vs_exit *status)
{
	struct vs_driver_host first;

	*same = true;
	p->after = 0;
	p->sink->begin(p->sink->ctx);
	if (!vs_parts_next(a, p, status))
		return false;
	first = a->host;
	while (p->after && *same) {
		if (!vs_parts_next(a, p, status))
			return false;
		*same = first.generation == a->host.generation &&
			first.instance == a->host.instance;
	}
	return true;
}

static bool vs_parts_all(struct vs_access *a, struct vs_parts *p,
			 enum vs_exit *status)
{
	struct vs_error error;
	bool same;

	for (int i = 0; i < VS_ACCESS_ATTEMPTS; i++) {
		if (!vs_parts_once(a, p, &same, status))
			return false;
		if (same)
			return true;
	}
	vs_error_set(&error, VS_OP_NETLINK, VS_WHY_TORN, EAGAIN, NULL);
	return vs_access_wrong(&error, status);
}

bool vs_access_agent_vms(struct vs_access *a, const struct vs_sink *sink,
			 enum vs_exit *status)
{
	struct vs_parts p = {
		.key = "vms", .record = &vs_vm_record, .sink = sink,
	};

	return vs_parts_all(a, &p, status);
}

bool vs_access_agent_vnics(struct vs_access *a,
			   const struct vs_vnic_filter *filter,
			   const struct vs_sink *sink, enum vs_exit *status)
{
	struct vs_parts p = {
		.key = "vnics", .record = &vs_entry_record,
		.filter = filter, .sink = sink,
	};

	return vs_parts_all(a, &p, status);
}

/** struct vs_access_one - the entry of a port */
struct vs_access_one {
	struct vs_driver_vnic *v;
	bool found;
};

static void vs_access_one(void *ctx, const void *entry)
{
	struct vs_access_one *one = ctx;

	*one->v = *(const struct vs_driver_vnic *)entry;
	one->found = true;
}

static bool vs_access_programs(const json_t *doc, struct vs_foreigns *foreign,
			       enum vs_exit *status)
{
	const json_t *json = json_object_get(doc, "foreign");
	struct vs_error error;
	const struct vs_reader reader = { "vmsafe-agent", &error };
	int ret = json ? vs_snapshot_foreigns_read(foreign, json, &reader) : 0;

	if (ret == -ENOMEM)
		vs_error_set(&error, VS_OP_NONE, VS_WHY_NO_MEMORY, ret, NULL);
	return !ret || vs_access_wrong(&error, status);
}

bool vs_access_agent_vnic(struct vs_access *a,
			  const struct vs_port_name *port, const char *name,
			  struct vs_driver_vnic *v,
			  struct vs_foreigns *foreign, enum vs_exit *status)
{
	const struct vs_vnic_filter filter = { .port = *port, .stats = true };
	struct vs_access_one one = { .v = v };
	const struct vs_sink sink = { NULL, vs_access_one, &one };
	struct vs_parts p = {
		.key = "vnics", .record = &vs_entry_record,
		.filter = &filter, .sink = &sink,
	};
	struct vs_agent_answer answer;
	char safe[VS_NAME_ESCAPED];
	bool ok;

	ok = vs_parts_ask(a, &p, &answer, status) &&
	     vs_parts_take(&p, answer.doc, status) &&
	     vs_access_programs(answer.doc, foreign, status);
	vs_agent_free(&answer);
	if (!ok || one.found)
		return ok;
	vs_name_escape(safe, sizeof(safe), name);
	vs_say(_("the Filter Driver has no port %s"), safe);
	*status = VS_EXIT_FAILED;
	return false;
}
