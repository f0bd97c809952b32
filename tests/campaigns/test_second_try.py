"""Messages whose outcome nobody knows, or that were given up: staff decide, once."""

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.actions.steering import (
    WrongStateError,
    cancel,
    finish_done,
    leave_unknown,
    send_again,
)
from core.models import AuditEntry
from delivery.actions.sending import pump
from delivery.models import Message, Suppression

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal_on", "company")]


@pytest.fixture
def ended(add_contact, team, draft, prepare):
    """A campaign that is over: one message arrived, one may be lost, one was given up."""
    for _ in range(3):
        add_contact()
    campaign = prepare(draft("bulk", {"query": ""}, team.sender), team.sender).campaign
    send_all()
    arrived, lost, failed = Message.objects.order_by("contact_id")
    Message.objects.filter(pk=lost.pk).update(state="unknown", accepted_at=None, attempts=8)
    Message.objects.filter(pk=failed.pk).update(state="failed", accepted_at=None, attempts=8)
    finish_done(now=timezone.now())
    campaign.refresh_from_db()
    assert campaign.state == "sent"
    return campaign, arrived, lost, failed


def send_all():
    while pump(seconds=5).more:
        pass


def outcomes(*messages):
    rows = dict(Message.objects.values_list("pk", "state"))
    return [rows[message.pk] for message in messages]


def test_what_failed_or_may_be_lost_is_sent_once_more_and_the_campaign_ends_again(ended, team):
    campaign, arrived, lost, failed = ended
    when = arrived.accepted_at
    count = send_again(campaign=campaign, actor=team.sender)
    campaign.refresh_from_db()
    assert (count, campaign.state) == (2, "sending")
    send_all()
    finish_done(now=timezone.now())
    campaign.refresh_from_db()
    arrived.refresh_from_db()
    assert outcomes(arrived, lost, failed) == ["accepted"] * 3
    assert (campaign.state, arrived.accepted_at) == ("sent", when)
    assert send_again(campaign=campaign, actor=team.sender) == 0
    told = AuditEntry.objects.get(verb="sent again")
    assert (told.label, told.actor_name) == (f"{campaign.name}: 2", str(team.sender))


def test_what_may_be_lost_can_be_left_and_is_never_sent(ended, team):
    campaign, arrived, lost, failed = ended
    assert leave_unknown(campaign=campaign, actor=team.sender) == 1
    send_again(campaign=campaign, actor=team.sender)
    send_all()
    assert outcomes(arrived, lost, failed) == ["accepted", "abandoned", "accepted"]


def test_who_unsubscribed_in_between_gets_no_second_try(ended, team):
    campaign, _arrived, lost, failed = ended
    Suppression.objects.create(address_key=lost.address_key, reason="unsubscribed")
    send_again(campaign=campaign, actor=team.sender)
    send_all()
    assert outcomes(lost, failed) == ["suppressed", "accepted"]


def test_a_cancelled_campaign_sends_nothing_again(add_contact, team, draft, prepare):
    add_contact()
    campaign = prepare(draft("bulk", {"query": ""}, team.sender), team.sender).campaign
    Message.objects.update(state="failed")
    cancel(campaign=campaign, actor=team.sender)
    with pytest.raises(WrongStateError):
        send_again(campaign=campaign, actor=team.sender)
    assert Message.objects.get().state == "failed"


def test_only_who_may_send_is_offered_the_second_try(ended, team, client):
    campaign, _arrived, lost, _failed = ended
    page, again = (reverse(f"campaigns:{name}", args=[campaign.pk]) for name in PAGES)
    answers = []
    for who in (team.reader, team.mailer, team.sender):
        client.force_login(who)
        offered = 'id="send-again"' in client.get(page).content.decode()
        answers.append((offered, client.post(again).status_code))
    # The mailer may send bulk email, so his click is the one that counts.
    assert answers == [(False, 403), (True, 302), (False, 302)]
    assert Message.objects.get(pk=lost.pk).state == "queued"


PAGES = ("campaign", "send_again")
