# SPDX-License-Identifier: GPL-2.0-only
"""A proxy before a vCenter that has it fail, on loopback.

It counts requests by method, and does to the next answers what it is told:
see Proxy.fault().
"""
import http.client
import re
import socket
import ssl
import struct
import threading
import time

METHOD = re.compile(rb"<Body>\s*<(\w+)")
OBJECTS = re.compile(rb"<objects>.*?</objects>", re.S)
UPDATES = re.compile(rb"<objectSet>.*?</objectSet>", re.S)
VERSION = re.compile(rb"<version>.*?</version>")


class Proxy:
    """Listens on a port that the kernel chooses, until stop()."""

    def __init__(self, upstream, certificate):
        self.upstream = upstream
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.lock = threading.Lock()
        self.faults = []
        self.requests = {}
        self.sent = self.received = 0
        self.page = 0
        self.pages = {}
        self.updates = []
        self.watcher = None
        self.clients = set()
        self.port = 0
        self.listen()

    def listen(self):
        """On the port of before, if there was one."""
        self.socket = socket.create_server(("127.0.0.1", self.port))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.socket,),
                         daemon=True).start()

    def certificate(self, certificate):
        """Show another certificate from now on, to new connections."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.context = context

    def fault(self, kind, method=None, times=1):
        """Have the next answers, of that method, be faulty:

        refuse   HTTP 503                    cut      half of it, then a reset
        html     a page, with status 200     short    half of it, well closed
        bomb     XML with entities           garble   some bytes are others
        hang     no answer                   expire   the session has ended
        redirect to elsewhere                huge     elements without end
        empty    nothing in the envelope     deep     elements in elements
        slow     in small pieces             drip     the same, without end
        none     no fault: the next one is for a later answer
        """
        with self.lock:
            self.faults += [(kind, method)] * times

    def heal(self):
        """No more faults."""
        with self.lock:
            self.faults = []

    def count(self, method=None):
        """How many requests there were, of that method or at all."""
        with self.lock:
            if method:
                return self.requests.get(method, 0)
            return sum(self.requests.values())

    def forget(self):
        """What was told."""
        with self.lock:
            self.updates = []

    def told(self, *words):
        """Was who watches told an update that has these words, since then?"""
        with self.lock:
            return any(who == self.watcher and
                       all(w.encode() in update for w in words)
                       for who, update in self.updates)

    def drop(self):
        """Cut every connection."""
        with self.lock:
            for client in self.clients:
                reset(client)

    def stop(self):
        """Listen no longer, and cut every connection."""
        # closing it alone would leave the thread in accept()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.drop()

    def _accept(self, listening):
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,),
                             daemon=True).start()

    def _serve(self, raw):
        try:
            with self.context.wrap_socket(raw, server_side=True) as client:
                with self.lock:
                    self.clients.add(client)
                try:
                    self._talk(client)
                finally:
                    with self.lock:
                        self.clients.discard(client)
        except (OSError, ValueError, http.client.HTTPException):
            raw.close()

    def _talk(self, client):
        upstream = http.client.HTTPSConnection(
            self.upstream, context=ssl._create_unverified_context())
        reader = client.makefile("rb")
        while True:
            line = reader.readline()
            if not line:
                return
            headers = http.client.parse_headers(reader)
            body = reader.read(int(headers.get("Content-Length", 0)))
            method = METHOD.search(body)
            method = method.group(1).decode() if method else "?"
            kind = self._next(method, len(body))
            if kind == "hang":
                client.recv(1)
                return
            sent = {"Content-Type": "text/xml"}
            if "Cookie" in headers and kind != "expire":
                sent["Cookie"] = headers["Cookie"]
            if method == "WaitForUpdatesEx":
                self.watcher = headers.get("Cookie")
            answer = self._paged(method, body)
            # who waits for changes would wait for the fault as well
            if kind not in (None, "expire", "slow") and \
                    method == "WaitForUpdatesEx":
                answer = ENVELOPE % b"<version>1</version>"
            if answer:
                status, cookie = 200, None
            else:
                upstream.request("POST", "/sdk", body, sent)
                response = upstream.getresponse()
                answer = response.read()
                status = response.status
                cookie = response.headers.get("Set-Cookie")
                if method == "WaitForUpdatesEx":
                    self._note(headers.get("Cookie"), answer)
                answer = self._split(method, answer)
            if not self._answer(client, kind, status, cookie, answer):
                return

    def _note(self, who, update):
        with self.lock:
            self.updates = self.updates[-9:] + [(who, update)]

    def _next(self, method, size):
        with self.lock:
            self.requests[method] = self.requests.get(method, 0) + 1
            self.received += size
            for i, (kind, which) in enumerate(self.faults):
                if which in (None, method):
                    del self.faults[i]
                    return None if kind == "none" else kind
        return None

    def _split(self, method, answer):
        """A long list in pages, as a vCenter gives it and the simulator not."""
        if method == "WaitForUpdatesEx":
            return self._truncate(answer)
        objects = OBJECTS.findall(answer)
        if method != "RetrievePropertiesEx" or not self.page or \
                len(objects) <= self.page:
            return answer
        start = answer.index(b"<objects>")
        end = answer.rindex(b"</objects>") + len(b"</objects>")
        return self._first(answer[:start], objects, answer[end:])

    def _first(self, head, objects, tail):
        page, rest = objects[:self.page], objects[self.page:]
        token = b""
        if rest:
            with self.lock:
                name = b"token-%d" % len(self.pages)
                self.pages[name] = (head, rest, tail)
            token = b"<token>" + name + b"</token>"
        return head + token + b"".join(page) + tail

    def _truncate(self, answer):
        """A long update, likewise: only the last part has its version."""
        updates = UPDATES.findall(answer)
        if not self.page or len(updates) <= self.page:
            return answer
        start = answer.index(b"<objectSet>")
        end = answer.rindex(b"</objectSet>") + len(b"</objectSet>")
        parts = [answer[:start] + b"".join(updates[i:i + self.page]) +
                 answer[end:] for i in range(0, len(updates), self.page)]
        for i in range(len(parts) - 2, -1, -1):
            with self.lock:
                name = b"part-%d" % len(self.pages)
                self.pages[name] = parts[i + 1]
            parts[i] = VERSION.sub(b"<version>" + name + b"</version>",
                                   parts[i], 1)
            parts[i] = parts[i].replace(
                b"</returnval>", b"<truncated>true</truncated></returnval>")
        return parts[0]

    def _paged(self, method, body):
        part = re.search(rb"<version>(part-\d+)</version>", body)
        if part:
            with self.lock:
                return self.pages[part.group(1)]
        if method != "ContinueRetrievePropertiesEx":
            return None
        name = re.search(rb"<token>(.*?)</token>", body).group(1)
        with self.lock:
            head, objects, tail = self.pages.pop(name)
        for side in (b"RetrievePropertiesExResponse",):
            head = head.replace(b"<" + side, b"<Continue" + side)
            tail = tail.replace(b"</" + side, b"</Continue" + side)
        return self._first(head, objects, tail)

    def _answer(self, client, kind, status, cookie, answer):
        """True: the connection goes on."""
        extra = f"Set-Cookie: {cookie}\r\n" if cookie else ""
        if kind == "refuse":
            status, answer = 503, b"busy"
        elif kind == "redirect":
            status, answer = 302, b""
            extra = "Location: https://127.0.0.1:1/sdk\r\n"
        elif kind in BODIES:
            answer = BODIES[kind]
        elif kind == "garble":
            middle = len(answer) // 2
            answer = answer[:middle] + b"<\x00&" + answer[middle + 3:]
        length = len(answer)
        if kind == "short":
            answer = answer[:length // 2]
            length = len(answer)
        head = (f"HTTP/1.1 {status} X\r\nContent-Type: text/xml\r\n"
                f"Content-Length: {length}\r\n{extra}\r\n").encode()
        if kind == "cut":
            client.sendall(head + answer[:length // 2])
            reset(client)
            return False
        with self.lock:
            self.sent += len(answer)
        if kind == "drip":
            drip(client, head)
        elif kind == "slow":
            for i in range(0, len(answer), 512):
                client.sendall(head + answer[i:i + 512])
                head = b""
                time.sleep(0.01)
        else:
            client.sendall(head + answer)
        return True


def drip(client, head):
    """Never come to an end, until the other side does."""
    client.sendall(head.replace(b"Content-Length: ", b"Content-Length: 9") +
                   b"<Envelope>")
    while True:
        client.sendall(b" ")
        time.sleep(0.05)


def reset(client):
    """Close a connection as one that is cut."""
    try:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                          struct.pack("ii", 1, 0))
        client.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


BOMB = (b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;">'
    % ((97 + i,) + (96 + i,) * 8) for i in range(1, 20)) + b"]><x>&t;</x>")
ENVELOPE = b"<Envelope><Body><R><returnval>%s</returnval></R></Body></Envelope>"
BODIES = {
    "html": b"<html><body>Welcome<br></body></html>",
    "bomb": BOMB,
    "empty": b"<Envelope><Body/></Envelope>",
    "huge": ENVELOPE % (b"<x/>" * 600000),
    "deep": b"<x>" * 100000,
}
