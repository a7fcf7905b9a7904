# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# The lives of guests, ports, driver and agent, in every order.
#
#   br4 --- vnet* --- alpha
#       --- vnet* --- beta, later gamma
#       --- old0      (bound to a VM that nobody knows)

lc_alpha=2e5d1c6f-93a0-4a3c-8a11-4d5a5a5e0a01
lc_beta=2e5d1c6f-93a0-4a3c-8a11-4d5a5a5e0a02
lc_gamma=2e5d1c6f-93a0-4a3c-8a11-4d5a5a5e0a03
lc_old=2e5d1c6f-93a0-4a3c-8a11-4d5a5a5e0a09
lc_alpha_mac=52:54:00:11:FE:01
lc_beta_mac=52:54:00:11:FE:02
lc_gamma_mac=52:54:00:11:FE:03
lc_old_mac=52:54:00:11:FE:09
lc_hot_mac=52:54:00:11:FE:11
lc_next_mac=52:54:00:11:FE:12
lc_bridge=br4

lc_bound() { in_mode "$1" enforcing; }

# lc_ports: alpha0 and beta0, their ports
lc_ports() {
	read -r alpha0 < <(domain_ports alpha)
	read -r beta0 < <(domain_ports beta)
}

lc_story() {
	wait_for 120 'all is in sync, and nothing is open' calm
	story "$1"
}

# lc_sends NAME PORT: the guest runs until it has sent something
lc_sends() {
	local before
	before=$(packets "$2" rx)
	must virsh -q resume "$1"
	wait_for 120 "a packet from $1" sent_more "$2" "$before"
	must virsh -q suspend "$1"
}

# lc_entry PORT: its creation ID and whose it is
lc_entry() { vmsafe vnic list --port "$1" -o id,vm_uuid,device_id,mac,bound; }

lc_set_up() {
	heading 'A host boots: a guest starts before anything else'
	libvirt_start
	bridge_add "$lc_bridge" 198.51.100.1/24
	modprobe tun
	libvirt_wait
	domain_features='<acpi/>'
	domain_define alpha "$lc_alpha" "$lc_bridge" virtio "${lc_alpha_mac,,}"
	domain_define beta "$lc_beta" "$lc_bridge" virtio "${lc_beta_mac,,}"
	domain_define gamma "$lc_gamma" "$lc_bridge" virtio \
		"${lc_gamma_mac,,}"
	domain_features=
	must virsh -q start --paused alpha
	read -r alpha0 < <(domain_ports alpha)
}

lc_s08() {
	heading 'S08: a tap is up when the module loads'
	expect "$alpha0 is up" test -n "$(ip link show dev "$alpha0" up)"
	must insmod "$module"
	undo rmmod vmsafe_net
	show vmsafe vnic list
	expect_match "$alpha0 +tap +- +- +- +unbound-pass" 'it is listed'
	traffic_start 198.51.100.255
	wait_for 120 'what goes to the guest is seen' \
		counts_more "$alpha0" to 0
	traffic_stop
	lc_sends alpha "$alpha0"
	show vmsafe vnic list -o port,mode,from_guest_packets
	expect_match "$alpha0 +unbound-pass +$(packets "$alpha0" rx)" \
		'and every packet that comes from it'
}

lc_s19() {
	local before
	heading 'S19: guests start before the agent, and the default is drop'
	must vmsafe host set --unbound-default drop
	must virsh -q start --paused beta
	lc_ports
	before=$(packets "$lc_bridge" rx)
	lc_sends beta "$beta0"
	expect 'nothing has reached the bridge' \
		test "$(packets "$lc_bridge" rx)" = "$before"
	show vmsafe vnic list -o port,mode,from_guest_packets,from_guest_drops
	expect_match "$beta0 +unbound-drop +[0-9]+ +$(packets "$beta0" rx)" \
		'all that came from the guest was dropped, and is counted'
	expect_match "$alpha0 +unbound-drop .*" \
		'so it is for a guest that ran before'
}

lc_s06() {
	local before
	heading 'S06: what is bound already when the agent starts'
	tap_add old0 "$lc_bridge"
	must vmsafe bind old0 --vm "$lc_old" --name old --device-id 0 \
		--mac "$lc_old_mac"
	must vmsafe bind "$alpha0" --vm "$lc_alpha" --name alpha \
		--device-id 0 --mac "$lc_alpha_mac"
	before=$(lc_entry "$alpha0")
	agent_configure
	agent_start
	wait_for 120 'the agent is ready' said ': ready$'
	wait_for 120 "$beta0 is bound" lc_bound "$beta0"
	lc_sends beta "$beta0"
	expect 'what beta sends reaches the bridge now' \
		sent_more "$lc_bridge" 0
	wait_for 120 'event 368 tells of the one that is left over' \
		said "event 368.*\\($lc_old\\).*MAC: $lc_old_mac - Device ID: 0 - Source: Filter Driver"
	show vmsafe vnic list -o port,vm_name,device_id,mac,mode
	expect_match "old0 +old +0 +$lc_old_mac +enforcing" \
		'which the agent leaves as it is'
	expect 'the one that is right is what it was' \
		test "$(lc_entry "$alpha0")" = "$before"
	expect 'the agent runs' alive "$agent_pid"
	show vmsafe forget old0 --yes
	expect_exit 0
	wait_for 120 'event 9000: it is gone' said "event 9000.*\\($lc_old\\)"
	must ip link del old0
	must vmsafe host set --unbound-default pass
}

