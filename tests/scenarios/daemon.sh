# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# vmsafe-agent on real guests: what comes is bound, what differs is told and
# taken back, and nothing that happens to the agent, the driver or libvirtd
# leaves a wrong word behind.

dm_one=5a3c1b52-93a0-4a3c-8a11-6d1c6f0d0001
dm_one_mac=52:54:00:DA:E0:01
dm_two=5a3c1b52-93a0-4a3c-8a11-6d1c6f0d0002
dm_two_mac=52:54:00:DA:E0:02
dm_three=5a3c1b52-93a0-4a3c-8a11-6d1c6f0d0003
dm_three_mac=52:54:00:DA:E0:13
dm_hot_mac=52:54:00:DA:E0:03
dm_bridge=br-daemon

dm_bound() { in_mode "$1" enforcing; }

dm_set_up() {
	heading 'A hypervisor with the Filter Driver and the agent'
	libvirt_start
	bridge_add "$dm_bridge" 198.51.100.1/24
	modprobe tun
	must insmod "$module"
	undo rmmod vmsafe_net
	libvirt_wait
	domain_features='<acpi/>'
	domain_define one "$dm_one" "$dm_bridge" virtio "${dm_one_mac,,}"
	domain_define two "$dm_two" "$dm_bridge" virtio "${dm_two_mac,,}"
	domain_features=
	agent_configure
	agent_start
	wait_for 120 'the agent is ready' said ': ready$'
	show vmsafe status
	expect_exit 0 'the agent is the appliance'
}

dm_bind() {
	heading 'Guests start, and are bound without anybody asking'
	must virsh -q 'start --paused one; start --paused two'
	read -r one0 < <(domain_ports one)
	read -r two0 < <(domain_ports two)
	wait_for 120 "$one0 is bound" dm_bound "$one0"
	wait_for 120 "$two0 is bound" dm_bound "$two0"
	show vmsafe vnic list
	expect_match "$one0 +tap +one +0 +$dm_one_mac +enforcing" \
		"$one0 is bound to one"
	expect_match "$two0 +tap +two +0 +$dm_two_mac +enforcing" \
		"$two0 is bound to two"
	show vmsafe check
	expect_exit 0 'in sync, while the agent holds the session'
}

# dm_calm: all is in sync, and the agent holds nothing against anyone
dm_calm() {
	vmsafe check >/dev/null &&
		! vmsafe alerts --db "$work/events.db" | grep -qE '\<[0-9]{3,4}\>'
}

# dm_story TEXT
dm_story() {
	wait_for 120 'all is in sync, and nothing is open' dm_calm
	story "$1"
}

# one after the other, these are what operators and hosts do

dm_deleted() {
	dm_story 'A tap is deleted: 368; the guest is started again: in sync'
	must ip link del "$one0"
	wait_for 120 'event 368 tells of it' \
		said "event 368.*\\($dm_one\\).*MAC: $dm_one_mac - Device ID: 0 - Source: Manager"
	must virsh -q 'destroy one; start --paused one'
	read -r one0 < <(domain_ports one)
	wait_for 120 "$one0 is bound" dm_bound "$one0"
	wait_for 120 'event 9000 takes it back' settled "$dm_one"
	wait_for 120 'and all is in sync' dm_calm
}

dm_held() {
	local recorded
	dm_story 'In a maintenance window nothing is told but one summary'
	recorded=$(dm_events 368)
	must vmsafe maintenance start --for 1h one
	must ip link del "$one0"
	wait_for 120 'out of sync' dm_recorded 368 "$recorded"
	must virsh -q 'destroy one; start --paused one'
	read -r one0 < <(domain_ports one)
	wait_for 120 "$one0 is bound" dm_bound "$one0"
	wait_for 120 'in sync' vmsafe check one --state none --window none
	expect 'and nothing was told' test "$(told "$dm_one")" = ''
	show vmsafe maintenance stop one
	expect_exit 0
}

# dm_events ID: how many about one the history has, whoever was told
dm_events() {
	vmsafe events --db "$work/events.db" --id "$1" --vm "$dm_one" |
		grep -c "\<$1\>" || true
}

# dm_recorded ID N: it has more than N of them
dm_recorded() { (($(dm_events "$1") > $2)); }

