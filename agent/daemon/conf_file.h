/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to the configuration: the file as such, and what its keys mean. */
#ifndef VS_DAEMON_CONF_FILE_H
#define VS_DAEMON_CONF_FILE_H

#include <stdio.h>

#include "daemon/conf.h"

/**
 * struct vs_conf_file - a file that is being read
 * @conf: what it said so far
 * @file: it
 * @name: its name, safe to print
 * @line: number of the line that was read last
 * @seen: keys that were there, by their place in the table
 * @skip: the section that was begun is none: its keys are passed over
 * @why: what is wrong
 * @problems: how many problems were told
 * @told: number of the last line of which one was told
 * @ret: -ENOMEM, -EIO, -EISDIR ...: it could not be read to its end
 */
struct vs_conf_file {
	struct vs_conf *conf;
	FILE *file;
	const char *name;
	unsigned int line;
	uint64_t seen;
	bool skip;
	struct vs_buf *why;
	unsigned int problems;
	unsigned int told;
	int ret;
};

/* conf_file.c */
int vs_conf_complain(struct vs_conf_file *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* conf.c */
int vs_conf_defaults(struct vs_conf *conf);
bool vs_conf_has_section(const char *name);
int vs_conf_set(struct vs_conf_file *f, const char *section, const char *name,
		const char *value);
/* the section whose keys are event IDs, and "default" */
#define VS_CONF_EVENTS "events"
int vs_conf_agree(struct vs_conf_file *f);

/* conf_events.c */
int vs_conf_event(struct vs_conf_file *f, const char *name, const char *value);

#endif
