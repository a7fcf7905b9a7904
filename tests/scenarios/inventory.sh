# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# What inventories say, late, wrong, otherwise or not at all, while guests run.
# The inventory is a file, so that it says what is wanted; nobody but the agent
# binds.
#
#   br3 --- inv0 --- web      (S01, S22, S13, S23, S24, S25)
#       --- inv1 --- db       (beside it: what happens there shows that the
#                              agent has looked)
#       --- inv2 --- lab      (S21: not to be filtered)

inv_web=1c6f0d5a-93a0-4a3c-8a11-2d5a5a5e0a01
inv_anew=1c6f0d5a-93a0-4a3c-8a11-2d5a5a5e0a11
inv_db=1c6f0d5a-93a0-4a3c-8a11-2d5a5a5e0a02
inv_lab=1c6f0d5a-93a0-4a3c-8a11-2d5a5a5e0a03
inv_web_mac=52:54:00:1A:5E:01
inv_anew_mac=52:54:00:1A:5E:11
inv_db_mac=52:54:00:1A:5E:02
inv_lab_mac=52:54:00:1A:5E:03
inv_wrong=52:54:00:1A:5E:99
inv_file=$work/inventory.json

# inv_vm NAME UUID MAC [MEMBER]: a VM with a vNIC; MEMBER: more of it
inv_vm() {
	echo "{ \"name\": \"$1\", \"uuid\": \"$2\", ${4:+$4,}" \
		"\"vnics\": [{ \"device_id\": 0, \"mac\": \"$3\" }] }"
}

# inv_write VM...: the inventory, seen whole or not at all
inv_write() {
	local IFS=,
	say "The inventory now:" "$@" ''
	echo "{ \"vms\": [ $* ] }" >"$inv_file.new"
	mv "$inv_file.new" "$inv_file"
}

# the VMs as they should be known
inv_right() {
	inv_write "$(inv_vm web "$inv_web" "$inv_web_mac")" \
		"$(inv_vm db "$inv_db" "$inv_db_mac")"
}

inv_story() {
	wait_for 120 'all is in sync, and nothing is open' calm
	story "$1"
}

inv_check() { show vmsafe check --inventory "$agent_uri" --state none "$@"; }

inv_is() { [[ $(open_of "$1" | tr '\n' ' ') = "$2" ]]; }

inv_set_up() {
	heading 'A host whose inventory is a file; db runs'
	bridge_add br3 203.0.113.1/24
	modprobe tun
	must insmod "$module"
	undo rmmod vmsafe_net
	tap_add inv0 br3
	tap_add inv1 br3
	tap_add inv2 br3
	guest_start db "$inv_db" inv1 "${inv_db_mac,,}" -S
	inv_write "$(inv_vm db "$inv_db" "$inv_db_mac")"
	agent_configure --inventory "file:$inv_file" --grace 1h \
		'[binder]' 'hypervisor = none'
	agent_start
	wait_for 120 'the agent is ready' said ': ready$'
	wait_for 120 'db is bound' in_mode inv1 enforcing
}

# The period of grace is an hour, so that nothing here depends on how fast the
# machine is: what is told within it would be told too early.
inv_s01() {
	inv_story 'S01: the inventory knows web before there is a port'
	inv_right
	wait_for 120 'the agent knows of it, as pending' inv_pending 1
	inv_check --grace 3600 web
	expect_exit 3 'pending, not out of sync'
	expect_text 'only the Manager has it'
	say '' 'A look more, and another, change nothing.' ''
	inv_right
	must ip link set inv2 down
	must ip link set inv2 up
	expect 'nothing was told, nothing is open' test "$(told "$inv_web")" = ''
	show vmsafe vnic list --port inv0 -o port,mode
	expect_match 'inv0 +unbound-pass' 'its port was left alone'
	guest_start web "$inv_web" inv0 "${inv_web_mac,,}" -S
	wait_for 120 'the guest comes, and is bound' in_mode inv0 enforcing
	wait_for 120 'it is in sync, nothing is pending' inv_pending 0
	wait_for 120 'and nothing is open' calm
	expect 'nothing was told at any time' test "$(told "$inv_web")" = ''
	expect 'of no event at all' test "$(times 'event ')" = 0
}

