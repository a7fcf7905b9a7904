# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# The daemon, vmsafe-agent, as systemd would run it.

agent_pid=
agent_log=
agent_conf=
agent_seen=0		# lines of its log that are of earlier stories

# story TEXT: a heading; what is said from here on belongs to it
story() {
	heading "$1"
	agent_seen=$(wc -l <"$agent_log")
}

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

# said PATTERN: the agent has said so, in this story
said() { (($(times "$1"))); }

# times PATTERN: how many times it has said so, in this story
times() {
	tail -n "+$((agent_seen + 1))" "$agent_log" | grep -cE "$1" || true
}

# told VM: the events 368 and 9000 about it, in this story
told() {
	tail -n "+$((agent_seen + 1))" "$agent_log" |
		grep -oE "event (368|9000).*\\($1\\)" |
		grep -oE '^event [0-9]+' | tr -d '\n' || true
}

# settled VM: all that was told about it was taken back. On a slow machine a
# guest may take longer to start than the period of grace, which is told then,
# and taken back as well.
settled() { [[ $(told "$1") =~ ^('event 368event 9000')+$ ]]; }

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
