"""Files that must not break the importer: each ends as EXPECTED.csv says, never in a crash."""

import csv
import io
import json

import pytest
from django.core.management import call_command

from contacts.models import Contact, Customer, Source
from erp.models import Import
from tests.erp.conftest import MALFORMED, ROOT

REFUSED = {
    "empty.csv": "The file is empty.",
    "blank_lines.csv": "The file has no rows, not even one of column names.",
    "bom_only.csv": "The file is empty.",
    "no_header.csv": "The first row holds values, not column names.",
    "binary_junk.csv": "This is no text file.",
    "png_named.csv": "This is a picture (PNG), not a list.",
    "missing_required.csv": "Which column holds the customer account number?",
    "columns_5000.csv": "The file has 5,000 columns; up to 500 can be read.",
    "truncated.xlsx": "The workbook is damaged or cut off.",
    "not_a_workbook.xlsx": "This is a zip file without a workbook in it.",
    "no_sheets.xlsx": "The workbook has no sheet with rows.",
    "xml_entity_bomb.xlsx": "The workbook holds a document type with entities",
    "xml_external_entity.xlsx": "The workbook holds a document type with entities",
    "zip_bomb.xlsx": "The workbook would unpack to 171 MB",
    "password_protected.xlsx": "This workbook is protected by a password.",
    "legacy.xls": "This is an old Excel file (.xls). Save it as XLSX or CSV.",
}
CLOSED = "A quotation mark is opened here and never closed."
# By file: rows, contacts that came in, errors as (row, start of the message).
ACCEPTED = {
    "header_only.csv": (0, 0, []),
    "xlsx_named.csv": (1, 1, []),
    "csv_named.xlsx": (40, 40, []),
    "nul_bytes.csv": (40, 40, []),
    "mixed_encodings.csv": (3, 3, [(3, "The row is not UTF-8 like the rest")]),
    "utf16_no_bom.csv": (40, 40, []),
    "ragged.csv": (
        42,
        40,
        [
            (42, "The row has 2 cells, the head has 6: too few."),
            (43, "The row has 9 cells, the head has 6: more than the head."),
        ],
    ),
    "unclosed_quote.csv": (
        81,
        40,
        [(42, CLOSED), *((row, "The same contact stands in row") for row in range(43, 83))],
    ),
    "cell_1mb.csv": (1, 0, [(2, "A cell has more than 131,072 characters.")]),
    "email_100k.csv": (
        3,
        3,
        [
            (2, "The cell has 100,021 characters; the first 1,000 are kept."),
            (3, "The cell has 50,000 characters; the first 1,000 are kept."),
            (4, "The cell has 60,005 characters; the first 1,000 are kept."),
        ],
    ),
    "cr_only.csv": (40, 40, []),
    "mixed_eol.csv": (40, 40, []),
    "pipe.txt": (40, 40, []),
    "all_duplicate_ids.csv": (
        30,
        1,
        [(row, "The same contact stands in row 2 already.") for row in range(3, 32)],
    ),
    "same_id_conflict.csv": (
        2,
        1,
        [(3, "This contact stands in row 2 already, with another email.")],
    ),
    "control_chars.csv": (40, 40, []),
    "two_sheets.xlsx": (5, 5, []),
    "dimension_lie.xlsx": (40, 40, []),
    "zip_slip.xlsx": (40, 40, []),
}


def run(*args):
    """The answer of import_erp and how it ended."""
    out = io.StringIO()
    code = 0
    try:
        call_command("import_erp", *map(str, args), "--json", stdout=out)
    except SystemExit as end:
        code = end.code
    return code, json.loads(out.getvalue())


def expected_files():
    with (MALFORMED / "EXPECTED.csv").open(encoding="utf-8") as stream:
        return [row["file"] for row in csv.DictReader(stream)]


def test_every_file_of_the_folder_is_walked():
    assert sorted(expected_files()) == sorted([*REFUSED, *ACCEPTED])


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_file_is_refused_in_a_plain_sentence(name):
    code, told = run(MALFORMED / name, "--source", "s")

    assert code == 2
    (file,) = told["files"]
    assert (file["file"], file["status"]) == (name, "refused")
    assert file["reason"].startswith(REFUSED[name])
    assert not Import.objects.exists()
    assert not Source.objects.exists()
    assert not Customer.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ACCEPTED))
def test_a_file_comes_in_and_what_is_wrong_is_named(name):
    rows, contacts, errors = ACCEPTED[name]
    code, told = run(MALFORMED / name, "--source", "s")

    (file,) = told["files"]
    assert (code, file["status"], file["reason"]) == (1 if errors else 0, "applied", "")
    assert (file["rows"], Contact.objects.count()) == (rows, contacts)
    found = [(error["row"], error["message"]) for error in file["errors"]]
    assert [
        (row, message[: len(start)])
        for (row, message), (_, start) in zip(found, errors, strict=True)
    ] == errors
    assert not any("\x00" in row.email for row in Contact.objects.all())


@pytest.mark.django_db
def test_nothing_is_lost_to_two_encodings_in_one_file():
    run(MALFORMED / "mixed_encodings.csv", "--source", "s")

    assert Contact.objects.filter(first_name="Jürgen").exists()
    assert Contact.objects.filter(first_name="Žaneta").exists()


@pytest.mark.django_db
def test_hostile_values_come_in_as_the_text_they_are():
    file = ROOT / "tests" / "data" / "hostile" / "contacts_hostile.csv"
    code, told = run(file, "--source", "s")

    assert told["files"][0]["status"] == "applied"
    assert code in (0, 1)
    names = set(Customer.objects.values_list("name", flat=True))
    assert {"=1+1", "NULL", "${7*7}", "<img src=x onerror=alert(1)>"} <= names
    assert set(Customer.objects.values_list("country", flat=True)) == {"NA"}
