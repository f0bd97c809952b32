"""Three people at every door: whose customer it is, his colleague, and somebody from outside."""

import csv
import io

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.rules.roles import Role
from contacts.models import ChangeSet, Contact
from tests.desk.conftest import contact, names, signed_in, staff


@pytest.fixture
def exporting_rep(rep):
    rep.user_permissions.add(Permission.objects.get(codename="export_contacts"))
    return rep


def test_the_owner_sees_the_contact_the_colleague_does_not_the_stranger_signs_in(
    rep, other_rep, portal_user, people, acme
):
    contact_page, customer_page = f"/contacts/{people['adam'].pk}/", f"/customers/{acme.pk}/"
    for path in (contact_page, customer_page):
        answers = [
            signed_in(rep).get(path).status_code,
            signed_in(other_rep).get(path).status_code,
            signed_in(portal_user).get(path).status_code,
            Client().get(path).status_code,
        ]
        assert answers == [200, 404, 302, 302]


def test_lists_searches_and_counts_hold_one_s_own_accounts_only(rep, other_rep, people):
    owner, colleague = signed_in(rep), signed_in(other_rep)
    assert names(owner.get("/contacts/")) == ["Aaron Delacroix", "Adam Jones"]
    assert names(colleague.get("/contacts/?q=acme")) == []
    assert colleague.get("/contacts/?q=acme").context["page"].count == 0
    assert names(colleague.get("/contacts/?mine=yes")) == ["Annie Osei", "Bea Zeller"]


def test_an_export_holds_one_s_own_accounts_only(exporting_rep, people):
    data = {"id": [row.pk for row in people.values()]}
    response = signed_in(exporting_rep).post("/contacts/export/", data)
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert [row["First name"] for row in rows] == ["Aaron", "Adam"]


def test_filters_offer_values_of_one_s_own_accounts_only(rep, people):
    choices = signed_in(rep).get("/contacts/filters/").context["choices"]
    assert choices == {"reps": ["Julie Tran"], "states": ["TX"], "types": ["Contractor"]}


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.ADMINISTRATOR, {"add", "edit", "customer", "export", "flag"}),
        (Role.REVIEWER, {"add", "edit", "customer", "flag"}),
        (Role.SENDER, set()),
        (Role.SALES_REP, set()),
        (Role.READ_ONLY, set()),
    ],
)
def test_what_a_role_may_write(db, people, acme, role, allowed):
    client = signed_in(staff("worker", role))
    row = people["adam"]
    answers = {
        "add": client.get("/contacts/new/"),
        "edit": client.get(f"/contacts/{row.pk}/edit/"),
        "customer": client.get(f"/customers/{acme.pk}/edit/"),
        "export": client.post("/contacts/export/", {"id": row.pk}),
        "flag": client.post("/contacts/set/", {"id": row.pk, "set": "invite-off"}),
    }
    assert {name for name, answer in answers.items() if answer.status_code in (200, 302)} == allowed
    assert {a.status_code for name, a in answers.items() if name not in allowed} <= {403}


def test_a_change_set_with_contacts_of_others_is_not_undone(rep, manager, people):
    rep.user_permissions.add(Permission.objects.get(codename="change_contact"))
    ids = [row.pk for row in people.values()]
    signed_in(manager).post("/contacts/set/", {"id": ids, "set": "invite-off"})
    change_set = ChangeSet.objects.get(kind="bulk")
    signed_in(rep).post(f"/changes/{change_set.pk}/undo/")
    assert Contact.objects.filter(invite=False).count() == 4
    signed_in(manager).post(f"/changes/{change_set.pk}/undo/")
    assert Contact.objects.filter(invite=False).count() == 0


def test_a_contact_is_not_added_to_the_customer_of_a_colleague(rep, blue):
    rep.user_permissions.add(Permission.objects.get(codename="add_contact"))
    data = {"account": "BLUE-002", "email": "x@y.example", "content_type": "unknown"}
    response = signed_in(rep).post("/contacts/new/", data)
    assert response.context["form"].errors == {
        "account": ["There is no customer with this account number or name"]
    }


def test_contacts_without_a_customer_are_for_those_who_see_all(rep, manager, db):
    row = contact(None, "Nobody", "Yet", "n@y.example")
    assert signed_in(rep).get(f"/contacts/{row.pk}/").status_code == 404
    assert signed_in(manager).get(f"/contacts/{row.pk}/").status_code == 200
