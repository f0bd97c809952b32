"""Text files of any encoding, told apart and where needed written out anew beside the upload."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from erp.readers.iif import spool_list
from erp.rules import reading
from erp.rules.letters import guess

CHUNK = 1024 * 1024
SAMPLE = 4 * 1024
MOST_SAMPLED = 500
_MANY_MORE = 3


@dataclass(frozen=True)
class Written:
    """A text file as it can be streamed: where it lies and how it is written."""

    path: Path
    format: str
    encoding: str
    separator: str
    start: int
    before: int
    warnings: tuple[str, ...] = ()


def look_at(path: Path, head: bytes) -> Written:
    """This will tell a file's encoding and separator. Raises UnreadableFileError for no text."""
    shape = reading.text_shape(head)
    encoding, start = shape.encoding, shape.mark
    if encoding in (reading.UTF8, reading.CP1252) and _has_old_line_ends(head):
        encoding = _encoding_of(path)
        path, told = _spool(path, encoding), reading.ENCODING_NAMES[encoding]
        encoding, start = reading.UTF8, 0
    elif encoding not in (reading.UTF8, reading.CP1252):
        path = _spool(path, encoding)
        told, encoding, start = reading.ENCODING_NAMES[encoding], reading.UTF8, 0
    else:
        encoding = _encoding_of(path)
        told = reading.ENCODING_NAMES[encoding]
        if encoding not in (reading.UTF8, reading.CP1252, reading.MIXED):
            path, encoding, start = _spool(path, encoding), reading.UTF8, 0
    warnings: tuple[str, ...] = ()
    if encoding == reading.MIXED:
        warnings = ("Some rows are not UTF-8 like the rest; they were read as Windows-1252.",)
    lines = _lines(path, encoding, start)
    if reading.is_iif(lines):
        path = spool_list(path, encoding)
        return Written(path, f"IIF, {told}", reading.UTF8, "\t", 0, 0, warnings)
    separator, before = reading.separator_of(lines)
    name = f"CSV, {told}, {reading.SEPARATOR_NAMES.get(separator, separator)}"
    return Written(path, name, encoding, separator, start, before, warnings)


def _lines(path: Path, encoding: str, start: int) -> list[str]:
    with path.open("rb") as stream:
        stream.seek(start)
        lines = islice(iter(lambda: stream.readline(CHUNK), b""), reading.SNIFFED_ROWS)
        return [reading.decode(line, encoding)[0] for line in lines]


def _has_old_line_ends(head: bytes) -> bool:
    """This will say whether rows end in CR alone; a few cells may hold an LF all the same."""
    feeds = head.count(b"\n")
    return head.count(b"\r") - head.count(b"\r\n") > _MANY_MORE * feeds


def _spool(path: Path, encoding: str) -> Path:
    """This will write a text file out as UTF-8 with today's line ends."""
    target = path.with_name(f"{path.name}.txt")
    source = "utf-16" if encoding.startswith("utf-16") and _has_mark(path) else encoding
    errors = "replace" if source != reading.UTF8 else "surrogateescape"
    with (
        path.open(encoding=source, errors=errors, newline=None) as old,
        target.open("w", encoding="utf-8", errors=errors, newline="\n") as new,
    ):
        while part := old.read(CHUNK):
            new.write(part)
    return target


def _has_mark(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) in (b"\xff\xfe", b"\xfe\xff")


def _encoding_of(path: Path) -> str:
    """This will read the whole file once: UTF-8, lines of it and another, or another one."""
    has_utf8 = has_other = False
    with path.open("rb") as stream:
        for line in stream:
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                has_utf8 = True
            except UnicodeDecodeError:
                has_other = True
            if has_utf8 and has_other:
                return reading.MIXED
    return guess(_sample(path)) if has_other else reading.UTF8


def _sample(path: Path) -> bytes:
    """This will give the first lines that are not plain ASCII."""
    found: list[bytes] = []
    with path.open("rb") as stream:
        for line in stream:
            if not line.isascii():
                found.append(line[:SAMPLE])
            if len(found) > MOST_SAMPLED:
                break
    return b"".join(found)
