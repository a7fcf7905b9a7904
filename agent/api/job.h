/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recoveries: each is a process of its own, "vmsafe recover", whose lines and
 * result are kept. So one that takes long, or hangs, holds nothing up.
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
 * @out: its standard output; -1: at its end
 * @err: its standard error; likewise
 * @watch: for when it ends
 * @out_io: @out in the loop
 * @err_io: @err in the loop
 * @text: what came from @out
 * @line: a line of @err that is not complete
 */
struct vs_job {
	struct vs_job *next;
	struct vs_api *api;
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
	int out;
	int err;
	sd_event_source *watch;
	sd_event_source *out_io;
	sd_event_source *err_io;
	struct vs_buf text;
	struct vs_buf line;
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

/* job_spawn.c */

/* start the process; 0 or a negative errno */
int vs_job_spawn(struct vs_job *job, const char *program, char *const *argv);

#endif
