"""Whether a name, a job title or a note says that somebody is no longer there."""

import re
import unicodedata
from collections import defaultdict
from functools import cache, lru_cache

from validation.data.files import lines

LONGEST_TEXT = 3_000
LONGEST_REMARK = 120
# Where one remark ends and the next begins; a dot only before a blank, for the sake of dates.
_BREAK = re.compile(r"[;!?\n\r()\[\]{}*|,…†]+|[.:](?=\s|$)|\s[-–—/]+\s|\s*--+\s*")
_NAME_BREAK = re.compile(r"[;()\[\]{}*|_#<>]+|\s[-–—/:]+\s?|--+|^[-–—:]+|[-–—:]+$")
_BRACKETS = re.compile(r"[(\[{*]+([^()\[\]{}*]+)[)\]}*]+")
# "xJohn", "zJohn", "ZZZ John", "ZZ-John": put there so that the name comes last in lists.
_MARKED = re.compile(
    r"^\W*(?:[xz]{1,3}(?=[A-Z][a-z])|X{2,3}(?=[A-Z][a-z])|(?:[xX]{2,3}|zz|ZZ|[zZ]{3})[\s._-]+"
    r"|Zz[\s._-]+(?=\w+[\s._-]+\w)|[XZ]-(?=[A-Z][a-z]))|\u2020"
)
# ", who retired": said of the person named just before.
_WHO = re.compile(
    r"[\s,(](?:who|whom|der|die|das|welcher|welche|qui|lequel|laquelle|que|quien|che|som|wie"
    r"|ktory|ktora|ktery|ktera|care|aki|joka)\s+(?:\w+\s+){0,3}$",
    re.IGNORECASE,
)
_ORDINARY = re.compile(r"[A-Z][a-z]+(?:[ '][A-Z][a-z]+)*")
_LETTERS = str.maketrans("ıłŁøØđĐ’", "ilLoOdD'")
_WORD = re.compile(r"[^\W\d_]+")


def departed(name: str, job_title: str, notes: str) -> str:
    """This will say why somebody has left, or nothing."""
    if _MARKED.search(name):
        return f"The name is marked as no longer in use: {name!r}."
    if _in_name(name):
        return f"The name says: {name!r}."
    if remark := _in_title(job_title):
        return f"The job title says: {remark!r}."
    if notes and (remark := _in_notes(notes[:LONGEST_TEXT], name)):
        return f"The notes say: {remark!r}."
    return ""


