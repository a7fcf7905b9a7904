// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/job.h"

/* ours does not block, the process's does */
static int vs_job_pipe(int fds[2])
{
	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	if (fcntl(fds[0], F_SETFL, O_NONBLOCK) < 0)
		return -errno;
	return 0;
}

static void vs_job_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/*
 * Signals as for any program, and none that are meant for the agent; but for
 * SIGPIPE, which stays ignored: a recovery goes on when the agent ends.
 */
static int vs_job_attributes(posix_spawnattr_t *attr)
{
	sigset_t none;

	sigemptyset(&none);
	if (posix_spawnattr_init(attr))
		return -ENOMEM;
	posix_spawnattr_setsigmask(attr, &none);
	posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGMASK |
				       POSIX_SPAWN_SETSID);
	return 0;
}

/* our own, but for the socket: what it has to ask an agent, it asks us */
static char **vs_job_environment(const char *socket)
{
	static const char name[] = "VMSAFE_SOCKET=";
	size_t n = 0, used = 1;
	char **env;

	while (environ[n])
		n++;
	env = calloc(n + 2, sizeof(*env));
	if (!env || asprintf(&env[0], "%s%s", name, socket) < 0) {
		free(env);
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		if (strncmp(environ[i], name, sizeof(name) - 1) != 0)
			env[used++] = environ[i];
	}
	return env;
}

static void vs_job_environment_free(char **env)
{
	if (env)
		free(env[0]);
	free(env);
}

static int vs_job_exec(struct vs_job *job, const char *program,
		       char *const *argv, char *const *env, int err)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int ret = env ? vs_job_attributes(&attr) : -ENOMEM;

	if (ret)
		return ret;
	ret = -posix_spawn_file_actions_init(&files);
	if (!ret) {
		posix_spawn_file_actions_addopen(&files, 0, "/dev/null",
						 O_RDONLY, 0);
		posix_spawn_file_actions_adddup2(&files, job->out, 1);
		posix_spawn_file_actions_adddup2(&files, err, 2);
		ret = -posix_spawn(&job->pid, program, &files, &attr, argv,
				   env);
		posix_spawn_file_actions_destroy(&files);
	}
	posix_spawnattr_destroy(&attr);
	return ret;
}

int vs_job_spawn(struct vs_job *job, const struct vs_api *api,
		 char *const *argv)
{
	char **env = vs_job_environment(api->listen.path);
	int err[2] = { -1, -1 };
	int ret = vs_job_pipe(err);

	if (!ret)
		ret = vs_job_exec(job, api->program, argv, env, err[1]);
	vs_job_environment_free(env);
	vs_job_close(&err[1]);
	if (!ret) {
		job->pidfd = syscall(SYS_pidfd_open, job->pid, 0);
		ret = job->pidfd < 0 ? -errno : 0;
		if (ret) {
			kill(job->pid, SIGTERM);
			waitpid(job->pid, NULL, 0);
		}
	}
	if (ret) {
		vs_job_close(&err[0]);
		return ret;
	}
	job->err = err[0];
	return 0;
}
