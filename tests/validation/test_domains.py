"""Asking about domains that are due: once, at a pace, and never to a domain's harm."""

import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from django.db import connection
from django.utils import timezone

from contacts.models import Contact
from onboarding.sample_dns import SampleDns
from validation.actions import domains, resolving
from validation.actions.domains import Resolved, resolve_due
from validation.models import MailDomain
from validation.resolver import server_of

GLOBAL = "93.184.215.14"
GOOD = {"MX": "0 mx.gmail.com."}
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def fast(settings):
    settings.DNS_QUERIES_PER_SECOND = 5_000


def due(*names, **facts):
    MailDomain.objects.bulk_create([MailDomain(name=name, **facts) for name in names])


def stored(*fields):
    rows = MailDomain.objects.order_by("name").values_list("name", *fields)
    return {name: values[0] if len(values) == 1 else tuple(values) for name, *values in rows}


@pytest.mark.django_db
def test_what_dns_says_is_kept_with_the_time_of_the_next_question(name_server):
    server = name_server({"good.com": GOOD, "null.com": {"MX": "0 ."}, "web.com": {"A": GLOBAL}})
    due("good.com", "null.com", "web.com", "gone.com")
    assert resolve_due(server=server.server) == Resolved(due=4, asked=4, temporary=0)
    assert stored("verdict", "code", "provider", "lease_until") == {
        "good.com": ("deliverable", "mx", "", None),
        "null.com": ("undeliverable", "null_mx", "", None),
        "web.com": ("risky", "implicit_mx", "", None),
        "gone.com": ("undeliverable", "no_domain", "", None),
    }
    good = MailDomain.objects.get(name="good.com")
    assert good.mx == ["mx.gmail.com"]
    assert timedelta(days=20) < good.due_at - timezone.now() < timedelta(days=40)
    assert good.checked_at is not None
    assert good.first_ok_at is not None


@pytest.mark.django_db
def test_a_second_run_asks_nothing(name_server):
    server = name_server({"good.com": GOOD})
    due("good.com", "gone.com")
    resolve_due(server=server.server)
    asked = len(server.asked)
    assert resolve_due(server=server.server) == Resolved()
    assert len(server.asked) == asked


@pytest.mark.django_db
def test_trouble_keeps_the_last_verdict_and_is_tried_again_soon(name_server):
    server = name_server({"silent.com": "silent", "failing.com": "servfail", "new.com": "refused"})
    due("silent.com", verdict="deliverable", code="mx", mx=["mx.old.com"])
    due("failing.com", verdict="undeliverable", code="null_mx")
    due("new.com")
    assert resolve_due(server=server.server) == Resolved(due=3, asked=3, temporary=3)
    assert stored("verdict", "code", "mx", "last_error", "failures") == {
        "silent.com": ("deliverable", "mx", ["mx.old.com"], "dns_timeout", 1),
        "failing.com": ("undeliverable", "null_mx", [], "dns_servfail", 1),
        "new.com": ("unknown", "dns_refused", [], "dns_refused", 1),
    }
    for row in MailDomain.objects.all():
        assert row.failing_since is not None
        assert row.due_at < timezone.now() + timedelta(minutes=20)


@pytest.mark.django_db
def test_contacts_follow_a_verdict_that_changed(name_server):
    server = name_server({"good.com": GOOD})
    for name in ("good.com", "gone.com"):
        Contact.objects.create(email=f"jane@{name}", email_domain=name, address_key=f"jane@{name}")
    due("good.com", "gone.com")
    resolve_due(server=server.server)
    assert dict(Contact.objects.values_list("email_domain", "email_status")) == {
        "good.com": "ok",
        "gone.com": "invalid",
    }


@pytest.mark.django_db
def test_without_a_server_nothing_is_asked():
    due("good.com")
    assert resolve_due(server=None) == Resolved(due=1)


@pytest.mark.django_db
@pytest.mark.parametrize("said", [{"A": GLOBAL, "MX": "1 mx.gmail.com."}, {"A": GLOBAL}])
def test_a_server_that_lies_is_noticed_and_changes_nothing(name_server, said):
    server = name_server(everything=said)
    due("acme.com", "typo.com", verdict="deliverable", code="mx")
    done = resolve_due(server=server.server)
    assert done == Resolved(due=2, asked=0, temporary=2, trouble=done.trouble)
    assert "has answers for names that do not exist" in done.trouble
    assert stored("verdict", "due_at", "lease_until", "failures") == {
        "acme.com": ("deliverable", None, None, 0),
        "typo.com": ("deliverable", None, None, 0),
    }
    assert server.questions("acme.com", "typo.com") == []


