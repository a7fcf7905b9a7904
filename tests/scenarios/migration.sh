# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# A guest moves between two hosts with the Filter Driver and the agent, whatever
# the inventory says of it meanwhile.
#
#   this host                              node2
#     br5 --- vnet* --- mover    <--->       br5 --- vnet* --- mover
#     cable0 -------------------------------- cable1
#
# The period of grace is an hour: what is told here is told too early, however
# slow the machine is. But for 378, nothing is.

mig_uuid=6d1c6f0d-93a0-4a3c-8a11-3c1b52000001
mig_mac=52:54:00:A1:6E:01
mig_file=$work/migration.json

# mig_write HOST: the inventory, the same for both, has the guest there
mig_write() {
	say "The inventory has it on $1." ''
	cat >"$mig_file.new" <<-END
		{ "vms": [{ "uuid": "$mig_uuid", "name": "mover",
		  "host": "$1",
		  "vnics": [{ "device_id": 0, "mac": "$mig_mac" }] }] }
	END
	mv "$mig_file.new" "$mig_file"
}

mig_check() {
	"$@" vmsafe check --inventory "file:$mig_file" --state none \
		--grace 3600
}

# mig_is STATUS [other]: what the lists on that host say by now
mig_is() {
	local status=0
	mig_check "${@:2}" >/dev/null 2>&1 || status=$?
	((status == $1))
}

# the guest is on node2, and bound there; or here
mig_there() { [[ $(other vmsafe vnic list) =~ $mig_mac\ +enforcing ]]; }
mig_here() { [[ $(vmsafe vnic list) =~ $mig_mac\ +enforcing ]]; }

# mig_quiet: neither agent has told anything in this story
mig_quiet() {
	(($(times 'event ') == 0 && $(there times 'event ') == 0))
}

# libvirt there waits before the guest goes on, while there is a file hold
mig_hook() {
	mkdir -p "/run/$other_name/etc/libvirt/hooks"
	cat >"/run/$other_name/etc/libvirt/hooks/qemu" <<-END
		#!/bin/sh
		[ "\$2" = started ] && [ -e $work/hold ] || exit 0
		: >$work/held
		while [ -e $work/hold ]; do sleep 0.2; done
	END
	chmod +x "/run/$other_name/etc/libvirt/hooks/qemu"
}

mig_set_up() {
	heading 'Two hosts with the Filter Driver and the agent'
	libvirt_start
	bridge_add br5 198.51.100.1/24
	modprobe tun
	must insmod "$module"
	undo rmmod vmsafe_net
	libvirt_wait
	other_start
	other_bridge br5 198.51.100.2/24
	mig_hook
	other_libvirt_start
	domain_define mover "$mig_uuid" br5 virtio "${mig_mac,,}"
	undo other_virsh "undefine mover; destroy mover"
	mig_write "$(uname -n)"
	agent_configure --inventory "file:$mig_file" --grace 1h
	agent_start
	wait_for 120 'the agent is ready' said ': ready$'
	other_agent_configure
	other_agent_start
	must virsh -q start --paused mover
	wait_for 120 'the guest is bound' mig_here
	wait_for 120 'and in sync here' mig_is 0
	show other vmsafe check --inventory "file:$mig_file" --state none
	expect_exit 0 'on the other host it is not applicable'
}

mig_entry() { vmsafe vnic list -o port,id,vm_uuid,mac,mode,bound; }

mig_status() {
	local status=0
	other vmsafe status >/dev/null 2>&1 || status=$?
	((status == $1))
}

mig_r4_refused() {
	other_story 'R4: not to a host that is not protected'
	other_agent STOP
	wait_for 120 'the appliance there is lost' mig_status 5
	show vmsafe recover mover R4 --yes --to "$other_uri" --ssh node2
	expect_exit 1 'refused'
	expect_line 'vmsafe: the other host is not protected: "vmsafe status" there ended with 5: Filter Driver: appliance lost'
	expect 'the VM is still here' mig_here
	other_agent CONT
	wait_for 120 'the appliance there is back' mig_status 0
	wait_for 120 'which is told' there said 'event 731'
	show vmsafe recover mover R4 --yes --to qemu:///system --ssh node2
	expect_exit 1 'two hosts'
	expect_line "vmsafe: --to leads to host $(uname -n), but --ssh to node2"
	expect 'the VM is still here' mig_here
}

