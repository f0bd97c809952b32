"""Who may open what: three people, and nothing changes by looking."""

import pytest
from django.urls import reverse

from contacts.models import Contact
from core.models import AuditEntry
from erp.actions.exporting import export
from erp.models import Import, ImportRow, StagedRow, WriteBackBatch, WriteBackLine
from jobs.models import Job
from tests.erp.conftest import bring_in, correct, preview, table

pytestmark = pytest.mark.django_db

HEAD = "Customer ID|Company Name|Contact ID|Contact|Email"
IMPORT, UNDO, WRITE_BACK = "erp.add_import", "erp.undo_import", "erp.write_back"
HOLDS = {
    "manager": {IMPORT, UNDO, WRITE_BACK},
    "reviewer": {WRITE_BACK},
    "reader": set(),
}


@pytest.fixture
def rows(source):
    """An applied import, one with a preview, a batch that left and a correction that waits."""
    done = bring_in(
        source, table(HEAD, "7|Firm|1|Ann Lee|ann@frim.com", "7|Firm|2|Bo Day|bo@frim.com", "8||||")
    )
    correct({"1": "ann@firm.com"})
    batch = export(source=source, actor=None).batch
    correct({"2": "bo@firm.com"})
    waiting = preview(source, [table(HEAD, "7|Firm|3|Cy|cy@firm.com")])
    line = WriteBackLine.objects.get(state="to_export")
    return {"done": done, "waiting": waiting, "batch": batch, "line": line, "source": source}


def pages(rows):
    """Every page by its address: who needs which right, and whether it only looks."""
    done, waiting = rows["done"].pk, rows["waiting"].pk
    return [
        (reverse("erp:imports"), IMPORT, "get", 200),
        (reverse("erp:upload"), IMPORT, "get", 200),
        (reverse("erp:sample", args=["contact", "csv"]), IMPORT, "get", 200),
        (reverse("erp:import", args=[done]), IMPORT, "get", 200),
        (reverse("erp:import", args=[waiting]), IMPORT, "get", 302),
        (reverse("erp:match", args=[waiting]), IMPORT, "get", 200),
        (reverse("erp:preview", args=[waiting]), IMPORT, "get", 200),
        (reverse("erp:progress", args=[done]), IMPORT, "get", 302),
        (reverse("erp:conflicts", args=[done]), IMPORT, "get", 200),
        (reverse("erp:rows", args=[done, 0]), IMPORT, "get", 200),
        (reverse("erp:write_back"), WRITE_BACK, "get", 200),
        (reverse("erp:write_back_conflicts"), WRITE_BACK, "get", 200),
        (reverse("erp:batch", args=[rows["batch"].pk]), WRITE_BACK, "get", 200),
        (reverse("erp:download", args=[rows["batch"].pk, "contacts"]), WRITE_BACK, "get", 200),
        (reverse("erp:download", args=[rows["batch"].pk, "customers"]), WRITE_BACK, "get", 404),
        (reverse("erp:download", args=[rows["batch"].pk, "nonsense"]), WRITE_BACK, "get", 404),
        (reverse("erp:rematch", args=[waiting, 0]), IMPORT, "post", 302),
        (reverse("erp:stop", args=[done]), IMPORT, "post", 302),
        (reverse("erp:go_on", args=[done]), IMPORT, "post", 302),
        (reverse("erp:apply", args=[waiting]), IMPORT, "post", 302),
        (reverse("erp:discard", args=[waiting]), IMPORT, "post", 302),
        (reverse("erp:undo", args=[done]), UNDO, "post", 302),
        (reverse("erp:withdraw", args=[rows["line"].pk]), WRITE_BACK, "post", 302),
        (reverse("erp:typed_in", args=[rows["line"].pk]), WRITE_BACK, "post", 302),
        (reverse("erp:export", args=[rows["source"].pk]), WRITE_BACK, "post", 302),
    ]


def everything():
    tables = (Import, ImportRow, StagedRow, WriteBackBatch, WriteBackLine, Job, AuditEntry, Contact)
    return [list(model.objects.order_by("pk").values()) for model in tables]


def test_each_page_opens_for_those_who_hold_its_right(client, people, rows):
    for name, rights in HOLDS.items():
        client.force_login(people[name])
        for url, right, method, status in pages(rows):
            if method == "post" and right in rights:
                continue
            answer = getattr(client, method)(url)
            assert (name, url, answer.status_code) == (
                name,
                url,
                status if right in rights else 403,
            )


def test_nobody_is_let_in_without_signing_in(client, rows):
    for url, _right, method, _status in pages(rows):
        answer = getattr(client, method)(url)
        assert (url, answer.status_code) == (url, 302)
        assert answer["Location"].startswith(reverse("accounts:sign_in"))


def test_looking_changes_nothing(client, people, rows):
    client.force_login(people["manager"])
    before = everything()
    for url, _right, _method, _status in pages(rows):
        client.get(url)

    assert everything() == before


def test_what_writes_does_not_answer_to_looking(client, people, rows):
    client.force_login(people["manager"])
    for url, _right, method, _status in pages(rows):
        if method == "post":
            assert (url, client.get(url).status_code) == (url, 405)


def test_who_may_not_undo_sees_no_button_for_it(client, people, rows):
    people["manager"].groups.clear()
    people["manager"].user_permissions.set(
        [right for right in _permissions() if right.codename == "add_import"]
    )
    client.force_login(people["manager"])
    url = reverse("erp:import", args=[rows["done"].pk])
    assert "Undo this import" not in client.get(url).content.decode()
    assert "Undo<span" not in client.get(reverse("erp:imports")).content.decode()
    assert client.post(reverse("erp:undo", args=[rows["done"].pk])).status_code == 403


def test_nothing_is_found_under_a_number_that_does_not_exist(client, people, rows):
    client.force_login(people["manager"])
    for name in ("import", "match", "preview", "progress", "conflicts", "batch"):
        assert client.get(reverse(f"erp:{name}", args=[9999])).status_code == 404
    for name in ("apply", "discard", "stop", "undo", "withdraw", "typed_in", "export"):
        assert client.post(reverse(f"erp:{name}", args=[9999])).status_code == 404


@pytest.mark.parametrize("table", ["import", "importrow", "writebackbatch", "writebackline"])
def test_the_admin_shows_the_tables_and_changes_none(client, people, rows, table):
    people["manager"].is_superuser = True
    people["manager"].save()
    client.force_login(people["manager"])
    page = client.get(reverse(f"admin:erp_{table}_changelist"), {"q": "a"})
    assert page.status_code == 200
    model = {"import": Import, "importrow": ImportRow, "writebackbatch": WriteBackBatch}
    row = model.get(table, WriteBackLine).objects.latest("pk")
    one = reverse(f"admin:erp_{table}_change", args=[row.pk])
    assert client.get(one).status_code == 200
    assert client.post(one, {"state": "undone"}).status_code == 403
    assert client.get(reverse(f"admin:erp_{table}_add")).status_code == 403
    assert client.post(reverse(f"admin:erp_{table}_delete", args=[row.pk])).status_code == 403


def _permissions():
    from django.contrib.auth.models import Permission  # noqa: PLC0415 - beside its only use

    return Permission.objects.all()
