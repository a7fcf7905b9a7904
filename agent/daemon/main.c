// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "daemon/agent.h"
#include "inventory/call.h"

static const char vs_usage[] =
	N_("Usage: vmsafe-agent [OPTION...]\n"
	   "Watch this host's VMs, bind new vNICs, compare the Manager's list "
	   "with the\nFilter Driver's, and tell of what differs.\n\n"
	   "  -c, --config FILE      configuration (default: %s)\n"
	   "      --check-config[=FILE]\n"
	   "                         only say whether the configuration is "
	   "right\n"
	   "  -h, --help             print this help\n"
	   "  -V, --version          print the version\n\n"
	   "It stays in the foreground and writes to standard error. Signals: "
	   "SIGTERM ends\nit, SIGHUP reads the configuration again, SIGUSR1 "
	   "gives up the appliance\nsession, SIGUSR2 takes it again.\n");

enum { VS_OPTION_CHECK = 256 };

static const struct option vs_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "check-config", optional_argument, NULL, VS_OPTION_CHECK },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 }
};

/** struct vs_start - what the command line says */
struct vs_start {
	const char *path;
	bool check;
	bool done;
	enum vs_exit status;
};

static struct vs_start vs_main_options(int argc, char **argv)
{
	struct vs_start s = { 0 };
	int c;

	while (!s.done && (c = getopt_long(argc, argv, "c:hV", vs_options,
					   NULL)) >= 0) {
		switch (c) {
		case 'c':
			s.path = optarg;
			break;
		case VS_OPTION_CHECK:
			s.check = true;
			s.path = optarg ? optarg : s.path;
			break;
		case 'h':
			printf(_(vs_usage), VS_CONF_PATH);
			s.done = true;
			break;
		case 'V':
			puts("vmsafe-agent " VS_VERSION);
			s.done = true;
			break;
		default:
			/* which was said */
			s.status = VS_EXIT_USAGE;
			s.done = true;
		}
	}
	/* as in "--check-config FILE" */
	if (!s.done && s.check && optind < argc)
		s.path = argv[optind++];
	if (!s.done && optind < argc) {
		fprintf(stderr, _("vmsafe-agent: \"%s\" is one word too "
				  "many (see \"vmsafe-agent --help\")\n"),
			argv[optind]);
		s.status = VS_EXIT_USAGE;
		s.done = true;
	}
	return s;
}

/* what we start ourselves reads the same configuration */
static void vs_main_environment(const char *path)
{
	char *real = path ? realpath(path, NULL) : NULL;

	if (real)
		setenv("VMSAFE_CONF", real, 1);
	else
		unsetenv("VMSAFE_CONF");
	free(real);
}

static enum vs_exit vs_main_run(const struct vs_start *s)
{
	struct vs_conf *conf;
	struct vs_buf why = { 0 };
	enum vs_exit status = VS_EXIT_FINE;

	if (vs_conf_load(&conf, s->path, &why)) {
		fputs(vs_buf_str(&why), stderr);
		status = VS_EXIT_FAILED;
	} else if (!s->check) {
		vs_main_environment(s->path);
		status = vs_agent_run(s->path, &conf);
	}
	vs_conf_free(conf);
	vs_buf_free(&why);
	return status;
}

int main(int argc, char **argv)
{
	struct vs_start s;

	vs_i18n_init(NULL);
	signal(SIGPIPE, SIG_IGN);
	s = vs_main_options(argc, argv);
	if (!s.done)
		s.status = vs_main_run(&s);
	return vs_call_end(vs_flush() ? s.status : VS_EXIT_FAILED);
}
