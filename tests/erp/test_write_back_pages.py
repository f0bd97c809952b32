"""The ledger of corrections: what waits, what left, what a person decides or types in."""

import csv
import io

import pytest
from django.urls import reverse

from accounts.actions import add_staff, sync_roles
from accounts.rules.roles import Role
from contacts.actions.undoing import undo
from contacts.models import ChangeSet, Contact
from erp.actions.exporting import export
from erp.models import WriteBackBatch, WriteBackLine
from tests.erp.conftest import bring_in, correct, table, text_of

pytestmark = pytest.mark.django_db

HEAD = "Contact ID|Role|Contact|Customer ID|Email|Inactive"
ANN, BO = "1|x|Ann Lee|7|ann@frim.com|No", "2|y|Bo Day|7|bo@frim.com|No"


@pytest.fixture
def reviewer(client, db):
    sync_roles()
    person = add_staff(
        username="rita",
        email="rita@ours.example",
        password="three plain words",
        roles=[Role.REVIEWER],
    )
    client.force_login(person)
    return client


@pytest.fixture
def firm(source):
    bring_in(source, table(HEAD, ANN, BO))
    return source


def states():
    return dict(WriteBackLine.objects.order_by("pk").values_list("new", "state"))


def test_before_the_first_import_the_page_says_what_it_is_for(reviewer):
    page = text_of(reviewer.get(reverse("erp:write_back")))

    assert "Nothing was imported yet" in page


def test_without_corrections_there_is_nothing_to_export(reviewer, firm):
    page = text_of(reviewer.get(reverse("erp:write_back")))

    assert "No fixes to write back" in page
    assert "Export" not in page.partition("<main")[2].partition("<dl")[0]


def test_corrections_leave_as_a_batch_that_can_be_downloaded_again(reviewer, firm):
    correct({"1": "ann@firm.com", "2": "bo@firm.com"})
    page = text_of(reviewer.get(reverse("erp:write_back")))
    assert "2 fixes are not yet in the ERP" in page
    assert "Export 2 fixes" in page

    answer = reviewer.post(reverse("erp:export", args=[firm.pk]), {"format": "csv"})
    batch = WriteBackBatch.objects.get()
    assert answer["Location"] == reverse("erp:batch", args=[batch.pk])
    assert f"Batch {batch.pk}: 2 fixes for netsuite" in text_of(reviewer.get(answer["Location"]))
    for _ in range(2):
        file = reviewer.get(reverse("erp:download", args=[batch.pk, "contacts"]))
        content = file.content.decode()
        assert list(csv.reader(io.StringIO(content))) == [
            ["Contact ID", "Email"],
            ["1", "ann@firm.com"],
            ["2", "bo@firm.com"],
        ]
    name = f'attachment; filename="corrections-{batch.pk}-contacts.csv"'
    assert file["Content-Disposition"] == name
    page = text_of(reviewer.get(reverse("erp:write_back")))
    assert "Every fix has left for the ERP" in page
    assert "2 waiting for the next import" in page


def test_corrections_can_leave_as_a_workbook(reviewer, firm):
    correct({"1": "ann@firm.com"})
    reviewer.post(reverse("erp:export", args=[firm.pk]), {"format": "xlsx"})

    assert WriteBackBatch.objects.get().format == "xlsx"


def test_the_five_states_are_counted_and_listed(reviewer, firm):
    correct({"1": "ann@firm.com", "2": "bo@firm.com"})
    export(source=firm, actor=None)
    bring_in(firm, table(HEAD, ANN, BO.replace("bo@frim.com", "info@firm.com")))
    correct({"1": "ann.lee@firm.com"})
    url = reverse("erp:write_back")

    page = text_of(reviewer.get(url))
    for words in ("Conflict", "To export", "The ERP now has info@firm.com"):
        assert words in page
    assert "ann.lee@" not in text_of(reviewer.get(url, {"state": "conflict"}))
    assert "lee" in text_of(reviewer.get(url, {"state": "to_export"}))
    assert "No corrections here" in text_of(reviewer.get(url, {"state": "confirmed"}))
    assert reviewer.get(url, {"state": "nonsense", "source": "x"}).status_code == 200


