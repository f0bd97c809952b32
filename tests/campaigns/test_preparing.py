"""Who gets a message, who is left out for which reason, and that doing it again changes nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.actions.launching import AlreadyStartedError, launch
from campaigns.actions.launching import prepare as enqueue_preparing
from campaigns.actions.preparing import prepare_slice, release
from campaigns.actions.steering import WrongStateError, cancel, finish_done, pause, resume
from campaigns.models import Campaign, LeftOut
from campaigns.querysets.audience import split
from campaigns.rules.audience import Reason
from contacts.rules.words import EmailStatus, PortalStage
from core.models import Configuration
from delivery.models import Mailing, Message, Suppression
from delivery.rules.states import MailingState, MessageState
from jobs.models import Job
from jobs.queue import run_now
from portal.models import Invitation
from validation.models import Finding, MailDomain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal_on", "company")]
EVERYBODY = {"query": ""}


def suppress(contact, reason):
    Suppression.objects.create(address_key=contact.address_key, purpose="", reason=reason)


def message_to(contact, state, **fields):
    mailing = Mailing.objects.create(
        purpose="bulk", name="Earlier", subject="s", body="b", sender_email="a@b.example"
    )
    return Message.objects.create(
        purpose="bulk",
        kind="bulk",
        mailing=mailing,
        contact=contact,
        address=contact.email,
        address_key=contact.address_key,
        state=state,
        not_before=timezone.now(),
        **fields,
    )


def with_error(add_contact):
    contact = add_contact()
    Finding.objects.create(
        contact=contact,
        code="placeholder",
        value=contact.email,
        severity=Finding.Severity.ERROR,
        confidence=0.9,
    )
    return contact


def with_silent_domain(add_contact):
    contact = add_contact(status=EmailStatus.UNKNOWN)
    MailDomain.objects.create(name=contact.email_domain, failing_since=timezone.now())
    return contact


def suppressed(add_contact, reason):
    contact = add_contact()
    suppress(contact, reason)
    return contact


def mailed(add_contact, stage):
    contact = add_contact(portal_stage=stage)
    message_to(contact, MessageState.DELIVERED, accepted_at=timezone.now() - timedelta(days=2))
    return contact


def waiting(add_contact):
    contact = add_contact()
    message_to(contact, MessageState.QUEUED)
    return contact


def below_floor(add_contact):
    Configuration.objects.filter(pk=1).update(needed_fields=["name", "customer"])
    return add_contact(first_name="", last_name="")


CASES = {
    Reason.HOUSE_USER: lambda make: make(is_house_user=True),
    Reason.INACTIVE: lambda make: make(active=False),
    Reason.NO_CUSTOMER: lambda make: make(customer=None),
    Reason.NOT_WANTED: lambda make: make(invite=False),
    Reason.ALREADY_REGISTERED: lambda make: make(portal_stage=PortalStage.REGISTERED),
    Reason.NO_EMAIL: lambda make: make(email="", status=EmailStatus.MISSING, phone="555"),
    Reason.COMPLAINED: lambda make: suppressed(make, "complained"),
    Reason.BOUNCED: lambda make: make(status=EmailStatus.BOUNCED),
    Reason.UNSUBSCRIBED: lambda make: suppressed(make, "unsubscribed"),
    Reason.SUPPRESSED: lambda make: suppressed(make, "manual"),
    Reason.NEEDS_FIX: with_error,
    Reason.BELOW_FLOOR: below_floor,
    Reason.DNS_PENDING: with_silent_domain,
    Reason.UNDER_WAY: waiting,
    Reason.INVITED_RECENTLY: lambda make: mailed(make, PortalStage.INVITED),
    Reason.MAILED_RECENTLY: lambda make: mailed(make, PortalStage.NOT_INVITED),
}


@pytest.mark.parametrize("reason", CASES, ids=str)
def test_who_is_left_out_has_exactly_this_reason(reason, add_contact, team, draft, prepare):
    good, other = add_contact(), CASES[reason](add_contact)
    ticked = {"ids": [good.pk, other.pk]}
    sent = prepare(draft("invitation", ticked, team.sender), team.sender)
    assert (sent.recipients, sent.left_out) == ([good.pk], {other.pk: reason})


def test_a_reminder_leaves_out_who_was_never_invited(add_contact, team, draft, prepare):
    invited, stranger = add_contact(portal_stage=PortalStage.OPENED), add_contact()
    sent = prepare(draft("reminder", EVERYBODY, team.sender), team.sender)
    assert (sent.recipients, sent.left_out) == (
        [invited.pk],
        {stranger.pk: Reason.NOT_INVITED},
    )


def test_two_contacts_with_one_address_get_one_message(add_contact, team, draft, prepare):
    first = add_contact("office@acme.example")
    second = add_contact("Office@ACME.example")
    sent = prepare(draft("bulk", EVERYBODY, team.sender), team.sender)
    assert (sent.recipients, sent.left_out) == (
        [first.pk],
        {second.pk: Reason.DUPLICATE_ADDRESS},
    )


@pytest.mark.parametrize("written", ["ann@acme.example; bob@acme.example", "ann at acme", "n/a"])
def test_what_is_not_one_address_needs_a_fix_although_no_check_has_run(
    written, add_contact, team, draft, prepare
):
    good, other = add_contact(), add_contact(written, status=EmailStatus.UNKNOWN)
    campaign = draft("bulk", EVERYBODY, team.sender)
    sent = prepare(campaign, team.sender)
    assert (sent.recipients, list(sent.left_out)) == ([good.pk], [other.pk])
    assert sent.left_out[other.pk] in (Reason.NEEDS_FIX, Reason.NO_EMAIL)


def test_the_page_and_the_start_divide_an_audience_alike(add_contact, team, draft, prepare):
    people = [add_contact() for _ in range(3)] + [make(add_contact) for make in CASES.values()]
    ticked = {"ids": [contact.pk for contact in people]}
    campaign = draft("invitation", ticked, team.sender)
    shown = split(ticked, "invitation", user=team.sender, now=timezone.now())
    sent = prepare(campaign, team.sender)
    assert (sent.recipients, len(shown.to_send) + shown.held) == (shown.to_send, len(people))
    assert sent.left_out == {pk: reason for reason, keys in shown.left_out.items() for pk in keys}


def test_the_counts_add_up_and_each_recipient_has_an_invitation(add_contact, team, draft, prepare):
    good = [add_contact() for _ in range(3)]
    add_contact(active=False)
    add_contact(email="", status=EmailStatus.MISSING, phone="555")
    sent = prepare(draft("invitation", EVERYBODY, team.sender), team.sender)
    assert (sent.campaign.state, sent.campaign.selected, sent.campaign.left_out) == (
        "sending",
        5,
        {"inactive": 1, "no_email": 1},
    )
    assert sent.campaign.selected == len(sent.recipients) + len(sent.left_out)
    assert set(Invitation.objects.values_list("contact_id", flat=True)) == {c.pk for c in good}


def test_a_double_click_on_send_starts_once(add_contact, team, draft):
    add_contact()
    campaign = draft("invitation", EVERYBODY, team.sender)
    seen_twice = Campaign.objects.get(pk=campaign.pk)
    job = launch(campaign=campaign, actor=team.sender)
    with pytest.raises(AlreadyStartedError):
        launch(campaign=seen_twice, actor=team.sender)
    run_now(job)
    assert (Mailing.objects.count(), Message.objects.count(), Job.objects.count()) == (1, 1, 1)


def test_preparing_again_adds_nobody(add_contact, team, draft, prepare, outcome):
    add_contact()
    add_contact(active=False)
    campaign = draft("invitation", EVERYBODY, team.sender)
    first = prepare(campaign, team.sender)
    Campaign.objects.filter(pk=campaign.pk).update(state="preparing")
    run_now(enqueue_preparing(campaign=first.campaign, actor=team.sender))
    again = outcome(campaign)
    assert (again.recipients, again.left_out) == (first.recipients, first.left_out)
    assert again.campaign.selected == first.campaign.selected


def test_a_slice_that_is_done_twice_adds_nobody(add_contact, team, draft, outcome):
    contact = add_contact()
    campaign = draft("bulk", EVERYBODY, team.sender)
    launch(campaign=campaign, actor=team.sender)
    slices = [prepare_slice(campaign=campaign, after=0) for _ in range(2)]
    assert slices[0] == slices[1]
    assert prepare_slice(campaign=campaign, after=contact.pk) is None
    assert outcome(campaign).recipients == [contact.pk]


def test_no_sender_may_touch_a_message_before_all_are_prepared(add_contact, team, draft):
    add_contact()
    campaign = draft("bulk", EVERYBODY, team.sender)
    launch(campaign=campaign, actor=team.sender)
    prepare_slice(campaign=campaign, after=0)
    states = [Mailing.objects.get().state]
    release(campaign=campaign)
    states.append(Mailing.objects.get().state)
    assert states == [MailingState.PAUSED, MailingState.RUNNING]


def test_a_campaign_cancelled_while_it_is_prepared_prepares_nobody_more(
    add_contact, team, draft, outcome
):
    add_contact()
    campaign = draft("bulk", EVERYBODY, team.sender)
    job = launch(campaign=campaign, actor=team.sender)
    cancel(campaign=campaign, actor=team.sender)
    run_now(job)
    sent = outcome(campaign)
    assert (sent.campaign.state, sent.recipients, Mailing.objects.get().state) == (
        "cancelled",
        [],
        MailingState.CANCELLED,
    )
    assert not release(campaign=sent.campaign)


def test_pausing_and_going_on_moves_campaign_and_mailing_together(
    add_contact, team, draft, prepare
):
    add_contact()
    campaign = prepare(draft("bulk", EVERYBODY, team.sender), team.sender).campaign
    pause(campaign=campaign, actor=team.sender)
    states = [(campaign.state, Mailing.objects.get().state)]
    resume(campaign=campaign, actor=team.sender)
    states.append((campaign.state, Mailing.objects.get().state))
    assert states == [("paused", MailingState.PAUSED), ("sending", MailingState.RUNNING)]
    with pytest.raises(WrongStateError):
        resume(campaign=campaign, actor=team.sender)


def test_cancelling_withdraws_what_waits(add_contact, team, draft, prepare):
    add_contact()
    add_contact()
    campaign = prepare(draft("bulk", EVERYBODY, team.sender), team.sender).campaign
    assert cancel(campaign=campaign, actor=team.sender) == 2
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.CANCELLED}


def test_a_campaign_is_closed_when_its_rows_say_that_nothing_waits(
    add_contact, team, draft, prepare
):
    add_contact()
    campaign = prepare(draft("bulk", EVERYBODY, team.sender), team.sender).campaign
    closed = [finish_done(now=timezone.now())]
    Message.objects.update(state=MessageState.ACCEPTED)
    closed.append(finish_done(now=timezone.now()))
    campaign.refresh_from_db()
    assert (closed, campaign.state, campaign.finished_at is not None) == ([0, 1], "sent", True)


def test_a_campaign_that_nobody_gets_ends_at_once(team, draft, prepare, add_contact):
    add_contact(active=False)
    campaign = prepare(draft("bulk", EVERYBODY, team.sender), team.sender).campaign
    finish_done(now=timezone.now())
    campaign.refresh_from_db()
    assert (campaign.state, campaign.selected) == ("sent", 1)


def test_a_contact_keeps_one_reason_however_often_it_is_looked_at(add_contact, team, draft):
    add_contact(active=False)
    campaign = draft("bulk", EVERYBODY, team.sender)
    launch(campaign=campaign, actor=team.sender)
    prepare_slice(campaign=campaign, after=0)
    prepare_slice(campaign=campaign, after=0)
    assert LeftOut.objects.counts() == {Reason.INACTIVE: 1}
