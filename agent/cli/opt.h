/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options and arguments. Names are taken whole, never abbreviated; options
 * may stand before and after arguments; "--" ends them.
 */
#ifndef VS_CLI_OPT_H
#define VS_CLI_OPT_H

#include <stddef.h>

#include "cli/cli.h"
#include "driver/word.h"

/** enum vs_opt_kind - what an option's value is, and which member takes it */
enum vs_opt_kind {
	VS_OPT_FLAG,		/* none; bool */
	VS_OPT_STRING,		/* const char * */
	VS_OPT_UUID,		/* struct vs_uuid */
	VS_OPT_MAC,		/* struct vs_mac, of a guest */
	VS_OPT_DEVICE_ID,	/* uint16_t */
	VS_OPT_NAME,		/* char[VS_NAME_MAX + 1], of a VM */
	VS_OPT_NUMBER,		/* uint32_t, @min to @max */
	VS_OPT_WORD,		/* uint32_t, of enum vs_words */
};

/**
 * struct vs_opt - an option
 * @name: its name, without the dashes
 * @letter: its short form, or 0
 * @kind: its kind
 * @arg: its value for people, e.g. "MAC"
 * @help: what it does; N_()
 * @offset: the member of the command's options that takes it
 * @bit: set in the uint64_t at the begin of the command's options
 * @min: of a number
 * @max: of a number
 * @words: of a word
 */
struct vs_opt {
	const char *name;
	char letter;
	enum vs_opt_kind kind;
	const char *arg;
	const char *help;
	size_t offset;
	uint64_t bit;
	uint32_t min;
	uint32_t max;
	enum vs_words words;
};

/**
 * struct vs_args - the arguments that are no options
 * @v: they
 * @n: how many
 */
struct vs_args {
	char **v;
	int n;
};

/**
 * vs_opt_read() - read what follows a command's name
 * @cli: the global options, which may stand there too
 * @cmd: the command
 * @to: where its own options go; NULL: it has none
 * @argc: how many words follow
 * @argv: the words; put in order: arguments first
 * @args: the arguments
 * @status: when there is nothing more to do: the exit status
 *
 * Prints the command's help when asked, and one line for a wrong use.
 *
 * Return: true to go on.
 */
bool vs_opt_read(struct vs_cli *cli, const struct vs_command *cmd, void *to,
		 int argc, char **argv, struct vs_args *args,
		 enum vs_exit *status);

/**
 * vs_opt_read_globals() - read global options up to the first argument
 * @cli: the global options
 * @cmd: the command whose name they follow
 * @argc: how many words there are
 * @argv: the words
 * @used: how many of them were options
 * @status: as for vs_opt_read()
 *
 * Return: true to go on.
 */
bool vs_opt_read_globals(struct vs_cli *cli, const struct vs_command *cmd,
			 int argc, char **argv, int *used,
			 enum vs_exit *status);

/**
 * vs_opt_count() - is the number of arguments right?
 * @cmd: the command
 * @args: its arguments
 * @min: how many there must be
 * @max: how many there may be
 * @status: VS_EXIT_USAGE when not, which was said
 *
 * Return: true to go on.
 */
bool vs_opt_count(const struct vs_command *cmd, const struct vs_args *args,
		  int min, int max, enum vs_exit *status);

/**
 * vs_opt_vm() - may this be the name of a VM, or its UUID?
 * @cmd: the command
 * @s: what was given
 * @status: VS_EXIT_USAGE when not, which was said
 *
 * Return: true to go on.
 */
bool vs_opt_vm(const struct vs_command *cmd, const char *s,
	       enum vs_exit *status);

#endif
