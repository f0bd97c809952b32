"""A campaign with a text message: who gets which, counted, previewed, named when it is too long."""

import pytest

from campaigns.actions.drafting import TextProblemError, problems_of, save_draft
from campaigns.actions.launching import launch
from campaigns.querysets.audience import split
from campaigns.querysets.report import figures
from contacts.rules.words import EmailStatus
from delivery.actions.sending import pump
from delivery.models import Message, Suppression

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal_on", "company")]
EVERYBODY = {"query": ""}
TEXT = "Hello [FirstName]"


def with_text(campaign, sms_text=TEXT):
    return save_draft(
        campaign=campaign,
        name=campaign.name,
        subject="News",
        body="Hello [ContactName]",
        sms_text=sms_text,
    )


@pytest.fixture
def people(add_contact):
    """By mail; wants short text; no address, a number; the same number; no way at all."""
    missing = {"email": "", "status": EmailStatus.MISSING}
    return {
        "mail": add_contact(sms_number="555 014 2201"),
        "short": add_contact(
            sms_number="555 014 2202", content_type="short_text", status=EmailStatus.INVALID
        ),
        "number": add_contact(**missing, sms_number="555 014 2203"),
        "twin": add_contact(**missing, sms_number="+1 (555) 014-2203"),
        "nothing": add_contact(**missing, sms_number="ask Ann"),
        "stopped": add_contact(**missing, sms_number="555 014 2204"),
    }


@pytest.fixture
def stop():
    Suppression.objects.create(address_key="+15550142204", reason="unsubscribed")


@pytest.mark.usefixtures("stop")
def test_everybody_is_counted_once_with_one_way_or_one_reason(people, team, draft, prepare, now):
    shown = split(EVERYBODY, "bulk", user=team.sender, now=now.at, sms_text=TEXT)
    sent = prepare(with_text(draft("bulk", EVERYBODY, team.sender)), team.sender)
    names = {contact.pk: name for name, contact in people.items()}
    ways = {
        names[pk]: (channel, address[-4:])
        for pk, channel, address in Message.objects.values_list("contact", "channel", "address")
    }
    assert ways == {
        "mail": ("email", "mple"),
        "short": ("sms", "2202"),
        "number": ("sms", "2203"),
    }
    reasons = {names[pk]: reason for pk, reason in sent.left_out.items()}
    assert reasons == {
        "twin": "duplicate_address",
        "nothing": "no_email",
        "stopped": "unsubscribed",
    }
    assert (sorted(shown.to_send), shown.selected) == (sorted(sent.recipients), 6)
    assert sent.campaign.selected == 6
    pump(seconds=5)
    counted = figures(sent.campaign.mailing, sent.campaign.started_at)
    assert (counted.went, counted.texted) == (3, 2)


def test_without_a_text_those_without_an_address_are_left_out(people, team, draft, prepare):
    sent = prepare(draft("bulk", EVERYBODY, team.sender), team.sender)
    assert sent.recipients == [people["mail"].pk]
    assert sent.left_out[people["number"].pk] == "no_email"
    assert sent.left_out[people["short"].pk] == "needs_fix"


def test_the_composer_counts_and_previews_text_messages(client, people, team, draft):
    campaign = with_text(draft("bulk", EVERYBODY, team.sender))
    client.force_login(team.sender)
    page = client.get(
        f"/messages/{campaign.pk}/compose/?who={people['short'].pk}-1&as=sms"
    ).content.decode()
    assert "3 of them are reached by text message." in page
    assert f"Hello {people['short'].first_name}\nStop: http" in page
    assert "Counts as 1 text message." in page


def test_the_text_is_kept_from_the_form_and_offered_only_where_there_is_a_way(
    client, team, draft, settings
):
    campaign = draft("bulk", EVERYBODY, team.sender)
    client.force_login(team.sender)
    fields = {"name": "News", "subject": "News", "body": "Hello", "sms_text": "Short"}
    client.post(f"/messages/{campaign.pk}/save/", fields)
    campaign.refresh_from_db()
    assert campaign.sms_text == "Short"
    settings.SMS_BACKEND = ""
    page = client.get(f"/messages/{campaign.pk}/compose/").content.decode()
    assert "Text message (SMS)" not in page


def test_a_wrong_field_cannot_be_saved_and_a_letter_cannot_be_sent(team, draft):
    campaign = draft("bulk", EVERYBODY, team.sender)
    with pytest.raises(TextProblemError, match="no field"):
        with_text(campaign, "Hello [FristName]")
    with_text(campaign, "long " * 200)
    with pytest.raises(TextProblemError, match="too long"):
        launch(campaign=campaign, actor=team.sender)


def test_an_invitation_by_text_needs_its_link(team, draft):
    campaign = draft("invitation", EVERYBODY, team.sender)
    campaign.sms_text = "Come and see"
    assert "The text message needs [CustomerPortalLink], too." in [
        problem.sentence for problem in problems_of(campaign)
    ]
