// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "po/i18n.h"
#include "vsphere/password.h"
#include "vsphere/request.h"
#include "vsphere/vcenter.h"

/* milliseconds that a goodbye may take */
#define VS_VCENTER_GOODBYE 1000

int vs_vcenter_init(struct vs_vcenter *v, const struct vs_vsphere_uri *uri,
		    struct vs_error *error)
{
	*v = (struct vs_vcenter){ .uri = uri };
	return vs_soap_new(uri, &v->soap, error);
}

void vs_vcenter_free(struct vs_vcenter *v)
{
	vs_soap_free(v->soap);
	v->soap = NULL;
}

static void vs_vcenter_reset(struct vs_vcenter *v)
{
	v->logged_in = false;
	*v->view = *v->filter = *v->version = '\0';
	vs_soap_forget(v->soap);
}

/* send it; a session that has ended is one no longer */
static int vs_vcenter_call(struct vs_vcenter *v, struct vs_soap_call *call,
			   struct vs_buf *body, struct vs_error *error)
{
	int ret = -ENOMEM;

	call->body = vs_buf_str(body);
	if (!call->deadline)
		call->deadline = v->deadline;
	if (body->failed)
		vs_error_set(error, call->op, VS_WHY_NO_MEMORY, ENOMEM, NULL);
	else
		ret = vs_soap_call(v->soap, call, error);
	if (strcmp(call->fault, "NotAuthenticated") == 0)
		ret = -ENOKEY;
	if (body->data)
		explicit_bzero(body->data, body->cap);
	vs_buf_free(body);
	return ret;
}

static int vs_vcenter_lacks(enum vs_op op, const char *what,
			    struct vs_error *error)
{
	return vs_error_set(error, op, VS_WHY_BAD_DATA, EINVAL,
			    _("vCenter's answer has no %s"), what);
}

/* the text of <name> in @twig, which must be there and fit */
static int vs_vcenter_text(const struct vs_twig *twig, const char *name,
			   char *to, struct vs_error *error)
{
	const char *s = vs_twig_text(twig, name);

	if (!s || !*s || strlen(s) >= VS_VCENTER_REF)
		return vs_vcenter_lacks(VS_OP_CONNECT, name, error);
	strcpy(to, s);
	return 0;
}

static int vs_vcenter_content(struct vs_vcenter *v, struct vs_error *error)
{
	struct vs_soap_call call = { .op = VS_OP_CONNECT };
	struct vs_buf body = { 0 };
	const struct vs_twig *c;
	int ret;

	vs_request_content(&body);
	ret = vs_vcenter_call(v, &call, &body, error);
	if (ret)
		return ret;
	c = vs_twig_find(call.answer, "returnval");
	vs_name_escape(v->about, sizeof(v->about),
		       vs_twig_text(vs_twig_find(c, "about"), "fullName"));
	ret = vs_vcenter_text(c, "rootFolder", v->root, error);
	if (!ret)
		ret = vs_vcenter_text(c, "propertyCollector", v->collector,
				      error);
	if (!ret)
		ret = vs_vcenter_text(c, "viewManager", v->views, error);
	if (!ret)
		ret = vs_vcenter_text(c, "sessionManager", v->sessions, error);
	if (!ret)
		ret = vs_vcenter_text(c, "searchIndex", v->search, error);
	return ret;
}

int vs_vcenter_login(struct vs_vcenter *v, struct vs_error *error)
{
	struct vs_soap_call call = { .op = VS_OP_CONNECT };
	char password[VS_PASSWORD_MAX + 1];
	struct vs_buf body = { 0 };
	int ret;

	if (v->logged_in)
		return 0;
	vs_vcenter_reset(v);
	ret = vs_password_read(v->uri->password_file, password, error);
	if (ret)
		return ret;
	ret = vs_vcenter_content(v, error);
	if (!ret) {
		vs_request_login(&body, v->sessions, v->uri->user, password);
		ret = vs_vcenter_call(v, &call, &body, error);
	}
	explicit_bzero(password, sizeof(password));
	v->logged_in = !ret;
	return ret;
}

void vs_vcenter_logout(struct vs_vcenter *v)
{
	struct vs_soap_call call = {
		.op = VS_OP_CONNECT, .deadline = VS_VCENTER_GOODBYE,
	};
	struct vs_buf body = { 0 };
	struct vs_error error;

	if (!v->logged_in)
		return;
	vs_request_logout(&body, v->sessions);
	vs_vcenter_call(v, &call, &body, &error);
	vs_vcenter_reset(v);
}

