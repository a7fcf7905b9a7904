/* SPDX-License-Identifier: GPL-2.0-only */
/* Network devices: made, changed and deleted through tun and rtnetlink. */
#ifndef VSN_TEST_PORT_H
#define VSN_TEST_PORT_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

/* All return 0 (or a descriptor or ifindex) or a negative errno. */

/* A name that no other device of this machine has. */
const char *port_name(char name[IFNAMSIZ], const char *prefix);

int tap_open(const char *ifname);
/* The same with IFF_VNET_HDR, so that packets can be large. */
int tap_open_gso(const char *ifname);
/* What looks like a tap and carries no Ethernet. */
int tun_open(const char *ifname);

int link_add(const char *kind, const char *ifname);
int link_add_on(const char *kind, const char *ifname, const char *lower);
int veth_add(const char *ifname, const char *peer);
int link_del(const char *ifname);

int link_up(const char *ifname, bool up);
int link_mtu(const char *ifname, uint32_t mtu);
int link_mac(const char *ifname, const uint8_t mac[6]);
int link_rename(const char *ifname, const char *to);
int link_altname(const char *ifname, const char *altname);
/* NULL: leave the master. */
int link_master(const char *ifname, const char *master);
/* Move the device to the namespace behind a descriptor. */
int link_move(const char *ifname, int netns);

/*
 * Descriptor of a macvtap's or ipvtap's character device. Its number is looked
 * up in sysfs, which shows this network namespace's devices only after
 * sysfs_here(), which leaves for a mount namespace of our own.
 */
int mactap_open(const char *ifname);
int sysfs_here(void);

/* A packet socket on this device, to send frames to it as the host does. */
int packet_open(const char *ifname);

#endif /* VSN_TEST_PORT_H */
