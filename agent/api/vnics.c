// SPDX-License-Identifier: GPL-2.0-only
/* vNICs, by VM and device ID; those without a VM by port. */
#include <errno.h>
#include <string.h>

#include "api/doc.h"
#include "api/model.h"
#include "api/page.h"

/** struct vs_vnics_walk - choosing what is to be listed, then listing it */
struct vs_vnics_walk {
	struct vs_page page;
	const struct vs_lang *lang;
	enum vs_state state;
	bool by_state;
	bool by_vm;
	struct vs_uuid vm;
	json_t *list;
};

/** struct vs_vnics_search - looking for a port's */
struct vs_vnics_search {
	const struct vs_lang *lang;
	const struct vs_port_name *port;
	struct vs_vnic_fact fact;
	bool bound;
	json_t *doc;
};

static void vs_vnics_port(json_t *doc, const struct vs_vnic_view *v)
{
	if (!v->in_driver && !v->on_host)
		return;
	vs_doc_text(doc, "port", v->in_driver ? v->driver.port : v->on.port);
	vs_doc_number(doc, "ifindex", v->in_driver ? v->driver.ifindex :
						     v->on.ifindex);
	if (v->on_host && v->on.pid)
		vs_doc_number(doc, "pid", v->on.pid);
	if (!v->in_driver)
		return;
	if (v->driver.creation_id)
		vs_doc_number(doc, "id", v->driver.creation_id);
	vs_doc_text(doc, "mode", vs_mode_word(v->driver.mode));
	vs_doc_flag(doc, "bound", v->driver.bound);
	vs_doc_text(doc, "bypassed_by", v->driver.bypass_by);
}

static json_t *vs_vnics_doc(const struct vs_vnic_view *v,
			    const struct vs_lang *lang)
{
	char uuid[VS_UUID_STR], mac[VS_MAC_STR];
	json_t *doc = json_object();

	vs_doc_text(doc, "vm_name", v->vm_name);
	if (!vs_uuid_is_nil(&v->vm))
		vs_doc_text(doc, "vm_uuid", vs_uuid_format(&v->vm, uuid));
	if (v->device_id != VS_DEVICE_ID_NONE)
		vs_doc_number(doc, "device_id", v->device_id);
	if (!vs_mac_is_zero(&v->mac))
		vs_doc_text(doc, "mac", vs_mac_format(&v->mac, mac));
	vs_vnics_port(doc, v);
	vs_doc_text(doc, "state", vs_state_word(v->state));
	if (v->reason) {
		vs_doc_text(doc, "reason", vs_reason_word(v->reason));
		vs_doc_text(doc, "reason_text",
			    vs_text_reason(lang, v->reason));
	}
	vs_doc_text(doc, "expected", v->expected);
	vs_doc_text(doc, "actual", v->actual);
	vs_doc_flag(doc, "in_manager", v->in_manager);
	vs_doc_flag(doc, "in_driver", v->in_driver);
	vs_doc_flag(doc, "on_host", v->on_host);
	if (v->first_seen)
		vs_doc_number(doc, "first_seen", v->first_seen);
	return doc;
}

static struct vs_page_key vs_vnics_key(const struct vs_vnic_view *v)
{
	return (struct vs_page_key){
		.vm = v->vm,
		.device_id = v->device_id,
		.ifindex = v->in_driver ? v->driver.ifindex :
			   v->on_host ? v->on.ifindex : 0,
		.mac = v->mac,
	};
}

static int vs_vnics_choose(void *ctx, const struct vs_vnic_view *v)
{
	struct vs_vnics_walk *walk = ctx;
	const struct vs_page_key key = vs_vnics_key(v);

	if (walk->by_state && v->state != walk->state)
		return 0;
	return vs_page_add(&walk->page, &key);
}

static int vs_vnics_list(void *ctx, const struct vs_vnic_view *v)
{
	struct vs_vnics_walk *walk = ctx;
	const struct vs_page_key key = vs_vnics_key(v);
	long at = vs_page_find(&walk->page, &key);

	if (at < 0 || (walk->by_state && v->state != walk->state))
		return 0;
	return json_array_set_new(walk->list, at,
				  vs_vnics_doc(v, walk->lang));
}

/* twice over: first which, then what */
static int vs_vnics_walk(struct vs_vnics_walk *walk,
			 const struct vs_engine *e)
{
	const struct vs_uuid *vm = walk->by_vm ? &walk->vm : NULL;
	int ret = vs_engine_each_vnic(e, vm, vs_vnics_choose, walk);

	if (ret)
		return ret;
	vs_page_cut(&walk->page);
	for (size_t i = 0; i < walk->page.n; i++)
		json_array_append_new(walk->list, json_null());
	return vs_engine_each_vnic(e, vm, vs_vnics_list, walk);
}

static bool vs_vnics_params(struct vs_ask *rq, struct vs_vnics_walk *walk,
			    enum MHD_Result *result)
{
	const char *after = vs_query_get(&rq->query, "after");
	const char *vm = vs_query_get(&rq->query, "vm");
	uint64_t limit = VS_PAGE;

	if (!vs_param_state(rq, "state", &walk->state, &walk->by_state,
			    result) ||
	    !vs_param_number(rq, "limit", 1, VS_PAGE_MAX, &limit, result) ||
	    (vm && !vs_param_vm(rq, vm, &walk->vm, result)))
		return false;
	walk->by_vm = vm;
	walk->page.limit = limit;
	walk->page.has_after = after;
	if (!after || !vs_page_parse(after, &walk->page.after))
		return true;
	*result = vs_param_bad(rq, "after", after,
			       vs_tr(rq->lang, "what \"next\" of an answer "
				     "said"));
	return false;
}

