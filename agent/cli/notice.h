/* SPDX-License-Identifier: GPL-2.0-only */
/* The driver's notifications as lines and objects. */
#ifndef VS_CLI_NOTICE_H
#define VS_CLI_NOTICE_H

#include "cli/out.h"
#include "core/buf.h"
#include "driver/event.h"

/** vs_notice_text() - a notification on one line, without a newline */
void vs_notice_text(struct vs_buf *buf, const struct vs_notice *notice,
		    vs_time now);

/** vs_notice_json() - a notification as an object */
json_t *vs_notice_json(const struct vs_notice *notice, vs_time now);

#endif
