# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154	# run and its libraries set, and use, them
# Recovery: every step that can be asked for, on a real guest.
#
#            rbr0 (198.51.100.1/24)
#     +--------+--------+
#   vnet*    vnet*    idle0
#     +-- web --+     (held by nobody)

rec_uuid=7d2c8a5e-6c1f-4f57-8f0e-1d5a5a5e0c01
rec_mac0=52:54:00:AB:CF:01
rec_mac1=52:54:00:AB:CF:02
rec_new=52:54:00:AB:CF:09
rec_idle=52:54:00:AB:CF:77
rec_uefi=7d2c8a5e-6c1f-4f57-8f0e-1d5a5a5e0c02
rec_uefi_mac=52:54:00:AB:CF:11
rec_firmware=/etc/qemu/firmware/10-vmsafe.json
rec_db=$work/recover.db
rec_inventory=libvirt:qemu:///system

# recover [OPTION...]: what an operator types about web
recover() {
	show vmsafe recover web --keep "$work/keep" --db "$rec_db" "$@"
}

rec_check() { show vmsafe check --inventory "$rec_inventory" "$@"; }

rec_ports() {
	{ read -r rec0; read -r rec1; } < <(domain_ports web)
}

rec_state() { virsh -q domstate web; }
rec_is() { [[ $(rec_state) = "$1" ]]; }

expect_in_sync() { expect_line 'web: in sync' 'web is in sync again'; }

rec_set_up() {
	heading 'A guest with two vNICs, bound and in sync'
	libvirt_start
	bridge_add rbr0 198.51.100.1/24
	modprobe tun
	must insmod "$module"
	undo rmmod vmsafe_net
	libvirt_wait
	domain_define web "$rec_uuid" rbr0 virtio \
		"${rec_mac0,,}" "${rec_mac1,,}"
	must virsh -q 'start --paused web'
	show vmsafe sync
	expect_exit 0 'in sync'
	expect_line 'Ports bound now: 2'
	recover
	expect_exit 0
	expect_line 'there is nothing to recover'
}

rec_r1() {
	heading 'R1: its tap is deleted under it'
	rec_ports
	must ip link del "$rec0"
	recover --dry-run
	expect_exit 0
	expect_line 'R1: suspend the VM and power it on again'
	recover
	expect_exit 2 'nobody can be asked'
	expect_text 'give --yes'
	expect 'and nothing was done' rec_is paused
	recover --yes
	expect_exit 0 'in sync'
	expect_in_sync
	expect 'it is paused as before' rec_is paused
	rec_ports
	show vmsafe vnic list
	expect_match "$rec0 +tap +web +0 +$rec_mac0 +enforcing" \
		'the new tap is bound'
}

rec_polite() {
	sed -e "s/${rec_mac1,,}/${rec_new,,}/" "$work/web.xml" |
		polite_xml web >"$work/new.xml"
}

rec_r5() {
	heading 'R5: another MAC address in its definition; registered anew'
	must virsh -q autostart web
	rec_polite
	must virsh -q define "$work/new.xml"
	virsh -q dumpxml --inactive --security-info web >"$work/before"
	recover R5 --yes
	expect_exit 0 'in sync'
	virsh -q dumpxml --inactive --security-info web >"$work/after"
	expect 'its definition is what it was' \
		cmp -s "$work/before" "$work/after"
	show virsh -q dominfo web
	expect_match 'Autostart: +enable' 'it still starts with the host'
	expect 'nothing is kept of it any longer' \
		test ! -e "$work/keep/$rec_uuid.xml"
	expect 'it ran on' rec_is paused
}

rec_is_stopped() { grep -q '^State:.T' "/proc/$rec_pid/status"; }
rec_is_defined() { [[ $(virsh -q dominfo web) =~ Persistent:\ +yes ]]; }
rec_is_not_defined() { ! rec_is_defined; }

# rec_cut_short: R5 of web, killed between the two, with the usual folder
rec_cut_short() {
	local preload=$top/build/scenarios/stop-at-define.so
	must test -e "$preload"
	say '' "\$ vmsafe recover web R5 --yes &"
	LD_PRELOAD=$preload vmsafe recover web R5 --yes --db "$rec_db" \
		>"$work/cut" 2>&1 </dev/null &
	rec_pid=$!
	undo end "$rec_pid" KILL
	wait_for 60 'it is between the two' rec_is_stopped
	emit <"$work/cut"
	expect 'web is not registered' rec_is_not_defined
	show vmsafe doctor
	expect_no_text 'cut short' 'it is under way'
	show vmsafe recover web R1 --yes
	expect_exit 1 'so nothing else is begun'
	end "$rec_pid" KILL
}

