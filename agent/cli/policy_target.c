// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "cli/out.h"
#include "cli/policy_target.h"
#include "core/name.h"

static bool vs_target_is_port(const struct vs_driver_vnic *v, const char *s)
{
	uint64_t n;

	/* no interface name has a colon in it */
	if (strncmp(s, "id:", 3) == 0)
		return !vs_number_parse(s + 3, 1, UINT64_MAX, &n) &&
		       v->id == n;
	if (strncmp(s, "ifindex:", 8) == 0)
		return !vs_number_parse(s + 8, 1, INT32_MAX, &n) &&
		       v->ifindex == n;
	return strcmp(v->ifname, s) == 0;
}

static bool vs_target_is_vm(const struct vs_driver_vnic *v, const char *s)
{
	struct vs_uuid uuid;

	if (!vs_driver_vnic_is_bound(v))
		return false;
	if (!vs_uuid_parse(s, &uuid))
		return vs_uuid_cmp(&v->vm_uuid, &uuid) == 0;
	return vs_name_is(v->vm_name, s);
}

/* more than one thing is meant; else NULL */
static const char *vs_targets_unclear(const struct vs_targets *t, size_t ports,
				      size_t vms)
{
	if (ports && vms)
		return _("\"%s\" is a port and a VM: give ifindex:N or the "
			 "VM's UUID");
	for (size_t i = 1; i < t->n && vms; i++) {
		if (vs_uuid_cmp(&t->v[i]->vm_uuid,
				&t->v[0]->vm_uuid) != 0)
			return _("several VMs are named \"%s\": give the UUID "
				 "of one");
	}
	return t->n ? NULL : _("the Filter Driver has no port and no bound VM "
			       "\"%s\"");
}

enum vs_exit vs_targets_find(struct vs_vnics *list, const char *s,
			     struct vs_targets *targets)
{
	size_t ports = 0, vms = 0;
	char safe[VS_NAME_ESCAPED];
	const char *unclear;

	targets->n = 0;
	targets->v = calloc(list->n + 1, sizeof(*targets->v));
	if (!targets->v)
		return vs_out_no_memory();
	for (size_t i = 0; i < list->n; i++) {
		bool port = vs_target_is_port(&list->v[i], s);
		bool vm = vs_target_is_vm(&list->v[i], s);

		ports += port;
		vms += vm;
		if (port || vm)
			targets->v[targets->n++] = &list->v[i];
	}
	unclear = vs_targets_unclear(targets, ports, vms);
	if (!unclear)
		return VS_EXIT_FINE;
	vs_name_escape(safe, sizeof(safe), s);
	vs_say(unclear, safe);
	return VS_EXIT_FAILED;
}

void vs_targets_free(struct vs_targets *targets)
{
	free(targets->v);
	*targets = (struct vs_targets){ 0 };
}
