"""A name server on loopback that says what a test tells it to, in every way a server can fail."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest
from django.core.cache import cache

from validation.resolver import Server

MX, A, AAAA, TXT, CNAME = (dns.rdatatype.from_text(t) for t in ("MX", "A", "AAAA", "TXT", "CNAME"))
SILENT, SERVFAIL, REFUSED, GARBAGE, WRONG_ID, TRUNCATED = (
    "silent", "servfail", "refused", "garbage", "wrong id", "truncated",
)  # fmt: skip
# What a real resolver knows; without it no answer is believed.
INTERNET = {"gmail.com": {"MX": "5 mx.gmail.com."}, "mx.gmail.com": {"A": "8.8.8.8"}}


def pair_of_sockets():
    """A UDP and a TCP socket on one port: what is free for one may be taken for the other."""
    while True:
        udp, tcp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket()
        udp.bind(("127.0.0.1", 0))
        try:
            tcp.bind(udp.getsockname())
        except OSError:
            udp.close()
            tcp.close()
        else:
            return udp, tcp


class NameServer:
    """Answers UDP, and TCP after a truncated answer. What is not in the table does not exist.

    `table`: name → {type: records}, or name → one of the failures above. A CNAME is followed, as a
    resolver does. `delay` holds back each answer; `asked` holds the moment and the question.
    """

    def __init__(self, table, *, delay=0.0, everything=None):
        self.table, self.delay, self.everything = table, delay, everything
        self.asked: list[tuple[float, str, str]] = []
        self.over_tcp = 0
        self.udp, self.tcp = pair_of_sockets()
        self.port = self.udp.getsockname()[1]
        self.tcp.listen()
        self.stopped = False
        self.threads = [
            threading.Thread(target=serve, daemon=True)
            for serve in (self._serve_udp, self._serve_tcp)
        ]
        for thread in self.threads:
            thread.start()

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    @property
    def server(self):
        return Server(self.address, (("127.0.0.1", self.port),))

    def questions(self, *names):
        """What was asked, without the server's examination."""
        return [(n, t) for _at, n, t in self.asked if not names or n in names]

    def stop(self):
        # An empty packet and a connection wake the threads, which then end.
        self.stopped = True
        self.udp.sendto(b"", ("127.0.0.1", self.port))
        socket.create_connection(("127.0.0.1", self.port)).close()
        for thread in self.threads:
            thread.join()
        self.udp.close()
        self.tcp.close()

    def _serve_udp(self):
        while not self.stopped:
            wire, sender = self.udp.recvfrom(4096)
            if not wire:
                continue
            if self.delay:
                time.sleep(self.delay)
            answer = self.answer(wire)
            if answer is not None:
                with suppress(OSError):
                    self.udp.sendto(answer, sender)

    def _serve_tcp(self):
        while not self.stopped:
            connection, _ = self.tcp.accept()
            with connection:
                head = connection.recv(2)
                if not head:
                    continue
                length = struct.unpack("!H", head)[0]
                wire = self.answer(connection.recv(length), tcp=True)
                if wire:
                    self.over_tcp += 1
                    connection.sendall(struct.pack("!H", len(wire)) + wire)

    def answer(self, wire, *, tcp=False):
        query = dns.message.from_wire(wire)
        name, kind = query.question[0].name, query.question[0].rdtype
        text = name.to_text(omit_final_dot=True).lower()
        if not tcp:
            self.asked.append((time.monotonic(), text, dns.rdatatype.to_text(kind)))
        said = self.table.get(text, self.everything)
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        said = said.get(dns.rdatatype.to_text(kind), said) if isinstance(said, dict) else said
        if said == SILENT:
            return None
        if said == GARBAGE:
            return b"\x00\x01garbage"
        if said == WRONG_ID:
            response.id = (query.id + 1) % 65536
        elif said == TRUNCATED:
            if not tcp:
                response.flags |= dns.flags.TC
                return response.to_wire()
            self._fill(response, name, kind, "tcp." + text)
        elif said in (SERVFAIL, REFUSED):
            response.set_rcode(dns.rcode.from_text(said.upper()))
        else:
            self._fill(response, name, kind, text)
        return response.to_wire()

    def _fill(self, response, name, kind, text, depth=0):
        said = self.table.get(text, self.everything)
        if said is None:
            response.set_rcode(dns.rcode.NXDOMAIN)
        elif isinstance(said, dict) and "CNAME" in said and depth < 20:
            response.answer.append(dns.rrset.from_text(name, 300, "IN", "CNAME", said["CNAME"]))
            target = dns.name.from_text(said["CNAME"])
            self._fill(response, target, kind, said["CNAME"].rstrip("."), depth + 1)
        elif isinstance(said, dict):
            records = said.get(dns.rdatatype.to_text(kind), [])
            records = [records] if isinstance(records, str) else records
            if records:
                response.answer.append(dns.rrset.from_text(name, 300, "IN", kind, *records))


@pytest.fixture
def name_server() -> Iterator[type]:
    """Starts name servers; all of them stop with the test."""
    started: list[NameServer] = []

    def start(table=(), **options):
        made = NameServer({**INTERNET, **dict(table)}, **options)
        started.append(made)
        return made

    yield start
    for one in started:
        one.stop()


@pytest.fixture(autouse=True)
def forgotten_servers() -> None:
    """What one test learned of a server is nothing to the next one."""
    cache.clear()
