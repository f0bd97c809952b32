"""How well the checks agree with labels: `python -m benchmarks.scores [FOLDER...]`.

Each FOLDER is one company: its exports, `truth.csv` (labels) and `dns.csv` (domain, outcome).
Labels and outcomes of several folders may stand in one file each: `--truth`, `--dns`; a label
then names its data set, the folder. Without a folder the labelled companies of the tests are
scored. Every company has a database of its own: import, check, export, compare.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks._loopback import name_server
from benchmarks._scoring import Score, read_rows, score
from validation.rules.codes import CODES

ROOT = Path(__file__).parent.parent
LABELLED = ROOT / "tests" / "data" / "labelled"
BESIDE = {"truth.csv", "dns.csv", "own_domains.txt"}
ELSEWHERE = {"DATABASE_URL", "REDIS_URL"}
ENDINGS = {".csv", ".txt", ".tsv", ".xlsx", ".xls", ".iif", ".xlsm", ".json", ".xml"}
ERRORS = [code.code for code in CODES.values() if code.severity == "error"]
# name, how to read it from a score, the goal, and whether it is the least or the most allowed
Goal = tuple[str, Callable[[Score], float], float, bool]
GOALS: tuple[Goal, ...] = (
    ("macro F1", lambda s: s.macro_f1(), 0.98, True),
    ("weakest code, F1", lambda s: min(map(s.f1, s.labelled()), default=1.0), 0.93, True),
    ("errors, precision", lambda s: s.precision(*ERRORS), 0.99, True),
    ("errors, recall", lambda s: s.recall(*ERRORS), 0.98, True),
    ("suggestions right", lambda s: s.fixes["right"] / max(_offers(s), 1), 0.99, True),
    ("fixable and fixed", lambda s: s.fixes["right"] / max(_fixable(s), 1), 0.96, True),
    ("harmful suggestions", lambda s: s.fixes["harmful"] / max(_offers(s), 1), 0.005, False),
    ("fine called bad", lambda s: s.fine_called_bad / max(s.fine, 1), 0.005, False),
    ("decoys called bad", lambda s: s.decoys_called_bad / max(s.decoys, 1), 0.005, False),
    ("sure but wrong", lambda s: s.fixes["sure but wrong"], 0, False),
)


def main() -> int:
    """This will score every folder and print each, then all together."""
    told = _arguments()
    folders = [Path(name) for name in told.folders] or sorted(LABELLED.iterdir())
    total = Score()
    for folder in folders:
        one = _score_folder(folder, told)
        print(f"\n== {folder.name}: {one.contacts:,} contacts, {one.without_row} without a result")
        _print(one, told.show)
        total.add(one)
    if len(folders) > 1:
        print(f"\n== all: {total.contacts:,} contacts, {total.without_row} without a result")
        _print(total, 0)
    return 0 if all(_is_met(total, goal) for goal in GOALS) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--dns", type=Path)
    parser.add_argument("--own", default="", help="The company's own domains, by comma.")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="Print N mistakes.")
    return parser.parse_args()


def _score_folder(folder: Path, told: argparse.Namespace) -> Score:
    truth = told.truth or folder / "truth.csv"
    labels = [row for row in read_rows(truth) if row.get("dataset") in {None, "", folder.name}]
    outcomes = {r["domain"]: r["outcome"] for r in read_rows(told.dns or folder / "dns.csv")}
    own = told.own
    if not own and (folder / "own_domains.txt").exists():
        own = ",".join((folder / "own_domains.txt").read_text(encoding="utf-8").split())
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in ENDINGS and path.name not in BESIDE
    )
    with tempfile.TemporaryDirectory(prefix="scores-") as place, name_server(outcomes) as server:
        here = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
        here |= {"DATA_DIR": place, "OWN_DOMAINS": own, "DNS_QUERIES_PER_SECOND": "1000"}
        out = str(Path(place) / "findings.csv")
        source = ("--source", folder.name)
        _manage(here, "migrate", "--verbosity", "0")
        _manage(here, "import_erp", *map(str, files), *source, "--json")
        _manage(here, "check_emails", "--dns", server, "--json")
        _manage(here, "export_findings", out, *source)
        return score(labels, read_rows(Path(out)))


def _manage(here: dict[str, str], *words: str) -> None:
    """This will run one command; 1 means that something needs a person, which is no failure."""
    run = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "manage.py", *words, "--skip-checks"],
        cwd=ROOT, env=here, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if run.returncode not in (0, 1) or "Traceback" in run.stderr:
        sys.exit(f"{words[0]} failed:\n{run.stdout[-2000:]}\n{run.stderr[-4000:]}")


def _offers(made: Score) -> int:
    return made.fixes["right"] + made.fixes["wrong"] + made.fixes["harmful"]


def _fixable(made: Score) -> int:
    return made.fixes["right"] + made.fixes["wrong"] + made.fixes["not offered"]


def _print(made: Score, show: int) -> None:
    print(f"{'code':<26}{'true':>7}{'found':>7}{'precision':>11}{'recall':>9}{'F1':>8}")
    for code in made.codes():
        true, found = (made.hits[code] + other[code] for other in (made.missed, made.invented))
        shares = f"{made.precision(code):>11.1%}{made.recall(code):>9.1%}{made.f1(code):>8.3f}"
        print(f"{code:<26}{true:>7,}{found:>7,}{shares}")
    fixes = ", ".join(f"{kind} {count:,}" for kind, count in sorted(made.fixes.items()) if count)
    print(f"fixes: {fixes or 'none'}")
    for goal in GOALS:
        name, value, limit, is_least = goal
        sign, mark = "≥" if is_least else "≤", "" if _is_met(made, goal) else "  missed"
        print(f"{name:<26}{value(made):>9.3f}  (goal {sign} {limit}){mark}")
    for line in made.wrong[:show]:
        print(f"  {line}")


def _is_met(made: Score, goal: Goal) -> bool:
    _name, value, limit, is_least = goal
    return value(made) >= limit if is_least else value(made) <= limit


if __name__ == "__main__":
    sys.exit(main())
