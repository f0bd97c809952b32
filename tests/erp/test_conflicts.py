"""Deciding where both sides have changed: alike for many, otherwise for one, and back again."""

import pytest
from django.urls import reverse

from contacts.actions.changes import Edit, edit_contacts, open_change_set
from contacts.models import Change, ChangeSet, Contact
from contacts.rules.words import ChangeKind
from erp.actions import conflicts as deciding
from erp.actions.conflicts import Choice, settle, settle_all
from erp.actions.exporting import export
from erp.models import ImportRow, WriteBackLine
from jobs.models import Job
from jobs.queue import run_now
from jobs.rules.state import JobState
from tests.erp.conftest import bring_in, correct, table, text_of

pytestmark = pytest.mark.django_db

HEAD = "Contact ID|Contact|Customer ID|Email|Phone"
PEOPLE = [f"{n}|Ann A{n}|7|a{n}@frim.com|100{n}" for n in (1, 2, 3)]
LATER = [f"{n}|Ann A{n}|7|third{n}@firm.com|300{n}" for n in (1, 2, 3)]


@pytest.fixture
def run(source):
    """Three people whose email and phone were corrected here and changed in the ERP since."""
    bring_in(source, table(HEAD, *PEOPLE))
    correct({str(n): f"ours{n}@firm.com" for n in (1, 2, 3)})
    correct({str(n): f"200{n}" for n in (1, 2, 3)}, "phone")
    return bring_in(source, table(HEAD, *LATER))


def here(field="email"):
    return list(Contact.objects.order_by("last_name").values_list(field, flat=True))


def states(field="email"):
    lines = WriteBackLine.objects.filter(field=field).order_by("record__key", "pk")
    return list(lines.values_list("state", flat=True))


def open_conflicts(run):
    return sorted((d.field, d.ours) for d in deciding.disputes(deciding.open_rows(run)))


def choice(n, field="email", **more):
    record = Contact.objects.get(last_name=f"A{n}").records.get()
    return Choice(record.pk, field, record.base[field], **more)


def test_one_field_is_taken_for_everybody_and_the_other_stays_open(manager, run):
    url = reverse("erp:conflicts", args=[run.pk])
    page = text_of(manager.get(url))
    assert "6 conflicts: both sides changed" in page
    page = text_of(manager.get(url, {"field": "contact.phone"}))
    assert "Take all 3 from the file: phone" in page
    assert "ours1@firm.com" not in page

    answer = manager.post(
        reverse("erp:conflicts_all", args=[run.pk]), {"all": "theirs", "field": "contact.phone"}
    )
    assert answer["Location"] == url
    assert here("phone") == ["3001", "3002", "3003"]
    assert states("phone") == ["withdrawn"] * 3
    assert [name for name, _ in open_conflicts(run)] == ["email"] * 3


def test_all_of_ours_are_kept_at_once_and_go_out_again(manager, run):
    manager.post(reverse("erp:conflicts_all", args=[run.pk]), {"all": "ours", "field": ""})
    assert here() == ["ours1@firm.com", "ours2@firm.com", "ours3@firm.com"]
    assert set(WriteBackLine.objects.values_list("state", flat=True)) == {"to_export"}
    olds = WriteBackLine.objects.filter(field="email").order_by("pk").values_list("old", flat=True)
    assert list(olds) == ["third1@firm.com", "third2@firm.com", "third3@firm.com"]
    assert "No conflicts are left" in text_of(manager.get(reverse("erp:conflicts", args=[run.pk])))


def test_a_third_value_outweighs_the_choice_beside_it_and_goes_to_the_erp(manager, run):
    record = Contact.objects.get(last_name="A1").records.get()
    typed = {
        f"seen-{record.pk}-email": "third1@firm.com",
        f"choice-{record.pk}-email": "theirs",
        f"other-{record.pk}-email": " right@firm.com ",
    }
    manager.post(reverse("erp:conflicts", args=[run.pk]), typed)

    assert here()[0] == "right@firm.com"
    line = WriteBackLine.objects.get(record=record, field="email", state="to_export")
    assert (line.old, line.new) == ("third1@firm.com", "right@firm.com")
    assert ("email", "ours1@firm.com") not in open_conflicts(run)


