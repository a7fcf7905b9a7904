# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# Policies: loading, attaching, what ours drop and let pass, what is refused,
# what does no harm, and the proof that all of it is in force.
#
#    guest           (this namespace)           wire
#   +------+     +------------------------+    +------+
#   |  g0 =========  p0 --- br1 --- n0  =========  w0 |
#   +------+     +------------------------+    +------+

port=p0
port_uuid=4b1d4f0e-5f0a-4c57-9b40-0d5a5a5e0b01
port_mac=52:54:00:00:00:01
ours=$top/build/agent/policy/bpf
others=$tools/others.o

# wire_up: one line from the guest to the network, with frames of up to 9000
wire_up() {
	local side device
	modprobe -aq veth bridge || true
	must ip link add br1 mtu 9000 type bridge
	undo ip link del br1
	for side in guest:p0:g0 wire:n0:w0; do
		IFS=: read -r side device peer <<<"$side"
		must ip netns add "$side"
		undo ip netns del "$side"
		ip netns exec "$side" sysctl -qw net.ipv6.conf.all.disable_ipv6=1
		ip netns exec "$side" sysctl -qw \
			net.ipv6.conf.default.disable_ipv6=1
		must ip link add "$device" mtu 9000 type veth \
			peer name "$peer" mtu 9000 netns "$side"
		undo ip link del "$device"
		ip link set "$device" addrgenmode none
		must ip link set "$device" master br1 up
		# The frames' addresses are not where they say.
		bridge link set dev "$device" learning off
		must ip -n "$side" link set "$peer" up
	done
	ip link set br1 addrgenmode none
	must ip link set br1 up
	wait_for 20 'the line is up' line_up
}

line_up() {
	[[ $(</sys/class/net/p0/operstate) = up &&
		$(</sys/class/net/n0/operstate) = up &&
		$(bridge link show dev p0) = *'state forwarding'* &&
		$(bridge link show dev n0) = *'state forwarding'* ]]
}

# frames SUITE: send them, and say what came of each
frames() {
	local line status=0
	say "\$ policy-frames.py $1"
	"$here/policy-frames.py" "$1" >"$work/frames" 2>&1 </dev/null ||
		status=$?
	while IFS= read -r line; do
		case $line in
		'ok '*) passed "$1: ${line#ok }" ;;
		'not ok '*) failed "$1: ${line#not ok }" ;;
		*) say "$line" ;;
		esac
	done <"$work/frames"
	((status < 2)) || give_up "$1: all frames were sent"
	grep -q '^ok ' "$work/frames" || give_up "$1: there were frames"
}

# of_policy POLICY COLUMN: what "policy list" has there
of_policy() {
	vmsafe policy list -o "name,$2" | awk -v n="$1" '$1 == n { print $2 }'
}

# refused NAME TEXT COMMAND...: it fails with one line that has TEXT in it
refused() {
	local name=$1 text=$2
	shift 2
	show "$@"
	expect_exit 1 "$name"
	expect_text "$text" "says why: $text"
}

set_up() {
	heading 'A vNIC on a line'
	show vmsafe policy list --json
	expect_line '[]' 'without the driver there is a list, an empty one'
	must insmod "$module"
	undo rmmod vmsafe_net
	wire_up
	must vmsafe port add "$port"
	undo vmsafe port del "$port"
	show vmsafe vnic probe "$port"
	expect_exit 1 'an unbound port is not proven to be protected'
	must vmsafe bind "$port" --vm "$port_uuid" --name spoof \
		--device-id 0 --mac "$port_mac"
	undo vmsafe unbind "$port"
	show vmsafe vnic probe "$port"
	expect_exit 0 'bound, it is'
	show vmsafe vnic set "$port" --bypass 1
	show vmsafe vnic probe "$port" --json
	expect_exit 1 'in bypass it is not'
	expect_text '"mode": "bypass"'
	must vmsafe vnic set "$port" --bypass 0
	frames other
}

