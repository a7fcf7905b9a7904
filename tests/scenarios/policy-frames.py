#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Send frames through a vNIC that a policy of ours judges.

usage: policy-frames.py SUITE

Each case is a frame, a direction, and whether it has to arrive. After it goes a
frame that every policy lets pass, and once that is there the answer is known:
nothing here waits for a time to go by. One line a case, "ok NAME" or
"not ok NAME", for the scenario to pass on. The guest is behind g0 in the
namespace "guest", the network behind w0 in "wire".
"""
import ctypes
import os
import select
import socket
import struct
import sys

GUEST = bytes.fromhex('525400000001')
WIRE = bytes.fromhex('525400000002')
OTHER = bytes.fromhex('5254000000ff')
EVERYBODY = b'\xff' * 6
IP, ARP, RARP, VLAN, QINQ, IPV6 = 0x800, 0x806, 0x8035, 0x8100, 0x88a8, 0x86dd
ICMP, TCP, UDP, ICMPV6 = 1, 6, 17, 58
OUT, IN = 'out', 'in'
PATIENCE = 20


def open_in(namespace, device):
    """A packet socket on a device of another network namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open('/proc/self/ns/net') as home, \
            open('/run/netns/' + namespace) as there:
        if libc.setns(there.fileno(), 0):
            raise OSError(ctypes.get_errno(), 'setns')
        try:
            s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                              socket.htons(3))
            s.bind((device, 3))
        finally:
            libc.setns(home.fileno(), 0)
    s.setblocking(False)
    return s


def mac(source, target, kind, rest):
    return target + source + struct.pack('!H', kind) + rest


def tags(*pairs):
    """VLAN tags for between the addresses and the EtherType."""
    return b''.join(struct.pack('!HH', *pair) for pair in pairs)


def tagged(frame, *pairs):
    return frame[:12] + tags(*pairs) + frame[12:]


def snap(frame, length=None):
    """The same in an 802.3 frame with LLC and SNAP."""
    rest = b'\xaa\xaa\x03\0\0\0' + frame[12:]
    return frame[:12] + struct.pack('!H', length or len(rest)) + rest


def arp(source, sender_mac, sender, op=1, kind=ARP, target='10.0.0.2'):
    return mac(source, EVERYBODY, kind,
               struct.pack('!HHBBH', 1, IP, 6, 4, op) + sender_mac +
               socket.inet_aton(sender) + bytes(6) +
               socket.inet_aton(target))


def ipv4(rest, protocol, source='10.0.0.1', target='10.0.0.2', fragment=0,
         options=b'', frame=(GUEST, WIRE)):
    head = struct.pack('!BBHHHBBH', 0x45 + len(options) // 4, 0,
                       20 + len(options) + len(rest), 1, fragment, 64,
                       protocol, 0)
    return mac(*frame, IP, head + socket.inet_aton(source) +
               socket.inet_aton(target) + options + rest)


def ipv6(rest, protocol, source='2001:db8::1', target='2001:db8::2',
         frame=(GUEST, WIRE)):
    head = struct.pack('!IHBB', 6 << 28, len(rest), protocol, 255)
    return mac(*frame, IPV6, head +
               socket.inet_pton(socket.AF_INET6, source) +
               socket.inet_pton(socket.AF_INET6, target) + rest)


def udp(source, target, data=b'data'):
    return struct.pack('!HHHH', source, target, 8 + len(data), 0) + data


