// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "driver/bypass.h"
#include "driver/fault.h"
#include "driver/file.h"
#include "driver/form.h"
#include "driver/snapshot_form.h"

void vs_snapshot_take(struct vs_snapshot *s, vs_time now)
{
	struct utsname uts = { 0 };
	struct timespec up = { 0 };

	memset(s, 0, sizeof(*s));
	s->saved = now;
	if (!clock_gettime(CLOCK_BOOTTIME, &up))
		s->booted = now - up.tv_sec * 1000LL - up.tv_nsec / 1000000;
	uname(&uts);
	memcpy(s->host, uts.nodename, sizeof(s->host) - 1);
	memcpy(s->kernel, uts.release, sizeof(s->kernel) - 1);
	vs_driver_read(&s->reading, VS_DRIVER_PATIENCE);
	vs_driver_reading_enrich(&s->reading);
	s->has_ports = !vs_host_ports_read(&s->ports, &s->ports_error);
	if (s->reading.listed)
		vs_bypass_scan(&s->foreign, s->reading.table.vnics.v,
			       s->reading.table.vnics.n);
}

bool vs_snapshot_age(const struct vs_snapshot *s,
		     const struct vs_driver_vnic *v, vs_time *age)
{
	/* the driver counts nanoseconds since the boot; a file may lie */
	if (!s->booted || !(v->has & VS_ATTR_BIT(VMSAFE_NET_A_VNIC_CREATED)))
		return false;
	*age = (uint64_t)s->saved - (uint64_t)s->booted - v->created / 1000000;
	if (*age < 0)
		*age = 0;
	return true;
}

static json_t *vs_snapshot_vms(const struct vs_vms *vms)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < vms->n; i++) {
		if (json_array_append_new(list,
					  vs_record_write(&vs_vm_record,
							  &vms->v[i]))) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}

static json_t *vs_snapshot_vnics(const struct vs_vnics *vnics)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < vnics->n; i++) {
		if (json_array_append_new(list,
					  vs_record_write(&vs_vnic_record,
							  &vnics->v[i]))) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}

void vs_snapshot_port_set(struct vs_snapshot_port *p,
			  const struct vs_host_port *port)
{
	*p = (struct vs_snapshot_port){
		.has = (port->pid ? VS_SNAPSHOT_PID : 0) |
		       (vs_uuid_is_nil(&port->vm) ? 0 : VS_SNAPSHOT_VM) |
		       (*port->vm_name ? VS_SNAPSHOT_NAME : 0) |
		       (port->device_id == VS_DEVICE_ID_NONE ? 0 :
			VS_SNAPSHOT_DEVICE_ID) |
		       (vs_mac_is_zero(&port->mac) ? 0 : VS_SNAPSHOT_MAC) |
		       (port->unheld ? VS_SNAPSHOT_UNHELD : 0),
		.port = *port,
	};
	snprintf(p->kind, sizeof(p->kind), "%s",
		 vs_link_kind_word(port->kind));
}

static json_t *vs_snapshot_port(const struct vs_host_port *port)
{
	struct vs_snapshot_port p;

	vs_snapshot_port_set(&p, port);
	return vs_record_write(&vs_snapshot_port_record, &p);
}

static json_t *vs_snapshot_ports(const struct vs_host_ports *ports)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < ports->n; i++) {
		if (json_array_append_new(list,
					  vs_snapshot_port(&ports->v[i]))) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}

json_t *vs_snapshot_foreign(const struct vs_foreign *foreign)
{
	struct vs_snapshot_foreign f = {
		.has = (*foreign->action ? VS_SNAPSHOT_ACTION : 0) |
		       (foreign->prog.id ? VS_SNAPSHOT_PROG : 0) |
		       (vs_prog_has_tag(&foreign->prog) ?
			VS_SNAPSHOT_TAG : 0) |
		       (*foreign->prog.name ? VS_SNAPSHOT_NAME : 0) |
		       (*foreign->via ? VS_SNAPSHOT_VIA : 0),
		.foreign = *foreign,
	};

	snprintf(f.spot, sizeof(f.spot), "%s", vs_spot_word(foreign->spot));
	return vs_record_write(&vs_snapshot_foreign_record, &f);
}