refusals() {
	heading 'What is refused'
	head -c 3000 "$ours/anti-spoof.o" >"$work/short.o"
	refused 'a truncated object is refused' short.o \
		vmsafe policy load "$work/short.o"
	refused 'a file that is none is refused' 'no eBPF object' \
		vmsafe policy load "$here/run"
	refused 'a file that is not there is refused' 'No such file' \
		vmsafe policy load "$work/none.o"
	refused 'of several programs one has to be chosen' '--section' \
		vmsafe policy load "$others"
	refused 'a section that is not there is refused' 'no such section' \
		vmsafe policy load "$others" --section tc/none
	refused 'a program of another type is refused' sched_cls \
		vmsafe policy load "$others" --section xdp
	refused 'what the verifier refuses is refused' 'verifier refuses' \
		vmsafe policy load "$others" --section tc/wild
	expect_text 'invalid access to packet' "the verifier's log is shown"
	show vmsafe policy load "$others" --section tc/shot --name ../x
	expect_exit 2 'a name that is a path is refused'
	refused 'a policy that is not loaded is refused' 'no policy nobody' \
		vmsafe policy attach "$port" nobody --both
	show vmsafe policy list --json
	expect_line '[]' 'nothing of all that was loaded'
	expect 'nothing is left over' [ -z "$(ls -A /sys/fs/bpf/vmsafe)" ]
}

load_ours() {
	local name
	heading 'Our policies'
	for name in anti-spoof allow-list intrusion-prevention; do
		must vmsafe policy load "$ours/$name.o"
		undo vmsafe policy unload "$name"
	done
	undo vmsafe policy detach "$port"
	refused 'a second one of that name is refused' 'loaded already' \
		vmsafe policy load "$ours/anti-spoof.o"
	show vmsafe policy attach "$port" anti-spoof
	expect_exit 2 'a direction has to be given'
	show vmsafe policy list
	expect_match 'anti-spoof +anti-spoof +0 .*' 'it is attached nowhere'
}

set_wrong() {
	heading 'Entries that are wrong change nothing'
	printf '%s\n' '# rules' 'both icmp any any any any' '' \
		'out tcp any any 10.0.0.1/8 443' >"$work/rules"
	refused 'bits behind the prefix' "rules:4: \"10.0.0.1/8\"" \
		vmsafe policy set allow-list --file "$work/rules"
	refused 'ports of a protocol without any' 'entry:2:' \
		vmsafe policy set allow-list 'in tcp any any any 1' \
		'in icmp any 1 any any'
	refused 'a MAC twice' 'entry:2:' vmsafe policy set anti-spoof \
		"$port_mac 10.0.0.1" "$port_mac"
	refused 'a signature that is too short' '4 to 32' \
		vmsafe policy set intrusion-prevention '1 any any "abc"'
	show vmsafe policy show allow-list --json
	expect_text '"entries": []' 'no rule was taken'
}

# set_begin POLICY: entries for it come from $slow, which is open; $setter
set_begin() {
	say "\$ vmsafe policy set $1 --file slow &"
	vmsafe policy set "$1" --file "$work/slow" >"$work/set" 2>&1 &
	setter=$!
	exec {slow}>"$work/slow"
}

set_end() {
	local status=0
	echo 'both udp any any any 7' >&"$slow"
	exec {slow}>&-
	wait "$setter" || status=$?
	emit <"$work/set"
	expect "exit status $1: $2" [ "$status" = "$1" ]
}

set_slowly() {
	local slow setter
	heading 'Entries that take their time keep nobody waiting'
	mkfifo "$work/slow"
	set_begin allow-list
	must timeout 20 vmsafe policy load "$ours/allow-list.o" --name other
	set_end 0 'then they are set'
	show vmsafe policy show allow-list --json
	expect_text 'both udp any any any 7' 'and are in force'
	set_begin other
	must timeout 20 vmsafe policy unload other
	must vmsafe policy load "$ours/anti-spoof.o" --name other
	set_end 1 'they were for another policy of that name'
	must vmsafe policy unload other
}

