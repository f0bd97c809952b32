"""Who a record is: never where it stood."""

import pytest

from contacts.rules.words import Entity
from erp.rules.keys import LONGEST_KEY, cell_of, fingerprint, general_key, record_key


@pytest.mark.parametrize(
    ("entity", "values", "key"),
    [
        (Entity.CUSTOMER, {"own_id": "4001", "account": "10002"}, "id:4001"),
        (Entity.CUSTOMER, {"account": "0010"}, "no:0010"),
        (Entity.CUSTOMER, {"name": "Nobody's"}, ""),
        (Entity.CONTACT, {"own_id": "48000", "email": "a@b.com"}, "id:48000"),
        (Entity.CONTACT, {"account": "7", "email": " A@B.com "}, "at:7|a@b.com"),
        (Entity.CONTACT, {"account": "7", "first_name": "Ann", "last_name": "Lee"}, "nm:7|ann lee"),
        (Entity.CONTACT, {"account": "7"}, ""),
        (Entity.INVOICE, {"account": "7", "number": "INV1"}, "no:INV1"),
        (Entity.INVOICE, {"account": "7"}, ""),
    ],
)
def test_a_record_is_known_by(entity, values, key):
    assert record_key(entity, values) == key


def test_a_long_key_stays_unique_and_short():
    keys = {record_key(Entity.CUSTOMER, {"own_id": "x" * 300 + end}) for end in "ab"}

    assert len(keys) == 2
    assert all(len(key) <= LONGEST_KEY for key in keys)
    assert len(general_key("id:" + "x" * 300)) <= LONGEST_KEY


def test_the_order_of_columns_plays_no_part():
    assert fingerprint({"a": "1", "b": "2"}) == fingerprint({"b": "2", "a": "1"})
    assert fingerprint({"a": "1"}) != fingerprint({"a": "2"})
    assert len(fingerprint({})) == 32


def test_the_cell_is_what_the_file_had():
    values = {"active": "true", "raw:active": "No", "city": "Bath"}

    assert cell_of(values, "inactive") == "No"
    assert cell_of(values, "city") == "Bath"
    assert cell_of(values, "state") == ""
