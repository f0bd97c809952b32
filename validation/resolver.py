"""The one file that talks to DNS: many questions at once, to one server, at the caller's pace."""

import asyncio
import contextlib
import ipaddress
import re
import secrets
import socket
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Any, Self
from urllib.parse import urlsplit

import dns.asyncbackend
import dns.asyncquery
import dns.exception
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdtypes.ANY.MX
import dns.rdtypes.ANY.TXT
import dns.resolver

from validation.rules.account import Delivery
from validation.rules.dns import (
    DnsCode,
    Outcome,
    Question,
    RecordType,
    Reply,
    Said,
    judge,
)
from validation.rules.dns_server import Character, character_of

OFF, SYSTEM = "off", "system"
DNS_PORT = 53
# Seconds for one packet to be answered, and how often a question is sent.
TIMEOUT = 1.0
TRIES = 4
PAYLOAD = 1232  # https://www.dnsflagday.net/2020/
_HOST = re.compile(r"[\w.:%-]+")
MOST_REMEMBERED = 20_000
CANARIES = ("gmail.com", "outlook.com")


class UnknownServerError(Exception):
    """No such name server; the sentence says what to write instead."""


@dataclass(frozen=True)
class Server:
    """Where to ask. `named` is a server that somebody chose, not the machine's own setting."""

    label: str
    addresses: tuple[tuple[str, int], ...]
    named: bool = True

    @property
    def is_local_rehearsal(self) -> bool:
        """Whether it was named and listens on this machine only, so that it may be a stand-in."""
        return self.named and all(
            ipaddress.ip_address(host).is_loopback for host, _ in self.addresses
        )


def server_of(text: str) -> Server | None:
    """This will give the server for HOST:PORT, "system" or "off" (nothing)."""
    wanted = text.strip()
    if wanted.lower() == OFF:
        return None
    if wanted.lower() == SYSTEM:
        return _system()
    try:
        parts = urlsplit(f"//{wanted}")
        host, port = parts.hostname or "", parts.port or DNS_PORT
        is_plain = bool(_HOST.fullmatch(host)) and wanted == parts.netloc and "@" not in wanted
        found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM) if is_plain else []
    except (ValueError, UnicodeError) as error:
        message = f"{wanted!r} is no name server. Write HOST:PORT, off or system."
        raise UnknownServerError(message) from error
    except OSError as error:
        message = f"There is no name server {wanted}: the host is not known."
        raise UnknownServerError(message) from error
    addresses = tuple(dict.fromkeys((str(item[4][0]), port) for item in found))
    if not addresses:
        message = f"{wanted!r} is no name server. Write HOST:PORT, off or system."
        raise UnknownServerError(message)
    return Server(wanted, addresses)


def _system() -> Server:
    try:
        configured = dns.resolver.Resolver()
    except dns.exception.DNSException as error:
        message = "This machine has no name server of its own. Name one as HOST:PORT."
        raise UnknownServerError(message) from error
    hosts = [str(host) for host in configured.nameservers]
    return Server(SYSTEM, tuple((host, DNS_PORT) for host in hosts), named=False)


