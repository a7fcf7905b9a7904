# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# vCenter as inventory: cut off, busy, somebody else; and what happens to VMs
# there while they run here.
#
#   br-vcenter --- vc-web  --- web     on DC0_H0, which is this host
#              --- vc-late --- late    on DC0_H1, until vCenter has it here
#
# Nothing here depends on how long anything takes.

vc_web=42185f3c-93a0-4a3c-8a11-6d1c6f0d0c01
vc_web_mac=00:50:56:85:01:01
vc_late=42185f3c-93a0-4a3c-8a11-6d1c6f0d0c02
vc_late_mac=00:50:56:85:01:02
vc_wrong=00:50:56:85:01:99

vc_story() {
	wait_for 300 'all is in sync, and nothing is open' calm
	story "$1"
}

# vc_list: the VMs that the inventory has on this host
vc_list() {
	show vmsafe vm list --source manager --inventory "$agent_uri" \
		-o vm_name,vm_uuid
}

vc_set_up() {
	heading 'A host of a vCenter'
	vcenter_host web "$vc_web" "$vc_web_mac"
	vcenter guest DC0_H1_VM0 late "$vc_late" "$vc_late_mac"
	vc_list
	expect_match "web +$vc_web" 'web is on this host'
	expect_no_text "$vc_late" 'late is not'
}

# vc_away PATTERN: the inventory has just gone: 742 says why, and nothing else
# is said of it but one 368 for the host
vc_away() {
	wait_for 300 'event 742 says why' said "event 742.*$1"
	wait_for 300 'event 368 tells of it, for the host' said 'event 368'
	show vmsafe check --inventory "$agent_uri" --state none web
	expect_exit 5 'unknown, not out of sync'
	show vmsafe vnic list --port vc-web
	expect_match "vc-web +tap +web +0 +$vc_web_mac +enforcing" \
		'web is protected as before'
}

# vc_there: it is back, and that was all
vc_there() {
	wait_for 300 'event 743: it is back' said 'event 743'
	wait_for 300 'all is in sync' calm
	expect 'one 742, one 743' test "$(times 'event 74[23]')" = 2
	expect 'one 368, of the host' test "$(times 'event 368')" = 1
	expect 'nothing of web' test "$(told "$vc_web")" = ''
}

vc_cut() {
	vc_story 'The line to vCenter is cut'
	vcenter cut
	vc_away '127\.0\.0\.1:[0-9]+: .*'
	vcenter back
	vc_there
}

vc_busy() {
	vc_story 'vCenter answers that it is busy'
	vcenter refuse 1000000
	vc_away 'HTTP 503'
	vcenter heal
	vc_there
}

vc_other() {
	vc_story 'Something else answers in its place'
	vcenter certificate other
	vc_away 'certificate'
	vcenter certificate cert
	vc_there
}

vc_c7() {
	vc_story "web's MAC address is changed in vCenter: C7"
	vcenter mac web "$vc_wrong"
	wait_for 300 'event 368 tells of it' \
		said "event 368.*\\($vc_web\\).*MAC: $vc_wrong - Device ID: 0 - Source: Manager"
	expect 'with its cause' said "event 368.*\\($vc_web\\).*Cause: C7, "
	vcenter mac web "$vc_web_mac"
	wait_for 300 'event 9000 takes it back' \
		said "event 9000.*\\($vc_web\\)"
}

vc_moved() {
	vc_story 'vCenter says that web has moved to another host'
	vcenter move web DC0_H1
	wait_for 300 'event 368: only the Filter Driver has it' \
		said "event 368.*\\($vc_web\\).*MAC: $vc_web_mac - Device ID: 0 - Source: Filter Driver"
	vc_list
	expect_no_text "$vc_web" 'it has left the list of this host'
	vcenter move web DC0_H0
	wait_for 300 'it comes back: event 9000' \
		said "event 9000.*\\($vc_web\\)"
	expect 'it is filtered, so there is no 378' \
		test "$(times 'event 378')" = 0
}

vc_arrived() {
	vc_story '378: late comes from another host, and is not filtered here'
	vcenter_agent 'bind = off'
	agent_reload
	tap_add vc-late br-vcenter
	vcenter_guest late "$vc_late" "$vc_late_mac"
	wait_for 300 'its guest is here' \
		grep -qx 1 /sys/class/net/vc-late/carrier
	vcenter move late DC0_H0
	wait_for 300 'event 378 tells of it' said "event 378.*\\($vc_late\\)"
	show vmsafe vnic list --port vc-late
	expect_match 'vc-late +tap +- +- +- +unbound-pass' 'it is unbound'
	must vmsafe bind --auto
	wait_for 300 'now it is in sync, and nothing is open' calm
	expect '378 was told once' test "$(times 'event 378')" = 1
	vcenter_agent 'bind = on'
	agent_reload
}

# vc_why PATTERN: the cause is C3, because of that
vc_why() {
	expect_exit 4 'out of sync'
	expect_match 'Cause 1: C3, .*' 'the cause is C3'
	expect_text "$1" 'says who has what twice'
}

vc_cloned() {
	vc_story 'C3: a clone of web that runs has its MAC address'
	vcenter clone web copy
	wait_for 300 'event 368 tells of the clone, with its cause' \
		said 'event 368.*copy.*Cause: C3, '
	show vmsafe why --inventory "$agent_uri" --state none copy
	vc_why "MAC $vc_web_mac"
	story 'C3: a clone of web that has its UUID'
	vcenter mac copy "$vc_wrong"
	vcenter uuid copy "$vc_web"
	say 'The simulator tells nobody of that: synchronise now.' ''
	say "\$ kill -HUP $agent_pid"
	kill -HUP "$agent_pid"
	wait_for 300 'event 368 tells of it, with its cause' \
		said "event 368.*\\($vc_web\\).*Cause: C3, "
	show vmsafe why --inventory "$agent_uri" --state none "$vc_web"
	vc_why 'more than once'
	story 'C3: a clone of web that is the same in everything'
	vcenter mac copy "$vc_web_mac"
	wait_for 300 'nothing differs any more' calm
	show vmsafe why --inventory "$agent_uri" --state none "$vc_web"
	expect_exit 0 'in sync'
	expect_match 'Cause 1: C3, .*' 'but the cause is there'
	expect_text 'more than once' 'says what there is twice'
	vcenter destroy copy
	wait_for 300 'without the clone all is in sync' calm
}

vc_end() {
	heading 'The end'
	say "\$ kill $agent_pid"
	end "$agent_pid"
}

vc_set_up
vc_cut
vc_busy
vc_other
vc_c7
vc_moved
vc_arrived
vc_cloned
vc_end
said_all
