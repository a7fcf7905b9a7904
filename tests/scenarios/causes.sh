# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# Every cause, made to happen on real guests, and what "why" says of it.
#
#   br2 --- vnet* --- one          (C1, C4, C5, C7)
#       --- vnet* --- copy         (C3: made of one's XML)
#       --- vnet* --- desktop1-20  (C6)

one_uuid=3c2d8a5e-6c1f-4f57-8f0e-2d5a5a5e0c01
copy_uuid=3c2d8a5e-6c1f-4f57-8f0e-2d5a5a5e0c02
one_mac=52:54:00:AB:CC:01
one_wrong=52:54:00:AB:CC:99
causes_bridge=br2
causes_desktops=20
causes_file=$work/causes.json
causes_conf=/etc/modprobe.d/vmsafe-causes.conf
causes_index=/lib/modules/$(uname -r)/modules.dep
causes_installed=/lib/modules/$(uname -r)/extra/vmsafe_net.ko

why() { show vmsafe why --state none "$@"; }

# recover VM [OPTION...]: what an operator types when told to
recover() {
	show vmsafe recover --keep "$work/keep" --db "$work/causes.db" "$@"
}

# expect_mended VM STEP...: by these steps, and in sync
expect_mended() {
	local step
	expect_exit 0 'in sync'
	for step in "${@:2}"; do
		expect_match "$step: .*" "by $step"
	done
	expect_line "$1: in sync" 'as it says itself'
}

# first CAUSE STATUS: what the last "why" names first, and its exit status
first() {
	expect_exit "$2"
	expect_match "Cause 1: $1, .*" "names $1 first"
}

# steps STEP...: those of the cause named first, in this order
steps() {
	local line step n=0 inside=0 found=()
	for line in "${expect_output[@]}"; do
		case $line in
		'Cause 2'* | '') ((n == 0)) || break ;;
		'Steps:') inside=1 ;;
		*) ((!inside)) || {
			step=${line#*. }
			found+=("${step%%:*}")
			n=$((n + 1))
		} ;;
		esac
	done
	expect "and recommends $*, in this order" \
		test "${found[*]}" = "$*"
}

causes_lost() {
	[[ $(vmsafe status || true) = *'appliance lost'* ]]
}

