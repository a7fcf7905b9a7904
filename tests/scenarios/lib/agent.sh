# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# The daemon, vmsafe-agent, as systemd would run it.

agent_pid=
agent_log=
agent_conf=

# agent_configure [LINE...]: its configuration; the lines come at the end
agent_configure() {
	agent_log=$work/agent.log
	agent_conf=$work/agent.conf
	: >>"$agent_log"
	{
		cat <<-END
			[inventory]
			uri = libvirt:qemu:///system
			refresh = 5s
			timeout = 30s
			[check]
			grace = 2s
			[driver]
			heartbeat = 2s
			tolerance = 4
			[history]
			database = $work/events.db
		END
		(($# == 0)) || printf '%s\n' "$@"
	} >"$agent_conf"
}

# agent_start: leaves its process in agent_pid, what it says in agent_log
agent_start() {
	say "\$ $(quoted vmsafe-agent --config "$agent_conf") 2>>$agent_log &"
	vmsafe-agent --config "$agent_conf" 2>>"$agent_log" </dev/null &
	agent_pid=$!
	undo end "$agent_pid"
}

# said PATTERN [N]: the agent has said so, at least N times
said() { (($(times "$1") >= ${2-1})); }

# times PATTERN: how many times it has said so
times() { grep -cE "$1" "$agent_log" || true; }

# said_all: what the agent has said, for the reader
said_all() {
	say '' 'What the agent has said:' ''
	emit <"$agent_log"
	say ''
}

# in_mode PORT MODE
in_mode() {
	local lines
	mapfile -t lines < <(vmsafe vnic list --port "$1" -o mode)
	[[ ${lines[1]-} = "$2"* ]]
}
