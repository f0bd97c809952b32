from datetime import datetime, timedelta

import pytest

from review.rules.reminding import Pace, Step, goes_out, next_step

NOW = datetime.fromisoformat("2026-11-22T12:00:00+00:00")
PACE = Pace(days=4, most=2)


@pytest.mark.parametrize(
    ("oldest", "newest", "out"),
    [(0, 0, False), (9, 9, False), (10, 10, True), (30, 2, False), (60, 0, True), (61, 12, True)],
)
def test_a_digest_leaves_when_its_author_paused_or_after_an_hour(oldest, newest, out):
    minutes = [NOW - timedelta(minutes=passed) for passed in (oldest, newest)]
    assert goes_out(*minutes, NOW) is out


@pytest.mark.parametrize(
    ("days", "reminders", "escalated", "step"),
    [
        (None, 0, False, Step.WAIT),
        (3, 0, False, Step.WAIT),
        (4, 0, False, Step.REMIND),
        (4, 1, False, Step.REMIND),
        (4, 2, False, Step.ESCALATE),
        (4, 2, True, Step.WAIT),
        (4, 0, True, Step.REMIND),
    ],
)
def test_reminders_come_by_days_and_end(days, reminders, escalated, step):
    last = None if days is None else NOW - timedelta(days=days)
    found = next_step(last_mail=last, reminders=reminders, escalated=escalated, pace=PACE, now=NOW)
    assert found == step


def test_without_reminders_the_question_passes_on_after_the_first_mail():
    last = NOW - timedelta(days=4)
    found = next_step(last_mail=last, reminders=0, escalated=False, pace=Pace(4, 0), now=NOW)
    assert found == Step.ESCALATE
