"""What kind of name server it is: whether its answers may be believed."""

from collections.abc import Sequence
from enum import StrEnum

from validation.rules.account import Delivery
from validation.rules.dns import Outcome, Reply, Said


class Character(StrEnum):
    """A server's character, told by questions whose answers are known beforehand."""

    REAL = "real"
    REHEARSAL = "rehearsal"  # stands in for the internet on one machine
    SILENT = "silent"
    LYING = "lying"  # has an answer for names that do not exist
    IGNORANT = "ignorant"  # does not know domains that everybody knows

    @property
    def is_trusted(self) -> bool:
        """Whether a verdict may be built on what it says."""
        return self in (Character.REAL, Character.REHEARSAL)

    def sentence(self, server: str) -> str:
        """This will say what is wrong with it and what to do; nothing when it is trusted."""
        return {
            Character.SILENT: f"The name server {server} does not answer. Mail domains keep what"
            " was known of them and are asked about again when it does.",
            Character.LYING: f"The name server {server} has answers for names that do not exist,"
            " so nothing that it says is used. Name another one in DNS_SERVER (HOST:PORT).",
            Character.IGNORANT: f"The name server {server} does not know even the largest mail"
            " providers, so nothing that it says is used. Name another one in DNS_SERVER"
            " (HOST:PORT).",
        }.get(self, "")


def character_of(
    known: Sequence[Outcome | None], nobody: Sequence[Reply], *, may_be_rehearsal: bool
) -> Character:
    """This will judge a server by what it said of domains that surely take mail, and of nobody's.

    A domain whose answer did not come in time is told as None.
    """
    if any(reply.said == Said.RECORDS for reply in nobody):
        return Character.LYING
    said = [outcome for outcome in known if outcome and outcome.verdict != Delivery.UNKNOWN]
    if any(outcome.verdict == Delivery.DELIVERABLE for outcome in said):
        return Character.REAL
    if may_be_rehearsal and (said or any(reply.said == Said.NO_NAME for reply in nobody)):
        return Character.REHEARSAL
    return Character.IGNORANT if said else Character.SILENT
