# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# vmsafe-agent.service as it is installed, under a systemd of its own: with no
# more rights than the unit leaves it, started, watched, restarted, stopped.
#
#   br-sv --- sv0 --- web

sv_web=7f1d3c60-93a0-4a3c-8a11-6d1c6f0d0201
sv_web_mac=52:54:00:5E:12:01
sv_inventory=/etc/vmsafe/inventory.json
sv_pins=/sys/fs/bpf/vmsafe-test
sv_init=

# host COMMAND...: among the processes of that systemd
host() { nsenter --target "$sv_init" --pid --mount -- "$@"; }

# sv_property NAME: of the unit
sv_property() { host systemctl show --property "$1" --value vmsafe-agent; }

# sv_is PROPERTY PATTERN
sv_is() { [[ $(sv_property "$1") =~ $2 ]]; }

# sv_restarted N: it is up again, and was started anew at least N times
sv_restarted() {
	(($(sv_property NRestarts) >= $1)) && sv_is ActiveState '^active$'
}

# sv_journal ID [PATTERN]: the journal has an event with that ID
sv_journal() {
	host journalctl --quiet --unit vmsafe-agent --output cat \
		--output-fields MESSAGE "VMSAFE_ID=$1" |
		grep -qE "${2-.}"
}

sv_inventory_write() {
	echo "{ \"vms\": [ { \"name\": \"web\", \"uuid\": \"$sv_web\"," \
		"\"vnics\": [ { \"device_id\": 0, \"mac\": \"$1\" } ] } ] }" \
		>"$sv_inventory.new"
	mv "$sv_inventory.new" "$sv_inventory"
}

# Of what Debian starts at boot, nothing but the journal.
sv_mask() {
	local unit
	mkdir -p /run/systemd/system
	for unit in /{lib,etc}/systemd/system/{sysinit,basic,sockets,timers,local-fs}.target.wants/*; do
		[[ $unit = *journald* || ! -e $unit ]] ||
			ln -sf /dev/null "/run/systemd/system/${unit##*/}"
	done
	printf '[Unit]\nDefaultDependencies=no\n' \
		>/run/systemd/system/vmsafe-test.target
}

sv_boot() {
	local outer
	sv_mask
	unshare --pid --fork --kill-child --mount --mount-proc \
		env -i PATH="$PATH" container=other /lib/systemd/systemd \
		--system --unit=vmsafe-test.target --show-status=no \
		</dev/null >"$work/systemd.log" 2>&1 &
	outer=$!
	undo end "$outer" KILL
	wait_for 120 'systemd has a process' sv_find "$outer"
	wait_for 120 'systemd answers' sv_answers
}

sv_find() { sv_init=$(pgrep --parent "$1"); }

sv_answers() { host systemctl list-units >/dev/null 2>&1; }

sv_set_up() {
	heading 'A host with the agent installed, and systemd'
	must make -s -C "$top" install-agent PREFIX=/usr
	bridge_add br-sv 203.0.113.1/24
	modprobe tun
	must insmod "$module"
	undo rmmod vmsafe_net
	tap_add sv0 br-sv
	sv_inventory_write "$sv_web_mac"
	cat >/etc/vmsafe/vmsafe-agent.conf <<-END
		[inventory]
		uri = file:$sv_inventory
		[check]
		grace = 1s
		[binder]
		hypervisor = none
	END
	sv_boot
	must host systemd-run --quiet --unit=guest-web qemu-system-x86_64 \
		-name web -uuid "$sv_web" -accel tcg -m 64 -nodefaults \
		-no-user-config -display none -S \
		-netdev tap,id=n0,ifname=sv0,script=no,downscript=no \
		-device "e1000,netdev=n0,mac=${sv_web_mac,,}"
}

