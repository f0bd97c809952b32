"""The admin of contacts and customers: a window, not a back door."""

import pytest
from django.contrib.auth.models import Permission

from accounts.rules.roles import Role
from campaigns.models import Campaign
from contacts.actions.people import save_segment
from contacts.models import Change, ChangeSet, Contact, Customer, Segment
from desk.admin import selection
from tests.desk.conftest import contact, enable_portal, signed_in, staff
from validation.models import Finding

CONTACTS = "/settings/contacts/contact/"
ALL = [
    "bulk_email", "invite", "accept_suggestions", "check_again", "export", "promote",
    "do_not_promote", "may_be_invited", "not_to_be_invited",
]  # fmt: skip


def actions(client):
    choices = client.get(CONTACTS).context["action_form"].fields["action"].choices
    return [name for name, _ in choices if name]


def run(client, action, *rows, **more):
    data = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return client.post(CONTACTS, data)


@pytest.mark.parametrize(
    ("role", "enabled", "expected"),
    [
        (Role.ADMINISTRATOR, True, ALL),
        (Role.ADMINISTRATOR, False, [name for name in ALL if name != "invite"]),
        (Role.SENDER, True, ["bulk_email", "invite"]),
        (Role.SENDER, False, ["bulk_email"]),
        (Role.REVIEWER, True, ["accept_suggestions", "check_again", *ALL[5:]]),
    ],
)
def test_who_sees_which_bulk_actions(people, role, enabled, expected):
    enable_portal(on=enabled)
    assert actions(signed_in(staff("worker", role))) == expected


def test_both_ways_of_sending_lead_to_the_composer(manager, people):
    enable_portal()
    client = signed_in(manager)
    for action, kind in (("invite", "invitation"), ("bulk_email", "bulk")):
        response = run(client, action, people["adam"], people["bea"])
        campaign = Campaign.objects.get(kind=kind)
        assert response.url == f"/messages/{campaign.pk}/compose/"
        ids = sorted([people["adam"].pk, people["bea"].pk])
        assert (campaign.audience, campaign.created_by) == ({"ids": ids}, manager)


@pytest.mark.parametrize("missing", ["portal", "bulk_email_contacts", "send_portal_invitation"])
def test_an_invitation_posted_anyway_is_refused(people, missing):
    enable_portal(on=missing != "portal")
    reader = staff("reed", Role.READ_ONLY)
    for right in {"bulk_email_contacts", "send_portal_invitation"} - {missing}:
        reader.user_permissions.add(Permission.objects.get(codename=right))
    run(signed_in(reader), "invite", people["adam"])
    assert Campaign.objects.count() == 0


def test_a_rep_chooses_among_his_own_only(rep, people):
    enable_portal()
    for right in ("bulk_email_contacts", "send_portal_invitation"):
        rep.user_permissions.add(Permission.objects.get(codename=right))
    run(signed_in(rep), "invite", people["adam"], people["bea"])
    assert Campaign.objects.get().audience == {"ids": [people["adam"].pk]}


def test_suggestions_are_accepted_as_one_change_set(manager, people):
    Finding.objects.all().delete()
    for name in ("aaron", "adam"):
        row = people[name]
        Finding.objects.create(
            contact=row, code="wrong_tld", severity="error", confidence=0.9, value=row.email,
            suggestion=f"{name}@acme.test",
        )  # fmt: skip
    run(signed_in(manager), "accept_suggestions", people["aaron"], people["adam"])
    emails = Contact.objects.filter(email__endswith="@acme.test").values_list("email", flat=True)
    assert sorted(emails) == ["aaron@acme.test", "adam@acme.test"]
    changed = Change.objects.filter(field="email").values("change_set").distinct()
    assert changed.count() == 1


def test_flags_and_checks_and_exports_of_chosen_contacts(manager, people):
    client = signed_in(manager)
    run(client, "not_to_be_invited", people["adam"])
    assert [row.first_name for row in Contact.objects.filter(invite=False)] == ["Adam"]
    assert ChangeSet.objects.get(kind="bulk").actor == manager
    assert run(client, "check_again", people["adam"]).status_code == 302
    text = run(client, "export", people["adam"]).getvalue().decode()
    assert text.count("\r\n") == 2


