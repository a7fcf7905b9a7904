# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# Both lists agree, and yet: what runs on the host has the last word.
#
#   br1 --- held0 --- (nobody, then one guest, then nobody again)

held_uuid=2b1d8a5e-6c1f-4f57-8f0e-1d5a5a5e0b01
held_other=2b1d8a5e-6c1f-4f57-8f0e-1d5a5a5e0b02
held_mac=52:54:00:AB:CE:01
held_wrong=52:54:00:FF:FF:FF
held_file=$work/held.json

# held_inventory UUID MAC POWER: one VM; the guest's is not to be protected
# unless it is that one
held_inventory() {
	{
		echo '{ "vms": ['
		[[ $1 = "$held_uuid" ]] ||
			echo "{ \"uuid\": \"$held_uuid\", \"name\": \"guest\"," \
				'"protected": false, "vnics": [] },'
		echo "{ \"uuid\": \"$1\", \"name\": \"web\", \"power\": \"$3\"," \
			"\"vnics\": [{ \"device_id\": 0, \"mac\": \"$2\" }] }"
		echo '] }'
	} >"$held_file"
}

held_check() { show vmsafe check --inventory "file:$held_file" "$@"; }

# held_bind UUID MAC: by hand, whatever it was bound to
held_bind() {
	must vmsafe unbind held0
	must vmsafe bind held0 --vm "$1" --name web --device-id 0 --mac "$2"
}

held_line() { expect_line "MAC: $1 - Device ID: 0 - Source: $2"; }

held_off() {
	heading 'A guest runs that the inventory has as shut off'
	bridge_add br1 198.51.100.1/24
	must insmod "$module"
	undo rmmod vmsafe_net
	tap_add held0 br1
	guest_start web "$held_uuid" held0 "${held_mac,,}"
	wait_for 60 'the guest holds its port' \
		grep -qx 1 /sys/class/net/held0/carrier
	held_inventory "$held_uuid" "$held_mac" 'shut off'
	held_check
	expect_exit 4 'out of sync, unbound'
	expect_text 'ports that are not bound to it (held0)'
	held_line "$held_mac" 'Filter Driver'
	show vmsafe bind --auto
	expect_exit 0
	held_check
	expect_exit 4 'out of sync, bound'
	held_line "$held_mac" 'Filter Driver'
	held_inventory "$held_uuid" "$held_mac" running
	held_check
	expect_exit 0 'in sync'
	expect_line 'Event ID: 9000'
}

held_otherwise() {
	heading 'It runs with another MAC address than both lists have'
	held_bind "$held_uuid" "$held_wrong"
	held_inventory "$held_uuid" "$held_wrong" running
	held_check -o port,state,reason,expected,actual
	expect_exit 4 'out of sync'
	expect_match "held0 +out of sync +the MACs differ +$held_wrong +$held_mac" \
		'what should be and what is'
	expect_text 'but not held as such (held0)'
	held_line "$held_wrong" 'Filter Driver'
	held_line "$held_mac" Host
}

held_by_other() {
	heading 'It holds the port that is bound to another VM'
	held_bind "$held_other" "$held_mac"
	held_inventory "$held_other" "$held_mac" running
	held_check
	expect_exit 4 'out of sync'
	expect_text 'another VM holds the port'
	held_check web
	expect_exit 4 'out of sync'
	held_bind "$held_uuid" "$held_mac"
	held_inventory "$held_uuid" "$held_mac" running
	held_check
	expect_exit 0 'in sync'
}

held_by_nobody() {
	heading 'The guest ends, and its port and binding stay'
	say "\$ kill $guest_pid"
	end "$guest_pid" KILL
	held_check
	expect_exit 4 'out of sync'
	expect_text 'no VM holds the port'
	held_line "$held_mac" 'Filter Driver'
	must ip link del held0
	must rmmod vmsafe_net
}

held_off
held_otherwise
held_by_other
held_by_nobody
