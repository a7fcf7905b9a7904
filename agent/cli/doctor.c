// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/doctor.h"
#include "cli/opt.h"
#include "cli/row.h"
#include "cli/source.h"
#include "core/buf.h"
#include "core/name.h"
#include "recover/recover.h"

/* bit of CapEff in /proc/self/status */
#define VS_CAP_NET_ADMIN 12

/** struct vs_doctor_args - options of "doctor" */
struct vs_doctor_args {
	uint64_t has;
	const char *keep;
};

static const struct vs_opt vs_doctor_opts[] = {
	{ .name = "keep", .kind = VS_OPT_STRING, .arg = "FOLDER", .bit = 1,
	  .offset = offsetof(struct vs_doctor_args, keep),
	  .help = N_("where recoveries keep what they are about to do "
		     "(default: /var/lib/vmsafe/recover)") },
	{ 0 }
};

static const char *const vs_finding_words[] = {
	[VS_FINDING_OK] = "ok",
	[VS_FINDING_WARN] = "warn",
	[VS_FINDING_FAIL] = "fail",
};

static void vs_doctor_put(struct vs_doctor *d, const char *check,
			  enum vs_verdict finding, const char *advice,
			  const char *text)
{
	json_t *row;

	d->failed |= finding == VS_FINDING_FAIL;
	if (d->cli->json) {
		row = json_object();
		vs_row_text(row, "check", check);
		vs_row_text(row, "result", vs_finding_words[finding]);
		vs_row_text(row, "text", text);
		vs_row_text(row, "advice", advice);
		json_array_append_new(d->checks, row);
	} else {
		printf("%-4s  %s: %s%s%s\n", vs_finding_words[finding],
		       _(check), text, advice ? "; " : "",
		       advice ? advice : "");
	}
}

void vs_doctor_find(struct vs_doctor *d, const char *check,
		    enum vs_verdict finding, const char *advice,
		    const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	vs_doctor_put(d, check, finding, advice, len < 0 ? "?" : text);
	if (len >= 0)
		free(text);
}

void vs_doctor_error(struct vs_doctor *d, const char *check,
		     const char *advice, const struct vs_error *error)
{
	struct vs_buf text = { 0 };

	vs_text_error(&text, vs_i18n_lang(), error);
	vs_doctor_put(d, check, VS_FINDING_FAIL, advice, vs_buf_str(&text));
	vs_buf_free(&text);
}

static bool vs_doctor_capable(void)
{
	unsigned long long caps = 0;
	char line[256];
	FILE *f = fopen("/proc/self/status", "re");

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "CapEff: %llx", &caps) == 1)
			break;
	}
	if (f)
		fclose(f);
	return caps >> VS_CAP_NET_ADMIN & 1;
}

static void vs_doctor_privileges(struct vs_doctor *d)
{
	const char *check = N_("privileges");

	if (vs_doctor_capable())
		vs_doctor_find(d, check, VS_FINDING_OK, NULL, "CAP_NET_ADMIN");
	else
		vs_doctor_find(d, check, VS_FINDING_FAIL,
			       _("run it as root of this host"),
			       _("CAP_NET_ADMIN is missing, so the Filter "
				 "Driver does not answer"));
}

static void vs_doctor_snapshot(struct vs_doctor *d,
			       const struct vs_snapshot *s)
{
	char host[VS_NAME_ESCAPED], kernel[VS_NAME_ESCAPED], date[VS_DATE];

	vs_name_escape(host, sizeof(host), s->host);
	vs_name_escape(kernel, sizeof(kernel), s->kernel);
	vs_doctor_find(d, N_("snapshot"), VS_FINDING_OK, NULL,
		       _("of host %s, kernel %s, saved %s"), host, kernel,
		       vs_date(s->saved, date));
}

static enum vs_exit vs_doctor_finish(struct vs_doctor *d)
{
	enum vs_exit status = VS_EXIT_FINE;

	if (d->cli->json)
		status = vs_out_json(json_pack("{sb,so}", "ok", !d->failed,
					       "checks", d->checks));
	return status || !d->failed ? status : VS_EXIT_UNAVAILABLE;
}

static enum vs_exit vs_doctor_run(struct vs_cli *cli,
				  const struct vs_command *cmd, int argc,
				  char **argv)
{
	struct vs_doctor_args a = { .keep = VS_RECOVER_KEEP };
	struct vs_doctor d = { .cli = cli };
	struct vs_snapshot s = { 0 };
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 0, 0, &status))
		return status;
	d.checks = cli->json ? json_array() : NULL;
	if (vs_cli_is_live(cli)) {
		vs_doctor_privileges(&d);
		vs_doctor_module(&d);
		/* without the right to ask it has nothing to say */
		vs_snapshot_take(&s, vs_now());
	} else if (vs_source_snapshot(cli, &s, &status)) {
		vs_doctor_snapshot(&d, &s);
	} else {
		json_decref(d.checks);
		vs_snapshot_free(&s);
		return status;
	}
	vs_doctor_driver(&d, &s.reading);
	vs_doctor_lists(&d, &s);
	if (vs_cli_is_live(cli) || a.has)
		vs_doctor_half(&d, a.keep);
	vs_snapshot_free(&s);
	return vs_doctor_finish(&d);
}

const struct vs_command vs_cmd_doctor = {
	.name = "doctor",
	.summary = N_("say what keeps the Filter Driver or a list from being "
		      "read, and what to do"),
	.opts = vs_doctor_opts,
	.run = vs_doctor_run,
};
