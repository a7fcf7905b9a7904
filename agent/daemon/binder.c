// SPDX-License-Identifier: GPL-2.0-only
/*
 * New vNICs are bound as soon as it is known who holds their ports. That may
 * be a moment after the port came: libvirt makes it, then starts QEMU. So for
 * a while after anything new it is looked again, at growing intervals.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "daemon/agent.h"
#include "driver/bind.h"
#include "host/clock.h"
#include "po/i18n.h"

/* milliseconds: the first interval, and the one that is the last */
#define VS_BINDER_PAUSE 50
#define VS_BINDER_PAUSE_MAX 8000

/* the hypervisor's word on a port of one of its VMs */
static void vs_binder_word(const struct vs_domain *domains,
			   struct vs_host_port *port)
{
	const struct vs_domain *d = domains;

	while (d && vs_uuid_cmp(&d->uuid, &port->vm))
		d = d->next;
	for (size_t i = 0; d && d->active && i < d->n_vnics; i++) {
		if (strcmp(d->ports[i], port->ifname) == 0) {
			port->device_id = d->vnics[i].device_id;
			port->mac = d->vnics[i].mac;
			return;
		}
	}
}

/*
 * A vNIC that was plugged in later is not on the command line. The process
 * says which VM it is, and the hypervisor which of its vNICs.
 */
void vs_binder_complete(struct vs_agent *a, struct vs_host_ports *ports)
{
	for (size_t i = 0; i < ports->n; i++) {
		struct vs_host_port *port = &ports->v[i];

		if (port->plugged && !vs_uuid_is_nil(&port->vm) &&
		    port->device_id == VS_DEVICE_ID_NONE)
			vs_binder_word(a->manager.domains, port);
	}
}

static int vs_binder_again(sd_event_source *source, uint64_t usec, void *ctx)
{
	struct vs_agent *a = ctx;

	(void)source;
	(void)usec;
	vs_pass_plan(a);
	a->binder.pause *= 2;
	if (a->binder.pause <= VS_BINDER_PAUSE_MAX)
		vs_timer_set(a, &a->binder.again, a->binder.pause,
			     vs_binder_again);
	return 0;
}

void vs_binder_wake(struct vs_agent *a)
{
	if (!a->conf->bind)
		return;
	a->binder.pause = VS_BINDER_PAUSE;
	vs_timer_set(a, &a->binder.again, a->binder.pause, vs_binder_again);
}

void vs_binder_afresh(struct vs_agent *a)
{
	vs_refusals_free(&a->binder.refused);
	vs_binder_wake(a);
}

static int vs_binder_retry(sd_event_source *source, uint64_t usec, void *ctx)
{
	(void)source;
	(void)usec;
	vs_pass_plan(ctx);
	return 0;
}

static void vs_binder_wait(struct vs_agent *a)
{
	struct vs_binder *b = &a->binder;
	vs_time at;

	if (vs_refusals_next(&b->refused, &at))
		vs_timer_set(a, &b->retry, at - vs_clock_steady(),
			     vs_binder_retry);
	else
		vs_timer_stop(b->retry);
}

/* true the first time */
static bool vs_binder_is_news(struct vs_binder *b, uint64_t id)
{
	uint64_t *known;

	for (size_t i = 0; i < b->n_known; i++) {
		if (b->known[i] == id)
			return false;
	}
	known = reallocarray(b->known, b->n_known + 1, sizeof(*known));
	if (known) {
		b->known = known;
		known[b->n_known++] = id;
	}
	return true;
}

/* entries that are gone need not be known any longer */
static void vs_binder_forget(struct vs_agent *a)
{
	struct vs_binder *b = &a->binder;
	size_t n = 0;

	for (size_t i = 0; i < b->n_known; i++) {
		for (size_t j = 0; j < a->vnics.n; j++) {
			if (a->vnics.v[j].id == b->known[i]) {
				b->known[n++] = b->known[i];
				break;
			}
		}
	}
	b->n_known = n;
	vs_refusals_sweep(&b->refused, &a->vnics);
}

static void vs_binder_told(struct vs_agent *a, const struct vs_host_port *port,
			   const struct vs_driver_vnic *v,
			   enum vs_bind_result result,
			   const struct vs_error *error)
{
	char name[VS_NAME_ESCAPED], vm[VS_NAME_ESCAPED], what[256];
	char mac[VS_MAC_STR];

	vs_name_escape(name, sizeof(name), port->ifname);
	/* the hypervisor's command line need not have a name */
	if (*port->vm_name)
		vs_name_escape(vm, sizeof(vm), port->vm_name);
	else
		vs_uuid_format(&port->vm, vm);
	if (result == VS_BIND_BOUND) {
		vs_agent_log(LOG_INFO, _("bound %s to %s, device ID %u, MAC "
					 "%s"), name, vm, port->device_id,
			     vs_mac_format(&port->mac, mac));
	} else if (result == VS_BIND_REFUSED &&
		   vs_binder_is_news(&a->binder, v->id)) {
		snprintf(what, sizeof(what), _("binding %s to %s"), name, vm);
		vs_agent_log_error(LOG_WARNING, what, error);
	}
}

/* true: it is bound now */
static bool vs_binder_port(struct vs_agent *a, struct vs_client *c,
			   const struct vs_host_port *port,
			   const struct vs_driver_vnic *v)
{
	struct vs_refusals *refused = &a->binder.refused;
	vs_time now = vs_clock_steady();
	enum vs_bind_result result;
	struct vs_error error;

	if (!vs_refusals_due(refused, &a->vnics, port, v, now))
		return false;
	result = vs_bind_port(c, port, v, &error);
	if (result == VS_BIND_REFUSED)
		vs_refusals_add(refused, &a->vnics, port, v, error.err, now);
	vs_binder_told(a, port, v, result, &error);
	return result == VS_BIND_BOUND;
}

bool vs_binder_bind(struct vs_agent *a, const struct vs_host_ports *ports)
{
	struct vs_client c = { 0 };
	struct vs_error error;
	bool bound = false;

	vs_binder_forget(a);
	if (!a->conf->bind || vs_client_open(&c, &error))
		return false;
	for (size_t i = 0; i < ports->n; i++) {
		const struct vs_host_port *port = &ports->v[i];
		const struct vs_driver_vnic *v;

		v = port->plugged ? vs_vnics_find(&a->vnics, port->ifindex) :
				    NULL;
		if (v && !vs_driver_vnic_is_bound(v))
			bound |= vs_binder_port(a, &c, port, v);
	}
	vs_client_close(&c);
	vs_binder_wait(a);
	return bound;
}

void vs_binder_stop(struct vs_agent *a)
{
	a->binder.again = sd_event_source_disable_unref(a->binder.again);
	a->binder.retry = sd_event_source_disable_unref(a->binder.retry);
	vs_refusals_free(&a->binder.refused);
	free(a->binder.known);
	a->binder.known = NULL;
	a->binder.n_known = 0;
}
