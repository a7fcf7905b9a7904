# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What a scenario tells its reader, and what came out of it.
#
# For a reader: headings, what is about to happen, each command with its real
# output, and after it what was checked. With --tap the checks are TAP and all
# else is a comment of it.

tell_tap=0
tell_checks=0
tell_failed=0

# emit: lines of narration, from standard input. Nothing here starts a process
# for a line: in an emulator that is what takes the time.
emit() {
	local line
	while IFS= read -r line || [[ -n $line ]]; do
		if ((tell_tap)); then
			line="# $line"
		fi
		printf '%s\n' "$line"
	done
}

say() {
	local line
	for line; do
		emit <<<"$line"
	done
}

# heading TITLE
heading() {
	say '' "=== $1  [$SECONDS s]" ''
}

# passed NAME
passed() {
	tell_checks=$((tell_checks + 1))
	if ((tell_tap)); then
		echo "ok $tell_checks - $1"
	else
		echo "  ok: $1"
	fi
}

# failed NAME [DETAIL...]
failed() {
	local name=$1
	shift
	tell_checks=$((tell_checks + 1))
	tell_failed=$((tell_failed + 1))
	if ((tell_tap)); then
		echo "not ok $tell_checks - $name"
		(($# == 0)) || printf '#     %s\n' "$@"
	else
		echo "  FAILED: $name"
		(($# == 0)) || printf '          %s\n' "$@"
	fi
}

# give_up NAME [DETAIL...]: a check failed that all that follows stands on
give_up() {
	failed "$@"
	((!tell_tap)) || echo "Bail out! $1"
	exit 1
}

# conclude: the last line, and the exit status
conclude() {
	if ((tell_tap)); then
		echo "1..$tell_checks"
	elif ((tell_failed)); then
		say '' "$tell_failed of $tell_checks checks FAILED." \
			"Look for 'FAILED:' above."
	else
		say '' "All $tell_checks checks passed, after $SECONDS s."
	fi
	((tell_failed == 0 && tell_checks > 0))
}
