"""Whether a name server may be believed."""

import pytest

from validation.rules.account import Delivery
from validation.rules.dns import DnsCode, Outcome, Reply, Said
from validation.rules.dns_server import Character, character_of

TAKES_MAIL = Outcome(Delivery.DELIVERABLE, DnsCode.MX)
NO_SUCH = Outcome(Delivery.UNDELIVERABLE, DnsCode.NO_DOMAIN)
FAILS = Outcome(Delivery.UNKNOWN, DnsCode.SERVFAIL)
GONE, MUTE = Reply(Said.NO_NAME), Reply(Said.TIMEOUT)
LIE = Reply(Said.RECORDS, ("198.51.100.7",))


@pytest.mark.parametrize(
    ("known", "nobody", "local", "character"),
    [
        ([TAKES_MAIL, None], [GONE, GONE], False, Character.REAL),
        ([TAKES_MAIL, TAKES_MAIL], [MUTE, MUTE], True, Character.REAL),
        ([TAKES_MAIL, TAKES_MAIL], [GONE, LIE], False, Character.LYING),
        ([NO_SUCH, NO_SUCH], [LIE, LIE], True, Character.LYING),
        ([NO_SUCH, NO_SUCH], [GONE, GONE], False, Character.IGNORANT),
        ([NO_SUCH, NO_SUCH], [GONE, GONE], True, Character.REHEARSAL),
        ([None, None], [GONE, MUTE], True, Character.REHEARSAL),
        ([None, None], [MUTE, MUTE], True, Character.SILENT),
        ([FAILS, FAILS], [MUTE, MUTE], False, Character.SILENT),
        ([FAILS, NO_SUCH], [MUTE, MUTE], False, Character.IGNORANT),
    ],
)
def test_a_server_is_judged_by_what_is_known_beforehand(known, nobody, local, character):
    assert character_of(known, nobody, may_be_rehearsal=local) == character


def test_only_a_server_that_is_not_trusted_has_something_wrong():
    assert {one: bool(one.sentence("9.9.9.9:53")) for one in Character} == {
        one: not one.is_trusted for one in Character
    }
