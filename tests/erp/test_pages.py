"""What an import would change, how far it is, and what it did: the later pages."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacts.models import Contact, SourceRecord
from erp.actions import applying
from erp.actions.kept import columns_of
from erp.models import Import, StagedRow
from erp.rules.states import ImportState
from jobs.models import Job
from jobs.queue import cancel
from tests.erp.conftest import (
    apply,
    bring_in,
    correct,
    file_of,
    preview,
    send,
    table,
    text_of,
    work,
)

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}
HEAD = "Customer ID|Company Name|Contact ID|Contact|Email|Phone"
PEOPLE = [HEAD, "7|Firm|1|Ann Lee|ann@firm.com|111", "8|Other|2|Bo Day|bo@other.com|222"]


def test_unknown_accounts_and_missing_records_are_choices_of_the_preview(manager, source):
    rows = [f"7|Firm|{n}|Ann {n}|ann{n}@firm.com|{n}" for n in range(20)]
    bring_in(source, table(HEAD, *rows))
    run = preview(source, [table("Customer ID|Contact ID|Contact|Email", "9|77|Cy|x@new.com")])
    url = reverse("erp:preview", args=[run.pk])
    page = text_of(manager.get(url))
    assert '<input class="check" type="checkbox" name="create_customers" checked>' in page
    assert "Add 1 customer</b> that rows name and nobody knows" in page
    assert "Leaves 20 contacts: too few of them are here to be the whole list." in page

    manager.post(reverse("erp:apply", args=[run.pk]), {"holds": "all"})
    work()
    run.refresh_from_db()
    assert (run.create_customers, run.complete) == (False, True)
    assert run.rows.get().message == "The account number 9 is not known."
    assert SourceRecord.objects.exclude(missing_since=None).count() == 20


def test_rows_of_the_preview_are_shown_by_what_they_mean(manager, source):
    bring_in(source, table(*PEOPLE))
    correct({"2": "bo@right.com"})
    changed = ["7|Firm|1|Ann Lee|ann@firm.com|999", *PEOPLE[2:], "7|Firm|3|Cy Fox|cy@firm.com|3"]
    run = preview(source, [table(HEAD, *changed, "|||||555")])
    url = reverse("erp:preview", args=[run.pk])

    page = text_of(manager.get(url))
    assert "<del>111</del>" in page
    assert "<ins>999</ins>" in page
    page = text_of(manager.get(url, {"rows": "kept"}))
    assert "bo@right.com" in page
    assert "kept; the file has bo@other.com" in page
    page = text_of(manager.get(url, {"rows": "new"}))
    assert "Cy Fox" in page
    page = text_of(manager.get(url, {"rows": "error"}))
    assert "The row has neither an ID nor an email address nor a name." in page
    assert manager.get(url, {"rows": "nonsense"}).status_code == 200


def test_rows_with_errors_come_back_corrected_and_alone(manager):
    bad = "8|Other|4|Di Gray|di@other.com|=cmd()|more"
    send(manager, file_of(*PEOPLE, bad, "|||||555", '7|Firm|5|Ed "E" Poe|ed@firm.com|+1 555'))
    run = Import.objects.get()
    work()
    answer = manager.get(reverse("erp:rows", args=[run.pk, 0]))
    told = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert told[0] == [*HEAD.split("|"), "Import error", "Import error"]
    reason = "The row has 7 cells, the head has 6: more than the head."
    assert told[1] == ["8", "Other", "4", "Di Gray", "di@other.com", "'=cmd()", reason, "more"]
    assert told[2][:6] == ["", "", "", "", "", "555"]

    told[1][5], told[1][7], told[2][:5] = "333", "", ["9", "", "6", "Flo", "flo@ray.com"]
    text = io.StringIO()
    csv.writer(text).writerows(told)
    answer = send(manager, SimpleUploadedFile("corrected.csv", text.getvalue().encode()))
    later = Import.objects.latest("pk")
    assert answer["Location"] == reverse("erp:preview", args=[later.pk])
    work()
    later.refresh_from_db()
    assert later.counts["entities"]["contact"]["new"] == 2
    assert later.counts["errors"] == 0


def test_there_is_nothing_to_correct_in_a_file_without_errors(manager, source):
    run = preview(source, [table(*PEOPLE)])

    assert manager.get(reverse("erp:rows", args=[run.pk, 0])).status_code == 404
    assert manager.get(reverse("erp:rows", args=[run.pk, 5])).status_code == 404


def test_progress_is_polled_until_there_is_a_preview(manager):
    send(manager, file_of(*PEOPLE))
    run = Import.objects.get()
    url = reverse("erp:progress", args=[run.pk])
    assert manager.get(url, **HTMX).status_code == 200
    assert manager.get(url)["Location"] == reverse("erp:import", args=[run.pk])

    work()
    answer = manager.get(url, **HTMX)
    assert answer.status_code == 286
    assert answer["HX-Redirect"] == reverse("erp:preview", args=[run.pk])


def test_progress_of_an_import_ends_in_its_result(manager, source, people):
    run = preview(source, [table(*PEOPLE)])
    applying.apply(run=run, actor=people["manager"])
    url = reverse("erp:progress", args=[run.pk])
    page = manager.get(url, **HTMX)
    assert page.status_code == 200
    assert 'hx-trigger="every 2s"' in text_of(page)

    work()
    page = manager.get(url, **HTMX)
    assert page.status_code == 286
    assert "Import finished: 4 new, 0 changed" in text_of(page)
    assert "hx-trigger" not in text_of(page)


def test_a_reload_shows_progress_too(manager, source):
    run = preview(source, [table(*PEOPLE)])
    applying.apply(run=run, actor=None)
    page = text_of(manager.get(reverse("erp:import", args=[run.pk])))

    assert '<noscript><meta http-equiv="refresh" content="4"></noscript>' in page


def test_an_import_starts_once_however_often_the_button_is_pressed(manager, source):
    run = preview(source, [table(*PEOPLE)])
    url = reverse("erp:apply", args=[run.pk])
    for _ in range(3):
        answer = manager.post(url, {"create_customers": "on"})
        assert answer["Location"] == reverse("erp:import", args=[run.pk])

    assert Job.objects.filter(name="erp.apply").count() == 1


def test_two_imports_of_one_source_wait_for_each_other(manager, source):
    first, second = preview(source, [table(*PEOPLE)]), preview(source, [table(*PEOPLE)])
    manager.post(reverse("erp:apply", args=[first.pk]), {"create_customers": "on"})
    answer = manager.post(
        reverse("erp:apply", args=[second.pk]), {"create_customers": "on"}, follow=True
    )

    assert "Another import of netsuite is under way." in text_of(answer)
    second.refresh_from_db()
    assert second.state == ImportState.PREVIEWED


def test_a_stopped_import_can_be_undone(manager, source):
    run = preview(source, [table(*PEOPLE)])
    applying.apply(run=run, actor=None)
    manager.post(reverse("erp:stop", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == ImportState.CANCELLED
    page = text_of(manager.get(reverse("erp:import", args=[run.pk])))
    assert "Import stopped before its end" in page

    work()
    manager.post(reverse("erp:undo", args=[run.pk]))
    work()
    run.refresh_from_db()
    assert run.state == ImportState.UNDONE


def test_undo_says_what_it_did_and_what_it_left(manager, source, people):
    bring_in(source, table(*PEOPLE))
    changed = [HEAD, "7|Firm|1|Ann Lee|ann@firm.com|999", "8|Other|2|Bo Day|bo@other.com|888"]
    run = bring_in(source, table(*changed))
    correct({"2": "777"}, "phone")
    answer = manager.post(reverse("erp:undo", args=[run.pk]))
    assert "Undoing the import of" in text_of(manager.get(answer["Location"]))

    work()
    page = text_of(manager.get(answer["Location"]))
    assert "1 value restored, 0 rows removed, 1 left" in page
    answer = manager.post(reverse("erp:undo", args=[run.pk]), follow=True)
    assert "This import cannot be undone now" in text_of(answer)


def test_an_import_that_fell_can_go_on(manager, source):
    run = preview(source, [table(*PEOPLE)])
    job = applying.apply(run=run, actor=None)
    Job.objects.filter(pk=job.pk).update(state="failed", error="This stopped because of a fault.")
    url = reverse("erp:import", args=[run.pk])
    page = text_of(manager.get(url))
    assert "The import stopped half-way" in page
    assert "This stopped because of a fault." in page

    manager.post(reverse("erp:go_on", args=[run.pk]))
    work()
    assert "Import finished: 4 new, 0 changed" in text_of(manager.get(url))
    answer = manager.post(reverse("erp:go_on", args=[run.pk]), follow=True)
    assert "There is nothing to go on with." in text_of(answer)


def test_reading_that_fell_can_go_on(manager):
    send(manager, file_of(*PEOPLE))
    run = Import.objects.get()
    Job.objects.update(state="failed", error="This stopped because of a fault.")
    page = text_of(manager.get(reverse("erp:preview", args=[run.pk])))
    assert "Reading the files stopped" in page

    manager.post(reverse("erp:go_on", args=[run.pk]))
    work()
    run.refresh_from_db()
    assert run.state == ImportState.PREVIEWED


def test_an_import_can_be_dropped_until_it_starts(manager, source):
    run = preview(source, [table(*PEOPLE)])
    manager.post(reverse("erp:discard", args=[run.pk]))
    assert not Import.objects.exists()
    assert not StagedRow.objects.exists()

    run = bring_in(source, table(*PEOPLE))
    answer = manager.post(reverse("erp:discard", args=[run.pk]), follow=True)
    assert "This import was started already. Undo it instead." in text_of(answer)
    assert Import.objects.exists()


def test_columns_cannot_be_changed_once_the_import_has_started(manager, source):
    run = preview(source, [table(*PEOPLE)])
    apply(run)
    answer = manager.get(reverse("erp:match", args=[run.pk]))
    assert answer["Location"] == reverse("erp:import", args=[run.pk])


def test_the_columns_of_a_preview_can_still_be_changed(manager, source):
    run = preview(source, [table(*PEOPLE)])
    fields = [column.field for column in columns_of(run.files[0])]
    chosen = {f"column-0-{at}": field for at, field in enumerate(fields)} | {"column-0-5": ""}
    manager.post(reverse("erp:match", args=[run.pk]), chosen)
    work()
    apply(Import.objects.get())

    assert set(Contact.objects.values_list("phone", flat=True)) == {""}


def test_the_list_of_imports_says_who_when_and_how_it_ended(manager, source, people):
    page = text_of(manager.get(reverse("erp:imports")))
    assert "Nothing was imported yet" in page

    apply(preview(source, [table(*PEOPLE, name="march.csv")], actor=people["manager"]))
    preview(source, [table(*PEOPLE, name="april.csv")])
    cancel(Job.objects.latest("created_at"))
    page = text_of(manager.get(reverse("erp:imports")))
    for words in ("march.csv", "april.csv", "manager", "Command line", "Done", "Waits for your go"):
        assert words in page


def test_what_people_typed_into_a_file_is_shown_as_text(manager, source):
    run = preview(
        source,
        [table(HEAD, "7|Firm|1|Ann|<script>alert(1)</script>|<b>1</b>", name="<i>.csv")],
    )
    page = manager.get(reverse("erp:preview", args=[run.pk]), {"rows": "new"}).content.decode()

    assert "<script>alert" not in page
    assert "<i>.csv" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
