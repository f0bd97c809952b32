"""Renaming a domain for everybody there: what moves, what is left, and how it is taken back."""

import pytest

from contacts.actions.changes import Edit, edit_contacts, open_change_set
from contacts.actions.undoing import undo
from contacts.models import ChangeSet, Contact
from contacts.rules.words import ChangeKind
from jobs.queue import AlreadyRunningError, run_now, run_slice
from tests.validation.test_counting import contact, firm, tallies
from validation.actions import renaming
from validation.actions.deciding import Verdict, decide
from validation.actions.renaming import (
    CannotRenameError,
    contacts_at,
    moves_of,
    start_rename,
)
from validation.models import Decision, MailDomain

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    one, two = firm("1"), firm("2")
    return {
        "ann": contact(one, "ann.lee@old-tools.com"),
        "bob": contact(two, "bob.fox@OLD-tools.com", "Bob", "Fox"),
        "ap": contact(one, "ap@old-tools.com", "", "Accounts"),
        "there": contact(one, "ap@newtools.com", "", "Payables"),
        "sub": contact(one, "eve.poe@mail.old-tools.com", "Eve", "Poe"),
        "odd": contact(one, "cleo@x@old-tools.com", "Cleo", "Ray"),
        "other": contact(two, "dan.ott@else.com", "Dan", "Ott"),
    }


def change_set(label="test"):
    return open_change_set(kind=ChangeKind.EDIT, label=label, actor=None)


def rename(**wanted):
    facts = {"old": "old-tools.com", "new": "newtools.com", "subdomains": False, "skip": ()}
    return start_rename(**{**facts, **wanted}, actor=None)


def emails(people):
    for row in people.values():
        row.refresh_from_db()
    return {name: row.email for name, row in people.items()}


def test_a_preview_says_of_each_contact_what_would_happen(people):
    kept = Verdict(people["bob"].pk, "dead_domain", people["bob"].email, Decision.Kind.KEPT)
    decide(verdicts=[kept], actor=None, change_set=change_set())
    before = emails(people)
    rows = list(contacts_at("old-tools.com"))
    moves = moves_of(rows, old="old-tools.com", new="newtools.com")

    assert [
        (move.contact.last_name, move.new, move.left_out, move.shared_with) for move in moves
    ] == [
        ("Lee", "ann.lee@newtools.com", "", 0),
        ("Fox", "", "Kept as it is", 0),
        ("Accounts", "ap@newtools.com", "", 1),
        ("Ray", "", "No plain address: correct it in review", 0),
    ]
    assert emails(people) == before


def test_a_rename_is_one_change_set_that_can_be_undone(people):
    before, counted = emails(people), tallies()
    job = run_now(rename())
    moved = emails(people)
    change = ChangeSet.objects.get(pk=job.result["change_set"])
    undo(change_set=change, actor=None)

    assert (job.state, job.message) == ("done", "3 addresses changed, 1 left as they were")
    assert moved == before | {
        "ann": "ann.lee@newtools.com",
        "bob": "bob.fox@newtools.com",
        "ap": "ap@newtools.com",
    }
    assert change.label == "Renamed old-tools.com to newtools.com"
    assert (emails(people), tallies()) == (before, counted)


def test_subdomains_move_when_they_are_meant_too(people):
    run_now(rename(subdomains=True))
    assert emails(people)["sub"] == "eve.poe@mail.newtools.com"


def test_what_was_unticked_is_left_alone(people):
    job = run_now(rename(skip=[people["ann"].pk]))
    assert (job.message, emails(people)["ann"]) == (
        "2 addresses changed, 1 left as they were",
        "ann.lee@old-tools.com",
    )


def test_slices_go_on_with_the_same_change_set(people, monkeypatch):
    monkeypatch.setattr(renaming, "CHUNK", 1)
    job = rename()
    sets = ChangeSet.objects.count()
    slices = 1
    while run_slice(str(job.pk), seconds=0.001):
        slices += 1
    assert (slices > 1, ChangeSet.objects.count() - sets) == (True, 1)
    assert Contact.objects.filter(email_domain="newtools.com").count() == 4


def test_contacts_who_come_to_share_an_address_are_found(people):
    run_now(rename())
    codes = {
        name: sorted(people[name].findings.values_list("code", flat=True))
        for name in ("ap", "there", "ann")
    }
    assert codes == {"ap": [], "there": ["duplicate_same_customer"], "ann": []}


def test_an_address_edited_meanwhile_is_not_overwritten(people):
    rows = list(contacts_at("old-tools.com"))
    edit = Edit(people["ann"].pk, "email", "ann@elsewhere.com")
    edit_contacts(edits=[edit], change_set=change_set())
    moves = [move for move in moves_of(rows, old="old-tools.com", new="newtools.com") if move.new]
    edits = [Edit(move.contact.pk, "email", move.new, seen=move.contact.email) for move in moves]
    edit_contacts(edits=edits, change_set=change_set())
    assert emails(people)["ann"] == "ann@elsewhere.com"


def test_the_new_domain_is_looked_up_and_one_domain_is_renamed_once_at_a_time(people):
    rename()
    assert MailDomain.objects.get(name="newtools.com").contacts == 1
    with pytest.raises(AlreadyRunningError):
        rename(new="third.com")


def test_what_makes_no_sense_is_refused_with_a_sentence(people):
    with pytest.raises(CannotRenameError) as refusal:
        rename(new="new.invalid")
    assert str(refusal.value) == "Nobody can have an address at new.invalid."
