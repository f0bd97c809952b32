"""A field's value as the text that change rows keep, and back."""

import json
from datetime import date, datetime
from decimal import Decimal

TRUE_WORDS = frozenset({"true", "yes", "y", "1", "on", "x", "t"})


def text_of(value: object) -> str:
    """This will give the text of a value: "" for nothing, "true"/"false", ISO dates."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
    return str(value)


def truth_of(text: str) -> bool:
    """This will read a yes or no."""
    return text.strip().lower() in TRUE_WORDS
