"""Write the page of the checks from their rules: `make docs`."""

from pathlib import Path

from validation.data.files import HERE as LISTS
from validation.rules.codes import CODES, RULESET
from validation.rules.found import SURE

PAGE = Path(__file__).parent / "checks.md"
SEVERITIES = {
    "error": "error: must be fixed, and holds a bulk mail until somebody has decided",
    "warning": "warning: should be looked at",
    "info": "info: says something, asks for nothing",
}
STATUSES = (
    ("bounced", "mail came back, or the reader complained", "no"),
    ("missing", "no address, or a placeholder", "no"),
    ("invalid", "no address can be read, or its domain takes no mail", "no"),
    ("fixable", f"wrong, with a suggestion at least {SURE:.0%} sure", "no, until it is accepted"),
    ("confirmed", "proven: somebody registered, answered, or mail arrived", "yes"),
    ("unknown", "DNS was not asked yet, or does not answer", "held for three days at most"),
    ("review", "mail can arrive, but something looks wrong", "yes, unless an error is open"),
    ("ok", "nothing was found", "yes"),
)
HEAD = f"""# The checks

`make docs` writes this page from `validation/rules/codes.py`; a test sees that it is current.
Rules of version {RULESET}.

Every contact is read in the same order: the field, the address and its domain, the person and the
colleagues, what DNS says of the domain, what sending has shown. Each thing that looks wrong is one
finding: a code, how sure it is, why in words, and at most one suggestion. A check never changes a
contact, never writes to a mailbox to try it, and never calls an address wrong because DNS failed.

A decision about a value is remembered with the code and the value: no later import, check or
version of the rules brings the finding back. When the value changes, it is looked at anew.
"""


def page() -> str:
    """This will give the text of the page."""
    return f"{HEAD}\n{_codes()}\n{_statuses()}\n{_lists()}\n{_adding()}"


def _codes() -> str:
    lines = ["## Codes", "", "| code | meaning | how it is found | what staff can do |"]
    lines.append("|---|---|---|---|")
    for code in CODES.values():
        name = f"`{code.code}`<br>{code.severity}"
        lines.append(f"| {name} | {code.meaning} | {code.how} | {code.remedy} |")
    lines += ["", *(f"- {words}" for words in SEVERITIES.values()), ""]
    return "\n".join(lines)


def _statuses() -> str:
    lines = ["## Status", "", "A contact has the first status of these that applies.", ""]
    lines += ["| status | meaning | is it mailed? |", "|---|---|---|"]
    lines += [f"| {name} | {meaning} | {mailed} |" for name, meaning, mailed in STATUSES]
    return "\n".join((*lines, ""))


def _lists() -> str:
    lines = [
        "## Lists",
        "",
        "Lists are data: `validation/data/`. Disposable domains come from the package",
        "disposable-email-domains (CC0), endings from publicsuffixlist (MPL-2.0).",
    ]
    lines += ["", "| list | what it holds, and its source |", "|---|---|"]
    for path in sorted(LISTS.glob("*.txt")):
        text = path.read_text(encoding="utf-8").splitlines()
        told = " ".join(line.lstrip("# ") for line in text if line.startswith("#"))
        lines.append(f"| {path.stem} | {told.replace('|', ' ')} |")
    return "\n".join((*lines, ""))


def _adding() -> str:
    return """## How good they are

`python -m benchmarks.scores` checks labelled companies, `python -m benchmarks.typos` does
so for mistyped domains, `python -m benchmarks.checks` measures speed.
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
