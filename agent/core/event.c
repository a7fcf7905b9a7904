// SPDX-License-Identifier: GPL-2.0-only
/* Words of events, for machines. */
#include "core/event.h"
#include "core/word.h"

static const char *const vs_level_words[] = {
	[VS_LEVEL_INFO] = "info",
	[VS_LEVEL_WARNING] = "warning",
	[VS_LEVEL_ERROR] = "error",
};

static const char *const vs_form_words[] = {
	[VS_FORM_NONE] = "none",
	[VS_FORM_DIFFERENCES] = "differences",
	[VS_FORM_UNVERIFIED] = "unverified",
	[VS_FORM_UNOBTAINED] = "unobtained",
};

static const char *const vs_origin_words[] = {
	[VS_ORIGIN_MANAGER] = "manager",
	[VS_ORIGIN_APPLIANCE] = "appliance",
};

static const char *const vs_actor_words[] = {
	[VS_ACTOR_SYSTEM] = "system",
	[VS_ACTOR_OPERATOR] = "operator",
};

const char *vs_level_word(enum vs_level level)
{
	return VS_WORD(vs_level_words, level);
}

int vs_level_parse(const char *s, enum vs_level *level)
{
	int i = VS_WORD_FIND(vs_level_words, s);

	if (i < 0)
		return i;
	*level = i;
	return 0;
}

const char *vs_form_word(enum vs_form form)
{
	return VS_WORD(vs_form_words, form);
}

const char *vs_origin_word(enum vs_origin origin)
{
	return VS_WORD(vs_origin_words, origin);
}

const char *vs_actor_word(enum vs_actor actor)
{
	return VS_WORD(vs_actor_words, actor);
}
