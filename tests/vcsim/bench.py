# SPDX-License-Identifier: GPL-2.0-only
"""usage: bench.py [VMS]

What the provider for vCenter costs: the first list, and one MAC address that
changes. Requests and bytes are exact; time is also the simulator's.
"""
import sys
import tempfile
import time

from pyVmomi import vim

from bed import Bed, Watch, readdress

HOSTS = 10


def main(vms):
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        bed = Bed(folder, "-hosts", str(HOSTS), "-vms", str(vms // HOSTS))
        proxy = bed.proxy
        proxy.page = 1000
        begin = time.monotonic()
        status, out, _ = bed.vmsafe("vm", "list", "--source", "manager", "-o",
                                    "vm_name")
        took = time.monotonic() - begin
        if status or len(out.split()) != vms + 1:
            sys.exit("the list is not whole")
        pages = proxy.count("RetrievePropertiesEx") + \
            proxy.count("ContinueRetrievePropertiesEx")
        print(f"list of {vms} VMs: {proxy.count()} requests, {pages} of them "
              f"pages, {proxy.sent / 1e6:.1f} MB, {took:.2f} s")
        before, sent = proxy.count(), proxy.sent
        watch = Watch(bed.uri())
        took = int(watch.next().split()[3])
        print(f"first list of a watch: {proxy.count() - before} requests, "
              f"{(proxy.sent - sent) / 1e6:.1f} MB, {took / 1000:.2f} s")
        vm = bed.all(vim.VirtualMachine)["DC0_H0_VM0"]
        before, sent = proxy.count(), proxy.sent
        begin = time.monotonic()
        readdress(bed, vm, "00:50:56:85:00:b6")
        changed = time.monotonic()
        watch.until("vm ")
        print(f"one MAC address: {proxy.count() - before} requests, "
              f"{proxy.sent - sent} bytes, changed in "
              f"{changed - begin:.2f} s and seen "
              f"{time.monotonic() - changed:.2f} s later")
        kib = int(watch.close().split()[1])
        print(f"memory of the watch: {kib / 1024:.1f} MB, "
              f"{kib * 1024 / vms:.0f} bytes a VM")
        bed.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10000)
