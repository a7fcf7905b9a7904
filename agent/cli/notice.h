/* SPDX-License-Identifier: GPL-2.0-only */
/* The driver's notifications as lines and objects. */
#ifndef VS_CLI_NOTICE_H
#define VS_CLI_NOTICE_H

#include "cli/out.h"
#include "driver/lookout.h"
#include "core/buf.h"
#include "driver/event.h"

/**
 * vs_notice_text() - a notification on one line, without a newline
 * @buf: gets the line
 * @notice: the notification
 * @change: how it changed a mode
 * @now: the time
 */
void vs_notice_text(struct vs_buf *buf, const struct vs_notice *notice,
		    const struct vs_change *change, vs_time now);

/** vs_notice_json() - likewise, as an object */
json_t *vs_notice_json(const struct vs_notice *notice,
		       const struct vs_change *change, vs_time now);

/** vs_notice_bypass_text() - that a port is bypassed now, or no longer */
void vs_notice_bypass_text(struct vs_buf *buf, const struct vs_driver_vnic *v,
			   enum vs_bypass bypass, const struct vs_foreigns *f,
			   vs_time now);

/** vs_notice_bypass_json() - likewise, as an object */
json_t *vs_notice_bypass_json(const struct vs_driver_vnic *v,
			      enum vs_bypass bypass,
			      const struct vs_foreigns *f, vs_time now);

#endif
