#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Clients that this project did not write speak the netlink family.

The kernel's own ynl, its command line included, from nothing but the spec;
and pyroute2, which is told the attributes by hand. Needs the module loaded and
a network namespace that nobody else uses, which it makes. Installed by the
Makefile, which knows where the kernel's tools and this tree are.
"""

import json
import os
import socket
import subprocess
import sys
import uuid

LINUX = "@LINUX@"
TOP = "@TOP@"
SPEC = TOP + "/uapi/vmsafe_net.yaml"

sys.path.append(LINUX + "/tools/testing/selftests/net/lib")
# pylint: disable=wrong-import-position,import-error
from py import NlError, YnlFamily, defer, ksft_eq  # noqa: E402
from py import ksft_exit, ksft_in, ksft_ne  # noqa: E402
from py import ksft_raises, ksft_run, ksft_true  # noqa: E402
from pyroute2.netlink import NLM_F_DUMP, NLM_F_REQUEST  # noqa: E402
from pyroute2.netlink import genlmsg  # noqa: E402
from pyroute2.netlink.generic import GenericNetlinkSocket  # noqa: E402

VM = uuid.UUID("0b5f8e2a-59c4-4b5d-9c1e-6d7a0c3f1e42")
MAC = "52:54:00:12:34:56"
EEXIST, ENOENT = 17, 2


def run(*command):
    """Run a command that has to succeed; give its output."""
    return subprocess.run(command, check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def ynl(*arguments):
    """Ask ynl's own program; give what it understood."""
    return json.loads(run("/usr/bin/python3", LINUX + "/tools/net/ynl/cli.py",
                          "--spec", SPEC, "--output-json", "--schema",
                          LINUX + "/Documentation/netlink/genetlink.yaml",
                          *arguments))


def identity(port, device_id=0, mac=MAC):
    """Attributes of a vnic-bind."""
    return {"ifname": port, "vm-uuid": VM.bytes, "vm-name": "web 1",
            "device-id": device_id, "mac": bytes.fromhex(mac.replace(":", ""))}


def bind(family, port, device_id=0):
    """Bind a port until the test is over, however that ends."""
    vnic = family.do("vnic-bind", identity(port, device_id))
    defer(family.do, "vnic-unbind", {"id": vnic["id"]})
    return vnic


def plain(text):
    """A MAC or UUID, whichever way a client writes it."""
    if isinstance(text, bytes):
        text = text.hex()
    return text.replace(":", "").replace("-", "").replace(" ", "")


def ynl_cli_dumps(family):
    """The command that the spec is promised to work with."""
    bind(family, "port0")
    vnics = ynl("--dump", "vnic-get")
    ksft_eq([v["ifname"] for v in vnics], ["port0", "port1"])
    ksft_eq(vnics[0]["vm-name"], "web 1")
    ksft_eq(plain(vnics[0]["vm-uuid"]), VM.hex)
    ksft_eq(plain(vnics[0]["mac"]), plain(MAC))
    ksft_eq(vnics[0]["device-id"], 0)
    ksft_eq(vnics[0]["mode"], "enforcing")
    ksft_true("vm-uuid" not in vnics[1])
    ksft_eq(vnics[1]["mode"], "unbound-pass")
    vms = ynl("--dump", "vm-get")
    ksft_eq([(v["name"], v["vnic-count"]) for v in vms], [("web 1", 1)])
    host = ynl("--do", "host-get")
    ksft_eq((host["vnic-count"], host["bound-count"]), (2, 1))
    ksft_eq(host["generation"], vnics[0]["generation"])


