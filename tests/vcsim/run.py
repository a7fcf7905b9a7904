# SPDX-License-Identifier: GPL-2.0-only
"""The provider for vCenter against a vCenter that others wrote, as TAP."""
import sys
import tempfile
import traceback

from pyVmomi import vim

from bed import (PASSWORD, Bed, Watch, card, cards, certificate, edit,
                 fingerprint, readdress)

# what may happen to an answer, but for those that take their time
FAULTS = ("refuse", "redirect", "html", "bomb", "cut", "short", "garble",
          "empty", "huge", "deep")
STEPS = ("RetrieveServiceContent", "Login", "CreateContainerView",
         "RetrievePropertiesEx", "ContinueRetrievePropertiesEx")
E1000 = vim.vm.device.VirtualE1000
VMXNET3 = vim.vm.device.VirtualVmxnet3
SRIOV = vim.vm.device.VirtualSriovEthernetCard
LIST = ("vnic", "list", "--source", "manager", "-o", "vm_name,device_id,mac")
VMS = ("vm", "list", "--source", "manager", "-o", "vm_name")


def expect(truth, *what):
    """Like assert, but it also says what there was."""
    if not truth:
        raise AssertionError(repr(what))


def test_list(bed):
    """the list is read, with a certificate that ca-file= vouches for"""
    status, out, err = bed.vmsafe(*VMS)
    expect(status == 0 and not err, status, out, err)
    expect(sorted(out.split()[1:]) ==
           ["DC0_H0_VM0", "DC0_H0_VM1", "DC0_H1_VM0", "DC0_H1_VM1"], out)
    expect(bed.proxy.count("RetrievePropertiesEx") == 1)
    expect(bed.proxy.count("Logout") == 1)


def test_pages(bed):
    """a list in pages is read to its end"""
    bed.proxy.page = 1
    status, out, err = bed.vmsafe(*VMS)
    expect(status == 0 and len(out.split()) == 5, status, out, err)
    expect(bed.proxy.count("ContinueRetrievePropertiesEx") == 5)


def test_truncated(bed):
    """updates in parts are one update, and a part of them is none"""
    bed.proxy.page = 1
    watch = Watch(bed.uri())
    expect(watch.next().startswith("list 4 4 "))
    # four VMs and two hosts, of which the last said that it was the last
    expect(bed.proxy.count("WaitForUpdatesEx") >= 6)
    for n, kind in enumerate(("refuse", "cut", "short", "garble", "empty"), 1):
        bed.proxy.fault("none", "WaitForUpdatesEx", 1 + n % 4)
        bed.proxy.fault(kind, "WaitForUpdatesEx")
        watch.ask("afresh")
        line = watch.next()
        expect(line.startswith("failed "), kind, line)
        expect(watch.until("list", "vm", "gone")[0].startswith("list 4 4 "),
               kind)
    vm = bed.all(vim.VirtualMachine)["DC0_H0_VM0"]
    readdress(bed, vm, "00:50:56:85:00:b6")
    watch.ends("0=00:50:56:85:00:B6")
    watch.close()


def test_where(bed):
    """a datacenter and a host narrow it down, and have to be there"""
    for path, n in (("DC0", 4), ("DC0/host/dc0_h1", 2), ("host/DC0_H0", 2)):
        status, out, err = bed.vmsafe(*VMS, path=path)
        expect(status == 0 and len(out.split()) == n + 1, path, out, err)
    for path in ("DC1", "vm", "host/DC0_H7", "DC0/host/DC0"):
        status, out, err = bed.vmsafe(*VMS, path=path)
        expect(status == 5 and not out and err.count("\n") == 1, path, out,
               err)


def test_tls(bed):
    """only the certificate that is trusted is taken"""
    for tls, good in ((f"sha256={fingerprint(bed.cert)}", True),
                      ("verify=none", True),
                      (f"ca-file={bed.other}.crt", False),
                      ("ca-file=/does/not/exist", False),
                      (f"sha256={fingerprint(bed.other)}", False)):
        logins = bed.proxy.count()
        status, out, err = bed.vmsafe(*VMS, tls=tls)
        expect(status == (0 if good else 5), tls, status, err)
        expect(good or (not out and bed.proxy.count() == logins), tls, out)
        expect(("warning" in err) == (tls == "verify=none"), err)
    expect(fingerprint(bed.cert) in err, err)
    status, out, err = bed.vmsafe(*VMS, tls="password-file=/x")
    expect(status == 2, status, err)


