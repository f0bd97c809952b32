"""Corrections in files of every shape: wide rows, other letters, customers among people."""

import csv
import io

import pytest
from django.urls import reverse

from contacts.actions.changes import Edit, edit_contacts, edit_customers, open_change_set
from contacts.actions.people import add_contact
from contacts.models import Contact, Customer
from contacts.rules.words import ChangeKind
from erp.actions import write_back
from erp.actions.exporting import export, withheld
from erp.actions.receiving import Upload
from erp.models import WriteBackBatch, WriteBackLine
from tests.erp.conftest import bring_in, correct, table, text_of

pytestmark = pytest.mark.django_db

WIDE = "Customer ID|Company Name|City|State|Zip|Contact|Email|Contact|Email|Contact|Email"
FIRM = "7|Firm|Oslo|||Ann Lee|ann@frim.com|Bo Day|bo@frim.com||"
OTHER = "8|Other|Rome|||Cy Fox|cy@other.com||||"


def read(content, encoding="utf-8", separator=","):
    return list(csv.reader(io.StringIO(content.decode(encoding)), delimiter=separator))


def edit(person, **values):
    change_set = open_change_set(kind=ChangeKind.BULK, label="Fixes", actor=None)
    contact = Contact.objects.get(first_name=person)
    edits = [Edit(contact.pk, name, value) for name, value in values.items()]
    edit_contacts(edits=edits, change_set=change_set)
    return contact


def test_the_second_person_of_a_wide_row_is_corrected_in_his_own_columns(source):
    bring_in(source, table(WIDE, FIRM, OTHER))
    edit("Bo", email="bo@firm.com")
    done = export(source=source, actor=None)

    assert read(done.contacts) == [
        ["Customer ID", "Contact", "Email"],
        ["7", "Ann Lee", "bo@firm.com"],
    ]


def test_two_people_of_a_wide_row_leave_in_one_row(source):
    bring_in(source, table(WIDE, FIRM, OTHER))
    edit("Bo", email="bo@firm.com")
    edit("Ann", email="ann@firm.com")
    edit("Cy", email="cy.fox@other.com")
    done = export(source=source, actor=None)

    assert read(done.contacts) == [
        ["Customer ID", "Contact", "Email", "Email"],
        ["7", "Ann Lee", "ann@firm.com", "bo@firm.com"],
        ["8", "Cy Fox", "cy.fox@other.com", ""],
    ]
    assert done.lines == 3


def test_somebody_new_gets_the_next_free_place_of_a_wide_row(source):
    bring_in(source, table(WIDE, FIRM, OTHER))
    values = {"first_name": "Di", "last_name": "Roe", "email": "di@firm.com"}
    add_contact(customer=Customer.objects.get(account_number="7"), values=values, actor=None)
    done = export(source=source, actor=None)

    rows = read(done.contacts)
    assert rows[1][0] == "7"
    assert rows[1][-2:] == ["Di Roe", "di@firm.com"]
    values = {"first_name": "Ed", "email": "ed@firm.com"}
    add_contact(customer=Customer.objects.get(account_number="7"), values=values, actor=None)
    bring_in(source, table(WIDE, FIRM.rstrip("|") + "|Di Roe|di@firm.com", OTHER))
    done = export(source=source, actor=None)
    assert [item.why for item in done.withheld] == [
        "The row of this customer has no free place for another person."
    ]


def test_customers_told_by_their_peoples_rows_are_corrected_in_those_columns(source):
    bring_in(source, table("Customer ID|Company Name|Contact|Email", "7|Frim|Ann Lee|a@firm.com"))
    change_set = open_change_set(kind=ChangeKind.BULK, label="Fixes", actor=None)
    customer = Customer.objects.get()
    edit_customers(edits=[Edit(customer.pk, "name", "Firm")], change_set=change_set)
    done = export(source=source, actor=None)

    assert read(done.customers) == [["Customer ID", "Company Name"], ["7", "Firm"]]


def test_a_file_goes_back_in_the_letters_and_with_the_separator_it_came_in(source):
    rows = "Kundennr.;Name;Kontakt-ID;E-Mail\r\n7;Müller;1;jörg@frim.com\r\n"
    bring_in(source, Upload("k.csv", io.BytesIO(rows.encode("cp1252"))))
    correct({"1": "jörg@firm.com"})
    done = export(source=source, actor=None)

    assert read(done.contacts, "cp1252", ";")[1][-1] == "jörg@firm.com"


def test_letters_that_the_file_cannot_hold_are_withheld_and_domains_go_in_ascii(source):
    rows = "Customer ID;Contact ID;Contact;Email\r\n7;1;Jürgen;j@frim.com\r\n7;2;Bo;bo@frim.com\r\n"
    bring_in(source, Upload("k.csv", io.BytesIO(rows.encode("cp1252"))))
    correct({"1": "j@łódź.com", "2": "łb@firm.com"})
    done = export(source=source, actor=None)

    assert read(done.contacts, "cp1252", ";") == [
        ["Contact ID", "Email"],
        ["1", "j@xn--d-uga0v4h.com"],
    ]
    assert [item.why for item in done.withheld] == [
        "The ERP’s file cannot hold “ł”, which is in “łb@firm.com”."
    ]


