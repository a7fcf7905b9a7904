# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# The Filter Driver from outside: its module, and a second appliance.

# counted PORT from|to: the packets that the driver has counted there
counted() {
	local lines
	mapfile -t lines < <(vmsafe vnic list --port "$1" \
		-o "$2_guest_packets")
	echo $((${lines[1]-0}))
}
counts_more() { (($(counted "$1" "$2") > $3)); }

# hold_session [INTERVAL TOLERANCE]: another process becomes the appliance;
# leaves its process in holder_pid
holder_pid=
hold_session() {
	say "\$ $(quoted hold-session "$@") &"
	hold-session "$@" >"$work/holder" 2>&1 </dev/null &
	holder_pid=$!
	undo end "$holder_pid"
	wait_for 10 'another process holds the appliance session' \
		grep -q '^holding the appliance session' "$work/holder"
	emit <"$work/holder"
}

# release_session: it detaches, as an appliance that ends
release_session() {
	say "\$ kill $holder_pid"
	end "$holder_pid"
}

# listening PID: its netlink socket, which has its number, is in a group
listening() {
	awk -v pid="$1" '$3 == pid && $4 !~ /^0+$/ { found = 1 }
		END { exit !found }' /proc/net/netlink
}

# monitor_start: what the driver notifies goes to monitor_log from now on
monitor_log=
monitor_pid=
monitor_start() {
	monitor_log=$work/monitor
	say "\$ $(quoted vmsafe monitor) >$monitor_log &"
	vmsafe monitor >"$monitor_log" 2>&1 </dev/null &
	monitor_pid=$!
	undo end "$monitor_pid"
	wait_for 60 'it listens' listening "$monitor_pid"
}

# monitor_stop: ends it, as an operator would
monitor_stop() {
	say "\$ kill $monitor_pid"
	end "$monitor_pid"
}

# expect_first_seen PORT: the notifications about a port were just shown; the
# first is that of its entry, and it was not up
expect_first_seen() {
	local name="$1 was in the table before it was up"
	if [[ ${expect_output[0]-} = *' vnic port-new port '* ]] &&
		printed text " vnic up port $1 "; then
		passed "$name"
	else
		failed "$name" "it begins: ${expect_output[0]-nothing}"
	fi
}
