"""Lists that tell of each other: by name, by key, by the row above; and entries that share one."""

import io
import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from openpyxl import Workbook

from contacts.actions.importing import source_named
from contacts.models import Contact, Customer, Invoice, SourceRecord
from contacts.rules.words import Entity
from erp.actions import receiving
from erp.actions.kept import columns_of
from erp.actions.receiving import Upload
from erp.models import Import
from tests.erp.conftest import (
    SAMPLE,
    apply,
    bring_in,
    counts_of,
    file_of,
    preview,
    same,
    send,
    table,
    uploads_of,
    work,
)


def at_customers():
    """Contacts by name, with the account number of their customer."""
    rows = Contact.objects.order_by("pk").values_list("last_name", "customer__account_number")
    return [(name, number or "") for name, number in rows]


CUSTOMERS = "Customer No|Customer Name|Zip"


def test_a_person_who_names_a_firm_is_found_a_customer_when_just_one_has_that_name(source):
    bring_in(
        source,
        table(CUSTOMERS, "7|Firm Ltd|1", "8|Two Ltd|2", "9|Two Ltd|3", name="customers.csv"),
        table(
            "Contact|Company|Email",
            "Ann Lee|FIRM Ltd|a@b.com",
            "Bo Day|Two Ltd|b@b.com",
            "Cy Orr|Nobody|c@b.com",
        ),
    )

    assert at_customers() == [("Lee", "7"), ("Day", ""), ("Orr", "")]
    assert Contact.objects.get(last_name="Orr").organization == "Nobody"


def test_a_person_is_found_a_customer_who_came_in_before(source):
    bring_in(source, table(CUSTOMERS, "7|Firm Ltd|1"))
    bring_in(source, table("Contact|Company|Email", "Ann Lee|Firm Ltd|a@b.com"))

    assert at_customers() == [("Lee", "7")]


def test_an_invoice_finds_its_customer_by_name(source):
    bring_in(
        source,
        table(CUSTOMERS, "7|Firm Ltd|1", "8|Two Ltd|2", name="customers.csv"),
        table(
            "Invoice No|Customer|Invoice Date|Amount",
            "R1|Two Ltd|1/2/2025|5",
            "R2|No One|1/2/2025|5",
        ),
    )

    assert list(Invoice.objects.values_list("number", "customer__account_number")) == [("R1", "8")]


def test_people_who_name_their_customer_by_its_key_are_linked_by_the_number(source):
    keys = [f"0015e00000000{n}ABC" for n in range(3)]
    people = "Contact ID|Contact|Account ID|Email"
    bring_in(
        source,
        table(
            "Account ID|Account Number|Account Name",
            *(f"{key}|C{n}|Firm {n} Ltd" for n, key in enumerate(keys)),
            name="accounts.csv",
        ),
        table(people, f"1|Ann Lee|{keys[1]}|a@b.com", f"2|Bo Day|{keys[2]}|b@b.com"),
    )
    assert at_customers() == [("Lee", "C1"), ("Day", "C2")]

    bring_in(source, table(people, f"3|Cy Orr|{keys[0]}|c@b.com"))
    assert at_customers()[-1] == ("Orr", "C0")
    assert Customer.objects.count() == 3


def test_one_person_on_the_customers_row_gives_way_to_the_list_of_people(source):
    run = bring_in(
        source,
        table(
            "Customer No|Customer Name|Contact|Email",
            "7|Firm Ltd|Ann Lee|ann@firm.com",
            "8|Two Ltd|Bo Day|bo@two.com",
            name="customers.csv",
        ),
        table(
            "Customer No|First Name|Last Name|Email",
            "7|Ann|Lee|ann@firm.com",
            "7|Al|Vint|al@firm.com",
            name="people.csv",
        ),
    )

    assert [facts["entity"] for facts in run.files] == [Entity.CUSTOMER, Entity.CONTACT]
    assert [facts["skipped"] for facts in run.files] == [0, 0]
    origins = SourceRecord.objects.filter(entity="contact").values_list("origin", flat=True)
    assert sorted(origins) == [
        "customers.csv:3:Email",
        "people.csv:2:Email",
        "people.csv:3:Email",
    ]


