# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# Programs of tc, tcx and XDP on a protected port: each is found, named, and
# keeps the vNIC from being in sync; what cannot lead packets past does not.
#
#   tap8 (a veth, bound to web, device ID 0)      tap9 (not bound)
#   veth8, another link, whose filters send to tap8

bypass_uuid=6f1d4f0e-5f0a-4c57-9b40-0d5a5a5e0a08
bypass_mac=52:54:00:AB:CD:08
bypass_inventory=$work/bypass.json
bypass_pins=/sys/fs/bpf/vmsafe-test
tagged='[[:alnum:]_]+ tag [0-9a-f]{16} id [0-9]+'

# Every check remembers in a file of this scenario's own.
bypass_check() {
	show vmsafe check --inventory "file:$bypass_inventory" \
		--state "$work/bypass.state" "$@"
}

bypass_set_up() {
	heading 'A port that is protected'
	must insmod "$module"
	undo rmmod vmsafe_net
	modprobe -aq sch_ingress cls_bpf cls_matchall cls_flower act_mirred \
		act_gact act_police act_pedit veth || true
	must ip link add tap8 type veth peer name guest8
	must vmsafe port add tap8
	must ip tuntap add tap9 mode tap
	must ip link add veth8 type veth peer name veth9
	undo ip link del veth8
	ip link set tap8 up
	mkdir "$bypass_pins"
	undo rm -r "$bypass_pins"
	must foreign-program load tc let_pass "$bypass_pins/tc"
	must foreign-program load xdp xdp_pass "$bypass_pins/xdp"
	must vmsafe bind tap8 --vm "$bypass_uuid" --name web --device-id 0 \
		--mac "$bypass_mac"
	expect_line 'Bypassed: no'
	echo '{ "vms": [ { "uuid": "'"$bypass_uuid"'", "name": "web", "vnics":' \
		'[ { "device_id": 0, "mac": "'"$bypass_mac"'" } ] } ] }' \
		>"$bypass_inventory"
	bypass_check
	expect_exit 0 'in sync'
	say '' "From here on, vmsafe writes down what happens." ''
	monitor_start
}

# told COUNT WORD: monitor has told COUNT times that tap8 is WORD
bypass_told() {
	(($(grep -c " bypass $2 port tap8 " "$monitor_log") >= $1))
}

# expect_bypassed PATTERN: by what PATTERN matches, and everything says so
bypass_times=0
expect_bypassed() {
	show vmsafe vnic show tap8
	expect_line 'Bypassed: yes'
	expect_match "Bypassed by: $1" "names what it is"
	show vmsafe status
	expect_line 'Bypassed ports: 1'
	expect_match "Bypassed: tap8 \(web\): $1" "so does status"
	bypass_check
	expect_exit 4 'out of sync'
	expect_line 'Event ID: 9004'
	expect_no_text 'Event ID: 368' 'the lists do not differ'
	expect_match "web +0 $bypass_mac +tap8 +out of sync +programs lead .*" \
		'for a reason of its own'
	expect_match "MAC: $bypass_mac - Device ID: 0 - Port: tap8 - $1" \
		'the event names the program'
	((++bypass_times))
	wait_for 15 'monitor has told of it' bypass_told "$bypass_times" \
		bypassed
}

expect_bypass_over() {
	bypass_check
	expect_exit 0 'in sync again'
	expect_line 'Event ID: 9005'
	show vmsafe vnic show tap8
	expect_line 'Bypassed: no'
	wait_for 15 'monitor has told of the end' bypass_told \
		"$bypass_times" over
}

expect_not_bypassed() {
	bypass_check
	expect_exit 0 "$1"
	expect_no_text 'Event ID:' 'and nothing is said'
}

bypass_tc() {
	local way
	for way in ingress egress; do
		heading "An eBPF program of tc at $way"
		must tc qdisc add dev tap8 clsact
		must tc filter add dev tap8 "$way" bpf da \
			object-pinned "$bypass_pins/tc"
		expect_bypassed "tc-$way ebpf $tagged"
		must tc qdisc del dev tap8 clsact
		expect_bypass_over
	done
	heading 'A filter that needs no eBPF, on the older kind of qdisc'
	must tc qdisc add dev tap8 ingress
	must tc filter add dev tap8 ingress matchall \
		action mirred egress redirect dev veth8
	expect_bypassed 'tc-ingress matchall mirred'
	must tc qdisc del dev tap8 ingress
	expect_bypass_over
	heading 'In a chain of a block that several links share'
	must tc qdisc add dev tap8 ingress_block 8 clsact
	must tc filter add block 8 chain 3 matchall \
		action mirred egress mirror dev veth8
	expect_bypassed 'tc-ingress matchall mirred'
	must tc qdisc del dev tap8 clsact
	expect_bypass_over
}

bypass_harmless() {
	heading 'Filters that lead nothing past: limits, as libvirt sets them'
	must tc qdisc add dev tap8 clsact
	must tc filter add dev tap8 ingress protocol all matchall \
		action police rate 1mbit burst 64k drop
	must tc filter add dev tap8 egress protocol ip flower ip_proto tcp \
		action drop
	must tc filter add dev tap8 ingress protocol ip flower ip_proto udp \
		action pedit munge ip tos set 0x10
	expect_not_bypassed 'limits, drops, and rewriting before the filter'
	heading 'Rewriting behind the filter'
	must tc filter add dev tap8 egress protocol ip flower ip_proto udp \
		action pedit munge ip tos set 0x10
	expect_bypassed 'tc-egress flower pedit'
	must tc qdisc del dev tap8 clsact
	expect_bypass_over
}

