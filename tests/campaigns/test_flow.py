"""From the selection to the mail: prepared, sent by the pump, counted."""

from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from campaigns.actions.launching import launch
from campaigns.actions.steering import cancel, finish_done, pause, resume
from campaigns.querysets.report import figures
from contacts.rules.words import EmailStatus
from delivery.actions.sending import pump
from delivery.models import Message, Suppression
from delivery.rules.states import MessageState
from jobs.queue import run_now
from portal.actions.invitations import revoke
from portal.tokens import invitation_url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal_on", "company")]
EVERYBODY = {"query": ""}


def send_all():
    while pump(seconds=5).more:
        pass


def test_an_invitation_reaches_everybody_once_with_a_link_of_his_own(
    client, add_contact, team, draft, prepare
):
    people = [add_contact() for _ in range(3)]
    add_contact(active=False)
    campaign = prepare(draft("invitation", EVERYBODY, team.sender), team.sender).campaign
    send_all()
    send_all()
    finish_done(now=timezone.now())
    campaign.refresh_from_db()
    counted = figures(campaign.mailing, campaign.started_at)
    assert (campaign.state, counted.total, counted.went, counted.waiting) == ("sent", 3, 3, 0)
    assert campaign.selected == counted.total + sum(campaign.left_out.values())
    for contact in people:
        contact.refresh_from_db()
        link = contact.invitations.get()
        page = client.get(urlsplit(_link_of(link)).path)
        assert (page.status_code, contact.portal_stage, contact.last_mailed_at is not None) == (
            200,
            "invited",
            True,
        )


def _link_of(invitation):
    return invitation_url(invitation)


def test_a_second_wave_right_after_mails_nobody_again(add_contact, team, draft, prepare):
    contact = add_contact()
    prepare(draft("invitation", EVERYBODY, team.sender), team.sender)
    send_all()
    again = prepare(draft("invitation", EVERYBODY, team.sender), team.sender)
    assert (again.recipients, again.left_out) == ([], {contact.pk: "invited_recently"})


def test_nothing_goes_out_while_paused_and_the_rest_after(add_contact, team, draft, prepare):
    for _ in range(3):
        add_contact()
    campaign = prepare(draft("bulk", EVERYBODY, team.sender), team.sender).campaign
    pause(campaign=campaign, actor=team.sender)
    send_all()
    held = Message.objects.filter(state=MessageState.QUEUED).count()
    resume(campaign=campaign, actor=team.sender)
    send_all()
    assert (held, Message.objects.filter(state=MessageState.ACCEPTED).count()) == (3, 3)


def test_nothing_goes_out_after_cancelling(add_contact, team, draft, prepare):
    add_contact()
    campaign = prepare(draft("bulk", EVERYBODY, team.sender), team.sender).campaign
    cancel(campaign=campaign, actor=team.sender)
    send_all()
    assert list(Message.objects.values_list("state", flat=True)) == [MessageState.CANCELLED]


def test_nothing_goes_out_before_all_messages_are_prepared(add_contact, team, draft):
    add_contact()
    job = launch(campaign=draft("bulk", EVERYBODY, team.sender), actor=team.sender)
    send_all()
    before = Message.objects.filter(state=MessageState.ACCEPTED).count()
    run_now(job)
    send_all()
    assert (before, Message.objects.filter(state=MessageState.ACCEPTED).count()) == (0, 1)


def test_who_unsubscribes_after_the_start_gets_nothing(add_contact, team, draft, prepare):
    kept, gone = add_contact(), add_contact()
    campaign = prepare(draft("bulk", EVERYBODY, team.sender), team.sender).campaign
    Suppression.objects.create(address_key=gone.address_key, purpose="", reason="unsubscribed")
    send_all()
    states = dict(campaign.mailing.messages.values_list("contact_id", "state"))
    assert states == {kept.pk: MessageState.ACCEPTED, gone.pk: MessageState.SUPPRESSED}


def test_an_invitation_taken_back_before_its_mail_went_out_sends_none(
    add_contact, team, draft, prepare
):
    contact = add_contact()
    campaign = prepare(draft("invitation", EVERYBODY, team.sender), team.sender).campaign
    revoke(invitations=[contact.invitations.get()], actor=team.sender)
    send_all()
    finish_done(now=timezone.now())
    campaign.refresh_from_db()
    assert (campaign.state, campaign.mailing.messages.get().state) == (
        "sent",
        MessageState.CANCELLED,
    )


def test_an_address_mended_after_the_preview_and_before_the_start_is_used(
    add_contact, team, draft, prepare
):
    contact = add_contact("ann@gmial.example", status=EmailStatus.FIXABLE)
    campaign = draft("bulk", EVERYBODY, team.sender)
    type(contact).objects.filter(pk=contact.pk).update(
        email="ann@gmail.example",
        email_repaired="ann@gmail.example",
        address_key="ann@gmail.example",
        email_status=EmailStatus.OK,
    )
    prepare(campaign, team.sender)
    assert Message.objects.get().address == "ann@gmail.example"
