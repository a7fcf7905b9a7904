// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/help.h"
#include "cli/opt.h"
#include "core/name.h"
#include "inventory/inventory.h"

/** enum vs_opt_extra - options that are no member of struct vs_cli */
enum { VS_OPT_HELP = 1, VS_OPT_VERSION = 2 };

/** struct vs_globals - the global options as vs_opt_take() fills them in */
struct vs_globals {
	uint64_t has;
	bool flag;
	struct vs_cli cli;
};

#define VS_GLOBAL(member) offsetof(struct vs_globals, cli.member)

const struct vs_opt vs_global_opts[] = {
	{ .name = "json", .kind = VS_OPT_FLAG, .offset = VS_GLOBAL(json),
	  .help = N_("print JSON") },
	{ .name = "columns", .letter = 'o', .kind = VS_OPT_STRING,
	  .arg = "COLUMN,...", .offset = VS_GLOBAL(columns),
	  .help = N_("of a list, print these columns") },
	{ .name = "lang", .kind = VS_OPT_STRING, .arg = "en|ja",
	  .offset = VS_GLOBAL(lang),
	  .help = N_("language (default: that of the locale)") },
	{ .name = "inventory", .kind = VS_OPT_STRING, .arg = "URI",
	  .offset = VS_GLOBAL(inventory),
	  .help = N_("the Manager's list: libvirt:URI, file:PATH or "
		     "vsphere://USER@HOST/ "
		     "(default: the agent's)") },
	{ .name = "driver", .kind = VS_OPT_STRING, .arg = "auto|FILE",
	  .offset = VS_GLOBAL(driver),
	  .help = N_("the Filter Driver: this host's, or a snapshot of "
		     "\"vmsafe driver save\"") },
	{ .name = "help", .letter = 'h', .kind = VS_OPT_FLAG,
	  .offset = offsetof(struct vs_globals, flag), .bit = VS_OPT_HELP,
	  .help = N_("print this help") },
	{ .name = "version", .kind = VS_OPT_FLAG,
	  .offset = offsetof(struct vs_globals, flag), .bit = VS_OPT_VERSION,
	  .help = N_("print the version") },
	{ 0 }
};

/** struct vs_parser - words that are being read */
struct vs_parser {
	const struct vs_command *cmd;
	void *to;
	struct vs_globals globals;
	int argc;
	char **argv;
	int next;
};

/* what is wrong with the value */
static const char *vs_opt_wrong(const struct vs_opt *opt, int ret)
{
	static char range[96];

	switch (opt->kind) {
	case VS_OPT_UUID:
		return _("is not a UUID of a VM");
	case VS_OPT_MAC:
		return ret == -ERANGE ?
		       _("is no MAC address that a vNIC can have") :
		       _("is not a MAC address");
	case VS_OPT_DEVICE_ID:
		return _("is not a number from 0 to 4095");
	case VS_OPT_NAME:
		return _("is not 1 to 64 bytes of UTF-8 without control "
			 "characters");
	case VS_OPT_NUMBER:
		snprintf(range, sizeof(range),
			 _("is not a number from %llu to %llu"),
			 (unsigned long long)opt->min,
			 (unsigned long long)opt->max);
		return range;
	default:
		return _("is none of the words known");
	}
}

static int vs_opt_number(const struct vs_opt *opt, const char *value, void *to)
{
	uint64_t n;
	int ret = vs_number_parse(value, opt->min, opt->max, &n);

	if (!ret)
		*(uint32_t *)to = n;
	return ret;
}

static int vs_opt_value(const struct vs_opt *opt, const char *value, void *to)
{
	switch (opt->kind) {
	case VS_OPT_FLAG:
		*(bool *)to = true;
		return 0;
	case VS_OPT_STRING:
		*(const char **)to = value;
		return 0;
	case VS_OPT_UUID:
		return vs_uuid_parse(value, to);
	case VS_OPT_MAC:
		return vs_mac_parse_guest(value, to);
	case VS_OPT_DEVICE_ID:
		return vs_device_id_parse(value, to);
	case VS_OPT_NAME:
		if (vs_name_check(value))
			return -EINVAL;
		strcpy(to, value);
		return 0;
	case VS_OPT_NUMBER:
		return vs_opt_number(opt, value, to);
	case VS_OPT_WORD:
		return vs_driver_word_parse(opt->words, value, to);
	}
	return -EINVAL;
}

/* "--name", "--name=value", "-x", "-xvalue": which option, and its value */
static const struct vs_opt *vs_opt_find(const struct vs_opt *opts,
					const char *word, const char **value)
{
	size_t len;

	*value = NULL;
	if (word[1] != '-') {
		*value = word[2] ? word + 2 : NULL;
		for (; opts && opts->name; opts++) {
			if (opts->letter && opts->letter == word[1])
				return opts;
		}
		return NULL;
	}
	word += 2;
	len = strcspn(word, "=");
	if (word[len])
		*value = word + len + 1;
	for (; opts && opts->name; opts++) {
		if (strlen(opts->name) == len &&
		    strncmp(opts->name, word, len) == 0)
			return opts;
	}
	return NULL;
}

