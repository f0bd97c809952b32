"""What is done to chosen contacts: sending, exporting, switching."""

import csv
import io

import pytest
from django.contrib.auth.models import Permission

from accounts.rules.roles import Role
from campaigns.models import Campaign
from contacts.actions.importing import source_named
from contacts.models import ChangeSet, Contact
from core.models import AuditEntry
from erp.actions import applying, receiving
from erp.actions.receiving import Upload, Wishes
from jobs.models import Job
from jobs.queue import run_now
from tests.desk.conftest import contact, enable_portal, signed_in, staff
from tests.erp.conftest import SAMPLE, bring_in, counts_of, uploads_of

INVITE = "Send customer portal invitation…"
EMAIL = "Bulk email…"


def buttons(user):
    text = signed_in(user).get("/contacts/").content.decode()
    return [name for name in (EMAIL, INVITE) if name in text]


def test_both_bulk_actions_stand_there_for_a_sender_when_the_portal_is_enabled(people):
    sender = staff("sam", Role.SENDER)
    assert buttons(sender) == [EMAIL]
    enable_portal()
    assert buttons(sender) == [EMAIL, INVITE]


@pytest.mark.parametrize(
    ("right", "expected"),
    [("bulk_email_contacts", [EMAIL]), ("send_portal_invitation", [])],
)
def test_one_of_the_two_rights_is_not_enough_to_invite(people, right, expected):
    enable_portal()
    reader = staff("reed", Role.READ_ONLY)
    reader.user_permissions.add(Permission.objects.get(codename=right))
    assert buttons(reader) == expected
    client = signed_in(reader)
    data = {"kind": "invitation", "id": [people["adam"].pk]}
    assert client.post("/messages/new/", data).status_code == 403
    assert Campaign.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "audience"),
    [
        ({"all": "1", "query": "status=ok&state=TX"}, {"query": "status=ok&state=TX"}),
        ({"id": ["adam", "bea"]}, {"ids": ["adam", "bea"]}),
    ],
)
def test_the_bar_leads_to_the_composer_with_what_was_chosen(manager, people, data, audience):
    enable_portal()
    keys = {name: row.pk for name, row in people.items()}
    data = {name: [keys.get(v, v) for v in values] if name == "id" else values
            for name, values in data.items()}  # fmt: skip
    response = signed_in(manager).post("/messages/new/", {"kind": "invitation", **data})
    campaign = Campaign.objects.get()
    assert response.url == f"/messages/{campaign.pk}/compose/"
    if "ids" in audience:
        audience = {"ids": sorted(keys[name] for name in audience["ids"])}
    assert (campaign.kind, campaign.audience) == ("invitation", audience)


def test_a_flag_is_one_change_set_that_can_be_undone(manager, people):
    client = signed_in(manager)
    client.post("/contacts/set/", {"id": [people["adam"].pk], "set": "invite-off"})
    assert [row.first_name for row in Contact.objects.filter(invite=False)] == ["Adam"]
    change_set = ChangeSet.objects.get(kind="bulk")
    assert change_set.label == "Invitations switched off: 1 contacts"
    client.post(f"/changes/{change_set.pk}/undo/", {"next": "/contacts/"})
    assert not Contact.objects.filter(invite=False).exists()


def test_nothing_chosen_changes_nothing_and_says_so(manager, people):
    client = signed_in(manager)
    response = client.post("/contacts/set/", {"set": "invite-off"}, follow=True)
    assert "Nobody was selected. Tick contacts in the list first." in response.content.decode()
    client.post("/contacts/set/", {"id": people["adam"].pk, "set": "delete"})
    assert not ChangeSet.objects.filter(kind="bulk").exists()


def test_more_than_two_hundred_are_switched_in_the_background_as_one_change_set(manager, acme):
    for n in range(203):
        contact(acme, f"N{n}", "Many", f"n{n}@acme.example")
    response = signed_in(manager).post("/contacts/set/", {"all": "1", "set": "promote-off"})
    job = Job.objects.get(name="desk.flag")
    assert response.url == f"/jobs/{job.pk}/"
    run_now(job)
    assert (Contact.objects.filter(promote=False).count(), job.error) == (203, "")
    assert ChangeSet.objects.filter(kind="bulk").count() == 1


def exported(client, **data):
    response = client.post("/contacts/export/", data)
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def test_an_export_holds_the_view_and_is_noted(manager, people):
    rows = exported(signed_in(manager), all="1", query="state=NC")
    assert [(row["First name"], row["Customer ID"], row["Active"]) for row in rows] == [
        ("Annie", "BLUE-002", "Yes"),
        ("Bea", "BLUE-002", "Yes"),
    ]
    entry = AuditEntry.objects.get(verb="exported")
    assert (entry.actor_name, entry.facts) == (str(manager), {"contacts": 2})


def test_no_cell_of_an_export_is_run_by_a_spreadsheet(manager, acme):
    contact(acme, "=HYPERLINK(1)", "@SUM(1)", "a@b.example", notes="-2+3", phone="+1 555 0100")
    row = exported(signed_in(manager), all="1")[0]
    cells = [row[name] for name in ("First name", "Last name", "Notes", "Phone")]
    assert cells == ["'=HYPERLINK(1)", "'@SUM(1)", "'-2+3", "+1 555 0100"]


def test_an_export_imports_again_without_a_change(manager):
    source = source_named(name="netsuite")
    bring_in(source, *uploads_of(SAMPLE))
    response = signed_in(manager).post("/contacts/export/", {"all": "1"})
    upload = Upload("contacts.csv", io.BytesIO(response.getvalue()))
    run = receiving.receive(source=source, uploads=[upload], actor=None, wishes=Wishes())
    assert run_now(applying.stage(run=run, actor=None)).error == ""
    run.refresh_from_db()
    counts = counts_of(run)["contact"]
    assert {name: counts[name] for name in ("new", "changed", "conflicts")} == {
        "new": 0,
        "changed": 0,
        "conflicts": 0,
    }
