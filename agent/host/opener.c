// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/name.h"
#include "host/opener.h"

static bool vs_opener_has(pid_t pid, const char *path)
{
	char name[64], target[PATH_MAX];
	struct dirent *d;
	bool has = false;
	DIR *fds;

	snprintf(name, sizeof(name), "/proc/%d/fd", pid);
	fds = opendir(name);
	while (fds && !has && (d = readdir(fds))) {
		ssize_t n = readlinkat(dirfd(fds), d->d_name, target,
				       sizeof(target) - 1);

		if (n < 0)
			continue;
		target[n] = '\0';
		has = strcmp(target, path) == 0;
	}
	if (fds)
		closedir(fds);
	return has;
}

pid_t vs_opener_find(const char *path)
{
	DIR *proc = opendir("/proc");
	struct dirent *d;
	pid_t found = 0;

	while (proc && !found && (d = readdir(proc))) {
		pid_t pid = atoi(d->d_name);

		if (pid > 0 && pid != getpid() && vs_opener_has(pid, path))
			found = pid;
	}
	if (proc)
		closedir(proc);
	return found;
}

/* the beginning of a file of the process; empty if it is gone */
static void vs_process_text(pid_t pid, const char *name, char *text,
			    size_t size)
{
	char path[64];
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	f = fopen(path, "re");
	if (f) {
		n = fread(text, 1, size - 1, f);
		fclose(f);
	}
	text[n] = '\0';
}

void vs_process_comm(pid_t pid, char comm[VS_COMM])
{
	char text[17];

	vs_process_text(pid, "comm", text, sizeof(text));
	text[strcspn(text, "\n")] = '\0';
	vs_name_escape(comm, VS_COMM, *text ? text : "?");
}

bool vs_process_age(pid_t pid, vs_time *age)
{
	unsigned long long start, hz = sysconf(_SC_CLK_TCK);
	char text[1024], *at;
	struct timespec up;

	vs_process_text(pid, "stat", text, sizeof(text));
	/* what is in parentheses may be anything; the start is field 22 */
	at = strrchr(text, ')');
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	start = at ? strtoull(at, NULL, 10) : 0;
	if (!start || clock_gettime(CLOCK_BOOTTIME, &up))
		return false;
	*age = up.tv_sec * 1000LL + up.tv_nsec / 1000000 -
	       (vs_time)(start * 1000 / hz);
	return true;
}
