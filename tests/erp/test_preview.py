"""Looking through a preview and a result: searching, downloading, correcting, what undo left."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacts.models import Contact
from erp.actions.receiving import Upload
from erp.models import Import
from tests.erp.conftest import (
    MALFORMED,
    ROOT,
    apply,
    bring_in,
    correct,
    preview,
    send,
    table,
    text_of,
    work,
)

pytestmark = pytest.mark.django_db

HOSTILE = ROOT / "tests" / "data" / "hostile" / "contacts_hostile.csv"
HEAD = "Customer ID|Company Name|Contact ID|Contact|Email|Phone"
PEOPLE = ["7|Firm|1|Ann Lee|ann@firm.com|111", "8|Other|2|Zoë Day|zoe@other.com|222"]
CHANGED = ["7|Firm|1|Ann Lee|ann@firm.com|999", "8|Other|2|Zoë Day|zoe@other.com|888"]


def found(client, run, page="erp:preview", **query):
    shown = client.get(reverse(page, args=[run.pk]), query).context["shown"]
    return [row.who for row in shown.rows]


def downloaded(client, run, kind, **query):
    answer = client.get(reverse("erp:kind_rows", args=[run.pk, kind]), query)
    assert answer.status_code == 200
    content = b"".join(answer).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


@pytest.fixture
def changed(source):
    bring_in(source, table(HEAD, *PEOPLE))
    return preview(source, [table(HEAD, *CHANGED, "9|New|3|Cy Fox|cy@new.com|3", "|||||5")])


@pytest.mark.parametrize(
    ("words", "names"),
    [("ann", ["Ann Lee"]), ("ZOE@", ["Zoë Day"]), ("Zoë", ["Zoë Day"]), ("999", ["Ann Lee"]),
     ("8", ["Zoë Day"]), ("nobody", [])],
)  # fmt: skip
def test_a_preview_is_searched_by_name_account_address_and_value(manager, changed, words, names):
    shown = found(manager, changed, rows="changed", q=words)

    assert shown == names or set(names) <= set(shown)


def test_a_search_that_finds_nothing_says_so(manager, changed):
    url = reverse("erp:preview", args=[changed.pk])
    page = text_of(manager.get(url, {"rows": "new", "q": "<b>"}))

    assert "No row of this kind holds “&lt;b&gt;”." in page


def test_errors_are_searched_too(manager, changed):
    assert len(found(manager, changed, rows="error", q="neither an ID")) == 1
    assert found(manager, changed, rows="error", q="something else") == []


def test_every_kind_of_a_preview_can_be_downloaded(manager, changed):
    rows = downloaded(manager, changed, "changed")
    assert [(r["Record"], r["Field"], r["Here now"], r["In the file"]) for r in rows] == [
        ("Ann Lee", "Phone", "111", "999"),
        ("Zoë Day", "Phone", "222", "888"),
    ]
    assert [row["Record"] for row in downloaded(manager, changed, "changed", q="ann")] == [
        "Ann Lee"
    ]
    new = {row["Record"] for row in downloaded(manager, changed, "new")}
    assert "Cy Fox" in new
    (error,) = downloaded(manager, changed, "error")
    assert error["Reason"].startswith("The row has neither")
    for kind in ("kept", "conflict", "unchanged", "missing"):
        downloaded(manager, changed, kind)
    assert manager.get(reverse("erp:kind_rows", args=[changed.pk, "x"])).status_code == 404


def test_what_an_import_created_and_marked_missing_is_listed_after_it(manager, source):
    bring_in(source, table(HEAD, *PEOPLE))
    run = bring_in(source, table(HEAD, PEOPLE[0], "9|New|3|Cy Fox|cy@new.com|3"), complete=True)

    assert set(found(manager, run, "erp:import", rows="new")) == {"Cy Fox", "New"}
    assert found(manager, run, "erp:import", rows="new", q="cy") == ["Cy Fox"]
    assert found(manager, run, "erp:import", rows="missing") == ["Zoë Day"]
    assert [row["Record"] for row in downloaded(manager, run, "missing")] == ["Zoë Day"]


def test_undo_lists_what_it_left_and_why(manager, source):
    bring_in(source, table(HEAD, *PEOPLE))
    run = bring_in(source, table(HEAD, *CHANGED, "9|New|3|Cy Fox|cy@new.com|3"))
    correct({"2": "777"}, "phone")
    correct({"3": "555"}, "phone")
    manager.post(reverse("erp:undo", args=[run.pk]))
    work()
    page = text_of(manager.get(reverse("erp:import", args=[run.pk])))

    assert "Left as it is" in page
    assert "Edited since; now “777”." in page
    assert "It was used since: edited, mailed, or others stand below it." in page
    assert "Ann Lee</a></td><td class" not in page


def test_a_broken_line_comes_back_whole_and_in_its_columns(manager, source):
    long = "x" * 600
    text = f'{HEAD.replace("|", ",")}\n7,Firm,1,"Ann Lee,a@firm.com,{long}\n7,Firm,2,Bo,b@x.com,2\n'
    run = preview(source, [Upload("broken.csv", io.BytesIO(text.encode()))])
    answer = manager.get(reverse("erp:rows", args=[run.pk, 0]))
    head, row = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert row[:6] == ["7", "Firm", "1", "Ann Lee", "a@firm.com", long]
    assert "never closed" in row[head.index("Import error")]


def test_rows_to_correct_keep_a_value_that_starts_like_a_formula(manager, source):
    bad = "7|Firm|1|=Ann|ann@firm.com|1|one too many"
    run = preview(source, [table(HEAD, bad)])
    answer = manager.get(reverse("erp:rows", args=[run.pk, 0]))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][3] == "'=Ann"
    rows[1][7] = ""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    apply(preview(source, [Upload("corrected.csv", io.BytesIO(text.getvalue().encode()))]))

    assert str(Contact.objects.get()) == "=Ann"


def test_the_time_that_is_left_is_told_while_an_import_runs(manager, source):
    from django.utils import timezone  # noqa: PLC0415 - beside its only use

    from erp.actions import applying  # noqa: PLC0415 - likewise
    from jobs.models import Job  # noqa: PLC0415 - likewise

    run = preview(source, [table(HEAD, *PEOPLE)])
    job = applying.apply(run=run, actor=None)
    began = timezone.now() - timezone.timedelta(seconds=30)
    Job.objects.filter(pk=job.pk).update(state="running", started_at=began, done=50, total=100)

    page = text_of(manager.get(reverse("erp:import", args=[run.pk])))
    assert "50% · about 30 seconds left" in page


def every_page(client, url, **query):
    """A list to its end, as somebody sees it who goes on and on."""
    told = []
    while True:
        answer = client.get(url, query)
        told.append(answer.content.decode())
        shown = (
            answer.context["shown"].page if "shown" in answer.context else (answer.context["page"])
        )
        if not shown.after:
            return told
        query = query | {"after": shown.after}


def test_hostile_rows_are_shown_as_text_on_every_page(manager, source):
    run = preview(source, [Upload("hostile.csv", io.BytesIO(HOSTILE.read_bytes()))])
    told = [manager.get(reverse("erp:match", args=[run.pk])).content.decode()]
    told += every_page(manager, reverse("erp:preview", args=[run.pk]), rows="new")
    apply(run)
    correct({str(88000 + n): f"fixed{n}@rivermill-tools.com" for n in range(32)})
    told += every_page(manager, reverse("erp:import", args=[run.pk]), rows="new")
    told += every_page(manager, reverse("erp:write_back"))
    told += [manager.get(reverse("erp:imports")).content.decode()]
    odd = Contact.objects.filter(last_name__contains="(1)") | Contact.objects.filter(
        email__contains="<"
    )
    told += [manager.get(f"/contacts/{row.pk}/edit/").content.decode() for row in odd]
    assert odd.exists()
    for page in told:
        for tag in ("<script>alert", "<img src=x", "<svg/onload"):
            assert tag not in page


def test_hostile_rows_leave_harmless_as_corrections_and_as_a_list_of_rows(manager, source):
    from erp.actions.exporting import export  # noqa: PLC0415 - beside its only use
    from erp.rules.writing import is_risky  # noqa: PLC0415 - likewise

    run = preview(source, [Upload("hostile.csv", io.BytesIO(HOSTILE.read_bytes()))])
    for row in downloaded(manager, run, "new"):
        assert not any(cell.lstrip()[:1] in ("=", "@") for cell in row.values() if cell)
    apply(run)
    source.refresh_from_db()
    correct({str(88000 + n): f"fixed{n}@rivermill-tools.com" for n in range(32)})
    done = export(source=source, actor=None)
    rows = list(csv.reader(io.StringIO(done.contacts.decode())))
    assert len(rows) > 1
    assert not any(is_risky(cell) for row in rows for cell in row)


def test_a_file_without_column_names_is_asked_about_and_read_by_letters(manager):
    file = SimpleUploadedFile("no_header.csv", (MALFORMED / "no_header.csv").read_bytes())
    answer = send(manager, file)
    run = Import.objects.get()
    assert answer["Location"] == reverse("erp:match", args=[run.pk])
    assert "where are the column names?" in text_of(manager.get(answer["Location"]))

    answer = manager.post(
        reverse("erp:reopen", args=[run.pk, 0]), {"headless": "on", "entity": "contact"}
    )
    page = text_of(manager.get(answer["Location"]))
    assert "Column A" in page
    assert "Continue to preview" in page
    run.refresh_from_db()
    columns = run.files[0]["columns"]
    at = next(n for n, column in enumerate(columns) if column["field"] == "contact.email")
    chosen = {f"column-0-{n}": "" for n in range(len(columns))} | {
        "column-0-0": "contact.account",
        f"column-0-{at}": "contact.email",
    }
    manager.post(reverse("erp:match", args=[run.pk]), chosen)
    work()
    run.refresh_from_db()
    assert run.counts["entities"]["contact"]["new"] > 0


def test_another_sheet_of_a_workbook_can_be_read(manager):
    from erp.resources import CSV  # noqa: F401, PLC0415 - the format that this is not

    content = workbook({"Old": [HEAD, *PEOPLE, *CHANGED], "New": [HEAD, PEOPLE[0]]})
    send(manager, SimpleUploadedFile("two.xlsx", content))
    run = Import.objects.get()
    url = reverse("erp:match", args=[run.pk])
    work()
    page = text_of(manager.get(url))
    assert "Read this sheet" in page
    assert run.files[0]["format"] == "XLSX, sheet Old"
    manager.post(reverse("erp:reopen", args=[run.pk, 0]), {"sheet-0": "New"})
    run.refresh_from_db()
    assert run.files[0]["format"] == "XLSX, sheet New"


def workbook(sheets):
    from openpyxl import Workbook  # noqa: PLC0415 - beside its only use

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row.split("|"))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_file_that_is_certain_is_not_asked_about(manager):
    send(manager, SimpleUploadedFile("a.csv", b"Account number,Email\n7,a@firm.com\n"))
    run = Import.objects.get()

    answer = manager.post(reverse("erp:reopen", args=[run.pk, 5]), {"headless": "on"})
    assert answer.status_code == 404