def test_login(bed):
    """who may not log in is told so"""
    status, out, err = bed.vmsafe(*VMS, user="nobody")
    expect(status == 5 and not out and "InvalidLogin" in err, status, err)
    expect("p<&>w" not in err, err)


def test_refusals(bed):
    """what is refused is one clear line, in both languages"""
    with open(bed.password, "w", encoding="ascii") as out:
        out.write("wrong\n")
    refused(bed, "InvalidLogin")
    with open(bed.password, "w", encoding="ascii") as out:
        out.write(PASSWORD + "\n")
    refused(bed, '"Osaka"', path="Osaka")
    refused(bed, '"esx9"', path="host/esx9")
    expired = certificate(bed.password + "-expired", True)
    bed.proxy.certificate(expired)
    refused(bed, "certificate has expired", "有効期限が切れて",
            tls=f"ca-file={expired}.crt")
    bed.proxy.certificate(bed.other)
    refused(bed, fingerprint(bed.other), tls=f"sha256={fingerprint(bed.cert)}")
    for lang, word in (("en", "warning: verify=none"), ("ja", "警告: ")):
        status, out, err = bed.vmsafe(*VMS, "--lang", lang, tls="verify=none")
        expect(status == 0 and err.count("\n") == 1 and word in err, err)


def refused(bed, word, japanese=None, **uri):
    """With a word that is in the line, in each language."""
    for lang, word in (("en", word), ("ja", japanese or word)):
        status, out, err = bed.vmsafe(*VMS, "--lang", lang, **uri)
        print(f"# {err}", end="")
        expect(status == 5 and not out and err.count("\n") == 1, status, err)
        expect(word in err, word, err)
        expect(err.isascii() == (lang == "en"), err)


def test_faults(bed):
    """no answer that is faulty is taken for a list, at any step"""
    bed.proxy.page = 1
    for method in STEPS:
        for kind in FAULTS:
            bed.proxy.fault(kind, method)
            status, out, err = bed.vmsafe(*VMS)
            expect(status == 5 and not out and err.count("\n") == 1, kind,
                   method, status, out, err)
            expect(not bed.proxy.faults, kind, method)


def test_expired(bed):
    """a session that has ended is begun anew, once"""
    bed.proxy.fault("expire", "CreateContainerView")
    status, out, err = bed.vmsafe(*VMS)
    expect(status == 0 and len(out.split()) == 5, status, out, err)
    expect(bed.proxy.count("Login") == 2)
    bed.proxy.fault("expire", "CreateContainerView", 9)
    status, out, err = bed.vmsafe(*VMS)
    expect(status == 5 and "NotAuthenticated" in err, status, err)


def test_changes(bed):
    """after the list only changes travel"""
    vm = bed.all(vim.VirtualMachine)["DC0_H0_VM0"]
    watch = Watch(bed.uri())
    expect(watch.next().startswith("list 4 4 "))
    lists = [bed.proxy.count(m) for m in ("Login", "RetrievePropertiesEx")]
    readdress(bed, vm, "00:50:56:85:00:b6")
    rest = "DC0_H0 running 0=00:50:56:85:00:B6"
    watch.ends(f"vm {vm.config.uuid} DC0_H0_VM0 {rest}")
    bed.wait(vm.Rename_Task("財務 サーバー"))
    watch.ends(f"vm {vm.config.uuid} 財務 サーバー {rest}")
    for task, word in ((vm.SuspendVM_Task, "suspended"),
                       (vm.PowerOffVM_Task, "shut off")):
        bed.wait(task())
        watch.ends(rest.replace("running", word))
    expect(lists == [bed.proxy.count(m)
                     for m in ("Login", "RetrievePropertiesEx")])
    watch.ask("want")
    expect(watch.until("list")[0].startswith("list 4 4 "))
    watch.ask("afresh")
    expect(watch.until("list")[0].startswith("list 4 4 "))
    expect(bed.proxy.count("Login") == lists[0] + 1)
    watch.close()


