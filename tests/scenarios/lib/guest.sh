# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# A guest that nobody manages: QEMU started by hand on a tap of its own.

# tap_add NAME BRIDGE: a tap, plugged into a bridge
tap_add() {
	must ip tuntap add dev "$1" mode tap
	undo ip link del "$1"
	must ip link set "$1" master "$2" up
}

guest_pid=
# guest_start NAME UUID TAP MAC [OPTION...]: leaves its process in guest_pid
guest_start() {
	local command=(qemu-system-x86_64 -name "$1" -uuid "$2"
		-accel tcg -m 64 -nodefaults -no-user-config -display none
		-netdev "tap,id=n0,ifname=$3,script=no,downscript=no"
		-device "e1000,netdev=n0,mac=$4"
		-boot "n,reboot-timeout=0" "${@:5}")
	say "\$ $(quoted "${command[@]}") &"
	"${command[@]}" </dev/null >"$work/$1.log" 2>&1 &
	guest_pid=$!
	undo end "$guest_pid"
}

# packets PORT rx|tx: of a tap, rx is what the guest sent
packets() {
	echo "$(<"/sys/class/net/$1/statistics/$2_packets")"
}

sent_more() { (($(packets "$1" rx) > $2)); }
got_more() { (($(packets "$1" tx) > $2)); }

# traffic_start ADDRESS: packets for every port of the bridge that has this
# broadcast address, without end; what guests send is theirs
traffic_pid=
traffic_start() {
	say "\$ ping -b -f -q $1 &"
	ping -b -f -q "$1" >/dev/null 2>&1 </dev/null &
	traffic_pid=$!
	undo end "$traffic_pid"
}

traffic_stop() {
	say "\$ kill $traffic_pid"
	end "$traffic_pid"
}
