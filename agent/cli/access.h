/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A way to the Filter Driver's lists: over netlink, or for those who may not
 * do that, by way of the agent.
 */
#ifndef VS_CLI_ACCESS_H
#define VS_CLI_ACCESS_H

#include "cli/out.h"
#include "driver/table.h"

/** VS_ACCESS_ATTEMPTS - attempts at a table of one generation */
#define VS_ACCESS_ATTEMPTS 10

/**
 * struct vs_access - the way
 * @by_agent: it is the agent's
 * @client: else: the driver at the other end of a netlink socket
 * @denied: why that could not be had, if it is the agent's
 * @host: settings and state, as of the last answer
 */
struct vs_access {
	bool by_agent;
	struct vs_client client;
	struct vs_error denied;
	struct vs_driver_host host;
};

/*
 * What returns a boolean returns true to go on; else it was said why not, and
 * *@status says how that went.
 */

/**
 * vs_access_reach() - reach the driver over netlink, if it is of our version
 * @c: the client, on success
 * @host: settings and state, on success
 * @error: why not
 *
 * Return: 0 or a negative errno.
 */
int vs_access_reach(struct vs_client *c, struct vs_driver_host *host,
		    struct vs_error *error);

/** vs_access_open() - find a way; close it with vs_access_close() on success */
bool vs_access_open(struct vs_access *a, enum vs_exit *status);

/** vs_access_close() - done with it */
void vs_access_close(struct vs_access *a);

/** vs_access_each_vm() - every VM */
bool vs_access_each_vm(struct vs_access *a, const struct vs_sink *sink,
		       enum vs_exit *status);

/**
 * vs_access_each_vnic() - the entries that a filter lets through
 * @a: the way
 * @filter: which
 * @port: what the user calls the port of that, or NULL
 * @sink: takes them
 */
bool vs_access_each_vnic(struct vs_access *a,
			 const struct vs_vnic_filter *filter,
			 const char *port, const struct vs_sink *sink,
			 enum vs_exit *status);

/**
 * vs_access_vnic() - one entry with its counters
 * @a: the way
 * @port: the port
 * @name: what the user calls it
 * @v: the entry
 * @foreign: foreign programs on the port; free with vs_foreigns_free()
 */
bool vs_access_vnic(struct vs_access *a, const struct vs_port_name *port,
		    const char *name, struct vs_driver_vnic *v,
		    struct vs_foreigns *foreign, enum vs_exit *status);

/** vs_access_vms() - the VMs; free with vs_vms_free() in any case */
bool vs_access_vms(struct vs_access *a, struct vs_vms *vms,
		   enum vs_exit *status);

/** vs_access_table() - the table; free with vs_driver_table_free() in any case
 */
bool vs_access_table(struct vs_access *a, struct vs_driver_table *t,
		     bool stats, enum vs_exit *status);

/* access_agent.c: likewise, by way of the agent */

bool vs_access_agent_host(struct vs_access *a, enum vs_exit *status);
bool vs_access_agent_vms(struct vs_access *a, const struct vs_sink *sink,
			 enum vs_exit *status);
bool vs_access_agent_vnics(struct vs_access *a,
			   const struct vs_vnic_filter *filter,
			   const struct vs_sink *sink, enum vs_exit *status);
bool vs_access_agent_vnic(struct vs_access *a,
			  const struct vs_port_name *port, const char *name,
			  struct vs_driver_vnic *v,
			  struct vs_foreigns *foreign, enum vs_exit *status);

#endif
