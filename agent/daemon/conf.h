/* SPDX-License-Identifier: GPL-2.0-only */
/* The daemon's configuration; vmsafe-agent.conf(5) describes the file. */
#ifndef VS_DAEMON_CONF_H
#define VS_DAEMON_CONF_H

#include "core/buf.h"
#include "core/event.h"
#include "core/facts.h"
#include "core/kind.h"
#include "core/name.h"

/** VS_CONF_PATH - the file unless told otherwise */
#define VS_CONF_PATH "/etc/vmsafe/vmsafe-agent.conf"

/* what is done with an event */
#define VS_CONF_RECORD 1
#define VS_CONF_FORWARD 2

/**
 * struct vs_conf - what the file says; times in milliseconds
 * @host: this host's name
 * @inventory: the Manager's URI
 * @refresh: how often its list is read without anything telling of a change
 * @timeout: how long it may take to answer
 * @max_age: an older list is unknown; 0: no limit
 * @grace: how long a difference must last
 * @debounce: how many times in a row it must be seen
 * @heartbeat: time between the heartbeats that are promised to the driver
 * @tolerance: how many of them may be missed
 * @driver_optional: a host without Filter Driver is meant to be so
 * @bind: bind new vNICs
 * @hypervisor: libvirt's URI of the hypervisor; NULL: none
 * @database: file of the history
 * @retention: how long events are kept
 * @syslog: where events are forwarded to, "udp:HOST:PORT" or "tcp:HOST:PORT";
 *          NULL: nowhere
 * @socket: of the interface for programs; NULL: there is none
 * @events: by place of the event's ID, what is done with it: VS_CONF_*
 * @events_given: it was said of this one; else @events_default counts
 * @events_default: what is done with all others
 * @events_default_given: that was said
 */
struct vs_conf {
	char host[VS_NAME_MAX + 1];
	char *inventory;
	vs_time refresh;
	vs_time timeout;
	vs_time max_age;
	vs_time grace;
	unsigned int debounce;
	vs_time heartbeat;
	unsigned int tolerance;
	bool driver_optional;
	bool bind;
	char *hypervisor;
	char *database;
	vs_time retention;
	char *syslog;
	char *socket;
	uint8_t events[VS_EVENT_KINDS];
	bool events_given[VS_EVENT_KINDS];
	uint8_t events_default;
	bool events_default_given;
};

/**
 * vs_conf_load() - read the file, strictly
 * @conf: filled in; for vs_conf_free(), also after a failure
 * @path: the file; NULL: VS_CONF_PATH, and defaults if there is none
 * @why: what is wrong, "FILE:LINE: ...", one problem a line, at most ten
 *
 * Return: 0; -EINVAL: the file is wrong; -ENOMEM; what opening it returned.
 */
int vs_conf_load(struct vs_conf **conf, const char *path, struct vs_buf *why);

/** vs_conf_records() - are events of this ID to be recorded? */
bool vs_conf_records(const struct vs_conf *conf, unsigned int id);

/** vs_conf_forwards() - are they to be forwarded? */
bool vs_conf_forwards(const struct vs_conf *conf, unsigned int id);

/** vs_conf_free() - release it; NULL is fine */
void vs_conf_free(struct vs_conf *conf);

#endif
