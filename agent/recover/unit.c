// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#include "core/name.h"
#include "core/number.h"
#include "po/i18n.h"
#include "recover/program.h"
#include "recover/unit.h"

/* systemd ends a unit that does not stop within 90 s */
#define VS_UNIT_DEADLINE 120000

/* is there a line "KEY=VALUE"? then its value */
static bool vs_unit_value(const char *text, const char *key, const char **value,
			  size_t *len)
{
	size_t n = strlen(key);

	while (text && *text) {
		if (strncmp(text, key, n) == 0 && text[n] == '=') {
			*value = text + n + 1;
			*len = strcspn(*value, "\n");
			return true;
		}
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return false;
}

static bool vs_unit_is(const char *text, const char *key, const char *word)
{
	const char *value;
	size_t len;

	return vs_unit_value(text, key, &value, &len) &&
	       len == strlen(word) && strncmp(value, word, len) == 0;
}

void vs_unit_parse(struct vs_unit *unit, const char *text)
{
	const char *value;
	char number[16];
	uint64_t pid;
	size_t len;

	*unit = (struct vs_unit){
		.known = vs_unit_is(text, "LoadState", "loaded"),
		.active = vs_unit_is(text, "ActiveState", "active"),
	};
	if (!vs_unit_value(text, "MainPID", &value, &len) ||
	    len >= sizeof(number))
		return;
	memcpy(number, value, len);
	number[len] = '\0';
	if (!vs_number_parse(number, 0, INT_MAX, &pid))
		unit->pid = pid;
}

void vs_unit_read(struct vs_unit *unit, const struct vs_progress *progress)
{
	const char *const argv[] = {
		"systemctl", "show", "--property=LoadState,ActiveState,MainPID",
		VS_UNIT_NAME, NULL
	};
	struct vs_buf out = { 0 };

	*unit = (struct vs_unit){ 0 };
	if (sd_booted() > 0 &&
	    vs_program_run(argv, &out, VS_UNIT_DEADLINE, progress) == 0)
		vs_unit_parse(unit, vs_buf_str(&out));
	vs_buf_free(&out);
}

int vs_unit_do(const char *verb, const struct vs_progress *progress,
	       struct vs_buf *why)
{
	const char *const argv[] = { "systemctl", verb, VS_UNIT_NAME, NULL };
	struct vs_buf out = { 0 };
	char safe[512];
	int ret;

	vs_progress_say(progress, "systemctl %s %s", verb, VS_UNIT_NAME);
	ret = vs_program_run(argv, &out, VS_UNIT_DEADLINE, progress);
	if (ret) {
		vs_name_escape(safe, sizeof(safe), ret > 0 ?
			       vs_buf_str(&out) : strerror(-ret));
		vs_buf_addf(why, _("\"systemctl %s %s\" failed: %s"), verb,
			    VS_UNIT_NAME, safe);
	}
	vs_buf_free(&out);
	return ret > 0 ? -EIO : ret;
}
