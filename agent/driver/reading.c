// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "driver/reading.h"
#include "host/opener.h"

/* what the daemon's process is called, which no VM's is */
#define VS_AGENT_COMM "vmsafe-agent"

static void vs_reading_is(struct vs_driver_reading *r,
			  enum vs_driver_state state,
			  const struct vs_error *error)
{
	r->info.state = state;
	if (error)
		r->info.error = *error;
}

/* what a question that failed says of the driver: gone, or in trouble */
static void vs_reading_failed(struct vs_driver_reading *r,
			      const struct vs_error *error)
{
	vs_reading_is(r, error->why == VS_WHY_NOT_LOADED ?
		      VS_DRIVER_NOT_LOADED : VS_DRIVER_IOCTL_FAILS, error);
}

static void vs_reading_mismatch(struct vs_driver_reading *r, uint32_t abi)
{
	struct vs_error error;

	r->info.abi_driver = abi;
	vs_error_set(&error, VS_OP_NONE, VS_WHY_ABI, 0, NULL);
	vs_reading_is(r, VS_DRIVER_ABI_MISMATCH, &error);
}

/*
 * The state that netlink tells. True when it says that the driver is there
 * and speaks as we do; then @c is open.
 */
static bool vs_reading_ask(struct vs_driver_reading *r, struct vs_client *c)
{
	struct vs_error error;

	memset(r, 0, sizeof(*r));
	r->info.abi_agent = VMSAFE_NET_ABI_VERSION;
	if (vs_client_open(c, &error)) {
		vs_reading_failed(r, &error);
		return false;
	}
	if (vs_client_host(c, &r->table.host, &error)) {
		/* it may have been unloaded between the two questions */
		vs_reading_failed(r, &error);
		vs_client_close(c);
		return false;
	}
	r->info.epoch = r->table.host.epoch;
	r->info.abi_driver = r->table.host.abi;
	if (r->table.host.abi == VMSAFE_NET_ABI_VERSION)
		return true;
	vs_reading_mismatch(r, r->table.host.abi);
	vs_client_close(c);
	return false;
}

/* open the device and ask its version; true when all is well */
static bool vs_reading_open(struct vs_driver_reading *r, struct vs_session *s)
{
	struct vmsafe_net_ioc_version version;
	struct vs_error error;

	if (vs_session_open(s, 0, &error) ||
	    vs_session_version(s, &version, &error)) {
		vs_reading_is(r, VS_DRIVER_IOCTL_FAILS, &error);
		vs_session_close(s);
		return false;
	}
	if (version.abi == VMSAFE_NET_ABI_VERSION)
		return true;
	vs_reading_mismatch(r, version.abi);
	vs_session_close(s);
	return false;
}

static bool vs_vnic_is_lost(const struct vs_driver_vnic *v)
{
	return v->mode == VMSAFE_NET_MODE_APPLIANCE_LOST_OPEN ||
	       v->mode == VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED;
}

bool vs_driver_is_lost(const struct vs_driver_host *host,
		       const struct vs_vnics *vnics)
{
	if (host->appliance_state == VMSAFE_NET_APPLIANCE_STATE_LOST)
		return true;
	for (size_t i = 0; i < vnics->n; i++) {
		if (vs_vnic_is_lost(&vnics->v[i]))
			return true;
	}
	return false;
}

/* the table is there: the driver works, with or without its appliance */
static void vs_reading_listed(struct vs_driver_reading *r)
{
	r->listed = true;
	vs_reading_is(r, vs_driver_is_lost(&r->table.host, &r->table.vnics) ?
		      VS_DRIVER_APPLIANCE_LOST : VS_DRIVER_ONLINE, NULL);
}

static void vs_reading_dump(struct vs_driver_reading *r, struct vs_client *c)
{
	struct vs_error error;

	if (vs_driver_table_dump(&r->table, c, false, &error))
		vs_reading_failed(r, &error);
	else
		vs_reading_listed(r);
}

/* is it this program's daemon that holds the session? */
static bool vs_reading_is_agent(const struct vs_driver_host *host)
{
	char comm[VS_COMM];

	if (!host->appliance_pid)
		return false;
	vs_process_comm(host->appliance_pid, comm);
	return strcmp(comm, VS_AGENT_COMM) == 0;
}

static void vs_reading_list(struct vs_driver_reading *r, struct vs_session *s,
			    int patience)
{
	struct vs_error error;
	int ret;

	ret = vs_session_attach(s, patience, &error);
	if (!ret) {
		r->info.epoch = s->epoch;
		ret = vs_driver_table_list(&r->table, s, &error);
		/* the first failure is the one to tell */
		if (vs_session_detach(s, ret ? NULL : &error) && !ret)
			ret = -EIO;
	}
	if (ret)
		vs_reading_is(r, VS_DRIVER_IOCTL_FAILS, &error);
	else
		vs_reading_listed(r);
}

void vs_driver_probe(struct vs_driver_reading *r)
{
	struct vs_session s;
	struct vs_client c;

	if (!vs_reading_ask(r, &c))
		return;
	if (vs_reading_open(r, &s)) {
		vs_reading_dump(r, &c);
		vs_session_close(&s);
	}
	vs_client_close(&c);
}

void vs_driver_read(struct vs_driver_reading *r, int patience)
{
	struct vs_session s;
	struct vs_client c;

	if (!vs_reading_ask(r, &c))
		return;
	if (vs_reading_open(r, &s)) {
		if (r->table.host.appliance_state ==
		    VMSAFE_NET_APPLIANCE_STATE_LOST ||
		    vs_reading_is_agent(&r->table.host))
			vs_reading_dump(r, &c);
		else
			vs_reading_list(r, &s, patience);
		vs_session_close(&s);
	}
	vs_client_close(&c);
}

void vs_driver_read_held(struct vs_driver_reading *r, struct vs_session *s)
{
	struct vs_error error;
	struct vs_client c;

	if (!vs_reading_ask(r, &c))
		return;
	vs_client_close(&c);
	if (vs_driver_table_list(&r->table, s, &error))
		vs_reading_is(r, VS_DRIVER_IOCTL_FAILS, &error);
	else
		vs_reading_listed(r);
}

int vs_driver_reading_feed(const struct vs_driver_reading *r,
			   const struct vs_foreigns *f, struct vs_engine *e,
			   vs_time now)
{
	struct vs_driver_info info = r->info;

	/* what is lost without its holder missing heartbeats was reset */
	info.reset = info.state == VS_DRIVER_APPLIANCE_LOST &&
		     r->table.host.has &&
		     r->table.host.appliance_state !=
		     VMSAFE_NET_APPLIANCE_STATE_LOST;
	vs_engine_set_driver(e, &info);
	if (r->listed)
		return vs_driver_table_feed(&r->table, f, e, now);
	vs_engine_fail(e, VS_SOURCE_DRIVER, &r->info.error);
	return 0;
}

void vs_driver_reading_free(struct vs_driver_reading *r)
{
	vs_driver_table_free(&r->table);
}

void vs_driver_reading_enrich(struct vs_driver_reading *r)
{
	struct vs_driver_table t = { 0 };
	struct vs_client c;

	if (!r->listed || vs_client_open(&c, NULL))
		return;
	if (!vs_driver_table_dump(&t, &c, true, NULL)) {
		vs_driver_table_free(&r->table);
		r->table = t;
	} else {
		vs_driver_table_free(&t);
	}
	vs_client_close(&c);
}