/* one option with its value, into @to; false: a usage error was said */
static bool vs_parser_take(struct vs_parser *p, const struct vs_opt *opt,
			   const char *value, void *to)
{
	char safe[160];
	uint64_t has;
	int ret;

	if (opt->kind == VS_OPT_FLAG && value) {
		vs_say_usage(p->cmd, _("--%s takes no value"), opt->name);
		return false;
	}
	if (opt->kind != VS_OPT_FLAG && !value && p->next < p->argc)
		value = p->argv[p->next++];
	if (opt->kind != VS_OPT_FLAG && !value) {
		vs_say_usage(p->cmd, _("--%s needs a value: %s"), opt->name,
			     opt->arg);
		return false;
	}
	ret = vs_opt_value(opt, value, (char *)to + opt->offset);
	if (ret) {
		vs_name_escape(safe, sizeof(safe), value);
		vs_say_usage(p->cmd, "--%s: \"%s\" %s", opt->name, safe,
			     vs_opt_wrong(opt, ret));
		return false;
	}
	if (opt->bit) {
		memcpy(&has, to, sizeof(has));
		has |= opt->bit;
		memcpy(to, &has, sizeof(has));
	}
	return true;
}

static bool vs_parser_option(struct vs_parser *p, const char *word)
{
	const struct vs_opt *opt;
	const char *value;
	char safe[160];

	opt = vs_opt_find(p->cmd->opts, word, &value);
	if (opt)
		return vs_parser_take(p, opt, value, p->to);
	opt = vs_opt_find(vs_global_opts, word, &value);
	if (opt)
		return vs_parser_take(p, opt, value, &p->globals);
	vs_name_escape(safe, sizeof(safe), word);
	vs_say_usage(p->cmd, _("unknown option \"%s\""), safe);
	return false;
}

/* words into options and @args; with @globals_only up to the first argument */
static bool vs_parser_run(struct vs_parser *p, struct vs_args *args)
{
	bool options = true;

	while (p->next < p->argc) {
		char *word = p->argv[p->next];
		bool option = options && word[0] == '-' && word[1];

		if (!option && !args)
			return true;
		p->next++;
		if (!option) {
			/* never ahead of what is read: there is room */
			args->v[args->n++] = word;
		} else if (strcmp(word, "--") == 0) {
			if (!args)
				return true;
			options = false;
		} else if (!vs_parser_option(p, word)) {
			return false;
		}
	}
	return true;
}

/* help and version; true to go on */
static bool vs_parser_finish(struct vs_parser *p, struct vs_cli *cli,
			     enum vs_exit *status)
{
	*cli = p->globals.cli;
	*status = VS_EXIT_FINE;
	if (p->globals.has & VS_OPT_HELP)
		vs_help(p->cmd);
	else if (p->globals.has & VS_OPT_VERSION)
		vs_help_version();
	else if (cli->columns && !p->cmd->list && !p->cmd->sub)
		*status = vs_say_usage(p->cmd, _("-o is for lists"));
	else
		return true;
	return false;
}

/*
 * What is dangerous in the URI that was given, even if it is not used; what is
 * wrong, its reader says.
 */
static void vs_opt_warn(const struct vs_cli *cli)
{
	const char *warning = cli->inventory ?
			      vs_inventory_warning(cli->inventory) : NULL;

	if (warning)
		vs_say(_("warning: %s"), warning);
}

bool vs_opt_read(struct vs_cli *cli, const struct vs_command *cmd, void *to,
		 int argc, char **argv, struct vs_args *args,
		 enum vs_exit *status)
{
	struct vs_parser p = {
		.cmd = cmd, .to = to, .globals.cli = *cli,
		.argc = argc, .argv = argv,
	};

	*args = (struct vs_args){ .v = argv };
	*status = VS_EXIT_USAGE;
	if (!vs_parser_run(&p, args) || !vs_parser_finish(&p, cli, status))
		return false;
	vs_opt_warn(cli);
	return true;
}

bool vs_opt_read_globals(struct vs_cli *cli, const struct vs_command *cmd,
			 int argc, char **argv, int *used,
			 enum vs_exit *status)
{
	struct vs_parser p = {
		.cmd = cmd, .globals.cli = *cli, .argc = argc, .argv = argv,
	};

	*status = VS_EXIT_USAGE;
	if (!vs_parser_run(&p, NULL))
		return false;
	*used = p.next;
	return vs_parser_finish(&p, cli, status);
}

bool vs_opt_vm(const struct vs_command *cmd, const char *s,
	       enum vs_exit *status)
{
	int ret = vs_name_check(s);
	char safe[VS_NAME_ESCAPED];

	/* of a longer one, lists may have the beginning */
	if (!ret || ret == -ENAMETOOLONG)
		return true;
	vs_name_escape(safe, sizeof(safe), s);
	*status = vs_say_usage(cmd, _("\"%s\" is no name of a VM"), safe);
	return false;
}

bool vs_opt_count(const struct vs_command *cmd, const struct vs_args *args,
		  int min, int max, enum vs_exit *status)
{
	char safe[160];

	if (args->n < min) {
		*status = vs_say_usage(cmd, _("an argument is missing: %s"),
				       cmd->args);
		return false;
	}
	if (args->n <= max)
		return true;
	vs_name_escape(safe, sizeof(safe), args->v[max]);
	*status = vs_say_usage(cmd, _("one argument too many: \"%s\""), safe);
	return false;
}
