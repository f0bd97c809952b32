"""The verdict table: what each way DNS can answer means for mail."""

import pytest

from validation.rules.account import Delivery
from validation.rules.dns import (
    REPORTED_AS,
    DnsCode,
    Outcome,
    Question,
    RecordType,
    Reply,
    Said,
    findings_class,
    judge,
    without_asking,
)

MX, A, AAAA, TXT = RecordType.MX, RecordType.A, RecordType.AAAA, RecordType.TXT
NOTHING, NO_NAME = Reply(Said.NOTHING), Reply(Said.NO_NAME)
SERVFAIL, TIMEOUT = Reply(Said.SERVFAIL), Reply(Said.TIMEOUT)
NAME, HOST, OTHER = "acme.com", "mx.acme.com", "mx.backup.net"
GLOBAL = "93.184.215.14"


def records(*texts):
    return Reply(Said.RECORDS, texts)


def known(**replies):
    """Replies as mx=..., a=... of the domain, host_a=... and other_a=... of its mail hosts."""
    names = {"host": HOST, "other": OTHER}
    found = {}
    for key, reply in replies.items():
        who, _, kind = key.rpartition("_")
        found[Question(names.get(who, NAME), RecordType(kind.upper()))] = reply
    return found


ONE = records(f"10 {HOST}")
TWO = records(f"20 {HOST}", f"10 {OTHER}")
TABLE = [
    ("mail host with an address", known(mx=ONE, host_a=records(GLOBAL)), "deliverable", "mx"),
    (
        "mail host with IPv6 alone",
        known(mx=ONE, host_a=NOTHING, host_aaaa=records("2606:4700::1111")),
        "deliverable", "mx",
    ),
    (
        "the first mail host is dead, the second works",
        known(mx=TWO, other_a=NO_NAME, host_a=records(GLOBAL)),
        "deliverable", "mx",
    ),
    (
        "the first mail host cannot be asked, the second works",
        known(mx=TWO, other_a=TIMEOUT, host_a=records(GLOBAL)),
        "deliverable", "mx",
    ),
    (
        "one cannot be asked, the other is dead",
        known(mx=TWO, other_a=TIMEOUT, host_a=NO_NAME),
        "unknown", "dns_timeout",
    ),
    ("null MX", known(mx=records("0 ")), "undeliverable", "null_mx"),
    (
        "null MX beside a real one",
        known(mx=records("0 ", f"10 {HOST}"), host_a=records(GLOBAL)),
        "deliverable", "null_mx_mixed",
    ),
    ("mail host is localhost", known(mx=records("10 localhost")), "undeliverable", "mx_unusable"),
    ("mail host is an IP", known(mx=records("10 192.168.1.1")), "undeliverable", "mx_unusable"),
    ("mail host is 0.0.0.0", known(mx=records("0 0.0.0.0")), "undeliverable", "mx_unusable"),
    (
        "mail host is private",
        known(mx=ONE, host_a=records("10.1.2.3"), host_aaaa=records("fe80::1")),
        "undeliverable", "mx_unusable",
    ),
    (
        "mail host does not exist, the domain's own address must not be used",
        known(mx=ONE, host_a=NO_NAME, a=records(GLOBAL)),
        "undeliverable", "mx_unusable",
    ),
    (
        "mail host without an address",
        known(mx=ONE, host_a=NOTHING, host_aaaa=NOTHING),
        "undeliverable", "mx_unusable",
    ),
    ("mail host fails", known(mx=ONE, host_a=SERVFAIL), "unknown", "dns_servfail"),
    (
        "an address and no mail host",
        known(mx=NOTHING, a=records(GLOBAL), txt=NOTHING),
        "risky", "implicit_mx",
    ),
    (
        "the same, where the text cannot be asked",
        known(mx=NOTHING, a=records(GLOBAL), txt=TIMEOUT),
        "risky", "implicit_mx",
    ),
    (
        "IPv6 and no mail host",
        known(mx=NOTHING, a=NOTHING, aaaa=records("2606:4700::1111"), txt=NOTHING),
        "risky", "implicit_mx_ipv6",
    ),
    (
        "parked: it says that it never sends",
        known(mx=NOTHING, a=records(GLOBAL), txt=records("google=1", "V=SPF1  -all")),
        "risky", "no_mx_spf_reject",
    ),
    (
        "sends from somewhere: not parked",
        known(mx=NOTHING, a=records(GLOBAL), txt=records("v=spf1 mx -all")),
        "risky", "implicit_mx",
    ),
    ("nothing at all", known(mx=NOTHING, a=NOTHING, aaaa=NOTHING), "undeliverable", "no_mail_host"),
    (
        "private addresses alone",
        known(mx=NOTHING, a=records("192.168.0.9"), aaaa=NOTHING),
        "undeliverable", "no_mail_host",
    ),
    ("no such domain", known(mx=NO_NAME), "undeliverable", "no_domain"),
    ("failing", known(mx=SERVFAIL), "unknown", "dns_servfail"),
    ("refusing", known(mx=Reply(Said.REFUSED)), "unknown", "dns_refused"),
    ("silent", known(mx=TIMEOUT), "unknown", "dns_timeout"),
    ("a circle", known(mx=Reply(Said.LOOP)), "unknown", "dns_loop"),
    ("no MX, the address fails", known(mx=NOTHING, a=SERVFAIL), "unknown", "dns_servfail"),
    (
        "the MX fails, the address must not be used",
        known(mx=SERVFAIL, a=records(GLOBAL)),
        "unknown", "dns_servfail",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("replies", "verdict", "code"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_each_outcome_has_its_verdict(replies, verdict, code):
    outcome = judge(NAME, replies)
    assert (outcome.verdict, outcome.code) == (verdict, code)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("acme.com", None),
        ("xn--mller-kva.de", None),
        ("gmailcom", DnsCode.SYNTAX),
        ("-acme.com", DnsCode.SYNTAX),
        ("a..com", DnsCode.SYNTAX),
        (f"{'a' * 64}.com", DnsCode.SYNTAX),
        (".".join(["abcdefgh"] * 32) + ".com", DnsCode.SYNTAX),
        ("acme.internal", DnsCode.RESERVED),
        ("printer.lan", DnsCode.RESERVED),
        ("acme.test", DnsCode.RESERVED),
        ("example.org", DnsCode.RESERVED),
        ("gmail.con", DnsCode.UNKNOWN_TLD),
    ],
)
def test_some_names_are_judged_without_asking(name, code):
    assert without_asking(name) == code
    expected = Outcome(Delivery.UNDELIVERABLE, code) if code else Question(name, MX)
    assert judge(name, {}) == expected


def test_it_asks_for_one_thing_at_a_time_and_for_no_more_than_it_needs():
    replies, asked = {}, []
    answers = known(mx=TWO, other_a=NOTHING, other_aaaa=NO_NAME, host_a=records(GLOBAL))
    while isinstance(step := judge(NAME, replies), Question):
        asked.append((step.name, step.type.value))
        replies[step] = answers[step]
    assert asked == [(NAME, "MX"), (OTHER, "A"), (OTHER, "AAAA"), (HOST, "A")]
    assert step.mx == (OTHER, HOST)


def test_only_the_first_of_very_many_mail_hosts_are_asked_about():
    many = {Question(NAME, MX): records(*[f"{n} mx{n}.acme.com" for n in range(50)])}
    many |= {Question(f"mx{n}.acme.com", A): NO_NAME for n in range(8)}
    assert judge(NAME, many).code == DnsCode.MX_UNUSABLE


def test_private_addresses_count_in_a_rehearsal_alone():
    replies = known(mx=ONE, host_a=records("127.0.0.2"), host_aaaa=NOTHING)
    codes = [judge(NAME, replies, private_counts=told).code for told in (False, True)]
    assert codes == [DnsCode.MX_UNUSABLE, DnsCode.MX]


@pytest.mark.parametrize(
    ("hosts", "provider"),
    [
        (("acme-com.mail.protection.outlook.com",), "Microsoft 365"),
        (("hotmail-com.olc.protection.outlook.com",), "Outlook.com"),
        (("aspmx.l.google.com",), "Google Workspace"),
        (("gmail-smtp-in.l.google.com",), "Gmail"),
        (("alt1.gmail-smtp-in.l.google.com",), "Gmail"),
        (("mx.acme.com", "mxa-001.pphosted.com"), "Proofpoint"),
        (("notgoogle.com",), ""),
        ((), ""),
    ],
)
def test_the_mail_provider_is_known_by_its_mail_host(hosts, provider):
    assert Outcome(Delivery.DELIVERABLE, DnsCode.MX, hosts).provider == provider


def test_findings_see_no_difference_between_outcomes_reported_alike():
    assert findings_class("", "") == findings_class("unknown", DnsCode.TIMEOUT)
    assert findings_class("risky", "implicit_mx") == findings_class("risky", "no_mx_spf_reject")
    assert findings_class("undeliverable", "null_mx") != findings_class(
        "undeliverable", "no_domain"
    )
    assert findings_class("unknown", "dns_dead") != findings_class("unknown", "dns_timeout")


def test_every_code_that_takes_no_mail_is_reported_and_no_passing_trouble_is():
    silent = {"mx", "null_mx_mixed", "dns_servfail", "dns_refused", "dns_timeout", "dns_loop",
              "dns_slow"}  # fmt: skip
    assert {code.value for code in DnsCode} - set(REPORTED_AS) == silent
