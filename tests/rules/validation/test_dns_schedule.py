"""What is kept after each outcome, and when to ask again."""

from datetime import UTC, datetime, timedelta

import pytest

from validation.rules.account import Delivery
from validation.rules.dns import DnsCode, Outcome
from validation.rules.dns_schedule import SLOW_AGAIN, Memory, remember

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
GOOD = Outcome(Delivery.DELIVERABLE, DnsCode.MX)


def bad(code):
    return Outcome(Delivery.UNDELIVERABLE, code)


def trouble(code=DnsCode.TIMEOUT):
    return Outcome(Delivery.UNKNOWN, code)


def played(memory, *outcomes):
    """Each outcome at the moment it is due; gives the memories and the waits between them."""
    now, memories, waits = NOW, [], []
    for outcome in outcomes:
        memory = remember(memory, outcome, now=now)
        memories.append(memory)
        waits.append(memory.due_at - now)
        now = memory.due_at
    return memories, waits


@pytest.mark.parametrize(
    ("outcome", "days"),
    [
        (GOOD, [30, 30]),
        (Outcome(Delivery.DELIVERABLE, DnsCode.NULL_MX_MIXED), [30]),
        (Outcome(Delivery.RISKY, DnsCode.IMPLICIT_MX), [7, 7]),
        (Outcome(Delivery.RISKY, DnsCode.NO_MX_SPF_REJECT), [7]),
        (bad(DnsCode.NULL_MX), [7, 7]),
        (bad(DnsCode.NO_MAIL_HOST), [7]),
        (bad(DnsCode.MX_UNUSABLE), [1, 7, 7]),
        (bad(DnsCode.NO_DOMAIN), [1, 1, 1, 30, 30]),
        (bad(DnsCode.RESERVED), [180]),
    ],
)
def test_each_answer_is_believed_for_its_own_time(outcome, days):
    _memories, waits = played(Memory(), *[outcome] * len(days))
    assert waits == [DAY * count for count in days]


def test_trouble_is_tried_again_soon_and_then_more_rarely():
    _memories, waits = played(Memory(), *[trouble()] * 6)
    minutes = [wait / timedelta(minutes=1) for wait in waits]
    assert minutes == [15, 120, 720, 1440, 4320, 4320]


@pytest.mark.parametrize("known", [GOOD, bad(DnsCode.NULL_MX), bad(DnsCode.NO_DOMAIN)])
def test_trouble_keeps_the_last_verdict(known):
    before = remember(Memory(), known, now=NOW)
    after = remember(before, trouble(DnsCode.SERVFAIL), now=NOW + DAY)
    assert after == Memory(
        verdict=before.verdict,
        code=before.code,
        last_error="dns_servfail",
        failures=1,
        failing_since=NOW + DAY,
        due_at=NOW + DAY + timedelta(minutes=15),
        first_ok_at=before.first_ok_at,
    )


def test_a_domain_never_answered_for_is_unknown_with_the_trouble_as_its_code():
    after = remember(Memory(), trouble(DnsCode.REFUSED), now=NOW)
    assert (after.verdict, after.code) == ("unknown", "dns_refused")


def test_an_answer_ends_the_trouble():
    (*_, failing), _waits = played(Memory(), trouble(), trouble())
    after = remember(failing, GOOD, now=NOW + DAY)
    assert after == Memory(
        verdict="deliverable", code="mx", due_at=NOW + 31 * DAY, first_ok_at=NOW + DAY
    )


def test_a_week_of_trouble_makes_a_domain_dead_whatever_it_was():
    memories, waits = played(remember(Memory(), GOOD, now=NOW), *[trouble()] * 7)
    assert [(item.verdict, item.code) for item in memories] == [
        *[("deliverable", "mx")] * 6,
        ("unknown", "dns_dead"),
    ]
    assert waits[-1] == 30 * DAY
    again = remember(memories[-1], trouble(DnsCode.SERVFAIL), now=memories[-1].due_at)
    assert (again.verdict, again.code) == ("unknown", "dns_dead")


def test_many_tries_in_a_few_days_do_not_make_a_domain_dead():
    memory = Memory()
    for hour in range(20):
        memory = remember(memory, trouble(), now=NOW + timedelta(hours=hour))
    assert (memory.code, memory.failures) == ("dns_timeout", 20)


def test_a_circle_for_three_days_is_broken_and_takes_no_mail():
    memories, waits = played(Memory(), *[trouble(DnsCode.LOOP)] * 3)
    assert [(item.verdict, item.code) for item in memories] == [
        ("unknown", "dns_loop"), ("unknown", "dns_loop"), ("undeliverable", "dns_broken"),
    ]  # fmt: skip
    assert waits == [DAY, DAY, 7 * DAY]
    assert memories[-1].failing_since is None


def test_a_circle_after_other_trouble_is_counted_from_one():
    memories, _waits = played(Memory(), trouble(), trouble(), trouble(DnsCode.LOOP))
    assert (memories[-1].failures, memories[-1].failing_since) == (1, NOW)


def test_what_we_did_not_wait_for_is_no_failure_until_it_happens_again():
    slow = trouble(DnsCode.SLOW)
    before = remember(Memory(), GOOD, now=NOW)
    once = remember(before, slow, now=NOW + DAY)
    assert (once.verdict, once.failures, once.failing_since) == ("deliverable", 0, None)
    assert once.due_at == NOW + DAY + SLOW_AGAIN
    twice = remember(once, slow, now=NOW + DAY)
    assert (twice.verdict, twice.failures, twice.last_error) == ("deliverable", 1, "dns_timeout")


def test_a_domain_that_once_worked_is_remembered_when_it_is_gone():
    memories, _waits = played(Memory(), GOOD, bad(DnsCode.NO_DOMAIN))
    assert (memories[-1].code, memories[-1].first_ok_at) == ("no_domain", NOW)


def test_another_answer_starts_its_own_count():
    memories, _waits = played(Memory(), bad(DnsCode.NO_DOMAIN), bad(DnsCode.MX_UNUSABLE))
    assert memories[-1].failures == 1


def test_luck_spreads_the_dates_by_a_fifth():
    waits = [remember(Memory(), GOOD, now=NOW, luck=luck).due_at - NOW for luck in (-1, 0, 1)]
    assert waits == [24 * DAY, 30 * DAY, 36 * DAY]
