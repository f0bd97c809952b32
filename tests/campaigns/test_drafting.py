"""Drafts and templates: what is kept, what is refused, and that nothing sent ever changes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from campaigns.actions.drafting import (
    NotEditableError,
    TextProblemError,
    discard,
    draft_campaign,
    save_draft,
    use_template,
)
from campaigns.actions.launching import (
    AlreadyStartedError,
    TimePassedError,
    launch,
    schedule,
    start_due,
    unschedule,
)
from campaigns.actions.templates import (
    DefaultElsewhereError,
    TemplateNameTakenError,
    remove_template,
    save_template,
)
from campaigns.actions.testing import NoAddressError, send_test
from campaigns.models import Campaign, Template
from contacts.rules.segments import UnknownSegmentError
from core.models import AuditEntry
from delivery.models import Mailing, Message
from portal.models import PortalConfiguration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal_on", "company")]
EVERYBODY = {"query": ""}


def keep(campaign, **changes):
    text = {"name": campaign.name, "subject": "News", "body": "Hello"}
    return save_draft(campaign=campaign, **{**text, **changes})


def test_an_invitation_starts_from_the_text_in_the_settings(team):
    PortalConfiguration.objects.update(
        invitation_subject="Come to [CompanyName]", invitation_body="Here: [CustomerPortalLink]"
    )
    campaign = draft_campaign(kind="invitation", audience=EVERYBODY, actor=team.sender)
    assert (campaign.name, campaign.subject, campaign.body, campaign.state) == (
        "Portal invitation, wave 1",
        "Come to [CompanyName]",
        "Here: [CustomerPortalLink]",
        "draft",
    )


@pytest.mark.parametrize("kind", ["announcement", "reminder", "data_request", "bulk"])
def test_every_other_kind_starts_from_its_default_template(kind, team):
    default = Template.objects.get(kind=kind, is_default=True)
    campaign = draft_campaign(kind=kind, audience=EVERYBODY, actor=team.sender)
    assert (campaign.subject, campaign.body) == (default.subject, default.body)


def test_the_texts_that_come_with_the_product_can_be_sent(team):
    for template in Template.objects.all():
        campaign = draft_campaign(
            kind=template.kind, audience=EVERYBODY, actor=team.sender, template=template
        )
        launch(campaign=campaign, actor=team.sender)
    assert set(Campaign.objects.values_list("state", flat=True)) == {"preparing"}


def test_a_view_that_does_not_exist_makes_no_draft(team):
    with pytest.raises(UnknownSegmentError):
        draft_campaign(kind="bulk", audience={"segment": "nope"}, actor=team.sender)
    assert Campaign.objects.count() == 0


def test_an_unknown_field_keeps_nothing_of_the_text(team, draft):
    campaign = draft("bulk", EVERYBODY, team.sender)
    with pytest.raises(TextProblemError, match=r"Did you mean \[ContactName\]\?"):
        keep(campaign, subject="Other", body="Hello [ContactNmae]")
    campaign.refresh_from_db()
    assert (campaign.subject, campaign.body) == ("News", "Hello [ContactName]")


def test_an_invitation_without_its_link_is_kept_but_not_sent(team, draft):
    campaign = draft("invitation", EVERYBODY, team.sender)
    keep(campaign, body="Hello")
    with pytest.raises(TextProblemError, match=r"needs \[CustomerPortalLink\]"):
        launch(campaign=campaign, actor=team.sender)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.body, Mailing.objects.count()) == ("draft", "Hello", 0)


def test_what_was_started_keeps_its_text(team, draft, add_contact):
    add_contact()
    campaign = draft("bulk", EVERYBODY, team.sender)
    launch(campaign=campaign, actor=team.sender)
    for change in (keep, lambda one: use_template(campaign=one, template=None)):
        with pytest.raises(NotEditableError):
            change(campaign)
    with pytest.raises(NotEditableError):
        discard(campaign=campaign, actor=team.sender)
    assert (Mailing.objects.get().body, Campaign.objects.count()) == ("Hello [ContactName]", 1)


def test_a_draft_can_be_thrown_away(team, draft):
    campaign = draft("bulk", EVERYBODY, team.sender)
    discard(campaign=campaign, actor=team.sender)
    newest = AuditEntry.objects.order_by("pk").last()
    assert (Campaign.objects.count(), newest.verb, newest.label) == (0, "discarded", "Bulk email 1")


def test_a_later_edit_of_a_template_changes_no_campaign(team, draft):
    template = Template.objects.filter(kind="bulk").earliest("pk")
    campaign = draft_campaign(kind="bulk", audience=EVERYBODY, actor=team.sender, template=template)
    before = campaign.body
    template.body = "Something else"
    save_template(template=template, actor=team.sender)
    remove_template(template=template, actor=team.sender)
    campaign.refresh_from_db()
    assert (campaign.body, campaign.template) == (before, None)


def test_a_new_default_takes_the_place_of_the_old_one(team):
    new = Template(kind="bulk", name="Winter", subject="s", body="b", is_default=True)
    save_template(template=new, actor=team.sender)
    assert list(
        Template.objects.filter(kind="bulk", is_default=True).values_list("name", flat=True)
    ) == ["Winter"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Template.objects.filter(kind="bulk").update(is_default=True)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"kind": "bulk", "name": "reminder"}, TemplateNameTakenError),
        ({"kind": "invitation", "name": "New", "is_default": True}, DefaultElsewhereError),
        ({"kind": "bulk", "name": "New", "body": "[CustomerPortalLink]"}, TextProblemError),
        ({"kind": "bulk", "name": "New", "body": "[Nonsense]"}, TextProblemError),
    ],
)
def test_a_template_that_could_not_be_used_is_refused(fields, error, team):
    text = {"subject": "Subject", "body": "[CustomerPortalLink]"}
    if fields["kind"] == "bulk" and "body" not in fields:
        text["body"] = "Body"
    before = Template.objects.count()
    with pytest.raises(error):
        save_template(template=Template(**{**text, **fields}), actor=team.sender)
    assert Template.objects.count() == before


def test_a_test_goes_to_oneself_with_a_recipient_s_data_and_counts_nowhere(
    team, draft, add_contact
):
    contact = add_contact(first_name="Priya", last_name="Raman")
    campaign = draft("bulk", EVERYBODY, team.sender, subject="For [ContactName]")
    message = send_test(campaign=campaign, contact=contact, actor=team.sender)
    campaign.refresh_from_db()
    assert (message.address, message.subject, message.mailing, message.contact, message.kind) == (
        "sam@northfield.example",
        "Test: For Priya Raman",
        None,
        None,
        "test",
    )
    assert (campaign.state, campaign.tested_at is not None) == ("draft", True)


def test_the_links_of_a_test_do_nothing(team, draft, add_contact):
    contact = add_contact()
    campaign = draft("invitation", EVERYBODY, team.sender)
    message = send_test(campaign=campaign, contact=contact, actor=team.sender)
    contact.refresh_from_db()
    assert (contact.invitations.count(), contact.portal_stage) == (0, "not_invited")
    assert "/i/" not in message.html + message.text


def test_a_test_without_anybody_or_without_an_address_is_refused(team, draft, add_contact):
    campaign = draft("bulk", EVERYBODY, team.sender)
    with pytest.raises(NoAddressError, match="Nobody gets this message"):
        send_test(campaign=campaign, contact=None, actor=team.sender)
    team.sender.email = ""
    with pytest.raises(NoAddressError, match="Your own profile"):
        send_test(campaign=campaign, contact=add_contact(), actor=team.sender)
    assert Message.objects.count() == 0


def test_a_set_time_starts_by_itself_once(team, draft, add_contact, now):
    add_contact()
    campaign = draft("bulk", EVERYBODY, team.sender)
    schedule(campaign=campaign, start_at=now.later, actor=team.sender, now=now.at, expected=1)
    early = start_due(now=now.at)
    started = start_due(now=now.later)
    again = start_due(now=now.later)
    campaign.refresh_from_db()
    assert (early, started, again, campaign.state) == ([], [campaign], [], "preparing")


def test_a_start_that_was_missed_waits_for_a_person(team, draft, add_contact, now):
    add_contact()
    campaign = draft("bulk", EVERYBODY, team.sender)
    schedule(campaign=campaign, start_at=now.later, actor=team.sender, now=now.at)
    assert start_due(now=now.later + timedelta(hours=2)) == []
    campaign.refresh_from_db()
    assert (campaign.state, Mailing.objects.count()) == ("overdue", 0)
    launch(campaign=campaign, actor=team.sender)
    assert campaign.state == "preparing"


def test_a_time_can_be_moved_and_taken_back(team, draft, now):
    campaign = draft("bulk", EVERYBODY, team.sender)
    with pytest.raises(TimePassedError):
        schedule(campaign=campaign, start_at=now.at, actor=team.sender, now=now.later)
    schedule(campaign=campaign, start_at=now.later, actor=team.sender, now=now.at)
    moved = now.later + timedelta(days=1)
    schedule(campaign=campaign, start_at=moved, actor=team.sender, now=now.at)
    states = [(campaign.state, campaign.start_at)]
    unschedule(campaign=campaign, actor=team.sender)
    states.append((campaign.state, campaign.start_at))
    assert states == [("scheduled", moved), ("draft", None)]
    with pytest.raises(AlreadyStartedError):
        unschedule(campaign=campaign, actor=team.sender)