try_spoof() {
	heading 'Anti-spoof'
	must vmsafe policy set anti-spoof "$port_mac 10.0.0.1 2001:db8::1"
	must vmsafe policy attach spoof anti-spoof --both
	frames anti-spoof
	show vmsafe policy log anti-spoof --count 3 --timeout 10
	expect_exit 0 'the log has it'
	expect_match ".* $port from-guest source-mac source_mac 52:54:00:00:00:FF .*" \
		'decoded'
	must vmsafe policy set anti-spoof \
		"$port_mac 10.0.0.1 2001:db8::1 dhcp-server router"
	show vmsafe policy show anti-spoof
	expect_line "  $port_mac 10.0.0.1 2001:db8::1 dhcp-server router"
	must vmsafe policy set anti-spoof --file /dev/null
	frames other
}

try_list() {
	heading 'Allow list'
	show vmsafe policy attach "$port" allow-list --in
	expect_exit 1 'a vNIC that has a policy is not given another'
	must vmsafe policy set allow-list \
		'out tcp 10.0.0.0/24 any 10.0.0.2 443' \
		'in tcp 10.0.0.2 443 10.0.0.1 1024-65535' \
		'out udp any any any 5000-5010' 'both icmp any any any any' \
		'out udp 2001:db8::/32 any any 53'
	must vmsafe policy replace "$port" allow-list
	frames allow-list
	show vmsafe policy log allow-list --json --count 1 --timeout 10
	expect_text '"reason":"not-allowed"' 'its log says why'
	show vmsafe policy show allow-list
	expect_line '  out tcp 10.0.0.0/24 any 10.0.0.2 443' 'shows its rules'
}

try_prevention() {
	heading 'Intrusion Prevention'
	must vmsafe policy set intrusion-prevention \
		'1 tcp 80 "GET /etc/passwd"' '2 any any "-worm"' \
		'3 any any "-worse"' '4 udp any "\x90\x90\x00\xFF"'
	must vmsafe policy replace "$port" intrusion-prevention
	frames intrusion-prevention
	show vmsafe policy log intrusion-prevention --count 1 --timeout 10
	expect_text 'signature signature 1 ' 'the log names the signature'
	show vmsafe policy list -o name,attached,drops
	expect_match 'intrusion-prevention +2 +15' 'drops are counted'
	show vmsafe vnic probe "$port"
	expect_exit 0 'the probe met the policy'
	expect_match 'from-guest +yes +enforcing +intrusion-prevention .*yes' \
		'by name'
	refused 'a policy in use is not unloaded' "$port from-guest" \
		vmsafe policy unload intrusion-prevention
}

# hostile NAME: what gives no verdict follows the failure policy
hostile() {
	local errors
	must vmsafe policy load "$others" --section "tc/$1" --name "$1"
	undo vmsafe policy unload "$1"
	must vmsafe policy replace "$port" "$1"
	frames other
	errors=$(of_policy "$1" errors)
	expect "$1 counts as an error ($errors)" [ "$errors" -ge 4 ]
	show vmsafe vnic set "$port" --failure-policy fail-closed
	show vmsafe vnic probe "$port"
	expect_match 'from-guest +yes +enforcing .* policy-error +yes' \
		'with fail-closed its packets are dropped'
	expect_exit 0 'and that is proven'
	must vmsafe vnic set "$port" --failure-policy fail-open
}

