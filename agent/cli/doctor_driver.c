// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "cli/doctor.h"
#include "cli/source.h"
#include "host/opener.h"
#include "recover/running.h"

static void vs_doctor_netlink(struct vs_doctor *d,
			      const struct vs_driver_reading *r)
{
	const struct vs_driver_info *info = &r->info;
	const char *check = N_("interface");

	if (info->state == VS_DRIVER_NOT_LOADED)
		vs_doctor_find(d, check, VS_FINDING_FAIL,
			       _("load the module; each network namespace "
				 "asks for itself"),
			       _("there is no netlink family vmsafe_net"));
	else if (info->state == VS_DRIVER_ABI_MISMATCH)
		vs_doctor_find(d, check, VS_FINDING_FAIL,
			       _("install module and agent from one build"),
			       _("the driver speaks version %u, this program "
				 "version %u"), info->abi_driver,
			       info->abi_agent);
	else if (info->error.op == VS_OP_NETLINK)
		vs_doctor_error(d, check, info->error.why ==
				VS_WHY_NO_PERMISSION ?
				_("run it as root of this host") : NULL,
				&info->error);
	else
		vs_doctor_find(d, check, VS_FINDING_OK, NULL,
			       _("the driver speaks version %u"),
			       info->abi_driver);
}

static const char *vs_doctor_device_advice(int err)
{
	switch (err) {
	case ENOENT:
		return _("devtmpfs or udev has to make it; see "
			 "/sys/class/misc/vmsafe-net/dev for its number");
	case EACCES:
	case EPERM:
		return _("run it as root of this host");
	case ENXIO:
	case ENODEV:
		return _("the node is left over: remove it and load the "
			 "module anew");
	default:
		return NULL;
	}
}

/* the device, the ioctls, and with them the session */
static void vs_doctor_device(struct vs_doctor *d,
			     const struct vs_driver_reading *r)
{
	const struct vs_error *error = &r->info.error;

	if (error->op == VS_OP_OPEN_DEVICE) {
		vs_doctor_error(d, N_("device"),
				vs_doctor_device_advice(error->err), error);
		return;
	}
	vs_doctor_find(d, N_("device"), VS_FINDING_OK, NULL,
		       VMSAFE_NET_DEVICE_PATH);
	if (error->op != VS_OP_IOCTL)
		vs_doctor_find(d, N_("ioctl"), VS_FINDING_OK, NULL,
			       _("the list can be read"));
	else
		vs_doctor_error(d, N_("ioctl"), error->why ==
				VS_WHY_SESSION_HELD ?
				_("end the process that holds it, or wait") :
				_("restart the appliance; then load the "
				  "module anew"), error);
}

static void vs_doctor_session(struct vs_doctor *d,
			      const struct vs_driver_reading *r)
{
	const struct vs_driver_host *h = &r->table.host;
	const char *check = N_("session");
	char comm[VS_COMM] = "?";

	if (vs_cli_is_live(d->cli))
		vs_process_comm(h->appliance_pid, comm);
	if (r->info.state == VS_DRIVER_APPLIANCE_LOST)
		vs_doctor_find(d, check, VS_FINDING_FAIL,
			       _("restart the appliance"),
			       h->appliance_pid ?
			       _("the appliance, process %u (%s), is lost") :
			       _("the appliance is lost"), h->appliance_pid,
			       comm);
	else if (h->appliance_state == VMSAFE_NET_APPLIANCE_STATE_ATTACHED &&
		 !h->appliance_pid)
		vs_doctor_find(d, check, VS_FINDING_WARN, NULL,
			       _("a process outside of this PID namespace "
				 "holds it"));
	else if (h->appliance_state == VMSAFE_NET_APPLIANCE_STATE_ATTACHED &&
		 vs_cli_is_live(d->cli) && vs_running_is(h->appliance_pid))
		vs_doctor_find(d, check, VS_FINDING_OK, NULL,
			       _("process %u (%s) holds it; before rmmod, run "
				 "\"vmsafe appliance deactivate\""),
			       h->appliance_pid, comm);
	else if (h->appliance_state == VMSAFE_NET_APPLIANCE_STATE_ATTACHED)
		vs_doctor_find(d, check, VS_FINDING_WARN, NULL,
			       _("process %u (%s) holds it"),
			       h->appliance_pid, comm);
	else
		vs_doctor_find(d, check, VS_FINDING_OK, NULL,
			       _("nobody holds it"));
}

static void vs_doctor_limit(struct vs_doctor *d,
			    const struct vs_driver_host *h)
{
	/* the driver warns at four fifths, too */
	bool near = h->vnic_count / 4 >= h->vnic_limit / 5;

	vs_doctor_find(d, N_("limit"), near ? VS_FINDING_WARN : VS_FINDING_OK,
		       near ? _("raise it with \"vmsafe host set --limit "
				"N\"") : NULL,
		       _("%u ports of at most %u"), h->vnic_count,
		       h->vnic_limit);
}

static void vs_doctor_claims(struct vs_doctor *d,
			     const struct vs_driver_host *h)
{
	if (!h->refused_claims)
		return;
	vs_doctor_find(d, N_("claims"), VS_FINDING_WARN,
		       _("look in the kernel log for the holders; was a VM "
			 "cloned?"),
		       _("claims refused because another port held the vNIC "
			 "or MAC: %llu"),
		       (unsigned long long)h->refused_claims);
}

void vs_doctor_driver(struct vs_doctor *d, const struct vs_driver_reading *r)
{
	bool answers = r->table.host.has &&
		       r->info.state != VS_DRIVER_ABI_MISMATCH;

	vs_doctor_netlink(d, r);
	if (!answers)
		return;
	vs_doctor_device(d, r);
	vs_doctor_session(d, r);
	vs_doctor_limit(d, &r->table.host);
	vs_doctor_claims(d, &r->table.host);
}
