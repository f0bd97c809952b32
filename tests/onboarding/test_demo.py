import socket
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from onboarding.demo.clock import Calendar, at
from onboarding.management.commands import demo
from tests.services import free_port


@pytest.mark.parametrize(
    "bind", ["0.0.0.0:8000", "192.168.1.7:8000", "[::]:8000", "portal.example:8000", "127.0.0.1"]
)
def test_the_demo_serves_this_machine_alone(bind):
    with pytest.raises(CommandError, match="it serves this machine only"):
        call_command("demo", bind=bind)


def test_nothing_that_is_set_up_for_a_real_server_reaches_the_demo(monkeypatch, tmp_path):
    real = {
        "DATABASE_URL": "postgres://real",
        "REDIS_URL": "redis://real",
        "EMAIL_URL": "smtp://real",
        "ANYMAIL_PROVIDER": "postmark",
        "ANYMAIL_SERVER_TOKEN_FILE": "/real",
        "SECRET_KEY_FILE": "/real",
        "OWN_DOMAINS": "real.example",
    }
    for name, value in real.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LANG", "C.UTF-8")
    given = demo._environment("127.0.0.1:8123", str(tmp_path), "127.0.0.1:5300")
    assert real.keys() & given.keys() == set()
    assert {name: given[name] for name in ("BASE_URL", "DATA_DIR", "DNS_SERVER", "LANG")} == {
        "BASE_URL": "http://127.0.0.1:8123",
        "DATA_DIR": str(tmp_path),
        "DNS_SERVER": "127.0.0.1:5300",
        "LANG": "C.UTF-8",
    }


def test_a_port_that_is_taken_is_passed_over(settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings.PORT = taken.getsockname()[1]
        assert settings.PORT < demo._free_port() < settings.PORT + demo.PORTS_TO_TRY


def test_a_port_that_is_free_is_taken(settings):
    settings.PORT = free_port()
    assert demo._free_port() == settings.PORT


@pytest.mark.django_db
def test_the_calendar_plays_in_order_what_was_planned_in_any_order():
    calendar, seen = Calendar(), []

    def note(name):
        seen.append((name, (today - timezone.localdate()).days))

    def first():
        note("first")
        calendar.plan(1, 9, lambda: note("planned meanwhile"))

    today = timezone.localdate()
    calendar.plan(0, 0, lambda: note("last"))
    calendar.plan(3, 9, first)
    calendar.plan(2, 9, lambda: note("second"))
    calendar.play()
    assert seen == [("first", 3), ("second", 2), ("planned meanwhile", 1), ("last", 0)]


def test_the_clock_goes_on_and_goes_right_again():
    then = timezone.now() - timedelta(days=9)
    with at(then):
        inside = timezone.now()
        assert then <= inside < then + timedelta(minutes=1)
        assert timezone.now() >= inside
    assert timezone.now() > then + timedelta(days=8)
