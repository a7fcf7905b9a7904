// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "host/clock.h"
#include "inventory/call.h"
#include "po/i18n.h"
#include "recover/virt.h"

/* how long a request that was called off may take to come back, ms */
#define VS_VIRT_MERCY 10000
/* between two questions whether a domain is off, milliseconds */
#define VS_VIRT_PAUSE 300
/* for a question beside a request that takes time, milliseconds */
#define VS_VIRT_ASIDE 2000

/**
 * struct vs_virt_call - a request under way
 * @conn: a reference
 * @dom: a reference; NULL before it is found
 * @argument: a copy
 * @number: the answer
 * @text: the answer
 * @code: libvirt's error; 0: none
 * @message: likewise
 */
struct vs_virt_call {
	struct vs_call call;
	virConnectPtr conn;
	virDomainPtr dom;
	char *argument;
	unsigned long flags;
	long number;
	char *text;
	int code;
	char message[256];
};

static struct vs_virt_call *vs_virt_call_of(struct vs_call *call)
{
	return (struct vs_virt_call *)call;
}

static void vs_virt_call_free(struct vs_call *call)
{
	struct vs_virt_call *c = vs_virt_call_of(call);

	if (c->dom)
		virDomainFree(c->dom);
	if (c->conn)
		virConnectClose(c->conn);
	free(c->argument);
	free(c->text);
	free(c);
}

/* of the thread's own last error, hence before the thread ends */
static int vs_virt_failed(struct vs_virt_call *c)
{
	const virError *e = virGetLastError();

	c->code = e ? e->code : VIR_ERR_INTERNAL_ERROR;
	vs_name_escape(c->message, sizeof(c->message),
		       e && e->message ? e->message : "");
	return c->code == VIR_ERR_NO_DOMAIN ? -ENOENT : -EIO;
}

static int vs_virt_number(struct vs_virt_call *c, long number)
{
	c->number = number;
	return number < 0 ? vs_virt_failed(c) : 0;
}

static int vs_virt_state(struct vs_call *call)
{
	struct vs_virt_call *c = vs_virt_call_of(call);
	int state = 0, ret = virDomainGetState(c->dom, &state, NULL, 0);

	return vs_virt_number(c, ret < 0 ? ret : state);
}

static int vs_virt_persistent(struct vs_call *call)
{
	struct vs_virt_call *c = vs_virt_call_of(call);

	return vs_virt_number(c, virDomainIsPersistent(c->dom));
}

static int vs_virt_saved(struct vs_call *call)
{
	struct vs_virt_call *c = vs_virt_call_of(call);

	return vs_virt_number(c, virDomainHasManagedSaveImage(c->dom, 0));
}

static int vs_virt_snapshots(struct vs_call *call)
{
	struct vs_virt_call *c = vs_virt_call_of(call);
	int n = virDomainSnapshotNum(c->dom, 0), more;

	/* a driver that knows no snapshots has none */
	if (n < 0)
		n = virGetLastErrorCode() == VIR_ERR_NO_SUPPORT ? 0 : n;
	if (n < 0)
		return vs_virt_failed(c);
	more = virDomainListAllCheckpoints(c->dom, NULL, 0);
	return vs_virt_number(c, n + (more > 0 ? more : 0));
}

static int vs_virt_autostart(struct vs_call *call)
{
	struct vs_virt_call *c = vs_virt_call_of(call);
	int on = 0, ret = virDomainGetAutostart(c->dom, &on);

	return vs_virt_number(c, ret < 0 ? ret : on);
}

static int vs_virt_set_autostart(struct vs_call *call)
{
	struct vs_virt_call *c = vs_virt_call_of(call);

	return vs_virt_number(c, virDomainSetAutostart(c->dom, c->flags));
}

static int vs_virt_xml(struct vs_call *call)
{
	struct vs_virt_call *c = vs_virt_call_of(call);

	c->text = virDomainGetXMLDesc(c->dom, c->flags);
	return vs_virt_number(c, c->text ? 0 : -1);
}

static int vs_virt_save(struct vs_call *call)
{
	struct vs_virt_call *c = vs_virt_call_of(call);

	return vs_virt_number(c, virDomainManagedSave(c->dom, 0));
}

static int vs_virt_start(struct vs_call *call)
{
	struct vs_virt_call *c = vs_virt_call_of(call);

	return vs_virt_number(c, virDomainCreate(c->dom));
}

