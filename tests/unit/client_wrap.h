/* SPDX-License-Identifier: GPL-2.0-only */
/* What access_test is linked with in the place of the Filter Driver. */
#ifndef CLIENT_WRAP_H
#define CLIENT_WRAP_H

#include "driver/client.h"

int __wrap_vs_client_open(struct vs_client *c, struct vs_error *error);

#endif
