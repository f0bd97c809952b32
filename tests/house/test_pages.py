"""Every page, asked for by everybody: none breaks, none writes, each opens for the right people.

Two tables are committed facts. After a change that is meant: WRITE_FACTS=1 pytest tests/house
"""

import contextlib
import copy
import csv
import io
import os
from http import HTTPStatus

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.rules.roles import Role
from onboarding.demo import company, weeks
from onboarding.sample_dns import SampleDns
from portal.models import Membership
from tests.house.conftest import ROOT
from tests.house.examples import admin_pages, example_of
from tests.house.test_urls import ours
from tests.house.world import SAMPLE, checksums, own_models, small_sample

# One worker plays the company, for all of these.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("pages"),
]

HERE = ROOT / "tests" / "house"
NO_GET = "post only"
BACKEND = settings.AUTHENTICATION_BACKENDS[-1]
WORDS = {
    HTTPStatus.OK: "yes",
    HTTPStatus.FORBIDDEN: "no",
    HTTPStatus.NOT_FOUND: "not found",
    HTTPStatus.GONE: "gone",
    HTTPStatus.METHOD_NOT_ALLOWED: NO_GET,
    286: "yes",
}
DOORS = ("/account/sign-in/", "/sign-in/", "/settings/login/")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """The small company, taken back when the last page has been asked for."""
    names = SampleDns(SAMPLE / "dns.csv")
    names.start()
    host, port = names.address.split(":")
    changed = {"DNS_SERVER": (host, int(port)), "MEDIA_ROOT": tmp_path_factory.mktemp("files")}
    with django_db_blocker.unblock(), override_settings(**changed), transaction.atomic():
        weeks.play(sample=small_sample(tmp_path_factory.mktemp("sample")), say=lambda _: None)
        yield
        transaction.set_rollback(True)
    names.stop()


def browser():
    """A browser that shows a broken page as such."""
    return Client(raise_request_exception=False)


@pytest.fixture(scope="module")
def people(world):
    """By column of the table: a browser in which that person is signed in."""
    clients = {"visitor": browser(), "customer": browser()}
    clients["customer"].force_login(Membership.objects.order_by("pk").first().user, BACKEND)
    by_role = {role: username for username, _, _, role in reversed(company.PEOPLE)}
    for role in reversed(Role):
        clients[role.value] = browser()
        clients[role.value].force_login(User.objects.get(username=by_role[role]), BACKEND)
    return clients


@pytest.fixture(scope="module")
def pages(world):
    """Name and address of every page."""
    own = [
        (name, reverse(name, kwargs=example_of(name) if item.pattern.converters else {}))
        for name, item in ours()
    ]
    return own + admin_pages()


@contextlib.contextmanager
def signed_in(client):
    """This will let somebody be signed in afterwards as before, also when the page signs out."""
    before = copy.deepcopy(client.cookies)
    yield
    client.cookies = before


def word_of(answer):
    """What an answer means to the person who asked."""
    if answer.status_code in (HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.MOVED_PERMANENTLY):
        return "sign in" if answer["Location"].startswith(DOORS) else "elsewhere"
    return WORDS.get(answer.status_code, str(answer.status_code))


def committed(name, headers, rows):
    """Compare rows with the committed table, or write it when that was asked for."""
    file = HERE / name
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headers)
    writer.writerows(rows)
    if os.environ.get("WRITE_FACTS"):
        file.write_text(text.getvalue(), encoding="utf-8")
    assert text.getvalue().splitlines() == file.read_text(encoding="utf-8").splitlines()


def test_the_small_company_has_a_row_in_every_table(world):
    empty = [model._meta.label for model in own_models() if not model._base_manager.exists()]
    assert sorted(empty) == sorted(EMPTY)


# What only happens when something goes wrong, before the first sign-in, or while files are read.
EMPTY = {
    "accounts.AdministratorLink",
    "admin.LogEntry",
    "axes.AccessAttemptExpiration",
    "axes.AccessFailureLog",
    "delivery.ReportBody",
    "erp.StagedRow",
}


@pytest.fixture(scope="module")
def walked(people, pages):
    """Every page asked for by everybody, once: what each met, what broke, and what changed."""
    met = {name: [] for name, _ in pages}
    broken, changed = [], []
    for person, client in people.items():
        before = checksums()
        for name, url in pages:
            answer = client.get(url)
            met[name].append(word_of(answer))
            if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                broken.append(f"{person}: {name}")
            list(getattr(answer, "streaming_content", []))
        after = checksums()
        changed += [f"{person}: {label}" for label in before if before[label] != after[label]]
    return met, broken, changed


def test_no_page_breaks_and_looking_changes_nothing(walked):
    _, broken, changed = walked
    assert (broken, changed) == ([], [])


def test_each_page_opens_for_the_right_people(people, walked):
    met, _, _ = walked
    committed(
        "rights.csv", ["page", *people], sorted([name, *words] for name, words in met.items())
    )


def test_forms_are_refused_to_those_who_may_not_see_them(people, pages, walked):
    """What is post only: who is let in, asked with an empty form that is taken back at once."""
    met, _, _ = walked
    rows = []
    for name, url in pages:
        if name.startswith("admin") or met[name][-1] != NO_GET:
            continue
        words = []
        for client in people.values():
            with transaction.atomic(), signed_in(client):
                word = word_of(client.post(url))
                transaction.set_rollback(True)
            assert not word.startswith("5"), f"an empty form breaks {name}"
            words.append(word if word in ("no", "sign in") else "may")
        rows.append([name, *words])
    committed("rights_to_write.csv", ["action", *people], sorted(rows))


def test_pages_ask_the_database_as_often_as_is_known(people, pages):
    rows = []
    client = people[Role.ADMINISTRATOR.value]
    for name, url in pages:
        if name.startswith("admin"):
            continue
        ContentType.objects.clear_cache()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url)
        if answer.status_code == HTTPStatus.OK:
            rows.append([name, str(len(queries))])
    committed("query_counts.csv", ["page", "queries"], sorted(rows))