/* the datacenter's reference, or that of the folder of all of them */
static int vs_vcenter_container(struct vs_vcenter *v, const char **type,
				char ref[VS_VCENTER_REF],
				struct vs_error *error)
{
	struct vs_soap_call call = { .op = VS_OP_LIST_VMS };
	const struct vs_twig *found;
	struct vs_buf body = { 0 };
	char safe[256];
	int ret;

	*type = "Folder";
	strcpy(ref, v->root);
	if (!*v->uri->datacenter)
		return 0;
	vs_request_find(&body, v->search, v->uri->datacenter);
	ret = vs_vcenter_call(v, &call, &body, error);
	if (ret)
		return ret;
	found = vs_twig_find(call.answer, "returnval");
	if (found && found->type && strcmp(found->type, "Datacenter") == 0) {
		*type = "Datacenter";
		return vs_vcenter_text(call.answer, "returnval", ref, error);
	}
	vs_name_escape(safe, sizeof(safe), v->uri->datacenter);
	return vs_error_set(error, VS_OP_LIST_VMS, VS_WHY_NONE, ENOENT,
			    _("vCenter has no datacenter \"%s\", or does not "
			      "show it"), safe);
}

static int vs_vcenter_view(struct vs_vcenter *v, struct vs_error *error)
{
	struct vs_soap_call call = { .op = VS_OP_LIST_VMS };
	struct vs_buf body = { 0 };
	char ref[VS_VCENTER_REF];
	const char *type;
	int ret;

	if (*v->view)
		return 0;
	ret = vs_vcenter_container(v, &type, ref, error);
	if (ret)
		return ret;
	vs_request_view(&body, v->views, type, ref);
	ret = vs_vcenter_call(v, &call, &body, error);
	return ret ? ret : vs_vcenter_text(call.answer, "returnval", v->view,
					   error);
}

/** struct vs_taking - where elements of an answer go */
struct vs_taking {
	struct vs_roster *roster;
	struct vs_error *error;
};

static int vs_vcenter_take(void *ctx, const struct vs_twig *twig)
{
	struct vs_taking *t = ctx;

	return vs_roster_take(t->roster, twig, t->error);
}

/* token of the next page, or an empty one */
static int vs_vcenter_page(struct vs_vcenter *v, struct vs_roster *roster,
			   char token[VS_VCENTER_REF], struct vs_error *error)
{
	struct vs_taking taking = { roster, error };
	struct vs_soap_call call = {
		.op = VS_OP_LIST_VMS, .fn = vs_vcenter_take, .ctx = &taking,
	};
	struct vs_buf body = { 0 };
	const struct vs_twig *page;
	int ret;

	if (*token)
		vs_request_more(&body, v->collector, token);
	else
		vs_request_list(&body, v->collector, v->view, VS_VCENTER_PAGE);
	*token = '\0';
	ret = vs_vcenter_call(v, &call, &body, error);
	if (ret)
		return ret;
	page = vs_twig_find(call.answer, "returnval");
	if (!vs_twig_find(page, "token"))
		return 0;
	return vs_vcenter_text(page, "token", token, error);
}

static int vs_vcenter_pages(struct vs_vcenter *v, struct vs_roster *roster,
			    struct vs_error *error)
{
	char token[VS_VCENTER_REF] = "";
	size_t before;
	int ret;

	do {
		before = vs_roster_count(roster);
		ret = vs_vcenter_page(v, roster, token, error);
		/* else it might go on for ever */
		if (!ret && *token && vs_roster_count(roster) == before)
			ret = vs_vcenter_lacks(VS_OP_LIST_VMS, "objects",
					       error);
	} while (!ret && *token);
	return ret;
}

static int vs_vcenter_filter(struct vs_vcenter *v, struct vs_error *error)
{
	struct vs_soap_call call = { .op = VS_OP_LIST_VMS };
	struct vs_buf body = { 0 };
	int ret;

	vs_request_collector(&body, v->collector);
	ret = vs_vcenter_call(v, &call, &body, error);
	if (!ret)
		ret = vs_vcenter_text(call.answer, "returnval", v->waiter,
				      error);
	if (ret)
		return ret;
	vs_request_filter(&body, v->waiter, v->view);
	ret = vs_vcenter_call(v, &call, &body, error);
	return ret ? ret : vs_vcenter_text(call.answer, "returnval",
					   v->filter, error);
}

