import pytest

from portal.rules.typos import meant_address

ON_FILE = {"acme.com", "acme-north.com"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("priya@amce.com", "priya@acme.com"),
        ("priya@acme.co", "priya@acme.com"),
        ("Priya@ACME.CM", "Priya@acme.com"),
        ("priya@acme.com", ""),
        ("priya@ACME.COM", ""),
        ("priya@gmial.com", "priya@gmail.com"),
        ("priya@gmail.com", ""),
        ("priya@hotmial.com", "priya@hotmail.com"),
        ("priya@elsewhere.example", ""),
        ("priya@gmx.de", ""),
        ("priya", ""),
        ("@amce.com", ""),
        ("", ""),
    ],
)
def test_one_slip_away_from_a_known_domain_is_hinted_at(typed, meant):
    assert meant_address(typed, ON_FILE) == meant


def test_two_equally_near_domains_give_no_hint():
    assert meant_address("priya@acmee.com", {"acme1.com", "acmes.com"}) == ""


def test_a_domain_on_file_comes_before_a_large_provider():
    assert meant_address("priya@gmaill.com", {"gmaill.co"}) == "priya@gmaill.co"
