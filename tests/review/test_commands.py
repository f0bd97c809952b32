"""apply_suggestions and correct, as operators call them."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from contacts.actions.importing import source_named
from contacts.models import Contact
from tests.erp.conftest import bring_in, table

pytestmark = pytest.mark.django_db


@pytest.fixture
def imported(db):
    source = source_named(name="erp")
    bring_in(
        source,
        table("account_number|company_name", "1001|Harbor Mechanical", name="customers.csv"),
        table(
            "contact_id|account_number|first_name|last_name|email",
            "C1|1001|Dana|Whitfield|dana.whitfield@gmial.com",
            "C2|1001|Lee|Gray|lee.gray@gmail.com",
        ),
    )
    return source


def run(*args):
    """What a command answers as JSON, and its exit code."""
    out, code = StringIO(), 0
    try:
        call_command(*args, stdout=out)
    except SystemExit as end:
        code = end.code
    return json.loads(out.getvalue()), code


def test_what_is_sure_is_accepted_as_one_change_set(imported):
    call_command("check_emails", "--dns", "off", stdout=StringIO())
    answer, code = run("apply_suggestions", "--min-confidence", "0.9", "--source", "erp", "--json")
    assert (answer["accepted"], answer["left"], code) == (1, 0, 0)
    assert Contact.objects.get(first_name="Dana").email == "dana.whitfield@gmail.com"
    again, code = run("apply_suggestions", "--json")
    assert (again, code) == ({"accepted": 0, "left": 0, "change_set": None}, 0)


def test_an_unknown_source_is_refused(db):
    answer, code = run("apply_suggestions", "--source", "nobody", "--json")
    assert (list(answer), code) == (["error"], 2)


def test_corrections_of_a_file_are_recorded_by_the_erps_own_ids(imported, tmp_path):
    file = tmp_path / "fixes.csv"
    file.write_text("contact_id,new_email\nC1,dana@harbor.com\nC9,who@harbor.com\nC2,nonsense\n")
    answer, code = run("correct", str(file), "--source", "erp", "--json")
    assert (answer["corrected"], answer["unchanged"], code) == (1, 0, 1)
    assert answer["errors"] == [
        {"row": 3, "message": "No contact 'C9' in this source."},
        {"row": 4, "message": "'nonsense' is no email address."},
    ]
    assert Contact.objects.get(first_name="Dana").email == "dana@harbor.com"
    again, code = run("correct", str(file), "--source", "erp", "--json")
    assert (again["corrected"], again["unchanged"]) == (0, 1)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"id,new_email\n", "fixes.csv has no column contact_id."),
        (b"\xff\xfe\x00", "fixes.csv cannot be read as a CSV file in UTF-8."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(imported, tmp_path, content, sentence):
    file = tmp_path / "fixes.csv"
    file.write_bytes(content)
    answer, code = run("correct", str(file), "--source", "erp", "--json")
    assert (answer, code) == ({"error": sentence}, 2)