def plain(text: str) -> str:
    """This will give a text without marks on its letters, nearly as long as it was."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def unmarked(part: str) -> str:
    """This will give a name, or a part of one, without marks and remarks that somebody has left."""
    if _ORDINARY.fullmatch(part):
        return part
    bare = _MARKED.sub("", part)
    remarks = [piece.strip() for piece in _NAME_BREAK.split(bare) if piece.strip()]
    kept = [piece for piece in remarks if not _says(plain(piece))]
    if len(kept) == len(remarks):
        return _without_loud_word(bare).strip(" *-_")
    return " ".join(kept)


def _in_name(name: str) -> bool:
    """This will find the remark in a name: John Smith (left), DO NOT USE - Smith, John LEFT."""
    if name.count(" ") < 2 and _ORDINARY.fullmatch(name):  # noqa: PLR2004 - no room for a remark
        return False
    pieces = [piece.strip() for piece in _NAME_BREAK.split(plain(name))]
    if len(pieces) > 1 and any(_says(piece) for piece in pieces):
        return True
    head = name.partition(" ")[0]
    is_remark = head.islower() or (head.isupper() and not name.isupper())
    if is_remark and _patterns().title.match(plain(name)):
        return True
    return _without_loud_word(name) != name or _patterns().strong.search(plain(name)) is not None


@lru_cache(maxsize=20_000)
def _in_title(job_title: str) -> str:
    """This will give the remark in a job title: Former buyer, buyer (left)."""
    text = plain(job_title[:LONGEST_TEXT].strip())
    bracketed = _BRACKETS.findall(text)
    pieces = (text, *bracketed) if bracketed else (text, *_BREAK.split(text))
    if text and any(_says(piece.strip()) for piece in pieces):
        return _around(job_title, 0)
    match = _patterns().strong.search(text)
    return _around(job_title, match.start()) if match else ""


def _in_notes(typed: str, name: str) -> str:
    """This will give the remark in a note, unless it is about somebody whom this one follows."""
    patterns, notes = _patterns(), plain(typed)
    if patterns.hint.search(notes.lower()) is None:
        return ""
    other = patterns.other.search(notes)
    end = other.start() if other else len(notes)
    strong = patterns.strong.search(notes, 0, end)
    if strong and not _is_asked(notes, strong.end()) and not _is_of_other(notes, strong.start()):
        return _around(typed, strong.start())
    own = {word.lower() for word in _WORD.findall(plain(name))}
    start = 0
    for stop in (*_BREAK.finditer(notes, 0, end), None):
        piece = notes[start : stop.start() if stop else end].strip()
        if piece and len(piece) < LONGEST_REMARK and _is_alone(piece, own):
            return _around(typed, start)
        start = stop.end() if stop else end
    return ""


def _says(piece: str) -> bool:
    """This will say whether a piece of a name or job title is a remark that somebody has left."""
    if not piece or len(piece) > LONGEST_REMARK:
        return False
    patterns = _patterns()
    if patterns.title.match(piece) or patterns.mark.fullmatch(piece):
        return True
    return _is_alone(piece, set())


def _is_alone(piece: str, own: set[str]) -> bool:
    """This will say whether a remark is nothing but that somebody has left, and when."""
    patterns = _patterns()
    words = piece.split()
    while words and (_bare(words[0]) in own or patterns.beside.fullmatch(words[0])):
        if patterns.alone.match(" ".join(words)) and _tail_fits(words, patterns):
            return True
        words = words[1:]
    return bool(words) and _tail_fits(words, patterns)


def _tail_fits(words: list[str], patterns: "_Patterns") -> bool:
    text = " ".join(words)
    match = patterns.alone.match(text)
    if match is None:
        return False
    rest = text[match.end() :].strip(" .:'\"-–")
    return not rest or match[0].endswith(":") or patterns.tail.match(rest) is not None


def _bare(word: str) -> str:
    return word.strip(".,:'\"").lower()


def _is_of_other(text: str, start: int) -> bool:
    """This will say whether a remark hangs on another person: "for Mr. Lange, who retired"."""
    before = text[max(start - 60, 0) : start]
    return "," in before and _WHO.search(before) is not None


def _is_asked(text: str, end: int) -> bool:
    """This will say whether a remark is a question: "no longer here?"."""
    return text[end : end + 12].lstrip().startswith("?")


def _without_loud_word(name: str) -> str:
    """This will drop a word such as LEFT or OLD, in capitals beside a name that is not."""
    words = name.split()
    if len(words) < 3 or name.isupper() or name.islower():  # noqa: PLR2004 - two are the name's
        return name
    loud, alone = _patterns().loud, _patterns().alone
    kept = []
    for word in words:
        bare = plain(word).strip("*-.,:;()[]_")
        if not (bare.isupper() and (loud.fullmatch(bare) or alone.fullmatch(bare))):
            kept.append(word)
    return " ".join(kept) if kept else name


def _around(text: str, start: int) -> str:
    first = max(start - 20, 0)
    return " ".join(text[first : first + 90].split())


class _Patterns:
    """The patterns of the list, compiled once."""

    def __init__(self, by_scope: "dict[str, list[str]]") -> None:
        def any_of(*scopes: str) -> str:
            return "|".join(f"(?:{one})" for scope in scopes for one in by_scope[scope])

        ignore = re.IGNORECASE
        strong, alone = any_of("any"), any_of("alone")
        self.strong = re.compile(rf"(?<!\w)(?:{strong})(?!\w)", ignore)
        self.alone = re.compile(rf"(?:{alone})(?!\w)", ignore)
        self.title = re.compile(rf"(?:{any_of('title')})(?!\w)", ignore)
        self.other = re.compile(rf"(?<!\w)(?:{any_of('other')})", ignore)
        self.loud = re.compile(any_of("loud"), ignore)
        self.mark = re.compile(any_of("mark"), ignore)
        self.beside = re.compile(rf"(?:{any_of('person', 'prep', 'when')})[.,:]?", ignore)
        # In small letters a pattern runs in half the time: most notes say nothing of the kind.
        self.hint = re.compile(rf"(?<!\w)(?:{_small(strong)}|{_small(alone)})(?!\w)")
        prep, when, follows = any_of("prep"), any_of("when"), any_of("next", "firm")
        self.tail = re.compile(
            rf"(?:(?:{prep})\s+){{0,4}}(?:{when})(?!\w)|(?:(?:{prep})\s+)?(?:{follows})(?!\w)",
            ignore,
        )


def _small(pattern: str) -> str:
    """This will give a pattern for texts in small letters: wider where capitals matter."""
    wider = pattern.replace("(?-i:", "(?:")
    return re.sub(r"\\.|[^\\]", lambda m: m[0] if m[0][0] == "\\" else m[0].lower(), wider)


@cache
def _patterns() -> _Patterns:
    by_scope: dict[str, list[str]] = defaultdict(list)
    for line in lines("departed"):
        scope, pattern = line.split("\t")
        by_scope[scope].append(plain(pattern))
    return _Patterns(by_scope)
