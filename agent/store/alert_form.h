/* SPDX-License-Identifier: GPL-2.0-only */
/* Alerts and differences as JSON objects and back. */
#ifndef VS_STORE_ALERT_FORM_H
#define VS_STORE_ALERT_FORM_H

#include "core/alert.h"
#include "driver/record.h"

/** VS_FORM_BY - size of vs_difference.by as it is stored; more is cut off */
#define VS_FORM_BY 1024

/** vs_difference_write() - the object for a difference, of @vm if not NULL */
json_t *vs_difference_write(const struct vs_difference *diff,
			    const struct vs_uuid *vm);

/**
 * vs_difference_read() - the difference for an object without a VM
 * @json: the object
 * @diff: filled in
 * @by: diff->by, for free(), or NULL
 * @reader: the document
 *
 * Return: 0; -EINVAL, said in the reader's error; -ENOMEM.
 */
int vs_difference_read(const json_t *json, struct vs_difference *diff,
		       char **by, const struct vs_reader *reader);

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
