"""Files in: preview, apply, again, undo. The sample and small files that show one thing each."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Change, Contact, Customer, Invoice, SourceRecord
from erp.actions import applying, receiving, undoing
from erp.actions.undoing import NotUndoableError
from erp.models import ImportRow, StagedRow
from erp.rules.states import ImportState
from jobs.queue import run_now, run_slice
from tests.erp.conftest import (
    SAMPLE,
    apply,
    bring_in,
    counts_of,
    preview,
    same,
    table,
    uploads_of,
)

HEAD = "Customer ID|Company Name|Contact ID|Contact|Email|Phone"


@pytest.fixture
def sample(source):
    return bring_in(source, *uploads_of(SAMPLE))


def test_the_sample_comes_in_whole(sample):
    assert sample.state == ImportState.COMPLETED
    assert counts_of(sample) == {
        "contact": same(new=1538),
        "customer": same(new=600),
        "invoice": same(new=3000),
    }
    assert (Customer.objects.count(), Contact.objects.count(), Invoice.objects.count()) == (
        600,
        1538,
        3000,
    )
    assert Customer.objects.filter(is_house_account=True).count() == 3
    assert Contact.objects.filter(is_house_user=True).count() == 44
    assert Customer.objects.exclude(parent=None).count() == 32
    assert not StagedRow.objects.exists()


def test_cells_stay_text_and_types_are_read(sample):
    customer = Customer.objects.get(account_number="10012")
    assert (customer.name, customer.postal_code, customer.customer_since.isoformat()) == (
        "Price Property Services Bros.",
        "04151",
        "2011-03-11",
    )
    record = SourceRecord.objects.get(own_id="48000", entity="contact")
    assert record.origin == "contacts.csv:2:Email"
    assert record.contact.organization == "ABC Plumbing"
    assert record.contact.address_key == "scott.steele@abc-plumbing.com"
    assert record.contact.email_domain == "abc-plumbing.com"


def test_the_same_sample_again_changes_nothing(source, sample):
    run = preview(source, uploads_of(SAMPLE))
    expected = {
        "contact": same(unchanged=1538),
        "customer": same(unchanged=600),
        "invoice": same(unchanged=3000),
    }
    assert counts_of(run) == expected
    with CaptureQueriesContext(
        connection,
    ) as queries:
        apply(run)
    assert counts_of(run) == expected
    writes = [
        query["sql"]
        for query in queries
        if query["sql"].startswith(("INSERT", "UPDATE"))
        and any(f'"contacts_{table}"' in query["sql"].split("WHERE")[0]
                for table in ("contact", "customer", "invoice", "change"))
    ]  # fmt: skip
    assert writes == []
    assert not run.rows.exists()


def test_a_preview_writes_nothing_to_contacts(source):
    preview(source, uploads_of(SAMPLE))

    assert not Customer.objects.exists()
    assert not SourceRecord.objects.exists()


def test_undo_takes_everything_back_and_the_same_file_shows_the_same_preview(source, sample):
    before = counts_of(sample)
    job = run_now(undoing.undo(run=sample, actor=None))

    assert job.result == {"restored": 32, "removed": 5138, "skipped": 0, "why": {}}
    assert not Customer.objects.exists()
    assert not SourceRecord.objects.exists()
    assert counts_of(preview(source, uploads_of(SAMPLE))) == before
    sample.refresh_from_db()
    assert sample.state == ImportState.UNDONE
    with pytest.raises(NotUndoableError):
        undoing.undo(run=sample, actor=None)


def test_undo_restores_values_and_leaves_newer_edits(source):
    bring_in(source, table(HEAD, "7|Firm|1|Ann Lee|ann@firm.com|111", "7|Firm|2|Bo Day||222"))
    run = bring_in(source, table(HEAD, "7|Firm|1|Ann Lee|ann@firm.com|999", "7|Firm|2|Bo Day||888"))
    bo = Contact.objects.get(first_name="Bo")
    bo.phone = "333"
    bo.save(update_fields=["phone"])

    job = run_now(undoing.undo(run=run, actor=None))

    why = {"edited since": 1}
    assert job.result == {"restored": 1, "removed": 0, "skipped": 1, "why": why}
    assert list(Contact.objects.order_by("pk").values_list("phone", flat=True)) == ["111", "333"]
    again = preview(source, [table(HEAD, "7|Firm|1|Ann Lee|ann@firm.com|999")])
    assert counts_of(again)["contact"] == same(changed=1)


def test_files_are_applied_customers_first_whatever_their_order(source):
    run = bring_in(
        source,
        table("Invoice No|Customer No|Invoice Date|Amount", "I1|7|1/2/2024|10.00", name="i.csv"),
        table("Customer ID|Contact ID|Contact|Email", "7|1|Ann Lee|ann@firm.com", name="p.csv"),
        table("Account|Company Name|Billing Zip", "7|Firm|01234", name="c.csv"),
    )

    assert counts_of(run) == {
        "contact": same(new=1),
        "customer": same(new=1),
        "invoice": same(new=1),
    }
    customer = Customer.objects.get()
    assert (customer.name, customer.postal_code) == ("Firm", "01234")
    assert customer.contacts.get().name == "Ann Lee"
    assert customer.invoices.get().number == "I1"


def test_an_unknown_account_makes_the_customer(source):
    run = preview(source, [table("Customer ID|Contact ID|Contact|Email", "7|1|Ann|a@firm.com")])
    assert run.counts["unknown_customers"] == 1
    assert counts_of(run)["customer"] == same(new=1)

    apply(run)

    assert Contact.objects.get().customer.account_number == "7"
    assert counts_of(run)["customer"] == same(new=1)


def test_without_leave_to_add_customers_their_rows_are_left_out(source):
    run = preview(source, [table("Customer ID|Contact ID|Contact|Email", "7|1|Ann|a@firm.com")])
    apply(run, create_customers=False)

    assert not Contact.objects.exists()
    assert run.state == ImportState.COMPLETED_WITH_ERRORS
    assert run.rows.get().message == "The account number 7 is not known."
    assert run.files[0]["skipped"] == 1


def test_an_address_on_the_customers_row_makes_a_contact_only_if_nobody_has_it(source):
    customers = table("Account|Company Name|Email", "7|Firm|Info@Firm.com", "8|Other|x@other.com")
    people = table("Customer ID|Contact ID|Contact|Email", "7|1|Ann|info@firm.com", name="p.csv")
    bring_in(source, customers, people)

    general = Contact.objects.get(customer__account_number="8")
    assert (general.email, general.name) == ("x@other.com", "")
    assert Contact.objects.filter(customer__account_number="7").count() == 1
    assert SourceRecord.objects.get(contact=general).origin == "contacts.csv:3:Email"


def test_a_contact_row_that_brings_the_address_later_becomes_the_general_contact(source):
    bring_in(source, table("Account|Company Name|Email", "7|Firm|info@firm.com"))
    general = Contact.objects.get()

    run = bring_in(
        source, table("Customer ID|Contact ID|Contact|Email", "7|1|Ann Lee|INFO@firm.com")
    )

    assert Contact.objects.get() == general
    general.refresh_from_db()
    assert general.name == "Ann Lee"
    assert counts_of(run)["contact"] == same(changed=1)
    run_now(undoing.undo(run=run, actor=None))
    general.refresh_from_db()
    assert (general.name, general.records.get().key) == ("", "of:no:7")


def test_a_general_contact_follows_the_customers_row(source):
    bring_in(source, table("Account|Company Name|Email", "7|Firm|info@firm.com"))
    bring_in(source, table("Account|Company Name|Email", "7|Firm|office@firm.com"))

    assert Contact.objects.get().email == "office@firm.com"


def test_rows_without_an_id_are_known_by_account_and_address_then_by_name(source):
    head = "Customer ID|Contact|Email|Phone"
    bring_in(source, table(head, "7|Ann Lee|ann@firm.com|1", "7|Bo Day||2"))
    run = bring_in(source, table(head, "7|Bo Day||9", "7|Ann Lee|ANN@firm.com |1"))

    assert counts_of(run)["contact"] == same(changed=1, unchanged=1)
    assert Contact.objects.count() == 2


def test_a_customer_with_a_new_number_stays_the_same(source):
    head = "Internal ID|ID|Company Name"
    people = "Internal ID|Customer ID|Email|Name"
    bring_in(source, table(head, "4|10404|Firm"), table(people, "1|10404|a@firm.com|Ann"))
    run = bring_in(source, table(head, "4|91058|Firm"), table(people, "1|91058|a@firm.com|Ann"))

    customer = Customer.objects.get()
    assert (customer.account_number, customer.number_key) == ("91058", "91058")
    assert counts_of(run) == {"contact": same(unchanged=1), "customer": same(changed=1)}
    assert "91058" in Contact.objects.get().search_text


def test_a_contact_moves_to_another_customer(source):
    head = "Internal ID|Customer ID|Email|Name"
    bring_in(source, table(head, "1|7|a@firm.com|Ann", "2|8|b@firm.com|Bo"))
    run = bring_in(source, table(head, "1|8|a@firm.com|Ann", "2|8|b@firm.com|Bo"))

    assert Customer.objects.get(account_number="8").contacts.count() == 2
    assert counts_of(run)["contact"] == same(changed=1, unchanged=1)
    run_now(undoing.undo(run=run, actor=None))
    assert Customer.objects.get(account_number="8").contacts.count() == 1


def test_an_absent_column_says_nothing_and_a_blank_cell_clears(source):
    bring_in(source, table(HEAD, "7|Firm|1|Ann Lee|ann@firm.com|111"))
    run = bring_in(
        source, table("Customer ID|Contact ID|Contact|Email", "7|1|Ann Lee|ann@firm.com")
    )
    assert counts_of(run)["contact"] == same(unchanged=1)
    assert Contact.objects.get().phone == "111"

    run = bring_in(source, table(HEAD, "7|Firm|1|Ann Lee|ann@firm.com|"))
    assert counts_of(run)["contact"] == same(changed=1)
    assert Contact.objects.get().phone == ""


def test_missing_is_found_only_by_a_complete_import(source):
    head = "Customer ID|Contact ID|Contact|Email"
    rows = [f"7|{n}|Ann {n}|ann{n}@firm.com" for n in range(20)]
    bring_in(source, table(head, *rows))

    few = bring_in(source, table(head, *rows[:5]))
    assert counts_of(few)["contact"] == same(unchanged=5)

    most = bring_in(source, table(head, *rows[:18]))
    assert counts_of(most)["contact"] == same(unchanged=18, missing=2)
    missing = SourceRecord.objects.exclude(missing_since=None)
    assert sorted(missing.values_list("own_id", flat=True)) == ["18", "19"]
    assert Contact.objects.count() == 20

    told = bring_in(source, table(head, *rows[:5]), complete=True)
    assert counts_of(told)["contact"] == same(unchanged=5, missing=15)
    run_now(undoing.undo(run=told, actor=None))
    assert missing.count() == 2

    bring_in(source, table(head, *rows), complete=False)
    assert missing.count() == 0


def test_a_record_that_stands_twice_counts_once(source):
    head = "Customer ID|Contact ID|Contact|Email"
    run = bring_in(
        source, table(head, "7|1|Ann|a@firm.com", "7|1|Ann|a@firm.com", "7|1|Ann|b@firm.com")
    )

    assert Contact.objects.get().email == "a@firm.com"
    assert list(run.rows.order_by("row").values_list("row", "message")) == [
        (3, "The same contact stands in row 2 already. This row is left out."),
        (
            4,
            "This contact stands in row 2 already, with another email. This row is left out.",
        ),
    ]
    assert run.files[0]["skipped"] == 2


def test_two_customers_cannot_have_one_number(source):
    run = bring_in(source, table("Internal ID|ID|Company Name", "1|7|Firm", "2|7|Other"))

    assert Customer.objects.get().name == "Firm"
    assert "belongs to another customer" in run.rows.get().message


def test_branches_are_linked_to_parents_that_come_later(source):
    head = "Account|Company Name|Parent"
    run = bring_in(source, table(head, "8|Branch|7", "7|Head office|", "9|Orphan|99"))

    assert Customer.objects.get(account_number="8").parent.account_number == "7"
    assert run.rows.get().message.startswith("The parent 99 is not known.")
    assert run.files[0]["skipped"] == 0


def test_another_source_with_the_same_numbering_meets_the_same_customer(source):
    from contacts.actions.importing import source_named  # noqa: PLC0415

    bring_in(source, table("Account|Company Name|Phone", "7|Firm|111"))
    other = source_named(name="till")
    bring_in(other, table("Account|Company Name|Phone", "7|Firm|111"))
    assert Customer.objects.count() == 2

    shared = source_named(name="web")
    shared.numbering = source.numbering
    shared.save()
    run = bring_in(shared, table("Account|Company Name|Phone", "7|Firm|222"))
    assert Customer.objects.count() == 2
    assert counts_of(run)["customer"] == same(conflicts=1)
    assert ImportRow.objects.get(run=run).details == [["phone", "", "111", "222", "conflict"]]


def test_a_creation_is_one_change_without_a_field(source):
    run = bring_in(source, table("Customer ID|Contact ID|Contact|Email", "7|1|Ann|a@firm.com"))

    assert Change.objects.filter(change_set=run.change_set, field="").count() == 2
    assert Change.objects.count() == 2


def test_short_slices_beside_other_work_end_like_long_ones(source):
    def do(job):
        while run_slice(str(job.pk)):
            pass
        run.refresh_from_db()

    run = receiving.receive(source=source, uploads=uploads_of([SAMPLE[1]]), actor=None)
    do(applying.stage(run=run, actor=None))
    do(applying.apply(run=run, actor=None))
    assert counts_of(run)["customer"] == same(new=600)
    assert (Customer.objects.count(), Customer.objects.exclude(parent=None).count()) == (600, 32)

    do(undoing.undo(run=run, actor=None))
    assert run.state == ImportState.UNDONE
    assert not Customer.objects.exists()
