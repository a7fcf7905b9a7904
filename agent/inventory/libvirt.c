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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "inventory/call.h"
#include "inventory/domains.h"
#include "inventory/provider.h"

struct vs_libvirt {
	struct vs_inventory inv;
	char uri[];
};

/**
 * struct vs_job - a load
 * @call: the thread that does it
 * @error: why it failed
 * @vm: of which VM; nil: of all
 * @domains: what was read
 * @uri: from where
 */
struct vs_job {
	struct vs_call call;
	struct vs_error error;
	struct vs_uuid vm;
	struct vs_domain *domains;
	char uri[];
};

static void vs_job_free(struct vs_call *call)
{
	struct vs_job *job = (struct vs_job *)call;

	vs_domains_free(job->domains);
	free(job);
}

static int vs_job_load(struct vs_call *call)
{
	struct vs_job *job = (struct vs_job *)call;
	virConnectPtr conn;
	int ret = vs_libvirt_connect(job->uri, &conn, &job->error);

	if (ret)
		return ret;
	if (vs_uuid_is_nil(&job->vm))
		ret = vs_libvirt_read_all(conn, job->uri, false,
					  &job->domains, &job->error);
	else
		ret = vs_libvirt_read_both(conn, &job->vm, &job->domains,
					   &job->error);
	virConnectClose(conn);
	return ret;
}

static struct vs_job *vs_job_new(const char *uri)
{
	size_t size = strlen(uri) + 1;
	struct vs_job *job = calloc(1, sizeof(*job) + size);

	if (!job)
		return NULL;
	job->call.fn = vs_job_load;
	job->call.free = vs_job_free;
	memcpy(job->uri, uri, size);
	return job;
}

/* start the job and wait for it, as long as @deadline says */
static int vs_job_do(struct vs_job *job, unsigned int deadline,
		     struct vs_error *error)
{
	char safe[256];
	int ret = vs_call_run(&job->call, deadline, NULL, NULL);

	if (vs_call_is_done(&job->call)) {
		if (ret)
			*error = job->error;
		return ret;
	}
	if (ret != -ETIMEDOUT)
		return vs_error_set(error, VS_OP_CONNECT, VS_WHY_NO_MEMORY,
				    ret, NULL);
	vs_name_escape(safe, sizeof(safe), job->uri);
	return vs_error_set(error, VS_OP_CONNECT, VS_WHY_TIMEOUT, ETIMEDOUT,
			    "%s", safe);
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
	vs_call_put(&job->call);
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
	vs_call_put(&job->call);
	return ret;
}

static int vs_libvirt_open(const char *rest, struct vs_inventory **inv,
			   struct vs_error *error)
{
	size_t size = strlen(rest) + 1;
	struct vs_libvirt *l = calloc(1, sizeof(*l) + size);

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