static int vs_virt_shutdown(struct vs_call *call)
{
	struct vs_virt_call *c = vs_virt_call_of(call);

	return vs_virt_number(c, virDomainShutdown(c->dom));
}

static int vs_virt_destroy(struct vs_call *call)
{
	struct vs_virt_call *c = vs_virt_call_of(call);

	return vs_virt_number(c, virDomainDestroy(c->dom));
}

static int vs_virt_define(struct vs_call *call)
{
	struct vs_virt_call *c = vs_virt_call_of(call);
	virDomainPtr dom = virDomainDefineXMLFlags(c->conn, c->argument, 0);

	if (!dom)
		return vs_virt_failed(c);
	virDomainFree(dom);
	return 0;
}

static int vs_virt_undefine(struct vs_call *call)
{
	struct vs_virt_call *c = vs_virt_call_of(call);

	return vs_virt_number(c, virDomainUndefineFlags(c->dom, c->flags));
}

static int vs_virt_migrate(struct vs_call *call)
{
	struct vs_virt_call *c = vs_virt_call_of(call);

	return vs_virt_number(c, virDomainMigrateToURI3(c->dom, c->argument,
							NULL, 0, c->flags));
}

static int vs_virt_abort(struct vs_call *call)
{
	struct vs_virt_call *c = vs_virt_call_of(call);

	return vs_virt_number(c, virDomainAbortJob(c->dom));
}

static int vs_virt_job(struct vs_call *call)
{
	struct vs_virt_call *c = vs_virt_call_of(call);
	virDomainJobInfo info;

	if (virDomainGetJobInfo(c->dom, &info) < 0)
		return vs_virt_failed(c);
	c->number = -1;
	if (info.dataTotal)
		c->number = info.dataProcessed * 100 / info.dataTotal;
	return 0;
}

/* what a request that failed was to do, for people */
static const struct {
	int (*fn)(struct vs_call *call);
	const char *failed;
} vs_virt_ops[VS_VIRT_OPS] = {
	[VS_VIRT_STATE] = { vs_virt_state,
			    N_("the state of %s cannot be read") },
	[VS_VIRT_PERSISTENT] = { vs_virt_persistent,
				 N_("the state of %s cannot be read") },
	[VS_VIRT_SAVED] = { vs_virt_saved,
			    N_("the state of %s cannot be read") },
	[VS_VIRT_SNAPSHOTS] = { vs_virt_snapshots,
				N_("the snapshots of %s cannot be read") },
	[VS_VIRT_AUTOSTART] = { vs_virt_autostart,
				N_("the state of %s cannot be read") },
	[VS_VIRT_SET_AUTOSTART] = { vs_virt_set_autostart,
				    N_("autostart of %s cannot be set") },
	[VS_VIRT_XML] = { vs_virt_xml,
			  N_("the definition of %s cannot be read") },
	[VS_VIRT_SAVE] = { vs_virt_save, N_("%s cannot be saved") },
	[VS_VIRT_START] = { vs_virt_start, N_("%s cannot be started") },
	[VS_VIRT_SHUTDOWN] = { vs_virt_shutdown,
			       N_("%s cannot be shut down") },
	[VS_VIRT_DESTROY] = { vs_virt_destroy,
			      N_("%s cannot be powered off") },
	[VS_VIRT_DEFINE] = { vs_virt_define, N_("%s cannot be registered") },
	[VS_VIRT_UNDEFINE] = { vs_virt_undefine,
			       N_("%s cannot be unregistered") },
	[VS_VIRT_MIGRATE] = { vs_virt_migrate, N_("%s cannot be moved") },
	[VS_VIRT_ABORT] = { vs_virt_abort,
			    N_("what is done with %s cannot be called off") },
	[VS_VIRT_JOB] = { vs_virt_job,
			  N_("the progress of %s cannot be read") },
};

static struct vs_virt_call *vs_virt_call_new(const struct vs_virt *v,
					     const struct vs_virt_request *q)
{
	struct vs_virt_call *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->call.fn = vs_virt_ops[q->op].fn;
	c->call.free = vs_virt_call_free;
	c->flags = q->flags;
	c->argument = q->argument ? strdup(q->argument) : NULL;
	if (v->conn && !virConnectRef(v->conn))
		c->conn = v->conn;
	if (v->dom && !virDomainRef(v->dom))
		c->dom = v->dom;
	return c;
}

/** struct vs_virt_wait - a request that is waited for */
struct vs_virt_wait {
	struct vs_virt *v;
	const struct vs_virt_request *q;
	unsigned int deadline;
	unsigned int said;
	int off;
};

