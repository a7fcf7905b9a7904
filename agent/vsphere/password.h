/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_VSPHERE_PASSWORD_H
#define VS_VSPHERE_PASSWORD_H

#include "core/error.h"

/** VS_PASSWORD_MAX - the longest password, in bytes */
#define VS_PASSWORD_MAX 1023

/** VS_PASSWORD_CREDENTIAL - name of the systemd credential */
#define VS_PASSWORD_CREDENTIAL "vsphere-password"

/**
 * vs_password_read() - read the password, which is the first and only line
 * @path: the file; empty: the credential that systemd hands to the service
 * @password: receives it; wipe it after use
 * @error: why not
 *
 * The file is read each time, so a new password needs no restart. Who is
 * neither its owner nor of its group must not be able to read it.
 *
 * Return: 0 or a negative errno.
 */
int vs_password_read(const char *path, char password[VS_PASSWORD_MAX + 1],
		     struct vs_error *error);

#endif
