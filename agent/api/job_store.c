// SPDX-License-Identifier: GPL-2.0-only
/* Recoveries in their folder, from one agent to the next. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "api/job.h"
#include "core/number.h"
#include "driver/file.h"
#include "driver/record.h"

#define VS_JOB_VERSION 1

/* false: it is kept nowhere */
static bool vs_job_path(const struct vs_jobs *jobs, uint64_t id,
			const char *end, char path[PATH_MAX])
{
	return jobs->folder &&
	       snprintf(path, PATH_MAX, "%s/%llu.%s", jobs->folder,
			(unsigned long long)id, end) < PATH_MAX;
}

int vs_job_output(struct vs_job *job)
{
	char path[PATH_MAX];

	job->out = -1;
	if (vs_job_path(job->jobs, job->id, "out", path))
		job->out = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
				0600);
	/* better one that is forgotten than none */
	if (job->out < 0)
		job->out = memfd_create("recovery", MFD_CLOEXEC);
	if (job->out < 0)
		return -errno;
	/* the process has the lock too, and keeps it when we have gone */
	return flock(job->out, LOCK_EX | LOCK_NB) ? -errno : 0;
}

void vs_job_save(const struct vs_job *job)
{
	char path[PATH_MAX], uuid[VS_UUID_STR];
	struct vs_error error;
	json_t *doc;

	if (!vs_job_path(job->jobs, job->id, "json", path))
		return;
	doc = json_pack("{si,ss,so*,ss*,sb,sI,si,sI,sb,si,sO*,sO*}",
			"version", VS_JOB_VERSION, "vm",
			vs_uuid_format(&job->vm, uuid), "vm_name",
			job->vm_name ? vs_json_text(job->vm_name) : NULL,
			"step", job->step, "dry_run", job->dry_run, "started",
			(json_int_t)job->started, "pid", job->pid, "ended",
			(json_int_t)job->ended, "unknown", job->unknown,
			"exit_status", job->exit_status, "progress",
			job->progress, "result", job->result);
	vs_file_write_json(path, doc, 0600, &error);
	json_decref(doc);
}

void vs_job_forget(const struct vs_job *job)
{
	char path[PATH_MAX];

	if (vs_job_path(job->jobs, job->id, "json", path))
		unlink(path);
	if (vs_job_path(job->jobs, job->id, "out", path))
		unlink(path);
}

static bool vs_job_parse(struct vs_job *job, json_t *doc)
{
	const char *vm, *name = NULL, *step = NULL;
	json_t *progress = NULL, *result = NULL;
	int version, dry_run, unknown;
	json_int_t started, ended;
	enum vs_step parsed;

	if (json_unpack(doc, "{si,ss,s?s,s?s,sb,sI,si,sI,sb,si,s?o,s?o!}",
			"version", &version, "vm", &vm, "vm_name", &name,
			"step", &step, "dry_run", &dry_run, "started",
			&started, "pid", &job->pid, "ended", &ended, "unknown",
			&unknown, "exit_status", &job->exit_status,
			"progress", &progress, "result", &result) ||
	    version != VS_JOB_VERSION || vs_uuid_parse(vm, &job->vm) ||
	    (step && vs_step_parse(step, &parsed)))
		return false;
	job->vm_name = name ? strdup(name) : NULL;
	job->step = step ? vs_step_word(parsed) : NULL;
	job->dry_run = dry_run;
	job->unknown = unknown;
	job->started = started;
	job->ended = ended;
	job->progress = json_is_array(progress) ? json_incref(progress) :
						  json_array();
	job->result = json_incref(result);
	return true;
}

/* does the process have its file yet? then the number is still its own */
static bool vs_job_is_held(const struct vs_job *job)
{
	if (!flock(job->out, LOCK_SH | LOCK_NB)) {
		flock(job->out, LOCK_UN);
		return false;
	}
	return errno == EWOULDBLOCK;
}

/* it ran when an earlier agent ended: it does yet, or has ended meanwhile */
static void vs_job_adopt(struct vs_job *job)
{
	struct stat st = { 0 };
	char path[PATH_MAX];

	job->adopted = true;
	if (vs_job_path(job->jobs, job->id, "out", path))
		job->out = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
				O_CLOEXEC);
	if (job->out >= 0 && job->pid > 0 && vs_job_is_held(job)) {
		job->pidfd = syscall(SYS_pidfd_open, job->pid, 0);
		if (job->pidfd >= 0 && vs_job_is_held(job) &&
		    !vs_job_watch(job))
			return;
	}
	/* it wrote last when it ended */
	if (job->out >= 0)
		fstat(job->out, &st);
	vs_job_settle(job, st.st_mtim.tv_sec ? st.st_mtim.tv_sec * 1000LL +
		      st.st_mtim.tv_nsec / 1000000 : job->started);
}

static void vs_jobs_insert(struct vs_jobs *jobs, struct vs_job *job)
{
	struct vs_job **p = &jobs->first;

	while (*p && (*p)->id > job->id)
		p = &(*p)->next;
	job->next = *p;
	*p = job;
	if (job->id > jobs->last)
		jobs->last = job->id;
}

static void vs_jobs_load(struct vs_jobs *jobs, uint64_t id)
{
	struct vs_job *job = calloc(1, sizeof(*job));
	char path[PATH_MAX];
	struct vs_error error;
	json_t *doc = NULL;

	if (!job)
		return;
	job->jobs = jobs;
	job->id = id;
	job->pidfd = -1;
	job->out = -1;
	job->err = -1;
	if (vs_job_path(jobs, id, "json", path) &&
	    !vs_file_read_json(path, &doc, &error) && vs_job_parse(job, doc)) {
		if (!job->ended)
			vs_job_adopt(job);
		vs_jobs_insert(jobs, job);
	} else {
		vs_job_free(job);
	}
	json_decref(doc);
}

static void vs_jobs_read(struct vs_jobs *jobs)
{
	DIR *dir = opendir(jobs->folder);
	struct dirent *d;

	while (dir && (d = readdir(dir))) {
		char number[24];
		size_t n = strcspn(d->d_name, ".");
		uint64_t id;

		if (n >= sizeof(number) || strcmp(d->d_name + n, ".json") != 0)
			continue;
		memcpy(number, d->d_name, n);
		number[n] = '\0';
		if (!vs_number_parse(number, 1, INT64_MAX / 2, &id))
			vs_jobs_load(jobs, id);
	}
	if (dir)
		closedir(dir);
}

struct vs_jobs *vs_jobs_new(sd_event *loop, const char *folder, uint64_t after,
			    const struct vs_api_ops *ops, void *ctx)
{
	struct vs_jobs *jobs = calloc(1, sizeof(*jobs));

	if (!jobs)
		return NULL;
	jobs->loop = sd_event_ref(loop);
	jobs->ops = ops;
	jobs->ctx = ctx;
	jobs->last = after;
	jobs->folder = folder ? strdup(folder) : NULL;
	if (!jobs->folder)
		return jobs;
	mkdir(jobs->folder, 0700);
	vs_jobs_read(jobs);
	return jobs;
}

void vs_jobs_free(struct vs_jobs *jobs)
{
	if (!jobs)
		return;
	while (jobs->first) {
		struct vs_job *job = jobs->first;

		jobs->first = job->next;
		vs_job_free(job);
	}
	sd_event_unref(jobs->loop);
	free(jobs->folder);
	free(jobs);
}
