# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# A vCenter on this machine: govmomi's simulator behind a proxy of ours, changed
# through pyvmomi by tests/vcsim/desk.py, which takes a line and answers it.

vcenter_pid=
vcenter_fresh=0		# it is as it was when it was started
vcenter_said=		# what came of the last command

# vcenter_start: it has the hosts DC0_H0 and DC0_H1, and two VMs on each:
# DC0_H0_VM0, DC0_H0_VM1 ... That takes a while, so it may be done before a
# scenario that needs it
vcenter_start() {
	((!vcenter_fresh)) || return 0
	rm -rf "$work/vcenter"
	mkdir "$work/vcenter"
	mkfifo "$work/vcenter/ask"
	VCSIM_OUT=$top/build/tests/vcsim VMSAFE=$vmsafe \
		/usr/bin/python3 -B "$top/tests/vcsim/desk.py" "$work/vcenter" \
		>"$work/vcenter/log" 2>&1 </dev/null &
	vcenter_pid=$!
	vcenter_fresh=1
	undo end "$vcenter_pid"
}

# vcenter_ready: it is there, and this scenario's
vcenter_ready() {
	vcenter_fresh=0
	undo end "$vcenter_pid"
	vcenter_hear
	[[ $vcenter_said = ok ]] ||
		give_up 'a vCenter is there' "$vcenter_said" \
			"$(tail -n 3 "$work/vcenter/log")"
	passed 'a vCenter is there'
}

# vcenter_hear: what it says, unless it is gone
vcenter_hear() {
	vcenter_said='it is gone'
	until [[ -e $work/vcenter/answer ]]; do
		alive "$vcenter_pid" || return 0
		sleep 0.1
	done
	vcenter_said=$(<"$work/vcenter/answer")
	rm "$work/vcenter/answer"
}

# vcenter_quietly COMMAND [ARG...]: leaves what came of it in vcenter_said
vcenter_quietly() {
	local IFS=$'\t'
	alive "$vcenter_pid" || give_up 'the vCenter is there'
	timeout 300 tee "$work/vcenter/ask" <<<"$*" >/dev/null ||
		give_up 'the vCenter listens'
	vcenter_hear
	[[ $vcenter_said = ok* ]] || give_up "vCenter: $*" "$vcenter_said"
	vcenter_said=${vcenter_said#ok}
	vcenter_said=${vcenter_said# }
}

# vcenter COMMAND [ARG...]: the same, before the reader's eyes
vcenter() {
	say "vCenter: $(quoted "$@")"
	vcenter_quietly "$@"
	[[ -z $vcenter_said ]] || say "$vcenter_said"
}

# vcenter_agent [LINE...]: the agent, with vCenter's host DC0_H0 as inventory
# of this one, with the least grace that there is, and with patience: the
# machine may be slow
vcenter_agent() {
	vcenter_quietly uri host/DC0_H0
	agent_configure --inventory "$vcenter_said" --timeout 2min --grace 0 \
		'[check]' 'debounce = 1' '[binder]' 'hypervisor = none' "$@"
}

# vcenter_host NAME UUID MAC...: this host is DC0_H0 of the vCenter: the driver,
# the agent, and for each VM a guest on a tap vc-NAME
vcenter_host() {
	local n=0
	vcenter_start
	bridge_add br-vcenter 198.51.100.1/24
	modprobe tun
	must insmod "$module"
	undo rmmod vmsafe_net
	for ((n = 1; n < $#; n += 3)); do
		tap_add "vc-${!n}" br-vcenter
		vcenter_guest "${@:n:3}"
	done
	vcenter_ready
	for ((n = 1; n < $#; n += 3)); do
		vcenter guest "DC0_H0_VM$((n / 3))" "${@:n:3}"
	done
	# of a VM that is not here the lists would differ
	((n / 3 > 1)) || vcenter move DC0_H0_VM1 DC0_H1
	rm -f "$work"/events.db*
	vcenter_agent 'bind = on'
	story_goes_on
	agent_start
	wait_for 300 'the agent is ready' said ': ready$'
	wait_for 300 'all is in sync with vCenter' calm
}

# vcenter_guest NAME UUID MAC: in which nothing runs
vcenter_guest() { guest_start "$1" "$2" "vc-$1" "${3,,}" -S; }

# vcenter_seen VM: milliseconds from the change that vcenter_said tells the
# time of to the last event 368 about the VM
vcenter_seen() {
	local time
	time=$(vmsafe events --db "$work/events.db" --id 368 --vm "$1" --json |
		grep -oE '"time": *[0-9]+' | grep -oE '[0-9]+$' | sort -n |
		tail -n 1)
	echo $((time - ${vcenter_said/./}))
}