lc_s07() {
	local before
	lc_story 'S07: a tap is renamed while it is up'
	before=$(lc_entry "$alpha0")
	show ip link set "$alpha0" name lc-renamed
	if ((expect_status)); then
		say 'Older kernels let nobody do that. Down, then.' ''
		must ip link set "$alpha0" down
		must ip link set "$alpha0" name lc-renamed up
	fi
	show vmsafe vnic list
	expect_match "lc-renamed +tap +alpha +0 +$lc_alpha_mac +enforcing" \
		'its entry has the new name'
	expect_no_text "$alpha0 " 'and no entry has the old one'
	expect 'it is the same entry' \
		test "$(lc_entry lc-renamed)" = "$before"
	wait_for 120 'all is in sync' calm
	wait_for 120 'nothing is left that was told of it' unharmed "$lc_alpha"
	ip link set lc-renamed down
	must ip link set lc-renamed name "$alpha0" up
}

lc_s10() {
	story 'S10: a link goes without going down first'
	tap_add gone0 "$lc_bridge"
	show vmsafe vnic list --port gone0
	expect_match 'gone0 +tap .* unbound-pass' 'it is there, and up'
	must ip link del gone0
	show vmsafe vnic list
	expect_no_text gone0 'its entry is gone with it'
	tap_add gone0 "$lc_bridge"
	show vmsafe vnic list --port gone0
	expect_match 'gone0 +tap +- +- +- +unbound-pass' \
		'the next of that name inherits nothing'
	must ip link del gone0
}

lc_pid() { pgrep -f "guest=$1,"; }
lc_start() { virsh -q start --paused "$1" >/dev/null 2>&1; }

lc_s02() {
	local i pid
	lc_story 'S02: QEMU dies by SIGKILL, and the VM starts again at once'
	for i in 1 2 3; do
		pid=$(lc_pid alpha)
		say "\$ kill -KILL $pid"
		kill -KILL "$pid"
		wait_for 120 'the VM starts again' lc_start alpha
		read -r alpha0 < <(domain_ports alpha)
		wait_for 120 "its new port, $alpha0, is bound" \
			lc_bound "$alpha0"
	done
	wait_for 120 'all is in sync' calm
	show vmsafe vnic list --vm "$lc_alpha"
	expect 'it has one entry' test "${#expect_output[@]}" = 2
	expect_match "$alpha0 +tap +alpha +0 +$lc_alpha_mac +enforcing" \
		'that of its port'
	expect 'no binding was refused' test "$(times 'binding|EEXIST')" = 0
	wait_for 120 'nothing is left that was told of it' unharmed "$lc_alpha"
}

lc_s14() {
	lc_story 'S14: nothing is protected before the driver says so'
	say "\$ kill -STOP $agent_pid"
	kill -STOP "$agent_pid"
	must virsh -q destroy alpha
	must virsh -q start --paused alpha
	read -r alpha0 < <(domain_ports alpha)
	show vmsafe check --state none -o vm_name,state alpha
	expect 'a new guest that is not bound is not in sync' \
		test "$expect_status" != 0
	expect_match 'alpha +out of sync' 'but out of sync'
	show vmsafe vnic list
	expect_match "$alpha0 +tap +- +- +- +unbound-pass" 'it is not bound'
	say "\$ kill -CONT $agent_pid"
	kill -CONT "$agent_pid"
	wait_for 120 'the driver has it bound' lc_bound "$alpha0"
	show vmsafe check --state none alpha
	expect_exit 0 'in sync, and not before'
	wait_for 120 'the agent said so once' lc_bound_once alpha "$alpha0"
}

# lc_bound_once VM PORT: the agent has said so, and not again
lc_bound_once() { (($(times "bound $2 to $1") == 1)); }

lc_s20() {
	lc_story 'S20: a vNIC is plugged into a running guest'
	monitor_start
	must virsh -q attach-interface alpha bridge "$lc_bridge" \
		--mac "${lc_hot_mac,,}" --model virtio --live
	{ read -r _; read -r hot0; } < <(domain_ports alpha)
	wait_for 120 "$hot0 is bound" lc_bound "$hot0"
	wait_for 60 'and the driver has said so' \
		grep -q "vnic bound port $hot0 " "$monitor_log"
	show grep " port $hot0 " "$monitor_log"
	expect_first_seen "$hot0"
	monitor_stop
	show vmsafe vnic list --port "$hot0"
	expect_match "$hot0 +tap +alpha +1 +$lc_hot_mac +enforcing" \
		'as the hypervisor says, which is on no command line'
}

