"""The commands that operators script: what they print, how they end, what a kill leaves behind."""

import csv
import io
import json
import os

import pytest
from django.core.management import call_command

from contacts.models import Contact, Invoice, Source
from erp.actions import applying
from erp.models import Import, StagedRow, WriteBackLine
from jobs.models import Job
from jobs.queue import run_slice
from tests.erp.conftest import SAMPLE, correct, preview, table, uploads_of

HEAD = "Contact ID,Role,Contact,Customer ID,Email,Inactive\n"
ANN, BO = "1,x,Ann Lee,7,ann@frim.com,No\n", "2,y,Bo Day,7,bo@frim.com,No\n"
DEAD = 2**22 + 1  # above what Linux gives to a process


def command(name, *args):
    """What a command prints as JSON, and how it ended."""
    out = io.StringIO()
    code = 0
    try:
        call_command(name, *map(str, args), "--json", stdout=out)
    except SystemExit as end:
        code = end.code
    return code, json.loads(out.getvalue())


def plain(name, *args):
    """What a command prints for people, and how it ended."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command(name, *map(str, args), stdout=out, stderr=err)
    except SystemExit as end:
        code = end.code
    return code, (out.getvalue() or err.getvalue()).strip()


def zero(**counts):
    names = ("new", "changed", "unchanged", "kept", "conflicts", "missing")
    return dict.fromkeys(names, 0) | counts


@pytest.fixture
def firm(db, tmp_path):
    """Two contacts imported from a file, which is given."""
    file = tmp_path / "people.csv"
    file.write_text(HEAD + ANN + BO)
    assert command("import_erp", file, "--source", "erp")[0] == 0
    return file


@pytest.mark.django_db
def test_the_sample_twice_is_all_new_then_all_unchanged():
    counts = {"contacts.csv": 1538, "customers.csv": 600, "invoices.csv": 3000}
    for word in ("new", "unchanged"):
        code, told = command("import_erp", *SAMPLE, "--source", "erp")
        assert (code, told["source"], told["dry_run"]) == (0, "erp", False)
        assert told["seconds"] > 0
        assert told["files"] == [
            {
                "file": name,
                "status": "applied",
                "reason": "",
                "format": "CSV, UTF-8, comma",
                "mapping": "netsuite",
                "rows": n,
                "entities": {name.removesuffix("s.csv"): zero(**{word: n})},
                "skipped": 0,
                "errors": [],
            }
            for name, n in counts.items()
        ]


@pytest.mark.django_db
def test_a_dry_run_says_what_would_change_and_leaves_nothing(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(HEAD + ANN)
    code, told = command("import_erp", file, "--source", "erp", "--dry-run")

    assert (code, told["dry_run"]) == (0, True)
    assert told["files"][0]["entities"] == {"contact": zero(new=1), "customer": zero(new=1)}
    assert not any(model.objects.exists() for model in (Import, Source, Contact, StagedRow))


@pytest.mark.django_db
def test_a_refused_file_does_not_stop_the_others(firm, tmp_path):
    empty = tmp_path / "empty.csv"
    empty.touch()
    code, told = command("import_erp", empty, firm, tmp_path / "gone.csv", "--source", "erp")

    assert code == 1
    assert [(file["status"], file["reason"]) for file in told["files"]] == [
        ("refused", "The file is empty."),
        ("applied", ""),
        ("refused", "There is no such file to read."),
    ]
    code, told = command("import_erp", empty, "--source", "erp")
    assert (code, told["files"][0]["status"]) == (2, "refused")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["--source", "erp"], "Name at least one file."),
        (["x.csv"], "Name the source: --source NAME."),
        (["x.csv", "--source", "e", "--entity", "pet"], "--entity is auto, customer, contact"),
        (["x.csv", "--source", "e", "--mapping", "sap"], "There is no mapping called sap."),
    ],
)
def test_an_import_that_means_nothing_is_refused_with_one_sentence(args, sentence):
    code, told = command("import_erp", *args)
    assert code == 2
    assert list(told) == ["error"]
    assert told["error"].startswith(sentence)
    assert plain("import_erp", *args) == (2, told["error"])


@pytest.mark.django_db
def test_complete_marks_what_is_missing_and_partial_does_not(firm):
    firm.write_text(HEAD + ANN)
    _, told = command("import_erp", firm, "--source", "erp", "--partial")
    assert told["files"][0]["entities"]["contact"] == zero(unchanged=1)
    _, told = command("import_erp", firm, "--source", "erp", "--complete")
    assert told["files"][0]["entities"]["contact"] == zero(unchanged=1, missing=1)
    assert Contact.objects.count() == 2


@pytest.mark.django_db
def test_the_last_import_is_taken_back(firm):
    firm.write_text(HEAD + ANN.replace("Ann Lee", "Anna Lee") + BO)
    assert command("import_erp", firm, "--source", "erp")[0] == 0

    assert command("undo_import", "last", "--source", "erp") == (
        0,
        {"restored": 1, "removed": 0, "skipped": 0},
    )
    assert Contact.objects.filter(first_name="Ann").exists()
    first = Import.objects.order_by("pk").first()
    code, told = command("undo_import", first.pk, "--source", "erp")
    assert (code, told) == (0, {"restored": 0, "removed": 3, "skipped": 0})
    code, told = command("undo_import", first.pk, "--source", "erp")
    assert (code, told) == (2, {"error": f"Import {first.pk} cannot be undone: it is Undone."})


@pytest.mark.django_db
def test_undo_needs_a_person_where_something_was_edited_since(firm):
    firm.write_text(HEAD + ANN.replace("Ann Lee", "Anna Lee") + BO)
    command("import_erp", firm, "--source", "erp")
    correct({"1": "Annabel"}, "first_name")

    told = {"restored": 0, "removed": 0, "skipped": 1}
    assert command("undo_import", "last", "--source", "erp") == (1, told)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["undo_import last", "export_write_back o.csv", "write_back_status"]
)
def test_an_unknown_source_is_refused_with_those_that_exist(firm, name):
    words = name.split()
    sentence = "There is no source called nav. There are: erp."
    assert command(*words, "--source", "nav") == (2, {"error": sentence})


@pytest.mark.django_db
def test_corrections_are_written_counted_and_confirmed(firm, tmp_path):
    correct({"1": "ann@firm.com"})
    status = dict.fromkeys(
        ("to_export", "exported", "confirmed", "not_applied", "conflict", "withdrawn"), 0
    )
    assert command("write_back_status", "--source", "erp") == (0, status | {"to_export": 1})

    out = tmp_path / "out.csv"
    code, told = command("export_write_back", out, "--source", "erp")
    assert (code, told["lines"], told["files"]) == (0, 1, [str(out)])
    with out.open(encoding="utf-8") as stream:
        assert list(csv.reader(stream)) == [["Contact ID", "Email"], ["1", "ann@firm.com"]]
    assert command("write_back_status", "--source", "erp") == (0, status | {"exported": 1})

    firm.write_text(HEAD + ANN.replace("frim", "firm") + BO)
    command("import_erp", firm, "--source", "erp")
    assert command("write_back_status", "--source", "erp") == (0, status | {"confirmed": 1})


@pytest.mark.django_db
def test_what_a_file_cannot_carry_needs_a_person(firm, tmp_path):
    correct({"1": "=1+1@firm.com", "2": ""})
    code, told = command("export_write_back", tmp_path / "out.xlsx", "--source", "erp")

    assert code == 1
    assert [item["who"] for item in told["withheld"]] == ["Ann Lee"]
    assert [item["who"] for item in told["to_clear"]] == ["Bo Day"]


@pytest.mark.django_db
def test_a_file_that_cannot_be_written_loses_no_correction(firm, tmp_path):
    correct({"1": "ann@firm.com"})
    code, told = command("export_write_back", tmp_path / "no" / "out.csv", "--source", "erp")
    assert (code, told) == (2, {"error": f"There is no folder {tmp_path / 'no'}."})
    assert WriteBackLine.objects.get().state == "to_export"


@pytest.mark.django_db
def test_a_command_finishes_what_a_killed_one_left(source):
    run = preview(source, uploads_of(SAMPLE))
    job = applying.apply(run=run, actor=None, worker={"host": os.uname().nodename, "pid": DEAD})
    while not Contact.objects.exists():
        run_slice(str(job.pk), seconds=0.02)
    Job.objects.filter(pk=job.pk).update(state="running", lease_until="2999-01-01T00:00Z")
    assert not Invoice.objects.exists()

    code, told = command("import_erp", *SAMPLE, "--source", source.name)
    run.refresh_from_db()
    assert (code, run.state) == (0, "completed")
    assert all(
        counts["unchanged"] == file["rows"]
        for file in told["files"]
        for counts in file["entities"].values()
    )


@pytest.mark.django_db
def test_another_import_of_the_source_is_waited_for_by_hand(source, tmp_path):
    run = preview(source, [table("Contact ID|Contact|Customer ID|Email", "1|Ann|7|a@firm.com")])
    applying.apply(run=run, actor=None)
    file = tmp_path / "people.csv"
    file.write_text(HEAD + ANN)
    code, told = command("import_erp", file, "--source", source.name)

    assert code == 2
    assert told["error"].startswith("Another import of netsuite is under way.")
