# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# The daemon, vmsafe-agent, as systemd would run it.

agent_pid=
agent_uri=		# its inventory
agent_log=
agent_conf=
agent_seen=0		# lines of its log that are of earlier stories

# story TEXT: a heading; what is said from here on belongs to it
story() {
	heading "$1"
	story_goes_on
}

# story_goes_on: what was said until here has been seen, and counts no more
story_goes_on() { agent_seen=$(wc -l <"$agent_log"); }

# agent_configure [--inventory URI] [--timeout TIME] [--grace TIME] [LINE...]:
# its configuration; the lines come at the end
agent_configure() {
	local grace=2s timeout=30s
	agent_uri=libvirt:qemu:///system
	agent_log=$work/agent.log
	agent_conf=$work/agent.conf
	: >>"$agent_log"
	while [[ ${1-} = --* ]]; do
		case $1 in
		--inventory) agent_uri=$2 ;;
		--timeout) timeout=$2 ;;
		--grace) grace=$2 ;;
		esac
		shift 2
	done
	{
		cat <<-END
			[inventory]
			uri = $agent_uri
			refresh = 5s
			timeout = $timeout
			[check]
			grace = $grace
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

# agent_reload: it reads its configuration again
agent_reload() {
	local before
	before=$(grep -c 'configuration was read again' "$agent_log" || true)
	say "\$ kill -HUP $agent_pid"
	kill -HUP "$agent_pid"
	wait_for 120 'it has read its configuration again' \
		agent_reloaded "$before"
}

agent_reloaded() {
	(($(grep -c 'configuration was read again' "$agent_log") > $1))
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
# and taken back as well; and what differs may be seen before all of it does,
# so that more of it is told.
settled() { [[ $(told "$1") =~ ^(('event 368')+'event 9000')+$ ]]; }

# unharmed VM: nothing was told about it, or all of it was taken back
unharmed() { [[ $(told "$1") = '' ]] || settled "$1"; }

# said_all: what the agent has said, for the reader
said_all() {
	say '' 'What the agent has said:' ''
	emit <"$agent_log"
	say ''
}

# calm: all is in sync, and the agent holds nothing against anyone
calm() {
	vmsafe check --inventory "$agent_uri" --state none >/dev/null &&
		! vmsafe alerts --db "$work/events.db" |
			grep -qE '\<[0-9]{3,4}\>'
}

# open_of VM: the IDs of what is open against it, one a line
open_of() {
	vmsafe alerts --db "$work/events.db" -o id,vm_uuid |
		sed -n "s/^ *\([0-9]*\) *$1\$/\1/p"
}

# in_mode PORT MODE
in_mode() {
	local lines
	mapfile -t lines < <(vmsafe vnic list --port "$1" -o mode)
	[[ ${lines[1]-} = "$2"* ]]
}