sv_starts() {
	heading 'It starts, and says how things are'
	must host systemctl start vmsafe-agent
	expect 'it is active once it is ready' sv_is ActiveState '^active$'
	wait_for 120 'the guest is bound' in_mode sv0 enforcing
	wait_for 120 'its status says so' sv_is StatusText \
		'^in sync: 1, pending: 0, out of sync: 0, unknown: 0; Filter Driver: online$'
	show host systemctl status --no-pager vmsafe-agent
	expect_exit 0
	show vmsafe check --inventory "file:$sv_inventory" --state none
	expect_exit 0 'in sync'
	show vmsafe status
	expect_match 'Agent: process [0-9]+, in sync' 'it answers at its socket'
	show stat -c '%A %U %G' /run/vmsafe/agent.sock
	expect_line 'srw-rw---- root vmsafe' 'for root and the group vmsafe'
	show stat -c '%A %U' /var/lib/vmsafe/events.db
	expect_line '-rw------- root' 'its history is for root'
	expect 'event 731 is in the journal' wait_for 120 \
		'the journal has it' sv_journal 731
}

# sv_bits FIELD: of the agent's process
sv_bits() {
	host sed -n "s/^$1:[[:space:]]*//p" \
		"/proc/$(sv_property MainPID)/status"
}

sv_rights() {
	local mask=0 bit
	heading 'What it may'
	for bit in $sv_caps; do
		((mask |= 1 << bit))
	done
	expect 'it has the capabilities of its unit' \
		test "$(sv_bits CapEff)" = "$(printf %016x "$mask")"
	expect 'and can get no others' \
		test "$(sv_bits CapBnd)" = "$(printf %016x "$mask")"
	expect 'nor by a program' test "$(sv_bits NoNewPrivs)" = 1
	expect 'system calls are filtered' test "$(sv_bits Seccomp)" = 2
}

sv_differs() {
	heading 'What differs is told in the journal'
	sv_inventory_write 52:54:00:5E:12:99
	wait_for 120 'event 368 tells of web' sv_journal 368 \
		'52:54:00:5E:12:99 - Device ID: 0 - Source: Manager'
	wait_for 120 'its status says so' sv_is StatusText 'out of sync: 1'
	sv_inventory_write "$sv_web_mac"
	wait_for 120 'event 9000 takes it back' sv_journal 9000
	show vmsafe events --vm web -o id,target
	expect_match ' *368 +web.*' 'the history has the one'
	expect_match ' *9000 +web.*' 'and the other'
}

# sv_bypassed: led past the hooks, and not any more
sv_bypassed() {
	heading 'With these rights it finds programs that lead past the hooks'
	must tc qdisc add dev sv0 ingress
	must tc filter add dev sv0 ingress matchall \
		action mirred egress redirect dev br-sv
	wait_for 120 'a filter of tc' sv_journal 9004 'tc-ingress matchall mirred'
	must tc qdisc del dev sv0 ingress
	wait_for 120 'which is no more' sv_journal 9005
	[[ -e /proc/kallsyms ]] &&
		grep -q ' tcx_prog_query$' /proc/kallsyms || return 0
	mkdir "$sv_pins"
	undo rm -r "$sv_pins"
	must foreign-program load tc let_pass "$sv_pins/tc"
	must foreign-program attach "$sv_pins/tc" ingress sv0
	wait_for 120 'a program of tcx' sv_journal 9004 'tcx-ingress ebpf'
	must foreign-program detach "$sv_pins/tc" ingress sv0
}

sv_reloads() {
	local pid
	heading 'It reads its configuration again'
	pid=$(sv_property MainPID)
	must host systemctl reload vmsafe-agent
	expect 'it is the same process' test "$(sv_property MainPID)" = "$pid"
	expect 'active' sv_is ActiveState '^active$'
}

sv_dies() {
	heading 'It is killed, and systemd starts it again'
	must host systemctl kill --signal KILL vmsafe-agent
	wait_for 120 'it was started again' sv_restarted 1
	expect 'meanwhile the guest stayed filtered' in_mode sv0 enforcing
	wait_for 120 'in sync as before' sv_is StatusText '^in sync: 1,'
	wait_for 120 'that it had gone is in the journal' sv_journal 730
}

