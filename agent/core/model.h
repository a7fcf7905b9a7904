/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the engine stores; private to core/. Prototypes stand under the file
 * that owns them.
 *
 * Everything hangs on VMs: a VM holds its vNICs of the Manager's list and the
 * ports that the driver's and the host's lists give it, each sorted. A change
 * marks the VMs it touches dirty, and an evaluation compares those afresh. So
 * what is said about a VM depends on its facts alone and not on their order.
 */
#ifndef VS_CORE_MODEL_H
#define VS_CORE_MODEL_H

#include "core/alert.h"
#include "core/due.h"
#include "core/engine.h"
#include "core/pool.h"
#include "core/str.h"
#include "core/table.h"

/** struct vs_nic - a vNIC of the Manager's list */
struct vs_nic {
	struct vs_nic *next;
	uint32_t mark;
	uint16_t device_id;
	struct vs_mac mac;
};

/**
 * struct vs_side - what one list says of a port
 * @vm: the VM under which the entry counts; NULL: not in the list
 * @next: in that VM's list
 * @name: name of @uuid's VM
 * @mark: the load that fed it last
 * @uuid: nil when not known or not bound
 * @port: the port's name
 */
struct vs_side {
	struct vs_vm *vm;
	struct vs_port *next;
	struct vs_str *name;
	uint32_t mark;
	uint16_t device_id;
	struct vs_mac mac;
	struct vs_uuid uuid;
	char port[VS_PORT_NAME];
};

/** struct vs_port - a port: the driver's entry, the host's, or both */
struct vs_port {
	struct vs_node node;
	uint32_t ifindex;
	int32_t pid;
	struct vs_port *prev_all, *next_all;
	struct vs_vm *nameless;		/* stands in while no VM is known */
	struct vs_side driver;
	struct vs_side host;
	struct vs_str *bypass_by;
	uint64_t creation_id;
	uint8_t mode;
	uint8_t bypass;
	bool bound;
	bool plugged;
	bool unheld;
};

/**
 * struct vs_diff - a difference that the engine remembers
 * @seq: the evaluation that began the present unbroken row; 0: row broken
 * @known: seen by an earlier evaluation
 * @seen: seen by this one
 * @confirmed: counts
 * @reported: an event told it
 */
struct vs_diff {
	struct vs_diff *next;
	struct vs_difference d;
	uint32_t seq;
	bool known;
	bool seen;
	bool confirmed;
	bool reported;
};

/** enum vs_topic - what is raised and ended apart for a VM */
enum vs_topic {
	VS_TOPIC_LISTS,		/* the lists differ: 368, 9000 */
	VS_TOPIC_BYPASS,	/* they agree, yet: 9004, 9005 */
	VS_TOPIC_COUNT
};

/**
 * struct vs_open - an event of a VM that is open
 * @is: it is
 * @since: when the first of what it tells of was first seen
 * @raised: when it was raised
 */
struct vs_open {
	bool is;
	vs_time since;
	vs_time raised;
};

/**
 * struct vs_vm - a VM that any list names, or the stand-in of a port
 * @name: the Manager's name; of a stand-in, the port's
 * @alert_name: what it was called when its alert was raised
 * @driver: ports the driver's list gives it, bound ones first
 * @on_host: ports the host's list gives it
 * @report: link in the list of VMs that have something to say
 * @mark: the load that fed it last
 * @open: by topic: an event that is open
 */
struct vs_vm {
	struct vs_node node;
	struct vs_uuid uuid;		/* beside the hash: found at once */
	struct vs_vm *prev_all, *next_all;
	struct vs_vm *next_dirty;
	struct vs_vm *report;
	struct vs_str *name;
	struct vs_str *alert_name;
	struct vs_str *host;
	struct vs_nic *nics;
	struct vs_port *driver;
	struct vs_port *on_host;
	struct vs_port *stands_for;
	struct vs_diff *diffs;
	struct vs_due due;
	struct vs_open open[VS_TOPIC_COUNT];
	uint32_t mark;
	uint32_t count[VS_STATE_COUNT];
	uint8_t power;
	uint8_t state;
	uint8_t reason;
	bool counted;
	bool in_manager;
	bool unprotected;
	bool is_template;
	bool duplicate;
	bool dirty;
};

