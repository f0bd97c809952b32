"""IIF, the tab-separated lists of QuickBooks Desktop: the customers, without the other lists.

Each row starts with the kind of its list; the head of a list is `!CUST`, its rows are `CUST`.
"""

from collections import Counter
from pathlib import Path

from erp.rules import reading
from erp.rules.reading import UnreadableFileError

_LISTS = ("CUST", "OTHERNAME", "VEND")
_NO_LIST = "The IIF file holds no list of customers. Export the customer list (File, Utilities)."


def spool_list(path: Path, encoding: str) -> Path:
    """This will write the list of customers out beside the file, the other rows as blank lines.

    So rows keep their numbers. Raises UnreadableFileError when there is no such list.
    """
    wanted = _wanted(path)
    target = path.with_name(f"{path.name}.txt")
    seen = False
    with path.open("rb") as old, target.open("w", encoding="utf-8", newline="\n") as new:
        for raw in old:
            line = reading.decode(raw, encoding)[0].rstrip("\r\n")
            kind = line.partition("\t")[0].strip()
            is_head = kind == f"!{wanted}"
            new.write(f"{line}\n" if kind == wanted or (is_head and not seen) else "\n")
            seen = seen or is_head
    return target


def _wanted(path: Path) -> str:
    with path.open("rb") as stream:
        kinds = Counter(
            line.partition(b"\t")[0].strip().decode("ascii", "replace") for line in stream
        )
    found = next((kind for kind in _LISTS if kinds[f"!{kind}"] and kinds[kind]), "")
    if not found:
        raise UnreadableFileError(_NO_LIST)
    return found
