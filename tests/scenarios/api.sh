# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# The agent's interface for programs, on real guests: what it says is so, what
# it is told to do is done, and nobody gets at it who should not. And vmsafe,
# which asks it where that gives better answers.

ap_one=5a3c1b52-93a0-4a3c-8a11-6d1c6f0d0101
ap_one_mac=52:54:00:DA:E1:01
ap_ghost=5a3c1b52-93a0-4a3c-8a11-6d1c6f0d0102
ap_ghost_mac=52:54:00:DA:E1:02
ap_bridge=br-api
ap_socket=/run/vmsafe/agent.sock

# as somebody who is a member of the group vmsafe, and somebody who is not
ap_member=(setpriv --reuid nobody --regid nogroup --groups vmsafe)
ap_stranger=(setpriv --reuid nobody --regid nogroup --clear-groups)

# ap_ask METHOD TARGET [BODY]: the answer, and its status in a line of its own
ap_ask() {
	curl -sS --max-time 300 --unix-socket "$ap_socket" -X "$1" \
		${3:+--data "$3"} -w '\n%{http_code}\n' "http://localhost$2"
}

# ap_says METHOD TARGET PATTERN: it answers so
ap_says() {
	local answer
	answer=$(ap_ask "$1" "$2" 2>&1) && grep -qE "$3" <<<"$answer"
}

# ap_silent: the last shown command says nothing of an agent
ap_silent() { ! grep -q '^Agent:' "$work/output"; }

# ap_times ID: how many events of that ID the last shown command printed
ap_times() { grep -cE "^ *$1 " "$work/output"; }
ap_once() { (($(ap_times "$1") == 1)); }
ap_twice() { (($(ap_times "$1") == 2)); }

ap_set_up() {
	heading 'A hypervisor with the Filter Driver and the agent'
	libvirt_start
	bridge_add "$ap_bridge" 198.51.100.1/24
	modprobe tun
	must insmod "$module"
	undo rmmod vmsafe_net
	libvirt_wait
	domain_define one "$ap_one" "$ap_bridge" virtio "${ap_one_mac,,}"
	getent group vmsafe >/dev/null || must groupadd --system vmsafe
	agent_configure
	agent_start
	wait_for 120 'the agent is ready' said ': ready$'
	must virsh -q start --paused one
	read -r one0 < <(domain_ports one)
	wait_for 120 "$one0 is bound" in_mode "$one0" enforcing
	wait_for 120 'the agent says that one is in sync' \
		ap_says GET /v1/vms/one '"state":"in-sync"'
}

ap_rights() {
	heading 'Who may ask'
	show stat -c '%A %G' "$ap_socket"
	expect_line 'srw-rw---- vmsafe' 'root and the group vmsafe'
	show "${ap_member[@]}" "$(command -v curl)" -sS --unix-socket \
		"$ap_socket" http://localhost/v1/vms/one
	expect_text "\"vm_uuid\":\"$ap_one\"" 'a member of the group reads'
	show "${ap_member[@]}" "$(command -v curl)" -sS --unix-socket \
		"$ap_socket" -X POST http://localhost/v1/sync
	expect_text '"code":"forbidden"' 'and does nothing else'
	show "${ap_stranger[@]}" "$(command -v curl)" -sS --unix-socket \
		"$ap_socket" http://localhost/v1/vms/one
	expect_exit 7 'a stranger does not get through'
	show "${ap_member[@]}" "$vmsafe" status
	expect_line 'Filter Driver: online' 'vmsafe tells a member, too'
	expect_exit 0
	show "${ap_member[@]}" "$vmsafe" events
	expect_text '731' 'and has events for it'
	expect_exit 0
	show "${ap_member[@]}" "$vmsafe" check one
	expect_match "one +0 +$ap_one_mac +$one0 +in sync +-" \
		'and compares the lists for it'
	expect_exit 0
	show "${ap_member[@]}" "$vmsafe" why one
	expect_line 'There is nothing to explain.'
	expect_exit 0
}

