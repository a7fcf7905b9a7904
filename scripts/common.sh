# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the scripts here share. Sourced, never run.

# shellcheck disable=SC2034	# variables are for the scripts that source this

me=${0##*/}
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cache=${VMSAFE_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/vmsafe-net}

say() { printf '%s: %s\n' "$me" "$*" >&2; }

die() {
	say "$*"
	exit 1
}

# usage_error MESSAGE: the one line every script prints for wrong arguments.
usage_error() {
	say "$* (see '$me --help')"
	exit 2
}

# print_help: the comment block at the head of the calling script is its manual.
print_help() {
	sed -n '/^#!/d; /^# SPDX/d; /^#/!q; s/^# \{0,1\}//p' "$0"
}

# locked FILE COMMAND...: run COMMAND while no other process holds FILE.
# Children inherit the lock: what outlives a killed script still holds it.
locked() {
	local lock=$1 fd
	shift
	mkdir -p "$(dirname "$lock")"
	exec {fd}>"$lock"
	if ! flock -n "$fd"; then
		say "waiting for another run that holds ${lock##*/}"
		flock "$fd"
	fi
	"$@"
	exec {fd}>&-
}

# linux_tarball VERSION: where Debian's linux-source package keeps its source.
linux_tarball() {
	local tar=/usr/src/linux-source-$1.tar.xz
	[[ -r $tar ]] ||
		die "$tar is missing: install linux-source-$1 (scripts/setup does)"
	echo "$tar"
}

# package_version NAME
package_version() {
	dpkg-query -W -f '${Version}' "$1" 2>/dev/null ||
		die "package $1 is not installed (scripts/setup does that)"
}

# find_kernel 6.1|6.12|latest|RELEASE: the newest Debian kernel of that series
# that has image, modules and headers here; prints its release.
find_kernel() {
	local want=$1 image release found=
	while read -r image; do
		release=${image#/boot/vmlinuz-}
		case $want in
		latest) ;;
		*) [[ $release == "$want" || $release == "$want".[0-9]* ]] ||
			continue ;;
		esac
		[[ -e /lib/modules/$release/modules.dep &&
			-e /lib/modules/$release/build/Makefile ]] || continue
		found=$release
	done < <(printf '%s\n' /boot/vmlinuz-* | sort -V)
	[[ -n $found ]] || die "no kernel '$want' with image, modules and" \
		"headers is installed (scripts/setup installs 6.1 and 6.12)"
	echo "$found"
}

# keep_tree FROM TO: what an external module's build reads, and no more.
keep_tree() {
	local from=$1 to=$2
	mkdir -p "$to"
	(
		cd "$from" || exit
		{
			printf './%s\n' .config Module.symvers System.map
			find . -path ./Documentation -prune -o \
				\( -name 'Makefile*' -o -name 'Kconfig*' \
				-o -name 'Kbuild*' \) -type f -print
			find ./scripts ./include ./arch/x86/include ! -type d \
				! -name '*.o' ! -name '.*.cmd'
			find ./arch/x86 -maxdepth 1 -type f
			find ./tools/objtool -maxdepth 1 -name objtool
		} | sort -u | cpio -pdm --quiet "$to"
	)
}
