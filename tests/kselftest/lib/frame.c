// SPDX-License-Identifier: GPL-2.0-only
#include "frame.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

static const uint8_t header[] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0x02, 0x50, 0x56, 0x0a, 0x0b, 0x0c,
	0x88, 0xb5,
};

static const uint8_t tag[] = { 0x81, 0x00, 0x00, 0x2a };

void frame_make(struct frame *f, size_t len)
{
	f->len = len;
	memset(f->bytes, 0x5a, len);
	memcpy(f->bytes, header, sizeof(header));
}

void frame_make_tagged(struct frame *f, size_t len)
{
	frame_make(f, len);
	memcpy(f->bytes + 12, tag, sizeof(tag));
	memcpy(f->bytes + 16, header + 12, 2);
}

void frame_to(struct frame *f, const uint8_t mac[6])
{
	memcpy(f->bytes, mac, 6);
}

int frame_send(int fd, const struct frame *f)
{
	ssize_t n = write(fd, f->bytes, f->len);

	if (n < 0)
		return -errno;
	return (size_t)n == f->len ? 0 : -EMSGSIZE;
}

static int is_ours(const uint8_t *bytes, size_t len)
{
	return len >= sizeof(header) &&
	       (!memcmp(bytes + 12, header + 12, 2) ||
		!memcmp(bytes + 12, tag, sizeof(tag)));
}

int frame_recv(int fd, int timeout_ms)
{
	static _Thread_local uint8_t bytes[FRAME_MAX];
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	ssize_t n;

	while (poll(&pfd, 1, timeout_ms) > 0) {
		n = read(fd, bytes, sizeof(bytes));
		if (n < 0)
			return -errno;
		if (is_ours(bytes, n))
			return n;
	}
	return -ETIMEDOUT;
}
