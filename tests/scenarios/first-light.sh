# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# The whole chain, once: two guests under the Filter Driver, both kinds of
# drift, both forms of event 368, and a driver that goes and comes back.
#
#            br0 (192.0.2.1/24)
#     +-------+-----+-------+--------+
#   vnet*   vnet*         vnet*    stray0
#     |       |             |        |
#   dev 0   dev 1         dev 0    dev 0
#     +- web -+             db     stray (nobody manages it)

web_uuid=6f1d4f0e-5f0a-4c57-9b40-0d5a5a5e0a01
web_mac0=52:54:00:AB:CD:01
web_mac1=52:54:00:AB:CD:02
db_uuid=0c7c8a52-2f53-4cc5-8a52-93a3c1f1db01
db_mac=52:54:00:DB:00:01
stray_uuid=9a1e0f66-1b1e-4d0c-a3ce-57a757a757a7
stray_mac=52:54:00:5E:ED:01
extra_mac=00:50:56:85:00:B6

bridge=br0
libvirt=libvirt:qemu:///system
file=$work/inventory.json

# check [OPTION...]: what an operator types
check() { show vmsafe check --inventory "$libvirt" "$@"; }

# The two forms that event 368 has in two languages, as they have to read.
difference_en() { echo "MAC: $1 - Device ID: $2 - Source: $3"; }
difference_ja() { echo "MAC: $1 - デバイス ID: $2 - ダウンロード元: $3"; }

expect_368() {
	expect_line 'Level: Warning'
	expect_line 'Event ID: 368'
	expect_line 'Event: Interfaces Out of Sync'
}

expect_368_ja() {
	expect_line 'レベル: 警告'
	expect_line 'イベントID: 368'
	expect_line 'イベント: インタフェースの非同期'
}

expect_no_event() {
	expect_no_text 'Event ID:' 'and tells of no event'
}

# expect_event ID NAME: an event that is not a 368
expect_event() {
	expect_line "Event ID: $1"
	expect_line "Event: $2"
}

# vm_json NAME UUID MAC...: as the file inventory has it
vm_json() {
	local name=$1 uuid=$2 mac id=0 vnics=()
	shift 2
	for mac; do
		vnics+=("{ \"device_id\": $((id++)), \"mac\": \"$mac\" }")
	done
	local IFS=,
	echo "{ \"uuid\": \"$uuid\", \"name\": \"$name\", \"vnics\": [${vnics[*]}] }"
}

write_inventory() {
	echo '{ "vms": ['
	echo "$(vm_json web "$web_uuid" "$web_mac0" "$web_mac1" "$extra_mac"),"
	vm_json db "$db_uuid" "$db_mac"
	echo '] }'
}

read_ports() {
	{ read -r web0; read -r web1; } < <(domain_ports web)
	read -r db0 < <(domain_ports db)
}

# What the port's line in the list that was just shown says.
expect_unbound() {
	expect_match "$1 +tap +- +- +- +unbound-pass" \
		"$1 is in the table, unbound"
}

expect_bound() {
	expect_match "$1 +tap +$2 +$3 +$4 +enforcing" \
		"$1 is bound to $2, device ID $3, MAC $4"
}

set_up() {
	heading 'The test hypervisor: a bridge, libvirtd, no driver yet'
	libvirt_start
	bridge_add "$bridge" 192.0.2.1/24
	modprobe tun
	show vmsafe status
	expect_exit 5 'the Filter Driver is offline'
	expect_text 'not loaded'
	libvirt_wait
	domain_define web "$web_uuid" "$bridge" virtio \
		"${web_mac0,,}" "${web_mac1,,}"
	domain_define db "$db_uuid" "$bridge" e1000 "${db_mac,,}"
}

step_1() {
	heading '1. The Filter Driver comes online'
	must insmod "$module"
	undo rmmod vmsafe_net
	show vmsafe status
	expect_exit 0 'the Filter Driver is online'
	expect_text online
	say '' "From here on, vmsafe writes down the driver's notifications." ''
	monitor_start
}

