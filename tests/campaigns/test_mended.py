"""A message that came back goes to the address that was found since, once."""

import pytest
from django.utils import timezone

from campaigns.actions.steering import cancel, finish_done, send_to_mended
from campaigns.querysets.mended import mended
from contacts.rules.words import EmailStatus
from delivery.actions.feedback import play
from delivery.actions.sending import pump
from delivery.models import Message, Suppression
from portal.tokens import invitation_url
from validation.models import Finding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal_on", "company")]
HARD = {"reject_reason": "bounced", "reason": "550 5.1.1 no such mailbox"}


def send_all():
    while pump(seconds=5).more:
        pass
    finish_done(now=timezone.now())


@pytest.fixture
def back(add_contact, team, draft, prepare):
    """An invitation to three, two of which came back; the campaign has ended."""
    people = [add_contact() for _ in range(3)]
    campaign = prepare(draft("invitation", {"query": ""}, team.sender), team.sender).campaign
    send_all()
    for message in Message.objects.order_by("contact_id")[:2]:
        play(message=message, kind="bounced", facts=HARD)
    campaign.refresh_from_db()
    assert campaign.state == "sent"
    for contact in people:
        contact.refresh_from_db()
    return campaign, people


def mend(contact, email):
    """As a decision of the review and the checks after it leave it."""
    Finding.objects.filter(contact=contact).delete()
    type(contact).objects.filter(pk=contact.pk).update(
        email=email, email_repaired=email, address_key=email, email_status=EmailStatus.OK
    )


def states(contact):
    rows = Message.objects.filter(contact=contact).order_by("round")
    return list(rows.values_list("round", "address", "state"))


def test_who_has_a_new_address_gets_it_there_and_nobody_else(back, team):
    campaign, (first, second, third) = back
    assert mended(campaign, timezone.now()) == {}
    mend(first, "new@acme.example")
    assert mended(campaign, timezone.now()) == {2: [first.pk]}
    assert send_to_mended(campaign=campaign, actor=team.sender) == 1
    send_all()
    assert states(first) == [(1, first.email, "bounced"), (2, "new@acme.example", "accepted")]
    assert [state for *_, state in states(second)] == ["bounced"]
    assert [state for *_, state in states(third)] == ["accepted"]
    campaign.refresh_from_db()
    assert campaign.state == "sent"
    assert send_to_mended(campaign=campaign, actor=team.sender) == 0


def test_the_link_at_the_new_address_is_another_one_than_at_the_wrong_one(back, team):
    campaign, (first, *_) = back
    old = invitation_url(first.invitations.get())
    mend(first, "new@acme.example")
    send_to_mended(campaign=campaign, actor=team.sender)
    send_all()
    text = Message.objects.get(round=2).text
    new = invitation_url(first.invitations.get())
    assert (new in text, old in text, new != old) == (True, False, True)


def test_a_new_address_that_bounces_too_can_be_mended_again(back, team):
    campaign, (first, *_) = back
    for number, email in enumerate(("new@acme.example", "newer@acme.example"), 2):
        mend(first, email)
        assert send_to_mended(campaign=campaign, actor=team.sender) == 1
        send_all()
        play(message=Message.objects.get(round=number), kind="bounced", facts=HARD)
    assert [number for number, *_ in states(first)] == [1, 2, 3]


def test_a_new_address_is_judged_like_any_other(back, team):
    campaign, (first, second, _) = back
    mend(first, "stopped@acme.example")
    mend(second, "twin@acme.example")
    Suppression.objects.create(address_key="stopped@acme.example", reason="manual")
    assert mended(campaign, timezone.now()) == {2: [second.pk]}


def test_the_page_offers_it_and_counts_it(client, back, team):
    campaign, (first, *_) = back
    mend(first, "new@acme.example")
    client.force_login(team.sender)
    page = client.get(f"/messages/{campaign.pk}/").content.decode()
    assert "1 contact has a new address since the message came back." in page
    answer = client.post(f"/messages/{campaign.pk}/send-mended/", follow=True)
    assert "1 message on the way to new addresses" in answer.content.decode()
    send_all()
    page = client.get(f"/messages/{campaign.pk}/").content.decode()
    assert "1 again, to a new address" in page
    assert "has a new address" not in page


def test_who_may_not_invite_may_not_send_again(client, back, team):
    campaign, (first, *_) = back
    mend(first, "new@acme.example")
    for person in (team.reader, team.mailer):
        client.force_login(person)
        client.post(f"/messages/{campaign.pk}/send-mended/")
    assert not Message.objects.filter(round=2).exists()


def test_nothing_is_sent_again_for_a_cancelled_campaign(client, add_contact, team, draft, prepare):
    contact = add_contact()
    campaign = prepare(draft("invitation", {"query": ""}, team.sender), team.sender).campaign
    pump(seconds=5)
    play(message=Message.objects.get(), kind="bounced", facts=HARD)
    cancel(campaign=campaign, actor=team.sender)
    mend(contact, "new@acme.example")
    client.force_login(team.sender)
    client.post(f"/messages/{campaign.pk}/send-mended/")
    assert Message.objects.count() == 1
