// SPDX-License-Identifier: GPL-2.0-only
/*
 * The inventory "libvirt:URI".
 *
 * A call to libvirt may block for a long time or for ever, and cannot be
 * called off. So each load runs in a thread of its own, and whoever waits for
 * it does so until a deadline. A load that missed it is left behind: it holds
 * nothing but its job, and the last of the two to be done with that frees it.
 */
#include <errno.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <libxml/xmlerror.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/name.h"
#include "inventory/domain.h"
#include "inventory/provider.h"
#include "po/i18n.h"

struct vs_libvirt {
	struct vs_inventory inv;
	char uri[];
};

/**
 * struct vs_job - a load
 * @lock: guards @done and @users; the rest is the thread's until @done, and
 *        then the waiter's
 * @over: signalled when @done
 */
struct vs_job {
	pthread_mutex_t lock;
	pthread_cond_t over;
	bool done;
	int users;
	int ret;
	struct vs_error error;
	struct vs_domain *domains;
	char uri[];
};

static void vs_job_put(struct vs_job *job)
{
	bool last;

	pthread_mutex_lock(&job->lock);
	last = !--job->users;
	pthread_mutex_unlock(&job->lock);
	if (!last)
		return;
	while (job->domains) {
		struct vs_domain *d = job->domains;

		job->domains = d->next;
		free(d);
	}
	pthread_cond_destroy(&job->over);
	pthread_mutex_destroy(&job->lock);
	free(job);
}

static struct vs_job *vs_job_new(const char *uri)
{
	size_t size = strlen(uri) + 1;
	struct vs_job *job = calloc(1, sizeof(*job) + size);
	pthread_condattr_t attr;

	if (!job)
		return NULL;
	job->users = 1;
	memcpy(job->uri, uri, size);
	pthread_mutex_init(&job->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&job->over, &attr);
	pthread_condattr_destroy(&attr);
	return job;
}

static int vs_job_fail(struct vs_job *job, enum vs_op op, const char *subject)
{
	const virError *e = virGetLastError();
	char safe[256], who[VS_NAME_ESCAPED];
	enum vs_why why = VS_WHY_UNREACHABLE;

	if (e && (e->code == VIR_ERR_AUTH_FAILED ||
		  e->code == VIR_ERR_AUTH_CANCELLED ||
		  e->code == VIR_ERR_AUTH_UNAVAILABLE))
		why = VS_WHY_NO_PERMISSION;
	vs_name_escape(safe, sizeof(safe), e ? e->message : "");
	vs_name_escape(who, sizeof(who), subject);
	return vs_error_set(&job->error, op, why, 0, "%s: %s", who, safe);
}

/* has the domain gone since it was listed? then it is simply not there */
static bool vs_job_vanished(void)
{
	const virError *e = virGetLastError();

	return e && e->code == VIR_ERR_NO_DOMAIN;
}

static enum vs_power vs_domain_power(virDomainPtr dom, bool active)
{
	int state;

	if (!active)
		return virDomainHasManagedSaveImage(dom, 0) == 1 ?
		       VS_POWER_SUSPENDED : VS_POWER_OFF;
	if (virDomainGetState(dom, &state, NULL, 0) == 0 &&
	    (state == VIR_DOMAIN_PAUSED || state == VIR_DOMAIN_PMSUSPENDED ||
	     state == VIR_DOMAIN_CRASHED))
		return VS_POWER_PAUSED;
	return VS_POWER_RUNNING;
}

static int vs_job_domain(struct vs_job *job, virDomainPtr dom)
{
	/* asked first: any further call would forget the error of the next */
	const char *subject = virDomainGetName(dom), *why;
	char *xml = virDomainGetXMLDesc(dom, 0);
	struct vs_domain *d;
	char who[VS_NAME_ESCAPED];
	int ret;

	if (!xml)
		return vs_job_vanished() ? 0 :
		       vs_job_fail(job, VS_OP_READ_VM, subject);
	ret = vs_domain_parse(xml, &d, &why);
	free(xml);
	if (ret) {
		vs_name_escape(who, sizeof(who), subject);
		return vs_error_set(&job->error, VS_OP_READ_VM,
				    ret == -ENOMEM ? VS_WHY_NO_MEMORY :
						     VS_WHY_BAD_DATA,
				    ret, "%s: %s", who, why);
	}
	d->power = vs_domain_power(dom, d->active);
	d->next = job->domains;
	job->domains = d;
	return 0;
}

