"""Verdicts in words: each outcome has its own, and our trouble is not held against a domain."""

import pytest

from validation.rules.account import Delivery
from validation.rules.dns import DnsCode
from validation.rules.dns_words import STATE_LABELS, DomainState, Words, kind_of, words_of
from validation.rules.domains import look_at

TROUBLE = {DnsCode.SERVFAIL, DnsCode.REFUSED, DnsCode.TIMEOUT, DnsCode.LOOP, DnsCode.SLOW}


@pytest.mark.parametrize(
    ("verdict", "code", "last_error", "words"),
    [
        (
            "deliverable", "mx", "",
            Words("ok", "check", "Accepts mail",
                  "It names a mail server, and that has an address."),
        ),
        (
            "undeliverable", "no_domain", "",
            Words("bad", "x", "Does not exist", "There is no such domain."),
        ),
        (
            "undeliverable", "null_mx", "",
            Words("bad", "ban", "No mail at domain",
                  "It says itself that it takes no mail (null MX)."),
        ),
        (
            "deliverable", "mx", "dns_timeout",
            Words("ok", "check", "Accepts mail",
                  "It names a mail server, and that has an address."
                  " Last try: its name server did not answer in time."),
        ),
        (
            "unknown", "dns_refused", "dns_refused",
            Words("warn", "clock", "No answer yet", "Its name server refused to answer."),
        ),
        (
            "unknown", "dns_dead", "dns_timeout",
            Words("bad", "stop", "No answer for a week",
                  "Its name server has failed for more than a week."
                  " Last try: its name server did not answer in time."),
        ),
        ("", "", "", Words("", "minus", "Not looked up", "DNS was not asked about it yet.")),
    ],
)  # fmt: skip
def test_a_verdict_is_told_in_words(verdict, code, last_error, words):
    assert words_of(verdict, code, last_error) == words


def test_every_outcome_has_words_of_its_own():
    told = {words_of("unknown", code).why for code in DnsCode}
    assert (len(told), "" in told) == (len(DnsCode), False)


def test_trouble_of_ours_is_never_shown_in_red():
    tones = {code: words_of(Delivery.UNKNOWN, code, code).tone for code in TROUBLE}
    assert set(tones.values()) == {"warn"}


def test_every_view_of_the_board_has_a_name():
    assert list(STATE_LABELS) == list(DomainState)


@pytest.mark.parametrize(
    ("name", "facts", "kind"),
    [
        ("gmail.com", {}, "Free mailbox"),
        ("mailinator.com", {}, "On the list of disposable mail"),
        ("mailinator.com", {"allowed": True}, "On your list of right domains"),
        ("acmetools.com", {}, ""),
        ("acmetools.com", {"ours": True}, "Your own domain"),
    ],
)
def test_a_domain_that_is_no_company_s_like_any_other_is_named(name, facts, kind):
    told = kind_of(look_at(name), **{"ours": False, "allowed": False, **facts})
    assert told == kind