bypass_from_elsewhere() {
	local way
	for way in ingress egress; do
		heading "A filter at $way of another link that sends to the port"
		must tc qdisc add dev veth8 clsact
		must tc filter add dev veth8 "$way" matchall \
			action mirred egress redirect dev tap8
		expect_bypassed "tc-$way matchall mirred on veth8"
		must tc qdisc del dev veth8 clsact
		expect_bypass_over
	done
	heading 'A filter that sends copies, on the older kind of qdisc'
	must tc qdisc add dev veth8 ingress
	must tc filter add dev veth8 ingress matchall \
		action mirred egress mirror dev tap8
	expect_bypassed 'tc-ingress matchall mirred on veth8'
	must tc qdisc del dev veth8 ingress
	expect_bypass_over
	heading 'A program on a link that is nobody'\''s port'
	must tc qdisc add dev veth8 clsact
	must tc filter add dev veth8 egress bpf da \
		object-pinned "$bypass_pins/tc"
	expect_not_bypassed 'that is no concern of the port'
	must tc qdisc del dev veth8 clsact
}

bypass_xdp() {
	heading 'An XDP program'
	must ip link set dev tap8 xdpgeneric pinned "$bypass_pins/xdp"
	expect_bypassed "xdp ebpf $tagged"
	must ip link set dev tap8 xdpgeneric off
	expect_bypass_over
}

bypass_tcx() {
	local way
	for way in ingress egress; do
		heading "tcx at $way, which tells nobody that it changes"
		must foreign-program attach "$bypass_pins/tc" "$way" tap8
		expect_bypassed "tcx-$way ebpf $tagged"
		if [[ $way = ingress ]]; then
			bypass_privileges
		fi
		must foreign-program detach "$bypass_pins/tc" "$way" tap8
		expect_bypass_over
	done
}

# One who may ask the driver but not bpf(2) learns less, and is told no lie.
bypass_privileges() {
	show setpriv --inh-caps -all,+net_admin --bounding-set -all,+net_admin \
		vmsafe vnic show tap8
	expect_line 'Bypassed: yes'
	expect_match 'Bypassed by: tcx-ingress ebpf id [0-9]+' \
		'without CAP_SYS_ADMIN, its number is known'
	show setpriv --reuid 65534 --clear-groups --inh-caps -all \
		vmsafe status
	expect_exit 5 'without privileges, that is all there is to say'
	expect_no_text 'Bypassed ports' 'nothing is called unbypassed'
}

bypass_at_bind() {
	heading 'Binding a port on which something stands already'
	must ip link set dev tap9 xdpgeneric pinned "$bypass_pins/xdp"
	show vmsafe bind tap9 --vm "$bypass_uuid" --name web --device-id 1 \
		--mac 52:54:00:AB:CD:09
	expect_exit 0 'it is bound'
	expect_match "vmsafe: warning: tap9 is bypassed: xdp ebpf $tagged" \
		'and its operator is warned'
	must vmsafe driver save "$work/bypass.snapshot"
	show vmsafe summarize --driver "$work/bypass.snapshot"
	expect_match '   name: nic-[0-9]+-eth1-vmsafe-net\.0' 'the layout'
	expect_match "   bypassed by: xdp ebpf $tagged" \
		'a snapshot knows it too'
	bypass_check --driver "$work/bypass.snapshot"
	expect_exit 4 'on another machine too'
	must vmsafe unbind tap9
}

bypass_ours() {
	heading 'A policy of our own is in the Filter Driver, not past it'
	must vmsafe policy load "$tools/others.o" --section classifier \
		--name own
	undo vmsafe policy unload own
	must vmsafe policy attach tap8 own --both
	show vmsafe vnic show tap8
	expect_line 'Bypassed: no'
	expect_not_bypassed 'own policies are not foreign'
	must vmsafe policy detach tap8 --both
}

bypass_modes() {
	heading 'Modes, and why they change'
	hold_session 60000 1
	say "\$ kill -9 $holder_pid"
	end "$holder_pid" KILL
	wait_for 10 'monitor tells mode and cause' grep -Eq \
		'vnic mode port tap8 .*appliance-lost-open was enforcing because reset' \
		"$monitor_log"
	show vmsafe vnic show tap8
	expect_line 'Mode: appliance-lost-open'
	expect_text 'Why this mode: the appliance ended without detaching'
	hold_session 60000 1
	release_session
	wait_for 10 'and that it is over' grep -Eq \
		'vnic mode port tap8 .*enforcing was appliance-lost-open because' \
		"$monitor_log"
}

bypass_end() {
	monitor_stop
	emit <"$monitor_log"
	must ip link del tap8
	must ip link del tap9
	must rmmod vmsafe_net
}

bypass_set_up
bypass_tc
bypass_harmless
bypass_from_elsewhere
bypass_xdp
if [[ -e /proc/kallsyms ]] && grep -q ' tcx_prog_query$' /proc/kallsyms; then
	bypass_tcx
else
	heading 'A kernel without tcx'
	show vmsafe vnic show tap8
	expect_line \
		'Bypass check: XDP and tc were looked at; this kernel has no tcx'
fi
bypass_at_bind
bypass_ours
bypass_modes
bypass_end
