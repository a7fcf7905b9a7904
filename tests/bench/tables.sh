# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What tables of many entries cost, and to list them; peers beside us. Entries:
# BENCH_ENTRIES, or 100,000.

entries=${VMSAFE_BENCH_ENTRIES:-100000}

# whole NAME COUNT COMMAND...: what a whole process costs per entry.
whole() {
	local name=$1 count=$2
	shift 2
	figure "$name" "$("$tables" whole "$count" "$@")"
}

# batch COUNT PRINTF: COUNT lines with two numbers each, 0 to 255.
batch() {
	awk -v n="$1" -v line="$2" 'BEGIN {
		for (i = 0; i < n; i++)
			printf line "\n", i / 256, i % 256
	}'
}

tables_peers() {
	modprobe -a dummy bridge wireguard ip_set_hash_mac
	batch 1000 'link add d%d.%d type dummy' | ip -batch -
	whole link-show 1000 ip -o link show
	{
		echo create peers hash:mac maxelem 65536
		batch 50000 'add peers 52:54:00:01:%02x:%02x'
	} | ipset restore
	whole ipset-save 50000 ipset save
	ipset destroy peers

	ip link add peers type bridge
	ip link add member master peers type dummy
	batch 20000 'fdb add 52:54:00:02:%02x:%02x dev member master static' |
		bridge -batch -
	whole fdb-show 20000 bridge fdb show br peers
	ip link add wg0 type wireguard
	# Any 43 digits of base64 are a key, if the last one is not too large.
	batch 5000 '[Peer]\nPublicKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%03d%03dA=' \
		>/tmp/wg.conf
	wg addconf wg0 /tmp/wg.conf
	whole wg-show 5000 wg show wg0 dump
}

# Before anything else, for what others still tidy up would count as well. The
# kernel takes memory for CPUs in large pieces: the more entries, the less the
# last of them weighs.
tables_memory() {
	local many=$((entries < 16000 ? entries : 16000))
	modprobe dummy
	insmod "$module"
	vmsafe host set --limit 1048576 >&2
	figure memory "$("$tables" memory "$many")"
	rmmod vmsafe_net
	seq 0 $((many - 1)) | sed 's/^/link del b/' | ip -batch -
}

bench_tables() {
	tables_memory
	tables_peers
	insmod "$module"
	vmsafe host set --limit 1048576 >&2
	"$tables" grow 0 1000
	figure bind-1000 "$("$tables" bind)"
	"$tables" grow 1000 "$entries"
	figure bind-all "$("$tables" bind)"
	figure ioctl-list "$("$tables" list)"
	figure netlink-dump "$("$tables" dump)"
	whole vnic-list "$entries" vmsafe vnic list
	whole vnic-list-json "$entries" vmsafe vnic list --json
	whole vm-list "$entries" vmsafe vm list
	whole start-up 1 vmsafe --version
	figure entries "$entries"
}
