/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the three lists say. Facts are fed into the engine (engine.h) as they
 * are; nothing here compares anything.
 */
#ifndef VS_CORE_FACTS_H
#define VS_CORE_FACTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/error.h"
#include "core/mac.h"
#include "core/number.h"
#include "core/uuid.h"

/** VS_PORT_NAME - size of a port's name, terminator included (IFNAMSIZ) */
#define VS_PORT_NAME 16

/** typedef vs_time - milliseconds since any fixed moment; a clock's reading
 * is always a parameter, and should not jump backwards; when it was put
 * forward, see vs_engine_shift()
 */
typedef int64_t vs_time;

/** enum vs_source - who holds a list */
enum vs_source {
	VS_SOURCE_MANAGER,	/* the inventory */
	VS_SOURCE_DRIVER,	/* the Filter Driver's table */
	VS_SOURCE_HOST,		/* what is plugged on the host */
	VS_SOURCE_COUNT
};

/** enum vs_power - a VM's power state; off and suspended VMs should have no
 * ports
 */
enum vs_power {
	VS_POWER_RUNNING,
	VS_POWER_OFF,
	VS_POWER_PAUSED,
	VS_POWER_SUSPENDED,	/* saved to disk */
	VS_POWER_COUNT
};

/** enum vs_driver_state - the Filter Driver's states, never merged */
enum vs_driver_state {
	VS_DRIVER_UNKNOWN,	/* nobody has asked yet */
	VS_DRIVER_ONLINE,
	VS_DRIVER_NOT_LOADED,
	VS_DRIVER_ABI_MISMATCH,
	VS_DRIVER_IOCTL_FAILS,
	VS_DRIVER_APPLIANCE_LOST,
	VS_DRIVER_STATE_COUNT
};

/** enum vs_mode - what the Filter Driver effectively does with a port */
enum vs_mode {
	VS_MODE_UNKNOWN,
	VS_MODE_UNBOUND_PASS,
	VS_MODE_UNBOUND_DROP,
	VS_MODE_ENFORCING,
	VS_MODE_LOST_OPEN,	/* appliance lost, failOpen */
	VS_MODE_LOST_CLOSED,	/* appliance lost, failClosed */
	VS_MODE_BYPASS,
	VS_MODE_COUNT
};

/**
 * enum vs_bypass - do programs on a port lead packets past the Filter Driver?
 *
 * Not known is not no; but who never asked (an old snapshot) says no.
 */
enum vs_bypass {
	VS_BYPASS_NO,
	VS_BYPASS_YES,
	VS_BYPASS_UNKNOWN,
};

/**
 * struct vs_vm_fact - the Manager's entry for a VM
 * @uuid: not nil
 * @name: 1 to VS_NAME_MAX bytes; copied
 * @host: host it runs on; NULL or "" is "this one"; copied
 * @power: power state
 * @unprotected: must not be filtered, hence is not compared
 * @is_template: cannot run, hence should have no ports
 */
struct vs_vm_fact {
	struct vs_uuid uuid;
	const char *name;
	const char *host;
	enum vs_power power;
	bool unprotected;
	bool is_template;
};

/** enum vs_failure - what the Manager wants done while there is no appliance */
enum vs_failure {
	VS_FAILURE_UNSAID,
	VS_FAILURE_OPEN,
	VS_FAILURE_CLOSED,
};

/**
 * struct vs_vnic_fact - the Manager's entry for a vNIC
 * @vm: the VM
 * @device_id: 0 to VS_DEVICE_ID_MAX
 * @mac: unicast, not zero
 * @failure: for people; not compared
 * @unplugged: is not connected, so it has no port, and is not compared
 */
struct vs_vnic_fact {
	struct vs_uuid vm;
	uint16_t device_id;
	struct vs_mac mac;
	enum vs_failure failure;
	bool unplugged;
};

/**
 * struct vs_driver_fact - the Filter Driver's entry for a port
 * @ifindex: not 0; the key of the entry
 * @creation_id: tells apart two ports that had the same ifindex in turn
 * @port: the port's name
 * @mode: effective mode
 * @bypass: may programs on the port lead packets past the driver?
 * @bypass_by: names them, in a line; copied, may be NULL
 * @bound: has an identity; the fields below are meaningless without
 * @vm: the VM it is bound to
 * @vm_name: copied; NULL when not known
 * @device_id: 0 to VS_DEVICE_ID_MAX
 * @mac: the guest's
 */
struct vs_driver_fact {
	uint32_t ifindex;
	uint64_t creation_id;
	char port[VS_PORT_NAME];
	enum vs_mode mode;
	enum vs_bypass bypass;
	const char *bypass_by;
	bool bound;
	struct vs_uuid vm;
	const char *vm_name;
	uint16_t device_id;
	struct vs_mac mac;
};

/**
 * struct vs_host_fact - a port seen on the host
 * @ifindex: not 0; the key of the entry
 * @port: the port's name
 * @pid: the process that holds it; 0 when none does
 * @plugged: that process runs a VM (not, say, a VPN)
 * @unheld: the kernel says that nothing has it open; that no process is found
 *          to hold it is not enough, since some may not be seen
 * @vm: which VM; nil when not known
 * @vm_name: copied; NULL when not known
 * @device_id: VS_DEVICE_ID_NONE when not known
 * @mac: the guest's, never the port's own; zero when not known
 */
struct vs_host_fact {
	uint32_t ifindex;
	char port[VS_PORT_NAME];
	pid_t pid;
	bool plugged;
	bool unheld;
	struct vs_uuid vm;
	const char *vm_name;
	uint16_t device_id;
	struct vs_mac mac;
};

/**
 * struct vs_list_info - a list that was read whole
 * @read_at: when
 * @generation: the list's own counter of changes; 0 when it has none
 */
struct vs_list_info {
	vs_time read_at;
	uint64_t generation;
};

/**
 * struct vs_driver_info - what is known of the Filter Driver itself
 * @state: its state
 * @abi_driver: interface version that the driver speaks; 0: not known
 * @abi_agent: the one that this agent speaks; 0: not known
 * @epoch: counter of appliance sessions
 * @reset: in the state appliance-lost: the session ended without a detach;
 *         else its process still holds it, but does not live as promised
 * @error: what failed, in the states where something did
 */
struct vs_driver_info {
	enum vs_driver_state state;
	uint32_t abi_driver;
	uint32_t abi_agent;
	uint64_t epoch;
	bool reset;
	struct vs_error error;
};

/*
 * Words for machines (JSON, columns, inventory files): never translated,
 * never NULL. For people: text.h.
 */

/** vs_source_word() - "manager", "driver", "host" */
const char *vs_source_word(enum vs_source source);

/** vs_power_word() - "running", "shut off", "paused", "suspended" */
const char *vs_power_word(enum vs_power power);

/**
 * vs_power_parse() - read one of the words of vs_power_word(), exactly
 * @s: the word
 * @power: written only on success
 *
 * Return: 0 or -EINVAL.
 */
int vs_power_parse(const char *s, enum vs_power *power);

/** vs_driver_state_word() - "online", "not-loaded", "abi-mismatch",
 * "ioctl-fails", "appliance-lost", "unknown"
 */
const char *vs_driver_state_word(enum vs_driver_state state);

/** vs_mode_word() - "unbound-pass", "unbound-drop", "enforcing",
 * "appliance-lost-open", "appliance-lost-closed", "bypass", "unknown"
 */
const char *vs_mode_word(enum vs_mode mode);

#endif
