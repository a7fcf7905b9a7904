// SPDX-License-Identifier: GPL-2.0-only
/*
 * A line to libvirt: connected when something is wanted of it, and kept, to
 * hear of domain events. An event says which VM to read afresh, and nothing
 * else is believed of it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/line.h"
#include "host/clock.h"

/* a server that says nothing for 15 s is not there any longer */
#define VS_LINE_KEEPALIVE 5
#define VS_LINE_KEEPALIVES 3

static const int vs_line_events[VS_LINE_EVENTS] = {
	VIR_DOMAIN_EVENT_ID_LIFECYCLE,
	VIR_DOMAIN_EVENT_ID_REBOOT,
	VIR_DOMAIN_EVENT_ID_DEVICE_ADDED,
	VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED,
};

int vs_line_init(struct vs_line *l, struct vs_keeper *k, const char *uri,
		 bool manager, bool hypervisor)
{
	*l = (struct vs_line){
		.k = k,
		.uri = strdup(uri),
		.manager = manager,
		.hypervisor = hypervisor,
	};
	return l->uri ? 0 : -ENOMEM;
}

void vs_line_free(struct vs_line *l)
{
	free(l->uri);
}

/* called with the keeper's lock */
static void vs_line_want(struct vs_line *l, const struct vs_uuid *uuid)
{
	for (size_t i = 0; i < l->n_wanted; i++) {
		if (vs_uuid_cmp(&l->wanted[i], uuid) == 0)
			return;
	}
	if (l->n_wanted == VS_LINE_WANTED)
		l->want_all = true;
	else
		l->wanted[l->n_wanted++] = *uuid;
}

static void vs_line_touch(struct vs_line *l, virDomainPtr dom)
{
	unsigned char raw[VIR_UUID_BUFLEN];
	struct vs_uuid uuid;

	if (virDomainGetUUID(dom, raw))
		return;
	memcpy(&uuid, raw, sizeof(uuid));
	pthread_mutex_lock(&l->k->lock);
	vs_line_want(l, &uuid);
	pthread_mutex_unlock(&l->k->lock);
	vs_keeper_wake(l->k);
}

static bool vs_line_is_arrival(int event, int detail)
{
	return (event == VIR_DOMAIN_EVENT_STARTED &&
		detail == VIR_DOMAIN_EVENT_STARTED_MIGRATED) ||
	       (event == VIR_DOMAIN_EVENT_RESUMED &&
		detail == VIR_DOMAIN_EVENT_RESUMED_MIGRATED);
}

static int vs_line_lifecycle(virConnectPtr conn, virDomainPtr dom, int event,
			     int detail, void *ctx)
{
	struct vs_line *l = ctx;
	struct vs_tiding *t;

	(void)conn;
	vs_line_touch(l, dom);
	if (!vs_line_is_arrival(event, detail))
		return 0;
	t = vs_tiding_new(VS_TIDING_ARRIVED);
	if (t && virDomainGetUUID(dom, (unsigned char *)&t->vm)) {
		vs_tiding_free(t);
		t = NULL;
	}
	vs_keeper_tell(l->k, t);
	return 0;
}

static void vs_line_reboot(virConnectPtr conn, virDomainPtr dom, void *ctx)
{
	(void)conn;
	vs_line_touch(ctx, dom);
}

static void vs_line_device(virConnectPtr conn, virDomainPtr dom,
			   const char *alias, void *ctx)
{
	(void)conn;
	(void)alias;
	vs_line_touch(ctx, dom);
}

static void vs_line_hung_up(virConnectPtr conn, int reason, void *ctx)
{
	struct vs_line *l = ctx;

	(void)conn;
	(void)reason;
	pthread_mutex_lock(&l->k->lock);
	l->closed = true;
	pthread_mutex_unlock(&l->k->lock);
	vs_keeper_wake(l->k);
}

static void vs_line_released(void *ctx)
{
	struct vs_line *l = ctx;

	vs_keeper_put(l->k);
}

static virConnectDomainEventGenericCallback vs_line_callback(int event)
{
	switch (event) {
	case VIR_DOMAIN_EVENT_ID_LIFECYCLE:
		return VIR_DOMAIN_EVENT_CALLBACK(vs_line_lifecycle);
	case VIR_DOMAIN_EVENT_ID_REBOOT:
		return VIR_DOMAIN_EVENT_CALLBACK(vs_line_reboot);
	default:
		return VIR_DOMAIN_EVENT_CALLBACK(vs_line_device);
	}
}

