"""What goes into the outbox, and what is taken back."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from contacts.models import Contact
from delivery import merge, tokens
from delivery.actions import outbox, sending
from delivery.actions.rendering import render_draft
from delivery.actions.retention import forget_texts
from delivery.models import Message
from delivery.rules.values import MissingLinkError
from portal.actions.invitations import issue
from portal.models import PortalConfiguration
from portal.tokens import invitation_url
from tests.delivery.conftest import make_contact, make_mailing

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited():
    PortalConfiguration.objects.update_or_create(pk=1, defaults={"enabled": True})
    contact = make_contact(email="priya@acme.example")
    return contact, issue(contacts=[contact], actor=None)[contact.pk]


def single(**fields):
    return outbox.enqueue_single(
        **{
            "purpose": "account",
            "kind": "username",
            "address": "priya@acme.example",
            "subject": "Your username",
            "body": "Hello [ContactName], it is [Username]",
            **fields,
        }
    )


def test_adding_recipients_again_adds_nothing():
    contacts = [make_contact(), make_contact()]
    mailing = make_mailing(contacts)
    assert outbox.add_recipients(mailing=mailing, contacts=contacts) == 0
    assert mailing.messages.count() == 2


@pytest.mark.parametrize(
    "email", ["", "a@b.example, c@d.example", "a@b.example\r\nBcc: x@y.example"]
)
def test_who_has_not_one_good_address_gets_no_message(email):
    mailing = make_mailing([make_contact(email=email)])
    assert mailing.messages.count() == 0
    with pytest.raises(outbox.NotOneAddressError):
        single(address=email)


def test_a_mail_that_may_be_sent_once_is_put_in_once():
    first = single(dedupe_key="welcome 7")
    again = single(dedupe_key="welcome 7", subject="Other")
    assert (first.pk, Message.objects.count()) == (again.pk, 1)


def test_given_values_win_and_are_only_text():
    contact = make_contact(email="priya@acme.example", username="old")
    message = single(contact=contact, values={"Username": "<b>[Click](https://evil.example)</b>"})
    assert message.text.startswith("Hello Priya Raman, it is <b>[Click](https evil.example)</b>\n")


def test_a_mail_to_nobody_known_has_stand_ins():
    assert single().text.startswith("Hello there, it is\n")


def test_the_personal_link_goes_to_its_own_contact_alone(invited):
    contact, invitation = invited
    body = "[CustomerPortalLink]"
    own = single(purpose="invitation", contact=contact, body=body)
    assert invitation_url(invitation) in own.text
    with pytest.raises(MissingLinkError):
        single(purpose="invitation", contact=contact, body=body, address="x@acme.example")
    with pytest.raises(MissingLinkError):
        single(purpose="announcement", contact=contact, body=body)


def test_a_mailing_fills_the_personal_link_of_each_contact(invited):
    contact, invitation = invited
    make_mailing([contact], purpose="invitation", body="[CustomerPortalLink]")
    sending.pump(seconds=10)
    assert invitation_url(invitation) in Message.objects.get().text


def test_a_preview_holds_no_link_that_does_anything(invited):
    contact, invitation = invited
    shown = render_draft(
        subject="For [FirstName] [Salutation]",
        body="[CustomerPortalLink]\n\n[Find]([FindAccountLink])",
        preheader="",
        contact=contact,
        purpose="invitation",
    )
    links = {word for word in shown.text.split() if word.startswith("http")}
    assert links == {tokens.example_url()}
    assert invitation_url(invitation) not in shown.html
    assert (shown.subject, shown.missing) == ("For Priya", ("Salutation",))


def test_only_mail_that_was_not_started_is_withdrawn():
    contact = make_contact()
    mailing = make_mailing([contact])
    sending.pump(seconds=10)
    make_mailing([contact], name="Next")
    make_mailing([contact], name="Other kind", purpose="bulk")
    assert outbox.withdraw(contact_ids=[contact.pk], kinds=["announcement"]) == 1
    states = dict(Message.objects.values_list("mailing__name", "state"))
    assert states == {"News": "accepted", "Next": "cancelled", "Other kind": "queued"}
    assert outbox.finish(mailing=mailing)


def test_a_mailing_with_mail_that_waits_is_not_finished():
    mailing = make_mailing([make_contact()])
    assert not outbox.finish(mailing=mailing)
    assert outbox.cancel(mailing=mailing) == 1
    assert not outbox.resume(mailing=mailing)
    assert mailing.state == "cancelled"


def test_each_provider_is_asked_once_for_a_whole_batch(django_assert_max_num_queries):
    contacts = [make_contact() for _ in range(30)]
    names = [*merge.FIELDS]
    loaded = list(Contact.objects.filter(pk__in=[contact.pk for contact in contacts]))
    with django_assert_max_num_queries(6):
        values = merge.values_for(names, loaded, "invitation")
    assert values[contacts[3].pk]["CustomerName"] == "Acme & Sons"


def test_nobody_fills_a_field_that_is_not_on_the_list():
    with pytest.raises(merge.UnknownFieldError):
        merge.register("Password", lambda contacts: {})


def test_every_field_that_may_be_written_is_filled_by_somebody():
    known = {*merge._providers, "CompanyName", "SupportEmail", "SupportPhone"}
    known |= {"UnsubscribeLink", "ConfirmEmailLink"}
    assert set(merge.FIELDS) - known == set()


def test_old_texts_are_forgotten_and_what_waits_keeps_its_own():
    old, waiting, young = single(), single(), single()
    Message.objects.exclude(pk=waiting.pk).update(state="accepted")
    year_ago = timezone.now() - timedelta(days=365)
    Message.objects.exclude(pk=young.pk).update(created_at=year_ago)
    assert forget_texts(now=timezone.now()) == 1
    empty = Message.objects.filter(text="", html="").values_list("pk", flat=True)
    assert list(empty) == [old.pk]


def run(*options):
    out = StringIO()
    try:
        call_command("send_due", *options, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def test_the_command_sends_and_counts():
    make_mailing([make_contact() for _ in range(3)])
    code, said = run("--until-empty", "--json")
    assert (code, json.loads(said)) == (
        0,
        {"accepted": 3, "refused": 0, "unknown": 0, "failed": 0, "left": 0},
    )


def test_the_command_says_when_something_is_left(sink, settings):
    make_mailing([make_contact(), make_contact()])
    settings.EMAIL_PORT = 1
    code, said = run("--json")
    assert (code, json.loads(said)["left"]) == (1, 2)
    code, said = run()
    assert code == 1
    assert said.startswith("Sent 0, refused 0, outcome not known 0, failed 0; 2 wait.")


def test_one_slice_asks_for_the_next_however_many_nudges_come(
    settings, django_capture_on_commit_callbacks
):
    cache.clear()
    settings.SLICE_SECONDS = 0.001
    make_mailing([make_contact() for _ in range(60)])
    with django_capture_on_commit_callbacks() as nudges:
        for _ in range(3):
            sending.pump_slice()
    assert len(nudges) == sending.CHAINS
    with django_capture_on_commit_callbacks() as nudges:
        sending.pump_slice(chain=1)
    assert len(nudges) == 1
    cache.clear()
