# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Whoever makes something says at once how it is undone; at the end, however it
# comes, everything is undone in reverse order.

undo_list=()

# undo COMMAND...
undo() {
	undo_list+=("$(printf '%q ' "$@")")
}

# undo_to N: until only the first N are left
undo_to() {
	local i
	for ((i = ${#undo_list[@]} - 1; i >= $1; i--)); do
		eval "${undo_list[i]}" >/dev/null 2>&1 || true
		unset "undo_list[i]"
	done
}

undo_all() {
	trap '' INT TERM HUP
	undo_to 0
}

# alive PID: it runs; what ended but was not waited for does not
alive() {
	local state
	state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' \
		"/proc/$1/status" 2>/dev/null) || return
	[[ -n $state && $state != [ZX] ]]
}

dead() { ! alive "$1"; }

# end PID [SIGNAL]: end a process of ours and wait until it is gone
end() {
	local deadline=$((SECONDS + 10))
	kill -"${2:-TERM}" "$1" 2>/dev/null || return 0
	until dead "$1"; do
		((SECONDS < deadline)) || kill -KILL "$1" 2>/dev/null || true
		sleep 0.1
	done
	wait "$1" 2>/dev/null || true
}