json_t *vs_snapshot_foreigns_write(const struct vs_foreigns *f)
{
	json_t *doc = json_object(), *list = json_array();

	for (size_t i = 0; list && i < f->n; i++) {
		if (json_array_append_new(list,
					  vs_snapshot_foreign(&f->v[i]))) {
			json_decref(list);
			list = NULL;
		}
	}
	if (json_object_set_new(doc, "tcx", json_boolean(f->tcx)) ||
	    json_object_set_new(doc, "programs", list) ||
	    (f->error.op && json_object_set_new(doc, "error",
						vs_fault_write(&f->error)))) {
		json_decref(doc);
		return NULL;
	}
	return doc;
}

static json_t *vs_snapshot_head(const struct vs_snapshot *s)
{
	struct vs_snapshot_head head = {
		.has = s->booted ? VS_SNAPSHOT_BOOTED : 0,
		.version = VS_SNAPSHOT_VERSION,
		.saved = s->saved,
		.booted = s->booted,
	};

	memcpy(head.host, s->host, sizeof(head.host));
	memcpy(head.kernel, s->kernel, sizeof(head.kernel));
	return vs_record_write(&vs_snapshot_head_record, &head);
}

static json_t *vs_snapshot_state(const struct vs_driver_reading *r)
{
	struct vs_snapshot_state state = {
		.has = r->listed ? VS_SNAPSHOT_GENERATION : 0,
		.abi_driver = r->info.abi_driver,
		.abi_agent = r->info.abi_agent,
		.epoch = r->info.epoch,
		.generation = r->table.generation,
	};

	snprintf(state.state, sizeof(state.state), "%s",
		 vs_driver_state_word(r->info.state));
	return vs_record_write(&vs_snapshot_state_record, &state);
}

/* puts @value under @key; once something failed, *@doc is NULL */
static void vs_snapshot_put(json_t **doc, const char *key, json_t *value)
{
	if (!*doc) {
		json_decref(value);
	} else if (json_object_set_new(*doc, key, value)) {
		json_decref(*doc);
		*doc = NULL;
	}
}

json_t *vs_snapshot_write(const struct vs_snapshot *s)
{
	const struct vs_driver_reading *r = &s->reading;
	json_t *doc = json_object();

	vs_snapshot_put(&doc, "vmsafe_snapshot", vs_snapshot_head(s));
	vs_snapshot_put(&doc, "driver", vs_snapshot_state(r));
	if (r->info.error.op || r->info.error.why)
		vs_snapshot_put(&doc, "driver_error",
				vs_fault_write(&r->info.error));
	if (r->table.host.has)
		vs_snapshot_put(&doc, "settings",
				vs_record_write(&vs_host_record,
						&r->table.host));
	if (r->listed) {
		vs_snapshot_put(&doc, "vms", vs_snapshot_vms(&r->table.vms));
		vs_snapshot_put(&doc, "vnics",
				vs_snapshot_vnics(&r->table.vnics));
	}
	if (s->foreign.asked)
		vs_snapshot_put(&doc, "foreign",
				vs_snapshot_foreigns_write(&s->foreign));
	if (s->has_ports)
		vs_snapshot_put(&doc, "ports", vs_snapshot_ports(&s->ports));
	else
		vs_snapshot_put(&doc, "ports_error",
				vs_fault_write(&s->ports_error));
	return doc;
}

int vs_snapshot_save(const struct vs_snapshot *s, const char *path,
		     struct vs_error *error)
{
	json_t *doc = vs_snapshot_write(s);
	int ret;

	if (!doc)
		return vs_error_set(error, VS_OP_WRITE_FILE, VS_WHY_NO_MEMORY,
				    ENOMEM, NULL);
	ret = vs_file_write_json(path, doc, 0600, error);
	json_decref(doc);
	return ret;
}

void vs_snapshot_free(struct vs_snapshot *s)
{
	vs_driver_reading_free(&s->reading);
	vs_host_ports_free(&s->ports);
	vs_foreigns_free(&s->foreign);
}
