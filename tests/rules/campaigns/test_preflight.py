"""What mailbox providers see of a sender: a table of domains, each with one thing about it."""

import pytest

from campaigns.rules.preflight import Grade, examine, worst
from validation.rules.dns import Question, RecordType, Reply, Said

DOMAIN = "acme-tools.com"
KEY_1024 = "MIGf" + "A" * 212
KEY_512 = "MFww" + "A" * 120
GOOD = {
    DOMAIN: ["v=spf1 include:_spf.mailer.net -all", "google-site-verification=1"],
    "_spf.mailer.net": ["v=spf1 ip4:192.0.2.0/24 -all"],
    f"s1._domainkey.{DOMAIN}": [f"v=DKIM1; k=rsa; p={KEY_1024}"],
    f"_dmarc.{DOMAIN}": ["v=DMARC1; p=none; rua=mailto:x@acme-tools.com"],
}


def graded(table, *, domain=DOMAIN, selector="s1", silent=()):
    """The grades by name, and in how many rounds they were found."""
    replies, rounds = {}, 0
    while True:
        checks, missing = examine(domain, selector, replies)
        if not missing:
            return {check.name: check for check in checks}, rounds
        rounds += 1
        for question in missing:
            assert question.type is RecordType.TXT
            replies[question] = reply_of(table, question, silent)


def reply_of(table, question, silent):
    if question.name in silent:
        return Reply(Said.TIMEOUT)
    if question.name not in table:
        return Reply(Said.NO_NAME)
    return Reply(Said.RECORDS, tuple(table[question.name]))


def test_a_sender_with_all_records_is_good_in_two_rounds():
    checks, rounds = graded(GOOD)
    assert {name: check.grade for name, check in checks.items()} == dict.fromkeys(
        ("Sender", "SPF", "DKIM", "DMARC"), Grade.GOOD
    )
    assert (worst(list(checks.values())), rounds) == (Grade.GOOD, 2)


@pytest.mark.parametrize(
    ("changed", "name", "grade", "words"),
    [
        ({DOMAIN: []}, "SPF", Grade.BAD, "No record names who may send"),
        ({DOMAIN: ["v=spf1 -all", "v=spf1 mx -all"]}, "SPF", Grade.BAD, "2 records"),
        ({DOMAIN: ["v=spf1 +all"]}, "SPF", Grade.BAD, "everybody"),
        ({DOMAIN: ["v=spf1 mx ?all"]}, "SPF", Grade.WARN, "forbids nobody"),
        ({DOMAIN: ["V=SPF1 MX ~ALL"]}, "SPF", Grade.GOOD, "Names who may send"),
        ({DOMAIN: ["v=spf1 redirect=_spf.mailer.net"]}, "SPF", Grade.GOOD, "Names who may send"),
        (
            {DOMAIN: ["v=spf1 " + " ".join(f"a:h{n}.net" for n in range(11)) + " -all"]},
            "SPF",
            Grade.BAD,
            "It takes 11 look-ups",
        ),
        (
            {
                DOMAIN: ["v=spf1 include:one.net -all"],
                "one.net": ["v=spf1 include:two.net include:one.net mx -all"],
                "two.net": ["v=spf1 " + " ".join(f"exists:e{n}.net" for n in range(7))],
            },
            "SPF",
            Grade.BAD,
            "It takes 11 look-ups",
        ),
        ({f"s1._domainkey.{DOMAIN}": []}, "DKIM", Grade.BAD, "No key found"),
        ({f"s1._domainkey.{DOMAIN}": ["v=DKIM1; p="]}, "DKIM", Grade.BAD, "taken back"),
        ({f"s1._domainkey.{DOMAIN}": [f"p={KEY_512}"]}, "DKIM", Grade.BAD, "shorter than 1024"),
        ({f"s1._domainkey.{DOMAIN}": ["k=ed25519; p=MTEx"]}, "DKIM", Grade.GOOD, "signed"),
        ({f"s1._domainkey.{DOMAIN}": [f"t=y; p={KEY_1024}"]}, "DKIM", Grade.WARN, "test"),
        ({f"_dmarc.{DOMAIN}": []}, "DMARC", Grade.BAD, "refuse bulk mail"),
        ({f"_dmarc.{DOMAIN}": ["v=DMARC1; rua=mailto:a@b.c"]}, "DMARC", Grade.BAD, "cannot be"),
        ({f"_dmarc.{DOMAIN}": ["v=DMARC1;p=reject"]}, "DMARC", Grade.GOOD, "Policy reject"),
    ],
)
def test_each_fault_is_named(changed, name, grade, words):
    checks, _rounds = graded(GOOD | changed)
    assert checks[name].grade is grade
    assert words in checks[name].sentence


def test_a_subdomain_is_covered_by_the_policy_of_the_whole():
    table = GOOD | {f"mail.{DOMAIN}": ["v=spf1 mx -all"]}
    checks, _rounds = graded(table, domain=f"mail.{DOMAIN}")
    assert checks["DMARC"].grade is Grade.GOOD


def test_what_dns_does_not_answer_is_not_known_and_never_bad():
    checks, _rounds = graded({}, silent=(DOMAIN, f"s1._domainkey.{DOMAIN}", f"_dmarc.{DOMAIN}"))
    assert [checks[name].grade for name in ("SPF", "DKIM", "DMARC")] == [Grade.UNKNOWN] * 3


def test_without_a_selector_the_key_is_not_looked_for():
    checks, _rounds = graded(GOOD, selector="")
    assert checks["DKIM"].grade is Grade.UNKNOWN


def test_records_that_include_each_other_come_to_an_end():
    table = GOOD | {
        DOMAIN: ["v=spf1 include:a.net -all"],
        "a.net": ["v=spf1 include:b.net"],
        "b.net": [f"v=spf1 include:a.net include:{DOMAIN}"],
    }
    assert graded(table)[0]["SPF"].grade is Grade.GOOD


def test_a_free_mailbox_is_no_sender():
    assert graded({}, domain="gmail.com")[0]["Sender"].grade is Grade.BAD


def test_the_record_to_add_is_written_out():
    checks, _rounds = graded(GOOD | {f"_dmarc.{DOMAIN}": []})
    assert checks["DMARC"].wanted == (
        '_dmarc.acme-tools.com.  TXT  "v=DMARC1; p=none; rua=mailto:postmaster@acme-tools.com"'
    )


def test_all_questions_are_plain_names():
    _checks, missing = examine(DOMAIN, "s1", {})
    assert missing == {
        Question(DOMAIN, RecordType.TXT),
        Question(f"s1._domainkey.{DOMAIN}", RecordType.TXT),
        Question(f"_dmarc.{DOMAIN}", RecordType.TXT),
    }
