// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "cli/row.h"
#include "cli/tell.h"

/* where nobody looks on, one line in that many seconds */
#define VS_TELL_PAUSE 10

static atomic_int vs_tell_signal;

static void vs_tell_handler(int sig)
{
	vs_tell_signal = sig;
}

static bool vs_tell_stopped(void *ctx)
{
	(void)ctx;
	return vs_tell_signal;
}

static void vs_tell_say(void *ctx, const char *text)
{
	struct vs_teller *t = ctx;

	if (t->open)
		fputs("\r\033[K", t->to);
	t->open = false;
	t->ticked = 0;
	fprintf(t->to, "%s\n", text);
	fflush(t->to);
	if (t->log)
		json_array_append_new(t->log, json_string(text));
}

static void vs_tell_tick(void *ctx, const char *what, unsigned int seconds,
			 int percent)
{
	struct vs_teller *t = ctx;
	bool look = isatty(fileno(t->to));

	if (!look && seconds < t->ticked + VS_TELL_PAUSE)
		return;
	t->ticked = seconds;
	if (look)
		fputs("\r\033[K", t->to);
	fprintf(t->to, "%s: %u s", what, seconds);
	if (percent >= 0)
		fprintf(t->to, ", %d %%", percent);
	if (!look)
		fputs("\n", t->to);
	t->open = look;
	fflush(t->to);
}

void vs_tell_start(struct vs_teller *t, const struct vs_cli *cli)
{
	*t = (struct vs_teller){
		.progress = { .say = vs_tell_say, .tick = vs_tell_tick,
			      .ctx = t },
		.to = cli->json ? stderr : stdout,
		.log = cli->json ? json_array() : NULL,
	};
}

void vs_tell_catch(struct vs_teller *t)
{
	struct sigaction action = { .sa_handler = vs_tell_handler };

	t->progress.stopped = vs_tell_stopped;
	vs_tell_signal = 0;
	sigemptyset(&action.sa_mask);
	/* without SA_RESTART: a question that waits is interrupted too */
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

void vs_tell_end(struct vs_teller *t)
{
	if (t->open)
		fputs("\n", t->to);
	t->open = false;
	json_decref(t->log);
	t->log = NULL;
	if (!t->progress.stopped)
		return;
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
}

bool vs_tell_ask(struct vs_teller *t, const struct vs_command *cmd, bool yes,
		 const char *what, enum vs_exit *status)
{
	char answer[16] = "";

	if (yes)
		return true;
	if (!isatty(STDIN_FILENO)) {
		*status = vs_say_usage(cmd, _("%s: there is no terminal to "
					      "ask at, so give --yes"), what);
		return false;
	}
	fflush(stdout);
	fprintf(stderr, "%s. %s [y/N] ", what, _("Go on?"));
	fflush(stderr);
	if (fgets(answer, sizeof(answer), stdin) && !vs_tell_stopped(t) &&
	    (strcmp(answer, "y\n") == 0 || strcmp(answer, "Y\n") == 0))
		return true;
	vs_say(_("nothing was done"));
	*status = VS_EXIT_FAILED;
	return false;
}
