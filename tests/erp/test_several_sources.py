"""Several sources speak of one record: imports go on after a merge, and settings decide."""

import pytest

from contacts.actions.importing import source_named
from contacts.actions.merging import merge_contacts, merge_customers
from contacts.actions.sources import set_precedence
from contacts.actions.undoing import undo
from contacts.models import Contact, Customer, Source, SourceRecord
from contacts.rules.choosing import Side
from erp.models import ImportRow, WriteBackLine
from jobs.models import Job
from tests.erp.conftest import bring_in, counts_of, same, table


@pytest.fixture
def erp(db):
    return source_named(name="erp")


@pytest.fixture
def shop(db):
    return source_named(name="shop")


def people(*rows, head="Contact ID|Account|First|Last|Email|Phone"):
    return table(head, *rows)


def accounts(*rows):
    return table("Customer No.|Customer Name|City|Phone", *rows, name="customers.csv")


def by_key(key, source):
    record = SourceRecord.objects.get(source=source, own_id=key, entity="contact")
    return record.contact


ROWS = ("1|A1|Annie|Osei|ap@acme.example|555 012 4417", "2|A1|Ann|Osei|a.osei@acme.example|")


@pytest.fixture
def merged(erp):
    bring_in(erp, people(*ROWS))
    keep, gone = by_key("1", erp), by_key("2", erp)
    sides = {"email": Side.GONE}
    change_set = merge_contacts(keep=keep.pk, gone=gone.pk, sides=sides, actor=None)
    return keep, gone, change_set


def test_the_same_file_changes_nothing_after_a_merge(erp, merged):
    keep, _gone, _change_set = merged
    run = bring_in(erp, people(*ROWS))
    counted = counts_of(run)["contact"]
    assert {name: n for name, n in counted.items() if n} == {"unchanged": 1, "kept": 1}
    assert list(Contact.objects.values_list("pk", "email")) == [(keep.pk, "a.osei@acme.example")]


def test_only_the_record_that_stays_gets_the_correction_when_one_erp_has_both(erp, merged):
    lines = WriteBackLine.objects.filter(state="to_export")
    assert list(lines.values_list("record__own_id", "field", "new")) == [
        ("1", "email", "a.osei@acme.example")
    ]


def test_news_of_either_record_reach_the_one_that_stays(erp, merged):
    keep, gone, change_set = merged
    bring_in(
        erp,
        people(
            "1|A1|Annie|Osei|ap@acme.example|555 012 9999",
            "2|A1|Ann|Osei|a.osei@acme.example|555 012 8888",
        ),
    )
    keep.refresh_from_db()
    assert (keep.phone, Contact.objects.count()) == ("555 012 9999", 1)
    conflict = ImportRow.objects.get(outcome="conflict")
    assert conflict.details == [
        ["first_name", "Ann", "Annie", "Ann", "kept"],
        ["phone", "", "555 012 4417", "555 012 8888", "conflict"],
    ]
    undo(change_set=change_set, actor=None)
    gone.refresh_from_db()
    assert (gone.phone, gone.merged_into) == ("555 012 8888", None)
    run = bring_in(
        erp,
        people(
            "1|A1|Annie|Osei|ap@acme.example|555 012 9999",
            "2|A1|Ann|Osei|a.osei@acme.example|555 012 8888",
        ),
    )
    assert counts_of(run)["contact"] == same(unchanged=2)


@pytest.fixture
def one_firm(erp, shop):
    """One customer whom two systems number differently; the ERP's record stays."""
    bring_in(erp, accounts("A1|Acme Inc.|Austin|555 010 1000"))
    bring_in(shop, accounts("77|ACME|Austin|555 010 2000"))
    keep = Customer.objects.get(account_number="A1")
    gone = Customer.objects.get(account_number="77")
    return keep, merge_customers(keep=keep.pk, gone=gone.pk, sides={}, actor=None)


def test_both_numbers_lead_to_one_customer(erp, shop, one_firm):
    keep, _change_set = one_firm
    bring_in(shop, people("9|77|Bea|Zeller|bea@acme.example|"))
    bring_in(erp, people("8|A1|Bea|Zeller|bea@acme.example|"))
    assert list(Customer.objects.all()) == [keep]
    assert list(Contact.objects.values_list("customer", "email")) == [(keep.pk, "bea@acme.example")]
    again = bring_in(shop, people("9|77|Bea|Zeller|bea@acme.example|555 010 3000"))
    assert counts_of(again)["contact"] == same(changed=1)
    again = bring_in(shop, people("9|77|Bea|Zeller|bea@acme.example|555 010 3000"))
    assert counts_of(again)["contact"] == same(unchanged=1)


def test_a_merged_customer_may_get_a_new_number_in_its_own_system(erp, shop, one_firm):
    keep, _change_set = one_firm
    head = "Internal ID|Customer No.|Customer Name"
    bring_in(shop, table(head, "i1|77|ACME", name="customers.csv"))
    bring_in(shop, table(head, "i1|770|ACME", name="customers.csv"))
    keep.refresh_from_db()
    assert keep.account_number == "A1"
    assert sorted(Customer.everyone.values_list("account_number", flat=True)) == ["770", "A1"]
    bring_in(shop, people("9|770|Bea|Zeller|bea@acme.example|"))
    assert Contact.objects.get().customer == keep


@pytest.fixture
def one_person(erp, shop):
    """Two systems that share account numbers tell of one person."""
    Source.objects.filter(pk=shop.pk).update(numbering="erp")
    shop.refresh_from_db()
    bring_in(erp, people("1|A1|Annie|Osei|ap@acme.example|555 012 4417"))
    return erp, shop


def shops(phone):
    return people(f"x|A1|Annie|Osei|ap@acme.example|{phone}")


@pytest.mark.parametrize(
    ("settings", "kept", "taken_by_rank"),
    [
        ({}, "555 012 4417", False),
        ({"rank": 9}, "555 012 4417", False),
        ({"rank": 1}, "555 012 7777", True),
        ({"rank": 9, "leads": ["phone"]}, "555 012 7777", True),
        ({"rank": 1, "trails": ["phone"]}, "555 012 4417", False),
    ],
)
def test_which_source_wins_is_a_setting_by_field(one_person, settings, kept, taken_by_rank):
    _erp, shop = one_person
    wanted = {"rank": 5, "leads": [], "trails": []} | settings
    set_precedence(source=shop, actor=None, **wanted)
    shop.refresh_from_db()
    run = bring_in(shop, shops("555 012 7777"))
    assert Contact.objects.get().phone == kept
    counted = {name: n for name, n in counts_of(run)["contact"].items() if n}
    outcome = "changed" if taken_by_rank else "kept" if settings else "conflicts"
    assert counted == {outcome: 1}


def test_no_rank_outweighs_what_a_person_wrote(one_person):
    _erp, shop = one_person
    contact = Contact.objects.get()
    Contact.objects.filter(pk=contact.pk).update(phone="555 012 1111")
    set_precedence(source=shop, rank=1, leads=[], trails=[], actor=None)
    shop.refresh_from_db()
    run = bring_in(shop, shops("555 012 7777"))
    assert Contact.objects.get().phone == "555 012 1111"
    assert counts_of(run)["contact"]["conflicts"] == 1


def test_an_import_is_followed_by_a_search_for_duplicates(erp):
    bring_in(erp, people(*ROWS))
    assert [job.label for job in Job.objects.filter(name="contacts.match")] == [
        "Look for duplicates"
    ]
