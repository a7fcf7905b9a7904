/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vmsafe-agent as a process that a test starts and ends, in a folder of its
 * own. The Manager's list is a file, and no Filter Driver is needed.
 */
#ifndef VS_TEST_LIVE_H
#define VS_TEST_LIVE_H

#include <stdbool.h>
#include <sys/types.h>

/* milliseconds; only what has hung waits that long */
#define LIVE_PATIENCE 60000

/** struct live_tale - what the history says of the inventory */
struct live_tale {
	bool away;
	bool wrong;	/* told twice, or back before it went */
	int n;
};

/* the folder; in it the configuration, the list, the history and the log */
extern char live_dir[32];
extern char live_conf[64], live_list[64], live_database[64], live_log[64];
/* the agent; 0: none */
extern pid_t live_pid;

/* a group's set-up: the folder, and an ear for what the agent tells its
 * service manager
 */
int live_begin(void **state);
/* ... and its end; an agent that a failed case left is killed */
int live_end(void **state);

/* write a file so that it is seen whole or not at all */
void live_write(const char *path, const char *text);
/* write the configuration: @more follows, @mode is the driver's */
void live_configure_as(const char *mode, const char *more);
void live_configure(const char *more);

/* start it; @quiet: nobody listens to what it tells its service manager */
void live_start(bool quiet);
/* until it tells this */
void live_wait(const char *what);
/* forget what was told */
void live_drain(void);
/* wait for its end; its status */
int live_ended(void);
/* have it read its configuration again, and wait until it has */
void live_reload(void);
/* how often it logged this */
int live_times(const char *what);
/* what the history says of the inventory */
struct live_tale live_told(void);

#endif
