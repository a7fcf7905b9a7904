# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# A kernel that does not take the module (C5): one that takes none at all, then no
# unsigned one, nor one whose key it does not know, then none any more.
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

# A /proc without "modules", and nothing else that is different, is what such a
# kernel shows; these do have it.
wo_no_support() {
	local proc=$work/proc
	heading 'No module support'
	mkdir "$proc"
	# shellcheck disable=SC2016	# for the shell there
	show unshare --mount sh -ec '
		mount --rbind /proc "$1"
		mount -t tmpfs none /proc
		for name in $(ls "$1"); do
			case $name in
			modules) ;;
			*) ln -s "$1/$name" "/proc/$name" ;;
			esac
		done
		shift
		vmsafe doctor || test $? = 5
		exec vmsafe why --state none one
	' sh "$proc"
	expect_exit 5
	expect_text "not loaded; kernel $(uname -r) cannot load modules" \
		'doctor says so'
	expect_match 'Cause 1: C5, .*' 'why names C5 first'
	expect_line "  - kernel $(uname -r) cannot load modules"
	expect_match '  1\. R10: .*' 'and recommends R10'
}

# wo_sign: the module, with a key made for this, which no kernel knows
wo_sign() {
	local kernel sign
	kernel=$(uname -r)
	for sign in "/lib/modules/$kernel/build/scripts/sign-file" \
		/usr/lib/linux-kbuild-*/scripts/sign-file; do
		[[ ! -x $sign ]] || break
	done
	must openssl req -x509 -newkey rsa:2048 -nodes -days 2 -batch \
		-subj '/CN=Throw-away key' -keyout "$work/key.pem" \
		-out "$work/key.crt"
	wo_signed=$work/vmsafe_net.ko
	must "$sign" sha256 "$work/key.pem" "$work/key.crt" "$module" \
		"$wo_signed"
	expect 'it has a signature' \
		test "$(modinfo -F signer "$wo_signed")" = 'Throw-away key'
}

# wo_unknown_key: the kernel takes only what is signed, and by whom it knows
wo_unknown_key() {
	local file folder
	heading 'A key that the kernel does not know'
	wo_sign
	folder=/lib/modules/$(uname -r)
	file=$folder/extra/vmsafe_net.ko
	cp "$wo_signed" "$file"
	cp -p "$folder/modules.dep" "$work/modules.dep"
	undo cp -p "$work/modules.dep" "$folder/modules.dep"
	echo 'extra/vmsafe_net.ko:' >>"$folder/modules.dep"
	wo_because 'is there, and nothing known is in the way'
	expect_no_text 'is signed by' 'nobody has been refused yet'
	show vmsafe driver load "$file"
	expect_exit 1 'the kernel refuses it'
	expect_text 'the kernel does not know the key that it is signed with'
	wo_because "$file is signed by Throw-away key, and the kernel has refused a module whose key it does not know" \
		'Loading of module with unavailable key is rejected'
	expect_no_text 'is not signed' 'which is another reason than this'
	show vmsafe doctor
	expect_exit 5
	expect_text 'not loaded; '"$file"' is signed by Throw-away key' \
		'doctor agrees'
	cp "$module" "$file"
	cp -p "$work/modules.dep" "$folder/modules.dep"
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
wo_no_support
wo_lockdown
wo_unsigned
wo_unknown_key
wo_disabled
