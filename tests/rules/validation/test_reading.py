import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation.rules.reading import addresses_in, read

KNOWN = ("parker-huff.com", "smithmetal.net", "acme.co.uk")
STEMS = ("first-choice-hvac", "firstchoicehvac")


@pytest.mark.parametrize(
    ("typed", "address", "steps"),
    [
        ("a.b@acme.com", "a.b@acme.com", []),
        ("t.o'brien@acme.com", "t.o'brien@acme.com", []),
        ("anna+shop@acme.com", "anna+shop@acme.com", []),
        ("müller@müller-bau.de", "müller@müller-bau.de", []),
        ("  a@acme.com ", "a@acme.com", ["whitespace blank_outside"]),
        ("a@acme.com\u200b", "a@acme.com", ["whitespace blank_outside"]),
        ("\u00a0a@acme.com", "a@acme.com", ["whitespace blank_outside"]),
        ("a@ acme.com", "a@acme.com", ["whitespace blank_inside"]),
        ("a @acme.com", "a@acme.com", ["whitespace blank_inside"]),
        ("a@acme.c om", "a@acme.com", ["whitespace blank_inside"]),
        ("john smith@acme.com", "smith@acme.com", ["whitespace word_before"]),
        ("Ann Lee <a@acme.com>", "a@acme.com", ["wrapper_text text_around"]),
        ("mailto:a@acme.com", "a@acme.com", ["wrapper_text text_around"]),
        ("a@acme.com#mailto:a@acme.com#", "a@acme.com", ["wrapper_text text_around"]),
        ("a@acme.com (AP)", "a@acme.com", ["wrapper_text text_around"]),
        ("a@acme.com;", "a@acme.com", ["wrapper_text text_around"]),
        ("'a@acme.com'", "a@acme.com", ["wrapper_text text_around"]),
        ("a@acme.com.", "a@acme.com", ["syntax dot_at_end"]),
        ("a@@acme.com", "a@acme.com", ["syntax two_at"]),
        ("a@acme..com", "a@acme.com", ["syntax dots"]),
        ("a.@acme.com", "a@acme.com", ["syntax dots"]),
        ("a@acme,com", "a@acme.com", ["syntax sign_for_dot"]),
        ("a@acme com", "a@acme.com", ["syntax sign_for_dot"]),
        ("a(at)acme(dot)de", "a@acme.de", ["syntax at_spelled"]),
        ("a arroba acme.es", "a@acme.es", ["syntax at_spelled"]),
        ('john"acme.com', "john@acme.com", ["syntax sign_for_at"]),
        ("john@#acme.com", "john@acme.com", ["syntax sign_behind_at"]),
        ("\uff4aohn@acme.com", "john@acme.com", ["syntax lookalike_signs"]),
        ("o’brien@acme.com", "o'brien@acme.com", ["syntax lookalike_signs"]),
        ("john@gmailcom", "john@gmail.com", ["syntax lost_dot"]),
        ("john@gmail", "john@gmail.com", ["syntax lost_ending"]),
        ("johngmail.com", "john@gmail.com", ["syntax lost_at"]),
        ("ann@parker-huffcom", "ann@parker-huff.com", ["syntax lost_dot"]),
        ("klewis1952gmail.com", "klewis1952@gmail.com", ["syntax lost_at"]),
        ("klewis19522gmail.com", "klewis1952@gmail.com", ["syntax sign_for_at"]),
        ("kim7web.de", "kim7@web.de", ["syntax lost_at"]),
        ("ann2smithmetal.net", "ann@smithmetal.net", ["syntax sign_for_at"]),
        ("annqsmithmetal.net", "ann@smithmetal.net", ["syntax sign_for_at"]),
        ("annsmithmetal.net", "ann@smithmetal.net", ["syntax lost_at"]),
        ("bob@acmecouk", "bob@acme.co.uk", ["syntax lost_dot"]),
        ("jsfirst-choice-hvac.com", "js@first-choice-hvac.com", ["syntax lost_at"]),
        ("a@acme.comb@other.com", "", []),
        ("www.acme.com", "", []),
        ("401-555-1234", "", []),
        ("", "", []),
        (" \t\u00a0", "", []),
    ],
)
def test_a_field_is_read_with_what_had_to_be_put_right(typed, address, steps):
    reading = read(typed, KNOWN, STEMS)

    found = [f"{step.code} {step.rule}" for step in reading.steps]
    assert (reading.address, found) == (address, steps)


@pytest.mark.parametrize(
    "typed",
    [
        "a@acme.com; b@acme.com",
        "a@acme.com,b@acme.com",
        "a@acme.com\nb@acme.com",
        "a@acme.com / b@acme.com",
        "a@acme.com|b@acme.com",
        "a@acme.com b@acme.com",
        "a@acme.com und b@acme.com",
    ],
)
def test_several_addresses_are_told_apart(typed):
    reading = read(typed)

    assert (reading.address, reading.others) == ("a@acme.com", ("b@acme.com",))
    assert [step.code for step in reading.steps] == ["multiple_addresses"]


def test_a_remark_that_warns_makes_an_address_less_sure():
    assert read("old: a@acme.com").steps[0].confidence < read("AP: a@acme.com").steps[0].confidence


def test_addresses_in_a_note_are_found_once_each():
    note = "New: a@acme.com (not A@acme.com), boss b@acme.de, file x@y.internal"

    assert addresses_in(note) == ["a@acme.com", "b@acme.de"]


@given(st.text(max_size=300))
def test_nothing_that_can_be_typed_stops_the_reading(typed):
    reading = read(typed, KNOWN, STEMS)

    assert reading.address.count("@") == (1 if reading.address else 0)


@pytest.mark.parametrize(
    "piece", ["a", "@", "a@", ". ", "a.b", "(", "a@b.c", " ", "x,", "a@b.com ", "<", "\u200b", "é."]
)
def test_a_huge_cell_is_read_at_once(piece):
    cell = piece * (100_000 // len(piece))

    assert len(read(cell).address) < 1_000