static void vs_virt_aside(const struct vs_virt *v, enum vs_virt_op op,
			  long *number)
{
	const struct vs_virt_request q = { .op = op };
	struct vs_virt_call *c = vs_virt_call_new(v, &q);

	if (!c)
		return;
	if (!vs_call_run(&c->call, VS_VIRT_ASIDE, NULL, NULL) && number)
		*number = c->number;
	vs_call_put(&c->call);
}

static bool vs_virt_is_job(const struct vs_virt_request *q)
{
	return q->op == VS_VIRT_SAVE || q->op == VS_VIRT_MIGRATE;
}

static int vs_virt_tick(void *ctx, unsigned int ms)
{
	struct vs_virt_wait *w = ctx;
	long percent = -1;

	if (!w->off && vs_virt_is_job(w->q)) {
		if (w->q->stop && vs_progress_stopped(w->v->progress))
			w->off = -ECANCELED;
		else if (ms >= w->deadline)
			w->off = -ETIMEDOUT;
		if (w->off)
			vs_virt_aside(w->v, VS_VIRT_ABORT, NULL);
	}
	if (w->q->what && ms / 1000 > w->said) {
		w->said = ms / 1000;
		if (vs_virt_is_job(w->q) && !w->off)
			vs_virt_aside(w->v, VS_VIRT_JOB, &percent);
		vs_progress_tick(w->v->progress, w->q->what, w->said, percent);
	}
	return 0;
}

static void vs_virt_why(struct vs_virt *v, const struct vs_virt_request *q,
			int ret, const char *message)
{
	vs_buf_free(&v->why);
	vs_buf_addf(&v->why, _(vs_virt_ops[q->op].failed), v->name);
	switch (ret) {
	case -ETIMEDOUT:
		vs_buf_addf(&v->why, ": %s", vs_virt_is_job(q) ?
			    _("it takes too long") :
			    _("libvirt does not answer"));
		break;
	case -ECANCELED:
		vs_buf_addf(&v->why, ": %s", _("it was called off"));
		break;
	case -ENOMEM:
		vs_buf_addf(&v->why, ": %s", _("out of memory"));
		break;
	default:
		vs_buf_addf(&v->why, ": %s", message);
	}
}

int vs_virt_ask(struct vs_virt *v, const struct vs_virt_request *q)
{
	struct vs_virt_wait w = {
		.v = v, .q = q,
		.deadline = q->deadline ? q->deadline : VS_VIRT_DEADLINE,
	};
	struct vs_virt_call *c = vs_virt_call_new(v, q);
	char message[256] = "";
	int ret = -ENOMEM;

	if (c) {
		ret = vs_call_run(&c->call, w.deadline + (vs_virt_is_job(q) ?
				  VS_VIRT_MERCY : 0), vs_virt_tick, &w);
		v->hung |= ret == -ETIMEDOUT;
		/* one that was left behind is not ours to look into */
		if (!ret) {
			v->number = c->number;
			free(v->text);
			v->text = c->text;
			c->text = NULL;
		} else if (ret == -EIO || ret == -ENOENT) {
			memcpy(message, c->message, sizeof(message));
			ret = w.off ? w.off : ret;
		}
		vs_call_put(&c->call);
	}
	if (ret)
		vs_virt_why(v, q, ret, message);
	return ret;
}

int vs_virt_do(struct vs_virt *v, enum vs_virt_op op, unsigned long flags)
{
	const struct vs_virt_request q = { .op = op, .flags = flags };

	return vs_virt_ask(v, &q);
}

bool vs_virt_is_active(long state)
{
	return state != VIR_DOMAIN_SHUTOFF;
}

int vs_virt_await(struct vs_virt *v, unsigned int seconds, const char *what)
{
	long long begin = vs_clock_steady();
	unsigned int said = 0, spent;
	int ret;

	for (;;) {
		ret = vs_virt_do(v, VS_VIRT_STATE, 0);
		/* a domain without a definition vanishes when it is off */
		if (ret == -ENOENT || (!ret && !vs_virt_is_active(v->number)))
			return 0;
		if (ret)
			return ret;
		spent = (vs_clock_steady() - begin) / 1000;
		if (spent >= seconds)
			return -ETIMEDOUT;
		if (spent > said)
			vs_progress_tick(v->progress, what, spent, -1);
		said = spent;
		ret = vs_progress_wait(v->progress, VS_VIRT_PAUSE);
		if (ret)
			return ret;
	}
}
