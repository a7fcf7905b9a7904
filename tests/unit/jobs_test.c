// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recoveries that were asked for over HTTP, from one agent to the next: the
 * next one answers for what an earlier one began, and for nothing else.
 */
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/job.h"
#include "host/clock.h"

static char dir[32], folder[64], program[64], fifo[64];
static sd_event *loop;
static struct vs_jobs *jobs;
static unsigned int synced;

static void look(void *ctx, struct vs_api_view *view)
{
	(void)ctx;
	*view = (struct vs_api_view){ .now = 5000 };
}

static void sync_now(void *ctx)
{
	(void)ctx;
	synced++;
}

static const struct vs_api_ops ops = { .look = look, .sync = sync_now };

/* an agent is started; @after is when */
static void agent(uint64_t after)
{
	jobs = vs_jobs_new(loop, folder, after, &ops, NULL);
	assert_non_null(jobs);
}

static void agent_ends(void)
{
	vs_jobs_free(jobs);
	jobs = NULL;
}

static int begin(void **state)
{
	FILE *f;

	(void)state;
	synced = 0;
	strcpy(dir, "/tmp/vmsafe-unit-XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(folder, sizeof(folder), "%s/recoveries", dir);
	snprintf(program, sizeof(program), "%s/vmsafe", dir);
	snprintf(fifo, sizeof(fifo), "%s/fifo", dir);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	f = fopen(program, "w");
	assert_non_null(f);
	fprintf(f, "#!/bin/sh\nread x <%s\n"
		"echo '{\"exit_status\":3,\"done\":true}'\nexit 3\n", fifo);
	fclose(f);
	chmod(program, 0755);
	assert_true(sd_event_new(&loop) >= 0);
	signal(SIGPIPE, SIG_IGN);
	return 0;
}

static int end(void **state)
{
	char command[128];

	(void)state;
	agent_ends();
	sd_event_unref(loop);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

static struct vs_job *start(void)
{
	const struct vs_job_wish wish = {
		.vm = { { 1 } }, .vm_name = "vm1", .has_step = true,
		.step = VS_STEP_R5,
	};
	struct vs_api api = { .config.jobs = jobs, .program = program };
	struct vs_ask rq = {
		.api = &api, .lang_name = "en",
		.view = { .now = 1000, .inventory = "file:/nowhere" },
	};
	struct vs_job *job;

	assert_int_equal(vs_job_start(&rq, &wish, &job), 0);
	return job;
}

/* its process may go on to its end */
static void let_go(void)
{
	int fd = open(fifo, O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "x\n", 2), 2);
	close(fd);
}

static void reap(pid_t pid)
{
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static struct vs_job *only(uint64_t id)
{
	struct vs_job *job = jobs->first;

	assert_non_null(job);
	assert_null(job->next);
	assert_true(job->id == id);
	assert_int_equal(job->vm.b[0], 1);
	assert_string_equal(job->vm_name, "vm1");
	assert_string_equal(job->step, "R5");
	assert_int_equal(job->started, 1000);
	return job;
}

static void assert_done(const struct vs_job *job)
{
	assert_false(vs_job_runs(job));
	assert_false(job->unknown);
	assert_int_equal(job->exit_status, 3);
	assert_true(json_is_true(json_object_get(job->result, "done")));
}

/* it runs on over a restart, and the next agent sees it end */
static void outlives(void **state)
{
	struct vs_job *job;
	uint64_t id;

	(void)state;
	agent(70000);
	id = start()->id;
	assert_true(id > 70000);
	agent_ends();
	agent(70000);
	job = only(id);
	assert_true(vs_job_runs(job));
	let_go();
	while (vs_job_runs(job))
		assert_true(sd_event_run(loop, 60000000) > 0);
	assert_done(job);
	assert_int_equal(synced, 1);
	reap(job->pid);
	/* which the one after it knows as well, be its clock wrong */
	agent_ends();
	agent(3);
	assert_done(only(id));
	job = start();
	assert_true(job->id > id);
	let_go();
	reap(job->pid);
}

/* it ends while there is no agent */
static void meanwhile(void **state)
{
	struct vs_job *job;
	uint64_t id;
	pid_t pid;

	(void)state;
	agent(1);
	job = start();
	id = job->id;
	pid = job->pid;
	agent_ends();
	let_go();
	reap(pid);
	agent(1);
	assert_done(only(id));
}

/* it is killed while there is no agent: it is not known how it ended */
static void killed(void **state)
{
	struct vs_job *job;
	uint64_t id;
	pid_t pid;

	(void)state;
	agent(1);
	job = start();
	id = job->id;
	pid = job->pid;
	agent_ends();
	assert_int_equal(kill(pid, SIGKILL), 0);
	reap(pid);
	agent(1);
	job = only(id);
	assert_false(vs_job_runs(job));
	assert_true(job->unknown);
	agent_ends();
	agent(1);
	assert_true(only(id)->unknown);
}

static void put(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void hostile(void **state)
{
	struct vs_job *job;

	(void)state;
	agent(1);
	agent_ends();
	put("2.json", "");
	put("3.json", "[]");
	put("4.json", "{\"version\":1}");
	put("x.json", "{}");
	put("99999999999999999999999999.json", "{}");
	put("5.json", "{\"version\":1,\"vm\":\"x\",\"dry_run\":false,"
	    "\"started\":1,\"pid\":1,\"ended\":1,\"unknown\":false,"
	    "\"exit_status\":0}");
	agent(1);
	assert_null(jobs->first);
	assert_int_equal(jobs->last, 1);
	/* no room for its files: it is done nevertheless */
	agent_ends();
	strcpy(folder, "/proc/none");
	agent(1);
	job = start();
	let_go();
	reap(job->pid);
}

#define T(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(outlives), T(meanwhile), T(killed), T(hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