step_2_unbound() {
	local port
	heading '2. Two guests: seen before their first packet, then bound'
	say 'They are started with their CPUs stopped: nothing in them has run,' \
		'so nothing has been sent, but their taps are in the table.' ''
	must virsh -q 'start --paused web; start --paused db'
	read_ports
	show vmsafe vnic list
	expect_exit 0
	for port in "$web0" "$web1" "$db0"; do
		expect_unbound "$port"
		expect "no packet from its guest yet" \
			test "$(packets "$port" rx)" = 0
	done
}

step_2_traffic() {
	local port
	say '' 'Now they run, and ask for an address.' ''
	must virsh -q 'resume web; resume db'
	for port in "$web0" "$db0"; do
		wait_for 120 "a packet from the guest at $port" \
			sent_more "$port" 0
	done
	say 'They stand still again, which leaves the CPUs to others.' ''
	must virsh -q 'suspend web; suspend db'
	show vmsafe vnic list -o port,mode,from_guest_packets
	for port in "$web0" "$db0"; do
		expect_match "$port +unbound-pass +$(packets "$port" rx)" \
			"$port: the driver has counted every packet of the guest"
	done
}

step_2_bind() {
	say '' 'The binder finds out from the running processes whose they are.' ''
	show vmsafe bind --auto
	expect_exit 0
	show vmsafe vnic list
	expect_exit 0
	expect_bound "$web0" web 0 "$web_mac0"
	expect_bound "$web1" web 1 "$web_mac1"
	expect_bound "$db0" db 0 "$db_mac"
	check
	expect_exit 0 'in sync'
	expect_line 'vNICs: 3 in sync'
	expect_no_event
	say '' "What the driver has said meanwhile of web's first port:" ''
	show grep " port $web0 " "$monitor_log"
	expect_first_seen "$web0"
	expect_text " vnic bound port $web0 " 'and it was bound later'
}

step_3_file() {
	heading '3. Drift, Case 1: the two lists differ'
	say "An inventory in a file knows web with a third vNIC, $extra_mac." ''
	write_inventory >"$file"
	show vmsafe check --inventory "file:$file"
	expect_exit 4 'out of sync'
	expect_368
	expect_line "$(difference_en "$extra_mac" 2 Manager)"
	show vmsafe check --inventory "file:$file" --lang ja
	expect_exit 4 'out of sync'
	expect_368_ja
	expect_line "$(difference_ja "$extra_mac" 2 Manager)"
}

step_3_deleted() {
	say '' "libvirt is the inventory again. db's tap is deleted under it." ''
	must ip link del "$db0"
	check
	expect_exit 4 'out of sync'
	expect_368
	expect_line "$(difference_en "$db_mac" 0 Manager)"
	check --lang ja
	expect_exit 4 'out of sync'
	expect_368_ja
	expect_line "$(difference_ja "$db_mac" 0 Manager)"
}

step_3_stray() {
	say '' "A guest is started behind the inventory's back." ''
	tap_add stray0 "$bridge"
	guest_start stray "$stray_uuid" stray0 "${stray_mac,,}"
	wait_for 120 'a packet from the guest at stray0' sent_more stray0 0
	kill -STOP "$guest_pid"
	show vmsafe bind --auto
	expect_exit 0
	check
	expect_exit 4 'out of sync'
	expect_368
	expect_line "$(difference_en "$stray_mac" 0 'Filter Driver')"
	check --lang ja
	expect_exit 4 'out of sync'
	expect_368_ja
	expect_line "$(difference_ja "$stray_mac" 0 'Filter Driver')"
}

step_4() {
	heading '4. Back in sync'
	say 'The stray guest ends, and db is powered off and on.' ''
	say "\$ kill $guest_pid"
	end "$guest_pid" KILL
	must ip link del stray0
	must virsh -q 'destroy db; start --paused db'
	read_ports
	show vmsafe bind --auto
	expect_exit 0
	check
	expect_exit 0 'in sync'
	expect_event 9000 'Interfaces In Sync'
	say '' 'That is said once.' ''
	check
	expect_exit 0 'in sync'
	expect_no_event
}

