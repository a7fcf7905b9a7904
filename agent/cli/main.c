// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "core/name.h"
#include "inventory/call.h"

/* the language is needed before the options are read: they may be wrong */
static const char *vs_main_lang(int argc, char **argv)
{
	const char *lang = NULL;

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strncmp(argv[i], "--lang=", 7) == 0)
			lang = argv[i] + 7;
		else if (strcmp(argv[i], "--lang") == 0 && argv[i + 1])
			lang = argv[++i];
	}
	return lang;
}

static enum vs_exit vs_main_language(int argc, char **argv)
{
	const char *lang = vs_main_lang(argc, argv);
	char safe[64];
	int ret = vs_i18n_init(lang);

	if (!ret)
		return VS_EXIT_FINE;
	vs_name_escape(safe, sizeof(safe), lang);
	if (ret == -EINVAL) {
		vs_i18n_init(NULL);
		return vs_say_usage(&vs_cmd_main,
				    _("--lang: \"%s\" is none of: en, ja"),
				    safe);
	}
	vs_say(_("the texts for --lang %s are not installed"), safe);
	return VS_EXIT_FAILED;
}

/*
 * A closed standard descriptor would be given to the next file or socket that
 * is opened, and what is printed would go there. The stand-ins refuse to be
 * written to, so the loss of the output is still noticed.
 */
static void vs_main_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", fd ? O_RDONLY : O_WRONLY);
	}
}

int main(int argc, char **argv)
{
	struct vs_cli cli = { .driver = "auto" };
	enum vs_exit status;

	vs_main_descriptors();
	/* writing to a pipe that nobody reads is an error like others */
	signal(SIGPIPE, SIG_IGN);
	status = vs_main_language(argc, argv);
	if (!status)
		status = vs_command_run(&cli, &vs_cmd_main, argc - 1,
					argv + 1);
	/* what could not be written was not said */
	return vs_call_end(vs_flush() ? status : VS_EXIT_FAILED);
}