def test_an_erp_that_takes_no_other_letters_gets_domains_in_ascii(manager, source):
    bring_in(source, table("Customer ID|Contact ID|Contact|Email", "7|1|Ann|a@frim.com"))
    correct({"1": "a@exämple.com"})
    url = reverse("erp:source_settings", args=[source.pk])
    manager.post(url, {"ascii_domains": "on"})
    source.refresh_from_db()
    assert source.ascii_domains is True
    done = export(source=source, actor=None)
    assert read(done.contacts)[1] == ["1", "a@xn--exmple-cua.com"]

    bring_in(source, table("Customer ID|Contact ID|Contact|Email", "7|1|Ann|a@xn--exmple-cua.com"))
    assert WriteBackLine.objects.get().state == "confirmed"


def test_one_value_that_is_withheld_does_not_hold_up_the_others(source):
    bring_in(source, table("Customer ID|Contact ID|Contact|Email|Phone", "7|1|Ann|a@frim.com|1"))
    correct({"1": "a@firm.com"})
    correct({"1": "+49 30 1"}, "phone")
    done = export(source=source, actor=None)

    assert read(done.contacts) == [["Contact ID", "Email"], ["1", "a@firm.com"]]
    assert [(item.what, item.why) for item in done.withheld] == [
        ("Phone", "A spreadsheet could run “+49 30 1” as a formula.")
    ]
    assert [line.new for line, _ in withheld(source=source)] == ["+49 30 1"]


def test_a_name_written_last_name_first_goes_back_the_same_way(source):
    bring_in(source, table("Customer ID|Contact ID|Contact|Email", "7|1|Lee, Anm|a@firm.com"))
    correct({"1": "Ann"}, "first_name")
    done = export(source=source, actor=None)

    assert read(done.contacts) == [["Contact ID", "Contact"], ["1", "Lee, Ann"]]


HEAD, ANN = "Contact ID|Contact|Customer ID|Email|Phone", "1|Ann Lee|7|ann@frim.com|111"


@pytest.fixture
def firm(source):
    bring_in(source, table(HEAD, ANN, "2|Bo Day|7|bo@frim.com|222"))
    return source


def test_a_whole_list_is_marked_as_cleared_and_back(manager, firm):
    correct({"1": "", "2": ""}, "phone")
    export(source=firm, actor=None)
    page = text_of(manager.get(reverse("erp:write_back")))
    assert "Mark all as cleared" in page
    answer = manager.post(
        reverse("erp:all_typed_in", args=[firm.pk]), {"which": "clear"}, follow=True
    )

    assert "Clear by hand in the ERP" not in text_of(answer)
    assert not WriteBackLine.objects.to_clear().exists()
    undo = str(next(iter(answer.context["messages"])).extra_tags)
    manager.post(undo)
    assert WriteBackLine.objects.to_clear().count() == 2
    assert WriteBackBatch.objects.get().lines.count() == 2


def test_one_of_the_values_to_clear_is_marked_alone(manager, firm):
    correct({"1": "", "2": ""}, "phone")
    export(source=firm, actor=None)
    first = WriteBackLine.objects.order_by("pk").first()
    manager.post(reverse("erp:typed_in", args=[first.pk]))

    assert [line.pk for line in WriteBackLine.objects.to_clear()] == [first.pk + 1]
    again = manager.post(reverse("erp:typed_in", args=[first.pk]), follow=True)
    assert "has left for the ERP, or has come to its end" in text_of(again)


def test_all_that_waits_is_marked_as_typed_in_and_back(manager, firm):
    correct({"1": "ann@firm.com", "2": "bo@firm.com"})
    url = reverse("erp:all_typed_in", args=[firm.pk])
    answer = manager.post(url, {"which": "all"}, follow=True)
    assert write_back.counts_of(firm)["exported"] == 2
    assert not WriteBackBatch.objects.exists()

    manager.post(str(next(iter(answer.context["messages"])).extra_tags))
    assert write_back.counts_of(firm)["to_export"] == 2
    bring_in(firm, table(HEAD, ANN.replace("frim", "firm"), "2|Bo Day|7|bo@firm.com|222"))
    assert write_back.counts_of(firm)["confirmed"] == 2


def test_withheld_values_are_marked_together_before_any_file_has_left(manager, firm):
    correct({"1": "=1@firm.com", "2": "=2@firm.com"})
    page = text_of(manager.get(reverse("erp:write_back")))
    assert "Withheld from the file" in page
    manager.post(reverse("erp:all_typed_in", args=[firm.pk]), {"which": "withheld"})

    assert write_back.counts_of(firm)["exported"] == 2


def test_the_ledger_is_searched_by_person_customer_value_and_field(manager, firm):
    correct({"1": "ann@firm.com", "2": "bo@firm.com"})
    correct({"1": "999"}, "phone")
    url = reverse("erp:write_back")

    def found(**query):
        return {str(item["line"].new) for item in manager.get(url, query).context["lines"]}

    assert found(q="lee") == {"ann@firm.com", "999"}
    assert found(q="bo@") == {"bo@firm.com"}
    assert found(field="contact.phone") == {"999"}
    assert found(q="lee", field="contact.email") == {"ann@firm.com"}
    assert "No correction matches" in text_of(manager.get(url, {"q": "nobody"}))


def test_every_batch_is_listed_and_can_be_downloaded_again(manager, firm):
    for address in ("ann@firm.com", "ann.lee@firm.com"):
        correct({"1": address})
        export(source=firm, actor=None)
    page = text_of(manager.get(reverse("erp:batches"), {"source": firm.pk}))
    for batch in WriteBackBatch.objects.all():
        assert reverse("erp:download", args=[batch.pk, "contacts"]) in page
    assert "All 2<span" in text_of(manager.get(reverse("erp:write_back")))
