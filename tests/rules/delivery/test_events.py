from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.rules.events import (
    Report,
    Standing,
    after,
    is_human,
    is_worn_out,
    report_of,
    says_soft,
)
from delivery.rules.states import MessageState

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "facts", "report"),
    [
        ("sent", {}, Report.ACCEPTED),
        ("delivered", {}, Report.DELIVERED),
        ("opened", {}, Report.OPENED),
        ("clicked", {}, Report.CLICKED),
        ("bounced", {}, Report.BOUNCED),
        ("bounced", {"reject_reason": "invalid"}, Report.BOUNCED),
        ("bounced", {"reject_reason": "other"}, Report.RETURNED),
        ("rejected", {"reject_reason": "spam"}, Report.RETURNED),
        ("rejected", {"reject_reason": "bounced"}, Report.BOUNCED),
        ("failed", {}, Report.RETURNED),
        ("complained", {}, Report.COMPLAINED),
        ("unsubscribed", {}, Report.UNSUBSCRIBED),
        ("subscribed", {}, Report.OTHER),
        ("something new", {}, Report.OTHER),
    ],
)
def test_words_of_providers_become_reports(kind, facts, report):
    assert report_of(kind, facts) is report


@pytest.mark.parametrize("state", MessageState)
@pytest.mark.parametrize("report", Report)
def test_a_state_never_goes_down(state, report):
    order = ["accepted", "delivered", "bounced", "complained"]
    end = after(Standing(state.value), report, NOON).state
    assert end == state or state not in order or order.index(end) > order.index(state)


@given(
    st.lists(
        st.tuples(st.sampled_from(list(Report)), st.integers(min_value=0, max_value=1000)),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_reports_in_any_order_and_twice_end_alike(reports, luck):
    def end(items):
        standing = Standing("accepted", accepted_at=NOON)
        for report, minutes in items:
            standing = after(standing, report, NOON + timedelta(minutes=minutes))
        return standing

    shuffled = reports * 2
    luck.shuffle(shuffled)
    assert end(shuffled) == end(reports)


def test_what_is_reported_of_an_unknown_outcome_settles_it():
    settled = after(Standing("unknown"), Report.DELIVERED, NOON)
    assert settled == Standing("delivered", accepted_at=NOON, delivered_at=NOON)


@pytest.mark.parametrize(
    ("seconds", "facts", "human"),
    [
        (3, {}, False),
        (60, {}, True),
        (60, {"user_agent": "Barracuda Link Scanner"}, False),
        (1, {"played": "yes"}, True),
        (1, {"played": "yes", "user_agent": "Link scanner"}, False),
    ],
)
def test_programs_that_check_links_are_no_readers(seconds, facts, human):
    standing = Standing("delivered", accepted_at=NOON, delivered_at=NOON)
    assert is_human(standing, NOON + timedelta(seconds=seconds), facts) is human


@pytest.mark.parametrize(
    ("told", "soft"),
    [
        ({"event": "soft_bounce"}, True),
        ({"Type": "SoftBounce"}, True),
        ({"data": {"bounce": {"type": "Transient"}}}, True),
        ({"event": "hard_bounce", "reason": "temporary"}, False),
        ({"type": 7}, False),
        ("soft", False),
        (None, False),
    ],
)
def test_a_provider_says_in_its_own_words_that_a_bounce_need_not_last(told, soft):
    assert says_soft(told) is soft


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ("550 5.1.1 unknown", Report.BOUNCED),
        ("552 5.2.2 full", Report.RETURNED),
        ("550 5.7.1 blocked", Report.RETURNED),
        ("451 4.4.1 no answer", Report.RETURNED),
        ("no such user", Report.BOUNCED),
    ],
)
def test_the_mail_servers_code_says_whether_the_address_is_bad(response, expected):
    facts = {"reject_reason": "bounced", "mta_response": response}
    assert report_of("bounced", facts) is expected


@pytest.mark.parametrize(
    ("days", "worn_out"),
    [((), False), ((0, 0), False), ((0, 10, 20), True), ((0, 40, 80), False), ((0,) * 3, True)],
)
def test_coming_back_again_and_again_counts_less_with_time(days, worn_out):
    assert is_worn_out(timedelta(days=each) for each in days) is worn_out
