import pytest

from campaigns.rules.audience import NEEDS_A_PERSON, WORDS, Reason, label
from campaigns.rules.schedule import minutes_for
from campaigns.rules.states import CampaignKind, CampaignState
from campaigns.rules.words import (
    CAMPAIGN_LOOKS,
    DEFERRED,
    MESSAGE_LOOKS,
    Look,
    Step,
    campaign_name,
    counted,
    message_look,
    next_step,
)
from delivery.rules.states import MessageState


def test_every_state_and_reason_has_a_look():
    assert (set(CAMPAIGN_LOOKS), set(MESSAGE_LOOKS), set(WORDS)) == (
        set(CampaignState),
        set(MessageState),
        set(Reason),
    )


def test_what_needs_a_person_says_what_to_do():
    assert [reason for reason in NEEDS_A_PERSON if not WORDS[reason].step] == []


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (CampaignKind.INVITATION, "Portal invitation, wave 5"),
        (CampaignKind.REMINDER, "Reminder, wave 5"),
        (CampaignKind.ANNOUNCEMENT, "Announcement 5"),
    ],
)
def test_a_campaign_is_named_by_its_kind_and_number(kind, name):
    assert campaign_name(kind, 5) == name


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 contacts"), (1, "1 contact"), (2316, "2,316 contacts")]
)
def test_numbers_stand_with_their_noun(number, words):
    assert counted(number, "contact", "contacts") == words


def test_a_message_that_waits_again_is_deferred_and_tried_by_itself():
    assert (message_look("queued", 0), message_look("queued", 2), next_step("queued", 2)) == (
        Look("", "clock", "Waiting"),
        DEFERRED,
        Step("Tried again by itself"),
    )


def test_what_came_back_asks_for_a_new_address_and_what_arrived_for_nothing():
    assert (next_step("bounced", 1), next_step("delivered", 1)) == (
        Step("Find new address", mend=True),
        Step(""),
    )


@pytest.mark.parametrize(
    ("messages", "pace", "minutes"),
    [(912, 40, 23), (1, 40, 1), (0, 40, None), (912, 0, None), (80, 40, 2)],
)
def test_the_pace_says_how_long_it_takes(messages, pace, minutes):
    assert minutes_for(messages, pace) == minutes


@pytest.mark.parametrize(
    ("days", "words"), [(1, "Invited in the last day"), (7, "Invited in the last 7 days")]
)
def test_the_pause_stands_in_the_name_of_the_reason(days, words):
    assert label(Reason.INVITED_RECENTLY, days) == words