# ap_one_line: the last shown command was refused in one line
ap_one_line() {
	(($(grep -c '^vmsafe: ' "$work/output") == 1)) &&
		(($(wc -l <"$work/output") == 1))
}

# what only root may read of the Filter Driver, the agent reads for others
ap_lists() {
	heading 'The lists of the Filter Driver, for who may not read them'
	show vmsafe vnic list -o port,vm_name,device_id,mac,mode
	cp "$work/output" "$work/lists"
	show "${ap_member[@]}" "$vmsafe" vnic list \
		-o port,vm_name,device_id,mac,mode
	expect_match "$one0 +one +0 +$ap_one_mac +enforcing" \
		'a member of the group sees the guest'
	expect 'as root does' cmp "$work/output" "$work/lists"
	expect_exit 0
	show "${ap_member[@]}" "$vmsafe" vm list
	expect_match "one +$ap_one +1" 'and the VM'
	expect_exit 0
	show "${ap_member[@]}" "$vmsafe" vnic show "$one0"
	expect_match 'Packets from the guest: +[0-9]+' 'with counters'
	expect_text 'Bypass check: XDP' 'and whether it is bypassed'
	expect_exit 0
	show "${ap_member[@]}" "$vmsafe" vnic show no-such-port
	expect_exit 1 'not what is not there'
	show "${ap_stranger[@]}" "$vmsafe" vnic list
	expect_text 'as a member of the group vmsafe' 'a stranger is told how'
	expect 'in one line' ap_one_line
	expect_exit 5
	show "${ap_stranger[@]}" "$vmsafe" vm list
	expect 'likewise' ap_one_line
	expect_exit 5
	show "${ap_member[@]}" "$vmsafe" vnic set "$one0" --bypass 1
	expect 'a member changes nothing' ap_one_line
	expect_exit 1
}

ap_asked() {
	heading 'vmsafe asks the agent'
	show vmsafe status
	expect_text "Agent: process $agent_pid, in sync" 'who runs, and how it is'
	expect_exit 0
	show vmsafe vnic show "$one0" --verify
	expect_match 'Hooked: +yes' 'the appliance has the driver verify it'
	expect_exit 0
	show vmsafe sync
	expect_line 'State: in sync'
	expect_exit 0
	show vmsafe events --id 9010 -o id,action_by
	expect_match '9010 Operator' 'and has told of it'
	expect 'once' ap_once 9010
	show ap_ask POST /v1/sync
	expect_line 200
	show vmsafe events --id 9010 -o id,action_by
	expect 'another time' ap_twice 9010
}

ap_stream() {
	heading 'Events as they come'
	say "\$ curl -N .../v1/events/stream >$work/stream &"
	curl -sSN --unix-socket "$ap_socket" \
		http://localhost/v1/events/stream >"$work/stream" 2>&1 &
	undo end $!
	wait_for 60 'the stream has begun' grep -q '^retry:' "$work/stream"
	say "\$ vmsafe events --follow, as a member >$work/followed &"
	"${ap_member[@]}" "$vmsafe" events --follow >"$work/followed" 2>&1 &
	undo end $!
	wait_for 60 'a member follows' grep -q 'Event ID: 731' "$work/followed"
	must ip link del "$one0"
	wait_for 120 'event 368 comes' \
		grep -qE "^data: .*\"id\":368.*$ap_one" "$work/stream"
	wait_for 60 'the member sees it' grep -q 'Event ID: 368' "$work/followed"
	show ap_ask GET /v1/alerts
	expect_text "\"vm_uuid\":\"$ap_one\"" 'and is open'
	show "${ap_member[@]}" "$vmsafe" alerts -o id,vm_uuid
	expect_match "368 +$ap_one" 'a member of the group is told'
	show "${ap_member[@]}" "$vmsafe" check one
	expect_line 'Event ID: 368' 'what is open'
	expect_line 'Steps: R1, R2' 'and what helps'
	expect_exit 4
	show "${ap_member[@]}" "$vmsafe" why one
	expect_match '  1\. R1: .*' 'and why'
	expect_match " +0 +$ap_one_mac +$ap_one_mac +- +$ap_one_mac +- .*" \
		'by what the hypervisor has told the agent'
	expect_exit 4
}

