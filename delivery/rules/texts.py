"""What the program's own mails are made of, before they are rendered."""

import re
from dataclasses import dataclass

MARKS = re.compile(r"[\[\]*#<>]")


@dataclass(frozen=True)
class Text:
    """A subject and a body in the small rich text of messages."""

    subject: str
    body: str


def plain(text: str) -> str:
    """This will drop what a message would read as a link, a field or a heading."""
    return " ".join(MARKS.sub("", text).split())
