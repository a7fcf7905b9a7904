/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of "doctor" share. */
#ifndef VS_CLI_DOCTOR_H
#define VS_CLI_DOCTOR_H

#include "cli/out.h"
#include "driver/snapshot.h"

/** enum vs_verdict - the result of a check */
enum vs_verdict {
	VS_FINDING_OK,
	VS_FINDING_WARN,
	VS_FINDING_FAIL,
};

/**
 * struct vs_doctor - a run of "doctor"
 * @cli: the global options
 * @failed: a check failed
 * @checks: for --json
 */
struct vs_doctor {
	struct vs_cli *cli;
	bool failed;
	json_t *checks;
};

/**
 * vs_doctor_find() - the result of one check, in one line
 * @d: the run
 * @check: what was checked; N_()
 * @finding: how it came out
 * @advice: what to do, or NULL
 * @fmt: what was found
 */
void vs_doctor_find(struct vs_doctor *d, const char *check,
		    enum vs_verdict finding, const char *advice,
		    const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/** vs_doctor_error() - likewise, for an error: VS_FINDING_FAIL */
void vs_doctor_error(struct vs_doctor *d, const char *check,
		     const char *advice, const struct vs_error *error);

/** vs_doctor_module() - is it loaded, and if not, why not? */
void vs_doctor_module(struct vs_doctor *d);

/** vs_doctor_driver() - does the driver answer? */
void vs_doctor_driver(struct vs_doctor *d, const struct vs_driver_reading *r);

/** vs_doctor_lists() - can the lists be read, and what do they show? */
void vs_doctor_lists(struct vs_doctor *d, const struct vs_snapshot *s);

/** vs_doctor_half() - was a step of a recovery cut short? */
void vs_doctor_half(struct vs_doctor *d, const char *folder);

#endif
