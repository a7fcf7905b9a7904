# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# Many at once: guests, claims to the same MAC, ports.
#
#   br6 --- vnet* --- guest01-30, then twin1 and twin2
#   br7 --- vnet* --- twin3
#   t1-2000 (taps that nobody holds), held1 (a guest's)

crowd_guests=30
crowd_taps=2000
crowd_held=5c6f0d5a-93a0-4a3c-8a11-6d5a5a5e0b00
crowd_held_mac=52:54:00:C2:0D:FF
crowd_twin_mac=52:54:00:C2:0D:AA

crowd_uuid() { printf '5c6f0d5a-93a0-4a3c-8a11-6d5a5a5e%04x\n' "$1"; }
crowd_mac() { printf '52:54:00:c2:0d:%02x\n' "$1"; }

crowd_set_up() {
	heading 'A hypervisor with the Filter Driver and the agent'
	libvirt_start
	bridge_add br6 198.51.100.1/24
	bridge_add br7 203.0.113.1/24
	modprobe tun
	must insmod "$module"
	undo rmmod vmsafe_net
	libvirt_wait
	agent_configure --grace 1h
	agent_start
	wait_for 120 'the agent is ready' said ': ready$'
}

# crowd_number MODE: so many ports are in that mode
crowd_number() {
	vmsafe vnic list -o port,mode | grep -cE " $1\$" || true
}
crowd_are() { (($(crowd_number "$1") == $2)); }

# The period of grace is an hour: what is told here is told too early.
crowd_s16() {
	local i j pids=()
	story "S16: $crowd_guests VMs start at once"
	for ((i = 1; i <= crowd_guests; i++)); do
		domain_xml "guest$i" "$(crowd_uuid "$i")" br6 virtio \
			"$(crowd_mac "$i")" >"$work/guest$i.xml"
		undo virsh -q destroy "guest$i"
	done
	say "Five at a time ask libvirtd to start them, paused." ''
	for ((i = 1; i <= 5; i++)); do
		virsh -q "$(for ((j = i; j <= crowd_guests; j += 5)); do
			echo "create --paused $work/guest$j.xml;"
		done)" >"$work/virsh$i" 2>&1 </dev/null &
		pids+=($!)
	done
	wait "${pids[@]}"
	wait_for 300 "all $crowd_guests are bound" \
		crowd_are enforcing "$crowd_guests"
	wait_for 300 'all are in sync' calm
	expect 'each is bound as itself' crowd_right
	expect 'no binding was refused' test "$(times 'binding|EEXIST')" = 0
	expect 'there was no event' test "$(times 'event ')" = 0
	must virsh -q "$(for ((i = 1; i <= crowd_guests; i++)); do
		printf "destroy guest%d; " "$i"
	done)"
	wait_for 120 'no port, no entry' crowd_are enforcing 0
	wait_for 120 'all is in sync' calm
	expect 'there was no event' test "$(times 'event ')" = 0
}

# every guest has one entry with its own UUID and MAC
crowd_right() {
	local i mac
	for ((i = 1; i <= crowd_guests; i++)); do
		mac=$(crowd_mac "$i")
		echo "guest$i $(crowd_uuid "$i") 0 ${mac^^}"
	done | sort >"$work/should"
	vmsafe vnic list -o vm_name,vm_uuid,device_id,mac |
		sed '1d; s/  */ /g; s/ $//' | sort >"$work/is"
	cmp -s "$work/should" "$work/is"
}

crowd_twin() {
	domain_xml "twin$1" "$(crowd_uuid $((100 + $1)))" "$2" virtio \
		"${crowd_twin_mac,,}" >"$work/twin$1.xml"
	undo virsh -q destroy "twin$1"
	must virsh -q create --paused "$work/twin$1.xml"
}

