"""Adding and editing by hand: change sets, checks of what was typed, colleagues who are faster."""

import pytest

from contacts.models import Change, ChangeSet, Contact, Customer
from tests.desk.conftest import contact, signed_in

PLAIN = {"content_type": "unknown", "active": "on", "promote": "on", "invite": "on"}


def filled_in(response):
    """What the browser would send of a form that nobody touched."""
    form = response.context["form"]
    data = {}
    for field in form:
        value = field.value()
        if value is True:
            data[field.name] = "on"
        elif value not in (None, False):
            data[field.name] = str(value).replace("\n", "\r\n")
    return data | {"seen_version": response.context.get("version", "")}


def test_a_contact_added_by_hand_stands_at_its_customer_as_a_change_set(manager, acme):
    data = PLAIN | {"account": "ACME-001", "first_name": "Paula", "email": "p@acme.example"}
    response = signed_in(manager).post("/contacts/new/", data)
    added = Contact.objects.get()
    assert response.url == f"/contacts/{added.pk}/"
    assert (added.first_name, added.email, added.customer) == ("Paula", "p@acme.example", acme)
    change = Change.objects.get(contact=added)
    assert (change.change_set.actor, change.field) == (manager, "")


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({}, {"email": ["Enter an email address or a mobile phone number"]}),
        ({"account": "X-9", "sms_number": "1"},
         {"account": ["There is no customer with this account number or name"]}),
        ({"sms_number": "1", "birth_date": "soon"}, {"birth_date": ["Enter a valid date."]}),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_beside_the_field(manager, acme, typed, errors):
    response = signed_in(manager).post("/contacts/new/", PLAIN | typed)
    assert (response.status_code, response.context["form"].errors) == (422, errors)
    assert not Contact.objects.exists()


def test_a_mobile_number_alone_is_enough_and_the_next_form_knows_the_customer(manager, acme):
    data = PLAIN | {"account": "ACME-001", "sms_number": "5550100", "another": "1"}
    response = signed_in(manager).post("/contacts/new/", data)
    assert response.url == "/contacts/new/?account=ACME-001"
    page = signed_in(manager).get(response.url)
    assert (page.context["form"]["account"].value(), page.context["form"]["city"].value()) == (
        "ACME-001",
        "Austin",
    )


def test_saving_without_a_change_makes_no_change_set(manager, acme):
    row = contact(acme, "Ann", "Lee", " ann @acme.example", notes="one\ntwo", phone="1")
    before = ChangeSet.objects.count()
    client = signed_in(manager)
    page = client.get(f"/contacts/{row.pk}/edit/")
    client.post(f"/contacts/{row.pk}/edit/", filled_in(page))
    row.refresh_from_db()
    assert (ChangeSet.objects.count(), row.email, row.notes) == (
        before,
        " ann @acme.example",
        "one\ntwo",
    )


def test_an_edit_is_one_change_set_and_can_be_undone(manager, acme):
    row = contact(acme, "Ann", "Lee", "ann@acme.example", phone="1")
    client = signed_in(manager)
    page = client.get(f"/contacts/{row.pk}/edit/")
    typed = {"phone": "2", "job_title": "Buyer"}
    client.post(f"/contacts/{row.pk}/edit/", filled_in(page) | typed)
    changes = Change.objects.filter(contact=row).exclude(field="")
    found = sorted(changes.values_list("field", "old", "new"))
    assert found == [("job_title", "", "Buyer"), ("phone", "1", "2")]
    assert changes.values("change_set").distinct().count() == 1
    assert "Undo" in client.get(f"/contacts/{row.pk}/").content.decode()
    client.post(f"/changes/{changes[0].change_set_id}/undo/")
    row.refresh_from_db()
    assert (row.phone, row.job_title) == ("1", "")


def test_a_colleague_s_edit_is_not_overwritten_unseen(manager, rep, acme):
    row = contact(acme, "Ann", "Lee", "ann@acme.example", phone="1")
    client = signed_in(manager)
    page = client.get(f"/contacts/{row.pk}/edit/")
    client.post(f"/contacts/{row.pk}/edit/", filled_in(page) | {"phone": "2"})
    late = client.post(f"/contacts/{row.pk}/edit/", filled_in(page) | {"phone": "3"})
    assert late.status_code == 422
    sentence = "dana changed this meanwhile: phone is now 2."
    assert sentence in late.content.decode()
    assert Contact.objects.get(pk=row.pk).phone == "2"
    again = filled_in(page) | {"phone": "3", "seen_version": late.context["version"]}
    assert client.post(f"/contacts/{row.pk}/edit/", again).status_code == 302
    assert Contact.objects.get(pk=row.pk).phone == "3"


def test_the_only_way_to_reach_somebody_is_not_removed(manager, acme):
    row = contact(acme, "Ann", "Lee", "ann@acme.example")
    client = signed_in(manager)
    data = filled_in(client.get(f"/contacts/{row.pk}/edit/")) | {"email": ""}
    response = client.post(f"/contacts/{row.pk}/edit/", data)
    assert response.context["form"].errors == {
        "email": ["Enter an email address or a mobile phone number"]
    }


CUSTOMER = {"active": "on", "promote": "on", "invite": "on", "name": "Nord"}


def test_a_customer_is_added_once(manager, db):
    client = signed_in(manager)
    data = CUSTOMER | {"account_number": "N-1", "postal_code": "04101"}
    response = client.post("/customers/new/", data)
    added = Customer.objects.get()
    assert response.url == f"/customers/{added.pk}/"
    assert (added.account_number, added.number_key, added.postal_code) == ("N-1", "n1", "04101")
    again = client.post("/customers/new/", data)
    assert again.context["form"].errors == {
        "account_number": ["There is a customer with this account number already"]
    }


def test_a_customer_s_edit_sees_a_faster_colleague(manager, acme):
    client = signed_in(manager)
    path = f"/customers/{acme.pk}/edit/"
    page = client.get(path)
    data = filled_in(page) | {"seen_at": page.context["seen_at"]}
    client.post(path, data | {"terms": "Net 30"})
    late = client.post(path, data | {"terms": "Net 60"})
    assert "dana changed this meanwhile: terms is now Net 30." in late.content.decode()
    assert Customer.objects.get(pk=acme.pk).terms == "Net 30"
    again = client.post(path, data | {"terms": "Net 60", "seen_at": late.context["seen_at"]})
    assert again.status_code == 302
    assert Customer.objects.get(pk=acme.pk).terms == "Net 60"


def test_views_are_saved_shared_and_removed_by_their_owner(manager, rep, other_rep, people):
    client = signed_in(manager)
    client.post("/contacts/views/new/", {"name": "Texas", "query": "state=TX", "shared": "on"})
    client.post("/contacts/views/new/", {"name": "Mine", "query": "q=a&junk=1"})
    taken = client.post("/contacts/views/new/", {"name": "texas", "query": ""})
    assert taken.context["form"].errors == {
        "name": ["You have a view of this name. Choose another one"]
    }
    labels = [tab["label"] for tab in signed_in(rep).get("/contacts/").context["tabs"]]
    assert labels[-1] == "Texas"
    views = {tab["label"]: tab["url"] for tab in client.get("/contacts/").context["tabs"]}
    assert views["Mine"] == "/contacts/?q=a"
    pk = client.get("/contacts/?state=TX").context["current"].segment.pk
    assert signed_in(other_rep).post(f"/contacts/views/{pk}/remove/").status_code == 404
    assert client.post(f"/contacts/views/{pk}/remove/").status_code == 302
    assert "Texas" not in [t["label"] for t in client.get("/contacts/").context["tabs"]]
