# SPDX-License-Identifier: GPL-2.0-only
#
# 'make help' lists what there is. Everything built goes to build/, everything
# fetched or costly to a cache outside the tree (see scripts/common.sh).

VERSION	:= $(shell sed -n 's/^MODULE_VERSION("\(.*\)");/\1/p' kmod/main.c)
KERNEL	?= 6.1
PREFIX	?= /usr
DESTDIR	?=
SRCDIR	?= /usr/src

sbindir	:= $(DESTDIR)$(PREFIX)/sbin
libdir	:= $(DESTDIR)$(PREFIX)/lib
datadir	:= $(DESTDIR)$(PREFIX)/share
confdir	:= $(DESTDIR)/etc/vmsafe
dkmsdir	:= $(DESTDIR)$(SRCDIR)/vmsafe-net-$(VERSION)

.PHONY: all agent kmod run story story-scenarios story-vcsim check quick bench \
	lint unit kselftest scenarios setup install install-agent \
	install-module clean help

all: kmod-$(KERNEL) agent

agent:
	@$(MAKE) --no-print-directory -C agent PREFIX=$(PREFIX)

kmod: kmod-$(KERNEL)
kmod-%:
	@scripts/kmod-build --kernel $*

# what 'make run' plays, built side by side
story: kmod-6.1 agent story-scenarios story-vcsim
story-scenarios:
	@$(MAKE) --no-print-directory -C tests/scenarios
story-vcsim:
	@$(MAKE) --no-print-directory -C tests/vcsim simulator

setup:
	@scripts/setup

run:
	@scripts/setup run
	@$(MAKE) --no-print-directory -s -j$$(nproc) story
	@scripts/vm -- tests/scenarios/run build/kmod-6.1/vmsafe_net.ko \
		first-light vcenter-mac

check:
	@scripts/setup
	@scripts/check

quick:
	@scripts/setup
	@scripts/check --quick

bench:
	@scripts/setup run check bench
	@scripts/bench

lint:
	@scripts/lint

unit scenarios:
	@scripts/check $@

kselftest:
	@scripts/check kselftest-6.1 kselftest-6.12 kselftest-debug

install: install-agent install-module

install-agent: agent
	install -D -m 755 build/agent/vmsafe $(sbindir)/vmsafe
	install -D -m 755 build/agent/vmsafe-agent $(sbindir)/vmsafe-agent
	for file in build/agent/policy/bpf/*.o; do \
		install -D -m 644 -t $(libdir)/vmsafe $$file || exit 1; \
	done
	for page in agent/man/*.[1-8]; do \
		install -D -m 644 -t $(datadir)/man/man$${page##*.} $$page || \
			exit 1; \
	done
	for file in agent/completion/*; do \
		install -D -m 644 -t $(datadir)/bash-completion/completions \
			$$file || exit 1; \
	done
	for file in build/agent/po/*/LC_MESSAGES/vmsafe.mo; do \
		install -D -m 644 $$file \
			$(datadir)/locale/$${file#build/agent/po/} || exit 1; \
	done

	for file in agent/hooks/*; do \
		install -D -m 755 -t $(libdir)/vmsafe $$file || exit 1; \
	done
	install -D -m 644 -t $(datadir)/vmsafe agent/api/openapi.yaml
	cd agent/systemd && \
	install -D -m 644 -t $(libdir)/systemd/system vmsafe-agent.service && \
	install -D -m 644 vmsafe.sysusers $(libdir)/sysusers.d/vmsafe.conf && \
	install -D -m 644 vmsafe.tmpfiles $(libdir)/tmpfiles.d/vmsafe.conf && \
	install -D -m 644 -t $(libdir)/udev/rules.d 70-vmsafe-net.rules
	sed -i 's|/usr/sbin|$(PREFIX)/sbin|' $(libdir)/vmsafe/qemu \
		$(libdir)/vmsafe/qemu-ifup \
		$(libdir)/systemd/system/vmsafe-agent.service
	# on this very host: the group, the folders, and what is to be read anew
	[ -n '$(DESTDIR)' ] || ! command -v systemd-sysusers >/dev/null || { \
		systemd-sysusers $(libdir)/sysusers.d/vmsafe.conf && \
		systemd-tmpfiles --create $(libdir)/tmpfiles.d/vmsafe.conf; }
	[ -n '$(DESTDIR)' ] || ! [ -d /run/systemd/system ] || { \
		systemctl daemon-reload && udevadm control --reload; }
	# what an operator has written stays
	[ -e $(confdir)/vmsafe-agent.conf ] || install -D -m 644 -t \
		$(confdir) agent/systemd/vmsafe-agent.conf

# The module's source, for DKMS: dkms install vmsafe-net/VERSION
install-module:
	for file in Kbuild $$(find kmod uapi -type f -name '*.[ch]'); do \
		install -D -m 644 $$file $(dkmsdir)/$$file || exit 1; \
	done
	sed 's/@VERSION@/$(VERSION)/' scripts/dkms.conf >$(dkmsdir)/dkms.conf

clean:
	rm -rf build

help:
	@echo 'make            build the module for Debian kernel KERNEL and the agent'
	@echo 'make run        set up, build, and play the story in a test VM'
	@echo 'make check      set up, build, and run all tests'
	@echo 'make quick      the same without the debug kernel, in half the time'
	@echo 'make bench      what packets and tables cost, peers beside us'
	@echo 'make lint       everything that can be said without running it'
	@echo 'make unit       unit tests, with ASan and UBSan'
	@echo 'make kselftest  driver tests on 6.1, 6.12 and the debug kernel'
	@echo 'make scenarios  real guests in the test VM'
	@echo 'make setup      install by apt what is missing (as root)'
	@echo 'make install    agent, manual pages, DKMS source (PREFIX, DESTDIR)'
	@echo 'make clean      remove build/; the cache stays'
	@echo
	@echo 'KERNEL is 6.1 (default), 6.12, latest, debug or a release, such as'
	@echo 'that of uname -r, whose image and headers are installed.'
