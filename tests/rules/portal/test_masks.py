import pytest

from core.rules.networks import network_of
from portal.rules.masks import ending_of, masked_address


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("priya.raman@acme.com", "p•••••@acme.com"),
        ("p@acme.com", "p•••••@acme.com"),
        ("@acme.com", "•••••@acme.com"),
        ("nothing", ""),
        ("", ""),
    ],
)
def test_an_address_shows_its_first_letter_and_its_domain(address, shown):
    assert masked_address(address) == shown


@pytest.mark.parametrize(
    ("number", "ending"),
    [("ACME0001", "0001"), ("10002", "02"), ("7", ""), ("", ""), ("1234567890", "7890")],
)
def test_never_more_than_half_of_an_account_number_is_shown(number, ending):
    assert ending_of(number) == ending


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.23", "198.51.100.23"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:198.51.100.23", "198.51.100.23"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_an_ipv6_visitor_counts_as_one_network(address, network):
    assert network_of(address) == network