def tcp(source, target, data=b'', options=b''):
    return struct.pack('!HHIIBBHHH', source, target, 1, 1,
                       (5 + len(options) // 4) << 4, 16, 1000, 0, 0) + \
        options + data


def extension(following, length=8):
    return bytes([following, length // 8 - 1]) + bytes(length - 2)


def fragment6(following, offset, more=True, number=7):
    return struct.pack('!BBHI', following, 0, offset | more, number)


def icmpv6(kind, rest=b''):
    return bytes([kind, 0, 0, 0, 0, 0, 0, 0]) + rest


def target6(address):
    return socket.inet_pton(socket.AF_INET6, address)


def to_guest(builder, *args, **kwargs):
    if builder is ipv4:
        kwargs = {'source': '10.0.0.2', 'target': '10.0.0.1', **kwargs}
    else:
        kwargs = {'source': '2001:db8::2', 'target': '2001:db8::1', **kwargs}
    return builder(*args, frame=(WIRE, GUEST), **kwargs)


class Line:
    """Both ends of the wire."""

    def __init__(self):
        self.ends = {OUT: (open_in('guest', 'g0'), open_in('wire', 'w0')),
                     IN: (open_in('wire', 'w0'), open_in('guest', 'g0'))}
        self.count = 0

    def arrives(self, frame, direction):
        """Does it? The frame behind it is an ARP probe, which always does."""
        source, sink = self.ends[direction]
        self.count += 1
        marker = b'case%08d' % self.count
        end = b'over%08d' % self.count
        who = GUEST if direction == OUT else WIRE
        source.send(frame + marker)
        source.send(arp(who, who, '0.0.0.0') + bytes(18) + end)
        seen = False
        while True:
            if not select.select([sink], [], [], PATIENCE)[0]:
                raise SystemExit('Bail out! nothing arrives any more')
            got = sink.recv(65536)
            seen = seen or marker in got
            if got.endswith(end):
                return seen


def anti_spoof():
    """The guest's: 10.0.0.1 and 2001:db8::1."""
    ping = icmpv6(128)
    advert = icmpv6(134)
    dhcp = udp(67, 68)
    na = icmpv6(136, target6('2001:db8::1'))
    forged = icmpv6(136, target6('2001:db8::9'))
    bad = [
        ('another source MAC', ipv4(udp(1, 2), UDP, frame=(OTHER, WIRE))),
        ('another sender MAC in ARP', arp(GUEST, OTHER, '10.0.0.1')),
        ('another sender IP in ARP', arp(GUEST, GUEST, '10.0.0.9', op=2)),
        ('the same in a VLAN',
         tagged(arp(GUEST, GUEST, '10.0.0.9'), (VLAN, 5))),
        ('the same in two VLANs',
         tagged(arp(GUEST, GUEST, '10.0.0.9'), (QINQ, 5), (VLAN, 6))),
        ('the same in LLC/SNAP', snap(arp(GUEST, GUEST, '10.0.0.9'))),
        ('the same in LLC/SNAP of a wrong length',
         snap(arp(GUEST, GUEST, '10.0.0.9'), 1)),
        ('the same behind VLAN 0 and LLC/SNAP',
         tagged(snap(arp(GUEST, GUEST, '10.0.0.9')), (VLAN, 0), (VLAN, 0))),
        ('RARP for another', arp(GUEST, OTHER, '0.0.0.0', 3, RARP)),
        ('ARP that ends too early', arp(GUEST, GUEST, '10.0.0.1')[:24]),
        ('VLAN tags without end',
         tagged(arp(GUEST, GUEST, '10.0.0.1'), *[(VLAN, 5)] * 9)),
        ('another IPv4 source', ipv4(udp(1, 2), UDP, '10.0.0.9')),
        ('another IPv6 source', ipv6(udp(1, 2), UDP, '2001:db8::9')),
        ('DHCP server', ipv4(dhcp, UDP)),
        ('DHCP server, in IP options',
         ipv4(dhcp, UDP, options=b'\x01' * 8)),
        ('DHCP server, first fragment',
         ipv4(dhcp + bytes(24), UDP, fragment=0x2000)),
        ('DHCP to a client from any port', ipv4(udp(99, 68), UDP)),
        ('DHCPv6 server', ipv6(udp(547, 546), UDP)),
        ('router advertisement', ipv6(advert, ICMPV6, 'fe80::1')),
        ('redirect', ipv6(icmpv6(137), ICMPV6, 'fe80::1')),
        ('router advertisement behind a destination option',
         ipv6(extension(ICMPV6) + advert, 60, 'fe80::1')),
        ('router advertisement behind a fragment header',
         ipv6(fragment6(ICMPV6, 0) + advert, 44, 'fe80::1')),
        ('router advertisement behind hop-by-hop, options, fragment',
         ipv6(extension(60) + extension(44, 16) + fragment6(ICMPV6, 0) +
              advert, 0, 'fe80::1')),
        ('a first fragment without all headers',
         ipv6(fragment6(60, 0) + b'\x3a\x09', 44, 'fe80::1')),
        ('extension headers without end',
         ipv6(extension(60) * 9 + advert, 60, 'fe80::1')),
        ('neighbour advertisement for another',
         ipv6(forged, ICMPV6, 'fe80::1')),
        ('an IP header that ends too early',
         ipv4(b'', UDP)[:22]),
        ('an IPv4 header of a wrong length',
         mac(GUEST, WIRE, IP, b'\x41' + bytes(30))),
    ]
    good = [
        ('IPv4', ipv4(udp(1, 2), UDP)),
        ('IPv4 of 5000 bytes', ipv4(udp(1, 2, bytes(5000)), UDP)),
        ('IPv4 in a VLAN', tagged(ipv4(udp(1, 2), UDP), (VLAN, 5))),
        ('ARP', arp(GUEST, GUEST, '10.0.0.1')),
        ('ARP in a VLAN', tagged(arp(GUEST, GUEST, '10.0.0.1'), (VLAN, 5))),
        ('RARP', arp(GUEST, GUEST, '0.0.0.0', 3, RARP)),
        ('DHCP client', ipv4(udp(68, 67), UDP, '0.0.0.0',
                             '255.255.255.255')),
        ('a later fragment', ipv4(bytes(24), UDP, fragment=0x2005)),
        ('IPv6', ipv6(udp(1, 2), UDP)),
        ('IPv6 behind an option', ipv6(extension(UDP) + udp(1, 2), 60)),
        ('link-local IPv6', ipv6(ping, ICMPV6, 'fe80::5')),
        ('router solicitation', ipv6(icmpv6(133), ICMPV6, '::')),
        ('neighbour advertisement', ipv6(na, ICMPV6)),
        ('another protocol', mac(GUEST, WIRE, 0x88b5, bytes(50))),
    ]
    theirs_bad = [
        ("the guest's own MAC",
         ipv4(udp(1, 2), UDP, '10.0.0.2', '10.0.0.1', frame=(GUEST, GUEST))),
        ("ARP with the guest's MAC", arp(WIRE, GUEST, '10.0.0.7')),
        ("ARP with the guest's IP", arp(WIRE, WIRE, '10.0.0.1')),
        ("the same in a VLAN",
         tagged(arp(WIRE, WIRE, '10.0.0.1'), (VLAN, 5))),
    ]
    theirs_good = [
        ('ARP', arp(WIRE, WIRE, '10.0.0.2')),
        ('DHCP server', to_guest(ipv4, dhcp, UDP)),
        ('router advertisement',
         to_guest(ipv6, advert, ICMPV6, source='fe80::2')),
        ('IPv4', to_guest(ipv4, udp(1, 2), UDP)),
        ('IPv6', to_guest(ipv6, udp(1, 2), UDP)),
        ('IPv4 of 5000 bytes', to_guest(ipv4, udp(1, 2, bytes(5000)), UDP)),
    ]
    return table((OUT, False, bad), (OUT, True, good),
                 (IN, False, theirs_bad), (IN, True, theirs_good))


def allow_list():
    """What the scenario has set; see there."""
    good = [
        ('tcp to port 443', ipv4(tcp(40000, 443), TCP)),
        ('the same in a VLAN',
         tagged(ipv4(tcp(40000, 443), TCP), (VLAN, 5))),
        ('the same in two VLANs',
         tagged(ipv4(tcp(40000, 443), TCP), (QINQ, 5), (VLAN, 6))),
        ('the same with options',
         ipv4(tcp(40000, 443), TCP, options=b'\x01' * 40)),
        ('the same of 5000 bytes', ipv4(tcp(40000, 443, bytes(5000)), TCP)),
        ('a later fragment of it', ipv4(bytes(24), TCP, fragment=3)),
        ('first port of a range', ipv4(udp(40000, 5000), UDP)),
        ('last port of a range', ipv4(udp(40000, 5010), UDP)),
        ('ping', ipv4(bytes([8, 0]) + bytes(6), ICMP)),
        ('ARP', arp(GUEST, GUEST, '10.0.0.1')),
        ('neighbour solicitation', ipv6(icmpv6(135, bytes(16)), ICMPV6)),
        ('IPv6 behind options',
         ipv6(extension(60) + extension(UDP) + udp(9, 53), 60)),
    ]
    bad = [
        ('tcp to port 444', ipv4(tcp(40000, 444), TCP)),
        ('udp to port 443', ipv4(udp(40000, 443), UDP)),
        ('from an address outside the prefix',
         ipv4(tcp(40000, 443), TCP, '10.0.1.1')),
        ('to another address',
         ipv4(tcp(40000, 443), TCP, target='10.0.0.3')),
        ('one below the range', ipv4(udp(40000, 4999), UDP)),
        ('one above the range', ipv4(udp(40000, 5011), UDP)),
        ('a later fragment of another protocol',
         ipv4(bytes(24), 47, fragment=3)),
        ('a truncated TCP header', ipv4(b'\x9c\x40\x01', TCP)),
        ('another protocol', mac(GUEST, WIRE, 0x88b5, bytes(50))),
        ('IPv6 to another port', ipv6(udp(9, 54), UDP)),
        ('IPv4 in LLC/SNAP', snap(ipv4(tcp(40000, 444), TCP))),
    ]
    theirs_good = [
        ('the answer from port 443', to_guest(ipv4, tcp(443, 40000), TCP)),
        ('ping', to_guest(ipv4, bytes([8, 0]) + bytes(6), ICMP)),
        ('ARP', arp(WIRE, WIRE, '10.0.0.2')),
    ]
    theirs_bad = [
        ('from port 443 to a low port', to_guest(ipv4, tcp(443, 22), TCP)),
        ('tcp to port 443', to_guest(ipv4, tcp(40000, 443), TCP)),
        ('udp that is allowed outwards', to_guest(ipv4, udp(1, 5000), UDP)),
        ('IPv6', to_guest(ipv6, udp(9, 53), UDP)),
    ]
    return table((OUT, True, good), (OUT, False, bad),
                 (IN, True, theirs_good), (IN, False, theirs_bad))


def intrusion_prevention():
    """Strings that the scenario has forbidden."""
    evil = b'GET /etc/passwd HTTP/1.0\r\n'
    bad = [
        ('at the beginning', ipv4(tcp(40000, 80, evil), TCP)),
        ('from the server as well', ipv4(tcp(80, 40000, evil), TCP)),
        ('behind TCP options',
         ipv4(tcp(40000, 80, evil, b'\x01' * 40), TCP)),
        ('behind IP options',
         ipv4(tcp(40000, 80, evil), TCP, options=b'\x01' * 40)),
        ('in a VLAN', tagged(ipv4(tcp(40000, 80, evil), TCP), (VLAN, 5))),
        ('in two VLANs', tagged(ipv4(tcp(40000, 80, evil), TCP),
                                (QINQ, 5), (VLAN, 6))),
        ('in a packet of 5000 bytes',
         ipv4(tcp(40000, 80, evil + bytes(5000)), TCP)),
        ('in IPv6, behind an option',
         ipv6(extension(TCP) + tcp(40000, 80, evil), 60)),
        ('any protocol, any port', ipv4(udp(1, 2, b'xx-worm-xx'), UDP)),
        ('bytes that are no text', ipv4(udp(1, 2, b'\x90\x90\0\xff'), UDP)),
        ('at the end of the head',
         ipv4(udp(1, 2, bytes(122) + b'-worm-'), UDP)),
        ('the second with the same beginning',
         ipv4(udp(1, 2, b'-worse'), UDP)),
        ('a TCP header that ends too early', ipv4(tcp(1, 80)[:12], TCP)),
    ]
    good = [
        ('another string', ipv4(tcp(40000, 80, b'GET /etc/hosts'), TCP)),
        ('at another port', ipv4(tcp(40000, 81, evil), TCP)),
        ('by another protocol', ipv4(udp(40000, 80, evil), UDP)),
        ('the beginning of it', ipv4(udp(1, 2, b'-wor'), UDP)),
        ('behind the head', ipv4(udp(1, 2, bytes(128) + b'-worm-'), UDP)),
        ('no payload', ipv4(tcp(40000, 80), TCP)),
        ('ICMP with it', ipv4(bytes([8, 0]) + bytes(6) + b'-worm-', ICMP)),
        ('another protocol', mac(GUEST, WIRE, 0x88b5, b'-worm-' * 9)),
    ]
    theirs_bad = [
        ('at the beginning', to_guest(ipv4, tcp(40000, 80, evil), TCP)),
        ('in IPv6', to_guest(ipv6, udp(1, 2, b'-worm-'), UDP)),
    ]
    theirs_good = [
        ('another string',
         to_guest(ipv4, tcp(40000, 80, b'GET /etc/hosts'), TCP)),
        ('ARP', arp(WIRE, WIRE, '10.0.0.2')),
    ]
    return table((OUT, False, bad), (OUT, True, good),
                 (IN, False, theirs_bad), (IN, True, theirs_good))


def table(*parts):
    for direction, passes, cases in parts:
        for name, frame in cases:
            yield direction, passes, name, frame


def other():
    """One frame each way: does it pass?"""
    for direction, frame in ((OUT, ipv4(udp(1, 2), UDP)),
                             (IN, to_guest(ipv4, udp(1, 2), UDP))):
        yield direction, True, 'IPv4', frame


SUITES = {'anti-spoof': anti_spoof, 'allow-list': allow_list,
          'intrusion-prevention': intrusion_prevention, 'other': other}


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in SUITES:
        print(__doc__, file=sys.stderr)
        return 2
    line = Line()
    failed = 0
    for direction, passes, name, frame in SUITES[sys.argv[1]]():
        arrived = line.arrives(frame, direction)
        failed += arrived != passes
        print('%s %s, %s: %s' % ('ok' if arrived == passes else 'not ok',
                                 'from the guest' if direction == OUT
                                 else 'to the guest',
                                 'passes' if passes else 'dropped', name),
              flush=True)
    return 1 if failed else 0


if __name__ == '__main__':
    os.environ['LC_ALL'] = 'C'
    sys.exit(main())
