/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to core/: the parts of vs_text_description(). */
#ifndef VS_CORE_DESCRIBE_H
#define VS_CORE_DESCRIBE_H

#include "core/text.h"

/** vs_describe_done() - of what an operator had done; false: it is not that */
bool vs_describe_done(struct vs_buf *buf, const struct vs_lang *lang,
		      const struct vs_event *event);

#endif
