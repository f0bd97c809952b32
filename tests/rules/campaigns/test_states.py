from datetime import UTC, datetime, timedelta

from campaigns.rules.schedule import is_overdue
from campaigns.rules.states import CAN_FOLLOW, CampaignKind, CampaignState, may_become
from campaigns.rules.words import KINDS, campaign_name, counted
from delivery.rules.states import Purpose

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_every_state_says_what_may_follow_and_the_end_is_the_end():
    assert set(CAN_FOLLOW) == set(CampaignState)
    assert CAN_FOLLOW[CampaignState.CANCELLED] == ()


def test_sending_starts_only_from_preparing_or_a_pause():
    assert may_become(CampaignState.SENDING) == (
        CampaignState.PREPARING,
        CampaignState.PAUSED,
        CampaignState.SENT,
    )
    assert CampaignState.SENT not in may_become(CampaignState.PREPARING)


def test_every_kind_is_a_purpose_that_delivery_knows_and_has_a_name():
    assert {kind.value for kind in CampaignKind} <= {purpose.value for purpose in Purpose}
    assert set(KINDS) == set(CampaignKind)


def test_a_start_missed_by_an_hour_waits_for_a_person():
    assert not is_overdue(NINE, NINE + timedelta(minutes=60))
    assert is_overdue(NINE, NINE + timedelta(minutes=61))


def test_names_count_the_waves():
    assert campaign_name(CampaignKind.INVITATION, 5) == "Portal invitation, wave 5"
    assert campaign_name(CampaignKind.ANNOUNCEMENT, 2) == "Announcement 2"
    assert [counted(n, "contact", "contacts") for n in (1, 2316)] == ["1 contact", "2,316 contacts"]