def test_decisions_are_undone_and_asked_again(manager, people, run):
    before = open_conflicts(run)
    done = settle(
        choices=[choice(1), choice(2, take_theirs=True), choice(3, other="x@firm.com")],
        actor=people["manager"],
    )
    assert (done.kept, done.taken) == (1, 2)
    assert len(open_conflicts(run)) == 3
    answer = manager.post(
        reverse("erp:conflicts_undo", args=[run.pk, done.change_set.pk]), follow=True
    )

    assert "Undone: 3 conflicts wait again." in text_of(answer)
    assert open_conflicts(run) == before
    waiting = WriteBackLine.objects.filter(field="email").exclude(state="withdrawn")
    assert sorted(waiting.values_list("state", "old", "new", "theirs")) == [
        ("conflict", f"a{n}@frim.com", f"ours{n}@firm.com", f"third{n}@firm.com") for n in (1, 2, 3)
    ]
    again = manager.post(reverse("erp:conflicts_undo", args=[run.pk, done.change_set.pk]))
    assert again.status_code == 404


def test_what_has_left_or_was_edited_since_is_not_asked_again(people, source, run):
    done = settle(choices=[choice(1), choice(2, take_theirs=True)], actor=people["manager"])
    export(source=source, actor=None)
    change_set = open_change_set(kind=ChangeKind.EDIT, label="Later", actor=None)
    edit = Edit(Contact.objects.get(last_name="A2").pk, "email", "newer@firm.com")
    edit_contacts(edits=[edit], change_set=change_set)
    deciding.take_back(change_set=done.change_set, actor=people["manager"])

    assert here()[1] == "newer@firm.com"
    assert WriteBackLine.objects.get(new="ours1@firm.com").state == "exported"
    assert ("email", "newer@firm.com") not in open_conflicts(run)


def test_nobody_takes_another_persons_decision_back(manager, people, run):
    done = settle(choices=[choice(1)], actor=people["reviewer"])
    answer = manager.post(reverse("erp:conflicts_undo", args=[run.pk, done.change_set.pk]))

    assert answer.status_code == 404


def test_a_kept_value_is_on_record_as_kept(people, run):
    done = settle(choices=[choice(1)], actor=people["manager"])
    change = Change.objects.get(change_set=done.change_set)

    assert (change.field, change.old, change.new) == ("email", "ours1@firm.com", "ours1@firm.com")
    assert change.why == "kept; the source says something else"


def test_many_conflicts_are_decided_in_the_background_as_one_change_set(
    monkeypatch, manager, people, run
):
    monkeypatch.setattr(deciding, "AT_ONCE", 2)
    monkeypatch.setattr(deciding, "CHUNK", 2)
    answer = manager.post(
        reverse("erp:conflicts_all", args=[run.pk]), {"all": "theirs", "field": ""}
    )
    job = Job.objects.get(name="erp.settle")
    assert answer["Location"] == reverse("jobs:progress", args=[job.pk])
    before = ChangeSet.objects.count()
    assert run_now(job).state == JobState.DONE

    assert ChangeSet.objects.count() == before + 1
    assert here() == ["third1@firm.com", "third2@firm.com", "third3@firm.com"]
    assert open_conflicts(run) == []
    assert not ImportRow.objects.filter(outcome="conflict").exists()


def test_a_wish_that_is_none_decides_nothing(manager, people, run):
    manager.post(reverse("erp:conflicts_all", args=[run.pk]), {"all": "mine"})
    assert len(open_conflicts(run)) == 6
    done = settle_all(run=run, field="contact.nothing", take_theirs=True, actor=people["manager"])
    assert (done.kept, done.taken, done.change_set) == (0, 0, None)


def test_why_ours_differs_is_told(manager, people, run):
    page = text_of(manager.get(reverse("erp:conflicts", args=[run.pk])))

    assert "Edited by the program" in page