crowd_s15() {
	local one two
	story 'S15: the same MAC on two VMs'
	agent_configure
	agent_reload
	one=$(crowd_uuid 101)
	two=$(crowd_uuid 102)
	crowd_twin 1 br6
	wait_for 120 'the first is bound' crowd_are enforcing 1
	wait_for 120 'and in sync' calm
	crowd_twin 2 br6
	wait_for 120 'on the same bridge it is refused, which is said' \
		said 'binding vnet[0-9]+ to twin2: .*EEXIST'
	wait_for 120 'event 368 tells of it' said "event 368.*\\($two\\)"
	show vmsafe why --state none twin2
	expect_exit 4 'out of sync'
	expect_match 'Cause 1: C3, .*' 'the cause is C3'
	expect_text "MAC $crowd_twin_mac is bound already" 'names the holder'
	wait_for 120 'the first stays as it is' unharmed "$one"
	expect 'and bound' crowd_are enforcing 1
	crowd_twin 3 br7
	wait_for 120 'on a bridge apart it is allowed' crowd_are enforcing 2
	show vmsafe vnic list
	expect_match "vnet[0-9]+ +tap +twin3 +0 +$crowd_twin_mac +enforcing" \
		'twin3 is bound'
	expect 'the refusal was said once' \
		test "$(times 'binding vnet[0-9]+ to twin2')" = 1
	expect 'and so was the attempt, by event 716' \
		test "$(times 'event 716')" = 1
	must virsh -q 'destroy twin2; destroy twin3; destroy twin1'
	wait_for 120 'what was told is taken back' settled "$two"
	wait_for 120 'all is in sync' calm
}

# crowd_ticks: what the agent has used of the CPUs, in hundredths of a second
crowd_ticks() {
	local stat
	read -r -a stat <"/proc/$agent_pid/stat"
	echo $((stat[13] + stat[14]))
}

# crowd_make FROM TO: taps, all in group 7
crowd_make() {
	local i
	for ((i = $1; i <= $2; i++)); do
		echo "tuntap add dev t$i mode tap"
		echo "link set dev t$i group 7"
	done >"$work/batch"
	must ip -batch "$work/batch"
}

# crowd_flap: what the agent needs for all of them going up and down, while a
# guest comes, until it has bound it
crowd_flap() {
	local before
	before=$(crowd_ticks)
	must ip link set group 7 up
	must ip link set group 7 down
	tap_add held1 br6
	guest_start held "$crowd_held" held1 "${crowd_held_mac,,}" -S
	wait_for 300 'the guest that came is bound' in_mode held1 enforcing
	flap_ticks=$(($(crowd_ticks) - before))
	say "$(($(crowd_number unbound-pass))) taps: $flap_ticks ticks" ''
	end "$guest_pid" KILL
	must ip link del held1
}

crowd_s09() {
	local few
	story "S09: $crowd_taps taps flap at once"
	undo ip link del group 7
	crowd_make 1 $((crowd_taps / 4))
	wait_for 300 'the driver has a quarter of them' \
		crowd_are unbound-pass $((crowd_taps / 4))
	crowd_flap
	few=$flap_ticks
	crowd_make $((crowd_taps / 4 + 1)) "$crowd_taps"
	wait_for 300 'the driver has all of them' \
		crowd_are unbound-pass "$crowd_taps"
	crowd_flap
	expect "four times as many cost less than ten times as much" \
		test "$flap_ticks" -lt $((few * 10 + 100))
	crowd_overflow
}

# While the agent does not listen, more happens than is kept for it.
crowd_overflow() {
	tap_add held1 br6
	guest_start held "$crowd_held" held1 "${crowd_held_mac,,}" -S
	wait_for 300 'a guest is bound' in_mode held1 enforcing
	say "\$ kill -STOP $agent_pid"
	agent_seen=$(wc -l <"$agent_log")
	kill -STOP "$agent_pid"
	must ip link set group 7 up
	must ip link del group 7
	end "$guest_pid" KILL
	must ip link del held1
	tap_add held1 br6
	guest_start held "$crowd_held" held1 "${crowd_held_mac,,}" -S
	say "\$ kill -CONT $agent_pid"
	kill -CONT "$agent_pid"
	wait_for 300 'the guest of meanwhile is bound' \
		in_mode held1 enforcing
	wait_for 120 'the agent knows that notifications were lost' \
		said 'notifications of the Filter Driver were lost'
	expect 'and reads the table anew, not once for each of them' \
		test "$(times 'notifications of the Filter Driver were lost')" \
		-le 4
	show vmsafe vnic list
	expect 'the table has one entry' test "${#expect_output[@]}" = 2
	end "$guest_pid" KILL
	must ip link del held1
}

crowd_set_up
crowd_s16
crowd_s15
crowd_s09
said_all
end "$agent_pid"
