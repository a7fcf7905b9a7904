/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recoveries: each is a process of its own, "vmsafe recover", whose lines and
 * result are kept. So one that takes long, or hangs, holds nothing up.
 *
 * They outlive the agent, and the answer for them does as well. In a folder
 * there is for each what was asked for, ID.json, and what its process prints,
 * ID.out, which stays locked for as long as the process has it.
 * Private to api/.
 */
#ifndef VS_API_JOB_H
#define VS_API_JOB_H

#include "api/model.h"
#include "core/cause.h"

/** VS_JOBS_RUNNING - how many may run at a time */
#define VS_JOBS_RUNNING 4
/** VS_JOBS_KEPT - how many are remembered */
#define VS_JOBS_KEPT 64

/**
 * struct vs_job_wish - what is asked for
 * @vm: the VM
 * @vm_name: its name, or NULL
 * @has_step: @step was asked for; else the first that fits is taken
 * @step: the step
 * @dry_run: only say what would be done
 * @yes: go on where one would be asked
 * @force: R2: power a guest off that does not shut down
 * @new_macs: R5: give the VM new MAC addresses
 * @timeout: how long to wait for what takes time, seconds; 0: as usual
 * @to: R4: libvirt on the other host; or NULL
 * @ssh: R4: how ssh reaches it; or NULL
 * @length: P1: for how long; or NULL
 */
struct vs_job_wish {
	struct vs_uuid vm;
	const char *vm_name;
	bool has_step;
	enum vs_step step;
	bool dry_run;
	bool yes;
	bool force;
	bool new_macs;
	uint32_t timeout;
	const char *to;
	const char *ssh;
	const char *length;
};

/**
 * struct vs_job - a recovery
 * @next: the one before it
 * @id: its number
 * @vm: the VM
 * @vm_name: its name, or NULL
 * @step: the step that was asked for, a word; NULL: the first that fits
 * @dry_run: only to say what would be done
 * @started: when
 * @ended: when; 0: it runs
 * @exit_status: how; 255: by a signal
 * @progress: lines that it has said, an array
 * @result: its result, or NULL
 * @pid: its process
 * @pidfd: likewise
 * @adopted: an earlier agent has started it
 * @unknown: it has ended, and nobody knows how
 * @out: its standard output, a file
 * @err: its standard error; -1: at its end, or lost with an earlier agent
 * @watch: for when it ends
 * @err_io: @err in the loop
 * @line: a line of @err that is not complete
 */
struct vs_job {
	struct vs_job *next;
	struct vs_jobs *jobs;
	uint64_t id;
	struct vs_uuid vm;
	char *vm_name;
	const char *step;
	bool dry_run;
	vs_time started;
	vs_time ended;
	int exit_status;
	json_t *progress;
	json_t *result;
	pid_t pid;
	int pidfd;
	bool adopted;
	bool unknown;
	int out;
	int err;
	sd_event_source *watch;
	sd_event_source *err_io;
	struct vs_buf line;
};

/**
 * struct vs_jobs - all of them
 * @loop: the event loop
 * @folder: where they are kept; NULL: nowhere
 * @ops: what the daemon does
 * @ctx: handed to that
 * @first: they, the newest first
 * @last: number of the newest
 */
struct vs_jobs {
	sd_event *loop;
	char *folder;
	const struct vs_api_ops *ops;
	void *ctx;
	struct vs_job *first;
	uint64_t last;
};

/**
 * vs_job_start() - begin
 * @rq: asks for it
 * @wish: what
 * @job: it
 *
 * Return: 0 or a negative errno.
 */
int vs_job_start(struct vs_ask *rq, const struct vs_job_wish *wish,
		 struct vs_job **job);

/** vs_job_runs() - does it? */
static inline bool vs_job_runs(const struct vs_job *job)
{
	return !job->ended;
}

/* what is known of it when it has ended, though nobody waited for it */
void vs_job_settle(struct vs_job *job, vs_time ended);
/* have the loop see to its process; 0 or a negative errno */
int vs_job_watch(struct vs_job *job);
void vs_job_free(struct vs_job *job);

/* job_store.c */

/* make the file that it prints to; 0 or a negative errno */
int vs_job_output(struct vs_job *job);
/* write down what is known of it */
void vs_job_save(const struct vs_job *job);
/* remove what was */
void vs_job_forget(const struct vs_job *job);

/* job_spawn.c */

/* start the process, which asks @api in turn; 0 or a negative errno */
int vs_job_spawn(struct vs_job *job, const struct vs_api *api,
		 char *const *argv);

#endif
