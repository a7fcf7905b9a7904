/* SPDX-License-Identifier: GPL-2.0-only */
/* Do something as somebody else, in a child. */
#ifndef VSN_TEST_WHO_H
#define VSN_TEST_WHO_H

enum who {
	WHO_ROOT,		/* as we are */
	WHO_NOBODY,		/* no capability at all */
	WHO_CAPLESS_ROOT,	/* user 0 without CAP_NET_ADMIN */
	WHO_USERNS_ROOT,	/* root of a user namespace that root made */
	WHO_USERNS_NOBODY,	/* "unshare -Urn" by nobody */
	WHO_MAX
};

extern const char * const who_names[WHO_MAX];

/*
 * What @fn returned (0 or a negative errno) when called by @who. The two with
 * a user namespace are in a network namespace of their own, too.
 */
int as(enum who who, int (*fn)(void *arg), void *arg);

#endif /* VSN_TEST_WHO_H */
