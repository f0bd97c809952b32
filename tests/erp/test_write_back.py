"""Corrections out to the ERP, and what its next export proves."""

import csv
import io

import pytest

from contacts.actions.changes import Edit, edit_contacts, edit_customers, open_change_set
from contacts.actions.people import add_contact
from contacts.actions.undoing import undo
from contacts.models import Contact, Customer
from contacts.rules.words import ChangeKind
from erp.actions import receiving, undoing, write_back
from erp.actions.exporting import NothingKnownError, export
from erp.actions.write_back import NotOpenError
from erp.models import WriteBackLine
from erp.readers.tables import open_table, rows
from jobs.queue import run_now
from tests.erp.conftest import (
    bring_in,
    correct,
    counts_of,
    preview,
    same,
    table,
)

HEAD = "Contact ID|Role|Contact|Customer ID|Email|Inactive"


def states(source):
    return {name: n for name, n in write_back.counts_of(source).items() if n}


def read(content):
    return list(csv.reader(io.StringIO(content.decode())))


@pytest.fixture
def ann(source):
    bring_in(source, table(HEAD, "1|x|Ann Lee|7|ann@frim.com|No", "2|y|Bo Day|7| bo@firm.com|No"))
    return Contact.objects.get(first_name="Ann")


def test_a_correction_makes_a_line_and_its_undo_withdraws_it(source, ann):
    change_set = correct({"1": "ann@firm.com"})

    line = WriteBackLine.objects.get()
    assert (line.old, line.new, line.state) == ("ann@frim.com", "ann@firm.com", "to_export")
    assert line.change.change_set == change_set
    undo(change_set=change_set, actor=None)
    assert states(source) == {"withdrawn": 1}


def test_a_second_correction_replaces_the_first(source, ann):
    correct({"1": "ann@firm.co"})
    correct({"1": "ann@firm.com"})

    assert states(source) == {"to_export": 1, "withdrawn": 1}
    assert WriteBackLine.objects.open().get().new == "ann@firm.com"


def test_an_import_makes_no_lines(source, ann):
    bring_in(source, table(HEAD, "1|x|Ann Lee|7|ann@new.com|No"))

    assert states(source) == {}


def test_what_the_file_has_no_column_for_is_not_sent(source, ann):
    correct({"1": "111"}, "phone")

    assert states(source) == {}


def test_the_file_has_the_erps_columns_and_only_what_is_corrected(source, ann):
    correct({"1": "ann@firm.com", "2": "bo@firm.com"})
    done = export(source=source, actor=None)

    assert read(done.contacts) == [
        ["Contact ID", "Email"],
        ["1", "ann@firm.com"],
        ["2", "bo@firm.com"],
    ]
    assert done.customers == b""
    assert states(source) == {"exported": 2}
    assert read(export(source=source, actor=None).contacts) == [["Contact ID"]]


def test_a_cell_that_was_not_corrected_carries_the_erps_last_value(source, ann):
    correct({"1": "ann@firm.com"})
    correct({"2": "Day-Lewis"}, "last_name")
    done = export(source=source, actor=None)

    assert read(done.contacts) == [
        ["Contact ID", "Contact", "Email"],
        ["1", "Ann Lee", "ann@firm.com"],
        ["2", "Bo Day-Lewis", " bo@firm.com"],
    ]


def test_a_cleared_address_is_listed_and_never_written(source, ann):
    correct({"1": ""})
    done = export(source=source, actor=None)

    assert read(done.contacts) == [["Contact ID"]]
    assert [(item.who, item.what) for item in done.to_clear] == [("Ann Lee", "Email address")]
    assert states(source) == {"exported": 1}
    bring_in(source, table(HEAD, "1|x|Ann Lee|7||No"))
    assert states(source) == {"confirmed": 1}


def test_a_formula_is_withheld_and_listed(source, ann):
    correct({"1": "=cmd|' /C calc'!A0", "2": "bo@firm.com"})
    done = export(source=source, actor=None)

    assert read(done.contacts) == [["Contact ID", "Email"], ["2", "bo@firm.com"]]
    assert [item.who for item in done.withheld] == ["Ann Lee"]
    assert states(source) == {"to_export": 1, "exported": 1}


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        ("ann@firm.com", {"confirmed": 1}),
        (" ANN@Firm.com", {"confirmed": 1}),
        ("ann@frim.com", {"not_applied": 1}),
        ("sales@firm.com", {"conflict": 1}),
        ("", {"conflict": 1}),
    ],
)
def test_the_next_import_settles_what_was_exported(source, ann, theirs, expected):
    correct({"1": "ann@firm.com"})
    export(source=source, actor=None)
    run = bring_in(source, table(HEAD, f"1|x|Ann Lee|7|{theirs}|No"))

    assert states(source) == expected
    ann.refresh_from_db()
    assert ann.email == "ann@firm.com"
    run_now(undoing.undo(run=run, actor=None))
    assert states(source) == {"exported": 1}


def test_what_did_not_arrive_leaves_again_with_the_next_file(source, ann):
    correct({"1": "ann@firm.com"})
    export(source=source, actor=None)
    bring_in(source, table(HEAD, "1|x|Ann Lee|7|ann@frim.com|No"))

    assert export(source=source, actor=None).lines == 1
    bring_in(source, table(HEAD, "1|x|Ann Lee|7|ann@firm.com|No"))
    assert states(source) == {"confirmed": 1}