def ynl_does(family):
    """Every kind of request and its refusal, each attribute by its name."""
    bound = bind(family, "port0", 3)
    ksft_eq(bound["device-id"], 3)
    by_vm = family.do("vnic-get", {"vm-uuid": VM.bytes, "device-id": 3,
                                   "with-stats": True})
    ksft_eq(by_vm["id"], bound["id"])
    ksft_in("stats", by_vm)
    only = family.dump("vnic-get", {"vm-uuid": VM.bytes})
    ksft_eq([v["id"] for v in only], [bound["id"]])
    changed = family.do("vnic-set", {"id": bound["id"],
                                     "failure-policy": "fail-closed"})
    ksft_eq(changed["failure-policy"], "fail-closed")
    with ksft_raises(NlError) as refused:
        family.do("vnic-bind", identity("port1", 3))
    ksft_eq(refused.exception.nl_msg.error, -EEXIST)
    ksft_in("port0", refused.exception.nl_msg.extack["msg"])
    with ksft_raises(NlError) as refused:
        family.do("vnic-get", {"vm-uuid": VM.bytes, "device-id": 4})
    ksft_eq(refused.exception.nl_msg.error, -ENOENT)
    ksft_eq(refused.exception.nl_msg.extack["bad-attr"], ".vm-uuid")


def ynl_hears(family):
    """Notifications come with the spec's names, numbered without a gap."""
    listener = YnlFamily(SPEC, schema="")
    listener.ntf_subscribe("events")
    family.do("vnic-bind", identity("port0"))
    family.do("vnic-unbind", {"ifname": "port0"})
    listener.check_ntf()
    heard = listener.async_msg_queue
    ksft_eq([(m["name"], m["msg"]["reason"]) for m in heard],
            [("vnic-ntf", "bound"), ("vnic-ntf", "unbound")])
    ksft_eq(heard[1]["msg"]["event-seq"], heard[0]["msg"]["event-seq"] + 1)


class Vnic(genlmsg):
    """As much of a vNIC entry as pyroute2 is told of."""

    prefix = "VNIC_"
    nla_map = (
        ("VNIC_UNSPEC", "none"),
        ("VNIC_PAD", "none"),
        ("VNIC_ID", "uint64"),
        ("VNIC_IFINDEX", "uint32"),
        ("VNIC_IFNAME", "asciiz"),
        ("VNIC_PORT_KIND", "uint8"),
        ("VNIC_PORT_MAC", "l2addr"),
        ("VNIC_MASTER", "uint32"),
        ("VNIC_MTU", "uint32"),
        ("VNIC_UP", "uint8"),
        ("VNIC_CREATED", "uint64"),
        ("VNIC_MODE", "uint8"),
        ("VNIC_VM_UUID", "hex"),
        ("VNIC_VM_NAME", "asciiz"),
        ("VNIC_DEVICE_ID", "uint16"),
        ("VNIC_MAC", "l2addr"),
    )


def pyroute2_dumps(family):
    """Resolve the family by its name and list the table."""
    bind(family, "port1")
    request = Vnic()
    request["cmd"] = family.msgs["vnic-get"].req_value
    request["version"] = 1
    with GenericNetlinkSocket() as client:
        client.bind("vmsafe_net", Vnic)
        vnics = client.nlm_request(request, msg_type=client.prid,
                                   msg_flags=NLM_F_REQUEST | NLM_F_DUMP)
        vnics = list(vnics)
    ksft_eq([v.get_attr("VNIC_IFNAME") for v in vnics], ["port0", "port1"])
    ksft_eq(vnics[0].get_attr("VNIC_MAC"), None)
    ksft_eq(vnics[1].get_attr("VNIC_MAC"), MAC)
    ksft_eq(vnics[1].get_attr("VNIC_VM_NAME"), "web 1")
    ksft_eq(plain(vnics[1].get_attr("VNIC_VM_UUID")), VM.hex)
    for vnic in vnics:
        ksft_eq(vnic.get_attr("VNIC_IFINDEX"),
                socket.if_nametoindex(vnic.get_attr("VNIC_IFNAME")))
        ksft_ne(vnic.get_attr("VNIC_ID"), None)


def main():
    """In a namespace of our own, with two ports."""
    if "inside" not in sys.argv:
        os.execvp("unshare", ["unshare", "-n", *sys.argv, "inside"])
    for port in "port0", "port1":
        run("ip", "tuntap", "add", port, "mode", "tap")
    family = YnlFamily(SPEC, schema="")
    ksft_run([ynl_cli_dumps, ynl_does, ynl_hears, pyroute2_dumps],
             args=(family,))
    ksft_exit()


if __name__ == "__main__":
    main()
