# SPDX-License-Identifier: GPL-2.0-only
# The libraries of the agent, and so of what its tests link.
pkgs	:= inih jansson libbpf libcrypto libcurl libkmod libmicrohttpd libmnl \
	   libnl-route-3.0 libssl libsystemd libvirt libxml-2.0 smartcols \
	   sqlite3