dm_changed() {
	local other=52:54:00:DA:E0:FF
	dm_story "A MAC that is not the guest's: 368, cause C7"
	must vmsafe unbind "$two0"
	wait_for 120 'the binder binds it again' dm_bound "$two0"
	must vmsafe unbind "$two0"
	show vmsafe bind "$two0" --vm "$dm_two" --name two --device-id 0 \
		--mac "$other"
	if ((expect_status)); then
		say 'The binder was faster. Once more, while it cannot look.' ''
		say "\$ kill -STOP $agent_pid"
		kill -STOP "$agent_pid"
		must vmsafe unbind "$two0"
		must vmsafe bind "$two0" --vm "$dm_two" --name two \
			--device-id 0 --mac "$other"
		kill -CONT "$agent_pid"
	fi
	wait_for 120 'event 368 tells of it' \
		said "event 368.*MAC: $other - Device ID: 0 - Source: Filter Driver"
	expect 'with its cause and the steps' \
		said "event 368.*$dm_two.*Cause: C7, .* Steps: R7, R2, R6"
	show vmsafe events --db "$work/events.db" --vm "$dm_two" --id 368 \
		-o id,cause,step
	expect_match '368 +C7 +R7' 'and so has the history'
	must vmsafe unbind "$two0"
	wait_for 120 'the binder binds it rightly' said "event 9000.*$dm_two"
	show vmsafe vnic list --port "$two0"
	expect_match "$two0 +tap +two +0 +$dm_two_mac +enforcing" \
		'with the MAC that its process was told'
}

dm_hot() {
	local port
	dm_story 'A vNIC is plugged into a running guest'
	must virsh -q attach-interface two bridge "$dm_bridge" \
		--mac "${dm_hot_mac,,}" --model virtio --live
	{ read -r _; read -r port; } < <(domain_ports two)
	wait_for 120 "$port is bound" dm_bound "$port"
	show vmsafe vnic list --port "$port"
	expect_match "$port +tap +two +1 +$dm_hot_mac +enforcing" \
		'as the hypervisor says, which is on no command line'
	wait_for 120 'and in sync' vmsafe check two
}

dm_driver() {
	dm_story 'The driver goes and comes back'
	say 'The agent holds it by its session, and gives that up for it.' ''
	show rmmod vmsafe_net
	expect_exit 1 'in use'
	show vmsafe driver unload
	expect_exit 1 'in use'
	expect_text "vmsafe-agent (process $agent_pid) holds the appliance session" \
		'says by whom, and what to do'
	show vmsafe appliance restart
	expect_exit 0
	expect_match 'Appliance session: +attached' 'it has it again'
	show vmsafe appliance deactivate
	expect_exit 0
	expect_match 'Appliance session: +none' 'it is given up'
	wait_for 120 'the appliance is offline' said 'event 730'
	must rmmod vmsafe_net
	wait_for 120 'event 5008: not loaded' \
		said 'event 5008.*Filter Driver Offline: not loaded'
	must insmod "$module"
	wait_for 120 'event 5009: back' said 'event 5009'
	wait_for 120 "$one0 is bound again" dm_bound "$one0"
	wait_for 120 "$two0 is bound again" dm_bound "$two0"
	wait_for 120 'all is in sync' vmsafe check
}

dm_killed() {
	dm_story 'The agent is killed, and comes back'
	must ip link del "$one0"
	wait_for 120 'event 368 tells of a deleted tap' \
		said "event 368.*$dm_one_mac"
	say "\$ kill -KILL $agent_pid"
	end "$agent_pid" KILL
	show vmsafe status
	expect_text 'reset' 'the driver has noticed: the session was reset'
	must virsh -q 'destroy one; start --paused one'
	read -r one0 < <(domain_ports one)
	agent_start
	wait_for 120 'the agent is ready again' said ': ready$'
	wait_for 120 "$one0 is bound" dm_bound "$one0"
	wait_for 120 'what was open is taken back, nothing is said twice' \
		settled "$dm_one"
	wait_for 120 'that it had gone is said' said 'event 730'
}

dm_stopped() {
	dm_story 'The agent hangs for longer than the driver tolerates'
	say "\$ kill -STOP $agent_pid"
	kill -STOP "$agent_pid"
	wait_for 120 'the driver says that the appliance is lost' \
		in_mode "$one0" appliance-lost-open
	show vmsafe status
	expect_exit 5 'which is no good state'
	say "\$ kill -CONT $agent_pid"
	kill -CONT "$agent_pid"
	wait_for 120 "$one0 is enforced as before" dm_bound "$one0"
	wait_for 120 'event 730 tells of it' said 'event 730'
	wait_for 120 'and event 731 that it is over' said 'event 731'
}