# lc_pending CHANGE: alpha is in sync, and it is told that this is pending,
# by the hypervisor's word alone and by the agent's
lc_pending() {
	show vmsafe why --state none alpha
	expect_exit 0
	expect_line "Pending change at the next start: device ID $1" \
		'a change that is pending'
	wait_for 60 'the agent knows of it' lc_agent_says "$1"
	show vmsafe why alpha
	expect_exit 0 'and is in sync'
	expect_line "Pending change at the next start: device ID $1" \
		'which the agent says as well'
	show vmsafe why --lang ja alpha
	expect_match "次の起動で有効になる変更: デバイス ID ${1%% *} ?.*" \
		'in Japanese, too'
	show vmsafe why --json alpha
	expect_text "\"text\": \"Pending change at the next start: device ID $1\"" \
		'and in a document'
}

lc_agent_says() { [[ $(vmsafe why alpha || true) = *"device ID $1"* ]]; }

lc_s17() {
	lc_story 'S17: live and persistent definition disagree'
	must virsh -q attach-interface alpha bridge "$lc_bridge" \
		--mac "${lc_next_mac,,}" --model virtio --config
	show vmsafe check --state none alpha
	expect_exit 0 'the one that runs counts'
	show vmsafe why --state none alpha
	expect_match " +1 +$lc_next_mac +$lc_hot_mac +.* +$lc_hot_mac +$lc_hot_mac +-" \
		'the other is shown, as what it will be'
	lc_pending "1: $lc_next_mac (now $lc_hot_mac)"
	must virsh -q detach-interface alpha bridge \
		--mac "${lc_next_mac,,}" --config
	lc_pending "1: $lc_hot_mac is removed"
	say '' 'Another start, and the vNIC that was plugged in is no more.' ''
	must virsh -q 'destroy alpha; start --paused alpha'
	read -r alpha0 < <(domain_ports alpha)
	wait_for 120 "$alpha0 is bound" lc_bound "$alpha0"
	wait_for 120 'all is in sync' calm
	wait_for 120 'nothing is left that was told of it' unharmed "$lc_alpha"
}

lc_drops() {
	vmsafe policy list -o name,drops | awk '$1 == "lc-drop" { print $2 }'
}

lc_s18() {
	local bad=$tools/others.o
	lc_story 'S18: a bad policy is meant for one vNIC'
	must vmsafe policy load "$bad" --section tc/shot --name lc-drop
	undo vmsafe policy unload lc-drop
	must vmsafe policy attach "$alpha0" lc-drop --out
	show vmsafe policy load "$bad" --section tc/wild --name lc-wild
	expect_exit 1 'what the verifier refuses is not loaded'
	expect_text 'verifier refuses'
	expect_text 'invalid access to packet' "and the verifier's reason shown"
	show vmsafe policy replace "$alpha0" lc-wild
	expect_exit 1 'nor put in the place of the old one'
	expect_text 'no policy lc-wild'
	show vmsafe policy list -o name,attached
	expect_match 'lc-drop +[1-9][0-9]*' 'the old one stays'
	expect_no_text lc-wild 'there is no other'
	lc_sends alpha "$alpha0"
	expect 'and is in force' test "$(lc_drops)" -gt 0
	expect 'nothing is told of alpha' test "$(told "$lc_alpha")" = ''
	must vmsafe policy detach "$alpha0"
	must vmsafe policy unload lc-drop
}

lc_s03() {
	lc_story 'S03: the agent is down while one VM goes and another comes'
	must ip link del "$beta0"
	wait_for 120 'beta is out of sync' said "event 368.*\\($lc_beta\\)"
	say "\$ kill $agent_pid"
	end "$agent_pid"
	must virsh -q 'destroy beta; start --paused gamma'
	read -r gamma0 < <(domain_ports gamma)
	expect 'gamma is not bound' in_mode "$gamma0" unbound-pass
	agent_start
	wait_for 120 'the agent is ready' said ': ready$'
	wait_for 120 'event 9000: beta has gone' \
		said "event 9000.*\\($lc_beta\\)"
	wait_for 120 'gamma is bound' lc_bound "$gamma0"
	wait_for 120 'and all is in sync' calm
	wait_for 120 'nothing is left that was told of beta' settled "$lc_beta"
	wait_for 120 'nothing is left that was told of gamma' unharmed "$lc_gamma"
	show vmsafe vnic list
	expect_match "$gamma0 +tap +gamma +0 +$lc_gamma_mac +enforcing" \
		'gamma is what it is'
	expect_no_text beta 'nothing is left of beta'
}

lc_set_up
lc_s08
lc_s19
lc_s06
lc_s07
lc_s10
lc_s02
lc_s14
lc_s20
lc_s17
lc_s18
lc_s03
said_all
end "$agent_pid"
