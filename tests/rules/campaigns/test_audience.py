from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.rules.audience import (
    NEEDS_A_PERSON,
    WORDS,
    Candidate,
    Reason,
    Split,
    label,
    needs_a_person,
    reason_for,
)
from campaigns.rules.states import CampaignKind
from contacts.rules.words import EmailStatus, PortalStage

INVITATION, REMINDER = CampaignKind.INVITATION, CampaignKind.REMINDER
ANNOUNCEMENT, BULK = CampaignKind.ANNOUNCEMENT, CampaignKind.BULK
GOOD = Candidate(
    status=EmailStatus.OK, stage=PortalStage.NOT_INVITED, address_key="ann@acme.example"
)
INVITED = replace(GOOD, stage=PortalStage.INVITED)

EXAMPLES = [
    # who                                              # invitation             # bulk email
    ({}, None, None),
    ({"status": EmailStatus.CONFIRMED}, None, None),
    ({"status": EmailStatus.REVIEW}, None, None),
    ({"status": EmailStatus.UNKNOWN}, None, None),
    ({"is_house": True}, Reason.HOUSE_USER, Reason.HOUSE_USER),
    ({"active": False}, Reason.INACTIVE, Reason.INACTIVE),
    ({"has_customer": False}, Reason.NO_CUSTOMER, None),
    ({"invite": False}, Reason.NOT_WANTED, None),
    ({"promote": False}, None, None),
    ({"stage": PortalStage.REGISTERED}, Reason.ALREADY_REGISTERED, None),
    ({"stage": PortalStage.ACTIVE}, Reason.ALREADY_REGISTERED, None),
    ({"address_key": ""}, Reason.NO_EMAIL, Reason.NO_EMAIL),
    ({"status": EmailStatus.MISSING}, Reason.NO_EMAIL, Reason.NO_EMAIL),
    ({"status": EmailStatus.BOUNCED}, Reason.BOUNCED, Reason.BOUNCED),
    ({"stops": frozenset({"bounced"})}, Reason.BOUNCED, Reason.BOUNCED),
    ({"stops": frozenset({"complained", "bounced"})}, Reason.COMPLAINED, Reason.COMPLAINED),
    ({"stops": frozenset({"unsubscribed"})}, Reason.UNSUBSCRIBED, Reason.UNSUBSCRIBED),
    ({"stops": frozenset({"manual"})}, Reason.SUPPRESSED, Reason.SUPPRESSED),
    ({"stops": frozenset({"erased"})}, Reason.SUPPRESSED, Reason.SUPPRESSED),
    ({"status": EmailStatus.INVALID}, Reason.NEEDS_FIX, Reason.NEEDS_FIX),
    ({"status": EmailStatus.FIXABLE}, Reason.NEEDS_FIX, Reason.NEEDS_FIX),
    ({"has_error": True}, Reason.NEEDS_FIX, Reason.NEEDS_FIX),
    ({"has_error": True, "below_floor": True}, Reason.NEEDS_FIX, Reason.NEEDS_FIX),
    ({"below_floor": True}, Reason.BELOW_FLOOR, Reason.BELOW_FLOOR),
    (
        {"below_floor": True, "status": EmailStatus.UNKNOWN, "dns_fails": True},
        Reason.BELOW_FLOOR,
        Reason.BELOW_FLOOR,
    ),
    (
        {"status": EmailStatus.UNKNOWN, "dns_fails": True},
        Reason.DNS_PENDING,
        Reason.DNS_PENDING,
    ),
    ({"status": EmailStatus.OK, "dns_fails": True}, None, None),
    ({"under_way": True}, Reason.UNDER_WAY, Reason.UNDER_WAY),
    ({"mailed_recently": True}, Reason.MAILED_RECENTLY, Reason.MAILED_RECENTLY),
    (
        {"mailed_recently": True, "stage": PortalStage.OPENED},
        Reason.INVITED_RECENTLY,
        Reason.MAILED_RECENTLY,
    ),
    ({"taken": True}, Reason.DUPLICATE_ADDRESS, Reason.DUPLICATE_ADDRESS),
]

