"""One contact's row in the file of findings, in the words that other programs read."""

from collections.abc import Iterable, Sequence

from validation.rules.codes import CODES

HEADER = ("dataset", "contact_id", "origin", "problems", "suggestion", "confidence", "status")
# Codes beyond the file's vocabulary: reported under the nearest one, or not at all.
_TOLD_AS = {"homoglyph": "syntax", "needs_smtputf8": "", "dns_dead": "", "bounced": "",
            "complained": ""}  # fmt: skip

Told = tuple[str, str, str, float]
"""A finding: its code, its field, its suggestion, its confidence."""


def row_of(  # noqa: PLR0913 - a row is flat
    *, dataset: str, contact_id: str, origin: str, told: Sequence[Told], flags: Iterable[str],
    status: str,
) -> tuple[str, ...]:  # fmt: skip
    """This will give one row; "ok" stands where there is no problem."""
    codes = {_TOLD_AS.get(code, code) for code, *_rest in told if code in CODES} | set(flags)
    order = list(CODES)
    problems = sorted(codes - {""}, key=order.index)
    offers = [(sure, offer) for _code, field, offer, sure in told if field == "email" and offer]
    sure, offer = max(offers, default=(0.0, ""))
    confidence = f"{sure:.2f}" if offer else ""
    return dataset, contact_id, origin, ";".join(problems) or "ok", offer, confidence, status
