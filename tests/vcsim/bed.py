# SPDX-License-Identifier: GPL-2.0-only
"""A vCenter, a proxy before it, and what watches it: what tests stand on."""
import os
import queue
import ssl
import subprocess
import threading
import time

from pyVim.connect import Disconnect, SmartConnect
from pyVim.task import WaitForTask
from pyVmomi import vim

from proxy import Proxy

OUT = os.environ["VCSIM_OUT"]
VMSAFE = os.environ["VMSAFE"]
USER, PASSWORD = "agent@vsphere.local", "p<&>w"

# seconds after which a test gives up; nothing is expected to take so long
PATIENCE = 300


def certificate(path, expired=False):
    """A new key with a certificate for it, in one file."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=vcenter",
         "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2",
         "-keyout", path + ".key", "-out", path + ".crt"],
        check=True, stderr=subprocess.DEVNULL)
    if expired:
        subprocess.run(
            ["openssl", "x509", "-in", path + ".crt", "-signkey",
             path + ".key", "-days", "-1", "-out", path + ".crt"],
            check=True, stderr=subprocess.DEVNULL)
    with open(path, "w", encoding="ascii") as out:
        for part in (".key", ".crt"):
            with open(path + part, encoding="ascii") as text:
                out.write(text.read())
    return path


def fingerprint(path):
    """The SHA-256 fingerprint of a certificate."""
    with open(path + ".crt", encoding="ascii") as text:
        der = ssl.PEM_cert_to_DER_cert(text.read())
    return subprocess.run(["sha256sum"], input=der, check=True,
                          stdout=subprocess.PIPE).stdout[:64].decode()


class Bed:
    """Everything that a test needs; close() ends it."""

    def __init__(self, folder, *options):
        self.cert = certificate(os.path.join(folder, "one"))
        self.other = certificate(os.path.join(folder, "two"))
        self.password = os.path.join(folder, "password")
        with open(self.password, "w", encoding="ascii") as out:
            out.write(PASSWORD + "\n")
        os.chmod(self.password, 0o600)
        self.vcsim = subprocess.Popen(
            [os.path.join(OUT, "vcsim"), "-user", USER, "-password", PASSWORD,
             *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True)
        self.address = self._said()
        self.proxy = Proxy(self.address, self.cert)
        host, port = self.address.split(":")
        self.si = SmartConnect(host=host, port=int(port), user=USER,
                               pwd=PASSWORD,
                               sslContext=ssl._create_unverified_context())
        self.content = self.si.RetrieveContent()

    def _said(self):
        """By the simulator."""
        return self.vcsim.stdout.readline().strip()

    def becomes(self, vm, state):
        """Have the simulator say that this is the state of its connection."""
        self.vcsim.stdin.write(f"{vm._moId} {state}\n")
        self.vcsim.stdin.flush()
        said = self._said()
        if said != "ok":
            raise AssertionError(said)

    def close(self):
        """End all of it."""
        Disconnect(self.si)
        self.proxy.stop()
        self.vcsim.stdin.close()
        self.vcsim.wait()

    def uri(self, path="", tls=None, user=USER):
        """Of the proxy."""
        return (f"vsphere://{user}@127.0.0.1:{self.proxy.port}/{path}"
                f"?password-file={self.password}&"
                + (tls or f"ca-file={self.cert}.crt"))

    def vmsafe(self, *args, path="", **uri):
        """Run the program; status, output and errors."""
        run = subprocess.run(
            [VMSAFE, "--lang", "en", *args, "--inventory",
             self.uri(path, **uri)], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, timeout=PATIENCE)
        return run.returncode, run.stdout, run.stderr

    def all(self, kind):
        """All objects of a kind, by name."""
        view = self.content.viewManager.CreateContainerView(
            self.content.rootFolder, [kind], True)
        found = {o.name: o for o in view.view}
        view.Destroy()
        return found

    def reconfigure(self, vm, **spec):
        """Change a VM."""
        WaitForTask(vm.ReconfigVM_Task(vim.vm.ConfigSpec(**spec)), si=self.si)

    def destroy(self, vm):
        """End a VM of which somebody watches the changes.

        The simulator forgets what it has to tell when a VM goes of which it
        has not told yet that it was powered off.
        """
        self.proxy.forget()
        self.wait(vm.PowerOffVM_Task())
        end = time.monotonic() + PATIENCE
        while not self.proxy.told(f">{vm._moId}<", "poweredOff"):
            if time.monotonic() > end:
                raise AssertionError("nobody was told that it is off")
            time.sleep(0.05)
        self.wait(vm.Destroy_Task())

    def wait(self, task):
        """Until it is done."""
        return WaitForTask(task, si=self.si)


class Watch:
    """What the provider tells of an inventory, line by line."""

    def __init__(self, uri, timeout=PATIENCE * 1000 // 2):
        self.process = subprocess.Popen(
            [os.path.join(OUT, "watch"), uri, str(timeout)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.lines = queue.Queue()
        self.seen = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def next(self):
        """The next line."""
        try:
            line = self.lines.get(timeout=PATIENCE)
        except queue.Empty:
            line = None
        if line is None:
            raise AssertionError(f"no more than {self.seen}")
        self.seen.append(line)
        return line

    def until(self, *words):
        """The next line that begins with one of these, and those before."""
        before = []
        while True:
            line = self.next()
            if line.startswith(words):
                return line, before
            before.append(line)

    def sees(self, wanted):
        """Until a VM's line is the one; halfway states may be told before."""
        while not wanted(line := self.next()):
            if not line.startswith("vm "):
                raise AssertionError(line)
        return line

    def ends(self, end):
        """Until a VM's line ends so."""
        return self.sees(lambda line: line.endswith(end))

    def ask(self, what):
        """Have the list told."""
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()

    def close(self):
        """End it; what it said at last."""
        self.process.stdin.close()
        self.process.wait(timeout=PATIENCE)
        last = None
        while (line := self.lines.get(timeout=PATIENCE)) is not None:
            last = line
        return last


def card(kind, mac, key, connected=True):
    """A change that adds an Ethernet card.

    The simulator would choose keys that no vCenter gives to Ethernet cards.
    """
    device = kind(key=key, macAddress=mac, addressType="manual",
                  backing=vim.vm.device.VirtualEthernetCard
                  .NetworkBackingInfo(deviceName="VM Network"),
                  connectable=vim.vm.device.VirtualDevice.ConnectInfo(
                      connected=connected, startConnected=True,
                      allowGuestControl=True))
    return vim.vm.device.VirtualDeviceSpec(operation="add", device=device)


def cards(vm):
    """The Ethernet cards of a VM."""
    return [d for d in vm.config.hardware.device
            if isinstance(d, vim.vm.device.VirtualEthernetCard)]


def readdress(bed, vm, mac):
    """Give a VM's first Ethernet card another MAC address."""
    device = cards(vm)[0]
    device.macAddress = mac
    bed.reconfigure(vm, deviceChange=[edit(device)])


def edit(device, operation="edit"):
    """A change of a device."""
    return vim.vm.device.VirtualDeviceSpec(operation=operation, device=device)
