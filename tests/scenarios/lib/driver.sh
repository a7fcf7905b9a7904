# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# The Filter Driver from outside: its module, and a second appliance.

driver_loaded() { [[ -d /sys/module/vmsafe_net ]]; }

# hold_session [INTERVAL TOLERANCE]: another process becomes the appliance;
# leaves its process in holder_pid
holder_pid=
hold_session() {
	say "\$ $(quoted hold-session "$@") &"
	"$hold_session" "$@" >"$work/holder" 2>&1 </dev/null &
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
