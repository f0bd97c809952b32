"""Marks by folder, and which tests need servers."""

import os
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MARKED_FOLDERS = ("rules", "house", "e2e")
NO_SERVERS = "needs PostgreSQL and Redis; `make test` runs it in its second pass"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """This will mark what lies in tests/rules, tests/house and tests/e2e.

    What is marked `postgres` is skipped where the servers of `python -m tests.services` are not.
    """
    for item in items:
        folder = item.path.relative_to(HERE).parts[0]
        if folder in MARKED_FOLDERS:
            item.add_marker(folder)
        if item.get_closest_marker("postgres") and not os.environ.get("TEST_SERVERS"):
            item.add_marker(pytest.mark.skip(reason=NO_SERVERS))
