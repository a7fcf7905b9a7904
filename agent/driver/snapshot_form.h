/* SPDX-License-Identifier: GPL-2.0-only */
/* The records of a snapshot, for those who write and read it. */
#ifndef VS_DRIVER_SNAPSHOT_FORM_H
#define VS_DRIVER_SNAPSHOT_FORM_H

#include "driver/snapshot.h"
#include "driver/record.h"

/** VS_SNAPSHOT_VERSION - of the file's format */
#define VS_SNAPSHOT_VERSION 1

/** struct vs_snapshot_head - what stands at the top of the file */
struct vs_snapshot_head {
	uint64_t has;
	uint32_t version;
	vs_time saved;
	vs_time booted;
	char host[VS_NAME_MAX + 1];
	char kernel[VS_NAME_MAX + 1];
};

/** struct vs_snapshot_state - the Filter Driver's state */
struct vs_snapshot_state {
	uint64_t has;
	char state[24];
	uint32_t abi_driver;
	uint32_t abi_agent;
	uint64_t epoch;
	uint64_t generation;
};

/** enum vs_snapshot_bit - what there may be of a port, a program, the state */
enum vs_snapshot_bit {
	VS_SNAPSHOT_PID = 1,
	VS_SNAPSHOT_VM = 2,
	VS_SNAPSHOT_NAME = 4,
	VS_SNAPSHOT_DEVICE_ID = 8,
	VS_SNAPSHOT_MAC = 16,
	VS_SNAPSHOT_GENERATION = 32,
	VS_SNAPSHOT_UNHELD = 64,
	VS_SNAPSHOT_ACTION = 128,
	VS_SNAPSHOT_PROG = 256,
	VS_SNAPSHOT_VIA = 512,
	VS_SNAPSHOT_TAG = 1024,
	VS_SNAPSHOT_BOOTED = 2048,
};

/** struct vs_snapshot_port - an entry of the host's list */
struct vs_snapshot_port {
	uint64_t has;
	struct vs_host_port port;
	char kind[16];
};

/** vs_snapshot_port_set() - fill it in */
void vs_snapshot_port_set(struct vs_snapshot_port *p,
			  const struct vs_host_port *port);

/** struct vs_snapshot_foreign - a foreign program on a port */
struct vs_snapshot_foreign {
	uint64_t has;
	struct vs_foreign foreign;
	char spot[16];
};

/** vs_snapshot_foreign() - the object for a foreign program, or NULL */
json_t *vs_snapshot_foreign(const struct vs_foreign *foreign);

/** vs_snapshot_foreigns_write() - the object for those of ports, or NULL */
json_t *vs_snapshot_foreigns_write(const struct vs_foreigns *f);

/**
 * vs_snapshot_foreigns_read() - and back, strictly
 * @f: filled in; free with vs_foreigns_free(), also after a failure
 * @json: the object
 * @reader: the document
 *
 * Return: 0; -EINVAL, said in the reader's error; -ENOMEM.
 */
int vs_snapshot_foreigns_read(struct vs_foreigns *f, const json_t *json,
			      const struct vs_reader *reader);

extern const struct vs_record vs_snapshot_foreign_record;
extern const struct vs_record vs_snapshot_head_record;
extern const struct vs_record vs_snapshot_state_record;
extern const struct vs_record vs_snapshot_port_record;

#endif
