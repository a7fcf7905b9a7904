// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "driver/fault.h"
#include "driver/file.h"
#include "driver/form.h"
#include "driver/snapshot_form.h"
#include "po/i18n.h"

static int vs_snapshot_head(struct vs_snapshot *s, const json_t *json,
			    const struct vs_reader *reader)
{
	struct vs_snapshot_head head = { 0 };
	const char *path = "vmsafe_snapshot";
	const json_t *version = json_object_get(json, "version");

	/* say so before saying that something is unknown in it */
	if (json_is_integer(version) &&
	    json_integer_value(version) != VS_SNAPSHOT_VERSION)
		return vs_reader_fail(reader, "vmsafe_snapshot.version",
				      _("is a version that this program does "
					"not know"));
	if (vs_record_read(&vs_snapshot_head_record, json, &head, reader,
			   path))
		return -EINVAL;
	if (*head.host && vs_name_check(head.host))
		return vs_reader_fail(reader, "vmsafe_snapshot.host",
				      _("is not a name"));
	s->saved = head.saved;
	s->booted = head.booted;
	memcpy(s->host, head.host, sizeof(s->host));
	memcpy(s->kernel, head.kernel, sizeof(s->kernel));
	return 0;
}

static int vs_snapshot_state(struct vs_driver_reading *r, const json_t *json,
			     const struct vs_reader *reader)
{
	struct vs_snapshot_state state = { 0 };
	int i = VS_DRIVER_ONLINE;

	if (vs_record_read(&vs_snapshot_state_record, json, &state, reader,
			   "driver"))
		return -EINVAL;
	while (i < VS_DRIVER_STATE_COUNT &&
	       strcmp(state.state, vs_driver_state_word(i)) != 0)
		i++;
	if (i == VS_DRIVER_STATE_COUNT)
		return vs_reader_fail(reader, "driver.state",
				      _("is not a known word"));
	r->info.state = i;
	r->info.abi_driver = state.abi_driver;
	r->info.abi_agent = state.abi_agent;
	r->info.epoch = state.epoch;
	r->table.generation = state.generation;
	return 0;
}

static int vs_snapshot_vm(struct vs_vms *vms, const json_t *json,
			  const struct vs_reader *reader, const char *path)
{
	struct vs_driver_vm *vm = vs_vms_add(vms);

	if (!vm)
		return -ENOMEM;
	if (vs_record_read(&vs_vm_record, json, vm, reader, path))
		return -EINVAL;
	return vs_name_check(vm->name) ?
	       vs_reader_fail(reader, path, _("the name is not valid")) : 0;
}

static int vs_snapshot_vnic(struct vs_vnics *vnics, const json_t *json,
			    const struct vs_reader *reader, const char *path)
{
	const uint64_t identity = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID) |
				  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_NAME) |
				  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_DEVICE_ID) |
				  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_MAC);
	struct vs_driver_vnic *v = vs_vnics_add(vnics);

	if (!v)
		return -ENOMEM;
	if (vs_record_read(&vs_vnic_record, json, v, reader, path))
		return -EINVAL;
	if (!v->ifindex || !*v->ifname)
		return vs_reader_fail(reader, path, _("it names no port"));
	if ((v->has & identity) && (v->has & identity) != identity)
		return vs_reader_fail(reader, path,
				      _("the identity is not complete"));
	if ((v->has & identity) && (!vs_mac_is_guest(&v->mac) ||
				    vs_name_check(v->vm_name)))
		return vs_reader_fail(reader, path,
				      _("the identity is not valid"));
	return 0;
}

static int vs_snapshot_port(struct vs_host_port *port, const json_t *json,
			    const struct vs_reader *reader, const char *path)
{
	struct vs_snapshot_port p = { 0 };
	int kind = VS_LINK_OTHER;

	if (vs_record_read(&vs_snapshot_port_record, json, &p, reader, path))
		return -EINVAL;
	while (kind < VS_LINK_KIND_COUNT &&
	       strcmp(p.kind, vs_link_kind_word(kind)) != 0)
		kind++;
	if (kind == VS_LINK_KIND_COUNT || !p.port.ifindex || !*p.port.ifname)
		return vs_reader_fail(reader, path, _("it names no port"));
	if ((p.has & VS_SNAPSHOT_MAC && !vs_mac_is_guest(&p.port.mac)) ||
	    (p.has & VS_SNAPSHOT_NAME && vs_name_check(p.port.vm_name)))
		return vs_reader_fail(reader, path,
				      _("the identity is not valid"));
	if (p.port.unheld && (p.port.pid || p.port.plugged))
		return vs_reader_fail(reader, path,
				      _("it is held and not held"));
	*port = p.port;
	port->kind = kind;
	if (!(p.has & VS_SNAPSHOT_DEVICE_ID))
		port->device_id = VS_DEVICE_ID_NONE;
	return 0;
}

