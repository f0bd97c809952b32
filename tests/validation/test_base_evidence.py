"""What the base itself tells: names that several have, domains that many use, groups by domain."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.actions.changes import open_change_set
from contacts.actions.importing import add_contacts, add_customers
from contacts.models import Contact
from contacts.rules.words import ChangeKind
from validation.actions.checking import check_all
from validation.actions.counting import note_all_domains
from validation.actions.gathering import BUSY, MOST_ASKED, names_in_base
from validation.models import Finding, MailDomain

pytestmark = pytest.mark.django_db


def change_set():
    return open_change_set(kind=ChangeKind.EDIT, label="test", actor=None)


def firms(count, **values):
    rows = [{"account_number": str(n), "name": f"Firm {n}", **values} for n in range(count)]
    return add_customers(numbering="erp", rows=rows, change_set=change_set())


def contact(customer, name, email):
    first, _, last = name.rpartition(" ")
    row = {"email": email, "first_name": first, "last_name": last}
    return add_contacts(rows=[(customer, row)], change_set=change_set())[0]


def found(row):
    wanted = Finding.objects.filter(contact=row).order_by("code")
    return list(wanted.values_list("code", "suggestion"))


def test_a_word_is_a_name_when_it_stands_beside_other_names():
    (firm,) = firms(1)
    for at, name in enumerate(
        ("Sjoqukje Bos", "SJOQUKJE Vink", "Dzialt Zakupow", "Dzialt Zakupow")
    ):
        contact(firm, name, f"a{at}@acme.nl")

    assert names_in_base({"sjoqukje", "zakupow", "bos", "other"}) == {
        "sjoqukje": 1, "zakupow": 1, "bos": 1
    }  # fmt: skip


def test_many_words_are_asked_of_the_base_in_portions():
    words = {f"word{n}" for n in range(MOST_ASKED)}

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert names_in_base(words) == {}

    assert len(queries) == 6  # 2,700 forms, as first and as family names


def test_a_strangers_name_is_told_where_others_in_the_base_have_it():
    here, there, third = firms(3)
    contact(here, "Eva Rao", "eva@acme.nl")
    row = contact(here, "Kim Hill", "sjoqukje@acme.nl")
    check_all()
    before = found(row)
    contact(there, "Sjoqukje Bos", "s.bos@zed.nl")
    contact(third, "Sjoqukje Vink", "s.vink@fox.nl")
    check_all()

    assert (before, found(row)) == ([], [("name_email_mismatch", "")])


def test_a_slip_of_a_domain_that_many_customers_use_is_put_right():
    *many, last = firms(BUSY + 1)
    for at, firm in enumerate(many):
        contact(firm, "Eva Rao", f"eva{at}@aqutla.cz")
    row = contact(last, "Eva Rao", "eva@aqutlas.cz")
    MailDomain.objects.update_or_create(
        name="aqutlas.cz", defaults={"verdict": "undeliverable", "code": "no_domain"}
    )
    note_all_domains()
    check_all()

    assert found(row) == [("domain_typo_wellknown", "eva@aqutla.cz")]


@pytest.mark.parametrize(
    ("second", "codes"),
    [
        ("eva.fox@meridian.com", []),
        ("eva.fox@zedglass.com", [("duplicate_other_customer", "")]),
    ],
)
def test_customers_with_more_people_at_a_domain_may_share_an_address_there(second, codes):
    one, two = firms(2)
    contact(one, "Al Fry", "al.fry@meridian.com")
    contact(two, "Eva Fox", second)
    rows = [contact(firm, "Sales Desk", "sales@meridian.com") for firm in (one, two)]
    check_all()

    assert [found(row) for row in rows] == [codes, codes]


def test_checking_twice_with_what_the_base_tells_writes_nothing():
    here, there = firms(2)
    for firm, name in ((here, "Sjoqukje Bos"), (there, "Sjoqukje Vink")):
        contact(firm, name, "sales@meridian.com")
        contact(firm, "Kim Hill", "sjoqukje@meridian.com")
    note_all_domains()
    check_all()
    before = list(Finding.objects.order_by("pk").values())
    stamps = list(Contact.objects.order_by("pk").values_list("updated_at", flat=True))
    check_all()

    assert list(Finding.objects.order_by("pk").values()) == before
    assert list(Contact.objects.order_by("pk").values_list("updated_at", flat=True)) == stamps
