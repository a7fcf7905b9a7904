// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "cli/access.h"
#include "driver/bypass.h"

int vs_access_reach(struct vs_client *c, struct vs_driver_host *host,
		    struct vs_error *error)
{
	int ret = vs_client_open(c, error);

	if (ret)
		return ret;
	ret = vs_client_host(c, host, error);
	/* another version might mean something else by the same words */
	if (!ret && host->abi != VMSAFE_NET_ABI_VERSION)
		ret = vs_error_set(error, VS_OP_NETLINK, VS_WHY_ABI, EPROTO,
				   NULL);
	if (ret)
		vs_client_close(c);
	return ret;
}

/* is it not the driver, but the one who asks, that lacks something? */
static bool vs_access_is_denied(const struct vs_error *error)
{
	return error->why == VS_WHY_NO_PERMISSION ||
	       (!error->why && (error->err == EPERM || error->err == EACCES));
}

bool vs_access_open(struct vs_access *a, enum vs_exit *status)
{
	*a = (struct vs_access){ 0 };
	if (!vs_access_reach(&a->client, &a->host, &a->denied))
		return true;
	a->by_agent = vs_access_is_denied(&a->denied);
	if (a->by_agent)
		return vs_access_agent_host(a, status);
	*status = vs_say_unread(&a->denied);
	return false;
}

void vs_access_close(struct vs_access *a)
{
	if (!a->by_agent)
		vs_client_close(&a->client);
}

static bool vs_access_failed(const struct vs_error *error, const char *port,
			     enum vs_exit *status)
{
	*status = error->why || !port ? vs_say_unread(error) :
					vs_say_refusal(port, error);
	return false;
}

bool vs_access_each_vm(struct vs_access *a, const struct vs_sink *sink,
		       enum vs_exit *status)
{
	struct vs_error error;

	if (a->by_agent)
		return vs_access_agent_vms(a, sink, status);
	return !vs_client_each_vm(&a->client, sink, &error) ||
	       vs_access_failed(&error, NULL, status);
}

bool vs_access_each_vnic(struct vs_access *a,
			 const struct vs_vnic_filter *filter,
			 const char *port, const struct vs_sink *sink,
			 enum vs_exit *status)
{
	struct vs_error error;

	if (a->by_agent)
		return vs_access_agent_vnics(a, filter, sink, status);
	return !vs_client_each_vnic(&a->client, filter, sink, &error) ||
	       vs_access_failed(&error, port, status);
}

bool vs_access_vnic(struct vs_access *a, const struct vs_port_name *port,
		    const char *name, struct vs_driver_vnic *v,
		    struct vs_foreigns *foreign, enum vs_exit *status)
{
	struct vs_error error;

	if (a->by_agent)
		return vs_access_agent_vnic(a, port, name, v, foreign, status);
	if (vs_client_vnic(&a->client, port, v, &error) ||
	    vs_client_host(&a->client, &a->host, &error))
		return vs_access_failed(&error, name, status);
	vs_bypass_scan(foreign, v, 1);
	return true;
}

/** struct vs_access_copy - rows that are kept */
struct vs_access_copy {
	struct vs_vms *vms;
	struct vs_vnics *vnics;
	bool failed;
};

static void vs_access_begin(void *ctx)
{
	struct vs_access_copy *copy = ctx;

	if (copy->vms)
		copy->vms->n = 0;
	if (copy->vnics)
		copy->vnics->n = 0;
}

static void vs_access_keep_vm(void *ctx, const void *entry)
{
	struct vs_access_copy *copy = ctx;
	struct vs_driver_vm *vm = vs_vms_add(copy->vms);

	if (vm)
		*vm = *(const struct vs_driver_vm *)entry;
	else
		copy->failed = true;
}

static void vs_access_keep_vnic(void *ctx, const void *entry)
{
	struct vs_access_copy *copy = ctx;
	struct vs_driver_vnic *v = vs_vnics_add(copy->vnics);

	if (v)
		*v = *(const struct vs_driver_vnic *)entry;
	else
		copy->failed = true;
}

static bool vs_access_kept(const struct vs_access_copy *copy,
			   enum vs_exit *status)
{
	if (!copy->failed)
		return true;
	*status = vs_out_no_memory();
	return false;
}

bool vs_access_vms(struct vs_access *a, struct vs_vms *vms,
		   enum vs_exit *status)
{
	struct vs_access_copy copy = { .vms = vms };
	const struct vs_sink sink = { vs_access_begin, vs_access_keep_vm,
				      &copy };

	return vs_access_each_vm(a, &sink, status) &&
	       vs_access_kept(&copy, status);
}

static bool vs_access_vnics(struct vs_access *a, struct vs_vnics *vnics,
			    bool stats, enum vs_exit *status)
{
	const struct vs_vnic_filter filter = { .stats = stats };
	struct vs_access_copy copy = { .vnics = vnics };
	const struct vs_sink sink = { vs_access_begin, vs_access_keep_vnic,
				      &copy };

	return vs_access_each_vnic(a, &filter, NULL, &sink, status) &&
	       vs_access_kept(&copy, status);
}

bool vs_access_table(struct vs_access *a, struct vs_driver_table *t,
		     bool stats, enum vs_exit *status)
{
	struct vs_error error;

	if (!a->by_agent)
		return !vs_driver_table_dump(t, &a->client, stats, &error) ||
		       vs_access_failed(&error, NULL, status);
	for (int i = 0; i < VS_ACCESS_ATTEMPTS; i++) {
		if (!vs_access_vms(a, &t->vms, status))
			return false;
		t->host = a->host;
		if (!vs_access_vnics(a, &t->vnics, stats, status))
			return false;
		t->generation = a->host.generation;
		if (t->host.generation == t->generation &&
		    t->host.instance == a->host.instance)
			return true;
	}
	vs_error_set(&error, VS_OP_NETLINK, VS_WHY_TORN, EAGAIN, NULL);
	return vs_access_failed(&error, NULL, status);
}
