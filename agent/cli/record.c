// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "cli/inventory.h"
#include "cli/record.h"
#include "cli/source.h"
#include "core/text.h"
#include "daemon/conf.h"
#include "host/clock.h"
#include "store/forward.h"
#include "store/history.h"
#include "store/journal.h"

/* how long a receiver of events may take, milliseconds */
#define VS_RECORD_PATIENCE 2000

static void vs_record_failed(const struct vs_error *error)
{
	struct vs_buf text = { 0 };

	vs_text_error(&text, vs_i18n_lang(), error);
	vs_say(_("it was done, but the event could not be recorded: %s"),
	       vs_buf_str(&text));
	vs_buf_free(&text);
}

static void vs_record_send(const struct vs_conf *conf,
			   const struct vs_event *event)
{
	struct vs_forward_config config = {
		.journal = access(VS_JOURNAL_SOCKET, W_OK) ? NULL :
			   VS_JOURNAL_SOCKET,
		.syslog = vs_conf_forwards(conf, event->id) ? conf->syslog :
							      NULL,
		.lang = vs_i18n_lang(),
	};
	int64_t end = vs_clock_steady() + VS_RECORD_PATIENCE, left;
	struct vs_forward *f;
	struct vs_error error;

	if ((!config.journal && !config.syslog) ||
	    vs_forward_open(&config, &f, &error))
		return;
	vs_forward_add(f, event);
	vs_forward_flush(f);
	while (vs_forward_waiting(f) &&
	       (left = end - vs_clock_steady()) > 0) {
		struct pollfd fd = { vs_forward_fd(f), POLLIN, 0 };

		if (poll(&fd, 1, left) > 0)
			vs_forward_run(f);
	}
	vs_forward_close(f);
}

void vs_cli_record(const struct vs_cli *cli, const char *db,
		   const struct vs_event *event)
{
	struct vs_event own = *event;
	struct vs_buf why = { 0 };
	char host[256] = "";
	struct vs_conf *conf = NULL;
	struct vs_error error;
	const char *path;
	int ret = 0;

	if (!vs_cli_is_live(cli))
		return;
	/* a configuration that the agent would refuse is not in force */
	if (vs_cli_conf(&path) && vs_conf_load(&conf, path, &why)) {
		vs_conf_free(conf);
		conf = NULL;
	}
	vs_buf_free(&why);
	gethostname(host, sizeof(host) - 1);
	own.time = vs_now();
	own.host = conf ? conf->host : host;
	own.action_by = VS_ACTOR_OPERATOR;
	if (!db)
		db = conf ? conf->database : VS_HISTORY_PATH;
	if (!conf || vs_conf_records(conf, own.id))
		ret = vs_history_append(db, &own, &error);
	/* where no agent ever was, nothing is kept */
	if (ret && ret != -ENOENT)
		vs_record_failed(&error);
	if (conf)
		vs_record_send(conf, &own);
	vs_conf_free(conf);
}
