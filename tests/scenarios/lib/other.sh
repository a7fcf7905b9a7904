# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# Another host on the same kernel: namespaces of its own for links, files and
# the name, joined to this host by a cable. The Filter Driver keeps a table for
# each network namespace, so it has one too; libvirtd, its guests and the agent
# there are other processes. Processes are in one list, in which either agent
# has to tell its own host's guests from the other's.

other_name=node2
other_host=		# the first process of the other host
other_run=		# its /run, as this host sees it
other_log=
other_seen=0

# other COMMAND...: on the other host
other() { nsenter -t "$other_host" -m -u -n -- "$@"; }

# other_pids [PATTERN...]: its processes; as for pgrep
other_pids() { pgrep --ns "$other_host" --nslist net "$@"; }

# there CHECK...: a check of lib/agent.sh, of the other host's agent
there() {
	local agent_log=$other_log agent_seen=$other_seen
	"$@"
}

# other_story TEXT: a story for both agents
other_story() {
	story "$1"
	other_seen=$(wc -l <"$other_log")
}

# what the other host has to itself, run in its namespaces as first process
# shellcheck disable=SC2016	# for the shell there
other_boot='
	hostname "$1"
	mount -t sysfs sysfs /sys
	for dir in etc/libvirt var/lib/libvirt var/cache/libvirt \
		var/log/libvirt; do
		mkdir -p "$2/$dir" "/$dir"
		cp -a "/$dir/." "$2/$dir"
		mount --bind "$2/$dir" "/$dir"
	done
	mkdir -p "$2/run/${3##*/}"
	mount --rbind "$3" "$2/run/${3##*/}"
	mkdir -p "$2/run/first"
	mount --rbind /run/libvirt "$2/run/first"
	mount --rbind "$2/run" /run
	ip link set lo up
	: >"$3/other-up"
	while :; do sleep 1000; done
'


# other_start: the host, and a cable: 192.0.2.11 here, 192.0.2.12 there
other_start() {
	say "The other host, $other_name: namespaces of its own." ''
	other_run=/run/$other_name/run
	mkdir -p "/run/$other_name"
	undo rm -rf "/run/$other_name"
	mount -t tmpfs tmpfs "/run/$other_name"
	undo umount -l "/run/$other_name"
	unshare --mount --uts --net --propagation private \
		sh -ec "$other_boot" sh "$other_name" "/run/$other_name" \
		"$work" >"$work/other.out" 2>&1 </dev/null &
	other_host=$!
	undo other_end
	wait_for 60 'the other host is there' test -e "$work/other-up"
	must ip link add cable0 type veth peer name cable1 netns "$other_host"
	undo ip link del cable0
	must ip addr add 192.0.2.11/24 dev cable0
	must ip link set cable0 up
	must other ip addr add 192.0.2.12/24 dev cable1
	must other ip link set cable1 up
	sed -i "s/^127\.0\.1\.1 /192.0.2.11 /; \$ a 192.0.2.12 $other_name" \
		/etc/hosts
}

other_end() {
	local pid
	for pid in $(other_pids ''); do
		kill -KILL "$pid"
	done
}

# other_bridge NAME ADDRESS
other_bridge() {
	must other ip link add "$1" type bridge
	must other ip addr add "$2" dev "$1"
	must other ip link set "$1" up
}

# how libvirt there is reached from here, and libvirt here from there
other_uri=
first_uri='qemu+unix:///system?socket=/run/first/libvirt-sock'

other_virsh() { virsh -q -c "$other_uri" "$@"; }
other_answers() { other_virsh uri >/dev/null 2>&1; }

# other_libvirt_start: as on this host, but of another machine
other_libvirt_start() {
	other_uri="qemu+unix:///system?socket=$other_run/libvirt/libvirt-sock"
	{
		cat "$work/libvirtd.conf"
		echo 'host_uuid = "0d5a5a5e-2c1f-4f57-8f0e-2d5a5a5e0b02"'
	} | sed 's/libvirtd\.log/other-libvirtd.log/' \
		>"$work/other-libvirtd.conf"
	other libvirtd --config "$work/other-libvirtd.conf" \
		>"$work/other-libvirtd.out" 2>&1 </dev/null &
	wait_for 60 "libvirtd answers on $other_name" other_answers
}

# other_agent_configure [LINE...]: as here; the lines come at the end
other_agent_configure() {
	other_log=$work/other-agent.log
	: >>"$other_log"
	{
		sed "s|^database = .*|database = $work/other-events.db|" \
			"$agent_conf"
		(($# == 0)) || printf '%s\n' "$@"
	} >"$work/other-agent.conf"
}

# other_agent SIGNAL: to the agent there
other_agent() {
	local pid
	pid=$(other_pids -x vmsafe-agent)
	say "\$ kill -$1 $pid"
	kill -"$1" "$pid"
}

# other_agent_start: the agent there
other_agent_start() {
	other_seen=$(wc -l <"$other_log")
	say "\$ vmsafe-agent --config $work/other-agent.conf &   on $other_name"
	other vmsafe-agent --config "$work/other-agent.conf" \
		2>>"$other_log" </dev/null || true &
	wait_for 120 "the agent on $other_name is ready" there said ': ready$'
}

# ssh as the agent calls it: nothing but the way there is another
other_ssh() {
	mkdir -p "$work/bin"
	cat >"$work/bin/ssh" <<-END
		#!/bin/bash
		while [[ \$1 != -- ]]; do shift; done
		[[ \$2 = $other_name ]] || exit 255
		exec nsenter -t $other_host -m -u -n -- \
			env PATH="$PATH" sh -c "\$3"
	END
	chmod +x "$work/bin/ssh"
	PATH=$work/bin:$PATH
}
