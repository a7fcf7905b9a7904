# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# The agent ends and comes back, again and again, asked to and not.
#
#   br8 --- rst1-4 --- four guests, which the inventory, a file, knows

rst_guests=4
rst_restarts=100
rst_kills=200
rst_kills_at_once=20	# then all stands still, and is looked at
rst_file=$work/restarts.json

rst_uuid() { echo "7a5d1c6f-93a0-4a3c-8a11-5d5a5a5e0a0$1"; }
rst_mac() { echo "52:54:00:7E:57:0$1"; }

rst_set_up() {
	local i comma=
	heading 'Four guests under the Filter Driver and the agent'
	bridge_add br8 198.51.100.1/24
	modprobe tun
	must insmod "$module"
	undo rmmod vmsafe_net
	{
		echo '{ "vms": ['
		for ((i = 1; i <= rst_guests; i++)); do
			echo "$comma{ \"uuid\": \"$(rst_uuid "$i")\"," \
				"\"name\": \"guest$i\", \"vnics\": [{" \
				"\"device_id\": 0," \
				"\"mac\": \"$(rst_mac "$i")\" }] }"
			comma=,
		done
		echo '] }'
	} >"$rst_file"
	for ((i = 1; i <= rst_guests; i++)); do
		tap_add "rst$i" br8
		rst_guest "$i"
	done
	agent_configure --inventory "file:$rst_file" \
		'[binder]' 'hypervisor = none'
	rst_start
	undo rst_stop KILL
	wait_for 120 'all is in sync' calm
}

# rst_guest N: the guest on its tap, standing still
rst_guest() {
	local mac
	mac=$(rst_mac "$1")
	guest_start "guest$1" "$(rst_uuid "$1")" "rst$1" "${mac,,}" -S
	rst_pid[$1]=$guest_pid
}
rst_pid=()

# what the driver and the agent hold, but for events, which are to be more
rst_state() {
	vmsafe vnic list -o port,id,vm_uuid,device_id,mac,mode,bound
	vmsafe vm list
	/usr/bin/python3 "$here/history.py" --size "$work/events.db"
	ls /run/vmsafe "$work" 2>/dev/null
}

# What polls here starts no processes: in an emulator they take the time.

# rst_launch: the agent, which says what it has to say to $work/life
rst_launch() {
	: >"$work/life"
	vmsafe-agent --config "$agent_conf" 2>"$work/life" </dev/null &
	agent_pid=$!
}

# rst_start: likewise, until it is ready
rst_start() {
	rst_launch
	until [[ $(<"$work/life") = *': ready'* ]]; do
		[[ -d /proc/$agent_pid ]] || give_up 'the agent starts'
		sleep 0.05
	done
}

# rst_stop SIGNAL: its life is over
rst_stop() {
	kill "-$1" "$agent_pid"
	wait "$agent_pid" 2>/dev/null || true
	cat "$work/life" >>"$agent_log"
}

# rst_events ID: how many of these the history has
rst_events() {
	vmsafe events --db "$work/events.db" --id "$1" | grep -c "\<$1\>" || true
}

rst_s05() {
	local i before
	story "S05: the agent is restarted $rst_restarts times"
	touch "$work/before" "$work/after"
	# what is told for the first time has a place of its own from then on
	rst_stop TERM
	rst_start
	rst_state >"$work/before"
	before=("$(rst_events 730)" "$(rst_events 731)" "$(rst_events 368)")
	for ((i = 1; i <= rst_restarts; i++)); do
		rst_stop TERM
		rst_start
	done
	rst_state >"$work/after"
	show diff "$work/before" "$work/after"
	expect_exit 0 'nothing has grown'
	expect 'that it went was recorded each time' \
		test "$(rst_events 730)" = $((before[0] + rst_restarts))
	expect 'that it came back as well' \
		test "$(rst_events 731)" = $((before[1] + rst_restarts))
	expect 'and no difference' test "$(rst_events 368)" = "${before[2]}"
	wait_for 120 'all is in sync' calm
}

# rst_churn SEED: bindings come and go, without end
rst_churn() {
	RANDOM=$1
	while :; do
		vmsafe unbind "rst$((RANDOM % rst_guests + 1))" || true
		((RANDOM % 3)) || sleep "0.$((RANDOM % 10))"
		((RANDOM % 3)) || vmsafe bind --auto || true
	done >"$work/churn" 2>&1
}

