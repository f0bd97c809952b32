"""manage.py check_emails: its counts, its refusals, and that it works without DNS."""

import json

import pytest
from django.core.management import call_command

from contacts.actions.people import add_contact, add_customer
from contacts.models import Contact, Source, SourceRecord
from contacts.rules.words import Entity
from validation.models import MailDomain

GOOD = {"MX": "0 mx.gmail.com."}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fast(settings):
    settings.DNS_QUERIES_PER_SECOND = 5_000


@pytest.fixture
def people():
    """Five contacts of one customer, the first two of them known to a source."""
    customer = add_customer(
        numbering="erp", values={"account_number": "100", "name": "Acme Pumps"}, actor=None
    )
    rows = [
        add_contact(
            values={
                "first_name": first,
                "last_name": last,
                "email": email,
                "sms_number": "555 0100",
            },
            customer=customer,
            actor=None,
        )
        for first, last, email in (
            ("Jane", "Miller", "jane.miller@acmepumps.com"),
            ("Ron", "Baker", "ron.baker@nowhere-at-all.com"),
            ("Ada", "Stone", "ada.stone@silent-pumps.com"),
            ("Bob", "Woods", "bob.woods@gmial.com"),
            ("Eve", "Hills", ""),
        )
    ]
    source = Source.objects.create(name="netsuite", numbering="erp")
    for number, row in enumerate(rows[:2]):
        SourceRecord.objects.create(
            source=source, entity=Entity.CONTACT, key=str(number), contact=row, fingerprint="x"
        )
    return rows


def run(capsys, *options):
    """The exit code, stdout and stderr of the command."""
    try:
        call_command("check_emails", *options)
        code = 0
    except SystemExit as end:
        code = end.code
    told = capsys.readouterr()
    return code, told.out, told.err


def answer(capsys, *options):
    code, out, _err = run(capsys, *options, "--json")
    facts = json.loads(out)
    assert facts.pop("seconds", 0) >= 0
    return code, facts


def statuses():
    return dict(Contact.objects.order_by("pk").values_list("first_name", "email_status"))


def test_every_due_domain_is_asked_about_once_and_everybody_is_checked(capsys, people, name_server):
    server = name_server({"acmepumps.com": GOOD, "silent-pumps.com": "silent"})
    code, facts = answer(capsys, "--dns", server.address)
    assert code == 0
    assert facts == {
        "contacts": 5,
        "domains": {"due": 5, "asked": 5, "temporary": 1},
        "status": {"fixable": 1, "invalid": 1, "missing": 1, "ok": 1, "unknown": 1},
        "codes": {"dead_domain": 1, "domain_typo_wellknown": 1, "missing": 1},
    }
    assert set(MailDomain.objects.values_list("name", flat=True)) == {
        "acmepumps.com", "nowhere-at-all.com", "silent-pumps.com", "gmial.com", "gmail.com",
    }  # fmt: skip
    again = answer(capsys, "--dns", server.address)
    assert again == (0, {**facts, "domains": {"due": 0, "asked": 0, "temporary": 0}})


def test_an_address_inside_other_text_is_settled_by_the_first_run(capsys, people, name_server):
    add_contact(
        customer=people[0].customer, values={"email": "Kim Frost <kim@acmepumps.om>;"}, actor=None
    )
    server = name_server({"acmepumps.com": GOOD, "silent-pumps.com": GOOD})
    first = answer(capsys, "--dns", server.address)[1]
    second = answer(capsys, "--dns", server.address)[1]
    assert MailDomain.objects.filter(name="acmepumps.om", code="no_domain").exists()
    assert second["status"] == first["status"]


def test_it_works_without_dns(capsys, people):
    code, facts = answer(capsys, "--dns", "off")
    assert (code, facts["domains"]["asked"], facts["domains"]["temporary"]) == (0, 0, 0)
    assert statuses() == {
        "Jane": "unknown", "Ron": "unknown", "Ada": "unknown", "Bob": "fixable", "Eve": "missing",
    }  # fmt: skip


def test_a_server_that_does_not_answer_makes_nobody_invalid(capsys, people, name_server, settings):
    server = name_server({"gmail.com": "silent"}, everything="silent")
    code, out, err = run(capsys, "--dns", server.address, "--json")
    facts = json.loads(out)
    assert (code, facts["domains"]["asked"]) == (1, 0)
    assert facts["domains"]["temporary"] == facts["domains"]["due"] > 0
    assert f"The name server {server.address} does not answer." in err
    assert "invalid" not in statuses().values()


def test_trouble_after_an_answer_keeps_what_was_known(capsys, people, name_server):
    server = name_server({"acmepumps.com": GOOD, "silent-pumps.com": GOOD})
    run(capsys, "--dns", server.address)
    before = statuses()
    server.table |= dict.fromkeys(("acmepumps.com", "nowhere-at-all.com"), "servfail")
    MailDomain.objects.update(due_at=None)
    code, facts = answer(capsys, "--dns", server.address)
    assert (code, facts["domains"]["temporary"]) == (0, 2)
    assert statuses() == before


def test_only_the_contacts_of_a_source_are_counted(capsys, people, name_server):
    server = name_server({"acmepumps.com": GOOD, "silent-pumps.com": GOOD})
    _code, facts = answer(capsys, "--dns", server.address, "--source", "netsuite")
    assert (facts["contacts"], facts["status"]) == (2, {"invalid": 1, "ok": 1})
    assert facts["codes"] == {"dead_domain": 1}
    assert statuses()["Ada"] == "ok"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--dns", "nine:nine"), "'nine:nine' is no name server. Write HOST:PORT, off or system."),
        (("--source", "sage"), "There is no source called sage. There are: netsuite."),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_is_checked(capsys, people, options, sentence):
    Contact.objects.update(email_status="confirmed")
    assert answer(capsys, *options) == (2, {"error": sentence})
    code, out, err = run(capsys, *options)
    assert (code, out, err.strip()) == (2, "", sentence)
    assert set(statuses().values()) == {"confirmed"}


def test_people_get_a_summary(capsys, people, name_server):
    server = name_server({"acmepumps.com": GOOD, "silent-pumps.com": GOOD})
    code, out, err = run(capsys, "--dns", server.address)
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0].startswith("5 contacts checked in ")
    assert lines[1] == "Domains: 5 due, 5 asked about, 0 without an answer for now."
    assert "         1  dead_domain" in lines


def test_the_settings_name_the_server(capsys, people, settings, name_server):
    settings.DNS_SERVER = ("127.0.0.1", name_server({"acmepumps.com": GOOD}).port)
    answer(capsys)
    assert statuses()["Jane"] == "ok"
