# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What a packet costs if the guests of many taps send in turns, bound and
# counted: nothing may grow with the table. Each COUNT minus the same without
# the Filter Driver.

bench_turns() {
	local count cost
	modprobe tun
	sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv6.conf.default.disable_ipv6=1
	VMSAFE_TEST_MODULE=$module "$turns" 1 1000 10000 >/tmp/turns
	while read -r count cost; do
		figure "turns-$count" "$cost"
	done </tmp/turns
	rmmod vmsafe_net
}
