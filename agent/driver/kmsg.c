// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "driver/kmsg.h"

/*
 * The kernel writes what is no printable ASCII, and the backslash, as \xNN.
 * Its bytes come back; an end within the line stays as it is written.
 */
static void vs_kmsg_decode(char *text)
{
	static const char digits[] = "0123456789abcdef";
	const char *high, *low, *from = text;
	int byte;

	while (*from) {
		byte = 0;
		if (strncmp(from, "\\x", 2) == 0 && from[2] && from[3]) {
			high = strchr(digits, from[2]);
			low = strchr(digits, from[3]);
			if (high && low)
				byte = (high - digits) * 16 + (low - digits);
		}
		*text++ = byte ? byte : *from;
		from += byte ? 4 : 1;
	}
	*text = '\0';
}

char *vs_kmsg_text(char *record)
{
	char *text = strchr(record, ';');

	if (!text)
		return NULL;
	text++;
	/* further lines are for programs: which device it is about */
	text[strcspn(text, "\n")] = '\0';
	vs_kmsg_decode(text);
	return text;
}

static void vs_kmsg_record(char *record, const char *prefix, vs_kmsg_fn fn,
			   void *ctx)
{
	const char *text = vs_kmsg_text(record);

	if (text && strncmp(text, prefix, strlen(prefix)) == 0)
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