static int vs_line_register(struct vs_line *l, int event)
{
	virConnectDomainEventGenericCallback call = vs_line_callback(event);
	virFreeCallback end = vs_line_released;
	int ret;

	vs_keeper_get(l->k);
	ret = virConnectDomainEventRegisterAny(l->conn, NULL, event, call, l,
					       end);
	if (ret < 0)
		vs_keeper_put(l->k);
	return ret;
}

/* a driver that has no such event is read when its time comes, no sooner */
static void vs_line_listen(struct vs_line *l)
{
	virConnectSetKeepAlive(l->conn, VS_LINE_KEEPALIVE, VS_LINE_KEEPALIVES);
	/* taken back before the end; not every driver would release it */
	virConnectRegisterCloseCallback(l->conn, vs_line_hung_up, l, NULL);
	for (size_t i = 0; i < VS_LINE_EVENTS; i++)
		l->calls[i] = vs_line_register(l, vs_line_events[i]);
}

void vs_line_close(struct vs_line *l)
{
	if (!l->conn)
		return;
	for (size_t i = 0; i < VS_LINE_EVENTS; i++) {
		if (l->calls[i] >= 0)
			virConnectDomainEventDeregisterAny(l->conn,
							   l->calls[i]);
	}
	virConnectUnregisterCloseCallback(l->conn, vs_line_hung_up);
	virConnectClose(l->conn);
	l->conn = NULL;
}

static int vs_line_connect(struct vs_line *l, struct vs_error *error)
{
	int ret;

	if (l->conn && virConnectIsAlive(l->conn) == 1)
		return 0;
	vs_line_close(l);
	ret = vs_libvirt_connect(l->uri, &l->conn, error);
	if (!ret)
		vs_line_listen(l);
	return ret;
}

static void vs_line_tell(struct vs_line *l, struct vs_tiding *t)
{
	if (t) {
		t->manager = l->manager;
		t->hypervisor = l->hypervisor;
	}
	vs_keeper_tell(l->k, t);
}

static void vs_line_fail(struct vs_line *l, int64_t began,
			 const struct vs_error *error)
{
	struct vs_tiding *t = vs_tiding_new(VS_TIDING_FAILED);

	if (t) {
		t->error = *error;
		t->began = began;
	}
	vs_line_tell(l, t);
	if (l->conn && virConnectIsAlive(l->conn) != 1)
		vs_line_close(l);
}

static void vs_line_read_all(struct vs_line *l)
{
	struct vs_tiding *t = vs_tiding_new(VS_TIDING_LIST);
	int64_t start = vs_clock_steady();
	struct vs_error error;
	int ret;

	if (!t)
		return;
	ret = vs_line_connect(l, &error);
	if (!ret)
		ret = vs_libvirt_read_all(l->conn, l->uri, true,
					  &t->domains, &error);
	t->began = start;
	t->took = vs_clock_steady() - start;
	if (ret) {
		vs_tiding_free(t);
		vs_line_fail(l, start, &error);
	} else {
		vs_line_tell(l, t);
	}
}

static bool vs_line_read_one(struct vs_line *l, const struct vs_uuid *uuid)
{
	struct vs_tiding *t = vs_tiding_new(VS_TIDING_VM);
	int64_t start = vs_clock_steady();
	struct vs_error error;
	int ret;

	if (!t)
		return false;
	t->vm = *uuid;
	ret = vs_line_connect(l, &error);
	if (!ret)
		ret = vs_libvirt_read_one(l->conn, uuid, &t->domains, &error);
	if (ret) {
		vs_tiding_free(t);
		vs_line_fail(l, start, &error);
		return false;
	}
	if (!t->domains)
		t->kind = VS_TIDING_GONE;
	vs_line_tell(l, t);
	return true;
}

void vs_line_work(struct vs_line *l)
{
	struct vs_uuid wanted[VS_LINE_WANTED];
	bool all;
	size_t n;

	pthread_mutex_lock(&l->k->lock);
	/* what changed while nobody listened has to be read whole */
	all = l->want_all || l->closed;
	n = all ? 0 : l->n_wanted;
	memcpy(wanted, l->wanted, n * sizeof(*wanted));
	l->want_all = false;
	l->closed = false;
	l->n_wanted = 0;
	pthread_mutex_unlock(&l->k->lock);
	if (!all && !n)
		return;
	vs_keeper_busy(l->k, l->manager, l->hypervisor);
	if (all)
		vs_line_read_all(l);
	/*
	 * One that cannot be read does not keep the others from it. Without a
	 * connection they have to wait for the whole list, as FAILED asks for.
	 */
	for (size_t i = 0; i < n; i++) {
		if (!vs_line_read_one(l, &wanted[i]) && !l->conn)
			break;
	}
	vs_keeper_idle(l->k);
}
