"""Which source is believed, and whose value stays when two records become one."""

import pytest

from contacts.rules.choosing import Party, Prefer, Side, choose
from contacts.rules.precedence import Claim, Standing, Told, claim

ERP, SHOP = Standing(rank=1), Standing(rank=9)


@pytest.mark.parametrize(
    ("mine", "others", "ours", "answer"),
    [
        (SHOP, [Told(ERP, {"phone": "1"})], "1", Claim.YIELDS),
        (SHOP, [Told(ERP, {"phone": ""})], "2", Claim.OPEN),
        (SHOP, [], "1", Claim.OPEN),
        (ERP, [Told(SHOP, {"phone": "1"})], "1", Claim.PREVAILS),
        (ERP, [Told(SHOP, {"phone": "1"})], "2", Claim.OPEN),
        (ERP, [Told(Standing(rank=1), {"phone": "1"})], "1", Claim.OPEN),
        (ERP, [Told(Standing(9, frozenset({"phone"})), {"phone": "1"})], "1", Claim.YIELDS),
        (
            Standing(1, trails=frozenset({"phone"})),
            [Told(SHOP, {"phone": "1"})],
            "1",
            Claim.YIELDS,
        ),
    ],
)
def test_the_source_that_comes_first_is_believed_but_never_against_a_person(
    mine, others, ours, answer
):
    assert claim("phone", ours, mine, others) is answer


KEEP = {"email": "ap@acme.example", "phone": "1", "notes": "a", "active": "false", "fax": ""}
GONE = {"email": "ann@acme.example", "phone": "2", "notes": "b", "active": "true", "fax": "9"}


@pytest.mark.parametrize(
    ("keep", "gone", "prefer", "different"),
    [
        ({}, {}, Prefer.SOURCES, {}),
        ({}, {"standings": {"phone": ERP}}, Prefer.SOURCES, {}),
        (
            {"standings": {"phone": SHOP}},
            {"standings": {"phone": ERP}},
            Prefer.SOURCES,
            {"phone": Side.GONE},
        ),
        ({"changed": 1}, {"changed": 2}, Prefer.NEWEST, {"phone": Side.GONE, "email": Side.GONE}),
        (
            {"email_status": "invalid"},
            {"email_status": "ok"},
            Prefer.SOURCES,
            {"email": Side.GONE},
        ),
        (
            {"email_status": "review"},
            {"email_status": "confirmed"},
            Prefer.CHECKED,
            {"email": Side.GONE},
        ),
        (
            {"email_status": "ok", "is_role": True},
            {"email_status": "ok"},
            Prefer.CHECKED,
            {"email": Side.GONE},
        ),
    ],
)
def test_the_better_value_is_proposed(keep, gone, prefer, different):
    here = Party(**{"values": KEEP, "standings": {}} | keep)
    there = Party(**{"values": GONE, "standings": {}} | gone)
    expected = {
        "email": Side.KEEP, "phone": Side.KEEP, "notes": Side.BOTH, "active": Side.GONE,
        "fax": Side.GONE,
    }  # fmt: skip
    assert choose(list(KEEP), here, there, prefer) == expected | different


def test_what_is_equal_is_no_choice():
    party = Party(values=KEEP, standings={})
    assert choose(list(KEEP), party, party, Prefer.SOURCES) == {}