/**
 * struct vs_list - a source
 * @load: number of the newest load, the mark of what it feeds
 * @count: entries; of the Manager's, VMs
 * @fed: those that have the mark
 * @fed_nics: likewise of its vNICs
 * @open: a load has begun and not ended
 * @read: read whole at least once
 * @failed: the newest attempt failed
 * @available: as the last evaluation saw it
 * @alert: its being unavailable was reported
 * @since: when that was
 */
struct vs_list {
	struct vs_list_info info;
	struct vs_error error;
	uint32_t load;
	size_t count;
	size_t fed;
	size_t fed_nics;
	bool open;
	bool read;
	bool failed;
	bool available;
	bool alert;
	vs_time since;
};

/** struct vs_watch - what was said about the Filter Driver */
struct vs_watch {
	struct vs_driver_info info;
	enum vs_driver_state seen;	/* by the last evaluation */
	enum vs_driver_state said;	/* in the newest 5008; unknown: none */
	vs_time since;
	vs_time raised;			/* the newest 5008 */
	bool absent;			/* not loaded, and meant to be so */
};

struct vs_engine {
	struct vs_engine_config config;
	struct vs_str *host;
	struct vs_list list[VS_SOURCE_COUNT];
	struct vs_watch watch;
	struct vs_table vms;		/* by UUID; stand-ins are not in */
	struct vs_table ports;		/* by ifindex */
	struct vs_vm *all_vms;
	struct vs_port *all_ports;
	struct vs_vm *dirty;
	struct vs_vm *glanced;		/* from that one on, a glance has */
	struct vs_vm *recent;		/* the VM asked for last */
	struct vs_pool vm_pool, nic_pool, port_pool, diff_pool;
	struct vs_queue queue;
	size_t nics;			/* the Manager's vNICs */
	uint32_t seq;			/* counts evaluations */
	uint64_t changes;		/* see vs_engine_changes() */
	bool everything;		/* all VMs are to be looked at */
	size_t vm_count[VS_STATE_COUNT];
	size_t vnic_count[VS_STATE_COUNT];
	/* during an evaluation */
	vs_time now;
	vs_event_fn fn;
	void *ctx;
};

/* vm.c */
struct vs_vm *vs_vm_find(struct vs_engine *e, const struct vs_uuid *uuid);
struct vs_vm *vs_vm_get(struct vs_engine *e, const struct vs_uuid *uuid);
struct vs_vm *vs_vm_stand_in(struct vs_engine *e, struct vs_port *port);
void vs_vm_dirty(struct vs_engine *e, struct vs_vm *vm);
void vs_vm_release(struct vs_engine *e, struct vs_vm *vm);
const char *vs_vm_name(const struct vs_vm *vm);
const char *vs_vm_last_name(const struct vs_vm *vm);
bool vs_vm_is_gone(const struct vs_vm *vm);
/* why the Manager says that the VM has no ports on this host, or none */
enum vs_reason vs_vm_away(const struct vs_engine *e, const struct vs_vm *vm);

/* manager.c */
void vs_manager_sweep(struct vs_engine *e, uint32_t mark);
void vs_manager_drop_nics(struct vs_engine *e, struct vs_vm *vm);

/* port.c */
const char *vs_port_bypass_by(const struct vs_engine *e,
			      const struct vs_difference *d);
int vs_port_sweep(struct vs_engine *e, enum vs_source source, uint32_t mark);

/* source.c */
void vs_source_evaluate(struct vs_engine *e);
/* is each list whole, and as readable as the last evaluation saw it? */
bool vs_source_is_settled(struct vs_engine *e);

/* report.c */
void vs_report(struct vs_engine *e, struct vs_event *event);
int vs_report_vms(struct vs_engine *e, struct vs_vm *first);

/* track.c */
int vs_track_vm(struct vs_engine *e, struct vs_vm *vm);
enum vs_topic vs_track_topic(const struct vs_difference *d);
bool vs_track_is_open(const struct vs_vm *vm);
bool vs_track_speaks(const struct vs_vm *vm, enum vs_topic topic);
bool vs_track_has(const struct vs_vm *vm, enum vs_topic topic);
const struct vs_diff *vs_track_find(const struct vs_vm *vm,
				    const struct vs_difference *d);
int vs_track_add(struct vs_engine *e, struct vs_vm *vm,
		 const struct vs_difference *d, bool reported);
void vs_track_forget(struct vs_engine *e, struct vs_vm *vm);

#endif
