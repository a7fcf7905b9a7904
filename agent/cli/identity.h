/* SPDX-License-Identifier: GPL-2.0-only */
/* What "bind" and "vnic set" are told of a vNIC. */
#ifndef VS_CLI_IDENTITY_H
#define VS_CLI_IDENTITY_H

#include "cli/opt.h"
#include "driver/client.h"

/*
 * Options that fill in a struct vs_identity which stands first in the
 * command's own options.
 */
#define VS_IDENTITY_VM \
	{ .name = "vm", .kind = VS_OPT_UUID, .arg = "UUID", \
	  .offset = offsetof(struct vs_identity, vm_uuid), \
	  .bit = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID), \
	  .help = N_("UUID of the VM") }
#define VS_IDENTITY_NAME \
	{ .name = "name", .kind = VS_OPT_NAME, .arg = "NAME", \
	  .offset = offsetof(struct vs_identity, vm_name), \
	  .bit = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_NAME), \
	  .help = N_("name of the VM") }
#define VS_IDENTITY_DEVICE_ID \
	{ .name = "device-id", .kind = VS_OPT_DEVICE_ID, .arg = "N", \
	  .offset = offsetof(struct vs_identity, device_id), \
	  .bit = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_DEVICE_ID), \
	  .help = N_("the vNIC's place within the VM, from 0") }
#define VS_IDENTITY_MAC \
	{ .name = "mac", .kind = VS_OPT_MAC, .arg = "MAC", \
	  .offset = offsetof(struct vs_identity, mac), \
	  .bit = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_MAC), \
	  .help = N_("the guest's MAC address") }
#define VS_IDENTITY_POLICY \
	{ .name = "failure-policy", .kind = VS_OPT_WORD, \
	  .words = VS_WORDS_FAILURE_POLICY, .arg = "fail-open|fail-closed", \
	  .offset = offsetof(struct vs_identity, failure_policy), \
	  .bit = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_FAILURE_POLICY), \
	  .help = N_("what happens when the appliance is lost") }
#define VS_IDENTITY_GUARD \
	{ .name = "guard", .kind = VS_OPT_WORD, .words = VS_WORDS_GUARD, \
	  .arg = "off|warn|drop", \
	  .offset = offsetof(struct vs_identity, guard), \
	  .bit = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_GUARD), \
	  .help = N_("what to do with frames of another source MAC") }
#define VS_IDENTITY_BYPASS \
	{ .name = "bypass", .kind = VS_OPT_NUMBER, .arg = "0|1", .max = 1, \
	  .offset = offsetof(struct vs_identity, bypass), \
	  .bit = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_BYPASS), \
	  .help = N_("1: let everything pass unfiltered") }

#endif
