# SPDX-License-Identifier: GPL-2.0-only
"""usage: desk.py FOLDER

A vCenter that does what is written into FOLDER/ask, a line each time, and says
in FOLDER/answer how that went: "ok", with what came of it, or "failed". The
fields of a line stand apart by tabs. It ends when the line is "end".
"""
import os
import sys
import time

from pyVmomi import vim

from bed import Bed, cards, edit


class Desk:
    """The commands, by their names."""

    def __init__(self, bed):
        self.bed = bed
        self.vms = bed.all(vim.VirtualMachine)
        self.hosts = bed.all(vim.HostSystem)

    def uri(self, path=""):
        """Where the inventory is."""
        return self.bed.uri(path)

    def guest(self, old, name, uuid, *macs):
        """Make a VM what runs on a host under this name."""
        vm = self.vms[name] = self.vms.pop(old)
        self.bed.reconfigure(vm, name=name, uuid=uuid)
        for device, mac in zip(cards(vm), macs):
            device.macAddress = mac
            # the simulator's VMs run with their cables pulled out
            device.connectable.connected = True
            self.bed.reconfigure(vm, deviceChange=[edit(device)])

    def mac(self, name, mac):
        """Give its first Ethernet card another MAC address; when that was."""
        vm = self.vms[name]
        device = cards(vm)[0]
        device.macAddress = mac
        begin = time.time()
        self.bed.reconfigure(vm, deviceChange=[edit(device)])
        return f"{begin:.3f}"

    def uuid(self, name, uuid):
        """Give it another UUID, of which the simulator tells no watcher."""
        self.bed.reconfigure(self.vms[name], uuid=uuid)

    def move(self, name, host):
        """To another host."""
        host = self.hosts[host]
        self.bed.wait(self.vms[name].RelocateVM_Task(vim.vm.RelocateSpec(
            host=host, pool=host.parent.resourcePool)))

    def clone(self, name, new):
        """Of a VM: on its host, running, with its MAC addresses."""
        vm = self.vms[name]
        task = vm.CloneVM_Task(vm.parent, new, vim.vm.CloneSpec(
            location=vim.vm.RelocateSpec(), powerOn=False,
            template=False))
        self.bed.wait(task)
        self.vms[new] = task.info.result
        self.bed.wait(self.vms[new].PowerOnVM_Task())
        return " ".join(c.macAddress for c in cards(self.vms[new]))

    def destroy(self, name):
        """End it."""
        self.bed.destroy(self.vms.pop(name))

    def refuse(self, times):
        """Answer that it is busy, so many times."""
        self.bed.proxy.fault("refuse", None, int(times))

    def heal(self):
        """No longer."""
        self.bed.proxy.heal()

    def cut(self):
        """Be out of reach."""
        self.bed.proxy.stop()

    def back(self):
        """Be there again."""
        self.bed.proxy.listen()

    def certificate(self, which):
        """Show this one from now on, to who connects anew."""
        self.bed.proxy.certificate(getattr(self.bed, which))
        self.bed.proxy.drop()

    def count(self, method):
        """How many requests of that method there were."""
        return self.bed.proxy.count(method)


COMMANDS = ("uri", "guest", "mac", "uuid", "move", "clone", "destroy",
            "refuse", "heal", "cut", "back", "certificate", "count")


def obey(desk, line):
    """One line; what to say."""
    name, *args = line.rstrip("\n").split("\t")
    if name not in COMMANDS:
        return f"failed: there is no {name}"
    try:
        came = getattr(desk, name)(*args)
    except Exception as error:
        return f"failed: {type(error).__name__}: {error}".split("\n")[0]
    return "ok" if came is None else f"ok {came}"


def say(folder, text):
    """Seen whole or not at all."""
    path = os.path.join(folder, "answer")
    with open(path + ".new", "w", encoding="utf-8") as out:
        out.write(text + "\n")
    os.rename(path + ".new", path)


def main(folder):
    """Until the end."""
    desk = Desk(Bed(folder))
    say(folder, "ok")
    while True:
        with open(os.path.join(folder, "ask"), encoding="utf-8") as asked:
            line = asked.read()
        if line.strip() == "end":
            break
        say(folder, obey(desk, line))
    desk.bed.close()


if __name__ == "__main__":
    main(sys.argv[1])
