import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.rules.normalise import address_key, needles, number_key, postal_key, search_text

TEXTS = [
    (("Ann", "Lee"), " ann lee"),
    (("", "ANN"), " ann"),
    (("Müller", "Straße"), " muller strasse"),
    (("Łódź",), " łodz"),
    ((" a\u200bb ", "c\td"), " a b c d"),
    ((), ""),
]
NEEDLES = [
    ("", ()),
    ("ann", ("ann",)),
    ("Ann Lee", ("ann", "lee")),
    ("an", (" an",)),
    ("a", (" a",)),
    ("(555) 014-7731", ("555", "0147731")),
    ("+1 555.012", (" 1", "555012")),
    ("10-0042", ("100042",)),
    ("ann ann", ("ann",)),
    ("a1-b2", ("a1-b2",)),
    ("MÜLLER", ("muller",)),
    ("1 2 3 4 5 6 7 8 9", (" 1", " 2", " 3", " 4", " 5", " 6", " 7", " 8")),
]


@pytest.mark.parametrize(("values", "expected"), TEXTS)
def test_the_text_to_search_in_is_plain(values, expected):
    assert search_text(*values) == expected


@pytest.mark.parametrize(("words", "expected"), NEEDLES)
def test_words_become_needles(words, expected):
    assert needles(words) == expected


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=12), max_size=4))
def test_what_is_typed_as_it_stands_is_found(values):
    text = search_text(*values)
    assert all(word in text for word in search_text(" ".join(values)).split())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Ann@Firm.Example", "ann@firm.example"),
        (" ann @firm.example. ", "ann@firm.example"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("nothing", "nothing"),
    ],
)
def test_one_address_has_one_key(value, expected):
    assert address_key(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("ACME-0001", "acme0001"), ("000-42", "42"), ("000", "0"), ("", "")],
)
def test_a_number_is_compared_without_signs_and_leading_zeros(value, expected):
    assert number_key(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("04101", "4101"), ("04101-3832", "4101"), ("K1A 0B1", "k1a0b1"), ("", "")],
)
def test_a_zip_is_compared_by_its_first_five_digits(value, expected):
    assert postal_key(value) == expected
