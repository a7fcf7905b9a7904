// SPDX-License-Identifier: GPL-2.0-only
#include "cli/doctor.h"
#include "cli/inventory.h"
#include "core/buf.h"
#include "inventory/inventory.h"

/** struct vs_counts - what an inventory holds */
struct vs_counts {
	size_t vms;
	size_t vnics;
};

static int vs_count_vm(void *ctx, const struct vs_vm_fact *fact)
{
	(void)fact;
	((struct vs_counts *)ctx)->vms++;
	return 0;
}

static int vs_count_vnic(void *ctx, const struct vs_vnic_fact *fact)
{
	(void)fact;
	((struct vs_counts *)ctx)->vnics++;
	return 0;
}

static void vs_doctor_counts(struct vs_doctor *d, const char *check,
			     const struct vs_counts *counts)
{
	struct vs_buf vms = { 0 }, vnics = { 0 };

	vs_buf_addf(&vms, vs_ngettext("%zu VM", "%zu VMs", counts->vms),
		    counts->vms);
	vs_buf_addf(&vnics, vs_ngettext("%zu vNIC", "%zu vNICs",
					counts->vnics), counts->vnics);
	/* VMs with vNICs */
	vs_doctor_find(d, check, VS_FINDING_OK, NULL, _("%s with %s"),
		       vs_buf_str(&vms), vs_buf_str(&vnics));
	vs_buf_free(&vms);
	vs_buf_free(&vnics);
}

static void vs_doctor_inventory(struct vs_doctor *d)
{
	const char *check = N_("inventory");
	struct vs_counts counts = { 0 };
	const struct vs_feed feed = { vs_count_vm, vs_count_vnic, &counts };
	struct vs_inventory *inv = NULL;
	struct vs_error error;

	if (vs_inventory_open(vs_cli_inventory(d->cli), &inv, &error))
		vs_doctor_find(d, check, VS_FINDING_FAIL, NULL, "%s",
			       error.detail);
	else if (vs_inventory_load(inv, &feed, &error))
		vs_doctor_error(d, check,
				_("check that it runs and can be reached, "
				  "and what --inventory says"), &error);
	else
		vs_doctor_counts(d, check, &counts);
	vs_inventory_close(inv);
}

static bool vs_doctor_is_unbound(const struct vs_driver_table *t,
				 uint32_t ifindex)
{
	for (size_t i = 0; i < t->vnics.n; i++) {
		if (t->vnics.v[i].ifindex == ifindex)
			return !vs_driver_vnic_is_bound(&t->vnics.v[i]);
	}
	return true;
}

static void vs_doctor_ports(struct vs_doctor *d, const struct vs_snapshot *s)
{
	const char *check = N_("ports");
	size_t plugged = 0, unbound = 0;

	if (!s->has_ports) {
		vs_doctor_error(d, check, NULL, &s->ports_error);
		return;
	}
	for (size_t i = 0; i < s->ports.n; i++) {
		if (!s->ports.v[i].plugged)
			continue;
		plugged++;
		if (s->reading.listed)
			unbound += vs_doctor_is_unbound(&s->reading.table,
						s->ports.v[i].ifindex);
	}
	if (unbound)
		vs_doctor_find(d, check, VS_FINDING_WARN,
			       _("bind them with \"vmsafe bind --auto\""),
			       _("%zu of %zu ports that VMs hold are not "
				 "bound"), unbound, plugged);
	else
		vs_doctor_find(d, check, VS_FINDING_OK, NULL,
			       _("VMs hold %zu ports"), plugged);
}

void vs_doctor_lists(struct vs_doctor *d, const struct vs_snapshot *s)
{
	vs_doctor_ports(d, s);
	vs_doctor_inventory(d);
}
