"""Text messages (SMS): which number, who gets one, how long it is, and what a stop looks like."""

import re

from delivery.rules.calling_codes import CODES, KEEPS_ZERO

SHORTEST, LONGEST = 7, 15  # digits of a number with its country's code (E.164)
SHORT_TEXT = "short_text"
# The signs of the alphabet that telephones share (GSM 03.38); those of the second count twice.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE = frozenset("^{}\\[~]|€\f")
STOPS = frozenset(
    {
        *("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "optout", "stopp"),
        *("abmelden", "ende", "arret", "arrêt", "alto", "baja", "parar", "sair", "basta"),
        *("annulla", "afmelden", "avbryt", "avsluta", "lopeta", "koniec"),
    }
)


def number_of(written: str, country: str) -> str:
    """This will give a number as +CODE…, or nothing when it is not surely one.

    A number without a code is read as one of the country (two letters).
    """
    kept = re.sub(r"\(0\)", "", written.strip())
    digits = re.sub(r"[\s()./\-\u00a0\u2010-\u2015]", "", kept)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if not re.fullmatch(r"\+?[0-9]+", digits):
        return ""
    if not digits.startswith("+"):
        digits = _national(digits, country.strip().upper())
    return digits if SHORTEST <= len(digits) - 1 <= LONGEST and digits[1:2] != "0" else ""


def goes_by_text(*, content_type: str, has_email: bool, number: str, is_offered: bool) -> bool:
    """This will say whether somebody gets a text message in place of an email."""
    return is_offered and bool(number) and (content_type == SHORT_TEXT or not has_email)


def parts(text: str) -> int:
    """This will count the messages that a telephone company makes of a text, and bills."""
    if BASIC.issuperset(text) or (BASIC | TWICE).issuperset(text):
        length, alone, each = sum(2 if sign in TWICE else 1 for sign in text), 160, 153
    else:
        length, alone, each = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= alone else -(-length // each)


def is_stop(answer: str) -> bool:
    """This will say whether an answer asks for no more messages."""
    words = re.findall(r"\w+", answer.casefold())
    return bool(words) and words[0] in STOPS


def _national(digits: str, country: str) -> str:
    code = CODES.get(country, "")
    if not code:
        return ""
    if code == "1":
        local = digits[1:] if len(digits) == 11 and digits.startswith("1") else digits  # noqa: PLR2004
        return f"+1{local}" if len(local) == 10 else ""  # noqa: PLR2004 - North America's numbers
    if country not in KEEPS_ZERO and digits.startswith("0"):
        digits = digits[1:]
    return f"+{code}{digits}"
