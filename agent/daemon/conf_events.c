// SPDX-License-Identifier: GPL-2.0-only
/* Which events are recorded, and which are forwarded. */
#include <errno.h>
#include <string.h>

#include "core/number.h"
#include "daemon/conf_file.h"
#include "po/i18n.h"

/* "record, forward", either of them, or "none" */
static int vs_conf_handling(const char *value, uint8_t *to)
{
	static const struct {
		const char *text;
		uint8_t bits;
	} all[] = {
		{ "none", 0 },
		{ "record", VS_CONF_RECORD },
		{ "forward", VS_CONF_FORWARD },
		{ "record, forward", VS_CONF_RECORD | VS_CONF_FORWARD },
		{ "record,forward", VS_CONF_RECORD | VS_CONF_FORWARD },
		{ "forward, record", VS_CONF_RECORD | VS_CONF_FORWARD },
		{ "forward,record", VS_CONF_RECORD | VS_CONF_FORWARD },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (strcmp(value, all[i].text) == 0) {
			*to = all[i].bits;
			return 0;
		}
	}
	return -EINVAL;
}

/* what is done with an event, or with all that nothing else is said of */
int vs_conf_event(struct vs_conf_file *f, const char *name, const char *value)
{
	char safe[2][VS_NAME_ESCAPED];
	int place = -1;
	uint64_t id;
	uint8_t bits;

	vs_name_escape(safe[0], sizeof(safe[0]), name);
	vs_name_escape(safe[1], sizeof(safe[1]), value);
	if (!vs_number_parse(name, 0, UINT32_MAX, &id))
		place = vs_event_kind_place(id);
	if (place < 0 && strcmp(name, "default") != 0)
		return vs_conf_complain(f, _("there is no event \"%s\""),
					safe[0]);
	if (place < 0 ? f->conf->events_default_given :
			f->conf->events_given[place])
		return vs_conf_complain(f, _("\"%s\" was given before"),
					safe[0]);
	if (vs_conf_handling(value, &bits))
		return vs_conf_complain(f, _("%s = %s: none of \"record\", "
					     "\"forward\", \"record, "
					     "forward\" and \"none\""),
					safe[0], safe[1]);
	if (place < 0) {
		f->conf->events_default_given = true;
		f->conf->events_default = bits;
	} else {
		f->conf->events_given[place] = true;
		f->conf->events[place] = bits;
	}
	return 0;
}

static uint8_t vs_conf_does(const struct vs_conf *conf, unsigned int id)
{
	int place = vs_event_kind_place(id);

	return place >= 0 && conf->events_given[place] ? conf->events[place] :
							 conf->events_default;
}

bool vs_conf_records(const struct vs_conf *conf, unsigned int id)
{
	return vs_conf_does(conf, id) & VS_CONF_RECORD;
}

bool vs_conf_forwards(const struct vs_conf *conf, unsigned int id)
{
	return vs_conf_does(conf, id) & VS_CONF_FORWARD;
}