def test_search_is_that_of_the_list(manager, people):
    for words, expected in (("014-9999", ["adam"]), ("acme", ["adam", "aaron"]), ("xyz", [])):
        response = signed_in(manager).get(CONTACTS, {"q": words})
        assert [row.pk for row in response.context["cl"].result_list] == [
            people[name].pk for name in expected
        ]


def form_data(client, path):
    form = client.get(path).context["adminform"].form
    data = {}
    for field in form:
        if field.value() is True:
            data[field.name] = "on"
        elif field.value() not in (None, False):
            data[field.name] = field.value()
    return data


def test_an_edit_in_the_admin_is_a_change_set_as_on_the_page(manager, people):
    client, row = signed_in(manager), people["adam"]
    path = f"{CONTACTS}{row.pk}/change/"
    data = form_data(client, path)
    assert client.post(path, data | {"phone": "42"}).status_code == 302
    change = Change.objects.get(contact=row, field="phone")
    assert (change.new, change.change_set.actor, change.change_set.kind) == ("42", manager, "edit")
    late = client.post(path, data | {"phone": "43"}, follow=True)
    assert "Dana changed this meanwhile: phone is now 42." in late.content.decode()
    assert Contact.objects.get(pk=row.pk).phone == "42"


def test_adding_in_the_admin_needs_a_way_to_reach_the_contact(manager, acme):
    client = signed_in(manager)
    data = form_data(client, f"{CONTACTS}add/") | {"customer": acme.pk, "first_name": "Paula"}
    refused = client.post(f"{CONTACTS}add/", data)
    assert "Enter an email address or a mobile phone number" in refused.content.decode()
    client.post(f"{CONTACTS}add/", data | {"email": "p@acme.example"})
    added = Contact.objects.get()
    assert (added.customer, added.address_key, added.search_text[:7]) == (
        acme,
        "p@acme.example",
        " paula ",
    )


def test_a_customer_is_added_and_edited_by_the_same_actions(manager, db):
    client = signed_in(manager)
    path = "/settings/contacts/customer/"
    data = form_data(client, f"{path}add/") | {"account_number": "N-1", "name": "Nord"}
    client.post(f"{path}add/", data)
    added = Customer.objects.get()
    data = form_data(client, f"{path}{added.pk}/change/") | {"terms": "Net 30"}
    client.post(f"{path}{added.pk}/change/", data)
    changes = Change.objects.filter(customer=added).values_list("field", "new").order_by("pk")
    assert list(changes) == [("", ""), ("terms", "Net 30")]


def test_nothing_is_deleted_and_records_are_read_only(manager, people):
    manager.is_superuser = True
    manager.save()
    client = signed_in(manager)
    assert client.post(f"{CONTACTS}{people['adam'].pk}/delete/", {"post": "yes"}).status_code == 403
    for name in ("customer", "invoice", "changeset", "source", "addressfact", "segment"):
        assert client.get(f"/settings/contacts/{name}/").status_code == 200
    for name in ("invoice", "changeset", "source", "addressfact", "segment"):
        assert client.get(f"/settings/contacts/{name}/add/").status_code == 403
    change_set = ChangeSet.objects.order_by("pk").first()
    page = client.get(f"/settings/contacts/changeset/{change_set.pk}/change/")
    assert "Added" in page.content.decode()


def test_one_s_own_view_is_removed_in_the_admin(manager, rep, db):
    segment = save_segment(name="Texas", query="state=TX", owner=manager, shared=True)
    path = f"/settings/contacts/segment/{segment.pk}/delete/"
    assert signed_in(rep).post(path, {"post": "yes"}).status_code == 403
    assert signed_in(manager).post(path, {"post": "yes"}).status_code == 302
    assert not Segment.objects.exists()


def test_too_many_for_a_list_of_keys_are_refused(manager, people, monkeypatch):
    monkeypatch.setattr(selection, "MOST", 3)
    rows = list(people.values())
    response = run(signed_in(manager), "bulk_email", *rows, select_across="1")
    assert response.status_code == 302
    assert Campaign.objects.count() == 0


def test_the_trail_of_an_added_contact_names_its_adder(manager, acme):
    row = contact(acme, "Ann", "Lee", "ann@acme.example")
    assert Change.objects.get(contact=row).change_set.label == "Added Ann Lee"