static int vs_job_domains(struct vs_job *job, virConnectPtr conn)
{
	virDomainPtr *doms;
	int ret = 0, n = virConnectListAllDomains(conn, &doms, 0);

	if (n < 0)
		return vs_job_fail(job, VS_OP_LIST_VMS, job->uri);
	for (int i = 0; i < n; i++) {
		if (!ret)
			ret = vs_job_domain(job, doms[i]);
		virDomainFree(doms[i]);
	}
	free(doms);
	return ret;
}

/* libxml2 prints as well; this is a setting of the thread */
static void vs_xml_quiet(void *ctx, const char *fmt, ...)
{
	(void)ctx;
	(void)fmt;
}

static int vs_job_load(struct vs_job *job)
{
	virConnectPtr conn;
	int ret;

	xmlSetGenericErrorFunc(NULL, vs_xml_quiet);
	conn = virConnectOpenReadOnly(job->uri);
	if (!conn)
		return vs_job_fail(job, VS_OP_CONNECT, job->uri);
	ret = vs_job_domains(job, conn);
	virConnectClose(conn);
	return ret;
}

static void *vs_job_run(void *arg)
{
	struct vs_job *job = arg;
	int ret = vs_job_load(job);

	pthread_mutex_lock(&job->lock);
	job->ret = ret;
	job->done = true;
	pthread_cond_signal(&job->over);
	pthread_mutex_unlock(&job->lock);
	vs_job_put(job);
	return NULL;
}

static int vs_job_start(struct vs_job *job)
{
	pthread_attr_t attr;
	pthread_t thread;
	int ret;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	job->users++;
	ret = pthread_create(&thread, &attr, vs_job_run, job);
	if (ret)
		job->users--;
	pthread_attr_destroy(&attr);
	return -ret;
}

/* wait for the thread; false when the deadline came first */
static bool vs_job_wait(struct vs_job *job, unsigned int deadline)
{
	struct timespec until;
	bool done;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += deadline / 1000;
	until.tv_nsec += deadline % 1000 * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	pthread_mutex_lock(&job->lock);
	while (!job->done &&
	       pthread_cond_timedwait(&job->over, &job->lock, &until) == 0)
		;
	done = job->done;
	pthread_mutex_unlock(&job->lock);
	return done;
}

static int vs_job_finish(struct vs_job *job, const struct vs_feed *feed,
			 struct vs_error *error)
{
	int ret = job->ret;

	if (ret)
		*error = job->error;
	for (struct vs_domain *d = job->domains; d && !ret; d = d->next)
		ret = vs_domain_feed(d, feed);
	return ret;
}

static int vs_libvirt_load(struct vs_inventory *inv,
			   const struct vs_feed *feed, struct vs_error *error)
{
	struct vs_libvirt *l = (struct vs_libvirt *)inv;
	struct vs_job *job = vs_job_new(l->uri);
	char safe[256];
	int ret;

	if (!job)
		return vs_error_set(error, VS_OP_CONNECT, VS_WHY_NO_MEMORY,
				    ENOMEM, NULL);
	ret = vs_job_start(job);
	if (ret) {
		vs_error_set(error, VS_OP_CONNECT, VS_WHY_NO_MEMORY, ret,
			     NULL);
	} else if (vs_job_wait(job, inv->deadline)) {
		ret = vs_job_finish(job, feed, error);
	} else {
		vs_name_escape(safe, sizeof(safe), l->uri);
		ret = vs_error_set(error, VS_OP_CONNECT, VS_WHY_TIMEOUT,
				   ETIMEDOUT, "%s", safe);
	}
	vs_job_put(job);
	return ret;
}

/* libvirt prints errors on stderr unless told what else to do with them */
static void vs_libvirt_quiet(void *ctx, virErrorPtr error)
{
	(void)ctx;
	(void)error;
}

static int vs_libvirt_open(const char *rest, struct vs_inventory **inv,
			   struct vs_error *error)
{
	size_t size = strlen(rest) + 1;
	struct vs_libvirt *l = malloc(sizeof(*l) + size);

	if (!l)
		return vs_error_set(error, VS_OP_CONNECT, VS_WHY_NO_MEMORY,
				    ENOMEM, NULL);
	virSetErrorFunc(NULL, vs_libvirt_quiet);
	l->inv.ops = &vs_inventory_libvirt;
	memcpy(l->uri, rest, size);
	*inv = &l->inv;
	return 0;
}

static void vs_libvirt_close(struct vs_inventory *inv)
{
	free(inv);
}

const struct vs_inventory_ops vs_inventory_libvirt = {
	.scheme = "libvirt",
	.form = "libvirt:URI",
	.open = vs_libvirt_open,
	.load = vs_libvirt_load,
	.close = vs_libvirt_close,
};
