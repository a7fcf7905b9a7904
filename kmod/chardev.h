/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_CHARDEV_H
#define _VSN_CHARDEV_H

int vsn_chardev_init(void);
void vsn_chardev_exit(void);

#endif /* _VSN_CHARDEV_H */
