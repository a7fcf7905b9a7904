# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# vCenter is the inventory of this host; a MAC address is changed there.
#
#   br-vcenter --- vc-web --- web

vm_uuid=42185f3c-93a0-4a3c-8a11-6d1c6f0d0b01
vm_mac=00:50:56:85:00:B5
vm_other=00:50:56:85:00:B6

vm_set_up() {
	heading 'vCenter as inventory'
	say "govmomi's simulator is a vCenter with two hosts. This hypervisor" \
		'is the first of them, the guest web a VM on it.' ''
	vcenter_host web "$vm_uuid" "$vm_mac"
	show vmsafe vnic list
	expect_match "vc-web +tap +web +0 +$vm_mac +enforcing" 'web is protected'
	vcenter_quietly count WaitForUpdatesEx
	expect 'the agent has vCenter tell it of changes' \
		test "$vcenter_said" -gt 0
}

vm_change() {
	local ms
	story "web's MAC address is changed in vCenter, while web runs"
	vcenter mac web "$vm_other"
	wait_for 300 'event 368 tells of it' said "event 368.*\\($vm_uuid\\)"
	ms=$(vcenter_seen "$vm_uuid")
	expect 'after the change, and not before' test "$ms" -ge 0
	show vmsafe events --db "$work/events.db" --vm "$vm_uuid" --full
	expect_line 'Event ID: 368'
	expect_text "MAC: $vm_other - Device ID: 0 - Source: Manager" \
		'vCenter has the new one'
	expect_text "MAC: $vm_mac - Device ID: 0 - Source: Filter Driver" \
		'what runs has the old one'
	expect_text 'Cause: C7, ' 'the cause is C7'
	say '' "From the change in vCenter to event 368: $ms ms." ''
}

vm_set_up
vm_change
