"""Django choices from a rule's own enum, so that rules stay free of Django."""

from enum import StrEnum


def choices_of(enum: type[StrEnum]) -> list[tuple[str, str]]:
    """This will give (value, label) pairs; labels are the values in sentence case."""
    return [(item.value, item.value.replace("_", " ").capitalize()) for item in enum]
