"""Values in the form in which they are compared: addresses, account numbers, phones, names."""

import re
import unicodedata

import idna

_INVISIBLE = re.compile(r"[\u0000-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_BLANKS = re.compile(r"\s+")
_NOT_ALNUM = re.compile(r"[^0-9a-z]+")
_NOT_DIGIT = re.compile(r"\D+")
_NUMBER_LIKE = re.compile(r"[+(]*\d[\d()+./-]*")
MOST_NEEDLES = 8


def tidy(value: str) -> str:
    """This will drop invisible characters and outer blanks, and make inner blanks single."""
    return _BLANKS.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", value))).strip()


def repaired_email(value: str) -> str:
    """This will give an address without blanks and invisible characters, its domain lower case.

    The letters of the local part stay as typed (RFC 5321 2.4); the domain becomes its A-label.
    """
    bare = _INVISIBLE.sub("", value)
    local, at, domain = "".join(bare.split()).rpartition("@")
    return f"{local}{at}{domain_key(domain)}" if at else domain


def address_key(value: str) -> str:
    """This will give the one key of an address: two spellings of it never get two messages."""
    return unicodedata.normalize("NFC", repaired_email(value)).lower()


def domain_of(value: str) -> str:
    """This will give the domain of an address as A-label, or nothing."""
    return repaired_email(value).rpartition("@")[2] if "@" in value else ""


def domain_key(domain: str) -> str:
    """This will give a domain in lower case as A-label (RFC 5890), without a trailing dot."""
    lower = domain.strip().lower().rstrip(".")
    if lower.isascii():
        return lower
    try:
        return idna.encode(lower, uts46=True).decode("ascii")
    except idna.IDNAError:
        return lower


def number_key(value: str) -> str:
    """This will give an account or invoice number without blanks, signs, case, leading zeros."""
    plain = _NOT_ALNUM.sub("", unicodedata.normalize("NFKC", value).lower())
    return plain.lstrip("0") or ("0" if plain else "")


def postal_key(value: str) -> str:
    """This will give a postal code for comparison; a US ZIP+4 counts by its first five digits."""
    plain = _NOT_ALNUM.sub("", unicodedata.normalize("NFKC", value).lower())
    if plain.isdigit() and len(plain) == 9:  # noqa: PLR2004 - ZIP+4
        plain = plain[:5]
    return plain.lstrip("0") if plain.isdigit() else plain


def phone_key(value: str) -> str:
    """This will give the digits of a phone number, the last ten for comparison."""
    return re.sub(r"\D", "", value)[-10:]


def search_text(*values: str) -> str:
    """This will give the text that a search looks in: letters without marks and case.

    One blank stands between words and one in front, so that " ab" finds words that start with "ab".
    """
    joined = " ".join(value for value in values if value)
    plain = joined.lower() if joined.isascii() else _plain(_plain(joined).casefold())
    words = _INVISIBLE.sub(" ", plain).split()
    return " ".join(["", *words])


def digits(value: str) -> str:
    """This will give the digits of a number as it stands in the text that a search looks in."""
    return _NOT_DIGIT.sub("", value)


def needles(words: str) -> tuple[str, ...]:
    """This will give what to look for in `search_text`, one needle for each word typed.

    A number loses its punctuation, since phone numbers are kept as digits. A needle of fewer
    than three letters must start a word: three signs are the least that a trigram index finds.
    """
    found = []
    for word in search_text(words).split()[:MOST_NEEDLES]:
        needle = digits(word) if _NUMBER_LIKE.fullmatch(word) else word
        found.append(needle if len(needle) > 2 else f" {needle}")  # noqa: PLR2004 - a trigram
    return tuple(dict.fromkeys(found))


def _plain(text: str) -> str:
    """This will take letters and their marks apart and drop the marks."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(mark for mark in apart if not unicodedata.combining(mark))
