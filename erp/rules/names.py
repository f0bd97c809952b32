"""A person's name taken apart, with the forms of address of several languages."""

import re
from functools import lru_cache

from nameparser import HumanName

# Forms of address that the parser of names does not know; those with a dot only with it.
_FORMS_WORDS = (
    "herr herrn frau fräulein hr. fr. mme mlle monsieur madame mademoiselle mm. señor señora"
    " señorita senor senora sr. sra. srta. sr sra srta don doña dña. senhor senhora dhr dhr. heer"
    " mevrouw mevr mevr. mw mw. signor signora signorina sig. sig.ra sig.na sigra dott. dott.ssa"
    " avv. pan pani p. hra fru fröken frk frk. herra rouva mr mrs ms miss mx mr. mrs. ms. mx."
)
_FORMS = frozenset(_FORMS_WORDS.split())
_TITLES_WORDS = "dr dr. prof prof. ing. dipl.-ing. mag. me. maître dipl.-kfm. ir. drs. mr.dr."
_TITLES = frozenset(_TITLES_WORDS.split())
_BLANKS = re.compile(r"\s+")
_REMARK = re.compile(r"(?P<name>[^\s(\[*].*)\s(?P<remark>\([^()]*\)|\[[^\[\]]*\]|\*[^*]*\*?)\s*")


@lru_cache(maxsize=20_000)
def split_name(text: str) -> dict[str, str]:
    """This will take a name apart: "Alvarez, Teresa", "Dr. Teresa M. Alvarez", "Frau Dr. Weiß"."""
    forms, rest = _leading_forms(text)
    rest, remark = _remark_behind(rest)
    name = HumanName(rest)
    last = " ".join(part for part in (name.last, name.suffix, remark) if part)
    first = name.first
    if forms and first and not last and "," not in rest:
        first, last = "", first  # "Herr Müller" names nobody by the first name
    parts = {
        "salutation": " ".join(part for part in (*forms, name.title) if part),
        "first_name": first,
        "middle_name": name.middle,
        "last_name": last,
    }
    if not (first or last):
        parts = {"last_name": text}
    return {key: value for key, value in parts.items() if value}


def _remark_behind(text: str) -> tuple[str, str]:
    """This will take off what stands behind a name in brackets: it may say that somebody has left.

    The parser of names takes it for a nickname, and leaves it out.
    """
    found = _REMARK.fullmatch(text)
    return (found["name"], found["remark"]) if found else (text, "")


def _leading_forms(text: str) -> tuple[list[str], str]:
    """This will take forms of address off the front: "Herr Dr. Karl Weiß" is two and a name."""
    words = _BLANKS.split(text.strip())
    forms: list[str] = []
    while len(words) > 1 and words[0].casefold() in (_FORMS | _TITLES if forms else _FORMS):
        forms.append(words.pop(0))
    return forms, " ".join(words) if forms else text


def is_form_of_address(text: str) -> bool:
    """This will recognise "Mrs", "Herr Dr.", "Mme" and the like, with nothing else beside them."""
    words = text.casefold().replace("/", " ").split()
    known = _FORMS | _TITLES | {"m", "mle", "sig", "p", "fr", "hr"}
    return bool(words) and all(word in known or word.rstrip(".") in known for word in words)
