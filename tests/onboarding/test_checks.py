import sqlite3

import pytest

from onboarding import checks

POSTGRESQL, SQLITE = "django.db.backends.postgresql", "django.db.backends.sqlite3"
SAFE = {
    "EMBEDDED": False,
    "HTTPS": True,
    "TRUSTED_PROXIES": ["10.0.0.1"],
    "ANYMAIL_PROVIDER": "postmark",
    "ANYMAIL": {"WEBHOOK_SECRET": "user:password"},
    "USES_LOCAL_OUTBOX": False,
}


@pytest.fixture
def production(settings, monkeypatch):
    """A server in production on which nothing is wrong."""
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", POSTGRESQL)
    for name, value in SAFE.items():
        setattr(settings, name, value)
    monkeypatch.setenv("SECRET_KEY", "a" * 50)
    monkeypatch.setenv("LINK_KEY", "b" * 50)
    return settings


def found():
    return [message.id for message in checks.production_is_safe(None)]


def test_nothing_is_wrong_where_everything_is_set(production):
    assert found() == []
    checks.refuse_unsafe_start()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("HTTPS", False, ["onboarding.E004"]),
        ("ANYMAIL", {}, ["onboarding.E005"]),
        ("TRUSTED_PROXIES", [], ["onboarding.W002"]),
        ("USES_LOCAL_OUTBOX", True, ["onboarding.W001"]),
    ],
)
def test_each_unsafe_setting_is_named(production, name, value, expected):
    setattr(production, name, value)
    assert found() == expected


def test_sqlite_is_no_database_for_production(production, monkeypatch):
    monkeypatch.setitem(production.DATABASES["default"], "ENGINE", SQLITE)
    assert found() == ["onboarding.E003"]


@pytest.mark.parametrize(
    ("name", "expected"), [("SECRET_KEY", "onboarding.E001"), ("LINK_KEY", "onboarding.E002")]
)
def test_a_missing_key_is_named(production, monkeypatch, name, expected):
    monkeypatch.delenv(name)
    assert found() == [expected]


def test_an_unsafe_start_ends_with_every_reason(production, monkeypatch, capsys):
    monkeypatch.delenv("LINK_KEY")
    production.HTTPS = False
    with pytest.raises(SystemExit) as end:
        checks.refuse_unsafe_start()
    assert end.value.code == checks.NO_USE_TRYING_AGAIN
    assert capsys.readouterr().err == (
        "Onboarding does not start:\n"
        "  LINK_KEY is not set. Set LINK_KEY (or LINK_KEY_FILE) to 50 random characters.\n"
        "  BASE_URL does not start with https://. Set BASE_URL to the public address; links in"
        " emails are made of it.\n"
    )


def test_a_warning_alone_does_not_stop_the_start(production):
    production.USES_LOCAL_OUTBOX = True
    checks.refuse_unsafe_start()


def test_the_embedded_mode_asks_for_nothing(settings, monkeypatch):
    settings.EMBEDDED = True
    monkeypatch.delenv("SECRET_KEY")
    assert found() == []


def test_an_old_sqlite_is_named_with_its_version(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", SQLITE)
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.34.1")
    assert [message.msg for message in checks.sqlite_is_new_enough(None)] == [
        "SQLite 3.34.1 is too old."
    ]


def test_a_provider_without_its_key_is_named_by_its_variable(production):
    production.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    assert found() == ["onboarding.E007"]
    assert checks.missing_for_provider() == "ANYMAIL_SERVER_TOKEN"
    production.ANYMAIL = {**production.ANYMAIL, "POSTMARK_SERVER_TOKEN": "x"}
    assert found() == []