/* an entry of each ifindex at most: it is the key of both lists */
static int vs_snapshot_twice(uint32_t *seen, size_t n,
			     const struct vs_reader *reader, const char *path)
{
	for (size_t i = 1; i < n; i++) {
		if (seen[i] == seen[i - 1])
			return vs_reader_fail(reader, path,
					      _("an ifindex is there twice"));
	}
	return 0;
}

static int vs_snapshot_order(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static int vs_snapshot_vnics_once(const struct vs_vnics *vnics,
				  const struct vs_reader *reader)
{
	uint32_t *seen = calloc(vnics->n + 1, sizeof(*seen));
	int ret;

	if (!seen)
		return -ENOMEM;
	for (size_t i = 0; i < vnics->n; i++)
		seen[i] = vnics->v[i].ifindex;
	qsort(seen, vnics->n, sizeof(*seen), vs_snapshot_order);
	ret = vs_snapshot_twice(seen, vnics->n, reader, "vnics");
	free(seen);
	return ret;
}

static int vs_snapshot_table(struct vs_driver_reading *r, const json_t *vms,
			     const json_t *vnics,
			     const struct vs_reader *reader)
{
	bool answers = r->info.state == VS_DRIVER_ONLINE ||
		       r->info.state == VS_DRIVER_APPLIANCE_LOST;
	char path[32];
	int ret = 0;

	if (!vms != !answers || !vnics != !answers)
		return vs_reader_fail(reader, "driver.state",
				      _("\"vms\" and \"vnics\" are there in "
					"the states online and "
					"appliance-lost, and in no other"));
	r->listed = answers;
	if (!r->listed)
		return 0;
	if (!json_is_array(vms) || !json_is_array(vnics))
		return vs_reader_fail(reader, "vnics", _("is not a list"));
	for (size_t i = 0; !ret && i < json_array_size(vms); i++) {
		snprintf(path, sizeof(path), "vms[%zu]", i);
		ret = vs_snapshot_vm(&r->table.vms, json_array_get(vms, i),
				     reader, path);
	}
	for (size_t i = 0; !ret && i < json_array_size(vnics); i++) {
		snprintf(path, sizeof(path), "vnics[%zu]", i);
		ret = vs_snapshot_vnic(&r->table.vnics,
				       json_array_get(vnics, i), reader, path);
	}
	return ret ? ret : vs_snapshot_vnics_once(&r->table.vnics, reader);
}

static int vs_snapshot_port_order(const void *a, const void *b)
{
	return vs_snapshot_order(&((const struct vs_host_port *)a)->ifindex,
				 &((const struct vs_host_port *)b)->ifindex);
}

static int vs_snapshot_ports(struct vs_snapshot *s, const json_t *list,
			     const struct vs_reader *reader)
{
	struct vs_host_ports *ports = &s->ports;
	size_t n = json_array_size(list);
	char path[32];

	if (!json_is_array(list))
		return vs_reader_fail(reader, "ports", _("is not a list"));
	ports->v = calloc(n + 1, sizeof(*ports->v));
	if (!ports->v)
		return -ENOMEM;
	for (; ports->n < n; ports->n++) {
		snprintf(path, sizeof(path), "ports[%zu]", ports->n);
		if (vs_snapshot_port(&ports->v[ports->n],
				     json_array_get(list, ports->n), reader,
				     path))
			return -EINVAL;
	}
	qsort(ports->v, n, sizeof(*ports->v), vs_snapshot_port_order);
	for (size_t i = 1; i < n; i++) {
		if (ports->v[i].ifindex == ports->v[i - 1].ifindex)
			return vs_reader_fail(reader, "ports",
					      _("an ifindex is there twice"));
	}
	s->has_ports = true;
	return 0;
}

static int vs_snapshot_program(struct vs_foreigns *f, const json_t *json,
			       const struct vs_reader *reader,
			       const char *path)
{
	struct vs_foreign *foreign = vs_foreigns_add(f);
	struct vs_snapshot_foreign from = { 0 };

	if (!foreign)
		return -ENOMEM;
	if (vs_record_read(&vs_snapshot_foreign_record, json, &from, reader,
			   path))
		return -EINVAL;
	*foreign = from.foreign;
	if (vs_spot_parse(from.spot, &foreign->spot) || !foreign->ifindex)
		return vs_reader_fail(reader, path, _("it names no port"));
	return 0;
}

/* a snapshot that has none was made when nobody looked for them */
int vs_snapshot_foreigns_read(struct vs_foreigns *f, const json_t *json,
			      const struct vs_reader *reader)
{
	const json_t *list = json_object_get(json, "programs");
	const json_t *tcx = json_object_get(json, "tcx");
	const json_t *error = json_object_get(json, "error");
	char path[48];
	int ret = 0;

	if (!json_is_array(list) || !json_is_boolean(tcx))
		return vs_reader_fail(reader, "foreign",
				      _("\"programs\" and \"tcx\" are "
					"needed"));
	f->asked = true;
	f->tcx = json_is_true(tcx);
	for (size_t i = 0; !ret && i < json_array_size(list); i++) {
		snprintf(path, sizeof(path), "foreign.programs[%zu]", i);
		ret = vs_snapshot_program(f, json_array_get(list, i), reader,
					  path);
	}
	if (!ret && error)
		ret = vs_fault_read(error, &f->error, reader,
				    "foreign.error");
	vs_foreigns_sort(f);
	return ret;
}

static int vs_snapshot_keys(const json_t *doc, const struct vs_reader *reader)
{
	static const char *const keys[] = {
		"vmsafe_snapshot", "driver", "driver_error", "settings", "vms",
		"vnics", "ports", "ports_error", "foreign",
	};
	char safe[64];
	const char *key;
	json_t *value;

	if (!json_is_object(doc) || !json_object_get(doc, keys[0]))
		return vs_reader_fail(reader, "-",
				      _("is not a snapshot of \"vmsafe driver "
					"save\""));
	json_object_foreach((json_t *)doc, key, value) {
		size_t i = 0;

		while (i < sizeof(keys) / sizeof(*keys) &&
		       strcmp(keys[i], key) != 0)
			i++;
		if (i < sizeof(keys) / sizeof(*keys))
			continue;
		vs_name_escape(safe, sizeof(safe), key);
		return vs_reader_fail(reader, safe, _("unknown key"));
	}
	return 0;
}

int vs_snapshot_read(struct vs_snapshot *s, const json_t *doc,
		     const struct vs_reader *reader)
{
	const json_t *head = json_object_get(doc, "vmsafe_snapshot");
	const json_t *error = json_object_get(doc, "driver_error");
	const json_t *settings = json_object_get(doc, "settings");
	const json_t *ports = json_object_get(doc, "ports");
	const json_t *why = json_object_get(doc, "ports_error");
	const json_t *foreign = json_object_get(doc, "foreign");
	struct vs_driver_reading *r = &s->reading;
	int ret;

	memset(s, 0, sizeof(*s));
	ret = vs_snapshot_keys(doc, reader);
	if (!ret)
		ret = vs_snapshot_head(s, head, reader);
	if (!ret)
		ret = vs_snapshot_state(r, json_object_get(doc, "driver"),
					reader);
	if (!ret && error)
		ret = vs_fault_read(error, &r->info.error, reader,
				    "driver_error");
	if (!ret && settings)
		ret = vs_record_read(&vs_host_record, settings,
				     &r->table.host, reader, "settings");
	if (!ret)
		ret = vs_snapshot_table(r, json_object_get(doc, "vms"),
					json_object_get(doc, "vnics"), reader);
	if (!ret && ports)
		ret = vs_snapshot_ports(s, ports, reader);
	if (!ret && why)
		ret = vs_fault_read(why, &s->ports_error, reader,
				    "ports_error");
	if (!ret && foreign)
		ret = vs_snapshot_foreigns_read(&s->foreign, foreign,
						reader);
	if (!ret && !ports == !why)
		ret = vs_reader_fail(reader, "ports",
				     _("one of \"ports\" and \"ports_error\" "
				       "is needed"));
	return ret;
}

int vs_snapshot_load(struct vs_snapshot *s, const char *path,
		     struct vs_error *error)
{
	struct vs_error scratch;
	char safe[128];
	struct vs_reader reader = {
		.file = safe,
		.error = error ? error : &scratch,
	};
	json_t *doc;
	int ret;

	memset(s, 0, sizeof(*s));
	vs_name_escape(safe, sizeof(safe), path);
	ret = vs_file_read_json(path, &doc, reader.error);
	if (ret)
		return ret;
	ret = vs_snapshot_read(s, doc, &reader);
	if (ret == -ENOMEM)
		vs_error_set(reader.error, VS_OP_READ_FILE, VS_WHY_NO_MEMORY,
			     ret, NULL);
	json_decref(doc);
	return ret;
}
