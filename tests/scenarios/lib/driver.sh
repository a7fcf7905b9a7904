# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# The Filter Driver from outside: its module, and a second appliance.

driver_loaded() { [[ -d /sys/module/vmsafe_net ]]; }

# vnic_field PORT COLUMN: of a port's entry, as vmsafe lists it
vnic_field() {
	vmsafe vnic list --port "$1" -o "$2" | sed -n '2{s/ //g;p}'
}

vnic_is() { [[ $(vnic_field "$1" mode) = "$2" ]]; }

# counted PORT from|to: the packets that the driver has counted
counted() { vnic_field "$1" "$2_guest_packets"; }
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