rec_r5_killed() {
	local said='R5 of web was cut short, so that the VM may not be registered; "vmsafe recover web" finishes it'
	heading 'R5 is killed half way, and finished by the next recovery'
	virsh -q dumpxml --inactive --security-info web >"$work/before"
	rec_cut_short
	show vmsafe doctor
	expect_line "warn  recovery: $said"
	show vmsafe why web
	expect_line "Recovery: $said"
	agent_configure
	agent_start
	wait_for 120 'the agent says so when it starts' said "$said"
	show vmsafe events --db "$work/events.db" --id 9009 --full
	expect_text "$said" 'and records it'
	wait_for 120 'it answers' test -S /run/vmsafe/agent.sock
	show vmsafe why web
	expect_line "Recovery: $said" 'and says so when it is asked'
	end "$agent_pid"
	story_goes_on
	agent_start
	wait_for 120 'it says so in its log at each start' said "$said"
	show vmsafe events --db "$work/events.db" --id 9009 -o id
	expect 'as an event once' \
		test "$(printf "%s\n" "${expect_output[@]}" | grep -c 9009)" = 1
	end "$agent_pid"
	show vmsafe recover web --db "$rec_db"
	expect_exit 0 'in sync'
	expect_text 'registering web'
	expect_in_sync
	expect 'it is registered' rec_is_defined
	virsh -q dumpxml --inactive --security-info web >"$work/after"
	expect 'as it was' cmp -s "$work/before" "$work/after"
	show virsh -q dominfo web
	expect_match 'Autostart: +enable' 'it still starts with the host'
	expect 'nothing is kept of it any longer' \
		test -z "$(ls /var/lib/vmsafe/recover)"
	expect 'it ran on' rec_is paused
}

# rec_uefi_start OS FIRMWARE: a guest with that at the head of its <os>, and in
# it
rec_uefi_start() {
	domain_features='<acpi/>'
	domain_xml uefi "$rec_uefi" rbr0 virtio "${rec_uefi_mac,,}" |
		sed "s|<os>|$1|; s|<boot dev='network'/>|$2&|" \
			>"$work/uefi.xml"
	domain_features=
	must virsh -q "define $work/uefi.xml; start --paused uefi"
	must vmsafe sync
}

# rec_nvram FILE: R5 keeps that file, while the guest runs and when it is off
rec_nvram() {
	local is before
	must test -s "$1"
	# what the guest has written there, and is in no template
	echo "variables of $rec_uefi" |
		dd of="$1" conv=notrunc status=none
	show virsh -q undefine uefi
	expect_exit 1 'libvirt does not undefine it without a word of that'
	expect_text 'cannot undefine domain with nvram'
	before=$(stat -c '%i %Y' "$1"; sha256sum "$1")
	for is in running off; do
		virsh -q dumpxml --inactive --security-info uefi \
			>"$work/before"
		show vmsafe recover uefi R5 --yes --keep "$work/keep" \
			--db "$rec_db"
		expect_exit 0 "R5, while it is $is"
		expect_text 'registering uefi'
		expect 'its NVRAM is the same file, as it was' test \
			"$(stat -c '%i %Y' "$1"; sha256sum "$1")" = "$before"
		virsh -q dumpxml --inactive --security-info uefi \
			>"$work/after"
		expect 'and its definition what it was' \
			cmp -s "$work/before" "$work/after"
		[[ $is = off ]] || must virsh -q destroy uefi
	done
	must virsh -q start --paused uefi
	expect 'it starts with it' grep -q "^variables of $rec_uefi" "$1"
	must virsh -q 'destroy uefi; undefine --keep-nvram uefi'
	rm "$1"
}

