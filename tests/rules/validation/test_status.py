import pytest

from contacts.rules.words import EmailStatus
from validation.rules.account import NOTHING_PROVEN, Proven
from validation.rules.codes import severity_of
from validation.rules.found import Found
from validation.rules.status import status_of


def found(code, confidence=0.9, suggestion=""):
    return Found(code, "rule", severity_of(code), confidence, "because", suggestion)


SURE = found("whitespace", 0.99, "a@acme.com")


@pytest.mark.parametrize(
    ("findings", "verdict", "proven", "expected"),
    [
        ([], "deliverable", NOTHING_PROVEN, EmailStatus.OK),
        ([], "risky", NOTHING_PROVEN, EmailStatus.OK),
        ([], "", NOTHING_PROVEN, EmailStatus.UNKNOWN),
        ([], "unknown", NOTHING_PROVEN, EmailStatus.UNKNOWN),
        ([], "unknown", Proven(confirmed=True), EmailStatus.CONFIRMED),
        ([found("disposable")], "deliverable", NOTHING_PROVEN, EmailStatus.REVIEW),
        ([found("disposable")], "", NOTHING_PROVEN, EmailStatus.UNKNOWN),
        ([found("disposable")], "deliverable", Proven(confirmed=True), EmailStatus.CONFIRMED),
        ([SURE], "deliverable", NOTHING_PROVEN, EmailStatus.FIXABLE),
        ([SURE], "deliverable", Proven(confirmed=True), EmailStatus.FIXABLE),
        ([found("wrong_tld", 0.8, "a@b.com")], "deliverable", NOTHING_PROVEN, EmailStatus.REVIEW),
        (
            [found("wrong_tld", 0.8, "a@b.com")],
            "undeliverable",
            NOTHING_PROVEN,
            EmailStatus.INVALID,
        ),
        ([found("dead_domain")], "undeliverable", NOTHING_PROVEN, EmailStatus.INVALID),
        ([found("syntax")], "", NOTHING_PROVEN, EmailStatus.INVALID),
        ([found("placeholder"), found("syntax")], "", NOTHING_PROVEN, EmailStatus.MISSING),
        ([found("bounced"), SURE], "deliverable", NOTHING_PROVEN, EmailStatus.BOUNCED),
        ([found("complained")], "deliverable", NOTHING_PROVEN, EmailStatus.BOUNCED),
    ],
)
def test_the_worst_thing_known_is_the_status(findings, verdict, proven, expected):
    status = status_of(
        findings, kept=frozenset(), verdict=verdict, proven=proven, text="a@acme.com"
    )

    assert status is expected


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("dead_domain", "a@acme.com", EmailStatus.OK),
        ("placeholder", "test@test.com", EmailStatus.OK),
        ("missing", "", EmailStatus.MISSING),
        ("syntax", "acme", EmailStatus.INVALID),
    ],
)
def test_what_was_kept_counts_no_more_unless_there_is_no_address(code, text, expected):
    status = status_of(
        [found(code)],
        kept=frozenset({code}),
        verdict="deliverable",
        proven=NOTHING_PROVEN,
        text=text,
    )

    assert status is expected