/* may the filter not see something? then it would never tell of it */
static bool vs_vcenter_is_blind(const struct vs_twig *set)
{
	const struct vs_twig *f = set ? set->child : NULL;

	for (; f; f = f->next) {
		if (vs_twig_find(f, "missingObjects"))
			return true;
	}
	return false;
}

/* one update; @more: it has not told all */
static int vs_vcenter_update(struct vs_vcenter *v, struct vs_roster *roster,
			     unsigned int seconds, bool *more,
			     struct vs_error *error)
{
	struct vs_taking taking = { roster, error };
	struct vs_soap_call call = {
		.op = VS_OP_LIST_VMS, .fn = vs_vcenter_take, .ctx = &taking,
		.deadline = v->deadline + seconds * 1000, .wait = seconds,
	};
	const struct vs_twig *set;
	struct vs_buf body = { 0 };
	const char *truncated;
	int ret;

	vs_request_wait(&body, v->waiter, v->version, seconds,
			VS_VCENTER_PAGE);
	ret = vs_vcenter_call(v, &call, &body, error);
	if (ret)
		return ret;
	*more = false;
	set = vs_twig_find(call.answer, "returnval");
	if (!set)
		return 0;
	if (vs_vcenter_is_blind(set))
		return vs_error_set(error, VS_OP_LIST_VMS,
				    VS_WHY_DENIED, EREMOTEIO,
				    _("vCenter does not show the view of all "
				      "VMs"));
	truncated = vs_twig_text(set, "truncated");
	*more = truncated && (!strcmp(truncated, "true") ||
			      !strcmp(truncated, "1"));
	return vs_vcenter_text(set, "version", v->version, error);
}

int vs_vcenter_wait(struct vs_vcenter *v, struct vs_roster *roster,
		    unsigned int seconds, struct vs_error *error)
{
	bool more;
	int ret;

	do {
		ret = vs_vcenter_update(v, roster, seconds, &more, error);
		seconds = 0;
	} while (!ret && more);
	if (ret == -ENOKEY)
		vs_vcenter_reset(v);
	return ret;
}

static int vs_vcenter_first(struct vs_vcenter *v, struct vs_roster *roster,
			    struct vs_error *error)
{
	int ret = *v->filter ? 0 : vs_vcenter_filter(v, error);

	if (ret)
		return ret;
	*v->version = '\0';
	ret = vs_vcenter_wait(v, roster, 0, error);
	/* without one, each answer would be all */
	return ret || *v->version ? ret : vs_vcenter_lacks(VS_OP_LIST_VMS,
							   "version", error);
}

typedef int (*vs_vcenter_fn)(struct vs_vcenter *v, struct vs_roster *roster,
			     struct vs_error *error);

static int vs_vcenter_try(struct vs_vcenter *v, vs_vcenter_fn fn,
			  struct vs_roster **roster, struct vs_error *error)
{
	int ret = vs_vcenter_login(v, error);

	*roster = NULL;
	if (!ret)
		ret = vs_vcenter_view(v, error);
	if (ret)
		return ret;
	*roster = vs_roster_new(v->uri->node);
	if (!*roster)
		return vs_error_set(error, VS_OP_LIST_VMS, VS_WHY_NO_MEMORY,
				    ENOMEM, NULL);
	ret = fn(v, *roster, error);
	if (ret) {
		vs_roster_free(*roster);
		*roster = NULL;
	}
	return ret;
}

/* a session that has ended meanwhile is no failure, unless it does so again */
static int vs_vcenter_read(struct vs_vcenter *v, vs_vcenter_fn fn,
			   struct vs_roster **roster, struct vs_error *error)
{
	int ret = vs_vcenter_try(v, fn, roster, error);

	if (ret == -ENOKEY) {
		vs_vcenter_reset(v);
		ret = vs_vcenter_try(v, fn, roster, error);
	}
	if (ret && error->why != VS_WHY_UNREACHABLE &&
	    error->why != VS_WHY_TIMEOUT && ret != -ECANCELED) {
		vs_vcenter_logout(v);
	} else if (ret) {
		vs_vcenter_reset(v);
	}
	return ret;
}

int vs_vcenter_list(struct vs_vcenter *v, struct vs_roster **roster,
		    struct vs_error *error)
{
	return vs_vcenter_read(v, vs_vcenter_pages, roster, error);
}

int vs_vcenter_watch(struct vs_vcenter *v, struct vs_roster **roster,
		     struct vs_error *error)
{
	return vs_vcenter_read(v, vs_vcenter_first, roster, error);
}
