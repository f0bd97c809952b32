"""Which of the old one-byte encodings a text is in, told by the letters of the languages.

A text of one language has the letters of that language once it is read in the right encoding, and
signs in the middle of its words, or letters of no language, in a wrong one.
"""

import re
from collections import Counter

CP1252 = "cp1252"
_WESTERN = (
    "äöüß", "àâçéèêëîïôûùœæ", "áéíóúñü", "áâãàçéêíóôõú", "àèéìòù", "åäöé", "æøåé", "áðéíóúýþæö",
    "äöåé", "ëïéèöü",
)  # fmt: skip
_LANGUAGES = (
    *((CP1252, letters) for letters in _WESTERN),
    ("cp1250", "áčďéěíňóřšťúůýž"),
    ("cp1250", "ąćęłńóśźż"),
    ("cp1250", "áéíóöőúüű"),
    ("cp1250", "áäčďéíĺľňóôŕšťúýž"),
    ("cp1250", "čšžćđ"),
    ("iso8859_2", "áčďéěíňóřšťúůýž"),
    ("iso8859_2", "ąćęłńóśźż"),
    ("cp1254", "çğıöşüâî"),
    ("cp850", "äöüß"),
    ("cp850", "àâçéèêëîïôûù"),
    ("cp850", "áéíóúñ"),
    ("mac_roman", "äöüß"),
    ("mac_roman", "àâçéèêëîïôûù"),
)
_CYRILLIC = ("cp1251", range(0x0400, 0x0460))
_GREEK = ("cp1253", range(0x0370, 0x0400))
_RUN = re.compile(rb"[\x80-\xff]+")
_NEEDED, _GOOD, _BAD = 8, 0.97, 0.85
_OFTEN = 0.08
_RUSSIAN = (0xE0, 0xEE)  # a and o in Windows-1251
_WORDLIKE = 3


def guess(sample: bytes) -> str:
    """This will give the encoding of a text that is no UTF-8; Windows-1252 unless others fit."""
    high = Counter(byte for byte in sample if byte > 0x7F)  # noqa: PLR2004 - ASCII ends there
    total = high.total()
    if total < _NEEDED:
        return CP1252
    runs = _RUN.findall(sample)
    if total >= _WORDLIKE * len(runs):
        return _of_alphabet(high)
    fits = [(_coverage(high, encoding, letters), encoding) for encoding, letters in _LANGUAGES]
    western = max(share for share, encoding in fits if encoding == CP1252)
    share, encoding = max(fits, key=lambda fit: fit[0])
    return encoding if share >= _GOOD and western <= _BAD else CP1252


def _coverage(high: Counter[int], encoding: str, letters: str) -> float:
    """This will give how many of the bytes above ASCII are letters of one language."""
    known = letters + letters.upper()
    hits = sum(n for byte, n in high.items() if bytes([byte]).decode(encoding, "replace") in known)
    return hits / high.total()


def _of_alphabet(high: Counter[int]) -> str:
    """This will tell Cyrillic from Greek: whole words lie above ASCII in both.

    The bytes of the most frequent Russian letters are rare letters in Greek.
    """
    often = sum(high[byte] for byte in _RUSSIAN) / high.total()
    encoding, letters = _CYRILLIC if often > _OFTEN else _GREEK
    known = sum(
        n for byte, n in high.items() if ord(bytes([byte]).decode(encoding, "replace")) in letters
    )
    return encoding if known >= _GOOD * high.total() else CP1252
