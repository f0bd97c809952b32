"""A name server on loopback that answers faster than anybody asks; other benchmarks start it.

It copies the question and adds one ready-made answer, by what the name begins with. What stands
for the whole of the internet is a hash of the name: of 1,000 domains 974 take mail, 10 do not
exist, 4 say that they take none, 8 have an address alone, 2 fail and 2 stay silent.
"""

import multiprocessing
import socket
import struct
import time
import zlib
from typing import Any

A, MX = 1, 15
NO_ERROR, SERVFAIL, NXDOMAIN = 0x8180, 0x8182, 0x8183
HOST = b"\x02mx\x09many-mail\x03net\x00"
KNOWN = (b"gmail", b"outlook")
OF = 1_000


class NameServer:
    """A server in a process of its own, with how many packets it got and when."""

    def __init__(self, *, all_good: bool = False) -> None:
        """This will start answering on a free port; `all_good` lets every domain take mail."""
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.packets = multiprocessing.Value("q", 0)
        self.seconds = multiprocessing.Array("q", 7200)
        arguments = (self.socket, self.packets, self.seconds, time.time(), all_good)
        self.process = multiprocessing.Process(target=_serve, args=arguments, daemon=True)
        self.process.start()

    @property
    def address(self) -> str:
        """The server as HOST:PORT."""
        return f"127.0.0.1:{self.port}"

    def by_second(self) -> list[int]:
        """This will give how many packets came in each second, from the first to the last."""
        counts = list(self.seconds)
        used = [at for at, count in enumerate(counts) if count]
        return counts[used[0] : used[-1] + 1] if used else []

    def stop(self) -> None:
        """This will end the server."""
        self.process.terminate()
        self.process.join()


def _serve(server: socket.socket, packets: Any, seconds: Any, begun: float, all_good: bool) -> None:  # noqa: ANN401, FBT001 - runs in a process of its own
    while True:
        query, asker = server.recvfrom(512)
        packets.value += 1
        seconds[min(int(time.time() - begun), len(seconds) - 1)] += 1
        answer = answer_to(query, all_good=all_good)
        if answer:
            server.sendto(answer, asker)


def answer_to(query: bytes, *, all_good: bool) -> bytes:
    """This will give the answer to a query; nothing for a domain that stays silent."""
    end = query.index(b"\x00", 12) + 1
    name, kind = query[12 : end - 1].lower(), struct.unpack("!H", query[end : end + 2])[0]
    question = query[12 : end + 4]
    said = "address" if name == HOST[:-1] else _said(name, all_good=all_good)
    if said == "silent":
        return b""
    flags, known, data = _SAYS[said]
    if known != kind:
        return _header(query, flags, 0) + question
    record = b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 300, len(data)) + data
    return _header(query, flags, 1) + question + record


_SAYS = {
    "nobody": (NXDOMAIN, 0, b""),
    "fails": (SERVFAIL, 0, b""),
    "no mail": (NO_ERROR, MX, b"\x00\x00\x00"),
    "address": (NO_ERROR, A, socket.inet_aton("93.184.215.14")),
    "mail": (NO_ERROR, MX, b"\x00\x0a" + HOST),
}
# How many domains of 1,000 do what; the others take mail.
_OF_THOUSAND = (("nobody", 10), ("silent", 2), ("fails", 2), ("no mail", 4), ("address", 8))
RANDOM_LABEL = 24  # the resolver asks about a name of that length that nobody has


def _said(name: bytes, *, all_good: bool) -> str:
    first = name[1 : 1 + name[0]]
    if len(first) == RANDOM_LABEL:
        return "nobody"
    if all_good or first in KNOWN:
        return "mail"
    luck = zlib.crc32(name) % OF
    for said, share in _OF_THOUSAND:
        if luck < share:
            return said
        luck -= share
    return "mail"


def _header(query: bytes, flags: int, answers: int) -> bytes:
    return query[:2] + struct.pack("!HHHHH", flags, 1, answers, 0, 0)
