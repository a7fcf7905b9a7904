# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# What an operator in Japan sees on a terminal: "why" and "events", about VMs
# whose names are wide too. Everything lines up by the cells that characters
# take, not by their bytes or their number.
#
#   br-ja --- vnet* --- 受付
#         --- vnet* --- 受付の複製, which has taken its MAC, and a second vNIC

ja_one=6e2f9a10-93a0-4a3c-8a11-6d1c6f0d0301
ja_one_name=受付
ja_one_mac=52:54:00:0A:0A:01
ja_two=6e2f9a10-93a0-4a3c-8a11-6d1c6f0d0302
ja_two_name=受付の複製
ja_two_mac=52:54:00:0A:0A:02
ja_wrong=52:54:00:0A:0A:99
ja_bridge=br-ja
ja_file=$work/japanese.json

# recorded WIDTH HEADINGS COMMAND...: on a terminal; what it says is about the
# table with these headings
recorded() {
	show /usr/bin/python3 -B "$here/recording.py" "$@"
	expect_exit 0 "on a terminal of $1 cells"
	expect_line 'all columns line up'
}

ja_set_up() {
	heading 'Two VMs with Japanese names, one a copy of the other'
	libvirt_start
	bridge_add "$ja_bridge" 203.0.113.1/24
	modprobe tun
	must insmod "$module"
	undo rmmod vmsafe_net
	libvirt_wait
	domain_define "$ja_one_name" "$ja_one" "$ja_bridge" virtio \
		"${ja_one_mac,,}"
	domain_define "$ja_two_name" "$ja_two" "$ja_bridge" virtio \
		"${ja_one_mac,,}" "${ja_two_mac,,}"
	ja_inventory
	agent_configure --inventory "file:$ja_file"
	agent_start
	wait_for 120 'the agent is ready' said ': ready$'
	must virsh -q start --paused "$ja_one_name"
	wait_for 120 'the first is in sync' calm
}

# ja_inventory [VM]: the inventory, which has wrong what it has of the copy
ja_inventory() {
	echo "{ \"vms\": [ { \"uuid\": \"$ja_one\"," \
		"\"name\": \"$ja_one_name\", \"vnics\": [" \
		"{ \"device_id\": 0, \"mac\": \"$ja_one_mac\" } ] } $* ] }" \
		>"$ja_file.new"
	mv "$ja_file.new" "$ja_file"
}

ja_copied() {
	ja_inventory ", { \"uuid\": \"$ja_two\"," \
		"\"name\": \"$ja_two_name\", \"vnics\": [" \
		"{ \"device_id\": 0, \"mac\": \"$ja_one_mac\" }," \
		"{ \"device_id\": 1, \"mac\": \"$ja_wrong\" } ] }"
}

# Six MACs beside each other need more than 80 cells in any language.
ja_why() {
	local line
	heading 'Why the copy is not in sync: three causes, and two vNICs'
	ja_copied
	must virsh -q start --paused "$ja_two_name"
	wait_for 120 'the agent was refused its MAC' said 'event 716'
	recorded 132 '>デバイスID,定義,実行中の定義,プロセス,インベントリ,ドライバ,回線上' \
		vmsafe why --lang ja --state none --grace 3600 "$ja_two_name"
	for line in "仮想マシン: $ja_two_name ($ja_two)" \
		'原因 1: C3, 有効化済みの仮想マシンの複製' \
		'原因 2: C7, 仮想マシンのMACが一致していない' \
		'原因 3: C1, 作成または有効化の直後で、まだ同期していない'; do
		expect_line "$line"
	done
	expect_match '  - .*仮想マシン受付.*' 'evidence that names the other'
	expect_match "  - vNIC 1: .*$ja_wrong.*" 'and what is wrong with vNIC 1'
	expect_match '  1\. P2: .*' 'and steps'
	expect_match " +1( $ja_two_mac){3} $ja_wrong $ja_two_mac -" \
		'the MACs as each says'
}

ja_events() {
	heading 'What has happened'
	recorded 80 '時刻,レベル,>ID,イベント,対象' \
		vmsafe events --lang ja --db "$work/events.db"
	expect_match "[-+: 0-9]+ 警告 +368 インタフェースの非同期 +$ja_two_name" \
		'a wide level, event and name'
	expect_match '[-+: 0-9]+ 情報 +731 オンラインに復帰 +[a-z-]+' \
		'and a narrow name'
	recorded 132 '時刻,レベル,>ID,イベント,対象,実行者,>番号' \
		vmsafe events --lang ja --db "$work/events.db" \
		-o time,level,id,name,target,action_by,seq
}

ja_set_up
ja_why
ja_events
