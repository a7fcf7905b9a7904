# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What a packet costs: pktgen into one end of a veth pair, the other end carries
# what is measured. One CPU that counts instructions: elapsed nanoseconds are
# instructions. A cost is the difference to the run with nothing attached.

packets=20000

packets_setup() {
	modprobe -a veth pktgen sch_ingress cls_bpf nf_tables
	sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv6.conf.default.disable_ipv6=1
	ip link add sender type veth peer name port
	ip link set sender up
	ip link set port up
	pktgen kpktgend_0 rem_device_all
	pktgen kpktgend_0 "add_device sender"
	pktgen sender "count $packets"
	pktgen sender "pkt_size 128"
	pktgen sender "delay 0"
	"$prog" pin pass /sys/fs/bpf/pass
	"$prog" pin count /sys/fs/bpf/count
	per_packet >/dev/null	# the first one finds cold slabs
}

pktgen() { echo "$2" >"/proc/net/pktgen/$1"; }

# Instructions per packet, the median of three.
per_packet() {
	local try
	for try in 1 2 3; do
		pktgen pgctrl start
		awk -v n="$packets" '/^Result: OK/ {
			split($3, elapsed, "(")
			printf "%.2f\n", elapsed[1] * 1000 / n
		}' /proc/net/pktgen/sender
	done | sort -n | sed -n 2p
}

# cost NAME: of what is attached now.
cost() {
	figure "$1" "$(awk -v a="$(per_packet)" -v b="$bare" \
		'BEGIN { printf "%.0f", a - b }')"
}

packets_ours() {
	insmod "$module"
	cost no-port
	vmsafe port add port >&2
	vmsafe bind port --vm 0b5f8e2a-59c4-4b5d-9c1e-6d7a0c3f1e42 --name bench \
		--device-id 0 --mac "$(</sys/class/net/sender/address)" >&2
	cost counters
	vmsafe vnic set port --guard drop >&2
	cost guard
	vmsafe vnic set port --guard off >&2
	"$prog" policy /sys/fs/bpf/pass port
	cost policy-pass
	"$prog" policy /sys/fs/bpf/count port
	cost policy-count
	rmmod vmsafe_net
}

# The least that a hook costs, in either place.
packets_peers() {
	local kind
	for kind in rx-handler nf-hook; do
		insmod "$peers" device=port kind="$kind"
		cost "$kind"
		rmmod peers
		dmesg | grep "peers: $kind: [1-9][0-9]* packets" >&2
	done
}

packets_tcx() {
	local which
	for which in pass count; do
		"$prog" tcx "/sys/fs/bpf/$which" port /sys/fs/bpf/link \
			2>/dev/null || return 0
		cost "tcx-$which"
		rm /sys/fs/bpf/link
	done
}

packets_clsact() {
	local which
	for which in pass count; do
		tc qdisc add dev port clsact
		tc filter add dev port ingress bpf direct-action \
			object-pinned "/sys/fs/bpf/$which"
		cost "clsact-$which"
		tc qdisc del dev port clsact
	done
}

packets_nft() {
	nft add table netdev bench
	nft add chain netdev bench in \
		'{ type filter hook ingress device port priority 0; }'
	cost nft-empty
	nft add rule netdev bench in counter
	cost nft-counter
	nft add rule netdev bench in ether saddr != \
		"$(</sys/class/net/sender/address)" drop
	cost nft-mac
	nft delete table netdev bench
}

bench_packets() {
	packets_setup
	bare=$(per_packet)
	figure bare "${bare%.*}"
	packets_ours
	packets_peers
	packets_tcx
	packets_clsact
	packets_nft
	cost nothing
}
