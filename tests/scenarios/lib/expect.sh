# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Running commands before the reader's eyes, and saying what must come of it.

expect_output=	# file with what the last shown command printed
expect_status=0	# its exit status

# quoted WORD...: as one would type it
quoted() {
	local word text=
	for word; do
		if [[ $word =~ ^[[:alnum:]_./:=,@%+-]+$ ]]; then
			text+=" $word"
		else
			text+=" '${word//\'/\'\\\'\'}'"
		fi
	done
	printf '%s\n' "${text# }"
}

# show COMMAND...: run it and print it with its output, both streams together.
# Its exit status is for expect_exit, not for the shell.
show() {
	say "\$ $(quoted "$@")"
	expect_status=0
	"$@" >"$expect_output" 2>&1 </dev/null || expect_status=$?
	emit <"$expect_output"
}

# expect_exit STATUS [MEANING]: the last shown command ended with STATUS
expect_exit() {
	local name="exit status $1${2:+: $2}"
	if ((expect_status == $1)); then
		passed "$name"
	else
		failed "$name" "it was $expect_status"
	fi
}

# What the last shown command printed: a line in full, a part of a line, a line
# that matches a pattern (extended, in full), each with what it says.

expect_line() {
	if grep -qxFe "$1" "$expect_output"; then
		passed "${2-says \"$1\"}"
	else
		failed "${2-says \"$1\"}" "there is no line \"$1\""
	fi
}

expect_no_line() {
	if grep -qxFe "$1" "$expect_output"; then
		failed "$2" "there is a line \"$1\""
	else
		passed "$2"
	fi
}

expect_text() {
	if grep -qFe "$1" "$expect_output"; then
		passed "${2-says \"$1\"}"
	else
		failed "${2-says \"$1\"}" "no line has \"$1\" in it"
	fi
}

expect_no_text() {
	if grep -qFe "$1" "$expect_output"; then
		failed "$2" "a line has \"$1\" in it"
	else
		passed "$2"
	fi
}

expect_match() {
	if grep -qxEe "$1" "$expect_output"; then
		passed "$2"
	else
		failed "$2" "no line matches /^$1\$/"
	fi
}

# expect_lines N PATTERN NAME: as many lines match
expect_lines() {
	local n
	n=$(grep -cxEe "$2" "$expect_output" || true)
	if ((n == $1)); then
		passed "$3"
	else
		failed "$3" "$n lines match /^$2\$/, not $1"
	fi
}

# expect NAME COMMAND...: COMMAND succeeds, without being shown
expect() {
	local name=$1
	shift
	if "$@"; then
		passed "$name"
	else
		failed "$name" "\`$(quoted "$@")\` does not hold"
	fi
}

# need NAME COMMAND...: the same, and nothing can go on without it
need() {
	local name=$1 log
	shift
	if log=$("$@" 2>&1 </dev/null); then
		return
	fi
	give_up "$name" "\`$(quoted "$@")\` failed:" "$log"
}

# wait_for SECONDS NAME COMMAND...: until COMMAND succeeds
wait_for() {
	local end=$((SECONDS + $1)) name=$2
	shift 2
	until "$@"; do
		((SECONDS < end)) ||
			give_up "$name" "it did not come to pass in time"
		sleep 0.1
	done
}
