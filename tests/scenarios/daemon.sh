# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# vmsafe-agent on real guests: what comes is bound, what differs is told and
# taken back, and nothing that happens to the agent, the driver or libvirtd
# leaves a wrong word behind.

dm_one=5a3c1b52-93a0-4a3c-8a11-6d1c6f0d0001
dm_one_mac=52:54:00:DA:E0:01
dm_two=5a3c1b52-93a0-4a3c-8a11-6d1c6f0d0002
dm_two_mac=52:54:00:DA:E0:02
dm_hot_mac=52:54:00:DA:E0:03
dm_bridge=br-daemon

dm_bound() { in_mode "$1" enforcing; }

dm_set_up() {
	heading 'A hypervisor with the Filter Driver and the agent'
	libvirt_start
	bridge_add "$dm_bridge" 198.51.100.1/24
	modprobe tun
	must insmod "$module"
	undo rmmod vmsafe_net
	libvirt_wait
	domain_define one "$dm_one" "$dm_bridge" virtio "${dm_one_mac,,}"
	domain_define two "$dm_two" "$dm_bridge" virtio "${dm_two_mac,,}"
	agent_configure
	agent_start
	wait_for 60 'the agent is ready' said ': ready$'
	show vmsafe status
	expect_exit 0 'the agent is the appliance'
}

dm_bind() {
	heading 'Guests start, and are bound without anybody asking'
	must virsh -q 'start --paused one; start --paused two'
	read -r one0 < <(domain_ports one)
	read -r two0 < <(domain_ports two)
	wait_for 60 "$one0 is bound" dm_bound "$one0"
	wait_for 60 "$two0 is bound" dm_bound "$two0"
	show vmsafe vnic list
	expect_match "$one0 +tap +one +0 +$dm_one_mac +enforcing" \
		"$one0 is bound to one"
	expect_match "$two0 +tap +two +0 +$dm_two_mac +enforcing" \
		"$two0 is bound to two"
	show vmsafe check
	expect_exit 0 'in sync, while the agent holds the session'
}

dm_set_up
dm_bind
said_all
