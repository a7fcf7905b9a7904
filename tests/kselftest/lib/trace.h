/* SPDX-License-Identifier: GPL-2.0-only */
/* The driver's tracepoints, seen through an instance of tracefs of our own. */
#ifndef VSN_TEST_TRACE_H
#define VSN_TEST_TRACE_H

#include <limits.h>

#define TRACE_ROOT	"/sys/kernel/tracing"
#define TRACE_TEXT	(256 << 10)

struct trace {
	char dir[64];
	char text[TRACE_TEXT];
};

/* All return 0 or a negative errno if not said otherwise. */

/* From now on, those of the network namespace that we are in. */
int trace_begin(struct trace *t);
/* The same, with a stack trace at each, to have the driver stay there. */
int trace_begin_slow(struct trace *t);
void trace_end(struct trace *t);

/* Read what there is, into @text, and forget it. */
int trace_take(struct trace *t);

/* How often it is in @text, with this in its line; @with may be NULL. */
unsigned int trace_count(const struct trace *t, const char *name,
			 const char *with);

/* The names in @text, in order and with a space behind each; their number. */
int trace_names(const struct trace *t, char *names, unsigned int size);

#endif /* VSN_TEST_TRACE_H */