ap_ended() { ap_says GET "$1" '"state":"ended"'; }

ap_recover() {
	local href
	heading 'A recovery by way of the agent'
	show ap_ask POST /v1/vms/one/recover '{"step":"R2","force":true}'
	expect_line 202 'it begins'
	href=$(grep -oE '/v1/recoveries/[0-9]+' "$work/output")
	wait_for 120 'it ends' ap_ended "$href"
	show ap_ask GET "$href"
	expect_text '"exit_status":2' 'what interrupts a guest needs a yes'
	show ap_ask POST /v1/vms/one/recover \
		'{"step":"R2","yes":true,"force":true,"timeout":3}'
	expect_line 202 'with that it begins'
	href=$(grep -oE '/v1/recoveries/[0-9]+' "$work/output")
	show ap_ask GET /v1/status
	expect_line 200 'and the agent has time for others'
	wait_for 300 'it ends' ap_ended "$href"
	show ap_ask GET "$href"
	expect_text '"done":true' 'it was done'
	wait_for 120 'event 9000 comes' \
		grep -qE "^data: .*\"id\":9000.*$ap_one" "$work/stream"
	wait_for 120 'and the agent says that one is in sync' \
		ap_says GET /v1/vms/one '"state":"in-sync"'
	read -r one0 < <(domain_ports one)
}

ap_forget() {
	heading 'Forgetting is recorded'
	show vmsafe forget "$one0" --yes
	expect_exit 1 'not what is in use'
	must ip tuntap add dev api-tap mode tap
	undo ip link del api-tap
	must vmsafe bind api-tap --vm "$ap_ghost" --name ghost --device-id 0 \
		--mac "$ap_ghost_mac"
	wait_for 60 'the agent knows it' \
		ap_says GET /v1/vnics/api-tap '"vm_name":"ghost"'
	ap_described
	must vmsafe forget api-tap --yes
	expect_text "MAC: $ap_ghost_mac - Device ID: 0 - Source: Filter Driver"
	show vmsafe events --id 295 --full
	expect_text "MAC: $ap_ghost_mac" 'the history has the event'
	show ap_ask POST /v1/vnics/api-tap/forget
	expect_text '"code":"not-bound"' 'it is not forgotten twice'
}

# while there is a port that may be forgotten
ap_described() {
	local line
	heading 'Everything is as openapi.yaml and OpenMetrics have it'
	show env SOCKET="$ap_socket" VMSAFE="$vmsafe" AGENT="$top/agent" \
		"$top/tests/unit/openapi"
	expect_exit 0 'answers are as described'
	for line in 'vmsafe_vnics\{state="in-sync",reason=""\} 1' \
		'vmsafe_driver_state\{vmsafe_driver_state="online"\} 1' \
		'vmsafe_session_state\{vmsafe_session_state="held"\} 1' \
		'vmsafe_time_to_protect_seconds_count [1-9]' \
		'vmsafe_time_to_detect_seconds_count [1-9]' \
		'vmsafe_events_total\{id="368"\} [1-9]'; do
		expect "figures: $line" ap_says GET /metrics "^$line"
	done
}

ap_gone() {
	heading 'The agent is killed, and comes back; then it is ended'
	say "\$ kill -KILL $agent_pid"
	end "$agent_pid" KILL
	show stat -c %F "$ap_socket"
	expect_line socket 'its socket stays'
	show "${ap_member[@]}" "$vmsafe" vnic list
	expect 'a member is told what is in the way' ap_one_line
	expect_exit 5
	show vmsafe status
	expect_text 'Filter Driver:' 'vmsafe does without it'
	expect 'and does not claim that it runs' ap_silent
	agent_start
	wait_for 120 'the next one listens' \
		ap_says GET /v1/status '"ready":true'
	say "\$ kill $agent_pid"
	end "$agent_pid"
	expect 'its socket goes with it' test ! -e "$ap_socket"
}

ap_set_up
ap_rights
ap_lists
ap_asked
ap_stream
ap_recover
ap_forget
ap_gone
said_all
