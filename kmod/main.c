// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include <net/genetlink.h>

#include "chardev.h"
#include "net.h"
#include "netlink.h"
#include "policy.h"
#include "port.h"

static int __init vsn_main_init(void)
{
	int err;

	err = vsn_policy_init();
	if (err)
		return err;
	err = vsn_net_init();
	if (err)
		goto err_policy;
	err = vsn_netlink_init();
	if (err)
		goto err_net;
	err = vsn_port_init();
	if (err)
		goto err_netlink;
	err = vsn_chardev_init();
	if (err)
		goto err_port;
	return 0;

err_port:
	vsn_port_exit();
err_netlink:
	vsn_netlink_exit();
err_net:
	vsn_net_exit();
err_policy:
	vsn_policy_exit();
	return err;
}

static void __exit vsn_main_exit(void)
{
	vsn_chardev_exit();
	vsn_port_exit();
	vsn_netlink_exit();
	vsn_net_exit();
	vsn_policy_exit();
}

module_init(vsn_main_init);
module_exit(vsn_main_exit);

MODULE_DESCRIPTION("VMsafe-Net style Filter Driver for the vNICs of VMs");
MODULE_AUTHOR("The vmsafe-net developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
MODULE_ALIAS_GENL_FAMILY("vmsafe_net");
