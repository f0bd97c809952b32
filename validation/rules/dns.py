"""What the answers of DNS mean for mail to a domain: may it be delivered there, and why.

The rule is asked again and again: as long as it needs to know more it answers with the next
question, so that nobody asks DNS more than it needs. RFC 5321 5.1, RFC 7505, RFC 8020.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from validation.rules.account import Delivery
from validation.rules.dns_providers import provider_of
from validation.rules.domains import look_at
from validation.rules.lists import RESERVED_TLDS


class RecordType(StrEnum):
    """What DNS is asked for. Never a mailbox: only domains and mail hosts leave the house."""

    MX = "MX"
    A = "A"
    AAAA = "AAAA"
    TXT = "TXT"


class Said(StrEnum):
    """What came back."""

    RECORDS = "records"
    NOTHING = "nothing"  # the name exists, without records of this type
    NO_NAME = "no name"  # NXDOMAIN
    SERVFAIL = "servfail"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    LOOP = "loop"  # CNAMEs that lead in a circle


class DnsCode(StrEnum):
    """The outcome behind the verdict."""

    MX = "mx"
    NULL_MX_MIXED = "null_mx_mixed"  # says "no mail" and names a mail host
    IMPLICIT_MX = "implicit_mx"  # no MX, but an address
    IMPLICIT_MX_IPV6 = "implicit_mx_ipv6"  # the same, reached by IPv6 alone
    NO_MX_SPF_REJECT = "no_mx_spf_reject"  # the same, and it says that it never sends: parked
    NULL_MX = "null_mx"
    MX_UNUSABLE = "mx_unusable"
    NO_MAIL_HOST = "no_mail_host"
    NO_DOMAIN = "no_domain"
    SYNTAX = "syntax_domain"
    RESERVED = "reserved_domain"
    UNKNOWN_TLD = "unknown_tld"
    SERVFAIL = "dns_servfail"
    REFUSED = "dns_refused"
    TIMEOUT = "dns_timeout"
    LOOP = "dns_loop"
    SLOW = "dns_slow"  # cut short by us: not yet the domain's failure
    DEAD = "dns_dead"  # failing for a week
    BROKEN = "dns_broken"  # a loop for three days


# Under which problem a verdict is reported; what is not here is no problem.
REPORTED_AS: dict[str, str] = {
    DnsCode.IMPLICIT_MX: "no_mx_but_a",
    DnsCode.IMPLICIT_MX_IPV6: "no_mx_but_a",
    DnsCode.NO_MX_SPF_REJECT: "no_mx_but_a",
    DnsCode.NULL_MX: "null_mx",
    DnsCode.MX_UNUSABLE: "dead_domain",
    DnsCode.NO_MAIL_HOST: "dead_domain",
    DnsCode.NO_DOMAIN: "dead_domain",
    DnsCode.RESERVED: "dead_domain",
    DnsCode.BROKEN: "dead_domain",
    DnsCode.SYNTAX: "syntax",
    DnsCode.UNKNOWN_TLD: "wrong_tld",
    DnsCode.DEAD: "dns_dead",
}

_TROUBLE = {
    Said.SERVFAIL: DnsCode.SERVFAIL,
    Said.REFUSED: DnsCode.REFUSED,
    Said.TIMEOUT: DnsCode.TIMEOUT,
    Said.LOOP: DnsCode.LOOP,
}
_FAULTS = {
    "no_ending": DnsCode.SYNTAX,
    "syntax": DnsCode.SYNTAX,
    "reserved": DnsCode.RESERVED,
    "unknown_tld": DnsCode.UNKNOWN_TLD,
}
# A domain may name hundreds of mail hosts; the first ones decide.
MOST_MAIL_HOSTS = 8


@dataclass(frozen=True)
class Question:
    """One question to DNS; the name as A-label without a trailing dot."""

    name: str
    type: RecordType


@dataclass(frozen=True)
class Reply:
    """One answer. An MX record is "10 mx.example.com"; the null MX is "0 "."""

    said: Said
    records: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What DNS says of a domain."""

    verdict: Delivery
    code: DnsCode
    mx: tuple[str, ...] = ()

    @property
    def provider(self) -> str:
        """Whose mail service it is, by the mail host, where it is a known one."""
        return provider_of(self.mx)


