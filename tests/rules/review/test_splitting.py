import pytest

from review.rules.splitting import Part, own_part, parts_of


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("a.lee@x.com; bo.ray@x.com",
         [Part("a.lee@x.com"), Part("bo.ray@x.com", "Bo", "Ray")]),
        ('"Ann Lee" <al@x.com>, Bo Ray <bo@x.com>',
         [Part("al@x.com", "Ann", "Lee"), Part("bo@x.com", "Bo", "Ray")]),
        ("sales@x.com / info@x.com", [Part("sales@x.com"), Part("info@x.com")]),
        ("jean-luc.dupont@x.fr müller_anna@x.de",
         [Part("jean-luc.dupont@x.fr", "Jean-Luc", "Dupont"),
          Part("müller_anna@x.de", "Müller", "Anna")]),
        ("ann.lee2@x.com\nANN.LEE2@x.com", [Part("ann.lee2@x.com")]),
        ("nothing here", []),
        ("", []),
    ],
)  # fmt: skip
def test_each_address_gets_the_name_that_the_field_tells(cell, parts):
    assert parts_of(cell) == parts


@pytest.mark.parametrize(
    ("first", "last", "own"),
    [("Bo", "Ray", 1), ("Ann", "Lee", 0), ("Zed", "Qux", 0), ("", "", 0), ("Bo", "", 1)],
)
def test_the_address_with_the_name_in_it_is_the_contacts_own(first, last, own):
    assert own_part([Part("alee@x.com"), Part("bo.ray@x.com")], first, last) == own
