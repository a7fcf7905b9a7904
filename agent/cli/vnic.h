/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CLI_VNIC_H
#define VS_CLI_VNIC_H

#include "cli/out.h"
#include "driver/client.h"

/** vs_vnic_print() - a table as "vnic list" has it, of the entries wanted */
enum vs_exit vs_vnic_print(const struct vs_vnics *vnics,
			   const struct vs_vnic_filter *f);

/** vs_vnic_print_one() - one entry as "vnic show" has it */
enum vs_exit vs_vnic_print_one(const struct vs_cli *cli,
			       const struct vs_driver_vnic *vnic);

/** vs_vnic_print_bound() - likewise, and whether its port is bypassed */
enum vs_exit vs_vnic_print_bound(const struct vs_cli *cli,
				 const struct vs_driver_vnic *vnic);

/** vs_vnic_wanted() - does a filter let this entry through? */
bool vs_vnic_wanted(const struct vs_driver_vnic *v,
		    const struct vs_vnic_filter *f);

/* the commands below "vnic", in files of their own */
extern const struct vs_command vs_cmd_vnic_show;
extern const struct vs_command vs_cmd_vnic_set;
extern const struct vs_command vs_cmd_vnic_probe;

#endif
