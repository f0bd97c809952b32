"""Whatever happens between a preview and its import, or between an import and its undo."""

import pytest
from django.utils import timezone

from contacts.actions.importing import source_named
from contacts.actions.people import add_contact, add_customer
from contacts.actions.proposals import Giver, Said, propose
from contacts.models import Contact, Customer, SourceRecord
from contacts.rules.words import ProposalKind
from erp.actions import applying, undoing
from jobs.queue import AlreadyRunningError, run_now
from tests.erp.conftest import apply, bring_in, correct, counts_of, preview, same, table

HEAD = "Customer ID|Contact ID|Contact|Email|Phone"


def test_a_preview_that_another_import_has_overtaken_is_compared_anew(source):
    head = "Customer ID|Contact ID|Contact|Phone"
    bring_in(source, table(head, "7|1|Ann|111", "7|2|Bo|222"))
    late = preview(source, [table(head, "7|1|Ann|111", "7|2|Bo|333", "7|3|Cy|444")])
    bring_in(source, table(head, "7|1|Ann|999", "7|3|Cy|555"))

    apply(late)

    phones = Contact.objects.order_by("first_name").values_list("first_name", "phone")
    assert list(phones) == [("Ann", "111"), ("Bo", "333"), ("Cy", "444")]
    assert counts_of(late)["contact"] == same(changed=3)
    assert SourceRecord.objects.filter(entity="contact").count() == 3


def test_a_number_and_an_address_taken_since_the_preview_are_not_taken_twice(source):
    customers = table("Account|Company Name", "7|Firm", "8|Other", name="c.csv")
    people = table("Customer ID|Contact ID|Contact|Email", "7|1|Ann|ann@firm.com", name="p.csv")
    run = preview(source, [customers, people])
    number = {"account_number": "7", "name": "Firm by hand"}
    firm = add_customer(numbering=source.numbering, values=number, actor=None)
    values = {"first_name": "Ann", "email": "ANN@firm.com"}
    ann = add_contact(customer=firm, values=values, actor=None)

    apply(run)

    assert Customer.objects.count() == 2
    assert Contact.objects.get() == ann
    assert ann.records.get().own_id == "1"


def test_one_import_of_a_source_at_a_time_and_no_undo_beside_it(source):
    first = bring_in(source, table(HEAD, "7|1|Ann|ann@firm.com|1"))
    second = preview(source, [table(HEAD, "7|2|Bo|bo@firm.com|2")])
    third = preview(source, [table(HEAD, "7|3|Cy|cy@firm.com|3")])
    applying.apply(run=second, actor=None)

    with pytest.raises(AlreadyRunningError):
        applying.apply(run=third, actor=None)
    with pytest.raises(AlreadyRunningError):
        undoing.undo(run=first, actor=None)
    other = preview(source_named(name="till"), [table(HEAD, "7|3|Cy|cy@firm.com|3")])
    assert applying.apply(run=other, actor=None).is_open


def mail(ann):
    Contact.objects.filter(pk=ann.pk).update(last_mailed_at=timezone.now())


def edit(ann):
    correct({"1": "ann.lee@firm.com"})


def answer(ann):
    said = Said(kind=ProposalKind.CHANGE, values={"phone": "5"})
    propose(said=said, giver=Giver("rep", "Joe", "joe", "page"), contact=ann)


def import_elsewhere(ann):
    other = source_named(name="till")
    other.numbering = ann.customer.numbering
    other.save(update_fields=["numbering"])
    bring_in(other, table(HEAD, "7|T1|Ann|ann@firm.com|1"))


@pytest.mark.parametrize(
    ("use", "why"),
    [
        (mail, "mailed since"),
        (edit, "edited since"),
        (answer, "has proposals"),
        (import_elsewhere, "told by another import too"),
    ],
)
def test_what_was_used_since_stays_and_undo_says_why(source, use, why):
    run = bring_in(source, table(HEAD, "7|1|Ann|ann@firm.com|1", "7|2|Bo|bo@firm.com|2"))
    use(Contact.objects.get(first_name="Ann"))

    job = run_now(undoing.undo(run=run, actor=None))

    assert job.result == {
        "restored": 0,
        "removed": 1,
        "skipped": 2,
        "why": {why: 1, "has contacts": 1},
    }
    assert Contact.objects.get().first_name == "Ann"
    assert Customer.objects.get().account_number == "7"


def test_undo_goes_on_where_it_was_stopped(source):
    rows = [f"7|{n}|Ann {n}|ann{n}@firm.com|{n}" for n in range(40)]
    run = bring_in(source, table(HEAD, *rows))
    job = undoing.undo(run=run, actor=None)
    assert run_now(job).result["removed"] == 41
    assert not SourceRecord.objects.exists()
    again = preview(source, [table(HEAD, *rows)])
    assert counts_of(again)["contact"] == same(new=40)