rec_r5_nvram() {
	local code=$work/code.fd vars=$work/vars.fd
	heading 'R5: of a guest with UEFI, the variables stay'
	# What the firmware would do is no matter: the guest is paused.
	truncate -s 256K "$code" "$vars"
	undo virsh -q 'undefine --nvram uefi; destroy uefi'
	cp "$vars" "$work/uefi.fd"
	rec_uefi_start '<os>' "<loader readonly='yes' type='pflash'>$code</loader>\
<nvram>$work/uefi.fd</nvram>"
	rec_nvram "$work/uefi.fd"
	say 'And where libvirt chooses the firmware, and names the file.' ''
	undo rm -f "$rec_firmware"
	mkdir -p "${rec_firmware%/*}"
	cat >"$rec_firmware" <<-END
		{ "interface-types": [ "uefi" ], "mapping": { "device": "flash",
		  "executable": { "filename": "$code", "format": "raw" },
		  "nvram-template": { "filename": "$vars", "format": "raw" } },
		  "targets": [ { "architecture": "x86_64",
		                 "machines": [ "pc-i440fx-*" ] } ],
		  "description": "", "features": [], "tags": [] }
	END
	rec_uefi_start "<os firmware='efi'>" ''
	rec_nvram /var/lib/libvirt/qemu/nvram/uefi_VARS.fd
}

rec_r2() {
	heading 'R2: off and on, with the new address'
	recover R2 --yes
	expect_exit 1 'a guest that is paused cannot shut down'
	expect_text 'resume it'
	must virsh -q resume web
	recover R2 --yes --timeout 3
	expect_exit 1 'this guest does not listen to ACPI'
	expect_text 'still runs 3 s after it was asked to shut down'
	expect 'it is not powered off' rec_is running
	rec_interrupt
	recover R2 --yes --timeout 3 --force
	expect_exit 0 'in sync'
	expect_in_sync
	rec_ports
	show vmsafe vnic list
	expect_match "$rec1 +tap +web +1 +$rec_new +enforcing" \
		'the new address is bound'
	wait_for 120 'the new guest listens to ACPI' \
		polite_listens web
	recover R2 --yes --timeout 60
	expect_exit 0 'in sync'
	expect_no_text 'powering' 'and was not powered off'
	must virsh -q suspend web
	rec_ports
}

rec_interrupt() {
	say '' "\$ vmsafe recover web R2 --yes &    and an interrupt"
	vmsafe recover web R2 --yes >"$work/int" 2>&1 </dev/null &
	undo end "$!"
	rec_pid=$!
	wait_for 60 'it asks the guest' grep -q '^asking' "$work/int"
	kill -INT "$rec_pid"
	expect_status=0
	wait "$rec_pid" || expect_status=$?
	emit <"$work/int"
	mapfile -t expect_output <"$work/int"
	expect_exit 1 'interrupted'
	expect_text 'left to do: web has been asked to shut down'
	expect 'it runs' rec_is running
}

rec_bind_idle() {
	must vmsafe bind idle0 --vm "$rec_uuid" --name web --device-id 5 \
		--mac "$rec_idle"
}

rec_r6() {
	heading 'R6: an interface that is not in use'
	must ip tuntap add dev idle0 mode tap
	undo ip link del idle0
	must ip link set idle0 up
	rec_bind_idle
	show vmsafe forget "$rec0" --yes
	expect_exit 1 'a port in use is not forgotten'
	expect_text "$rec0 is in use: process $(pgrep -f "guest=web")" \
		'says who holds it'
	show vmsafe forget idle0
	expect_exit 2 'nobody can be asked'
	show vmsafe forget idle0 --yes --db "$rec_db"
	expect_exit 0
	expect_line 'Event ID: 295'
	expect_line 'Event: Interface Deleted'
	expect_line "Target: $(hostname) / web ($rec_uuid)"
	expect_line "MAC: $rec_idle - Device ID: 5 - Source: Filter Driver"
	show vmsafe events --db "$rec_db" --id 295 --full
	expect_line 'Action By: Operator' 'which is recorded'
	show vmsafe forget idle0 --yes
	expect_exit 1 'there is nothing left to forget'
	rec_bind_idle
	rec_check web
	expect_exit 4 'out of sync'
	recover --yes
	expect_exit 0 'in sync'
	expect_text 'R6: remove'
	expect_in_sync
	show vmsafe events --db "$rec_db" --limit 2 -o id,target,description
	expect_match ' *295 +web +.*' 'both are recorded'
	expect_match '9009 +web +.*R6, .*: in sync' 'and the step'
	must ip link del idle0
}

