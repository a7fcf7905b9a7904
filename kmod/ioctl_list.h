/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_IOCTL_LIST_H
#define _VSN_IOCTL_LIST_H

struct vmsafe_net_ioc_list;
struct vsn_net;
struct vsn_session;

int vsn_ioctl_list_vms(struct vsn_net *sn, struct vsn_session *who,
		       struct vmsafe_net_ioc_list *arg);
int vsn_ioctl_list_vnics(struct vsn_net *sn, struct vsn_session *who,
			 struct vmsafe_net_ioc_list *arg);

#endif /* _VSN_IOCTL_LIST_H */