candidates = st.builds(
    Candidate,
    status=st.sampled_from(EmailStatus),
    stage=st.sampled_from(PortalStage),
    address_key=st.sampled_from(["", "ann@acme.example"]),
    is_house=st.booleans(),
    active=st.booleans(),
    has_customer=st.booleans(),
    promote=st.booleans(),
    invite=st.booleans(),
    has_error=st.booleans(),
    below_floor=st.booleans(),
    dns_fails=st.booleans(),
    stops=st.frozensets(st.sampled_from(["unsubscribed", "bounced", "complained", "manual"])),
    under_way=st.booleans(),
    mailed_recently=st.booleans(),
    taken=st.booleans(),
)


@pytest.mark.parametrize(("differs", "invitation", "bulk"), EXAMPLES)
def test_each_reason_by_example(differs, invitation, bulk):
    who = replace(GOOD, **differs)
    assert (reason_for(who, INVITATION), reason_for(who, BULK)) == (invitation, bulk)


def test_an_announcement_goes_to_those_who_are_to_be_promoted():
    quiet = replace(GOOD, promote=False, invite=False)
    assert reason_for(quiet, ANNOUNCEMENT) is Reason.NOT_WANTED
    assert reason_for(replace(quiet, promote=True), ANNOUNCEMENT) is None


def test_a_reminder_needs_an_invitation_to_remind_of():
    assert reason_for(GOOD, REMINDER) is Reason.NOT_INVITED
    assert reason_for(INVITED, REMINDER) is None
    assert reason_for(replace(INVITED, mailed_recently=True), REMINDER) is Reason.MAILED_RECENTLY


def test_those_of_whom_too_little_is_known_are_asked_for_it():
    poor = replace(GOOD, below_floor=True)
    assert reason_for(poor, CampaignKind.DATA_REQUEST) is None
    assert reason_for(poor, REMINDER) is Reason.NOT_INVITED
    assert reason_for(poor, ANNOUNCEMENT) is Reason.BELOW_FLOOR


def test_the_first_reason_counts():
    everything = Candidate(
        status=EmailStatus.FIXABLE,
        stage=PortalStage.REGISTERED,
        address_key="ann@acme.example",
        active=False,
        has_error=True,
        stops=frozenset({"complained"}),
        taken=True,
    )
    assert reason_for(everything, INVITATION) is Reason.INACTIVE
    assert reason_for(replace(everything, active=True), INVITATION) is Reason.ALREADY_REGISTERED
    assert reason_for(replace(everything, active=True), BULK) is Reason.COMPLAINED


@given(st.lists(candidates), st.sampled_from(CampaignKind))
def test_selected_is_always_those_to_send_to_and_those_left_out(people, kind):
    found = Split()
    for number, who in enumerate(people):
        found.add(number, reason_for(who, kind))
    everybody = [*found.to_send, *(pk for ids in found.left_out.values() for pk in ids)]
    assert sorted(everybody) == list(range(len(people)))
    assert found.selected == len(found.to_send) + sum(found.counts().values()) == len(people)


@given(candidates, st.sampled_from(CampaignKind))
def test_nobody_who_must_not_be_mailed_gets_a_message(who, kind):
    if reason_for(who, kind) is None:
        assert (who.active, who.is_house, bool(who.address_key)) == (True, False, True)
        assert not who.stops
        assert not who.has_error
        assert kind is CampaignKind.DATA_REQUEST or not who.below_floor
        assert who.status not in {"missing", "invalid", "fixable", "bounced"}


def test_every_reason_has_words_and_counts_stand_in_their_order():
    assert list(WORDS) == list(Reason)
    found = Split()
    found.add(1, Reason.MAILED_RECENTLY)
    found.add(2, Reason.HOUSE_USER)
    assert list(found.counts().items()) == [(Reason.HOUSE_USER, 1), (Reason.MAILED_RECENTLY, 1)]


def test_a_pause_of_one_day_reads_as_one_day():
    assert label(Reason.INVITED_RECENTLY, 1) == "Invited in the last day"
    assert label(Reason.MAILED_RECENTLY, 7) == "Mailed in the last 7 days"


def test_a_person_is_asked_for_only_where_one_can_help():
    assert [needs_a_person([reason]) for reason in NEEDS_A_PERSON] == [True] * 5
    assert not needs_a_person(["already_registered", "unsubscribed"])