# inv_pending N: so many VMs are seen to differ, and do not count yet
inv_pending() {
	/usr/bin/python3 "$here/history.py" --size "$work/events.db" |
		grep -qx "pending $1"
}

inv_hasty() {
	agent_configure --inventory "file:$inv_file" --grace 1s \
		'[binder]' 'hypervisor = none'
	agent_reload
}

inv_s22() {
	inv_story 'S22: the same facts, written differently'
	inv_hasty
	must ip link set inv0 address "fe${inv_web_mac:2}"
	inv_write "$(inv_vm db "${inv_db^^}" "${inv_db_mac//:/-}")" \
		"$(inv_vm web "$(tr -d - <<<"${inv_web^^}")" \
			"$(tr -d : <<<"${inv_web_mac,,}")")"
	inv_check
	expect_exit 0 'in sync'
	inv_look
	expect 'and the agent has told nothing of web' \
		test "$(told "$inv_web")" = ''
}

# inv_look: db differs and is back, both of which the agent tells: whatever
# else there is to see, it has seen by then, more than once
inv_look() {
	local before
	before=$(told "$inv_db")
	say 'So that it shows that the agent has looked: db differs for a while.' ''
	cp "$inv_file" "$inv_file.kept"
	sed "s/${inv_db_mac//[:-]/[:-]\\?}/$inv_wrong/I" "$inv_file.kept" \
		>"$inv_file.new"
	mv "$inv_file.new" "$inv_file"
	wait_for 120 'db is out of sync' inv_told "$inv_db" \
		"${before}event 368"
	mv "$inv_file.kept" "$inv_file"
	wait_for 120 'and back in sync' inv_told "$inv_db" \
		"${before}event 368event 9000"
}

inv_told() { [[ $(told "$1") = "$2" ]]; }

inv_s13() {
	inv_story "S13: web's MAC is changed in the inventory while it runs"
	inv_write "$(inv_vm web "$inv_web" "$inv_wrong")" \
		"$(inv_vm db "$inv_db" "$inv_db_mac")"
	wait_for 120 'event 368 tells of it' said "event 368.*\\($inv_web\\)"
	expect 'with the MAC that the inventory has' said \
		"event 368.*\\($inv_web\\).*MAC: $inv_wrong - Device ID: 0 - Source: Manager"
	expect 'and with the one that runs' said \
		"event 368.*\\($inv_web\\).*MAC: $inv_web_mac - Device ID: 0 - Source: Filter Driver"
	inv_check -o port,state,reason,expected,actual web
	expect_exit 4 'out of sync'
	expect_match "inv0 +out of sync +the MACs differ +$inv_wrong +$inv_web_mac" \
		'what should be and what is'
	show vmsafe why --inventory "$agent_uri" --state none web
	expect_exit 4
	expect_match 'Cause 1: C7, .*' 'the cause is C7'
	expect_text "the inventory has $inv_wrong, the running process has $inv_web_mac" \
		'says who contradicts whom'
}

inv_s23() {
	local first i
	story 'S23: it is still so at every look'
	first=$(inv_since)
	for i in 1 2 3; do
		inv_look
	done
	expect 'nothing was told of it again' test "$(told "$inv_web")" = ''
	show vmsafe alerts --db "$work/events.db" -o id,since,age,vm_uuid
	expect_match " *368 +${first//+/\\+} +[0-9].* +$inv_web" \
		'it was first seen when it was, and its age is shown'
	inv_right
	wait_for 120 'event 9000 takes it back' said "event 9000.*\\($inv_web\\)"
	expect 'once' inv_told "$inv_web" 'event 9000'
}

inv_r8() {
	heading 'R8: what comes again and again is said, with how the inventory does'
	expect 'it was said of db, once' \
		test "$(grep -cE "event 9013.*\\($inv_db\\)" "$agent_log")" = 1
	expect 'and of nobody else' \
		test "$(grep -c 'event 9013' "$agent_log")" = 1
	show vmsafe events --db "$work/events.db" --id 9013 --full
	expect_line 'Event: Interfaces Repeatedly Out of Sync'
	expect_match '.* came out of sync 3 times within an hour\. .*answers took: [0-9]+ ms(, [0-9]+ ms)*\.' \
		'with how long the inventory took to answer'
	show vmsafe events --db "$work/events.db" --id 9013 --full --lang ja
	expect_line 'イベント: インタフェースの非同期の繰り返し'
}

# since when web is out of sync
inv_since() {
	vmsafe alerts --db "$work/events.db" -o vm_uuid,since |
		sed -n "s/^$inv_web *//p"
}

inv_s24() {
	inv_story 'S24: the inventory cannot be read'
	echo '{ "vms": [' >"$inv_file"
	wait_for 120 'event 742 tells of it' said 'event 742'
	wait_for 120 'and event 368, for the host' said 'event 368'
	show vmsafe check --inventory "$agent_uri" --state none web
	expect_exit 5 'unknown'
	show vmsafe vnic list
	expect_match "inv0 +tap +web +0 +$inv_web_mac +enforcing" \
		'web is protected as before'
	expect_match "inv1 +tap +db +0 +$inv_db_mac +enforcing" 'so is db'
	inv_right
	wait_for 120 'event 743: it can be read again' said 'event 743'
	wait_for 120 'and all is in sync' calm
	expect 'one 742, one 743' test "$(times 'event 74[23]')" = 2
	expect 'one 368, of the host' test "$(times 'event 368')" = 1
	expect 'nothing of web' test "$(told "$inv_web")" = ''
	expect 'nothing of db' test "$(told "$inv_db")" = ''
}

inv_s21() {
	inv_story 'S21: lab runs, and is not to be filtered'
	inv_write "$(inv_vm web "$inv_web" "$inv_web_mac")" \
		"$(inv_vm db "$inv_db" "$inv_db_mac")" \
		"$(inv_vm lab "$inv_lab" "$inv_wrong" '"protected": false')"
	guest_start lab "$inv_lab" inv2 "${inv_lab_mac,,}" -S
	inv_lab_pid=$guest_pid
	wait_for 120 'its port is in use' \
		grep -qx 1 /sys/class/net/inv2/carrier
	inv_check -o vm_name,state,reason lab
	expect_exit 0 'fine'
	expect_match 'lab +not applicable +.*not.*' 'not applicable'
	inv_look
	expect 'and the agent has told nothing of lab' \
		test "$(told "$inv_lab")" = ''
	say "\$ kill -KILL $inv_lab_pid"
	end "$inv_lab_pid" KILL
	must ip link del inv2
	inv_right
}

inv_s25() {
	inv_story 'S25: web is gone, and another VM has its name'
	say "\$ kill -KILL $inv_web_pid"
	end "$inv_web_pid" KILL
	must ip link del inv0
	wait_for 120 'event 368 tells of web, which only the inventory has' \
		said "event 368.*\\($inv_web\\).*MAC: $inv_web_mac - Device ID: 0 - Source: Manager (Cause|Steps)"
	say 'What is said from here on is of the other, or too much.' ''
	story_goes_on
	tap_add inv0 br3
	guest_start web "$inv_anew" inv0 "${inv_anew_mac,,}" -S
	inv_write "$(inv_vm web "$inv_web" "$inv_web_mac")" \
		"$(inv_vm web "$inv_anew" "$inv_anew_mac")" \
		"$(inv_vm db "$inv_db" "$inv_db_mac")"
	wait_for 120 'the other web is bound' in_mode inv0 enforcing
	inv_check "$inv_anew"
	expect_exit 0 'the other web is in sync'
	inv_look
	expect 'which says nothing of the first: it is open still' \
		inv_is "$inv_web" '368 '
	expect 'and was not told of again' test "$(told "$inv_web")" = ''
	show vmsafe vnic list --port inv0 -o port,vm_name,vm_uuid
	expect_match "inv0 +web +$inv_anew" 'the port is that of the other'
	inv_write "$(inv_vm web "$inv_anew" "$inv_anew_mac")" \
		"$(inv_vm db "$inv_db" "$inv_db_mac")"
	wait_for 120 'the first leaves the inventory: event 9000' \
		inv_told "$inv_web" 'event 9000'
	wait_for 120 'and all is in sync' calm
	expect 'of the other nothing is open' inv_is "$inv_anew" ''
}

inv_set_up
inv_s01
inv_web_pid=$guest_pid
inv_s22
inv_s13
inv_s23
inv_r8
inv_s24
inv_s21
inv_s25
said_all
end "$agent_pid"
