# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# A kernel that does not take the module (C5): no unsigned one, then none.
# Each of these lasts until the next boot, so this comes after all others.

wo_uuid=8e1f0c5a-6c1f-4f57-8f0e-3d5a5a5e0c01
wo_mac=52:54:00:AD:0C:01

# wo_refused WHY: the kernel does not take it, and this is why
wo_refused() {
	show vmsafe driver load "$module"
	expect_exit 1 'the kernel refuses it'
	expect_text "$1"
}

# wo_because TEXT...: why names C5 first, and each TEXT as evidence
wo_because() {
	local text
	show vmsafe why --state none one
	expect_exit 5
	expect_match 'Cause 1: C5, .*' 'names C5 first'
	for text; do
		expect_text "$text"
	done
	expect_match '  1\. R10: .*' 'and recommends R10'
}

wo_set_up() {
	local folder
	heading 'A guest, and a module that nobody has signed'
	libvirt_start
	modprobe tun
	libvirt_wait
	bridge_add br8 203.0.113.1/24
	domain_define one "$wo_uuid" br8 virtio "${wo_mac,,}"
	must virsh -q start --paused one
	folder=/lib/modules/$(uname -r)/extra
	undo rm -f "$folder/vmsafe_net.ko"
	mkdir -p "$folder"
	cp "$module" "$folder/vmsafe_net.ko"
	expect 'it has no signature' test -z "$(modinfo -F sig_id "$module")"
	wo_because 'is there, but modprobe does not know it'
	expect_no_text 'is not signed' 'and this kernel would take it'
}

wo_lockdown() {
	heading 'Lockdown'
	echo integrity >/sys/kernel/security/lockdown
	wo_refused 'the kernel refuses it: it is locked down'
	wo_because 'is not signed, and the kernel is locked down (integrity)'
	expect_no_text sig_enforce 'which is another reason than this'
}

wo_unsigned() {
	heading 'module.sig_enforce'
	echo 1 >/sys/module/module/parameters/sig_enforce
	wo_refused 'the kernel takes only modules signed with a key that it knows'
	wo_because 'is not signed, and this kernel takes only signed modules (module.sig_enforce)'
}

wo_disabled() {
	heading 'kernel.modules_disabled'
	must sysctl -w kernel.modules_disabled=1
	wo_refused 'the kernel refuses it: it is locked down, module loading is disabled'
	wo_because 'module loading is disabled until the next boot (kernel.modules_disabled)'
	show vmsafe doctor
	expect_exit 5
	expect_text 'not loaded; module loading is disabled' 'doctor agrees'
	expect_text 'reboot' 'and says what helps'
	show vmsafe recover one R10 --db "$work/without.db"
	expect_exit 5
	expect_text 'module loading is disabled' 'so does R10'
}

wo_set_up
wo_lockdown
wo_unsigned
wo_disabled
