"""The import's pages as a browser without script and with script sees them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacts.models import Contact, Customer, Source
from erp.models import Import
from erp.rules.states import ImportState
from jobs.models import Job
from tests.erp.conftest import MALFORMED, SAMPLE, file_of, send, text_of, work

pytestmark = pytest.mark.django_db

HEAD = "Customer ID|Company Name|Contact ID|Contact|Email|Phone"
PEOPLE = [HEAD, "7|Firm|1|Ann Lee|ann@firm.com|111", "8|Other|2|Bo Day|bo@other.com|222"]
ODD = ["Whatever|Contact name|Adr", "7|Ann Lee|ann@firm.com"]


def test_a_list_comes_in_by_browser_from_the_upload_to_the_result(manager):
    answer = send(manager, *(SimpleUploadedFile(p.name, p.read_bytes()) for p in SAMPLE))
    run = Import.objects.get()
    assert answer["Location"] == reverse("erp:preview", args=[run.pk])
    assert "Waiting for its turn" in text_of(manager.get(answer["Location"]))

    work()
    page = text_of(manager.get(reverse("erp:preview", args=[run.pk])))
    assert "Preview: 5,138 changes, nothing saved yet" in page
    assert "Import 5,138 changes" in page
    assert "1,538 contacts, 600 customers, 3,000 invoices" in page
    assert not Customer.objects.exists()

    answer = manager.post(reverse("erp:apply", args=[run.pk]), {"create_customers": "on"})
    assert answer["Location"] == reverse("erp:import", args=[run.pk])
    assert "Importing 5,138 changes" in text_of(manager.get(answer["Location"]))

    work()
    page = text_of(manager.get(answer["Location"]))
    assert "Import finished: 5,138 new, 0 changed" in page
    assert (Customer.objects.count(), Contact.objects.count()) == (600, 1538)


def test_columns_that_are_not_certain_are_shown_and_corrected(manager):
    answer = send(manager, file_of(*ODD))
    run = Import.objects.get()
    url = reverse("erp:match", args=[run.pk])
    assert answer["Location"] == url
    page = text_of(manager.get(url))
    assert "ann@firm.com" in page
    assert "No match found" in page
    assert "Values are addresses" in page

    chosen = {"column-0-0": "contact.account", "column-0-1": "", "column-0-2": "contact.email"}
    answer = manager.post(url, chosen | {"remember-0": "on"})
    assert answer["Location"] == reverse("erp:preview", args=[run.pk])
    work()
    manager.post(reverse("erp:apply", args=[run.pk]), {"create_customers": "on"})
    work()

    again = send(manager, file_of(*ODD))
    later = Import.objects.latest("pk")
    assert again["Location"] == reverse("erp:preview", args=[later.pk])
    work()
    assert "your saved mapping" in text_of(manager.get(reverse("erp:match", args=[later.pk])))


def test_what_was_chosen_is_not_remembered_when_that_was_not_wanted(manager, source):
    send(manager, file_of(*ODD), source=source.name)
    run = Import.objects.get()
    chosen = {"column-0-0": "contact.account", "column-0-2": "contact.email"}
    manager.post(reverse("erp:match", args=[run.pk]), chosen)
    work()
    manager.post(reverse("erp:apply", args=[run.pk]), {"create_customers": "on"})
    work()

    source.refresh_from_db()
    assert Contact.objects.get().customer.account_number == "7"
    assert source.mappings == {}


def test_a_column_that_cannot_be_done_without_is_asked_for(manager):
    send(manager, file_of(*ODD))
    run = Import.objects.get()
    answer = manager.post(reverse("erp:match", args=[run.pk]), {"column-0-0": "contact.account"})

    assert answer.status_code == 422
    asked = "Which column holds the contact id or email address?"
    assert asked in text_of(answer)
    assert not Job.objects.exists()


def test_two_columns_cannot_go_to_one_field(manager):
    send(manager, file_of("Cust|Tel 1|Adr", "7|1|ann@firm.com"))
    run = Import.objects.get()
    chosen = {"column-0-0": "customer.phone", "column-0-1": "customer.phone"}
    answer = manager.post(
        reverse("erp:match", args=[run.pk]), chosen | {"column-0-2": "customer.email"}
    )

    assert answer.status_code == 422
    assert "Two columns go to “Customer’s phone”. Keep one of them" in text_of(answer)


def test_a_field_that_does_not_exist_is_refused(manager):
    send(manager, file_of(*ODD))
    run = Import.objects.get()
    answer = manager.post(
        reverse("erp:match", args=[run.pk]), {"column-0-2": "contact.portal_stage"}
    )

    assert answer.status_code == 422
    run.refresh_from_db()
    assert run.state == ImportState.UPLOADED


def test_a_list_can_be_matched_as_something_else(manager):
    send(manager, file_of(*ODD))
    run = Import.objects.get()
    manager.post(reverse("erp:rematch", args=[run.pk, 0]), {"entity-0": "customer"})

    run.refresh_from_db()
    assert run.files[0]["entity"] == "customer"
    assert manager.post(reverse("erp:rematch", args=[run.pk, 9])).status_code == 404


def test_a_file_that_cannot_be_read_says_why_and_stops_no_other(manager):
    junk = SimpleUploadedFile("photo.csv", (MALFORMED / "png_named.csv").read_bytes())
    answer = send(manager, junk, file_of(*PEOPLE))
    run = Import.objects.get()
    work()
    page = text_of(manager.get(answer["Location"]))

    assert "Preview: 4 changes, nothing saved yet" in page
    assert "photo.csv</b> was not read. This is a picture (PNG), not a list." in page
    assert [facts["status"] for facts in run.files] == ["refused", "waiting"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("empty.csv", "The file is empty."),
        ("password_protected.xlsx", "This workbook is protected by a password."),
        ("zip_bomb.xlsx", "The workbook would unpack to 171 MB"),
        ("legacy.xls", "This is an old Excel file (.xls). Save it as XLSX or CSV."),
    ],
)
def test_when_no_file_can_be_read_nothing_is_kept(manager, name, sentence):
    answer = send(manager, SimpleUploadedFile(name, (MALFORMED / name).read_bytes()), source="new")

    assert answer.status_code == 422
    assert f"{name}</b> was not read. {sentence}" in text_of(answer)
    assert not Import.objects.exists()
    assert not Source.objects.exists()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(manager, settings, tmp_path):
    settings.MAX_IMPORT_BYTES = 1024 * 1024
    settings.MEDIA_ROOT = tmp_path
    answer = send(manager, SimpleUploadedFile("big.csv", b"a,b\n" + b"1,2\n" * 400_000))

    assert answer.status_code == 422
    assert "The file is larger than 1 MB. Split it." in text_of(answer)
    assert list(tmp_path.rglob("*.csv")) == []


def test_an_upload_without_a_file_or_a_name_says_what_to_do(manager):
    answer = manager.post(reverse("erp:upload"), {"source": " "})

    assert answer.status_code == 422
    page = text_of(answer)
    assert "Choose at least one file, CSV or Excel" in page
    assert "Give the source a name, such as ERP" in page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("entity", ["customer", "contact", "invoice"])
def test_a_sample_file_is_read_without_a_question(manager, entity, kind):
    answer = manager.get(reverse("erp:sample", args=[entity, kind]))
    name = f"sample-{entity}s.{kind}"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    answer = send(manager, SimpleUploadedFile(name, answer.content))
    run = Import.objects.get()
    assert answer["Location"] == reverse("erp:preview", args=[run.pk])
    work()
    run.refresh_from_db()
    assert run.counts["entities"][entity]["new"] == 2
    assert run.counts["errors"] == 0


def test_there_are_no_samples_of_other_things(manager):
    assert manager.get(reverse("erp:sample", args=["user", "csv"])).status_code == 404
    assert manager.get(reverse("erp:sample", args=["contact", "exe"])).status_code == 404
