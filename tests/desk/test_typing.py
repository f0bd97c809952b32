"""Hints while somebody types, and every field that a person can fill by hand."""

import pytest

from contacts.models import Contact, Customer
from tests.desk.conftest import contact, signed_in

CHECK, OFFER = "/contacts/check/", "/customers/offer/"
PLAIN = {"content_type": "unknown", "active": "on", "promote": "on", "invite": "on"}


def said(client, **typed):
    answer = client.post(CHECK, typed, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def colleagues(acme):
    return [contact(acme, name, "Lee", f"{name.lower()}@acme-fab.com") for name in ("Ann", "Bo")]


def test_a_slip_in_the_customers_domain_is_asked_about(manager, acme, colleagues):
    page = said(signed_in(manager), account="ACME-001", email="cy@acme-fba.com")

    assert "Did you mean" in page
    assert 'data-value="cy@acme-fab.com"' in page
    assert "No, keep mine" in page


def test_a_slip_in_a_large_providers_domain_is_asked_about_without_a_customer(manager, db):
    page = said(signed_in(manager), email="pat@gmial.com")

    assert 'data-value="pat@gmail.com"' in page


@pytest.mark.parametrize("typed", ["", "ann", "ann@acme-fab.com", "info@acme-fab.com"])
def test_what_is_fine_or_not_finished_gets_no_hint(manager, acme, colleagues, typed):
    page = said(signed_in(manager), account="ACME-001", first_name="Xenia", email=typed)

    assert "Did you mean" not in page


def test_a_suggestion_never_blocks(manager, acme, colleagues):
    data = PLAIN | {"account": "ACME-001", "first_name": "Cy", "email": "cy@acme-fba.com"}
    signed_in(manager).post("/contacts/new/", data)

    assert Contact.objects.get(first_name="Cy").email == "cy@acme-fba.com"


def test_a_hint_says_nothing_of_contacts_that_somebody_may_not_see(
    manager, rep, other_rep, acme, colleagues
):
    mine = said(signed_in(rep), email="ann@acme-fab.com")
    theirs = said(signed_in(other_rep), email="ann@acme-fab.com")

    assert "Ann Lee" in mine
    assert "Ann Lee" not in theirs


def test_what_is_typed_is_shown_as_text(manager, db):
    page = said(signed_in(manager), email="<script>alert(1)</script>@gmial.com")

    assert "<script>alert" not in page


def test_customers_are_offered_by_number_and_by_name_and_their_place_is_known(manager, acme):
    client = signed_in(manager)
    for words in ("ACME-001", "acme fab"):
        page = client.post(OFFER, {"account": words}).content.decode()
        assert '<option value="ACME-001">Acme Fabrication</option>' in page
    page = client.post(OFFER, {"account": "ACME-001"}).content.decode()
    assert 'data-city="Austin"' in page
    assert client.post(OFFER, {"account": ""}).content.decode().count("<option") == 0


def test_a_rep_is_offered_his_own_customers_only(other_rep, acme):
    page = signed_in(other_rep).post(OFFER, {"account": "ACME-001"}).content.decode()

    assert "Acme" not in page


def test_a_customer_can_be_named_instead_of_numbered(manager, acme):
    data = PLAIN | {"account": "acme fabrication", "email": "a@acme-fab.com"}
    signed_in(manager).post("/contacts/new/", data)

    assert Contact.objects.get().customer == acme


def test_the_customers_place_is_copied_where_that_was_ticked(manager, acme):
    data = PLAIN | {"account": "ACME-001", "sms_number": "1", "same_address": "on", "city": "Oslo"}
    signed_in(manager).post("/contacts/new/", data)

    assert Contact.objects.get().city == "Austin"


EVERYTHING = {
    "salutation": "Ms.", "first_name": "Paula", "middle_name": "M.", "last_name": "Ricci",
    "job_title": "Buyer", "organization": "Agency", "alt_customer_id": "X1",
    "email": "p@acme-fab.com", "sms_number": "1", "phone": "2", "alternate_phone": "3",
    "fax": "4", "address1": "a", "address2": "b", "city": "c", "state": "TX", "province": "d",
    "postal_code": "04101", "country": "US", "content_type": "html", "username": "paula",
    "birth_date": "1980-03-04", "notes": "n",
}  # fmt: skip


def test_every_field_of_a_contact_can_be_filled_by_hand(manager, acme):
    data = {"account": "ACME-001", "is_house_user": "on", **EVERYTHING}
    signed_in(manager).post("/contacts/new/", data)
    row = Contact.objects.get()

    stored = {name: str(getattr(row, name)) for name in EVERYTHING}
    assert stored == EVERYTHING
    assert (row.is_house_user, row.active, row.promote, row.invite) == (True, False, False, False)


def test_a_house_contact_can_be_made_a_person_again(manager, acme):
    row = contact(acme, "Ann", "Lee", "ann@acme-fab.com")
    data = PLAIN | {"email": "ann@acme-fab.com", "is_house_user": "on", "seen_version": 1}
    client = signed_in(manager)
    client.post(f"/contacts/{row.pk}/edit/", data | {"first_name": "Ann", "last_name": "Lee"})
    row.refresh_from_db()
    assert row.is_house_user is True


def test_a_number_or_name_that_is_known_is_told_while_typing(manager, acme):
    page = signed_in(manager).post(
        "/customers/check/", {"account_number": "acme 001", "name": "acme fabrication"}
    )
    text = page.content.decode()

    assert "Acme Fabrication has the account number ACME-001." in text
    assert "There is a customer of this name: ACME-001." in text
    assert f"/customers/{acme.pk}/" in text


def test_a_customer_has_a_parent_of_the_same_numbering(manager, acme):
    client = signed_in(manager)
    base = {"active": "on", "promote": "on", "invite": "on", "name": "Branch"}
    wrong = client.post(
        "/customers/new/", base | {"account_number": "B-1", "parent_number": "nope"}
    )
    assert wrong.context["form"].errors == {
        "parent_number": ["There is no customer with this account number"]
    }
    client.post(
        "/customers/new/", base | {"account_number": "B-1", "parent_number": acme.account_number}
    )
    branch = Customer.objects.get(account_number="B-1")
    assert branch.parent == acme

    page = client.get(f"/customers/{branch.pk}/edit/")
    data = base | {"seen_at": page.context["seen_at"], "parent_number": ""}
    client.post(f"/customers/{branch.pk}/edit/", data)
    branch.refresh_from_db()
    assert branch.parent is None


def test_a_customer_is_not_the_parent_of_itself(manager, acme):
    client = signed_in(manager)
    page = client.get(f"/customers/{acme.pk}/edit/")
    data = {"name": "Acme", "seen_at": page.context["seen_at"], "parent_number": "ACME-001"}
    answer = client.post(f"/customers/{acme.pk}/edit/", data)

    assert answer.context["form"].errors == {
        "parent_number": ["A customer cannot be the parent of itself or of its own parent"]
    }
