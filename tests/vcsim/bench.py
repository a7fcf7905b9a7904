# SPDX-License-Identifier: GPL-2.0-only
"""usage: bench.py [VMS]

What the provider for vCenter costs: the first list, read and watched, and one
MAC address that changes, as lines "figure NAME VALUE". Requests and bytes are
exact; time and memory are of one run, and time is also the simulator's.
"""
import sys
import tempfile
import time

from pyVmomi import vim

from bed import Bed, Watch, readdress

HOSTS = 10


def figure(name, value):
    """One line of the table; tests/bench/goals says what it means."""
    print(f"figure vcenter-{name} {value:.0f}", flush=True)


def measure_list(bed, vms):
    """In pages of a thousand, as a vCenter gives them."""
    bed.proxy.page = 1000
    begin = time.monotonic()
    status, out, err = bed.vmsafe("vm", "list", "--source", "manager", "-o",
                                  "vm_name")
    if status or len(out.split()) != vms + 1:
        sys.exit("the list is not whole: " + err)
    figure("list-ms", (time.monotonic() - begin) * 1000)
    figure("list-requests", bed.proxy.count())
    figure("list-bytes", bed.proxy.sent / vms)


def measure_change(bed, watch):
    """One MAC address of all."""
    vm = bed.all(vim.VirtualMachine)["DC0_H0_VM0"]
    before, sent = bed.proxy.count(), bed.proxy.sent
    readdress(bed, vm, "00:50:56:85:00:b6")
    begin = time.monotonic()
    watch.until("vm ")
    figure("change-ms", (time.monotonic() - begin) * 1000)
    # and the one that was waiting for it
    figure("change-requests", bed.proxy.count() - before + 1)
    figure("change-bytes", bed.proxy.sent - sent)


def main(vms):
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        bed = Bed(folder, "-hosts", str(HOSTS), "-vms", str(vms // HOSTS))
        measure_list(bed, vms)
        watch = Watch(bed.uri())
        line = watch.next().split()
        if line[:2] != ["list", str(vms)]:
            sys.exit("the list of the watch is not whole")
        figure("watch-ms", int(line[3]))
        measure_change(bed, watch)
        kib = int(watch.close().split()[1])
        figure("memory", kib * 1024 / vms)
        bed.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10000)
