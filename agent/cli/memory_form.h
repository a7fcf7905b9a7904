/* SPDX-License-Identifier: GPL-2.0-only */
/* Alerts and differences as JSON objects and back. */
#ifndef VS_CLI_MEMORY_FORM_H
#define VS_CLI_MEMORY_FORM_H

#include "core/alert.h"
#include "driver/record.h"

/** vs_alert_write() - the object for an alert, or NULL */
json_t *vs_alert_write(const struct vs_alert *alert);

/**
 * vs_alert_read() - the alert for an object
 * @alert: filled in; its strings are the object's, its differences are for
 *         free()
 *
 * Return: 0; -EINVAL, said in the reader's error; -ENOMEM.
 */
int vs_alert_read(const json_t *json, struct vs_alert *alert,
		  const struct vs_reader *reader);

/** vs_pending_write() - the object for a difference of @vm that is pending */
json_t *vs_pending_write(const struct vs_uuid *vm,
			 const struct vs_difference *diff);

/** vs_pending_read() - and back */
int vs_pending_read(const json_t *json, struct vs_uuid *vm,
		    struct vs_difference *diff,
		    const struct vs_reader *reader);

#endif