@pytest.mark.django_db
def test_a_silent_server_ends_a_slice_in_time_and_changes_nothing(name_server):
    server = name_server({"gmail.com": "silent"}, everything="silent")
    due(*[f"firm{number}.com" for number in range(100)])
    begun = monotonic()
    done = resolve_due(server=server.server, seconds=0.5)
    assert monotonic() - begun < 1.5
    assert (done.asked, done.temporary) == (0, 100)
    assert set(stored("verdict", "due_at", "lease_until").values()) == {("", None, None)}


@pytest.mark.django_db
def test_a_server_that_falls_silent_half_way_is_not_held_against_the_domains(name_server):
    server = name_server({f"good{number}.com": GOOD for number in range(10)})
    server.table |= {f"late{number}.com": "silent" for number in range(60)}
    due(*[name for name in server.table if name.startswith(("good", "late"))])

    def fall_silent():
        while len(server.asked) < 80:
            pass
        server.table |= {"gmail.com": "silent"}
        server.everything = "silent"

    watch = threading.Thread(target=fall_silent)
    watch.start()
    done = resolve_due(server=server.server)
    watch.join()
    assert (done.due, done.temporary, "does not answer" in done.trouble) == (70, 60, True)
    assert Counter(stored("verdict", "failures", "lease_until").values()) == {
        ("deliverable", 0, None): 10,
        ("", 0, None): 60,
    }


@pytest.mark.django_db
def test_many_domains_in_trouble_count_when_the_server_itself_works(name_server):
    server = name_server({f"bad{number}.com": "servfail" for number in range(40)})
    due(*[f"bad{number}.com" for number in range(40)])
    assert resolve_due(server=server.server) == Resolved(due=40, asked=40, temporary=40)
    assert set(stored("code", "failures").values()) == {("dns_servfail", 1)}


@pytest.mark.django_db
def test_a_slice_does_not_wait_for_the_slow_and_blames_them_only_the_second_time(name_server):
    server = name_server({"good.com": GOOD, "silent.com": "silent"})
    due("good.com", "silent.com")
    begun = monotonic()
    resolve_due(server=server.server, seconds=0.5)
    assert monotonic() - begun < 1.0
    assert stored("verdict", "last_error", "failures", "lease_until") == {
        "good.com": ("deliverable", "", 0, None),
        "silent.com": ("", "dns_slow", 0, None),
    }
    MailDomain.objects.filter(name="silent.com").update(due_at=None)
    resolve_due(server=server.server, seconds=0.5)
    assert stored("verdict", "last_error", "failures")["silent.com"] == (
        "unknown", "dns_timeout", 1,
    )  # fmt: skip


@pytest.mark.django_db
def test_what_a_slice_had_no_time_for_stays_due(name_server, settings):
    settings.DNS_QUERIES_PER_SECOND = 20
    server = name_server()
    due(*[f"gone{number}.com" for number in range(40)])
    done = resolve_due(server=server.server, seconds=0.5)
    assert 0 < done.asked < 15
    assert MailDomain.objects.due(timezone.now()).count() == 40 - done.asked


@pytest.mark.django_db
def test_a_slow_server_is_asked_less_at_once_until_it_keeps_up(name_server):
    """One answer at a time, each after 20 ms: a hundred at once would all come too late."""
    server = name_server({"mx.good.com": {"A": GLOBAL}}, delay=0.02)
    due(*[f"gone{number}.com" for number in range(200)])
    assert resolve_due(server=server.server) == Resolved(due=200, asked=200, temporary=0)


@pytest.mark.django_db
def test_no_more_than_the_limit_is_asked(name_server):
    server = name_server()
    due(*[f"gone{number}.com" for number in range(9)])
    assert resolve_due(server=server.server, limit=4) == Resolved(due=9, asked=4, temporary=0)


@pytest.mark.django_db
def test_the_pace_holds_in_every_second(name_server, settings):
    settings.DNS_QUERIES_PER_SECOND = 60
    server = name_server()
    due(*[f"gone{number}.com" for number in range(120)])
    begun = monotonic()
    resolve_due(server=server.server)
    assert monotonic() - begun < 5
    moments = [at for at, name, _type in server.asked if name.startswith("gone")]
    busiest = max(sum(start <= at < start + 1 for at in moments) for start in moments)
    assert 40 <= busiest <= 75