mig_s12() {
	local before pid status=0
	other_story 'S12: a migration fails half-way'
	before=$(mig_entry)
	: >"$work/hold"
	say "\$ virsh migrate --live --p2p mover '$other_uri' &"
	virsh migrate --live --p2p mover "$other_uri" >"$work/migrate" 2>&1 &
	mig_pid=$!
	undo end "$mig_pid"
	wait_for 120 'the guest is about to go on there' test -e "$work/held"
	expect 'the source is what it was' test "$(mig_entry)" = "$before"
	wait_for 120 'a port for it is bound there' mig_there
	pid=$(other_pids -f guest=mover)
	say "\$ kill -KILL $pid"
	kill -KILL "$pid"
	rm "$work/hold"
	wait_for 120 'the migration ends' dead "$mig_pid"
	wait "$mig_pid" || status=$?
	emit <"$work/migrate"
	expect 'it has failed' test "$status" != 0
	show vmsafe vnic list
	expect 'the source was never unprotected' \
		test "$(mig_entry)" = "$before"
	expect 'the VM goes on here' test "$(virsh -q domstate mover)" = paused
	show other vmsafe vnic list --json
	expect_line '[]' 'nothing is left there'
	expect 'in sync here' mig_is 0
	expect 'and there' mig_is 0 other
	expect 'nothing was told' mig_quiet
}

mig_r4() {
	other_story 'S11, R4: it is moved; the inventory names the old host'
	show vmsafe recover mover R4 --yes --to "$other_uri" --ssh node2
	expect_exit 3 'moved, and pending there'
	expect_line 'moving mover'
	expect 'its port is bound there' mig_there
	show vmsafe vnic list --json
	expect_line '[]' 'nothing is left here'
	wait_for 120 'pending here' mig_is 3
	wait_for 120 'pending there' mig_is 3 other
	show other vmsafe check --inventory "file:$mig_file" --state none \
		--grace 3600
	expect_no_text 'Event ID' 'and no event'
	mig_write node2
	wait_for 120 'not applicable here' mig_is 0
	wait_for 120 'in sync there' mig_is 0 other
	expect 'nothing was told, 378 neither' mig_quiet
}

# mig_back: it comes back
mig_back() {
	must other virsh migrate --live --p2p mover "$first_uri"
	wait_for 120 'its port is bound here' mig_here
	mig_write "$(uname -n)"
	wait_for 120 'in sync here' mig_is 0
	wait_for 120 'not applicable there' mig_is 0 other
}

mig_378() {
	other_story '378: it comes, and is not filtered'
	mig_back
	expect 'nothing was told on the way back' mig_quiet
	other_agent_configure '[binder]' 'bind = off'
	other_agent HUP
	wait_for 120 'the agent there is not to bind' \
		there said 'configuration was read again'
	must virsh migrate --live --p2p mover "$other_uri"
	mig_write node2
	wait_for 120 'event 378 tells of it' \
		there said "event 378.*\\($mig_uuid\\)"
	show other vmsafe vnic list
	expect_match 'vnet[0-9]+ +tap +- +- +- +unbound-pass' 'it is unbound'
	must other vmsafe bind --auto
	wait_for 120 'now it is in sync' mig_is 0 other
	expect 'it was told once, and nothing else' \
		test "$(there times 'event ')" = 1
	expect 'and nothing here' test "$(times 'event ')" = 0
	expect 'nor has 378 been told of what had not arrived' \
		test "$(grep -c 'event 378' "$other_log")" = 1
}

mig_set_up
other_ssh
mig_r4_refused
mig_s12
mig_r4
mig_378
said_all
say "What the agent on $other_name has said:" ''
emit <"$other_log"
end "$agent_pid"