def test_a_missing_contact_leaves_its_correction_waiting(source, ann):
    correct({"1": "ann@firm.com"})
    export(source=source, actor=None)
    bring_in(source, table(HEAD, "2|y|Bo Day|7| bo@firm.com|No"))

    assert states(source) == {"exported": 1}


def test_an_older_correction_of_ours_that_arrives_late_is_no_conflict(source, ann):
    correct({"1": "ann@firm.co"})
    export(source=source, actor=None)
    correct({"1": "ann@firm.com"})
    run = bring_in(source, table(HEAD, "1|x|Ann Lee|7|ann@firm.co|No"))

    assert counts_of(run)["contact"] == same(kept=1)
    assert states(source) == {"to_export": 1, "withdrawn": 1}
    assert WriteBackLine.objects.open().get().old == "ann@firm.co"


def test_without_an_id_a_correction_that_arrives_keeps_the_contact(source):
    head, cy = "Customer ID|Contact|Email", "7|Cy Fox|cy@firm.com"
    bring_in(source, table(head, "7|Ann Lee|ann@frim.com", "7|Bo Day|", cy))
    ann, bo, _ = Contact.objects.order_by("pk")
    change_set = open_change_set(kind=ChangeKind.EDIT, label="Fixes", actor=None)
    fixes = [Edit(ann.pk, "email", "ann@firm.com"), Edit(bo.pk, "email", "bo@firm.com")]
    edit_contacts(edits=fixes, change_set=change_set)
    done = export(source=source, actor=None)
    assert read(done.contacts)[0] == ["Customer ID", "Contact", "Email"]

    arrived = (head, "7|Ann Lee|ann@firm.com", "7|Bo Day|bo@firm.com", cy)
    run = bring_in(source, table(*arrived))

    assert Contact.objects.count() == 3
    assert states(source) == {"confirmed": 2}
    run_now(undoing.undo(run=run, actor=None))
    assert states(source) == {"exported": 2}
    again = preview(source, [table(*arrived)])
    assert counts_of(again)["contact"] == same(unchanged=3)


def test_a_customers_correction_goes_into_the_customers_file(source):
    bring_in(
        source,
        table("Account|Company Name|Billing Zip|Email", "7|Firm|01234|info@frim.com"),
        table(HEAD, "1|x|Ann Lee|7|ann@firm.com|No", name="p.csv"),
    )
    customer = Customer.objects.get()
    change_set = open_change_set(kind=ChangeKind.EDIT, label="Zip", actor=None)
    edit_customers(edits=[Edit(customer.pk, "postal_code", "01235")], change_set=change_set)
    general = Contact.objects.get(email="info@frim.com")
    edit_contacts(edits=[Edit(general.pk, "email", "info@firm.com")], change_set=change_set)

    done = export(source=source, actor=None)
    assert read(done.contacts) == [["Contact ID"]]
    assert read(done.customers) == [
        ["Account", "Billing Zip", "Email"],
        ["7", "01235", "info@frim.com"],
        ["7", "01234", "info@firm.com"],
    ]
    bring_in(source, table("Account|Company Name|Billing Zip|Email", "7|Firm|01235|info@firm.com"))
    assert states(source) == {"confirmed": 2}


def test_a_contact_born_here_is_exported_to_create_and_linked(source, ann):
    add_contact(
        customer=Customer.objects.get(),
        values={"first_name": "Cy", "last_name": "Fox", "email": "cy@firm.com"},
        actor=None,
    )
    bring_in(source, table("Account|Company Name", "7|Firm", name="c.csv"))
    add_contact(
        customer=Customer.objects.get(),
        values={"first_name": "Di", "last_name": "Gray", "email": "di@firm.com"},
        actor=None,
    )
    assert states(source) == {"to_export": 1}
    done = export(source=source, actor=None)
    assert read(done.contacts) == [
        ["Contact ID", "Contact", "Customer ID", "Email"],
        ["", "Di Gray", "7", "di@firm.com"],
    ]

    bring_in(source, table(HEAD, "9|x|Di Gray|7|DI@firm.com|No"))
    assert states(source) == {"confirmed": 1}
    assert Contact.objects.filter(first_name="Di").get().records.get().own_id == "9"


def test_our_own_file_confirms_nothing(source, ann):
    correct({"1": "ann@firm.com"})
    done = export(source=source, actor=None)
    run = receiving.receive(
        source=source, uploads=[receiving.Upload("w.csv", io.BytesIO(done.contacts))], actor=None
    )

    assert run.files[0]["status"] == "refused"
    assert "file of corrections that was exported here" in run.files[0]["reason"]
    assert states(source) == {"exported": 1}


def test_a_line_can_be_withdrawn_until_it_leaves(source, ann):
    correct({"1": "ann@firm.com", "2": "bo@firm.com"})
    first, second = WriteBackLine.objects.order_by("pk")
    write_back.withdraw(line=first, actor=None)
    export(source=source, actor=None)

    with pytest.raises(NotOpenError):
        write_back.withdraw(line=second, actor=None)
    assert states(source) == {"withdrawn": 1, "exported": 1}


def test_before_the_first_import_no_columns_are_known(source):
    with pytest.raises(NothingKnownError):
        export(source=source, actor=None)


def test_xlsx_holds_the_same_as_text(source, ann, tmp_path):
    correct({"1": "ann@firm.com"})
    file = tmp_path / "out.xlsx"
    file.write_bytes(export(source=source, actor=None, kind="xlsx").contacts)
    found, _ = open_table(file)

    assert (found.headers, [row.cells for row in rows(found)]) == (
        ("Contact ID", "Email"),
        [["1", "ann@firm.com"]],
    )
