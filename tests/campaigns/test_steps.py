"""A pilot, waves and reminders: who gets what, and when, without anybody pressing a button."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from campaigns.actions.drafting import save_draft
from campaigns.actions.launching import start_due
from campaigns.actions.reminding import note_reply
from campaigns.actions.steering import finish_done, pause, resume, stop_after_pilots
from campaigns.models import Campaign, LeftOut
from campaigns.rules.plan import Plan
from contacts.models import Contact
from delivery.actions.sending import pump
from delivery.models import Message, Suppression
from jobs.models import Job
from jobs.queue import run_now
from portal.models import PortalConfiguration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal_on", "company")]
EVERYBODY = {"query": ""}
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)  # what a sender took for a batch is added to its clock


@pytest.fixture
def clock():
    """Now, and a way to go on in time."""
    with time_machine.travel("2026-03-02 09:00:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def planned(draft, prepare, team):
    """Start a campaign with a plan."""

    def start(kind, actor=team.sender, **plan):
        campaign = draft(kind, EVERYBODY, actor)
        text = {name: getattr(campaign, name) for name in ("name", "subject", "body")}
        save_draft(campaign=campaign, plan=Plan(**plan), **text)
        return prepare(campaign, actor).campaign

    return start


def tick():
    """What happens every few seconds; the sender goes by the clock of the test."""
    now = timezone.now()
    for campaign in start_due(now=now):
        run_now(Job.objects.get(singleton=campaign.job_key))
    while pump(seconds=5, clock=timezone.now).more:
        pass
    stop_after_pilots(now=now)
    finish_done(now=now)


def sent():
    return Message.objects.filter(state="accepted").count()


def test_waves_go_out_at_their_time(add_contact, planned, clock):
    for _ in range(25):
        add_contact()
    campaign = planned("bulk", wave_size=10, wave_hours=6)
    counts = []
    for _ in range(4):
        tick()
        counts.append(sent())
        clock.shift(6 * HOUR)
    campaign.refresh_from_db()
    assert (counts, campaign.state) == ([10, 20, 25, 25], "sent")


def test_a_pilot_is_a_mixture_and_stops_until_somebody_has_looked(
    add_contact, planned, team, clock
):
    ids = [add_contact().pk for _ in range(40)]
    campaign = planned("bulk", pilot=5)
    tick()
    campaign.refresh_from_db()
    first = set(Message.objects.filter(state="accepted").values_list("contact_id", flat=True))
    assert (len(first), campaign.state) == (5, "paused")
    assert campaign.mailing.paused_because.startswith("The pilot is out.")
    assert first != set(ids[:5])
    clock.shift(3 * DAY)
    tick()
    assert sent() == 5
    resume(campaign=campaign, actor=team.sender)
    tick()
    campaign.refresh_from_db()
    assert (sent(), campaign.state) == (40, "sent")


def test_a_pause_moves_the_waves_that_were_still_to_come(add_contact, planned, team, clock):
    for _ in range(30):
        add_contact()
    campaign = planned("bulk", wave_size=10, wave_hours=6)
    tick()
    pause(campaign=campaign, actor=team.sender)
    clock.shift(20 * HOUR)
    campaign.refresh_from_db()
    resume(campaign=campaign, actor=team.sender)
    counts = []
    for _ in range(3):
        tick()
        counts.append(sent())
        clock.shift(6 * HOUR)
    assert counts == [10, 20, 30]


def test_who_has_not_registered_is_reminded_and_nobody_else(add_contact, planned, clock):
    PortalConfiguration.objects.update(invitation_days=30)
    silent, registered, gone, caller = (add_contact() for _ in range(4))
    first = planned("invitation", remind_after_days=7, remind_at_most=2)
    tick()
    reminder = Campaign.objects.get(reminder_of=first)
    assert (reminder.kind, reminder.state, reminder.start_at - timezone.now()) == (
        "reminder",
        "scheduled",
        7 * DAY,
    )
    Contact.objects.filter(pk=registered.pk).update(portal_stage="registered")
    Suppression.objects.create(address_key=gone.address_key, reason="unsubscribed")
    note_reply(contact=caller, actor=None)
    clock.shift(7 * DAY + MINUTE)
    tick()
    reminder.refresh_from_db()
    to = list(reminder.mailing.messages.values_list("contact_id", flat=True))
    why = dict(LeftOut.objects.filter(campaign=reminder).values_list("contact_id", "reason"))
    assert (to, why) == (
        [silent.pk],
        {registered.pk: "already_registered", gone.pk: "unsubscribed", caller.pk: "answered"},
    )
    clock.shift(7 * DAY + MINUTE)
    tick()
    clock.shift(7 * DAY + MINUTE)
    tick()
    numbers = first.reminders.order_by("pk").values_list("reminder_number", "state")
    assert list(numbers) == [(1, "sent"), (2, "sent")]


def test_a_reminder_that_was_missed_waits_for_a_person(add_contact, planned, clock):
    add_contact()
    first = planned("invitation", remind_after_days=7)
    tick()
    clock.shift(7 * DAY + 2 * HOUR)
    tick()
    assert first.reminders.get().state == "overdue"
    assert sent() == 1


def test_the_composer_keeps_the_steps_and_names_what_cannot_be(draft, team, client, add_contact):
    add_contact()
    campaign = draft("invitation", EVERYBODY, team.sender)
    client.force_login(team.sender)
    text = {name: getattr(campaign, name) for name in ("name", "subject", "body")}
    url = reverse("campaigns:save", args=[campaign.pk])
    kept = client.post(url, text | {"pilot": "50", "wave_size": "500", "remind_after_days": "8"})
    campaign.refresh_from_db()
    assert (kept.status_code, campaign.plan) == (
        302,
        Plan(pilot=50, wave_size=500, remind_after_days=8),
    )
    refused = client.post(url, text | {"remind_after_days": "3"})
    assert refused.status_code == 422
    assert "remind after 7 or more" in refused.content.decode()


def test_the_page_of_an_invitation_offers_to_note_an_answer(
    add_contact, planned, team, client, clock
):
    contact = add_contact()
    campaign = planned("invitation", remind_after_days=7)
    tick()
    client.force_login(team.sender)
    page = reverse("campaigns:campaign", args=[campaign.pk])
    url = reverse("campaigns:answered", args=[contact.pk])
    before = client.get(page).content.decode()
    client.post(url, {"next": page})
    after = client.get(page).content.decode()
    reminder = campaign.reminders.get()
    assert [url in before, 'name="undo"' in before, 'name="undo"' in after] == [True, False, True]
    assert reminder.name in after


def test_an_answer_is_noted_and_taken_back_by_who_may_send(add_contact, team, client):
    contact = add_contact()
    url = reverse("campaigns:answered", args=[contact.pk])
    seen = []
    for who, sends in (
        (team.reader, {}),
        (team.mailer, {}),
        (team.sender, {"undo": "1"}),
    ):
        client.force_login(who)
        status = client.post(url, sends).status_code
        seen.append((status, Contact.objects.filter(pk=contact.pk, reply__isnull=False).exists()))
    assert seen == [(403, False), (302, True), (302, False)]