def test_such_a_list_alone_makes_the_person(source):
    bring_in(
        source,
        table(
            "Customer No|Customer Name|Contact|Email",
            "7|Firm Ltd|Ann Lee|ann@firm.com",
            "8|Two Ltd||",
        ),
    )

    assert at_customers() == [("Lee", "7")]
    assert Customer.objects.count() == 2


NAMESAKES = "Customer ID|Contact|Email|Title"


def test_two_people_with_one_address_are_two_and_stay_who_they_are(source):
    ann, bo = "7|Ann Lee|team@firm.com|Buyer", "7|Bo Day|team@firm.com|Owner"
    bring_in(source, table(NAMESAKES, ann, bo))
    ids = dict(Contact.objects.values_list("last_name", "pk"))

    again = bring_in(source, table(NAMESAKES, bo, ann))

    assert counts_of(again)["contact"] == same(unchanged=2)
    assert dict(Contact.objects.values_list("last_name", "pk")) == ids


def test_one_person_entered_twice_with_other_facts_is_kept_twice_for_a_person_to_settle(source):
    run = bring_in(
        source,
        table(
            NAMESAKES,
            "7|Ann Lee|ann@firm.com|Buyer",
            "7|Ann Lee|ann@firm.com|Owner",
            "7|Ann Lee|ann@firm.com|Owner",
        ),
    )

    assert Contact.objects.count() == 2
    assert [(row.row, row.skipped) for row in run.rows.all()] == [(4, True)]


def test_lines_of_an_invoice_are_added_up_and_a_repeated_total_is_not(source):
    head = "Invoice No|Customer No|Invoice Date|Amount"
    bring_in(
        source,
        table(head, "R1|7|1/31/2025|10.50", "R1|7|1/31/2025|20.25", "R2|7|1/31/2025|5"),
    )
    assert dict(Invoice.objects.values_list("number", "amount")) == {
        "R1": pytest.approx(30.75),
        "R2": pytest.approx(5),
    }

    run = bring_in(source_named(name="other"), table(head, "R3|7|1/31/2025|8", "R3|7|1/31/2025|8"))
    assert Invoice.objects.get(number="R3").amount == 8
    assert (run.files[0]["skipped"], run.rows.count()) == (0, 0)


def test_a_list_is_read_the_same_way_when_its_next_export_is_smaller(source):
    head = "Customer ID|Contact ID|Contact|Email|City"
    rows = [f"{n % 3}|{n // 3}|Ann {n}|a{n}@b.com|Town {n}" for n in range(12)]
    first = bring_in(source, table(head, *rows))
    assert "contact.code" in [column.field for column in columns_of(first.files[0])]

    part = preview(source, [table(head, *rows[:2])])

    assert counts_of(part)["contact"] == same(unchanged=2)
    assert part.files[0]["mapping"] == "saved"


def test_a_much_larger_export_is_looked_at_anew(source):
    head = "Invoice No|Customer No|Invoice Date|Amount"
    bring_in(source, table(head, "R1|7|03/04/2025|5"))

    run = preview(source, [table(head, *(f"R{n}|7|{n:02}/04/2025|5" for n in range(10, 20)))])

    assert columns_of(run.files[0])[2].form == "dmy"


def test_a_confirmed_mapping_is_used_when_columns_moved_and_one_is_new(manager):
    send(manager, file_of("Customer ID|Contact|Email|Post", "7|Ann Lee|ann@firm.com|Buyer"))
    run = Import.objects.get()
    chosen = ["contact.account", "contact.full_name", "contact.email", "contact.job_title"]
    fields = {f"column-0-{at}": field for at, field in enumerate(chosen)}
    manager.post(reverse("erp:match", args=[run.pk]), fields | {"remember-0": "on"})
    work()
    run.refresh_from_db()
    apply(run)

    later = receiving.receive(
        source=run.source,
        uploads=[table("Email|Neu|Post|Customer ID|Contact", "bo@firm.com|x|Owner|7|Bo Day")],
        actor=None,
    )

    assert later.files[0]["mapping"] == "saved"
    assert [(column.field, column.reason) for column in columns_of(later.files[0])] == [
        ("contact.email", "Saved mapping"),
        ("", "New column"),
        ("contact.job_title", "Saved mapping"),
        ("contact.account", "Saved mapping"),
        ("contact.full_name", "Saved mapping"),
    ]


