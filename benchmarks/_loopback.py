"""A name server on loopback that answers what a table of outcomes says."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

MAIL_HOST = "mail.names.example-host.net"
# What the resolver asks to see whether a server can be believed at all.
KNOWN = {"gmail.com": "mx", "outlook.com": "mx", MAIL_HOST: "host"}
RECORDS = {
    ("mx", "MX"): f"10 {MAIL_HOST}.",
    ("mx_dangling", "MX"): f"10 gone.{MAIL_HOST}.",
    ("null_mx", "MX"): "0 .",
    ("host", "A"): "9.9.9.9",
    ("mx", "A"): "9.9.9.10",
    ("a_only", "A"): "9.9.9.11",
    ("aaaa_only", "AAAA"): "2620:fe::fe",
    ("nodata", "TXT"): '"v=spf1 -all"',
}


@contextmanager
def name_server(outcomes: Mapping[str, str]) -> Iterator[str]:
    """This will answer questions until the end of the block; gives "host:port".

    Outcomes: mx, mx_dangling, null_mx, a_only, aaaa_only, nodata, nxdomain, servfail, timeout.
    A name that is not in the table does not exist.
    """
    table = {**KNOWN, **outcomes}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_serve, args=(server, table), daemon=True)
        thread.start()
        host, port = server.getsockname()
        yield f"{host}:{port}"
        server.sendto(b"", (host, port))
        thread.join()


def _serve(server: socket.socket, table: Mapping[str, str]) -> None:
    while True:
        wire, sender = server.recvfrom(4096)
        if not wire:
            return
        answer = _answer(dns.message.from_wire(wire), table)
        if answer:
            server.sendto(answer, sender)


def _answer(query: dns.message.Message, table: Mapping[str, str]) -> bytes:
    asked = query.question[0]
    outcome = table.get(asked.name.to_text(omit_final_dot=True).lower(), "nxdomain")
    if outcome == "timeout":
        return b""
    answer = dns.message.make_response(query)
    answer.flags |= dns.flags.RA
    if outcome in {"servfail", "nxdomain"}:
        answer.set_rcode(dns.rcode.from_text(outcome.upper()))
    record = RECORDS.get((outcome, dns.rdatatype.to_text(asked.rdtype)))
    if record:
        answer.answer.append(dns.rrset.from_text(asked.name, 300, "IN", asked.rdtype, record))
    return answer.to_wire()
