"""Whole customers through all pure checks, as a person would tell the cases."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation.rules.account import NOTHING_AROUND, Account, Around, Heard, Person, Place, Proven
from validation.rules.engine import check

DEAD = Heard("undeliverable", "no_domain")
FINE = Heard("deliverable", "mx")
ANN = Person(1, "ann.lee@acmetools.com", "Ann", "", "Lee")
BOB = Person(2, "bob.fox@acmetools.com", "Bob", "", "Fox")
FIRM = Account((ANN, BOB), name="Acme Tools Inc.")


def found_for(person, *, firm=FIRM, around=NOTHING_AROUND):
    """What is said of one more contact of a firm: code, suggestion, how sure."""
    outcomes = check(replace(firm, people=(*firm.people, person)), around)
    return [(item.code, item.suggestion, item.confidence) for item in outcomes[-1].found]


def person(email, first="Kim", last="Hill", **more):
    return Person(9, email, first, "", last, **more)


def test_right_addresses_are_left_alone():
    assert [outcome.found for outcome in check(FIRM, NOTHING_AROUND)] == [[], []]


@pytest.mark.parametrize(
    ("typed", "heard", "expected"),
    [
        ("kim.hill@acmetols.com", DEAD, [("domain_typo_company", "kim.hill@acmetools.com", 0.98)]),
        ("kim.hill@acmetols.com", Heard("risky", "implicit_mx"),
         [("domain_typo_company", "kim.hill@acmetools.com", 0.96)]),
        ("kim.hill@acmetols.com", FINE, [("domain_typo_company", "kim.hill@acmetools.com", 0.75)]),
        ("kim.hill@acme-tools.com", DEAD,
         [("domain_typo_company", "kim.hill@acmetools.com", 0.98)]),
        ("kim.hill@acme-tools.com", FINE, []),
        ("kim.hill@acmetools.co", FINE, [("wrong_tld", "kim.hill@acmetools.com", 0.75)]),
        ("kim.hill@acmetools.de", FINE, []),
        ("kim.hill@acmetools.de", DEAD, [("wrong_tld", "kim.hill@acmetools.com", 0.98)]),
        ("kim.hill@acmetools.con", None, [("wrong_tld", "kim.hill@acmetools.com", 0.98)]),
        ("kim.hill@mail.acmetools.com", FINE, []),
        ("kim.hill@holding.com", FINE, []),
        ("kim.hill@holding.com", DEAD, [("dead_domain", "", 0.98)]),
        ("kim.hill@holding.com", Heard("undeliverable", "null_mx"), [("null_mx", "", 0.98)]),
        ("kim.hill@holding.com", Heard("unknown", "dns_servfail"), []),
        ("kim.hill@gmial.com", DEAD, [("domain_typo_wellknown", "kim.hill@gmail.com", 0.98)]),
        ("kim.hill@gmaik.com", FINE, [("domain_typo_wellknown", "kim.hill@gmail.com", 0.86)]),
        ("kim.hill@gmail.com", None, []),
        ("kim.hill@firm.vom", None, [("wrong_tld", "kim.hill@firm.com", 0.85)]),
        ("kim.hill@firm.co.br", DEAD, [("wrong_tld", "kim.hill@firm.com.br", 0.93)]),
        ("kim.hill@firm.cm", DEAD, [("dead_domain", "", 0.98)]),
        ("kim.hill@corp.local", None, [("dead_domain", "", 0.98)]),
        ("kim.hill@mailinator.com", FINE, [("disposable", "", 0.9)]),
    ],
)  # fmt: skip
def test_a_domain_is_compared_with_the_customers_and_with_providers(typed, heard, expected):
    domain = typed.partition("@")[2]
    around = Around(heard={domain: heard} if heard else {})

    assert found_for(person(typed), around=around) == expected


def test_a_firm_with_a_number_is_no_slip_of_the_one_beside_it():
    firm = replace(
        FIRM, people=(replace(ANN, email="ann.lee@abc15.com"), replace(BOB, email="b@abc15.com"))
    )
    around = Around(heard={"abc16.com": FINE})

    assert found_for(person("kim.hill@abc16.com"), firm=firm, around=around) == []


def test_two_wrong_things_are_offered_as_one_right_address():
    around = Around(heard={"acmetols.com": DEAD})

    found = found_for(person(" <kim.hill@acmetols.com>;"), around=around)

    assert found == [
        ("wrapper_text", "kim.hill@acmetools.com", 0.98),
        ("domain_typo_company", "kim.hill@acmetools.com", 0.98),
    ]


def test_the_website_speaks_for_a_domain_and_a_dead_one_is_not_given_to_somebody_else():
    lone = Account((), name="Zed", website="https://www.zedglass.com/contact")
    around = Around(heard={"zedglas.com": DEAD, "otherglass.com": DEAD})

    assert found_for(person("kim.hill@zedglas.com"), firm=lone, around=around) == [
        ("domain_typo_company", "kim.hill@zedglass.com", 0.98)
    ]
    assert found_for(person("kim.hill@otherglass.com"), firm=lone, around=around) == [
        ("dead_domain", "", 0.98)
    ]


def test_the_customers_name_speaks_for_a_domain_when_nothing_else_does():
    lone = Account((), name="Zedler Glass GmbH")
    around = Around(heard={"zedlerglas.de": DEAD, "zedlerglass.de": FINE})

    assert found_for(person("kim.hill@zedlerglas.de"), firm=lone, around=around) == [
        ("domain_typo_company", "kim.hill@zedlerglass.de", 0.9)
    ]


def test_of_two_domains_one_slip_apart_the_better_supported_is_right():
    people = (ANN, replace(BOB, email="bob.fox@acmetool.com"))
    firm = Account(people, name="Acme Tools", website="acmetools.com")
    around = Around(heard={"acmetool.com": DEAD, "acmetools.com": FINE})

    first, second = check(firm, around)

    assert (first.found, [item.code for item in second.found]) == ([], ["domain_typo_company"])


def test_a_dead_country_ending_is_com_when_that_one_takes_mail():
    around = Around(heard={"firm.cm": DEAD, "firm.com": FINE})

    assert found_for(person("kim.hill@firm.cm"), around=around) == [
        ("wrong_tld", "kim.hill@firm.com", 0.85)
    ]


def test_an_allowed_domain_is_never_doubted():
    around = Around(heard={"acmetols.com": DEAD}, allowed_domains=frozenset({"acmetols.com"}))

    assert found_for(person("kim.hill@acmetols.com"), around=around) == []


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, [("missing", "", 1.0)]),
        ({"notes": "is kim.hill@acmetools.com"}, [("missing", "kim.hill@acmetools.com", 0.96)]),
        ({"phones": ("kim@other.com",)}, [("missing", "kim@other.com", 0.9)]),
        ({"notes": "a@x1.com or b@x1.com"}, [("missing", "", 1.0)]),
        ({"notes": "ask rep@ours.com"}, [("missing", "", 1.0)]),
    ],
)  # fmt: skip
def test_a_missing_address_is_looked_for_in_notes_and_phone(more, expected):
    around = Around(own_domains=frozenset({"ours.com"}))

    assert found_for(person("", **more), around=around) == expected


def test_our_own_addresses_are_not_the_customers():
    around = Around(own_domains=frozenset({"ours.com"}))
    firm = replace(FIRM, rep_email="Rep@agency.com")

    assert found_for(person("kim@ours.com"), around=around) == [("internal_address", "", 0.99)]
    assert found_for(person("rep@agency.com", first="Rep"), firm=firm) == [
        ("internal_address", "", 0.99)
    ]
    assert found_for(person("noemail@ours.com"), around=around) == [("placeholder", "", 0.95)]


def test_of_several_addresses_the_contacts_own_is_offered():
    cell = "ann.lee@acmetools.com; kim.hill@acmetools.com"

    assert found_for(person(cell)) == [("multiple_addresses", "kim.hill@acmetools.com", 0.93)]


def test_of_several_addresses_a_colleagues_is_not_offered():
    cell = "bob.fox@acmetools.com, office@acmetools.com"

    assert found_for(person(cell)) == [("multiple_addresses", "office@acmetools.com", 0.7)]


def test_the_second_contact_with_an_address_is_a_duplicate():
    found = found_for(person("Ann.Lee@AcmeTools.com", first="A.", last="Lee"))

    assert found == [("duplicate_same_customer", "", 0.9)]


def test_an_address_at_an_unrelated_customer_is_told_but_not_within_a_group():
    here, there = Place(1, "Acme", "Kim Hill"), Place(2, "Zed", "Kim Hill")
    firm = replace(FIRM, group=1)
    shared = person("kim.hill@acmetools.com", places=(here, there))
    family = person("kim.hill@acmetools.com", places=(here, replace_group(there, 1)))

    assert found_for(shared, firm=firm) == [("duplicate_other_customer", "", 0.8)]
    assert found_for(family, firm=firm) == []


def replace_group(place, group):
    return place._replace(group=group)


def test_one_address_under_many_names_is_a_placeholder():
    names = ["Al Day", "Bo Fry", "Cy Gray", "Di Hart", "Ed Ives", "Flo Jay"]
    places = tuple(Place(at, f"Firm {at}", name) for at, name in enumerate(names))

    assert found_for(person("xmail@clerk.com", places=places)) == [("placeholder", "", 0.95)]


def test_a_slip_before_the_at_is_put_right_and_one_in_the_name_too():
    assert found_for(person("kim.hlil@acmetools.com", first="Kim", last="Hill")) == [
        ("name_misspelled", "kim.hill@acmetools.com", 0.85)
    ]
    outcome = check(Account((person("kim.miller@acmetools.com", last="Mliler"),)), NOTHING_AROUND)[
        0
    ]
    assert [(item.field, item.value, item.suggestion) for item in outcome.found] == [
        ("name", "Kim Mliler", "Kim Miller")
    ]


@pytest.mark.parametrize(
    ("typed", "first", "last", "codes"),
    [
        (
            "ann.lee@acmetools.com",
            "Kim",
            "Hill",
            ["name_email_mismatch", "duplicate_same_customer"],
        ),
        ("thomas.rowland@acmetools.com", "Kim", "Hill", ["name_email_mismatch"]),
        ("dispatch@acmetools.com", "Kim", "Hill", []),
        ("acmetools@acmetools.com", "Kim", "Hill", []),
        ("bigjim593@gmail.com", "Kim", "Hill", []),
        ("4711@acmetools.com", "Kim", "Hill", []),
        ("thomas.rowland@acmetools.com", "Accounts", "Payable", []),
    ],
)
def test_an_address_of_somebody_else_is_told_with_care(typed, first, last, codes):
    found = {code for code, *_rest in found_for(person(typed, first=first, last=last))}

    assert found == set(codes)


def test_somebody_who_left_is_told():
    assert found_for(person("kim.hill@acmetools.com", notes="left company 8/20")) == [
        ("obsolete_person", "", 0.95)
    ]


def test_a_confirmed_address_is_no_longer_doubted_and_a_bounce_is_told():
    around = Around(heard={"acmetols.com": FINE})
    sure = person("kim.hill@acmetols.com", proven=Proven(confirmed=True))
    back = person("kim.hill@acmetools.com", proven=Proven(bounced=True, bounce_reason="5.1.1"))

    assert found_for(sure, around=around) == []
    assert found_for(back) == [("bounced", "", 1.0)]


def test_only_harmless_repairs_may_be_made_without_a_person():
    cases = (" ann@acmetools.com", "kim.hill@acmetools.con")

    autos = [
        [
            item.auto
            for item in check(replace(FIRM, people=(*FIRM.people, person(case))), NOTHING_AROUND)[
                -1
            ].found
        ]
        for case in cases
    ]

    assert autos == [[True], [False]]


def test_flags_say_desk_and_free_mail():
    outcomes = check(Account((person("ap@acmetools.com"), person("kim@gmail.com"))), NOTHING_AROUND)

    assert [(one.role, one.free) for one in outcomes] == [(True, False), (False, True)]


@given(st.lists(st.text(max_size=60), min_size=1, max_size=6), st.text(max_size=30))
def test_no_customer_stops_the_checks(cells, name):
    people = tuple(
        Person(at, cell, name, "", cell[:10], job_title=name, notes=cell)
        for at, cell in enumerate(cells)
    )

    assert len(check(Account(people, name=name, website=name), NOTHING_AROUND)) == len(cells)
