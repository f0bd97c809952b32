"""What is kept with an import of each of its files: how it is read, and how columns are matched."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from contacts.rules.words import Entity
from erp.readers.tables import Table
from erp.rules.mapping import Column, Matched

REFUSED = "refused"


def columns_of(facts: Mapping[str, Any]) -> list[Column]:
    """This will give the columns of a file as they are mapped now."""
    return [Column(**column) for column in facts["columns"]]


def table_of(facts: Mapping[str, Any]) -> Table:
    """This will give how a kept file is read."""
    told = dict(facts["table"])
    for name in ("headers", "warnings", "sheets"):
        told[name] = tuple(told.get(name, ()))
    told["samples"] = tuple(tuple(cells) for cells in told["samples"])
    told["path"] = str(Path(settings.MEDIA_ROOT) / told["path"])
    return Table(**told)


def matched_of(facts: Mapping[str, Any]) -> Matched:
    """This will give how a file's columns are matched now."""
    return Matched(facts["mapping"], Entity(facts["entity"]), tuple(columns_of(facts)))


def matched_facts(matched: Matched) -> dict[str, Any]:
    """This will give what is kept of how a file's columns are matched."""
    return {
        "mapping": matched.name,
        "entity": matched.entity.value,
        "columns": [column.as_json() for column in matched.columns],
    }
