import csv
from io import StringIO

import pytest
from django.core.management import call_command

from contacts.actions.changes import open_change_set
from contacts.actions.importing import Seen, add_contacts, add_customers, record_new, source_named
from contacts.rules.words import ChangeKind
from validation.actions.deciding import Verdict, decide
from validation.models import Decision

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return open_change_set(kind=ChangeKind.IMPORT, label="test", actor=None)


def rows_of(made, source, *cells):
    """Contacts of a source: (own id, origin, address)."""
    firm = add_customers(numbering=source, rows=[{"account_number": "1"}], change_set=made)[0]
    contacts = add_contacts(
        rows=[(firm, {"email": email, "first_name": "Ann"}) for _own, _origin, email in cells],
        change_set=made,
    )
    seen = [
        Seen("contact", f"key {origin}", own, {}, "f", origin, 2, contact_id=row.pk)
        for (own, origin, _email), row in zip(cells, contacts, strict=True)
    ]
    record_new(source=source_named(name=source), seen=seen, number=1)
    return contacts


def exported(path, *options):
    call_command("export_findings", str(path), *options, stdout=StringIO())
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_every_record_of_a_source_has_a_row(made, tmp_path):
    rows_of(
        made, "erp", ("7", "c.csv:2:Email", " ann@gmail.com"), ("", "c.csv:3:Email", "ann@me.com")
    )
    rows_of(made, "till", ("", "t.csv:2:Mail", "n/a"))

    rows = exported(tmp_path / "out.csv", "--source", "erp")

    assert rows == [
        ["dataset", "contact_id", "origin", "problems", "suggestion", "confidence", "status"],
        ["erp", "7", "c.csv:2:Email", "whitespace;freemail", "ann@gmail.com", "0.99", "fixable"],
        ["erp", "c.csv:3:Email", "c.csv:3:Email", "freemail", "", "", "ok"],
    ]
    assert [row[0] for row in exported(tmp_path / "all.csv")[1:]] == ["erp", "erp", "till"]


def test_what_a_person_kept_is_no_problem_any_more(made, tmp_path):
    contact = rows_of(made, "erp", ("7", "c.csv:2:Email", "ann@mailinator.com"))[0]
    verdict = Verdict(contact.pk, "disposable", "ann@mailinator.com", Decision.Kind.KEPT)
    decide(verdicts=[verdict], actor=None, change_set=made)

    assert exported(tmp_path / "out.csv")[1][3] == "ok"


def test_an_id_that_two_records_have_is_no_id(made, tmp_path):
    cells = [("7", f"c.csv:{row}:Email", "ann@me.com") for row in (2, 3)]
    rows_of(made, "erp", *cells, ("8", "c.csv:4:Email", "ann@mac.com"))

    ids = [row[1] for row in exported(tmp_path / "out.csv")[1:]]

    assert ids == ["c.csv:2:Email", "c.csv:3:Email", "c.csv:4:Email"]


def test_an_unknown_source_and_a_place_that_cannot_be_written_are_refused(made, tmp_path):
    told = StringIO()
    for arguments in ([tmp_path / "out.csv", "--source", "no"], [tmp_path / "no" / "out.csv"]):
        with pytest.raises(SystemExit) as refusal:
            call_command("export_findings", *map(str, arguments), stderr=told)
        assert refusal.value.code == 2

    first, second = told.getvalue().splitlines()
    assert first == "There is no source called 'no'. Import its file first."
    assert second.endswith("cannot be written: No such file or directory. Choose another place.")