enum MHD_Result vs_serve_vnics(struct vs_ask *rq)
{
	struct vs_vnics_walk walk = { .lang = rq->lang };
	enum MHD_Result result;
	char next[VS_PAGE_STR];
	json_t *doc;

	if (!vs_vnics_params(rq, &walk, &result))
		return result;
	walk.list = json_array();
	if (vs_vnics_walk(&walk, rq->view.engine)) {
		json_decref(walk.list);
		vs_page_free(&walk.page);
		return vs_refuse_memory(rq);
	}
	doc = json_object();
	if (walk.page.more)
		vs_doc_text(doc, "next",
			    vs_page_format(&walk.page.v[walk.page.n - 1],
					   next));
	json_object_set_new(doc, "vnics", walk.list);
	vs_page_free(&walk.page);
	return vs_answer_json(rq, 200, doc);
}

static int vs_vnics_find(void *ctx, const struct vs_vnic_view *v)
{
	struct vs_vnics_search *s = ctx;
	const struct vs_port_name *p = s->port;
	const char *name = v->in_driver ? v->driver.port : v->on.port;
	uint32_t ifindex = v->in_driver ? v->driver.ifindex : v->on.ifindex;

	if (!v->in_driver && !v->on_host)
		return 0;
	if ((*p->ifname && strcmp(p->ifname, name) != 0) ||
	    (p->ifindex && p->ifindex != ifindex) ||
	    (p->id && (!v->in_driver || p->id != v->driver.creation_id)))
		return 0;
	s->bound = v->in_driver && v->driver.bound;
	if (s->bound) {
		s->fact.vm = v->driver.vm;
		s->fact.device_id = v->driver.device_id;
		s->fact.mac = v->driver.mac;
	}
	s->doc = vs_vnics_doc(v, s->lang);
	return 1;
}

static enum MHD_Result vs_vnics_verify(struct vs_ask *rq,
				       struct vs_vnics_search *s)
{
	const struct vs_api_config *config = &rq->api->config;
	struct vmsafe_net_ioc_verify verify;
	struct vs_error error;
	int ret;

	if (!s->bound) {
		json_decref(s->doc);
		return vs_refuse(rq, 409, "not-bound",
				 vs_tr(rq->lang, "an unbound port cannot be "
				       "verified: bind it first"));
	}
	ret = config->ops->verify(config->ctx, &s->fact, &verify, &error);
	if (ret) {
		json_decref(s->doc);
		return vs_refuse_error(rq, 503, &error);
	}
	vs_doc_flag(s->doc, "hooked",
		    verify.result & VMSAFE_NET_IOC_VERIFY_HOOKED);
	vs_doc_flag(s->doc, "mac_matches",
		    verify.result & VMSAFE_NET_IOC_VERIFY_MAC_MATCHES);
	return vs_answer_json(rq, 200, s->doc);
}

enum MHD_Result vs_serve_vnic(struct vs_ask *rq)
{
	struct vs_vnics_search s = { .lang = rq->lang };
	struct vs_port_name port;
	enum MHD_Result result;
	bool verify = false;

	s.port = &port;
	if (!vs_param_flag(rq, "verify", &verify, &result) ||
	    !vs_param_port(rq, rq->query.path[2], &port, &result))
		return result;
	vs_engine_each_vnic(rq->view.engine, NULL, vs_vnics_find, &s);
	if (!s.doc)
		return vs_refuse(rq, 404, "no-such-port",
				 vs_tr(rq->lang, "neither the Filter Driver "
				       "nor the host has a port %s"),
				 rq->query.path[2]);
	return verify ? vs_vnics_verify(rq, &s) :
			vs_answer_json(rq, 200, s.doc);
}

/* a driver that is not loaded says nothing of a port */
static unsigned int vs_forget_code(int ret, const struct vs_error *error)
{
	if (error->why == VS_WHY_NOT_LOADED)
		return 503;
	return ret == -ENOENT || ret == -ENODEV ? 404 : 503;
}

enum MHD_Result vs_serve_forget(struct vs_ask *rq)
{
	const struct vs_api_config *config = &rq->api->config;
	struct vs_buf why = { 0 };
	struct vs_driver_vnic v;
	struct vs_port_name port;
	enum MHD_Result result;
	struct vs_error error = { 0 };
	char mac[VS_MAC_STR];
	bool dry = false;
	json_t *doc;
	int ret;

	if (!vs_param_flag(rq, "dry-run", &dry, &result) ||
	    !vs_param_port(rq, rq->query.path[2], &port, &result))
		return result;
	ret = config->ops->forget(config->ctx, &port, dry, &v, &why, &error);
	if (why.len)
		result = vs_refuse(rq, 409, ret == -EBUSY ? "in-use" :
				   "not-bound", "%s", vs_buf_str(&why));
	else if (ret)
		result = vs_refuse_error(rq, vs_forget_code(ret, &error),
					 &error);
	vs_buf_free(&why);
	if (ret)
		return result;
	doc = json_object();
	vs_doc_text(doc, "port", v.ifname);
	vs_doc_flag(doc, "forgotten", !dry);
	if (vs_driver_vnic_is_bound(&v)) {
		vs_doc_text(doc, "vm_name", v.vm_name);
		vs_doc_number(doc, "device_id", v.device_id);
		vs_doc_text(doc, "mac", vs_mac_format(&v.mac, mac));
	}
	return vs_answer_json(rq, 200, doc);
}
