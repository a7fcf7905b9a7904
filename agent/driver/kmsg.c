// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "driver/kmsg.h"

/* "6,1234,5678,-;vmsafe_net: version magic ..." */
static void vs_kmsg_record(char *record, const char *prefix, vs_kmsg_fn fn,
			   void *ctx)
{
	char *text = strchr(record, ';');

	if (!text)
		return;
	text++;
	text[strcspn(text, "\n")] = '\0';
	if (strncmp(text, prefix, strlen(prefix)) == 0)
		fn(ctx, text);
}

void vs_kmsg_each(const char *prefix, vs_kmsg_fn fn, void *ctx)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char record[8192];
	ssize_t n;

	if (fd < 0)
		return;
	/* one record a read; EPIPE is a record that was overwritten */
	while ((n = read(fd, record, sizeof(record) - 1)) > 0 ||
	       (n < 0 && errno == EPIPE)) {
		if (n < 0)
			continue;
		record[n] = '\0';
		vs_kmsg_record(record, prefix, fn, ctx);
	}
	close(fd);
}
