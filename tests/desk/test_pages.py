"""The pages of one contact and of one customer; and that looking changes nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts.actions.facts import Fact, record_facts
from contacts.actions.importing import source_named
from contacts.models import Contact, Invoice
from core.keyset import COUNT_LIMIT
from delivery.models import Message, Suppression
from portal.actions import invitations
from tests.desk.conftest import contact, enable_portal, signed_in
from tests.erp.conftest import bring_in, table
from validation.models import Finding

PAGES = [
    "/contacts/", "/contacts/?q=acme&sort=-email", "/contacts/filters/", "/contacts/new/",
    "/contacts/views/new/", "/contacts/{contact}/", "/contacts/{contact}/edit/", "/customers/",
    "/customers/filters/", "/customers/new/", "/customers/{customer}/",
    "/customers/{customer}/edit/", "/settings/contacts/contact/",
    "/settings/contacts/contact/{contact}/change/", "/settings/contacts/customer/",
]  # fmt: skip


@pytest.fixture
def typo(people):
    row = people["adam"]
    Finding.objects.filter(contact=row).delete()
    return Finding.objects.create(
        contact=row,
        code="domain_typo_company",
        severity="error",
        confidence=0.98,
        value=row.email,
        suggestion="ajones@acme.test",
        evidence="Most colleagues use acme.test",
    )


@pytest.mark.parametrize("path", PAGES)
def test_looking_writes_nothing(manager, acme, typo, path):
    client = signed_in(manager)
    address = path.format(contact=typo.contact_id, customer=acme.pk)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    writes = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert writes == []


def test_a_contact_page_leads_review_and_comes_back(manager, typo):
    client = signed_in(manager)
    page = f"/contacts/{typo.contact_id}/"
    text = client.get(page).content.decode()
    assert "98% sure" in text
    assert "Most colleagues use acme.test" in text
    answer = client.post(f"/review/{typo.pk}/accept/", {"next": page})
    assert answer.url == page
    assert Contact.objects.get(pk=typo.contact_id).email == "ajones@acme.test"


def test_who_may_not_review_sees_the_evidence_without_buttons(rep, typo):
    text = signed_in(rep).get(f"/contacts/{typo.contact_id}/").content.decode()
    assert "Most colleagues use acme.test" in text
    assert "Keep as it is" not in text


def test_values_tell_where_they_come_from_and_what_happened_to_them(manager):
    head = "Contact ID|First Name|Last Name|Customer ID|Email|Phone"
    bring_in(source_named(name="netsuite"), table(head, "1|Ann|Lee|7|ann@firm.example|111"))
    row = Contact.objects.get()
    client = signed_in(manager)
    form = client.get(f"/contacts/{row.pk}/edit/").context["form"]
    data = {f.name: f.value() for f in form if f.value() not in (None, False)}
    client.post(f"/contacts/{row.pk}/edit/", data | {"phone": "222", "seen_version": row.version})
    record_facts(facts=[Fact("ann@firm.example", "bounced_at", timezone.now(), "host not found")])
    context = client.get(f"/contacts/{row.pk}/").context
    told = {origin.field: origin.words for origin in context["origins"]}
    assert (told["Email"], told["Phone"]) == ("netsuite, row 2", "dana")
    assert [line.text for line in context["lines"]] == [
        "A message to this address bounced: host not found",
        "dana changed the phone",
        "The contact came with the import of contacts.csv",
    ]


def test_messages_stops_and_the_invitation_stand_on_the_contact_page(manager, people):
    enable_portal()
    row = people["adam"]
    invitations.issue(contacts=[row], actor=manager)
    now = timezone.now()
    Message.objects.create(
        purpose="account", kind="password_reset", contact=row, address=row.email,
        address_key=row.address_key, not_before=now, state="bounced", bounced_at=now,
        last_error="Host not found", last_error_code="5.1.2", subject="Reset your password",
    )  # fmt: skip
    Suppression.objects.create(address_key=row.address_key, reason="bounced")
    text = signed_in(manager).get(f"/contacts/{row.pk}/").content.decode()
    for words in ("Reset your password", "Host not found (5.1.2)", "Made, not opened yet",
                  "Withdraw", "Bounced"):  # fmt: skip
        assert words in text


def test_a_customer_page_sums_up_people_and_invoices(manager, acme, people):
    today = timezone.localdate()
    for number, due, left in (("1", -4, "10.50"), ("2", 9, "20"), ("3", -9, "0")):
        Invoice.objects.create(
            customer=acme, number=number, number_key=number, issued_on=today,
            due_on=today + timedelta(days=due), amount=Decimal(30), open_amount=Decimal(left),
        )  # fmt: skip
    response = signed_in(manager).get(f"/customers/{acme.pk}/")
    figures = response.context["figures"]
    assert (figures["money"]["open"], figures["money"]["overdue"]) == (
        Decimal("30.50"),
        Decimal("10.50"),
    )
    counts = {name: figures["people"][name] for name in ("count", "good", "bad", "invited")}
    assert counts == {"count": 2, "good": 2, "bad": 0, "invited": 0}
    text = response.content.decode()
    assert "4 days late" in text
    assert "Invite 2 contacts…" not in text
    enable_portal()
    assert "Invite 2 contacts…" in signed_in(manager).get(f"/customers/{acme.pk}/").content.decode()


def test_counting_never_goes_further_than_the_limit(manager, people):
    with CaptureQueriesContext(connection) as queries:
        signed_in(manager).get("/contacts/")
    counting = [q["sql"] for q in queries if "COUNT(*) FROM (SELECT" in q["sql"]]
    assert any(sql.count(f"LIMIT {COUNT_LIMIT + 1}") >= 6 for sql in counting)


def test_a_contact_without_customer_and_address_has_a_page(manager):
    row = contact(None, "", "", "", sms_number="1")
    assert "Nameless contact" in signed_in(manager).get(f"/contacts/{row.pk}/").content.decode()