# causes_inventory NAME UUID MAC...: a file inventory of VMs with a vNIC each
causes_inventory() {
	local comma=
	{
		echo '{ "vms": ['
		while (($#)); do
			echo "$comma{ \"uuid\": \"$2\", \"name\": \"$1\"," \
				'"vnics": [{ "device_id": 0,' \
				"\"mac\": \"$3\" }] }"
			comma=,
			shift 3
		done
		echo '] }'
	} >"$causes_file"
}

causes_set_up() {
	heading 'The Filter Driver is not loaded: C5, and why it is not'
	libvirt_start
	modprobe tun
	libvirt_wait
	bridge_add "$causes_bridge" 203.0.113.1/24
	domain_define one "$one_uuid" "$causes_bridge" virtio "${one_mac,,}"
	must virsh -q start --paused one
}

# because TEXT...: why says that it is C5, and each TEXT
because() {
	local text
	why one
	first C5 5
	for text; do
		expect_text "$text"
	done
}

causes_c5_files() {
	local other=/lib/modules/9.1.0-other
	because 'no vmsafe_net.ko is installed for kernel'
	steps R10 R11 R7
	undo rm -rf "$other" "$causes_installed" "$causes_conf"
	mkdir -p "$other/extra" "${causes_installed%/*}"
	cp "$module" "$other/extra/vmsafe_net.ko"
	because "it is installed for kernel 9.1.0-other, but $(uname -r) is running"
	rm -rf "$other"
	cp "$module" "$causes_installed"
	echo 'blacklist vmsafe_net' >"$causes_conf"
	because "but modprobe does not know it: run \"depmod" \
		'it is blacklisted (modprobe.d)'
	show vmsafe doctor
	expect_exit 5
	expect_text 'modprobe does not know it; run depmod' 'doctor agrees'
	undo cp -p "$work/modules.dep" "$causes_index"
	cp -p "$causes_index" "$work/modules.dep"
	echo 'extra/vmsafe_net.ko:' >>"$causes_index"
	echo 'install vmsafe_net /bin/false' >"$causes_conf"
	because 'modprobe is told to run "/bin/false" instead'
	rm "$causes_conf"
	because "vmsafe_net.ko is there, and nothing known is in the way"
}

# Of as many bytes, what says for which kernel it was built: for another one,
# and for one that has no SMP, which symbol versions do not make up for.
causes_c5_kernel() {
	local release other
	release=$(uname -r)
	other=9${release#?}
	say '' "A module that was built for another kernel." ''
	sed "s/vermagic=$release SMP/vermagic=$other UNI/" "$module" \
		>"$causes_installed"
	show vmsafe driver load "$causes_installed"
	expect_exit 1 'the kernel refuses it'
	expect_text 'it was built for another kernel'
	because "was built for kernel $other, but $release is running" \
		"the kernel log says: vmsafe_net: version magic '$other UNI"
	show vmsafe doctor
	expect_text "was built for kernel $other" 'doctor agrees'
	rm "$causes_installed"
	cp -p "$work/modules.dep" "$causes_index"
}

causes_c5_abi() {
	say '' 'A driver of another version of the interface.' ''
	must insmod "$tools/next-abi-$VMSAFE_KERNEL/vmsafe_net.ko"
	undo rmmod vmsafe_net
	because 'the driver speaks version 99 of the interface, this program version 1'
	steps R10 R11 R7
	show vmsafe status
	expect_exit 5
	expect_text 'ABI mismatch' 'status agrees'
	recover one R10
	expect_text 'version 99' 'and R10 names it'
	must rmmod vmsafe_net
}

causes_c5() {
	causes_c5_files
	causes_c5_kernel
	causes_c5_abi
	must insmod "$module"
	undo rmmod vmsafe_net
	say '' 'It is there, and an ioctl fails.' ''
	show forbid-ioctl LIST_VNICS vmsafe why --state none one
	first C5 5
	expect_text 'EIO (LIST_VNICS)' 'and says which ioctl failed'
}

causes_c1() {
	heading 'C1: just created, not bound yet'
	why --grace 3600 one
	first C1 3
	steps R0 R7
	expect_match 'State: pending \(.*\)' 'and that it does not count yet'
	recover one --yes
	expect_mended one R7
	why one
	expect_exit 0 'in sync'
	expect_line 'There is nothing to explain.'
}

causes_c7() {
	local port
	heading "C7: the MAC is changed behind the VM's back"
	read -r port < <(domain_ports one)
	causes_inventory one "$one_uuid" "$one_wrong"
	why --inventory "file:$causes_file" one
	first C7 4
	steps R5 R2 R6
	expect_text "the inventory has $one_wrong, the running process has $one_mac" \
		'says who contradicts whom'
	expect_match " +0 +$one_mac +$one_mac +$one_mac +$one_wrong +$one_mac +-" \
		'a table of what each says'
	say '' 'And in what the port is bound as.' ''
	must vmsafe vnic set "$port" --mac "$one_wrong"
	why one
	first C7 4
	expect_text "the Filter Driver has $one_wrong, the running process has $one_mac" \
		'says who contradicts whom'
	steps R7 R2 R6
	recover one --yes
	expect_mended one R7
	why one
	expect_exit 0 'in sync again'
}

# copy_start OPTION...: define it as the clone that it was made as, and start it
copy_start() {
	must virsh -q define "$work/copy.xml"
	must virsh -q start "$@" copy
}

# copy_mac: of its definition
copy_mac() {
	virsh -q dumpxml --inactive copy |
		sed -n "s/.*<mac address='\(.*\)'.*/\1/p"
}

causes_c3() {
	local port
	heading "C3: one's XML is taken for a clone, and started"
	virsh -q dumpxml one |
		sed -e "s|<name>one<|<name>copy<|; s|$one_uuid|$copy_uuid|" \
			-e '/<target dev=/d; /<alias /d' \
			-e '/<seclabel.*\/>/d' \
			-e '/<seclabel/,/<\/seclabel>/d' |
		polite_xml copy >"$work/copy.xml"
	undo virsh -q "undefine copy; destroy copy"
	copy_start
	read -r port < <(domain_ports one)
	show vmsafe bind --auto
	expect_exit 1 'refused'
	why copy
	first C3 4
	steps P2 R5 R2
	expect_text "MAC $one_mac is bound already, on port $port, to VM one" \
		'names the holder'
	expect_text 'second claim refused' 'shows what the driver has logged'
	why --lang ja copy
	expect_exit 4
	expect_line '原因 1: C3, 有効化済みの仮想マシンの複製'
	wait_for 120 'its guest listens to ACPI' polite_listens copy
	recover copy --yes
	expect_mended copy R5 R2
	expect_text 'it gets new ones' 'and says that its MAC changes'
	expect 'it has a MAC of its own' \
		test "$(copy_mac)" != "${one_mac,,}"
	why one
	expect_exit 0 'nothing happened to the other one'
	causes_c3_by_hand
	must virsh -q 'destroy copy; undefine copy'
}

causes_c3_by_hand() {
	local mac
	say '' 'Once more, and R5 alone; this guest cannot shut down.' ''
	must virsh -q 'destroy copy'
	copy_start --paused
	recover copy R5 --yes
	expect_exit 4 'with the MAC that it had, that is no help'
	expect_line 'Steps that fit: R5 (--new-macs) R2'
	recover copy R5 --new-macs --yes
	expect_exit 4 'it still runs with the old one'
	expect_line 'Steps that fit: R2'
	mac=$(copy_mac)
	why copy
	first C3 4
	steps R2 P2
	recover copy --yes
	expect_exit 1 'the guest is paused'
	expect_text 'resume it'
	expect 'it is not registered once more' test "$(copy_mac)" = "$mac"
	recover copy --yes --force --timeout 3
	expect_mended copy R2
}

causes_c4() {
	heading 'C4: the agent is killed'
	agent_configure
	agent_start
	wait_for 120 'the agent is ready' said ': ready$'
	wait_for 120 'one is in sync' calm
	causes_c4_killed
	recover one --yes
	expect_mended one R3
	why one
	expect_exit 0 'in sync again, with no agent'
	causes_c4_again
	causes_c4_hangs
}

# causes_c4_killed: what the next agent has to say of it is a new story
causes_c4_killed() {
	say "\$ kill -9 $agent_pid"
	end "$agent_pid" KILL
	story_goes_on
	why one
	first C4 5
	steps R3 R7
	expect_text "session ended without a detach"
	expect_text 'is in the mode "appliance lost, open"' \
		'and what that did to the vNIC'
	show vmsafe check --state none one
	expect_exit 5
	expect_line 'Cause: C4, the appliance was reset by force' \
		'the event names it as well'
	expect_line 'Steps: R3, R7'
}

# an agent that is started anew takes the session, and knows of the earlier one
causes_c4_again() {
	say '' 'The next agent is killed as well, and started anew.' ''
	agent_start
	wait_for 120 'the agent is ready' said ': ready$'
	wait_for 120 'one is in sync' calm
	causes_c4_killed
	agent_start
	wait_for 120 'the agent is ready again' said ': ready$'
	why one
	expect_exit 0 'in sync, and nobody had to do anything'
	wait_for 120 'that it is back is said' said 'event 731'
	expect 'that the earlier one ended without a word is said once' \
		test "$(times 'event 730')" = 1
	expect 'and so is that it is back' test "$(times 'event 731')" = 1
	show vmsafe events --db "$work/events.db" --limit 2 -o id,name
	expect_match ' *730 +Offline' 'the history has it'
	agent_reload
	expect 'it is not said again' test "$(times 'event 730')" = 1
	say "\$ kill $agent_pid"
	end "$agent_pid"
}

causes_c4_hangs() {
	say '' 'An appliance that hangs is another cause.' ''
	hold_session 100 1
	wait_for 30 'it is found missing' causes_lost
	why one
	first C5 5
	expect_text 'but sends no heartbeats'
	release_session
	hold_session 60000 1
	release_session
}

causes_c2() {
	heading 'C2: libvirtd is stopped'
	say "\$ kill $libvirt_pid"
	end "$libvirt_pid"
	why one
	first C2 5
	steps R9 R7 R8
	expect_text 'the inventory cannot be read: connecting to the inventory'
	recover one --yes
	expect_exit 5 'nobody answers yet'
	expect_match 'R9: .*' 'the way to the inventory is checked'
	libvirt_start
	libvirt_wait
	recover one R9
	expect_mended one R9
	why one
	expect_exit 0 'in sync again'
}

# desktops old|new: name, UUID and MAC of each, before or after, a line each
desktops() {
	local i letter=d octet=0
	[[ $1 = old ]] || letter=e octet=1
	for ((i = 1; i <= causes_desktops; i++)); do
		printf 'desktop%d\n%s0%s%02x\n52:54:00:DE:%02X:%02X\n' "$i" \
			3c2d8a5e-6c1f-4f57-8f0e-2d5a5a5e "$letter" "$i" \
			"$octet" "$i"
	done
}

# causes_recompose NAME UUID MAC...: such guests are started, paused
causes_recompose() {
	local create=
	while (($#)); do
		domain_xml "$1" "$2" "$causes_bridge" virtio "${3,,}" \
			>"$work/$1.xml"
		undo virsh -q destroy "$1"
		create+="create --paused $work/$1.xml; "
		shift 3
	done
	must virsh -q "$create"
}

causes_c6() {
	local old new i n=$causes_desktops
	heading "C6: $n desktops are recomposed in one burst"
	mapfile -t old < <(desktops old)
	mapfile -t new < <(desktops new)
	say 'The inventory has them as they were before.' ''
	causes_inventory one "$one_uuid" "$one_mac" "${old[@]}"
	causes_recompose "${new[@]}"
	why --grace 3600 --inventory "file:$causes_file" "${new[7]}"
	first C6 3
	steps P1 R7 R0
	expect_text "$n VMs that are not in sync came within 3600 s, with $n MACs"
	expect_text "and that hold no port: $n" 'and as many have gone'
	why --grace 3600 --inventory "file:$causes_file" "${old[7]}"
	first C6 3
	say '' 'The inventory has them as they are now.' ''
	causes_inventory one "$one_uuid" "$one_mac" "${new[@]}"
	recover "${new[6]}" --yes --inventory "file:$causes_file"
	expect_mended "${new[6]}" R7
	show vmsafe check --state none --inventory "file:$causes_file"
	expect_exit 0 'and so are all the others'
	expect_match "desktop$n +0 +${new[-1]} +.* +in sync +-" 'the last one'
	must virsh -q "$(for ((i = 1; i <= n; i++)); do
		printf 'destroy desktop%d; ' "$i"
	done)"
}

causes_end() {
	must virsh -q 'destroy one; undefine one'
	must rmmod vmsafe_net
}

causes_set_up
causes_c5
causes_c1
causes_c7
causes_c3
causes_c4
causes_c2
causes_c6
causes_end
