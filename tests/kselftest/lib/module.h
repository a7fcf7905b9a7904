/* SPDX-License-Identifier: GPL-2.0-only */
/* The Filter Driver itself: in and out of the kernel. */
#ifndef VSN_TEST_MODULE_H
#define VSN_TEST_MODULE_H

/* 0 or a negative errno. The file is the one that tests/kselftest/run names. */
int module_load(void);
/* -EAGAIN while somebody uses it. Does not wait. */
int module_unload(void);
/* Again and again while it is in use, for at most 20 s. */
int module_unload_soon(void);

#endif /* VSN_TEST_MODULE_H */