# rst_way N: how it is while the agent is killed. Every other time it binds, so
# that it has written to the driver and to the history; else it leaves that to
# the churn, and there is more to tell. Half of the time all VMs are under
# maintenance, and half of the time events are sent on to a receiver.
rst_way() {
	local lines=('[check]' 'debounce = 1' '[binder]' 'hypervisor = none')
	rst_binds=on
	rst_held=$(($1 / 2 % 2))
	rst_sends=$((($1 + 1) / 2 % 2))
	rst_had=$(wc -l <"$work/received")
	(($1 % 2)) || rst_binds=off
	lines+=("bind = $rst_binds")
	((!rst_sends)) || lines+=('[forward]' "syslog = udp:127.0.0.1:$rst_port")
	agent_configure --inventory "file:$rst_file" --grace 0s "${lines[@]}"
	say "bind $rst_binds, under maintenance $rst_held, sent on $rst_sends"
	((!rst_held)) ||
		must vmsafe maintenance start --for 1h --db "$work/events.db"
}

# rst_receive: whoever takes events, one a line, and says where
rst_receive() {
	/usr/bin/python3 -u -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])
while True:
    print(s.recv(65536).decode().replace("\n", " "))
' >"$work/received" 2>&1 </dev/null &
	undo end $!
	wait_for 60 'a receiver of events is there' test -s "$work/received"
	rst_port=$(head -n 1 "$work/received")
}

# rst_sent ID: how many of these were sent on since it is this way
rst_sent() {
	tail -n "+$((rst_had + 1))" "$work/received" |
		grep -c "|vmsafe-agent|[^|]*|$1|" || true
}

# rst_sent_right: that the appliance is back, each time that it could say so,
# and of VMs only what is not held back
rst_sent_right() {
	local vms=$(($(rst_sent 368) + $(rst_sent 9000)))
	say "sent on: $(rst_sent 731) of the appliance, $vms of VMs"
	if ((!rst_sends)); then
		test "$(wc -l <"$work/received")" = "$rst_had"
	else
		(($(rst_sent 731))) && ((!rst_held || !vms))
	fi
}

rst_s04() {
	local i
	story "S04: the agent is killed $rst_kills times while all changes"
	rst_stop TERM
	rst_receive
	RANDOM=1
	for ((i = 0; i < rst_kills / rst_kills_at_once; i++)); do
		rst_way "$i"
		rst_kill_some "$((i + 1))"
		rst_stand_still
		expect 'only what is to be sent on was' rst_sent_right
		((!rst_held)) ||
			must vmsafe maintenance stop --db "$work/events.db"
	done
	must vmsafe bind --auto
	rst_start
	wait_for 120 'all is in sync, and nothing is open' calm
	rst_stop TERM
	expect 'it has bound itself what was unbound' \
		said 'bound rst[0-9] to guest[0-9]'
	must /usr/bin/python3 "$here/history.py" "$work/events.db"
	expect_match 'told of VMs: [1-9][0-9]+, .*' 'there was much to tell'
	expect_text 'nothing lost, nothing doubled'
}

# rst_kill_some SEED: at moments of which many come before it is ready
rst_kill_some() {
	local i
	rst_churn "$1" &
	rst_churner=$!
	disown "$rst_churner"
	undo end "$rst_churner"
	for ((i = 0; i < rst_kills_at_once; i++)); do
		rst_launch
		sleep "$((RANDOM % 10 / 9)).$((RANDOM % 10))"
		rst_stop KILL
	done
	end "$rst_churner" KILL
	# one of the guests goes as well, and comes back
	i=$((RANDOM % rst_guests + 1))
	end "${rst_pid[i]}" KILL
	rst_guest "$i"
	wait_for 60 'it holds its port' grep -qx 1 "/sys/class/net/rst$i/carrier"
}

# What stands still is known as it is after one pass.
rst_stand_still() {
	local i mode open
	wait_for 60 'nobody changes anything any more' rst_still
	rst_start
	# what it is to bind is bound, by then or right after
	[[ $rst_binds = off ]] ||
		wait_for 60 'all guests are bound, and nothing is open' calm
	vmsafe vnic list -o port,mode >"$work/modes"
	for ((i = 1; i <= rst_guests; i++)); do
		mode=$(sed -n "s/^rst$i *//p" "$work/modes")
		open=$(open_of "$(rst_uuid "$i")" | tr '\n' ' ')
		case $mode in
		enforcing) expect "guest$i is in sync" test "$open" = '' ;;
		*) expect "guest$i is out of sync" test "$open" = '368 ' ;;
		esac
	done
	rst_stop KILL
}

# no command of the churn is left
rst_still() { ! pgrep -x vmsafe >/dev/null; }

rst_set_up
rst_s05
rst_s04
said_all