rec_r3() {
	heading 'R3: the appliance hangs, and is killed'
	hold_session
	show vmsafe appliance restart
	expect_exit 1 'one that answers is left alone'
	expect_text "process $holder_pid (hold-session) holds the session"
	release_session
	hold_session 200 0
	wait_for 10 'it is lost' rec_lost
	recover --yes
	expect_exit 0 'in sync'
	expect_text 'R3: deactivate'
	expect_in_sync
	end "$holder_pid" KILL
	hold_session 60000 1
	end "$holder_pid" KILL
	show vmsafe host show
	expect_match 'Appliance session: +reset' 'it left by force'
	show vmsafe appliance deactivate
	expect_exit 0
	expect_match 'Appliance session: +none' 'nothing is left of it'
	show vmsafe appliance activate
	expect_exit 1 'there is no unit here'
}

rec_lost() { [[ $(vmsafe host show) = *'Appliance session: lost'* ]]; }

rec_r7() {
	heading 'R0 and R7: the driver was loaded anew, and nobody binds'
	must rmmod vmsafe_net
	recover R1 --yes --dry-run
	expect_exit 0
	recover --yes
	expect_exit 5 'offline'
	expect_text 'R10: verify that the Filter Driver is properly loaded'
	must insmod "$module"
	recover R0 --timeout 3
	expect_exit 4 'it does not heal by itself'
	recover
	expect_exit 0 'in sync'
	expect_text 'R7: synchronise now'
	expect_in_sync
}

rec_r4() {
	heading 'R4: not to a host of which nobody knows whether it is protected'
	recover R4 --yes
	expect_exit 1
	expect_text 'R4 needs --to URI'
	recover R4 --yes --to qemu+unix:///system
	expect_exit 1
	expect_text 'give --ssh HOST'
	recover R4 --yes --to qemu+unix:///system --ssh nowhere.invalid
	expect_exit 1
	expect_text 'cannot be reached over ssh'
	expect 'it is still here' rec_is paused
}

rec_r9() {
	heading 'R9: the way to the inventory'
	show vmsafe connectivity
	expect_exit 0
	expect_match 'read the list +ok .*VMs: 1, vNICs: 2' 'all the way'
	kill -STOP "$libvirt_pid"
	show vmsafe connectivity --timeout 3
	kill -CONT "$libvirt_pid"
	expect_exit 5 'libvirt hangs'
	expect_match 'connect to its socket +ok .*' 'its socket is there'
	expect_match 'shake hands with it +fail .*' 'it does not answer'
	libvirt_wait
	show vmsafe connectivity --inventory 'libvirt:qemu+tcp://127.0.0.1/system'
	expect_exit 5 'nobody listens'
	expect_match 'connect to its socket +fail .*refused' 'refused'
}

rec_p1() {
	heading 'P1: events are held back, then summed up'
	show vmsafe maintenance start web --for 1h
	expect_exit 0
	rec_ports
	must ip link del "$rec1"
	rec_check
	expect_exit 4 'out of sync, which is said'
	expect_no_text 'Event ID: 368' 'but no event'
	expect_line 'Events held back by maintenance: 1'
	recover R1 --yes
	expect_exit 0 'in sync'
	show vmsafe maintenance stop
	expect_exit 0
	expect_line 'Maintenance of web is over; events held back: 1 (368 Interfaces Out of Sync: 1)'
	rec_check
	expect_exit 0
	expect_line 'Event ID: 9000'
}

rec_said() {
	heading 'R8, R11, P2: said'
	recover R8
	expect_exit 0
	expect_text 'systemctl restart libvirtd'
	recover R11
	expect_exit 0
	expect_text 'restart the appliance as you started it'
	recover P2 --lang ja
	expect_exit 0
	expect_text 'クローンしないでください'
	must virsh -q destroy web
	recover
	expect_exit 0 'a VM that is off is not compared'
	recover R1 --yes
	expect_exit 1
	expect_text 'web does not run'
	must rmmod vmsafe_net
}

rec_set_up
rec_r1
rec_r5
rec_r5_killed
rec_r2
rec_r5_nvram
rec_r6
rec_r3
rec_r7
rec_r4
rec_r9
rec_p1
rec_said
