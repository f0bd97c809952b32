"""Templates in the admin: saved by the same action as on their page."""

import pytest
from django.urls import reverse

from accounts.actions import add_staff
from accounts.rules.roles import Role
from campaigns.models import Template
from core.models import AuditEntry

pytestmark = pytest.mark.django_db
TEXT = {
    "name": "Winter",
    "kind": "bulk",
    "language": "en",
    "subject": "Snow",
    "preheader": "",
    "body": "Hello [ContactName]",
    "is_default": "on",
}


@pytest.fixture
def ada(client):
    person = add_staff(username="ada", email="", password="x", roles=[Role.ADMINISTRATOR])
    client.force_login(person)
    return person


def save(client, **changes):
    return client.post(reverse("admin:campaigns_template_add"), {**TEXT, **changes})


def test_a_new_default_takes_the_place_of_the_old_one(client, ada):
    save(client)
    defaults = Template.objects.filter(kind="bulk", is_default=True)
    newest = AuditEntry.objects.order_by("pk").last()
    assert [(row.name, row.updated_by) for row in defaults] == [("Winter", ada)]
    assert (newest.verb, newest.entity, newest.label) == ("added", "template", "Winter")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"body": "[ContactNmae]"}, "Did you mean [ContactName]?"),
        ({"body": "[CustomerPortalLink]"}, "can only stand in invitations and reminders"),
        ({"kind": "invitation"}, "The default invitation stands under Customer Portal"),
        ({"name": "Reminder"}, "already exists"),
    ],
)
def test_what_the_page_refuses_the_admin_refuses(changes, sentence, client, ada):
    before = Template.objects.count()
    answer = save(client, **changes)
    assert (answer.status_code, sentence in answer.content.decode()) == (200, True)
    assert Template.objects.count() == before


def test_ticked_templates_are_removed_each_with_its_entry(client, ada):
    rows = list(Template.objects.all()[:2])
    client.post(
        reverse("admin:campaigns_template_changelist"),
        {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"},
    )
    removed = AuditEntry.objects.filter(verb="removed", entity="template")
    assert {entry.label for entry in removed} == {row.name for row in rows}


def test_every_list_opens(client, ada):
    for name in ("template", "campaign", "leftout"):
        assert client.get(reverse(f"admin:campaigns_{name}_changelist")).status_code == 200
    assert client.get(reverse("admin:adoption_dailycount_changelist")).status_code == 200


def test_who_may_only_read_changes_no_template(client, db):
    ron = add_staff(username="ron", email="", password="x", roles=[Role.READ_ONLY])
    client.force_login(ron)
    before = Template.objects.count()
    statuses = [save(client).status_code, client.get(reverse("campaigns:templates")).status_code]
    assert ([status in (302, 403) for status in statuses], Template.objects.count()) == (
        [True, True],
        before,
    )