step_5() {
	heading "5. Drift, Case 2: the driver's list cannot be verified"
	say 'Another process holds the appliance session.' ''
	hold_session
	check
	expect_exit 5 'the list cannot be had'
	expect_368
	expect_line 'Error: Operation failed. ioctl failed: EBUSY (ATTACH)'
	check --lang ja
	expect_exit 5 'the list cannot be had'
	expect_368_ja
	expect_line 'エラー: Operation failed. ioctl failed: EBUSY (ATTACH)'
	release_session
	say '' 'Then a sandbox around the agent lets an ioctl fail.' ''
	show forbid-ioctl LIST_VNICS vmsafe check --inventory "$libvirt"
	expect_exit 5 'the list cannot be had'
	expect_368
	expect_line 'Error: Operation failed. ioctl failed: EIO (LIST_VNICS)'
	say '' 'Now nothing is in the way any more.' ''
	check
	expect_exit 0 'in sync'
	expect_event 9001 'Filter Driver List Verified'
}

step_6_gone() {
	local before
	heading '6. The driver goes and comes back while guests run'
	must virsh -q resume web
	traffic_start 192.0.2.255
	wait_for 30 "packets for the guest at $web0" counts_more "$web0" to 0
	show rmmod vmsafe_net
	expect_exit 0 'removed under traffic'
	before=$(packets "$web0" tx)
	wait_for 30 'traffic goes on without the driver' \
		got_more "$web0" "$before"
	show vmsafe status
	expect_exit 5 'offline'
	expect_line 'Filter Driver: not loaded'
	check
	expect_exit 5 'offline'
	expect_event 5008 'Filter Driver Connection Failed'
	expect_text 'Filter Driver Offline: not loaded.'
	check --lang ja
	expect_exit 5 'offline'
	expect_line 'イベントID: 5008'
	show vmsafe doctor
	expect_exit 5 'offline'
	expect_text 'not loaded' 'says why'
	expect_text 'vmsafe driver load PATH' 'says what to do'
}

step_6_back() {
	local port
	say '' 'It comes back, and finds the taps that are up already.' ''
	must insmod "$module"
	show vmsafe vnic list
	for port in "$web0" "$web1" "$db0"; do
		expect_unbound "$port"
		wait_for 30 "packets pass the driver at $port" \
			counts_more "$port" to 0
	done
	show vmsafe bind --auto
	expect_exit 0
	check
	expect_exit 0 'in sync'
	expect_event 5009 'Filter Driver Connection Success'
	check
	expect_exit 0 'in sync'
	expect_no_event
}

step_6_again() {
	local i
	say '' 'And again, under traffic, with the commands of vmsafe:' ''
	for i in 1 2 3; do
		show vmsafe driver unload
		expect_exit 0 "removal $i"
		show vmsafe driver load "$module"
		expect_exit 0 "insertion $i"
	done
	wait_for 120 'the driver sees packets from the guest' \
		counts_more "$web0" from 0
	wait_for 30 'the driver sees packets for the guest' \
		counts_more "$web0" to 0
	show vmsafe vnic list --port "$web0" \
		-o port,mode,from_guest_packets,to_guest_packets
	expect_match "$web0 +unbound-pass +[1-9][0-9]* +[1-9][0-9]*" \
		'packets in both directions'
	traffic_stop
}

tear_down() {
	heading 'The end: nothing is left behind'
	must virsh -q 'destroy web; destroy db'
	show vmsafe vnic list --json
	expect_line '[]' 'no port, no entry'
	say '' 'What the driver said of its own comings and goings:' ''
	monitor_stop
	show grep -E ' (un)?loaded$' "$monitor_log"
	expect_exit 0
	show rmmod vmsafe_net
	expect_exit 0
}

set_up
step_1
step_2_unbound
step_2_traffic
step_2_bind
step_3_file
step_3_deleted
step_3_stray
step_4
step_5
step_6_gone
step_6_back
step_6_again
tear_down