sv_hangs() {
	local again
	heading 'It hangs, and systemd notices'
	mkdir -p /run/systemd/system/vmsafe-agent.service.d
	printf '[Service]\nWatchdogSec=10s\nTimeoutAbortSec=2s\n' \
		>/run/systemd/system/vmsafe-agent.service.d/test.conf
	must host systemctl daemon-reload
	must host systemctl restart vmsafe-agent
	again=$((1 + $(sv_property NRestarts)))
	must host kill -STOP "$(sv_property MainPID)"
	wait_for 120 'it was started again' sv_restarted "$again"
	wait_for 120 'in sync as before' sv_is StatusText '^in sync: 1,'
}

# sv_recovers STEP WHAT: systemd sees to it, and the web is in sync afterwards
sv_recovers() {
	local before
	before=$(sv_property MainPID)
	show host vmsafe recover --yes web "$1"
	expect_exit 0
	expect_text "$2"
	expect "$1 started it anew" test "$(sv_property MainPID)" != "$before"
	expect 'the guest stayed filtered' in_mode sv0 enforcing
	expect 'it is active' sv_is ActiveState '^active$'
}

# The steps of the table that are about the appliance, on its real unit.
sv_restarts() {
	heading 'It is restarted, on request'
	sv_recovers R3 'systemctl restart vmsafe-agent.service'
	sv_recovers R11 'systemctl restart vmsafe-agent.service'
	show host vmsafe appliance deactivate
	expect_exit 0
	expect 'it was stopped' sv_is ActiveState '^inactive$'
	show host vmsafe appliance activate
	expect_exit 0
	expect 'it was started' sv_is ActiveState '^active$'
}

# sv_ask METHOD PATH [BODY]: the agent, at its socket
sv_ask() {
	curl -sS --unix-socket /run/vmsafe/agent.sock -X "$1" \
		${3:+-H 'Content-Type: application/json' -d "$3"} \
		"http://localhost$2"
}

sv_ended() { sv_ask GET "$1" 2>/dev/null | grep -q '"state":"ended"'; }

# What the agent begins for a program has no more rights than the unit.
sv_asked() {
	local href
	heading 'A program asks for recoveries'
	show sv_ask POST /v1/vms/web/recover '{"step":"R11","yes":true}'
	expect_text 'the agent cannot restart itself' 'who runs it is to do so'
	show sv_ask POST /v1/vms/web/recover '{"step":"R7","yes":true}'
	href=$(grep -oE '/v1/recoveries/[0-9]+' "$work/output")
	wait_for 120 'it ends' sv_ended "$href"
	show sv_ask GET "$href"
	expect_text '"exit_status":0' 'what the unit lets it do goes well'
	expect_text '"done":true' 'it was done'
	expect 'the guest stayed filtered' in_mode sv0 enforcing
}

# The device is made anew, maybe with another number.
sv_is_first() {
	heading 'It starts, and the driver is loaded later'
	must host systemctl stop vmsafe-agent
	must rmmod vmsafe_net
	must host systemctl start vmsafe-agent
	wait_for 120 'its status says that it is not' sv_is StatusText \
		'Filter Driver: not loaded'
	must insmod "$module"
	wait_for 120 'the guest is bound' in_mode sv0 enforcing
	wait_for 120 'in sync as before' sv_is StatusText \
		'^in sync: 1,.* Filter Driver: online$'
}

sv_stops() {
	heading 'It is stopped, and enforcement stays'
	must host systemctl stop vmsafe-agent
	expect 'its last exit was clean' sv_is Result '^success$'
	show vmsafe status
	expect_line 'Appliance session: none' 'the session was given back'
	expect 'the guest stays filtered' in_mode sv0 enforcing
	show test ! -e /run/vmsafe/agent.sock
	expect_exit 0 'its socket is gone'
	show host systemctl stop guest-web
}

# by number, as linux/capability.h has them: DAC_READ_SEARCH, NET_ADMIN,
# SYS_PTRACE
sv_caps='2 12 19'

sv_set_up
sv_starts
sv_rights
sv_differs
sv_bypassed
sv_reloads
sv_restarts
sv_asked
sv_dies
sv_hangs
sv_is_first
sv_stops
