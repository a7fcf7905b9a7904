/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A host's Filter Driver and ports, saved to a file, so that a diagnosis can
 * be made later and elsewhere.
 */
#ifndef VS_DRIVER_SNAPSHOT_H
#define VS_DRIVER_SNAPSHOT_H

#include "driver/reading.h"
#include "driver/record.h"
#include "host/foreign.h"
#include "host/ports.h"

/**
 * struct vs_snapshot - what is known of a host at one moment
 * @saved: the moment, in milliseconds since 1970
 * @booted: when it was booted, likewise; 0: not known
 * @host: the host's name
 * @kernel: its kernel's release
 * @reading: the Filter Driver
 * @has_ports: @ports holds the host's list; else @ports_error says why not
 * @ports: the host's list
 * @foreign: foreign programs on the Filter Driver's ports
 */
struct vs_snapshot {
	vs_time saved;
	vs_time booted;
	char host[VS_NAME_MAX + 1];
	char kernel[VS_NAME_MAX + 1];
	struct vs_driver_reading reading;
	bool has_ports;
	struct vs_host_ports ports;
	struct vs_error ports_error;
	struct vs_foreigns foreign;
};

/**
 * vs_snapshot_take() - look at this host
 * @s: filled in, whatever state it is in; free with vs_snapshot_free()
 * @now: the time
 */
void vs_snapshot_take(struct vs_snapshot *s, vs_time now);

/**
 * vs_snapshot_age() - how old an entry of the Filter Driver's was then
 * @s: the snapshot
 * @v: the entry
 * @age: in milliseconds, on success
 *
 * Return: false when that is not known.
 */
bool vs_snapshot_age(const struct vs_snapshot *s,
		     const struct vs_driver_vnic *v, vs_time *age);

/** vs_snapshot_save() - write it to a file, whole or not at all */
int vs_snapshot_save(const struct vs_snapshot *s, const char *path,
		     struct vs_error *error);

/**
 * vs_snapshot_load() - read it from a file, strictly
 * @s: filled in; free with vs_snapshot_free(), also after a failure
 * @path: the file
 * @error: what is wrong, with the place
 *
 * Return: 0 or a negative errno.
 */
int vs_snapshot_load(struct vs_snapshot *s, const char *path,
		     struct vs_error *error);

/**
 * vs_snapshot_read() - the snapshot that a document holds; pure
 * @s: filled in; free with vs_snapshot_free(), also after a failure
 * @doc: the document
 * @reader: where it comes from
 *
 * Return: 0; -EINVAL, said in the reader's error; -ENOMEM.
 */
int vs_snapshot_read(struct vs_snapshot *s, const json_t *doc,
		     const struct vs_reader *reader);

/** vs_snapshot_write() - the document for a snapshot, or NULL */
json_t *vs_snapshot_write(const struct vs_snapshot *s);

/** vs_snapshot_free() - release it */
void vs_snapshot_free(struct vs_snapshot *s);

#endif
