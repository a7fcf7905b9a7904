// SPDX-License-Identifier: GPL-2.0-only
#include "core/pending.h"
#include "core/word.h"

static const char *const vs_change_words[] = {
	[VS_CHANGE_ADDED] = "added",
	[VS_CHANGE_REMOVED] = "removed",
	[VS_CHANGE_MAC] = "mac",
};

const char *vs_change_word(enum vs_change change)
{
	return VS_WORD(vs_change_words, change);
}

bool vs_pending_change(const struct vs_testimony *t, struct vs_pending *p)
{
	*p = (struct vs_pending){
		.device_id = t->device_id,
		.change = VS_CHANGE_MAC,
		.next = t->mac[VS_WITNESS_DEFINITION],
		.now = t->mac[VS_WITNESS_LIVE],
	};
	if (vs_mac_cmp(&p->next, &p->now) == 0)
		return false;
	if (vs_mac_is_zero(&p->now))
		p->change = VS_CHANGE_ADDED;
	else if (vs_mac_is_zero(&p->next))
		p->change = VS_CHANGE_REMOVED;
	return true;
}

void vs_text_pending(struct vs_buf *buf, const struct vs_lang *lang,
		     const struct vs_pending *p)
{
	char next[VS_MAC_STR], now[VS_MAC_STR];

	vs_mac_format(&p->next, next);
	vs_mac_format(&p->now, now);
	switch (p->change) {
	case VS_CHANGE_ADDED:
		vs_buf_addf(buf, vs_tr(lang, N_("Pending change at the next "
						"start: device ID %u: %s is "
						"added")),
			    p->device_id, next);
		break;
	case VS_CHANGE_REMOVED:
		vs_buf_addf(buf, vs_tr(lang, N_("Pending change at the next "
						"start: device ID %u: %s is "
						"removed")),
			    p->device_id, now);
		break;
	default:
		vs_buf_addf(buf, vs_tr(lang, N_("Pending change at the next "
						"start: device ID %u: %s (now "
						"%s)")),
			    p->device_id, next, now);
	}
}
