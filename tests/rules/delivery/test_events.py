from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.rules.events import Report, Standing, after, is_human, report_of
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
