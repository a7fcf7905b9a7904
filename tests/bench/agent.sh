# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# How soon vmsafe-agent has seen that a port is gone, among 10,000 vNICs that
# are all filtered. A CPU that counts instructions also counts them as time.

agent_work=
agent_pid=

agent_cleanup() {
	[[ ! $agent_pid ]] || kill "$agent_pid" || true
	rm -rf "$agent_work"
}

# agent_wait WHAT COMMAND...: until that succeeds
agent_wait() {
	local what=$1 try
	shift
	for ((try = 0; try < 600; try++)); do
		! "$@" || return 0
		sleep 0.5
	done
	echo "run: in vain: $what" >&2
	cat "$agent_work/log" >&2
	return 1
}

agent_in_sync() { grep -q 'ready$' "$agent_work/log" && vmsafe check >/dev/null; }

# agent_told VM: the time at which the difference of its 368 was first seen
agent_told() {
	vmsafe events --db "$agent_work/db" --id 368 --vm "$1" --json |
		jq -e '.[0].differences[0].first_seen' \
			>"$agent_work/since" 2>/dev/null
}

# The Manager's list is what the driver has.
agent_inventory() {
	vmsafe vnic list --json | jq '{ vms: [ .[] | {
		uuid: .vm_uuid, name: .vm_name,
		vnics: [ { device_id: .device_id, mac: .mac } ] } ] }'
}

bench_agent() {
	local vms port uuid start delays=()
	agent_work=$(mktemp -d)
	trap agent_cleanup EXIT
	export VMSAFE_SOCKET=$agent_work/socket
	modprobe dummy
	insmod "$module"
	vmsafe host set --limit 1048576 >&2
	"$tables" grow 0 10000
	agent_inventory >"$agent_work/inventory"
	cat >"$agent_work/conf" <<-END
		[inventory]
		uri = file:$agent_work/inventory
		[check]
		grace = 0
		debounce = 1
		[binder]
		bind = off
		hypervisor = none
		[history]
		database = $agent_work/db
		[api]
		socket = $VMSAFE_SOCKET
	END
	vmsafe-agent --config "$agent_work/conf" 2>"$agent_work/log" &
	agent_pid=$!
	agent_wait 'all is in sync' agent_in_sync
	mapfile -t vms < <(vmsafe vnic list --json | jq -r '.[].vm_uuid')
	for port in 5 2500 4999 7500 9998; do
		uuid=${vms[port]}
		# a pass in between is over
		sleep 10
		start=$("$tables" gone "b$port")
		agent_wait "b$port is gone" agent_told "$uuid"
		delays+=($(($(<"$agent_work/since") - start)))
	done
	figure port-gone "$(printf '%s\n' "${delays[@]}" | sort -n | sed -n 3p)"
	figure port-gone-last "$(printf '%s\n' "${delays[@]}" | sort -n | tail -n 1)"
}
