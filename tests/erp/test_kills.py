"""Imports whose process is killed, at any row: run again, the result is that of one clean run.

`make kills` does it with many more kills, at other places each time; KILLS and SEED choose.
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import psycopg
import pytest
from django.db import connection

from tests.erp.conftest import ROOT, SAMPLE, same

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

KILLS = int(os.environ.get("KILLS", "2"))
SEED = os.environ.get("SEED", "7")
# When so many rows are in a table, the process may be killed: somewhere in each of its phases.
ROWS = {
    "erp_stagedrow": 5138,
    "contacts_customer": 600,
    "contacts_contact": 1538,
    "contacts_invoice": 3000,
}
IMPORTING = ("import_erp", *SAMPLE, "--source", "erp", "--json")
CHECKED = {
    "customers": "SELECT a.account_number, a.name, a.search_text, b.account_number"
    " FROM contacts_customer a LEFT JOIN contacts_customer b ON b.id = a.parent_id ORDER BY 1",
    "contacts": "SELECT r.key, c.email, c.address_key, c.first_name, c.last_name, c.search_text,"
    " c.active, a.account_number FROM contacts_contact c"
    " JOIN contacts_customer a ON a.id = c.customer_id"
    " JOIN contacts_sourcerecord r ON r.contact_id = c.id ORDER BY 1",
    "invoices": "SELECT a.account_number, i.number, i.amount FROM contacts_invoice i"
    " JOIN contacts_customer a ON a.id = i.customer_id ORDER BY 1, 2",
    "records": "SELECT entity, key, fingerprint, origin FROM contacts_sourcerecord ORDER BY 1, 2",
    "changes": "SELECT field, count(*) FROM contacts_change GROUP BY 1 ORDER BY 1",
    "notes": "SELECT r.row, r.outcome, r.message FROM erp_importrow r JOIN erp_import i"
    " ON i.id = r.run_id WHERE i.state LIKE 'completed%' ORDER BY 1, 2, 3",
    "staged": "SELECT count(*) FROM erp_stagedrow s JOIN erp_import i ON i.id = s.run_id"
    " WHERE i.state LIKE 'completed%'",
}


class OnSqlite:
    """A database of the process's own: a file in its data folder."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = {}

    def query(self, statement):
        with closing(sqlite3.connect(self.folder / "onboarding.sqlite3")) as database:
            return database.execute(statement).fetchall()

    def copy_of(self, other):
        shutil.copytree(other.folder, self.folder)

    def drop(self):
        """The folder goes away by itself."""


class OnPostgres:
    """A database of the process's own, on the server of the tests."""

    def __init__(self, folder):
        self.folder = folder
        self.name = f"killed_{os.getpid()}_{folder.name}"
        own = connection.get_connection_params()
        names = ("host", "port", "user", "password")
        self.server = {name: own[name] for name in names if own.get(name)}
        told = "&".join(f"{name}={value}" for name, value in self.server.items())
        self.environment = {"DATABASE_URL": f"postgres:///{self.name}?{told}"}

    def _maintain(self, statement):
        with psycopg.connect(dbname="postgres", autocommit=True, **self.server) as server:
            server.execute(statement)

    def create(self, template="template1"):
        self._maintain(f'CREATE DATABASE "{self.name}" TEMPLATE "{template}"')

    def copy_of(self, other):
        shutil.copytree(other.folder, self.folder)
        self.create(other.name)

    def query(self, statement):
        with psycopg.connect(dbname=self.name, **self.server) as database:
            return database.execute(statement).fetchall()

    def drop(self):
        self._maintain(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


class Product:
    """The product in processes of its own."""

    def __init__(self, database):
        self.database = database
        passed = ("PATH", "HOME", "VIRTUAL_ENV", "LANG")
        inherited = {name: value for name, value in os.environ.items() if name in passed}
        self.environment = {**inherited, "DATA_DIR": str(database.folder), **database.environment}

    def start(self, *args):
        return subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "manage.py", *map(str, args)],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *args):
        process = self.start(*args)
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        return out

    def kill_when(self, table, count, *args):
        """The process is killed as soon as a table has so many rows; false if it ended before."""
        process = self.start(*args)
        statement = f"SELECT count(*) FROM {table}"  # noqa: S608 - our own table
        while process.poll() is None and self.database.query(statement)[0][0] < count:
            time.sleep(0.005)
        killed = process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return killed

    def rows(self):
        return {name: self.database.query(statement) for name, statement in CHECKED.items()}


@pytest.fixture
def products(tmp_path):
    """Two of the product with empty databases: for a clean run, and to be killed."""
    made = OnSqlite if connection.vendor == "sqlite" else OnPostgres
    clean, killed = made(tmp_path / "clean"), made(tmp_path / "killed")
    try:
        if made is OnPostgres:
            clean.create()
        Product(clean).run("migrate", "-v0")
        killed.copy_of(clean)
        yield Product(clean), Product(killed)
    finally:
        clean.drop()
        killed.drop()


def test_a_process_killed_anywhere_leaves_nothing_half_done(products):
    clean, killed = products
    clean.run(*IMPORTING)
    dice = random.Random(SEED)  # noqa: S311 - which rows, nothing secret
    places = []
    tables = list(ROWS)[1:] + list(ROWS)[:1]
    for kill in range(KILLS):
        table = tables[kill % len(tables)]
        here = killed.database.query(f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608 - our own
        at = dice.randint(min(here, ROWS[table] - 1) + 1, ROWS[table])
        places.append((table, at, killed.kill_when(table, at, *IMPORTING)))
    killed.run(*IMPORTING)

    assert killed.rows() == clean.rows(), places
    again = json.loads(killed.run(*IMPORTING))
    assert [counts for file in again["files"] for counts in file["entities"].values()] == [
        same(unchanged=1538),
        same(unchanged=600),
        same(unchanged=3000),
    ]
