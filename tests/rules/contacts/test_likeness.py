"""How much two records look like one, and why."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.rules.blocking import firm_keys, near_keys, person_keys
from contacts.rules.likeness import (
    CERTAIN,
    LIKELY,
    Firm,
    Person,
    compare_firms,
    compare_people,
    is_short_form,
    phones_of,
    street_of,
    words_of,
)


def person(key=1, **values):
    fields = {"customer": 1, "numbering": "erp", "first": "annie", "last": "osei"} | values
    return Person(key=key, **fields)


def firm(key=1, name="Acme Fabrication", **values):
    return Firm(key=key, words=words_of(name), **{"numbering": "erp"} | values)


AT = {"address": "annie@acme.example", "domain": "acme.example"}
PHONE = {"phones": frozenset({"5550124417"})}


@pytest.mark.parametrize(
    ("one", "other", "likely", "certain"),
    [
        (AT, AT, True, True),
        (AT | {"is_role": True}, AT, True, False),
        (AT, AT | {"first": "adam"}, False, False),
        (AT, AT | {"first": "ann"}, True, True),
        (AT, AT | {"first": "a"}, True, False),
        (AT, AT | {"first": "", "last": ""}, True, False),
        (AT, {"first": "osei", "last": "annie"}, True, False),
        (PHONE, PHONE | {"first": "ann"}, True, False),
        (PHONE, PHONE | {"first": "bob"}, False, False),
        ({}, {"last": "osie"}, False, False),
        (AT, AT | {"first": "a", "last": "osie"}, True, False),
        (AT, AT | {"first": "b", "last": "osie"}, False, False),
        (PHONE, PHONE | {"last": "osie"}, True, False),
        (AT, AT | {"customer": 2}, False, False),
        (AT, AT | {"customer": 2, "numbering": "shop"}, True, False),
        (AT, AT | {"customer": None, "numbering": ""}, True, True),
        ({"alternate": "k1"}, {"alternate": "k1"}, True, True),
        ({"alternate": "k1"}, {"alternate": "k1", "first": "bob"}, False, False),
        (AT | {"born": "1980-01-01"}, AT | {"born": "1981-01-01"}, True, False),
        (AT, AT | {"is_house": True}, False, False),
    ],
)
def test_contacts_that_are_one_and_contacts_that_are_two(one, other, likely, certain):
    like = compare_people(person(1, **one), person(2, **other))
    assert (like.is_likely, like.certain) == (likely, certain), like


PLACE = {"postal": "78701", "street": street_of("410 Foundry Street"), "city": "austin"}


@pytest.mark.parametrize(
    ("one", "other", "likely", "certain"),
    [
        (PLACE, PLACE | {"name": "ACME Fabrication, Inc."}, True, True),
        (PLACE, PLACE | {"name": "Acme Fabricaton"}, True, False),
        (PLACE, PLACE | {"name": "Zebra Bakery"}, False, False),
        (PLACE, PLACE | {"street": street_of("412 Foundry St.")}, False, False),
        (PHONE | PLACE, PHONE | PLACE | {"street": "412 foundry st"}, True, False),
        (
            PLACE,
            PLACE | {"postal": "60601", "street": "1 main st", "city": "chicago"},
            False,
            False,
        ),
        ({}, {}, False, False),
        ({"city": "austin"}, {"city": "austin"}, False, False),
        (PHONE, PHONE, True, False),
        (PHONE | PLACE, PHONE | PLACE | {"parent": 1}, False, False),
        ({"country": "us"} | PLACE, {"country": "ca"} | PLACE, False, False),
        (PLACE, PLACE | {"is_house": True}, False, False),
        (
            {"domains": frozenset({"acme.example"})},
            {"domains": frozenset({"acme.example"}), "numbering": "shop"},
            True,
            False,
        ),
    ],
)
def test_customers_that_are_one_and_customers_that_are_two(one, other, likely, certain):
    like = compare_firms(firm(1, **one), firm(2, **other))
    assert (like.is_likely, like.certain) == (likely, certain), like


def test_the_reasons_are_said_the_strongest_first():
    one = person(1, **AT | PHONE | {"first": "annie"})
    other = person(2, **PHONE | {"first": "ann", "address": "ap@acme.example"})
    other = replace(other, domain="acme.example", is_role=True)
    like = compare_people(one, other)
    assert [(reason.words, reason.tone.value) for reason in like.reasons] == [
        ("Ann is a short form of Annie", "ok"),
        ("Same customer", "ok"),
        ("Same phone", "ok"),
        ("Different addresses; one is a shared mailbox", "warn"),
    ]


@pytest.mark.parametrize(
    ("short", "full", "answer"),
    [
        ("ann", "annie", True),
        ("bill", "william", True),
        ("bill", "bob", False),
        ("jo", "joan", False),
        ("ann", "ann", False),
        ("", "ann", False),
    ],
)
def test_short_forms_of_given_names(short, full, answer):
    assert is_short_form(short, full) is answer


def test_numbers_that_are_no_phones_are_no_evidence():
    assert phones_of("(555) 012-4417", "12", "", "000-000-0000") == {"5550124417"}


NAMES = st.sampled_from(["", "ann", "annie", "bob", "osei", "osie", "a"])
PEOPLE = st.builds(
    Person,
    key=st.integers(1, 2),
    customer=st.sampled_from([None, 1, 2]),
    numbering=st.sampled_from(["erp", "shop"]),
    first=NAMES,
    last=NAMES,
    address=st.sampled_from(["", "a@x.example", "ab@x.example", "info@x.example"]),
    domain=st.just("x.example"),
    is_role=st.booleans(),
    phones=st.sampled_from([frozenset(), frozenset({"5550124417"})]),
    alternate=st.sampled_from(["", "k"]),
    born=st.sampled_from(["", "1980-01-01", "1990-01-01"]),
)


@given(PEOPLE, PEOPLE)
def test_it_does_not_matter_who_is_compared_with_whom(one, other):
    here, there = compare_people(one, other), compare_people(other, one)
    assert (here.score, here.certain) == (there.score, there.certain)
    assert 0 <= here.score <= 99
    assert not here.certain or here.score >= CERTAIN > LIKELY


@given(PEOPLE, PEOPLE)
def test_whoever_is_certain_shares_a_key(one, other):
    if one.customer == other.customer is not None:
        shared = near_keys(one) & near_keys(other)
    else:
        shared = person_keys(one) & person_keys(other)
    assert shared or not compare_people(one, other).certain


def test_customers_with_the_same_name_and_place_share_a_key():
    one, other = firm(1, **PLACE), firm(2, "ACME Fabrication Inc", **PLACE)
    assert firm_keys(one) & firm_keys(other)
    assert firm_keys(Firm(key=3)) == set()
