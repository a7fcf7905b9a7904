// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/job.h"
#include "core/name.h"
#include "driver/record.h"

/* of what a process says, no more is kept than that */
#define VS_JOB_TEXT (1024 * 1024)
#define VS_JOB_LINE 4096
#define VS_JOB_LINES 500

/* words of a command line */
#define VS_JOB_WORDS 32

void vs_job_free(struct vs_job *job)
{
	sd_event_source_disable_unref(job->watch);
	sd_event_source_disable_unref(job->err_io);
	if (job->pidfd >= 0)
		close(job->pidfd);
	if (job->out >= 0)
		close(job->out);
	if (job->err >= 0)
		close(job->err);
	vs_buf_free(&job->line);
	json_decref(job->progress);
	json_decref(job->result);
	free(job->vm_name);
	free(job);
}

static void vs_job_say(struct vs_job *job)
{
	if (!job->line.len)
		return;
	vs_buf_add(&job->line, "");
	json_array_append_new(job->progress,
			      vs_json_text(vs_buf_str(&job->line)));
	if (json_array_size(job->progress) > VS_JOB_LINES)
		json_array_remove(job->progress, 0);
	vs_buf_free(&job->line);
}

static void vs_job_lines(struct vs_job *job, const char *text, size_t n)
{
	while (n) {
		const char *end = memchr(text, '\n', n);
		size_t len = end ? (size_t)(end - text) : n;
		size_t room = VS_JOB_LINE - job->line.len;

		vs_buf_put(&job->line, text, len < room ? len : room);
		if (end)
			vs_job_say(job);
		len += !!end;
		text += len;
		n -= len;
	}
}

