# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154	# run and its libraries set them
# Running commands before the reader's eyes, and saying what must come of it.

expect_output=()	# lines that the last shown command printed
expect_status=0		# its exit status

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
	"$@" >"$work/output" 2>&1 </dev/null || expect_status=$?
	emit <"$work/output"
	mapfile -t expect_output <"$work/output"
}

# must COMMAND...: show it; what follows stands on its success
must() {
	show "$@"
	((expect_status == 0)) || give_up "\`$(quoted "$@")\` succeeds"
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

# printed FORM TEXT: the last shown command printed a line that is TEXT (line),
# has TEXT in it (text), or matches the extended pattern TEXT in full (match)
printed() {
	local line
	for line in "${expect_output[@]}"; do
		case $1 in
		line) [[ $line = "$2" ]] ;;
		text) [[ $line = *"$2"* ]] ;;
		match) [[ $line =~ ^($2)$ ]] ;;
		esac && return
	done
	return 1
}

# Each takes what is to be printed and, if that does not say it, what it means.

expect_line() {
	if printed line "$1"; then
		passed "${2-says \"$1\"}"
	else
		failed "${2-says \"$1\"}" "there is no line \"$1\""
	fi
}

expect_text() {
	if printed text "$1"; then
		passed "${2-says \"$1\"}"
	else
		failed "${2-says \"$1\"}" "no line has \"$1\" in it"
	fi
}

expect_no_text() {
	if printed text "$1"; then
		failed "$2" "a line has \"$1\" in it"
	else
		passed "$2"
	fi
}

expect_match() {
	if printed match "$1"; then
		passed "$2"
	else
		failed "$2" "no line matches /^$1\$/"
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

# wait_for SECONDS NAME COMMAND...: until COMMAND succeeds
wait_for() {
	local end=$((SECONDS + $1)) name=$2
	shift 2
	until "$@"; do
		((SECONDS < end)) ||
			give_up "$name" "it did not come to pass in time"
		sleep 0.2
	done
}
