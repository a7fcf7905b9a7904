/* SPDX-License-Identifier: GPL-2.0-only */
/* Answers of vCenter, written by hand, for tests of what reads them. */
#ifndef ANSWER_H
#define ANSWER_H

#include "gather.h"
#include "vsphere/roster.h"

/**
 * struct answer - what became of one
 * @ret: what the parser returned
 * @error: what the roster said
 * @why: what the parser said
 */
struct answer {
	int ret;
	struct vs_error error;
	char why[128];
};

/** ANSWER_STEP - bytes that the parser is fed at a time, unless told */
#define ANSWER_STEP 7

/**
 * answer_take() - parse an answer, piece by piece
 * @roster: takes what is in it; NULL: nothing is taken
 * @xml: the answer
 * @len: how long it is
 * @step: bytes at a time
 */
struct answer answer_take(struct vs_roster *roster, const char *xml,
			  size_t len, size_t step);

/** answer_list() - answer_take() of a list that has these <objects> */
struct answer answer_list(struct vs_roster *roster, const char *objects);

/** answer_update() - answer_take() of an update with these <objectSet>s */
struct answer answer_update(struct vs_roster *roster, const char *objects);

/** answer_vm() - <objects> of a running VM on host-1, with these properties */
const char *answer_vm(char *buf, size_t size, const char *ref,
		      const char *props);

#endif
