"""No field of any kind makes a check fail, hang, or take more time than its length is worth."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from validation.rules.account import NOTHING_AROUND, Account, Person, Place
from validation.rules.engine import check

LONG = 100_000
MOST_SECONDS = 0.05
PIECES = (
    "a", "@", ".", "a@", "@a.", "a.", "-", "--", " ", "\u00a0", "a ", "a@b.co ", "a@b.co;", "<",
    "(", '"', "ü", "ß.", "xn--", "a@xn--", "\u200b", "a,b@c,d;", "at ", " (at) ", "www.", "e:",
    "left ", "nicht mehr ", "no longer ", "(left) ", "former ", "der nicht mehr ", ", der ", "- ",
    "O'", "Jean-", "van der ", "Ann LEFT ", "zz", "Z-", "1", "+1 ", "a_", "\n", "\t", "=", "%40",
    "\U0001f600", "\u0301", "क\u094d", "\ud800", "a@b.c\u0301.", "seit ", "mr. ", "2024 ", "in ",
)  # fmt: skip
FIELDS = ("email", "first_name", "last_name", "job_title", "notes", "phones")
SIGNS = st.text(alphabet=st.characters(codec=None), max_size=60)


def person(field, text):
    """Somebody ordinary but for one field."""
    usual = {"email": "john.smith@acme.com", "first_name": "John", "last_name": "Smith"}
    return Person(1, **{**usual, field: (text,) if field == "phones" else text})


def seconds(field, text):
    """The processor time of a check, the best of three: others use the machine as well."""
    firm = Account((person(field, text), Person(2, "ann@acme.com", "Ann", "", "Lee")), name="Acme")
    times = []
    for _ in range(3):
        begun = process_time()
        check(firm, NOTHING_AROUND)
        times.append(process_time() - begun)
    return min(times)


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_of_100_kb_takes_less_than_50_ms(field):
    check(
        Account((Person(1, "a@b.de", "A", "", "B", "former", "left", ("a@b.de",)),)), NOTHING_AROUND
    )

    slow = {
        piece: took
        for piece in PIECES
        if (took := seconds(field, (piece * LONG)[:LONG])) > MOST_SECONDS
    }

    assert slow == {}


@settings(max_examples=150, deadline=None)
@given(email=SIGNS, first=SIGNS, last=SIGNS, title=SIGNS, notes=SIGNS, firm=SIGNS)
def test_any_text_in_any_field_gives_an_outcome(email, first, last, title, notes, firm):
    someone = Person(
        1, email, first, "", last, title, notes, (notes,), places=(Place(2, "X", "Y"),)
    )
    other = Person(2, f"{first}@{last}", last, "", first)

    outcomes = check(
        Account((someone, other), name=firm, website=email, email=email), NOTHING_AROUND
    )

    assert [outcome.key for outcome in outcomes] == [1, 2]
    assert all(0 <= item.confidence <= 1 for outcome in outcomes for item in outcome.found)
    assert all(len({item.code for item in o.found}) == len(o.found) for o in outcomes)


@settings(max_examples=150, deadline=None)
@given(
    st.from_regex(
        r"[a-z0-9.'+ü-]{1,20}[@ (,;at]{1,4}[a-z0-9.,;ä-]{1,30}[ .;)>]{0,3}", fullmatch=True
    )
)
def test_what_looks_like_an_address_gives_an_outcome(typed):
    (outcome,) = check(Account((Person(1, typed, "Ann", "", "Lee"),)), NOTHING_AROUND)

    assert outcome.email == typed