def test_cards(bed):
    """cards of all kinds count, and one that is not connected does not"""
    vm = bed.all(vim.VirtualMachine)["DC0_H0_VM0"]
    bed.reconfigure(vm, deviceChange=[
        edit(d, "remove") for d in cards(vm)])
    watch = Watch(bed.uri("host/DC0_H0"))
    expect(watch.next().startswith("list 2 1 "))
    macs = []
    for n, kind in enumerate((VMXNET3, E1000, SRIOV)):
        macs.append(f"00:50:56:00:00:0{n}")
        bed.reconfigure(vm, deviceChange=[card(kind, macs[-1], 4001 + n)])
        ids = [int(d.key) - 4000 for d in cards(vm)]
        expect(len(ids) == n + 1, ids)
        want = sorted(f"{i}={m}" for i, m in zip(ids, macs))
        watch.sees(lambda line: sorted(line.split()[5:]) == want)
    bed.reconfigure(vm, extraConfig=[vim.option.OptionValue(
        key=f"ethernet{ids[0]}.filter1.onFailure", value="failClosed")])
    status, out, err = bed.vmsafe("vnic", "list", "--source", "manager", "-o",
                                  "mac,failure_policy")
    expect([macs[0], "fail-closed"] in [x.split() for x in out.split("\n")],
           out, err)
    watch.close()


def test_moves(bed):
    """a VM that moves leaves one list and arrives in the other"""
    vm = bed.all(vim.VirtualMachine)["DC0_H0_VM0"]
    host = bed.all(vim.HostSystem)["DC0_H1"]
    here, there = Watch(bed.uri("host/DC0_H0")), Watch(bed.uri("host/DC0_H1"))
    expect(here.next().startswith("list 2 "))
    expect(there.next().startswith("list 2 "))
    bed.wait(vm.RelocateVM_Task(vim.vm.RelocateSpec(
        host=host, pool=host.parent.resourcePool)))
    uuid = vm.config.uuid
    expect(here.until("gone")[0] == f"gone {uuid}")
    line, before = there.until("arrived")
    expect(line == f"arrived {uuid}", line)
    expect(before and before[-1].startswith(f"vm {uuid} "), before)
    expect(here.close().startswith("memory"))
    there.close()


def test_lives(bed):
    """templates, new VMs, clones with one UUID, and VMs that are destroyed"""
    vms = bed.all(vim.VirtualMachine)
    vm, other = vms["DC0_H0_VM0"], vms["DC0_H0_VM1"]
    watch = Watch(bed.uri())
    expect(watch.next().startswith("list 4 4 "))
    bed.wait(vm.PowerOffVM_Task())
    watch.until("vm ")
    # of that, and of a new UUID, the simulator tells no watcher
    vm.MarkAsTemplate()
    status, out, err = bed.vmsafe("vm", "list", "--source", "manager", "-o",
                                  "vm_name,template")
    expect(["DC0_H0_VM0", "yes"] in [x.split() for x in out.split("\n")] or
           ["DC0_H0_VM0", "true"] in [x.split() for x in out.split("\n")],
           out, err)
    bed.reconfigure(other, uuid=vm.config.uuid)
    watch.ask("afresh")
    watch.until("list 4 4 ")
    bed.destroy(other)
    expect(watch.until("list 3")[0].startswith("list 3 3 "))
    uuid = vms["DC0_H1_VM0"].config.uuid
    bed.destroy(vms["DC0_H1_VM0"])
    expect(watch.until("gone")[0] == f"gone {uuid}")
    watch.close()