/* false: nothing more comes */
static bool vs_job_read(struct vs_job *job, int fd,
			void (*take)(struct vs_job *job, const char *text,
				     size_t n))
{
	char buf[4096];
	ssize_t n = read(fd, buf, sizeof(buf));

	if (n > 0)
		take(job, buf, n);
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static int vs_job_err(sd_event_source *source, int fd, uint32_t events,
		      void *ctx)
{
	(void)events;
	if (!vs_job_read(ctx, fd, vs_job_lines))
		sd_event_source_set_enabled(source, SD_EVENT_OFF);
	return 0;
}

/* what is still in a pipe; who else holds its other end is not waited for */
static void vs_job_drain(struct vs_job *job, int fd,
			 void (*take)(struct vs_job *job, const char *text,
				      size_t n))
{
	char buf[4096];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		take(job, buf, n);
}

/* what it has printed, if that is whole; it may have been killed over it */
static void vs_job_result(struct vs_job *job)
{
	char *text = malloc(VS_JOB_TEXT);
	size_t len = 0;
	ssize_t n = 1;

	while (text && n > 0 && len < VS_JOB_TEXT) {
		n = pread(job->out, text + len, VS_JOB_TEXT - len, len);
		len += n > 0 ? n : 0;
	}
	job->result = len ? json_loadb(text, len, 0, NULL) : NULL;
	free(text);
}

void vs_job_settle(struct vs_job *job, vs_time ended)
{
	const json_t *status;

	vs_job_result(job);
	status = json_object_get(job->result, "exit_status");
	job->unknown = !json_is_integer(status) ||
		       json_integer_value(status) < 0 ||
		       json_integer_value(status) > 255;
	if (!job->unknown)
		job->exit_status = json_integer_value(status);
	job->ended = ended;
	vs_job_save(job);
}

static void vs_job_waited(struct vs_job *job, int status, vs_time ended)
{
	sd_event_source_set_enabled(job->err_io, SD_EVENT_OFF);
	vs_job_drain(job, job->err, vs_job_lines);
	vs_job_say(job);
	job->exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 255;
	vs_job_result(job);
	job->ended = ended;
	vs_job_save(job);
}

/* of a process that another agent has started, nobody tells us how it ended */
static int vs_job_ended(sd_event_source *source, int fd, uint32_t events,
			void *ctx)
{
	struct vs_job *job = ctx;
	struct vs_jobs *jobs = job->jobs;
	struct vs_api_view view;
	int status;

	(void)fd;
	(void)events;
	if (!job->adopted && waitpid(job->pid, &status, WNOHANG) != job->pid)
		return 0;
	sd_event_source_set_enabled(source, SD_EVENT_OFF);
	jobs->ops->look(jobs->ctx, &view);
	if (job->adopted)
		vs_job_settle(job, view.now);
	else
		vs_job_waited(job, status, view.now);
	/* what it has changed is to be seen */
	jobs->ops->sync(jobs->ctx);
	return 0;
}

int vs_job_watch(struct vs_job *job)
{
	sd_event *loop = job->jobs->loop;
	int ret = 0;

	if (job->err >= 0)
		ret = sd_event_add_io(loop, &job->err_io, job->err, EPOLLIN,
				      vs_job_err, job);
	if (ret >= 0)
		ret = sd_event_add_io(loop, &job->watch, job->pidfd, EPOLLIN,
				      vs_job_ended, job);
	return ret < 0 ? ret : 0;
}

/* the oldest that have ended make room */
static void vs_jobs_prune(struct vs_jobs *jobs)
{
	struct vs_job **p = &jobs->first;
	size_t n = 0;

	while (*p) {
		struct vs_job *job = *p;

		if (++n <= VS_JOBS_KEPT || vs_job_runs(job)) {
			p = &job->next;
			continue;
		}
		*p = job->next;
		vs_job_forget(job);
		vs_job_free(job);
	}
}

static void vs_job_words(struct vs_ask *rq, const struct vs_job_wish *w,
			 char uuid[VS_UUID_STR], char timeout[16],
			 const char **argv)
{
	size_t n = 0;

	argv[n++] = "vmsafe";
	argv[n++] = "--json";
	argv[n++] = "--lang";
	argv[n++] = rq->lang_name;
	argv[n++] = "--inventory";
	argv[n++] = rq->view.inventory;
	argv[n++] = "recover";
	if (w->dry_run)
		argv[n++] = "--dry-run";
	if (w->yes)
		argv[n++] = "--yes";
	if (w->force)
		argv[n++] = "--force";
	if (w->new_macs)
		argv[n++] = "--new-macs";
	if (w->timeout) {
		snprintf(timeout, 16, "%u", w->timeout);
		argv[n++] = "--timeout";
		argv[n++] = timeout;
	}
	if (w->to) {
		argv[n++] = "--to";
		argv[n++] = w->to;
	}
	if (w->ssh) {
		argv[n++] = "--ssh";
		argv[n++] = w->ssh;
	}
	if (w->length) {
		argv[n++] = "--for";
		argv[n++] = w->length;
	}
	argv[n++] = vs_uuid_format(&w->vm, uuid);
	if (w->has_step)
		argv[n++] = vs_step_word(w->step);
	argv[n] = NULL;
}

static struct vs_job *vs_job_new(struct vs_ask *rq,
				 const struct vs_job_wish *wish)
{
	struct vs_job *job = calloc(1, sizeof(*job));

	if (!job)
		return NULL;
	job->jobs = rq->api->config.jobs;
	job->vm = wish->vm;
	job->vm_name = wish->vm_name ? strdup(wish->vm_name) : NULL;
	job->step = wish->has_step ? vs_step_word(wish->step) : NULL;
	job->dry_run = wish->dry_run;
	job->started = rq->view.now;
	job->progress = json_array();
	job->pidfd = -1;
	job->out = -1;
	job->err = -1;
	job->id = ++job->jobs->last;
	return job;
}

int vs_job_start(struct vs_ask *rq, const struct vs_job_wish *wish,
		 struct vs_job **result)
{
	struct vs_job *job = vs_job_new(rq, wish);
	char uuid[VS_UUID_STR], timeout[16];
	const char *argv[VS_JOB_WORDS];
	int ret;

	if (!job)
		return -ENOMEM;
	vs_job_words(rq, wish, uuid, timeout, argv);
	ret = vs_job_output(job);
	if (!ret)
		ret = vs_job_spawn(job, rq->api, (char *const *)argv);
	if (!ret)
		ret = vs_job_watch(job);
	if (ret) {
		vs_job_forget(job);
		vs_job_free(job);
		return ret;
	}
	vs_job_save(job);
	job->next = job->jobs->first;
	job->jobs->first = job;
	vs_jobs_prune(job->jobs);
	*result = job;
	return 0;
}