dm_configured() {
	dm_story 'The configuration is read again'
	agent_configure '[check]' 'grase = 1s'
	say "\$ kill -HUP $agent_pid"
	kill -HUP "$agent_pid"
	wait_for 120 'a bad one is refused, with its line' \
		said "agent.conf:[0-9]+: section \\[check\\] has no key \"grase\""
	expect 'and the old one stays' \
		wait_for 10 'that is said' said 'configuration stays as it was'
	agent_configure '[agent]' 'host = hypervisor-7'
	kill -HUP "$agent_pid"
	wait_for 120 'a good one is taken' said 'configuration was read again'
}

dm_libvirt() {
	dm_story 'libvirtd goes away: one 742, and nothing about its VMs'
	say "\$ kill $libvirt_pid"
	end "$libvirt_pid"
	wait_for 120 'event 742 tells of it' said 'event 742.*hypervisor-7'
	show vmsafe vnic list
	expect_match "$one0 +tap +one .* enforcing" 'protected as before'
	libvirt_start
	libvirt_wait
	wait_for 120 'event 743 tells that it is back' said 'event 743'
	expect 'each was said once' test "$(times 'event 74[23]')" = 2
	expect 'with one 368 for the host' \
		test "$(times 'event 368')" = 1
	wait_for 120 'all is in sync' vmsafe check
}

dm_ended() {
	local status=0
	dm_story 'The agent is ended'
	say "\$ kill $agent_pid"
	kill "$agent_pid"
	wait_for 30 'it ends' dead "$agent_pid"
	wait "$agent_pid" || status=$?
	expect 'its exit status is 0' test "$status" = 0
	show vmsafe vnic list
	expect_match "$one0 +tap +one .* enforcing" 'enforcement stays'
	show vmsafe status
	expect_exit 0 'nobody is lost: it said that it went'
}

# Without the agent: libvirt's hook and QEMU's script, as installed but for
# where vmsafe is.
dm_hooks() {
	local hook=/etc/libvirt/hooks/qemu ifup=$work/qemu-ifup
	heading 'Without the agent, hooks bind'
	mkdir -p "${hook%/*}"
	sed "s|/usr/sbin/vmsafe|$vmsafe|" "$top/agent/hooks/qemu" >"$hook"
	undo rm -f "$hook"
	sed "s|/usr/sbin/vmsafe|$vmsafe|" "$top/agent/hooks/qemu-ifup" >"$ifup"
	chmod +x "$hook" "$ifup"
	must virsh -q destroy one
	say 'libvirtd looks for hooks when it starts.' ''
	end "$libvirt_pid"
	libvirt_start
	libvirt_wait
	must virsh -q start --paused one
	read -r one0 < <(domain_ports one)
	wait_for 120 "libvirt's hook has $one0 bound" dm_bound "$one0"
	must virsh -q destroy one
	say '' 'A hook that cannot do it holds no VM up.' ''
	sed -i "s|$vmsafe|/bin/false|" "$hook"
	show virsh -q start --paused one
	expect_exit 0 'the VM is started'

	dm_ifup_start
	wait_for 120 "QEMU's script has dm-tap bound" dm_bound dm-tap
	show vmsafe vnic list --port dm-tap
	expect_match "dm-tap +tap +three +0 +$dm_three_mac +enforcing" \
		'as QEMU was told'
}

# a guest whose QEMU makes its own tap and calls the script
dm_ifup_start() {
	local command=(qemu-system-x86_64 -name three -uuid "$dm_three" -S
		-accel tcg -m 64 -nodefaults -no-user-config -display none
		-netdev "tap,id=n0,ifname=dm-tap,script=$ifup,downscript=no"
		-device "e1000,netdev=n0,mac=${dm_three_mac,,}")
	say "\$ $(quoted "${command[@]}") &"
	VMSAFE_IFUP='' "${command[@]}" </dev/null >"$work/three.log" 2>&1 &
	undo end $!
}

dm_set_up
dm_bind
dm_deleted
dm_held
dm_changed
dm_hot
dm_driver
dm_killed
dm_stopped
dm_configured
dm_libvirt
dm_ended
dm_hooks
said_all
