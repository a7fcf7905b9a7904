# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# How long a new vNIC goes without identity: from the birth of its tap to its
# binding, by the driver's own clock. The agent, libvirt's hook and QEMU's
# script each have a second for it, with no help of another.
#
# An emulated machine is as slow as whatever else runs beside it, which says
# nothing about this. So this is to be run where a nanosecond is an instruction
# (scripts/vm --icount): that is a slow host, but always the same one. There a
# wait for the disk may count for more than it was, hence the tries. Elsewhere
# there is more time.

bd_one=2b7e4d90-93a0-4a3c-8a11-6d1c6f0d0401
bd_one_mac=52:54:00:B1:D0:01
bd_two=2b7e4d90-93a0-4a3c-8a11-6d1c6f0d0402
bd_two_mac=52:54:00:B1:D0:02
bd_bridge=br-bd
bd_tries=3
bd_limit=1000		# milliseconds
((VMSAFE_ICOUNT)) || bd_limit=20000

bd_set_up() {
	heading 'A hypervisor with the Filter Driver'
	bd_hook=/etc/libvirt/hooks/qemu
	bd_ifup=$work/qemu-ifup
	libvirt_start
	bridge_add "$bd_bridge" 198.51.100.1/24
	modprobe tun
	must insmod "$module"
	undo rmmod vmsafe_net
	libvirt_wait
	domain_define one "$bd_one" "$bd_bridge" virtio "${bd_one_mac,,}"
	monitor_start
}

# bd_count: how many vNICs have been bound
bd_count() { grep -c ' vnic bound port ' "$monitor_log" || true; }
bd_more() { (($(bd_count) > $1)); }

# bd_took PORT: milliseconds from its birth to its binding
bd_took() {
	local lines created bound
	mapfile -t lines < <(vmsafe vnic list --port "$1" -o created,bound)
	read -r created bound <<<"${lines[1]}"
	echo $(((bound - created) / 1000000))
}

# bd_measure BINDER VM START STOP: the VM is started until it was bound in time
bd_measure() {
	local try before port took
	for ((try = 1; try <= bd_tries; try++)); do
		before=$(bd_count)
		"$3"
		wait_for 120 "$1 binds the vNIC of $2" bd_more "$before"
		port=$(sed -n 's/.* vnic bound port \([^ ]*\) .*/\1/p' \
			"$monitor_log" | tail -n 1)
		show vmsafe vnic list --port "$port" \
			-o port,vm_name,mode,created,bound
		expect_match "$port +$2 +.*" "it is bound to $2"
		took=$(bd_took "$port")
		say "$1: $took ms after the birth of $port"
		"$4"
		((took > bd_limit)) || break
	done
	expect "$1 binds it within $bd_limit ms of the tap's birth" \
		test "$took" -le "$bd_limit"
}

bd_start() { must virsh -q start --paused one; }
bd_stop() { must virsh -q destroy one; }

bd_agent() {
	heading 'The agent binds'
	agent_configure
	agent_start
	wait_for 120 'the agent is ready' said ': ready$'
	bd_measure 'the agent' one bd_start bd_stop
	expect 'as it says' said 'bound .* to one, device ID 0'
	say "\$ kill $agent_pid"
	end "$agent_pid"
}

# as installed, but for where vmsafe is
bd_install() {
	sed "s|/usr/sbin/vmsafe|$vmsafe|" "$top/agent/hooks/$1" >"$2"
	chmod +x "$2"
}

bd_libvirt() {
	heading "Libvirt's hook binds"
	mkdir -p "${bd_hook%/*}"
	undo rm -f "$bd_hook"
	bd_install qemu "$bd_hook"
	say 'libvirtd looks for hooks when it starts.' ''
	end "$libvirt_pid"
	libvirt_start
	libvirt_wait
	bd_measure "libvirt's hook" one bd_start bd_stop
	rm "$bd_hook"
}

# a guest whose QEMU makes its own tap and calls the script
bd_qemu_start() {
	local command=(qemu-system-x86_64 -name two -uuid "$bd_two" -S
		-accel tcg -m 64 -nodefaults -no-user-config -display none
		-netdev "tap,id=n0,ifname=bd-tap,script=$bd_ifup,downscript=no"
		-device "e1000,netdev=n0,mac=${bd_two_mac,,}")
	say "\$ $(quoted "${command[@]}") &"
	VMSAFE_IFUP='' "${command[@]}" </dev/null >"$work/two.log" 2>&1 &
	bd_qemu=$!
	undo end "$bd_qemu"
}

bd_qemu_stop() { end "$bd_qemu"; }

bd_script() {
	heading "QEMU's script binds"
	bd_install qemu-ifup "$bd_ifup"
	bd_measure "QEMU's script" two bd_qemu_start bd_qemu_stop
}

bd_set_up
bd_agent
bd_libvirt
bd_script
monitor_stop