def command(*args):
    out = io.StringIO()
    call_command("import_erp", *map(str, args), "--json", stdout=out)
    return json.loads(out.getvalue())


LOYAL = "Customer No,Customer Name,Loyalty tier,Shelf row\n7,Firm,Gold,\n8,Two,,N\n"


@pytest.mark.django_db
def test_columns_without_a_field_are_kept_on_request(tmp_path):
    file = tmp_path / "customers.csv"
    file.write_text(LOYAL)

    command(file, "--source", "plain")
    assert list(Customer.objects.values_list("custom", flat=True)) == [{}, {}]

    command(file, "--source", "kept", "--keep-unmapped")
    kept = Customer.objects.filter(numbering="kept").order_by("account_number")
    assert list(kept.values_list("custom", flat=True)) == [
        {"Loyalty tier": "Gold"},
        {"Shelf row": "N"},
    ]

    told = command(file, "--source", "kept", "--keep-unmapped")
    assert told["files"][0]["entities"]["customer"]["unchanged"] == 2


def test_the_page_offers_to_keep_them(manager):
    send(manager, file_of("Customer No|Customer Name|Loyalty tier", "7|Firm|Gold"))
    run = Import.objects.get()
    page = manager.get(reverse("erp:match", args=[run.pk])).content.decode()
    assert "Keep columns without a field as extras of the record" in page

    manager.post(
        reverse("erp:match", args=[run.pk]),
        {"column-0-0": "customer.account", "column-0-1": "customer.name", "keep-0": "on"},
    )

    run.refresh_from_db()
    assert columns_of(run.files[0])[2].field == "customer.custom"


def without_heads(path, letter):
    """A file of the sample whose heads are no words of any language."""
    text = path.read_text(encoding="utf-8-sig")
    heads = ",".join(f"zq{letter}{at}" for at in range(text.split("\n", 1)[0].count(",") + 1))
    return Upload(f"{letter}.csv", io.BytesIO(f"{heads}\n{text.split(chr(10), 1)[1]}".encode()))


def told(source):
    """Who the people of the sample are, and at which customer."""
    records = SourceRecord.objects.filter(source=source, entity=Entity.CONTACT)
    return sorted(
        records.values_list("own_id", "contact__customer__account_number", "contact__email")
    )


def test_the_sample_comes_in_whole_when_no_head_is_a_word(source):
    bring_in(source, *uploads_of(SAMPLE))
    blind = source_named(name="blind")
    files = [without_heads(path, letter) for path, letter in zip(SAMPLE, "abc", strict=True)]
    run = apply(preview(blind, files))
    assert [facts["entity"] for facts in run.files] == ["contact", "customer", "invoice"]
    assert told(blind) == told(source)
    assert receiving.needs_a_look(run)


def test_a_row_of_values_is_no_head_because_one_of_them_is_a_word(source):
    people = [f"{n}|Ann {n}|ann{n}@firm.example|{'No' if n % 3 else 'Yes'}" for n in range(9)]
    (facts,) = preview(source, [table("zq1|zq2|zq3|zq4", *people)]).files
    assert facts["table"]["headers"] == ["zq1", "zq2", "zq3", "zq4"]


def test_a_workbook_of_customers_and_people_is_two_lists(source):
    book = Workbook()
    firms, people = book.active, book.create_sheet("People")
    book.create_sheet("Notes").append(["Ask Ann before sending."])
    for row in [("Customer No", "Customer Name", "Zip"), ("007", "Acme Ltd", "04101")]:
        firms.append(row)
    for row in [("Customer No", "Contact ID", "Name", "Email"), ("007", "1", "Ann", "a@acme.com")]:
        people.append(row)
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    run = bring_in(source, Upload("both.xlsx", stream))
    assert [facts["format"] for facts in run.files] == ["XLSX, sheet People", "XLSX, sheet Sheet"]
    assert list(Contact.objects.values_list("email", "customer__name")) == [
        ("a@acme.com", "Acme Ltd")
    ]
