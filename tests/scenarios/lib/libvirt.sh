# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# libvirtd and its guests. The test VM has no systemd, no security driver and
# no cgroups to speak of, so libvirtd is told to do without. Guests have no
# disk: iPXE asks for an address, again and again, and that is their traffic.

libvirt_pid=

libvirt_answers() { virsh -q uri >/dev/null 2>&1; }

# libvirt_start: libvirtd, as it would run on a host
libvirt_start() {
	cat >/etc/libvirt/qemu.conf <<-'END'
		security_driver = "none"
		user = "root"
		group = "root"
		cgroup_controllers = []
		namespaces = []
		stdio_handler = "file"
	END
	cat >"$work/libvirtd.conf" <<-END
		auth_unix_ro = "none"
		auth_unix_rw = "none"
		log_outputs = "3:file:$work/libvirtd.log"
	END
	libvirtd --config "$work/libvirtd.conf" >"$work/libvirtd.out" 2>&1 \
		</dev/null &
	libvirt_pid=$!
	# Started again, it still goes after the domains that it is to undefine.
	[[ " ${undo_list[*]-} " == *' libvirt_end '* ]] || undo libvirt_end
}

libvirt_end() { end "$libvirt_pid"; }

libvirt_wait() {
	wait_for 60 'libvirtd answers' libvirt_answers
}

# bridge_add NAME ADDRESS: a bridge with an address of its own
bridge_add() {
	must ip link add "$1" type bridge
	undo ip link del "$1"
	must ip addr add "$2" dev "$1"
	must ip link set "$1" up
}

# domain_xml NAME UUID BRIDGE MODEL MAC...: with domain_features in it. Without
# <acpi/> nothing can be plugged in later.
domain_features=
domain_xml() {
	local name=$1 uuid=$2 bridge=$3 model=$4 mac
	shift 4
	cat <<-END
		<domain type='qemu'>
		  <name>$name</name>
		  <uuid>$uuid</uuid>
		  <memory unit='MiB'>64</memory>
		  <vcpu>1</vcpu>
		  <os>
		    <type arch='x86_64' machine='pc'>hvm</type>
		    <boot dev='network'/>
		    <bios rebootTimeout='0'/>
		  </os>
		  <features>$domain_features</features>
		  <devices>
		    <emulator>/usr/bin/qemu-system-x86_64</emulator>
	END
	for mac; do
		cat <<-END
			    <interface type='bridge'>
			      <mac address='$mac'/>
			      <source bridge='$bridge'/>
			      <model type='$model'/>
			    </interface>
		END
	done
	cat <<-END
		    <controller type='usb' model='none'/>
		    <memballoon model='none'/>
		  </devices>
		</domain>
	END
}

# domain_define NAME UUID BRIDGE MODEL MAC...
domain_define() {
	domain_xml "$@" >"$work/$1.xml"
	must virsh -q define "$work/$1.xml"
	# Still running, it lives on until it is destroyed.
	undo virsh -q "undefine $1; destroy $1"
}

# domain_ports NAME: its ports, in the order of its vNICs, one a line
domain_ports() {
	local port type
	while read -r port type _; do
		[[ $type != bridge ]] || echo "$port"
	done < <(virsh -q domiflist "$1")
}

# polite_xml NAME <XML: of a domain's XML, one of the smallest guest that heeds a
# request to shut down: a boot sector for the "pc" machine. It enables the power
# button's event (port 0x602), says so on the serial line, halts until the event
# is there (0x600), and goes to S5 (0x604).
polite_xml() {
	{
		printf '\373\272\002\006\270\000\001\357'
		printf '\272\370\003\260R\356'
		printf '\364\272\000\006\355\366\304\001\164\366'
		printf '\272\004\006\270\000\040\357\353\376'
		head -c 477 /dev/zero
		printf '\125\252'
	} >"$work/$1.img"
	sed -e "s|<boot dev='network'/>|<boot dev='hd'/>|" \
		-e "s|<devices>|<features><acpi/></features>&|" \
		-e "s|</devices>|<disk type='file' device='disk'><driver \
name='qemu' type='raw'/><source file='$work/$1.img'/><target dev='hda' \
bus='ide'/></disk><serial type='file'><source path='$work/$1.serial'/>\
</serial>&|"
}

# polite_listens NAME: such a guest is up, and would heed the request
polite_listens() { grep -q R "$work/$1.serial"; }