def judge(
    name: str, known: Mapping[Question, Reply], *, private_counts: bool = False
) -> Outcome | Question:
    """This will give the outcome for a domain, or the next question to ask.

    Trouble is never "undeliverable", and never leads to a weaker source: where the MX cannot be
    had, the address of the name itself must not be used. `private_counts` is for rehearsals on
    one machine, where mail hosts have private addresses.
    """
    if refusal := without_asking(name):
        return Outcome(Delivery.UNDELIVERABLE, refusal)
    question = Question(name, RecordType.MX)
    reply = known.get(question)
    if reply is None:
        return question
    if reply.said in _TROUBLE:
        return _trouble(reply)
    if reply.said == Said.NO_NAME:
        return Outcome(Delivery.UNDELIVERABLE, DnsCode.NO_DOMAIN)
    if reply.records:
        return _by_mail_hosts(reply.records, known, private_counts=private_counts)
    return _by_address(name, known, private_counts=private_counts)


def without_asking(name: str) -> DnsCode | None:
    """This will give why a name cannot take mail, where that can be seen without asking."""
    return _FAULTS.get(look_at(name).fault)


def findings_class(verdict: str, code: str) -> tuple[str, str]:
    """This will give what findings and statuses see of a verdict: only its change matters."""
    return verdict or Delivery.UNKNOWN.value, REPORTED_AS.get(code, "")


def _by_mail_hosts(
    records: tuple[str, ...], known: Mapping[Question, Reply], *, private_counts: bool
) -> Outcome | Question:
    """This will judge by the first mail host that has an address; one is enough."""
    pairs = sorted((int(head), host) for head, _, host in (text.partition(" ") for text in records))
    hosts = tuple(host for _, host in pairs if host)
    if not hosts:
        return Outcome(Delivery.UNDELIVERABLE, DnsCode.NULL_MX)
    code = DnsCode.MX if len(hosts) == len(pairs) else DnsCode.NULL_MX_MIXED
    trouble: Outcome | None = None
    for host in hosts[:MOST_MAIL_HOSTS]:
        if not _may_be_host(host):
            continue
        found = _addresses(host, known, private_counts=private_counts)
        if isinstance(found, Question):
            return found
        if found.records:
            return Outcome(Delivery.DELIVERABLE, code, hosts)
        if found.said in _TROUBLE:
            trouble = trouble or _trouble(found)
    return trouble or Outcome(Delivery.UNDELIVERABLE, DnsCode.MX_UNUSABLE, hosts)


def _by_address(
    name: str, known: Mapping[Question, Reply], *, private_counts: bool
) -> Outcome | Question:
    """This will judge a domain without MX: its own address takes the mail, if it has one."""
    found = _addresses(name, known, private_counts=private_counts)
    if isinstance(found, Question):
        return found
    if found.said in _TROUBLE:
        return _trouble(found)
    if not found.records:
        return Outcome(Delivery.UNDELIVERABLE, DnsCode.NO_MAIL_HOST)
    question = Question(name, RecordType.TXT)
    texts = known.get(question)
    if texts is None:
        return question
    if any(text.lower().split() == ["v=spf1", "-all"] for text in texts.records):
        code = DnsCode.NO_MX_SPF_REJECT
    elif all(":" in address for address in found.records):
        code = DnsCode.IMPLICIT_MX_IPV6
    else:
        code = DnsCode.IMPLICIT_MX
    return Outcome(Delivery.RISKY, code)


def _addresses(
    name: str, known: Mapping[Question, Reply], *, private_counts: bool
) -> Question | Reply:
    """This will give the addresses of a name that can be reached, or the trouble on the way."""
    for kind in (RecordType.A, RecordType.AAAA):
        question = Question(name, kind)
        reply = known.get(question)
        if reply is None:
            return question
        if reply.said in _TROUBLE:
            return reply
        if reply.said == Said.NO_NAME:
            break
        usable = tuple(
            item for item in reply.records if _is_reachable(item, private_counts=private_counts)
        )
        if usable:
            return Reply(Said.RECORDS, usable)
    return Reply(Said.NOTHING)


def _is_reachable(address: str, *, private_counts: bool) -> bool:
    parsed = ipaddress.ip_address(address)
    return parsed.is_global or (private_counts and not parsed.is_unspecified)


def _may_be_host(host: str) -> bool:
    """This will refuse addresses in the place of names, and names of one's own machine."""
    ending = host.rpartition(".")[2]
    return not ending.isdigit() and ending not in RESERVED_TLDS


def _trouble(reply: Reply) -> Outcome:
    return Outcome(Delivery.UNKNOWN, _TROUBLE[reply.said])