try_others() {
	local name
	heading 'Policies of others'
	for name in garbage stolen redirect; do
		hostile "$name"
	done
	must vmsafe policy load "$tools/single.o"
	undo vmsafe policy unload single
	must vmsafe policy replace "$port" single --out
	frames other
	show vmsafe policy log single --count 1 --timeout 10
	expect_match '.* data [0-9a-f]{8}' 'a foreign record is shown as it is'
	for name in classifier cls_main; do
		must vmsafe policy load "$others" --section "$name" \
			--name "$name"
		undo vmsafe policy unload "$name"
		must vmsafe policy replace "$port" "$name" --out
		must vmsafe policy replace "$port" "$name" --in
		frames other
	done
	refused 'it has nothing to set' 'nothing that can be set' \
		vmsafe policy set cls_main x
	must vmsafe policy load "$tools/mimic.o"
	undo vmsafe policy unload mimic
	must vmsafe policy replace "$port" mimic
	frames other
	show vmsafe policy show mimic
	expect_line 'Kind: other' 'maps under our names are not taken for ours'
	refused 'nor set' 'nothing that can be set' \
		vmsafe policy set mimic 'in any any any any any'
	refused 'nor read as a log' 'no ring buffer' \
		vmsafe policy log mimic --count 1
}

# Without a gap: a policy that drops is replaced by one that drops, again and
# again; not one of the packets that flow meanwhile gets through.
swap_under_traffic() {
	local i before after
	heading 'Replaced under traffic, and killed'
	for i in 1 2; do
		must vmsafe policy load "$others" --section tc/shot \
			--name "shot$i"
		undo vmsafe policy unload "shot$i"
	done
	must vmsafe policy replace "$port" shot1
	before=$(counted "$port" from)
	ip -n guest addr add 10.0.0.1/24 dev g0
	ip -n guest neigh add 10.0.0.2 lladdr 52:54:00:00:00:02 dev g0
	ip netns exec guest ping -f -q 10.0.0.2 >/dev/null 2>&1 </dev/null &
	undo end $!
	for i in 2 1 2 1 2 1 2 1; do
		vmsafe policy replace "$port" "shot$i" >/dev/null
	done
	wait_for 20 'packets flow' sent_some
	end $!
	after=$(counted "$port" from)
	expect "no packet was let through ($((after - before)))" \
		[ "$after" = "$before" ]
	must vmsafe policy detach "$port"
}

sent_some() { (($(of_policy shot1 drops) + $(of_policy shot2 drops) > 20)); }

killed() {
	local i
	for i in 1 2 3 4 5 6; do
		vmsafe policy load "$ours/anti-spoof.o" --name half \
			>/dev/null 2>&1 &
		sleep "0.0$i"
		kill -KILL $! 2>/dev/null || true
		wait $! 2>/dev/null || true
		[[ ! -e /sys/fs/bpf/vmsafe/half ||
			-e /sys/fs/bpf/vmsafe/half/to_guest ]] ||
			failed 'a killed load leaves nothing half done'
		vmsafe policy unload half >/dev/null 2>&1 || true
	done
	must vmsafe policy load "$ours/anti-spoof.o" --name half
	must vmsafe policy unload half
	expect 'what killed loads left is gone' \
		[ ! -e /sys/fs/bpf/vmsafe/+new ]
}

end_of_it() {
	local name
	heading 'The end'
	show vmsafe policy detach "$port"
	expect_exit 1 'there is nothing left to detach'
	frames other
	for name in $(vmsafe policy list -o name | sed 1d); do
		must vmsafe policy unload "$name"
	done
	expect 'nothing is left' [ -z "$(ls -A /sys/fs/bpf/vmsafe)" ]
	umount /sys/fs/bpf
	undo mount -t bpf bpf /sys/fs/bpf
	refused 'without a BPF file system it says so' 'mount -t bpf none' \
		vmsafe policy load "$ours/anti-spoof.o"
	must vmsafe unbind "$port"
	must vmsafe port del "$port"
	must rmmod vmsafe_net
}

set_up
refusals
load_ours
set_wrong
set_slowly
try_spoof
try_list
try_prevention
try_others
swap_under_traffic
killed
end_of_it
