"""Names of companies as they are compared: in any language, without legal forms."""

import re
import unicodedata
from importlib import resources

_DOTTED = re.compile(r"\b(?:\w\.){2,}")
_APOSTROPHES = re.compile("['’`\u00b4]")
_NOT_WORD = re.compile(r"[^\w]+|_+")
# Letters that do not come apart into a letter and a mark.
_SPELLINGS = (("æ", "ae"), ("œ", "oe"), ("ø", "o"), ("ł", "l"), ("đ", "d"), ("\u0131", "i"))
# How one sound is written with and without marks: Müller and Mueller, Sørensen and Soerensen.
_DOUBLED = (("ae", "a"), ("oe", "o"), ("ue", "u"))
_JOINING = frozenset(
    ["and", "und", "et", "y", "e", "i", "en", "og", "och", "ja", "the", "der", "die"]
)
IN_FRONT, JOINED = "<", "~"


def firm_words(name: str) -> tuple[str, ...]:
    """This will give the words of a company's name that tell it from others.

    Case, marks, punctuation, legal forms and little joining words are gone; a name that consists
    of nothing else keeps its words.
    """
    text = name
    for form in _JOINED:
        text = text.replace(form, " ")
    words = _words(text)
    kept = _without_forms(words)
    plain = [word for word in kept if word not in _JOINING]
    return tuple(plain or kept or words)


def fold(text: str) -> str:
    """This will give letters without case and marks, one blank between words."""
    return " ".join(_words(text))


def _words(text: str) -> list[str]:
    joined = _DOTTED.sub(lambda found: found[0].replace(".", ""), _APOSTROPHES.sub("", text))
    plain = joined.casefold() if joined.isascii() else _plain(joined.casefold())
    for double, one in _DOUBLED:
        plain = plain.replace(double, one)
    return _NOT_WORD.sub(" ", plain).split()


def _plain(text: str) -> str:
    for special, letters in _SPELLINGS:
        text = text.replace(special, letters)
    apart = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))


def _without_forms(words: list[str]) -> list[str]:
    """This will cut legal forms off the end, several in a row, and one off the front."""
    kept = list(words)
    cut = True
    while cut and len(kept) > 1:
        cut = False
        for size in range(min(LONGEST_FORM, len(kept) - 1), 0, -1):
            if tuple(kept[-size:]) in FORMS:
                del kept[-size:]
                cut = True
                break
    while len(kept) > 1 and kept[0] in _IN_FRONT:
        del kept[0]
    return kept


def _listed() -> list[str]:
    text = resources.files("contacts.data").joinpath("legal_forms.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


_LINES = _listed()
# Written before or behind the name without a blank.
_JOINED = tuple(line[1:] for line in _LINES if line.startswith(JOINED))
FORMS = frozenset(tuple(_words(line)) for line in _LINES if not line.startswith(JOINED))
LONGEST_FORM = max(len(form) for form in FORMS)
_IN_FRONT = frozenset(fold(line) for line in _LINES if line.startswith(IN_FRONT)) | {"the"}
