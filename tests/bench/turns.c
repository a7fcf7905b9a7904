// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a packet costs when the guests of many taps send in turns.
 *
 *   turns COUNT...	for each COUNT a line "COUNT NANOSECONDS": what the
 *			Filter Driver adds to each packet, if the guests of
 *			that many of the taps send
 *
 * There are as many taps as the largest COUNT. They are measured bare, then
 * with the module loaded (the one that VMSAFE_TEST_MODULE names) and all of
 * them bound. On a CPU that counts instructions nanoseconds are instructions.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "lib/frame.h"
#include "lib/module.h"
#include "lib/port.h"
#include "lib/vnic.h"

#define TRIES	3
/* Each tap has its turn at least once. */
#define PACKETS	20000
#define COUNTS	8

static int fail(const char *what, int err)
{
	fprintf(stderr, "turns: %s: %s\n", what, strerror(-err));
	return 1;
}

static const char *name_of(char name[IFNAMSIZ], unsigned int i)
{
	snprintf(name, IFNAMSIZ, "t%u", i);
	return name;
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * UINT64_C(1000000000) + t.tv_nsec;
}

static int open_taps(int *taps, unsigned int count)
{
	struct rlimit files = { count + 64, count + 64 };
	char name[IFNAMSIZ];
	unsigned int i;
	int err;

	if (setrlimit(RLIMIT_NOFILE, &files))
		return fail("files", -errno);
	for (i = 0; i < count; i++) {
		taps[i] = tap_open(name_of(name, i));
		err = taps[i] < 0 ? taps[i] : link_up(name, true);
		if (err)
			return fail(name, err);
	}
	return 0;
}

static int send_turns(const int *taps, unsigned int count)
{
	static struct frame frame;
	unsigned int i;
	int err = 0;

	frame_make(&frame, 128);
	for (i = 0; i < PACKETS && !err; i++)
		err = frame_send(taps[i % count], &frame);
	return err ? fail("send", err) : 0;
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Nanoseconds of PACKETS packets, the median of a few tries. */
static int measure(const int *taps, unsigned int count, uint64_t *ns)
{
	uint64_t got[TRIES], start;
	int try, err;

	/* The first time finds what was never used. */
	err = send_turns(taps, count);
	for (try = 0; try < TRIES && !err; try++) {
		start = now_ns();
		err = send_turns(taps, count);
		got[try] = now_ns() - start;
	}
	if (err)
		return err;
	qsort(got, TRIES, sizeof(got[0]), compare);
	*ns = got[TRIES / 2];
	return 0;
}

static int bind_taps(unsigned int count)
{
	struct identity id;
	char name[IFNAMSIZ];
	unsigned int i;
	struct nl nl;
	int err;

	err = module_load() ?: nl_open(&nl);
	if (err)
		return fail("module", err);
	for (i = 0; i < count && !err; i++) {
		id = identity_of(i, 0);
		err = vnic_bind(&nl, name_of(name, i), &id, NULL);
	}
	nl_close(&nl);
	return err ? fail(name, err) : 0;
}

static int turns(const unsigned int *counts, int n, unsigned int most)
{
	uint64_t bare[COUNTS] = {}, with[COUNTS] = {};
	int *taps = calloc(most, sizeof(*taps));
	int i, err;

	if (!taps)
		return fail("taps", -ENOMEM);
	err = open_taps(taps, most);
	for (i = 0; i < n && !err; i++)
		err = measure(taps, counts[i], &bare[i]);
	err = err ?: bind_taps(most);
	for (i = 0; i < n && !err; i++)
		err = measure(taps, counts[i], &with[i]);
	for (i = 0; i < n && !err; i++)
		printf("%u %.0f\n", counts[i],
		       ((double)with[i] - (double)bare[i]) / PACKETS);
	free(taps);
	return err;
}

int main(int argc, char **argv)
{
	unsigned int counts[COUNTS], most = 0;
	int i;

	for (i = 1; i < argc && i <= COUNTS; i++) {
		counts[i - 1] = atoi(argv[i]);
		if (!counts[i - 1] || counts[i - 1] > PACKETS)
			break;
		if (counts[i - 1] > most)
			most = counts[i - 1];
	}
	if (argc < 2 || i < argc) {
		fprintf(stderr, "usage: turns COUNT...\n");
		return 2;
	}
	return turns(counts, argc - 1, most);
}