def in_two_threads(work):
    """Both must have done their work without a fault."""
    faults = []

    def run():
        try:
            work()
        except Exception as fault:  # noqa: BLE001 - told by the assertion
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_ask_about_the_same_domain_twice(name_server):
    server = name_server()
    names = [f"gone{number}.com" for number in range(300)]
    due(*names)
    in_two_threads(lambda: resolve_due(server=server.server))
    assert Counter(server.questions(*names)) == {(name, "MX"): 1 for name in names}
    assert set(stored("code").values()) == {"no_domain"}


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_one_pace(name_server, settings):
    settings.DNS_QUERIES_PER_SECOND = 60
    server = name_server()
    names = [f"gone{number}.com" for number in range(120)]
    due(*names)
    in_two_threads(lambda: resolve_due(server=server.server))
    moments = [at for at, name, _type in server.asked if name in names]
    busiest = max(sum(start <= at < start + 1 for at in moments) for start in moments)
    assert len(moments) == 120
    # Each at a pace of its own would be 120; a busy machine delivers a few packets late.
    assert busiest <= 75


@pytest.mark.django_db
def test_the_sample_s_domains_are_known_in_a_few_seconds():
    names = SampleDns(ROOT / "sample" / "dns.csv")
    names.start()
    expected = {
        "mx": "mx", "sender": "mx", "a_only": "implicit_mx", "aaaa_only": "implicit_mx_ipv6",
        "null_mx": "null_mx", "mx_dangling": "mx_unusable", "nodata": "no_mail_host",
        "nxdomain": "no_domain", "servfail": "dns_servfail", "timeout": "dns_timeout",
    }  # fmt: skip
    listed = {name: expected[said] for name, said in names.outcomes.items() if said in expected}
    due(*listed)
    begun = monotonic()
    done = resolve_due(server=server_of(names.address))
    seconds = monotonic() - begun
    names.stop()
    assert done == Resolved(due=len(listed), asked=len(listed), temporary=4)
    found = {
        name: {"unknown_tld": "no_domain"}.get(code, code) for name, code in stored("code").items()
    }
    assert found == listed
    assert seconds < 15


@pytest.fixture
def nudges(monkeypatch, django_capture_on_commit_callbacks):
    """What one slice sends after its commit."""

    def run(**options):
        with django_capture_on_commit_callbacks() as callbacks:
            resolving.resolve_slice(**options)
        return [callback.args for callback in callbacks if callback.args[0] == resolving.TASK]

    return run


@pytest.mark.django_db
def test_slices_call_each_other_until_nothing_is_due(name_server, settings, nudges):
    settings.DNS_SERVER = ("127.0.0.1", name_server().port)
    settings.SLICE_SECONDS = 0.3
    settings.DNS_QUERIES_PER_SECOND = 30
    due(*[f"gone{number}.com" for number in range(12)])
    assert nudges() == [(resolving.TASK, 1)]
    assert nudges() == []  # a beat finds a row of slices under way
    chain, calls = 1, 1
    while calls:
        calls = len(nudges(chain=chain))
        chain += 1
    assert set(stored("code").values()) == {"no_domain"}
    due("new.com")
    nudges()
    assert stored("code")["new.com"] == "no_domain"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("server", "sentence"),
    [
        (("off", 53), resolving.SWITCHED_OFF),
        (("dns.invalid", 5353), "There is no name server dns.invalid:5353: the host is not known."),
    ],
)
def test_without_dns_a_slice_costs_nothing_and_says_so_once(
    settings, caplog, nudges, server, sentence
):
    settings.DNS_SERVER = server
    due("good.com")
    assert (nudges(), nudges(), nudges()) == ([], [], [])
    assert [record.getMessage() for record in caplog.records] == [sentence]
    assert stored("verdict", "due_at") == {"good.com": ("", None)}


@pytest.mark.django_db
def test_trouble_is_told_again_after_dns_has_worked(name_server, settings, caplog, nudges):
    silent = name_server({"gmail.com": "silent"}, everything="silent")
    settings.SLICE_SECONDS = 0.2
    for server in (silent, silent, name_server(), silent):
        due(f"firm{server.port}-{len(stored('code'))}.com")
        settings.DNS_SERVER = ("127.0.0.1", server.port)
        nudges()
    told = [record.getMessage() for record in caplog.records]
    assert [f"127.0.0.1:{silent.port} does not answer" in line for line in told] == [True, True]


@pytest.mark.django_db
def test_a_lease_that_ran_out_is_taken_over_and_a_late_result_is_dropped(name_server):
    server = name_server()
    now = timezone.now()
    due("stuck.com", lease_until=now - timedelta(seconds=1))
    due("busy.com", lease_until=now + timedelta(minutes=5))
    assert resolve_due(server=server.server) == Resolved(due=1, asked=1, temporary=0)
    assert stored("code") == {"stuck.com": "no_domain", "busy.com": ""}
    assert timedelta(seconds=domains.PATIENCE) < domains.LEASE
