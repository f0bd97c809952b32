"""What somebody saw when he decided: sent along, so that nothing newer is overwritten unseen."""

from dataclasses import dataclass
from hashlib import blake2b

LONGEST_KEY = 18


@dataclass(frozen=True)
class Seen:
    """The contact that was looked at, and the mark of the value and suggestion beside it."""

    contact: int = 0
    mark: str = ""

    def __str__(self) -> str:
        """This will write it as forms carry it."""
        return f"{self.contact}-{self.mark}"

    def differs(self, mark: str) -> bool:
        """This will say whether something else stands there now; who sent nothing saw it all."""
        return bool(self.mark) and self.mark != mark


def mark_of(value: str, suggestion: str) -> str:
    """This will give a short mark that changes with a value or with what is suggested for it."""
    return blake2b(f"{value}\0{suggestion}".encode(), digest_size=4).hexdigest()


def read_seen(text: str) -> Seen:
    """This will read what a form carried; anything else is as if nothing had been sent."""
    contact, _, mark = text.partition("-")
    known = contact.isdecimal() and contact.isascii() and len(contact) <= LONGEST_KEY
    return Seen(int(contact), mark) if known else Seen()