def test_lost(bed):
    """what vCenter cannot reach stays as it was last known"""
    vms = bed.all(vim.VirtualMachine)
    vm = vms["DC0_H0_VM0"]
    known = (LIST[:-1] + ("vm_name,vm_uuid,device_id,mac",))
    status, out, err = bed.vmsafe(*known)
    before = sorted(out.splitlines())
    expect(status == 0 and len(before) == 5, status, out, err)
    watch = Watch(bed.uri())
    expect(watch.next().startswith("list 4 4 "))
    for state in ("disconnected", "inaccessible", "invalid"):
        bed.becomes(vm, state)
        watch.sees(lambda line: f" {vm.config.uuid} " in line)
        expect(vm.runtime.connectionState == state)
        status, out, err = bed.vmsafe(*known)
        expect(sorted(out.splitlines()) == before, status, out, err)
    # its host does not have it any longer
    bed.becomes(vm, "orphaned")
    expect(watch.until("gone")[0] == f"gone {vm.config.uuid}")
    status, out, err = bed.vmsafe(*known)
    expect(status == 0 and vm.config.uuid not in out, status, out, err)
    expect(len(out.splitlines()) == 4, out)
    bed.becomes(vm, "connected")
    watch.sees(lambda line: f" {vm.config.uuid} " in line)
    watch.close()


def test_slow(bed):
    """an answer in small pieces is read to its end"""
    for method in STEPS[:4]:
        bed.proxy.fault("slow", method)
    status, out, err = bed.vmsafe(*VMS)
    expect(status == 0 and len(out.split()) == 5, status, out, err)
    expect(not bed.proxy.faults)


def test_watch_faults(bed):
    """whatever fails while it watches is told, and heals"""
    watch = Watch(bed.uri())
    expect(watch.next().startswith("list 4 4 "))
    vm = bed.all(vim.VirtualMachine)["DC0_H0_VM0"]
    for n, kind in enumerate(FAULTS + ("expire",)):
        bed.proxy.fault(kind, "WaitForUpdatesEx")
        readdress(bed, vm, f"00:50:56:00:02:{n:02X}")
        line, before = watch.until("list 4 4 ")
        expect(not bed.proxy.faults, kind, before)
        # a session that has ended is begun anew, without a word
        expect(any(x.startswith("failed ") for x in before) ==
               (kind != "expire"), kind, before)
        expect(not [x for x in before if x.startswith(("list", "gone"))],
               kind, before)
        mac = f"00:50:56:00:01:{n:02X}"
        readdress(bed, vm, mac)
        watch.ends("0=" + mac)
    watch.close()


def test_watch_timeout(bed):
    """who answers too late, or without end, is waited for no longer"""
    vm = bed.all(vim.VirtualMachine)["DC0_H0_VM0"]
    # on a slow machine what nobody holds up may take as long
    watch = Watch(bed.uri(), 3000)
    watch.until("list 4 4 ")
    for n, kind in enumerate(("hang", "drip")):
        bed.proxy.fault(kind, "WaitForUpdatesEx")
        readdress(bed, vm, f"00:50:56:00:03:{n:02X}")
        watch.until("failed timeout ETIMEDOUT")
        watch.until("list 4 4 ")
        expect(not bed.proxy.faults, kind)
    watch.close()


def test_watch_certificate(bed):
    """a certificate that changes under it is refused, and told"""
    watch = Watch(bed.uri(tls=f"sha256={fingerprint(bed.cert)}"))
    expect(watch.next().startswith("list 4 4 "))
    bed.proxy.certificate(bed.other)
    bed.proxy.drop()
    line = watch.until("failed unreachable EKEYREJECTED")[0]
    expect(fingerprint(bed.other) in line, line)
    bed.proxy.certificate(bed.cert)
    watch.until("list 4 4 ")
    watch.close()


TESTS = [test_list, test_pages, test_truncated, test_where, test_tls,
         test_login, test_refusals, test_faults, test_expired, test_changes,
         test_cards, test_moves, test_lives, test_lost, test_slow,
         test_watch_faults, test_watch_timeout, test_watch_certificate]


def main(names):
    """Run them all, or those named, each in a bed of its own."""
    tests = [t for t in TESTS if not names or t.__name__ in names]
    failed = 0
    print(f"TAP version 13\n1..{len(tests)}", flush=True)
    for n, test in enumerate(tests, 1):
        with tempfile.TemporaryDirectory() as folder:
            bed = Bed(folder)
            try:
                test(bed)
                print(f"ok {n} - {test.__doc__}", flush=True)
            except Exception:
                failed += 1
                print(f"not ok {n} - {test.__doc__}")
                for line in traceback.format_exc().split("\n"):
                    print("# " + line, flush=True)
            finally:
                bed.close()
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
