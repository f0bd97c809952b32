"""Addresses that other libraries test with, against a frozen and reasoned expectation."""

import csv
import json
from pathlib import Path

from validation.rules.account import NOTHING_AROUND, Account, Person
from validation.rules.address import written
from validation.rules.domains import look_at
from validation.rules.engine import check
from validation.rules.reading import read

CORPORA = Path(__file__).parents[2] / "data" / "corpora"
LEAST_RECALL, LEAST_PRECISION = 0.80, 0.97


def rows(name, **options):
    with (CORPORA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, **options))


def syntax_rows():
    return rows("syntax.tsv", delimiter="\t", quoting=csv.QUOTE_NONE)


def reading_of(text):
    """How a field is read, in one line: see the corpora's README."""
    reading = read(text)
    if not reading.address:
        return "none"
    domain = look_at(reading.typed_domain)
    found = (f"{item.code}/{item.rule}" for item in written(reading, domain))
    told = [item for item in found if not item.startswith("needs_smtputf8")]
    told += [domain.fault] if domain.fault in {"reserved", "unknown_tld"} else []
    if told and reading.address != text:
        told.append(reading.address.replace("\t", " "))
    return " ".join(told) or "fine"


def host_of(text):
    """Whether a host name may stand in a mail domain; a single label is looked at under .com."""
    return look_at(text if "." in text.strip(".") else f"{text}.com").fault or "fine"


def escaped(text):
    return text if text.isascii() else text.encode("unicode_escape").decode()


def test_every_address_of_the_corpora_is_read_as_frozen():
    now = []
    for row in syntax_rows():
        look = host_of if row["corpus"] == "host" else reading_of
        now.append({**row, "ours": escaped(look(json.loads(row["address"])))})

    assert now == syntax_rows()
    assert len(now) > 800


def test_every_departure_from_a_corpus_has_its_reason():
    without = [
        row
        for row in syntax_rows()
        if (row["label"] == "valid") != (row["ours"] == "fine") and not row["why"]
    ]

    assert without == []


def offered(address):
    found = check(Account((Person(1, address),)), NOTHING_AROUND)[0].found
    return next((item.suggestion for item in found if item.suggestion), "").lower()


def test_mistyped_domains_of_the_corpora_are_found_and_right_ones_left_alone():
    right = wrong = missed = false = 0
    for row in rows("typos.csv"):
        offer, due = offered(row["address"]), row["suggestion"].strip().lower()
        if row["expected"] == "suggestion":
            right += offer == due
            wrong += bool(offer) and offer != due
            missed += not offer
        else:
            false += bool(offer)

    assert right / (right + wrong + missed) >= LEAST_RECALL
    assert right / (right + wrong + false) >= LEAST_PRECISION
