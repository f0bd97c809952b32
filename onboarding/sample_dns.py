"""A name server on loopback that answers from a file, so that the demo needs no network."""

import contextlib
import csv
import socket
import threading
from pathlib import Path

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

MAIL_HOST = "mx1.sample."
ANSWERS: dict[tuple[str, dns.rdatatype.RdataType], str] = {
    ("mx", dns.rdatatype.MX): f"10 {MAIL_HOST}",
    ("mx", dns.rdatatype.A): "127.0.0.4",
    ("null_mx", dns.rdatatype.MX): "0 .",
    ("mx_dangling", dns.rdatatype.MX): "10 gone.sample.",
    ("a_only", dns.rdatatype.A): "127.0.0.3",
    ("aaaa_only", dns.rdatatype.AAAA): "::1",
    ("host", dns.rdatatype.A): "127.0.0.2",
    ("sender", dns.rdatatype.MX): f"10 {MAIL_HOST}",
    ("sender", dns.rdatatype.TXT): '"v=spf1 mx -all"',
    ("dmarc", dns.rdatatype.TXT): '"v=DMARC1; p=quarantine"',
    # The example key of RFC 8463.
    ("dkim", dns.rdatatype.TXT): (
        '"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="'
    ),
}
LARGEST_QUERY = 4096


class SampleDns:
    """Answers UDP queries from a table `domain,outcome`; an unlisted name does not exist."""

    def __init__(self, file: Path) -> None:
        """This will read the table and take a free port on 127.0.0.1."""
        with file.open(encoding="utf-8", newline="") as stream:
            self.outcomes = {row["domain"]: row["outcome"] for row in csv.DictReader(stream)}
        self.outcomes[MAIL_HOST.rstrip(".")] = "host"
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.stopped = False
        self.thread = threading.Thread(target=self._serve, name="sample-dns", daemon=True)

    @property
    def address(self) -> str:
        """Where it listens, as HOST:PORT."""
        host, port = self.socket.getsockname()
        return f"{host}:{port}"

    def start(self) -> None:
        """This will answer in a daemon thread until `stop`."""
        self.thread.start()

    def stop(self) -> None:
        """This will end the thread and free the port."""
        self.stopped = True
        # A thread that waits for a packet does not see its socket close; a packet wakes it.
        if self.thread.is_alive():
            self.socket.sendto(b"", self.socket.getsockname())
            self.thread.join()
        self.socket.close()

    def _serve(self) -> None:
        while not self.stopped:
            query, sender = self.socket.recvfrom(LARGEST_QUERY)
            answer = self.answer(query)
            if answer is not None:
                with contextlib.suppress(OSError):  # who asked may be gone
                    self.socket.sendto(answer, sender)

    def answer(self, query: bytes) -> bytes | None:
        """This will give the answer to one query; nothing for garbage and for "timeout"."""
        try:
            question = dns.message.from_wire(query)
            asked = question.question[0]
        except (dns.exception.DNSException, IndexError):
            return None
        outcome = self.outcomes.get(asked.name.to_text(omit_final_dot=True).lower(), "nxdomain")
        if outcome == "timeout":
            return None
        response = dns.message.make_response(question)
        response.flags |= dns.flags.AA | dns.flags.RA
        if outcome == "nxdomain":
            response.set_rcode(dns.rcode.NXDOMAIN)
        elif outcome == "servfail":
            response.set_rcode(dns.rcode.SERVFAIL)
        elif text := ANSWERS.get((outcome, asked.rdtype)):
            response.answer.append(dns.rrset.from_text(asked.name, 300, "IN", asked.rdtype, text))
        return response.to_wire()
