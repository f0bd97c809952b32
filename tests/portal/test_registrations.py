"""Staff decide about people who want to join."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from contacts.models import Change, Contact, Customer
from core.models import AuditEntry
from portal.models import Invitation, PortalConfiguration, Registration
from tests.portal.conftest import mails, make_contact, make_customer, make_member, signed_in

LIST = "/registrations/"


@pytest.fixture
def desk(manager):
    return signed_in(manager)


@pytest.fixture
def asked(acme):
    return Registration.objects.create(
        account_number="ACME-0OO1",
        postal_code="78701",
        invoice_number="INV-20441",
        name="Noor Haddad",
        email="noor@acme.com",
        phone="555 0100",
        note="We moved",
        state="needs_review",
    )


def decide(desk, row, how, **data):
    return desk.post(reverse(f"portal:{how}_registration", args=[row.pk]), data)


def words_of(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_the_oldest_request_is_opened_first_and_counted(desk, asked, acme):
    Registration.objects.create(name="Second", email="s@x.com", state="needs_review")
    Registration.objects.create(name="Sent", email="t@x.com", state="link_sent")
    page = desk.get(LIST)
    assert (page.context["waiting"], page.context["decided"]) == (2, 0)
    assert page.context["current"] == asked
    assert "<h1>2 registrations wait for a person</h1>" in page.content.decode()


def test_what_was_typed_stands_beside_the_nearest_on_file(desk, asked, acme):
    make_contact(acme, "noor@amce.com", "Noor", "Haddad")
    make_contact(acme, "other@acme.com", "Somebody", "Else")
    page = desk.get(reverse("portal:registration", args=[asked.pk]), {"customer": acme.pk})
    evidence = page.context["evidence"]
    assert [(c.fact, c.typed, c.on_file, str(c.likeness)) for c in evidence.comparisons] == [
        ("Account number", "ACME-0OO1", "ACME0001", "near"),
        ("Billing zip code", "78701", "78701-2210", "match"),
        ("Recent invoice", "INV-20441", "INV204418", "near"),
        ("Email", "noor@acme.com", "noor@amce.com", "near"),
        ("Name", "Noor Haddad", "Noor Haddad", "match"),
    ]
    assert (evidence.matching, evidence.colleagues, evidence.has_users) == (1, 1, 0)
    assert [person.name for person in evidence.people] == ["Noor Haddad", "Somebody Else"]


@pytest.mark.parametrize(
    ("account_number", "email"),
    [
        ("acme 0001", "x@elsewhere.com"),
        ("Acme Fabrication", "x@elsewhere.com"),
        ("no idea", "priya.raman@acme.com"),
    ],
)
def test_the_account_is_found_by_number_by_name_or_by_address(
    desk, priya, acme, harbor, account_number, email
):
    row = Registration.objects.create(
        account_number=account_number, name="X", email=email, state="needs_review"
    )
    page = desk.get(reverse("portal:registration", args=[row.pk]))
    assert page.context["accounts"] == [acme]
    assert page.context["evidence"].customer == acme


def test_another_account_can_be_searched_for(desk, asked, harbor):
    page = desk.get(reverse("portal:registration", args=[asked.pk]), {"q": "harborview"})
    assert page.context["accounts"] == [harbor]


def test_approving_connects_to_the_contact_corrects_the_address_and_mails_the_link(
    desk, asked, acme, manager
):
    contact = make_contact(acme, "noor@old.com", "Noor", "Haddad")
    answer = decide(desk, asked, "approve", customer=acme.pk, contact=contact.pk)
    assert (answer.url, words_of(answer)) == (LIST, ["Noor Haddad connected, link on its way"])
    asked.refresh_from_db()
    contact.refresh_from_db()
    assert (asked.state, asked.customer, asked.contact, asked.decided_by) == (
        "approved",
        acme,
        contact,
        manager,
    )
    assert (contact.email, contact.portal_stage) == ("noor@acme.com", "invited")
    assert list(Change.objects.values_list("field", "old", "new")) == [
        ("email", "noor@old.com", "noor@acme.com")
    ]
    assert mails() == [("registration_approved", "noor@acme.com")]
    assert Invitation.objects.get().contact == contact
    assert AuditEntry.objects.filter(entity="registration", verb="approved").count() == 1


def test_approving_can_add_a_new_contact_and_never_a_customer(desk, asked, acme):
    decide(desk, asked, "approve", customer=acme.pk, contact="new")
    contact = Contact.objects.get()
    assert (contact.customer, contact.name, contact.email, contact.phone) == (
        acme,
        "Noor Haddad",
        "noor@acme.com",
        "555 0100",
    )
    assert Customer.objects.count() == 1


def test_a_contact_who_has_an_account_is_told_so(desk, asked, owner, acme, priya):
    Registration.objects.filter(pk=asked.pk).update(email="priya.raman@acme.com")
    decide(desk, asked, "approve", customer=acme.pk, contact=priya.pk)
    assert mails(kind="already_registered") == [("already_registered", "priya.raman@acme.com")]
    assert Invitation.objects.count() == 0


def test_a_contact_of_another_account_cannot_be_connected(desk, asked, acme, harbor):
    foreign = make_contact(harbor, "p@harbor.com")
    answer = decide(desk, asked, "approve", customer=acme.pk, contact=foreign.pk)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"contact": ["Choose a contact of this account"]}
    asked.refresh_from_db()
    assert (asked.state, mails()) == ("needs_review", [])


@pytest.mark.parametrize(
    "data", [{}, {"customer": "99999", "contact": "new"}, {"customer": "x", "contact": "new"}]
)
def test_an_incomplete_approval_changes_nothing(desk, asked, data):
    assert decide(desk, asked, "approve", **data).status_code == 422
    asked.refresh_from_db()
    assert (asked.state, mails(), Contact.objects.count()) == ("needs_review", [], 0)


def test_house_accounts_and_house_users_cannot_be_connected(desk, asked, acme):
    house = make_customer("HOUSE", "House", is_house_account=True)
    boss = make_contact(acme, "boss@acme.com", is_house_user=True)
    named = make_contact(acme, "named@acme.com", username="ACME0001")
    for customer, contact in ((house, "new"), (acme, boss.pk), (acme, named.pk)):
        answer = decide(desk, asked, "approve", customer=customer.pk, contact=contact)
        assert answer.status_code == 422
    named.refresh_from_db()
    assert (named.email, mails()) == ("named@acme.com", [])


def test_refusing_mails_the_reason(desk, asked, manager):
    answer = decide(desk, asked, "refuse", reason="We do not know you")
    assert (answer.url, words_of(answer)) == (LIST, ["Noor Haddad refused, reason mailed"])
    asked.refresh_from_db()
    assert (asked.state, asked.reason, asked.decided_by) == (
        "rejected",
        "We do not know you",
        manager,
    )
    assert mails() == [("registration_rejected", "noor@acme.com")]


def test_refusing_takes_a_reason(desk, asked):
    answer = decide(desk, asked, "refuse", reason=" ")
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"reason": ["Enter a reason"]}
    assert mails() == []


def test_a_registration_is_decided_once(desk, asked, acme):
    decide(desk, asked, "refuse", reason="No")
    for how, data in (
        ("refuse", {"reason": "No"}),
        ("approve", {"customer": acme.pk, "contact": "new"}),
    ):
        answer = decide(desk, asked, how, **data)
        assert words_of(answer)[-1] == "Somebody else has decided about this registration."
    asked.refresh_from_db()
    assert (asked.state, len(mails()), Contact.objects.count()) == ("rejected", 1, 0)


def test_decided_ones_can_be_looked_up(desk, asked):
    decide(desk, asked, "refuse", reason="No")
    page = desk.get(LIST, {"view": "decided"})
    assert (page.context["current"], page.context["decided"]) == (asked, 1)
    assert "Approve and connect" not in page.content.decode()


def test_nobody_is_let_in_while_the_portal_is_off(desk, asked, acme):
    PortalConfiguration.objects.update(enabled=False)
    answer = decide(desk, asked, "approve", customer=acme.pk, contact="new")
    assert answer.url == reverse("portal:registration", args=[asked.pk])
    asked.refresh_from_db()
    assert (asked.state, Contact.objects.count(), mails()) == ("needs_review", 0, [])


def test_an_empty_queue_says_so(desk):
    text = desk.get(LIST).content.decode()
    assert "<h1>No registration waits</h1>" in text


def test_a_member_is_not_listed_as_likely_when_it_is_the_house_user(desk, asked, acme):
    make_contact(acme, "noor@acme.com", "Noor", "Haddad", username="acme0001")
    make_member(make_contact(acme, "a@acme.com", "Ann", "Bell"), "ann")
    page = desk.get(reverse("portal:registration", args=[asked.pk]), {"customer": acme.pk})
    assert [person.name for person in page.context["evidence"].people] == ["Ann Bell"]
    assert page.context["evidence"].has_users == 1
