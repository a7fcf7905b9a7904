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
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/name.h"
#include "inventory/domains.h"
#include "inventory/provider.h"

struct vs_libvirt {
	struct vs_inventory inv;
	char uri[];
};

/**
 * struct vs_job - a load
 * @lock: guards @done and @users; the rest is the thread's until @done, and
 *        then the waiter's
 * @over: signalled when @done
 * @vm: of which VM; nil: of all
 */
struct vs_job {
	pthread_mutex_t lock;
	pthread_cond_t over;
	bool done;
	int users;
	int ret;
	struct vs_error error;
	struct vs_uuid vm;
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
	vs_domains_free(job->domains);
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

static int vs_job_load(struct vs_job *job)
{
	virConnectPtr conn;
	int ret = vs_libvirt_connect(job->uri, &conn, &job->error);

	if (ret)
		return ret;
	if (vs_uuid_is_nil(&job->vm))
		ret = vs_libvirt_read_all(conn, job->uri, &job->domains,
					  &job->error);
	else
		ret = vs_libvirt_read_both(conn, &job->vm, &job->domains,
					   &job->error);
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

/* start the job and wait for it, as long as @deadline says */
static int vs_job_do(struct vs_job *job, unsigned int deadline,
		     struct vs_error *error)
{
	char safe[256];
	int ret = vs_job_start(job);

	if (ret)
		return vs_error_set(error, VS_OP_CONNECT, VS_WHY_NO_MEMORY,
				    ret, NULL);
	if (!vs_job_wait(job, deadline)) {
		vs_name_escape(safe, sizeof(safe), job->uri);
		return vs_error_set(error, VS_OP_CONNECT, VS_WHY_TIMEOUT,
				    ETIMEDOUT, "%s", safe);
	}
	if (job->ret)
		*error = job->error;
	return job->ret;
}

static int vs_libvirt_load(struct vs_inventory *inv,
			   const struct vs_feed *feed, struct vs_error *error)
{
	struct vs_libvirt *l = (struct vs_libvirt *)inv;
	struct vs_job *job = vs_job_new(l->uri);
	struct vs_domain *d = NULL;
	int ret;

	if (!job)
		return vs_error_set(error, VS_OP_CONNECT, VS_WHY_NO_MEMORY,
				    ENOMEM, NULL);
	ret = vs_job_do(job, inv->deadline, error);
	/* it is the thread's until then */
	if (!ret)
		d = job->domains;
	for (; d && !ret; d = d->next)
		ret = vs_domain_feed(d, feed);
	vs_job_put(job);
	return ret;
}

int vs_libvirt_domain(const char *uri, unsigned int deadline,
		      const struct vs_uuid *vm, struct vs_domain **domains,
		      struct vs_error *error)
{
	struct vs_job *job = vs_job_new(uri);
	int ret;

	*domains = NULL;
	if (!job)
		return vs_error_set(error, VS_OP_CONNECT, VS_WHY_NO_MEMORY,
				    ENOMEM, NULL);
	vs_libvirt_quiet();
	job->vm = *vm;
	ret = vs_job_do(job, deadline, error);
	if (!ret) {
		*domains = job->domains;
		job->domains = NULL;
	}
	vs_job_put(job);
	return ret;
}

static int vs_libvirt_open(const char *rest, struct vs_inventory **inv,
			   struct vs_error *error)
{
	size_t size = strlen(rest) + 1;
	struct vs_libvirt *l = malloc(sizeof(*l) + size);

	if (!l)
		return vs_error_set(error, VS_OP_CONNECT, VS_WHY_NO_MEMORY,
				    ENOMEM, NULL);
	vs_libvirt_quiet();
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
