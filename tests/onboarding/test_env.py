import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from onboarding import env


@pytest.mark.parametrize(
    ("given", "expected"),
    [("", 8000), ("9000", 9000), (" 9000 ", 9000), ("-1", -1)],
)
def test_a_whole_number_is_read(monkeypatch, given, expected):
    if given:
        monkeypatch.setenv("SOME_PORT", given)
    assert env.whole_number("SOME_PORT", 8000) == expected


def test_what_is_no_number_is_named(monkeypatch):
    monkeypatch.setenv("SOME_PORT", "eighty")
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.whole_number("SOME_PORT", 8000)
    assert str(refusal.value) == "SOME_PORT must be a whole number, not 'eighty'."


def test_a_list_has_no_empty_items(monkeypatch):
    monkeypatch.setenv("SOME_DOMAINS", " acme.com, ,acme.de,")
    assert env.words("SOME_DOMAINS") == ["acme.com", "acme.de"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", None),
        ("127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("9.9.9.9", ("9.9.9.9", 53)),
        ("[::1]:5353", ("::1", 5353)),
    ],
)
def test_a_host_and_port_are_told_apart(monkeypatch, given, expected):
    monkeypatch.setenv("SOME_SERVER", given)
    assert env.host_and_port("SOME_SERVER") == expected


@pytest.mark.parametrize("given", ["127.0.0.1:many", ":53", "127.0.0.1:99999"])
def test_a_wrong_host_and_port_is_named(monkeypatch, given):
    monkeypatch.setenv("SOME_SERVER", given)
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.host_and_port("SOME_SERVER")
    assert str(refusal.value) == f"SOME_SERVER must be HOST:PORT, not {given!r}."


def test_a_secret_comes_from_a_file_when_one_is_named(monkeypatch, tmp_path):
    file = tmp_path / "secret"
    file.write_text("from the file\n")
    monkeypatch.setenv("SOME_KEY_FILE", str(file))
    assert env.kept_secret("SOME_KEY", tmp_path) == "from the file"


def test_a_secret_that_nobody_set_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    made = env.kept_secret("ANOTHER_KEY", tmp_path / "data")
    file = tmp_path / "data" / "another_key.txt"
    assert env.kept_secret("ANOTHER_KEY", tmp_path / "data") == made
    assert (len(made) >= 50, stat.S_IMODE(file.stat().st_mode)) == (True, 0o600)


def test_a_provider_finds_its_settings_under_its_own_name(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("from a file\n")
    for name, value in {
        "ANYMAIL_PROVIDER": "mailgun",
        "ANYMAIL_API_KEY_FILE": str(tmp_path / "key"),
        "ANYMAIL_SENDER_DOMAIN": "mail.acme.com",
        "ANYMAIL_WEBHOOK_SIGNING_KEY": "",
    }.items():
        monkeypatch.setenv(name, value)
    assert env.anymail("mailgun") == {
        "API_KEY": "from a file",
        "MAILGUN_API_KEY": "from a file",
        "SENDER_DOMAIN": "mail.acme.com",
        "MAILGUN_SENDER_DOMAIN": "mail.acme.com",
    }
