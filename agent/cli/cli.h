/* SPDX-License-Identifier: GPL-2.0-only */
/* What all commands of vmsafe share. */
#ifndef VS_CLI_CLI_H
#define VS_CLI_CLI_H

#include <stdbool.h>

#include "core/buf.h"
#include "core/facts.h"
#include "core/version.h"
#include "po/i18n.h"

/** VS_CLI_INVENTORY - the inventory if nothing says another */
#define VS_CLI_INVENTORY "libvirt:qemu:///system"

/** enum vs_exit - exit statuses */
enum vs_exit {
	VS_EXIT_FINE,
	VS_EXIT_FAILED,
	VS_EXIT_USAGE,
	VS_EXIT_PENDING,
	VS_EXIT_OUT_OF_SYNC,
	VS_EXIT_UNAVAILABLE,
};

/**
 * struct vs_cli - the global options
 * @json: print JSON
 * @columns: which columns of a list, or NULL
 * @lang: language, or NULL
 * @inventory: URI of the inventory that was asked for; NULL: none was, and
 *             vs_cli_inventory() finds it
 * @found: URI that it has found, or NULL
 * @driver: "auto", or the path of a snapshot
 */
struct vs_cli {
	bool json;
	const char *columns;
	const char *lang;
	const char *inventory;
	char *found;
	const char *driver;
};

struct vs_opt;

/**
 * struct vs_command - a command
 * @name: its name, with those of the commands around it: "vnic list"
 * @args: its arguments for people, e.g. "[VM]"; may be NULL
 * @summary: what it does, in a line; N_()
 * @list: it prints a list: -o chooses columns
 * @opts: its own options, ended by one without a name; or NULL
 * @sub: the commands below it, ended by NULL; then it does nothing itself
 * @run: does it. @cmd: itself; @argv: all that follows its name
 */
struct vs_command {
	const char *name;
	const char *args;
	const char *summary;
	bool list;
	const struct vs_opt *opts;
	const struct vs_command *const *sub;
	enum vs_exit (*run)(struct vs_cli *cli, const struct vs_command *cmd,
			    int argc, char **argv);
};

/** vs_say() - one line on standard error, with the program's name */
void vs_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** vs_say_usage() - likewise, for a wrong use of @cmd; VS_EXIT_USAGE */
enum vs_exit vs_say_usage(const struct vs_command *cmd, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * vs_say_error() - say what failed and what to do about it
 * @error: what failed
 *
 * Return: the exit status for it: VS_EXIT_UNAVAILABLE when the Filter Driver
 * is not there, VS_EXIT_FAILED for a refusal.
 */
enum vs_exit vs_say_error(const struct vs_error *error);

/**
 * vs_say_unread() - likewise, of a list that was to be read
 *
 * Return: VS_EXIT_UNAVAILABLE; VS_EXIT_FAILED if the list can be read and what
 * was asked for is not in it.
 */
enum vs_exit vs_say_unread(const struct vs_error *error);

/**
 * vs_say_refusal() - likewise, of a request about one thing
 * @what: that thing, as the user named it
 * @error: what failed
 */
enum vs_exit vs_say_refusal(const char *what, const struct vs_error *error);

/** vs_refusal_text() - what vs_say_refusal() says, without thing and advice */
void vs_refusal_text(struct vs_buf *text, const struct vs_error *error);

/**
 * vs_flush() - write out what was printed
 *
 * Return: true; false when it could not be written, which was said, once.
 */
bool vs_flush(void);

/** vs_now() - the time, in milliseconds since 1970 */
vs_time vs_now(void);

/** VS_DATE - size of a date as text */
#define VS_DATE 40

/** vs_date() - a time as a local date with the time zone */
const char *vs_date(vs_time time, char buf[VS_DATE]);

/** vs_cmd_main - what all commands are below */
extern const struct vs_command vs_cmd_main;

/* the commands, each in the file of its name */
extern const struct vs_command vs_cmd_status;
extern const struct vs_command vs_cmd_check;
extern const struct vs_command vs_cmd_why;
extern const struct vs_command vs_cmd_vm;
extern const struct vs_command vs_cmd_vnic;
extern const struct vs_command vs_cmd_bind;
extern const struct vs_command vs_cmd_unbind;
extern const struct vs_command vs_cmd_port;
extern const struct vs_command vs_cmd_host;
extern const struct vs_command vs_cmd_policy;
extern const struct vs_command vs_cmd_summarize;
extern const struct vs_command vs_cmd_monitor;
extern const struct vs_command vs_cmd_events;
extern const struct vs_command vs_cmd_alerts;
extern const struct vs_command vs_cmd_doctor;
extern const struct vs_command vs_cmd_driver;
extern const struct vs_command vs_cmd_recover;
extern const struct vs_command vs_cmd_sync;
extern const struct vs_command vs_cmd_forget;
extern const struct vs_command vs_cmd_connectivity;
extern const struct vs_command vs_cmd_appliance;
extern const struct vs_command vs_cmd_maintenance;

#endif