def test_a_correction_can_be_withdrawn(reviewer, firm):
    correct({"1": "ann@firm.com"})
    line = WriteBackLine.objects.get()
    answer = reviewer.post(reverse("erp:withdraw", args=[line.pk]), follow=True)
    assert "Withdrawn. The value here stays as it is." in text_of(answer)
    assert states() == {"ann@firm.com": "withdrawn"}

    answer = reviewer.post(reverse("erp:withdraw", args=[line.pk]), follow=True)
    assert "has left for the ERP, or has come to its end" in text_of(answer)


def test_what_no_file_can_carry_is_typed_in_by_hand(reviewer, firm):
    correct({"1": "=1+1@firm.com", "2": ""})
    export(source=firm, actor=None)
    page = text_of(reviewer.get(reverse("erp:write_back")))
    assert "Withheld from the file" in page
    assert "as a formula. Type it in by hand." in page
    assert "Clear by hand in the ERP" in page

    line = WriteBackLine.objects.get(state="to_export")
    reviewer.post(reverse("erp:typed_in", args=[line.pk]))
    assert states() == {"=1+1@firm.com": "exported", "": "exported"}
    assert "Withheld from the file" not in text_of(reviewer.get(reverse("erp:write_back")))


@pytest.fixture
def conflicts(firm):
    """Both corrections left, and the ERP came back with third values."""
    correct({"1": "ann@firm.com", "2": "bo@firm.com"})
    export(source=firm, actor=None)
    third = [ANN.replace("ann@frim.com", "a.lee@firm.com"), BO.replace("bo@frim.com", "")]
    return bring_in(firm, table(HEAD, *third))


def choices(**chosen):
    """Answers to the conflicts: ours or theirs by the first name."""
    data = {}
    for name, choice in chosen.items():
        contact = Contact.objects.get(first_name=name)
        record = contact.records.get()
        data[f"choice-{record.pk}-email"] = choice
        data[f"seen-{record.pk}-email"] = record.base.get("email", "")
    return data


@pytest.mark.parametrize("page", ["import", "write_back"])
def test_a_person_decides_conflicts_on_either_page(client, page, conflicts, reviewer):
    person = add_staff(
        username="max", email="max@ours.example", password="three plain words", roles=[Role.MANAGER]
    )
    client.force_login(person)
    urls = {
        "import": reverse("erp:conflicts", args=[conflicts.pk]),
        "write_back": reverse("erp:write_back_conflicts"),
    }
    shown = text_of(client.get(urls[page]))
    for value in ("ann@frim.com", "ann@firm.com", "a.lee@firm.com", "(blank)"):
        assert value in shown

    answer = client.post(urls[page], choices(Ann="theirs", Bo="ours"), follow=True)
    assert "1 of ours kept, 1 changed here." in text_of(answer)
    emails = dict(Contact.objects.values_list("first_name", "email"))
    assert emails == {"Ann": "a.lee@firm.com", "Bo": "bo@firm.com"}
    assert states() == {"ann@firm.com": "withdrawn", "bo@firm.com": "to_export"}
    for url in urls.values():
        assert "No conflicts are left" in text_of(client.get(url))
    assert export(source=conflicts.source, actor=None).lines == 1


def test_what_was_taken_from_the_erp_can_be_undone(reviewer, conflicts):
    reviewer.post(reverse("erp:write_back_conflicts"), choices(Ann="theirs"))
    undo(change_set=ChangeSet.objects.latest("pk"), actor=None)

    assert Contact.objects.get(first_name="Ann").email == "ann@firm.com"
    assert WriteBackLine.objects.get(state="to_export").old == "a.lee@firm.com"


def test_a_choice_about_an_older_value_is_left(reviewer, conflicts):
    data = choices(Ann="theirs")
    bring_in(conflicts.source, table(HEAD, ANN.replace("ann@frim.com", "lee@firm.com")))
    answer = reviewer.post(reverse("erp:write_back_conflicts"), data, follow=True)

    assert "1 left: the ERP’s value has changed" in text_of(answer)
    assert Contact.objects.get(first_name="Ann").email == "ann@firm.com"


def test_nothing_decided_changes_nothing(reviewer, conflicts):
    answer = reviewer.post(
        reverse("erp:write_back_conflicts"), {"choice-x-email": "ours"}, follow=True
    )

    assert "Nothing was decided: choose a value first." in text_of(answer)
    assert set(states().values()) == {"conflict"}
