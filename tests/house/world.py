"""A small company after the demo's weeks: rows in every table, so that every page has its ids."""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator

from django.apps import apps
from django.db import models

from tests.house.conftest import ROOT

ACCOUNTS = 60
ACCOUNT_COLUMNS = {"customers": "ID", "contacts": "Customer ID", "invoices": "Customer ID"}
SAMPLE = ROOT / "sample"
# Signing in writes these; everything else belongs to the product.
NOT_COMPARED = {"sessions.Session", "axes.AccessAttempt", "axes.AccessLog"}


def small_sample(folder):
    """Some accounts of the sample with their contacts and invoices.

    Those where a name is there twice come first, for there must be duplicates; then as in the file.
    """
    tables = {name: _rows(name) for name in ACCOUNT_COLUMNS}
    named = Counter((row["Customer ID"], row["Name"].casefold()) for row in tables["contacts"][1])
    twice = {account for (account, _), count in named.items() if count > 1}
    accounts = sorted(
        (row["ID"] for row in tables["customers"][1]), key=lambda account: account not in twice
    )
    kept = set(accounts[:ACCOUNTS])
    for name, column in ACCOUNT_COLUMNS.items():
        headers, rows = tables[name]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, headers)
            writer.writeheader()
            writer.writerows(row for row in rows if row[column] in kept)
    return folder


def _rows(name):
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        return list(reader.fieldnames), list(reader)


def own_models() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if model._meta.label not in NOT_COMPARED:
            yield model


def checksums() -> dict[str, str]:
    """By table, a hash over all that is in it."""
    return {
        model._meta.label: hashlib.sha256(
            repr(list(model._base_manager.order_by("pk").values_list())).encode()
        ).hexdigest()
        for model in own_models()
    }
