"""`manage.py invite`: makes, starts and prepares an invitation campaign in its own process."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from campaigns.models import Campaign, Template
from contacts.models import Segment
from contacts.rules.words import EmailStatus
from delivery.models import Mailing, Message
from jobs.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal_on", "company")]
TABLES = (Campaign, Mailing, Message, Job)


def invite(*arguments):
    """The exit code and the one JSON object that the command prints."""
    out = StringIO()
    code = 0
    try:
        call_command("invite", *arguments, "--json", stdout=out)
    except SystemExit as ended:
        code = ended.code
    return code, json.loads(out.getvalue())


def sizes():
    return [table.objects.count() for table in TABLES]


@pytest.fixture
def people(add_contact):
    return [
        add_contact(),
        add_contact(),
        add_contact(active=False),
        add_contact(email="", status=EmailStatus.MISSING, phone="555"),
    ]


def test_everybody_of_a_segment_is_queued_or_held_with_a_reason(people):
    code, answer = invite("--segment", "all")
    campaign = Campaign.objects.get()
    assert (code, answer) == (
        1,
        {
            "campaign": campaign.pk,
            "selected": 4,
            "queued": 2,
            "held": {"inactive": 1, "no_email": 1},
        },
    )
    assert (campaign.state, Message.objects.filter(state="queued").count()) == ("sending", 2)


def test_ready_holds_those_alone_who_can_be_invited(people):
    code, answer = invite("--segment", "ready")
    assert (code, answer["selected"], answer["queued"], answer["held"]) == (0, 2, 2, {})


def test_nobody_is_invited_twice(people):
    invite("--segment", "all")
    code, answer = invite("--segment", "all")
    assert (answer["queued"], answer["held"]) == (
        0,
        {"inactive": 1, "no_email": 1, "under_way": 2},
    )
    assert (code, Message.objects.count()) == (1, 2)


def test_a_dry_run_counts_the_same_and_changes_nothing(people):
    before = sizes()
    _, rehearsed = invite("--segment", "all", "--dry-run")
    assert (sizes(), rehearsed["campaign"]) == (before, None)
    _, answer = invite("--segment", "all")
    assert {**rehearsed, "campaign": answer["campaign"]} == answer


def test_a_saved_view_is_a_segment_by_its_name_and_a_shared_one_comes_first(people, team):
    Segment.objects.create(name="Active ones", query="active=no", owner=team.reader)
    Segment.objects.create(name="Active ones", query="active=yes", owner=team.sender, shared=True)
    code, answer = invite("--segment", "active ones")
    assert (code, answer["queued"], answer["held"]) == (1, 2, {"no_email": 1})


def test_a_template_is_chosen_by_its_name(people):
    template = Template.objects.get(kind="invitation")
    _, answer = invite("--segment", "ready", "--template", template.name.upper())
    assert Campaign.objects.get(pk=answer["campaign"]).subject == template.subject


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("--segment", "nobody"),
            "There is no view called “nobody”. Use ready, all, or a saved view.",
        ),
        (
            ("--segment", "all", "--template", "Nope"),
            "There is no invitation template called “Nope”. There are: Portal invitation, short.",
        ),
    ],
)
def test_what_does_not_exist_is_named_and_nothing_is_done(arguments, sentence, people):
    before = sizes()
    assert invite(*arguments) == (2, {"error": sentence})
    assert sizes() == before


def test_a_text_that_cannot_be_sent_leaves_no_draft_behind(people):
    Template.objects.filter(kind="invitation").update(body="Come in")
    before = sizes()
    code, answer = invite("--segment", "all", "--template", "Portal invitation, short")
    assert (code, sizes()) == (2, before)
    assert answer == {
        "error": "An invitation needs [CustomerPortalLink] in its body:"
        " without it nobody can register."
    }


def test_people_read_a_summary(people):
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("invite", "--segment", "all", stdout=out)
    assert out.getvalue().splitlines() == [
        "2 of 4 contacts invited. Their messages wait in the outbox.",
        "  1 left out: inactive",
        "  1 left out: no email address",
    ]