class Conversation:
    """Questions about many domains to one server.

    Everything happens inside `work`, on an event loop of its own; between two calls the caller
    may use the database. Each packet waits for a place (`give_places`), so the caller holds the
    pace. Outcomes are handed over in the order in which they came.
    """

    def __init__(self, server: Server, *, private_counts: bool = False) -> None:
        """This will get ready to ask; nothing is sent yet."""
        self.server = server
        self.private_counts = private_counts
        self._finished: dict[str, Outcome] = {}
        self._loop = asyncio.new_event_loop()
        self._backend = dns.asyncbackend.get_backend("asyncio")
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._plain: dict[Question, asyncio.Task[Reply]] = {}
        self._hosts: dict[Question, asyncio.Task[Reply]] = {}
        self._queue: deque[asyncio.Future[None]] = deque()
        self._promised = 0
        self._answered = self._late = 0
        self._asking: dict[str, Question] = {}
        self._sent_at: dict[Question, float] = {}

    def __enter__(self) -> Self:
        """This will give itself, to be closed at the end of the block."""
        return self

    def __exit__(self, *_error: object) -> None:
        """This will stop what is still asked and close every socket."""
        tasks = [*self._tasks.values(), *self._plain.values(), *self._hosts.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            self._loop.run_until_complete(asyncio.wait(tasks))
        self._loop.close()

    @property
    def active(self) -> int:
        """How many domains are being asked about."""
        return len(self._tasks)

    @property
    def is_busy(self) -> bool:
        """Whether anything is open."""
        return bool(self._tasks) or any(not task.done() for task in self._plain.values())

    @property
    def wanted(self) -> int:
        """How many packets wait for a place that nobody has promised yet."""
        return len(self._queue) - self._promised

    def ask(self, names: Iterable[str]) -> None:
        """This will begin to find out about domains."""
        for name in names:
            self._tasks[name] = self._loop.create_task(self._find_out(name))

    def ask_plainly(self, questions: Iterable[Question]) -> None:
        """This will begin to ask single questions."""
        for question in questions:
            self._plain[question] = self._loop.create_task(self._exchange(question))

    def reply_to(self, question: Question) -> Reply:
        """This will give the answer to a single question; a time-out while there is none."""
        task = self._plain[question]
        return task.result() if task.done() else Reply(Said.TIMEOUT)

    def give_places(self, places: int, *, after: float, apart: float) -> None:
        """This will let that many packets go, one after the other."""
        self._promised += places
        for number in range(places):
            self._loop.call_later(after + number * apart, self._let_one_go)

    def work(self, seconds: float) -> None:
        """This will send and receive for that long, or until everything is known."""
        tasks = (*self._tasks.values(), *self._plain.values())
        pending = [task for task in tasks if not task.done()]
        if pending:
            done, _ = self._loop.run_until_complete(asyncio.wait(pending, timeout=max(seconds, 0)))
            for task in done:
                task.result()

    def take_finished(self) -> dict[str, Outcome]:
        """This will hand over what became known since it was asked for last."""
        finished, self._finished = self._finished, {}
        return finished

    def take_tally(self) -> tuple[int, int]:
        """This will give how many packets were answered, and how many not, since it was asked."""
        tally, self._answered, self._late = (self._answered, self._late), 0, 0
        return tally

    def cut_short(self, patience: float) -> dict[str, Outcome]:
        """This will give what is still open and was waited for at least that long, as slow."""
        latest = monotonic() - patience
        return {
            name: Outcome(Delivery.UNKNOWN, DnsCode.SLOW)
            for name, question in self._asking.items()
            if self._sent_at.get(question, latest + 1) <= latest
        }

    async def _find_out(self, name: str) -> None:
        known: dict[Question, Reply] = {}
        while isinstance(step := judge(name, known, private_counts=self.private_counts), Question):
            self._asking[name] = step
            known[step] = await self._reply(name, step)
        self._asking.pop(name, None)
        self._finished[name] = step
        del self._tasks[name]

    async def _reply(self, name: str, question: Question) -> Reply:
        """This will ask, and ask only once about a mail host that many domains share."""
        if question.name == name:
            return await self._exchange(question)
        if len(self._hosts) > MOST_REMEMBERED:
            self._forget_hosts()
        task = self._hosts.get(question)
        if task is None:
            task = self._loop.create_task(self._exchange(question))
            self._hosts[question] = task
        return await asyncio.shield(task)

    def _forget_hosts(self) -> None:
        for question in [item for item, task in self._hosts.items() if task.done()]:
            del self._hosts[question]

    async def _exchange(self, question: Question) -> Reply:
        """This will send a question until it is answered, to each server in turn.

        A socket stays open through all tries, so that a late answer still counts.
        """
        query = dns.message.make_query(
            dns.name.from_text(question.name), question.type.value, use_edns=0, payload=PAYLOAD
        )
        servers = list(self.server.addresses)
        reply = Reply(Said.TIMEOUT)
        async with contextlib.AsyncExitStack() as stack:
            sockets: dict[tuple[str, int], Any] = {}
            for number in range(max(TRIES, len(servers))):
                server = servers[number % len(servers)]
                await self._place()
                self._sent_at.setdefault(question, monotonic())
                if server not in sockets:
                    sockets[server] = await stack.enter_async_context(await self._socket(server))
                reply = await _send(query, server, sockets[server])
                if reply.said == Said.TIMEOUT:
                    self._late += 1
                else:
                    self._answered += 1
                if reply.said in (Said.SERVFAIL, Said.REFUSED):
                    servers.remove(server)
                if reply.said not in (Said.TIMEOUT, Said.SERVFAIL, Said.REFUSED) or not servers:
                    break
        self._sent_at.pop(question, None)
        return reply

    async def _socket(self, server: tuple[str, int]) -> Any:  # noqa: ANN401 - no public type
        family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
        made: Any = self._backend.make_socket
        return await made(family, socket.SOCK_DGRAM, 0, None, None)

    async def _place(self) -> None:
        place = self._loop.create_future()
        self._queue.append(place)
        await place

    def _let_one_go(self) -> None:
        self._promised -= 1
        while self._queue:
            place = self._queue.popleft()
            if not place.done():
                place.set_result(None)
                return


async def _send(
    query: dns.message.Message,
    server: tuple[str, int],
    udp: Any,  # noqa: ANN401 - no public type
) -> Reply:
    try:
        response, _ = await dns.asyncquery.udp_with_fallback(
            query,
            server[0],
            timeout=TIMEOUT,
            port=server[1],
            udp_sock=udp,
            ignore_unexpected=True,
            ignore_errors=True,
        )
        return _read(response)
    except dns.message.ChainTooLong:
        return Reply(Said.LOOP)
    except dns.exception.Timeout:
        return Reply(Said.TIMEOUT)
    except (dns.exception.DNSException, OSError, EOFError):
        # Among them: an answer too long for UDP from a server that does not speak TCP.
        return Reply(Said.SERVFAIL)


def _read(response: dns.message.Message) -> Reply:
    rcode = response.rcode()
    if rcode == dns.rcode.NXDOMAIN:
        return Reply(Said.NO_NAME)
    if rcode == dns.rcode.SERVFAIL:
        return Reply(Said.SERVFAIL)
    if rcode != dns.rcode.NOERROR or not isinstance(response, dns.message.QueryMessage):
        return Reply(Said.REFUSED)
    answer = response.resolve_chaining().answer
    if answer is None:
        return Reply(Said.NOTHING)
    return Reply(Said.RECORDS, tuple(_texts(answer)))


def _texts(answer: Iterable[dns.rdata.Rdata]) -> Iterator[str]:
    for record in answer:
        if isinstance(record, dns.rdtypes.ANY.MX.MX):
            host = record.exchange.to_text(omit_final_dot=True).lower().lstrip(".")
            yield f"{record.preference} {host}"
        elif isinstance(record, dns.rdtypes.ANY.TXT.TXT):
            yield b"".join(record.strings).decode("ascii", "replace")
        else:
            yield record.to_text()


def examine(server: Server, *, own_domains: Iterable[str], seconds: float) -> Character:
    """This will find out what kind of server it is, before anything that it says is believed.

    Domains that surely take mail must be known to it, and a name that surely does not exist
    must not be.
    """
    until = monotonic() + seconds
    nobody = f"{secrets.token_hex(12)}.com"
    unheard_of = [Question(nobody, kind) for kind in (RecordType.MX, RecordType.A)]
    canaries = list(dict.fromkeys([*CANARIES, *own_domains]))[: len(CANARIES) + 1]
    with Conversation(server) as talk:
        talk.ask(canaries)
        talk.ask_plainly(unheard_of)
        while talk.is_busy and monotonic() < until:
            talk.give_places(talk.wanted, after=0, apart=0)
            talk.work(0.02)
        finished = talk.take_finished()
        known = [finished.get(name) for name in canaries]
        replies = [talk.reply_to(question) for question in unheard_of]
    return character_of(known, replies, may_be_rehearsal=server.is_local_rehearsal)
