"""One piece of work of the benchmark of sending, in a process of its own.

It gets ready (Django, imports), prints "ready", waits for a line, works, and prints what it
measured as JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.core.mail import EmailMultiAlternatives, get_connection  # noqa: E402 - set up now
from django.core.management import call_command  # noqa: E402 - likewise
from django.db import connection  # noqa: E402 - likewise
from django.template import Context, Template  # noqa: E402 - likewise
from django.test import Client  # noqa: E402 - likewise

from accounts.models import User  # noqa: E402 - likewise
from campaigns.actions.drafting import draft_campaign, save_draft  # noqa: E402 - likewise
from campaigns.actions.launching import launch  # noqa: E402 - likewise
from contacts.models import Contact, Customer  # noqa: E402 - likewise
from delivery.actions import feedback, outbox, sending  # noqa: E402 - likewise
from delivery.actions.framing import prepare  # noqa: E402 - likewise
from delivery.models import Mailing, Message  # noqa: E402 - likewise
from jobs.queue import run_now  # noqa: E402 - likewise

BODY = (
    "# Your invoices are now online\n\nHello [ContactName],\n\n"
    "We have set up the customer portal for **[CustomerName]**. "
    + "You can see and pay invoices, download statements and track orders at any time. " * 8
    + "\n\n[See your invoices](https://www.example.com/invoices)\n\nYour rep is [SalesRepName]."
)
TOGETHER = 1_000
SECRET = "Basic dXNlcjpzZWNyZXQ="  # noqa: S105 - user:secret, of this benchmark
Figures = dict[str, Any]


def go() -> tuple[float, float]:
    """This will wait for the word, and give the moment and the CPU used so far."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    return time.perf_counter(), time.process_time()


def since(start: tuple[float, float]) -> Figures:
    """This will give seconds and CPU since the word."""
    return {
        "seconds": time.perf_counter() - start[0],
        "cpu": time.process_time() - start[1],
    }


def people(count: int) -> list[Contact]:
    """This will give so many contacts, made when they are missing."""
    customer_and_contacts(count)
    return list(Contact.objects.order_by("pk")[:count])


def customer_and_contacts(count: int) -> None:
    """This will make contacts until there are so many."""
    customer, _ = Customer.objects.get_or_create(
        numbering="bench", account_number="1", number_key="1", name="Acme Fabrication"
    )
    known = Contact.objects.count()
    rows = (
        Contact(
            customer=customer,
            first_name="Priya",
            last_name=f"Raman {number}",
            email=f"p{number}@acme.example",
            email_repaired=f"p{number}@acme.example",
            address_key=f"p{number}@acme.example",
            email_domain="acme.example",
            email_status="ok",
        )
        for number in range(known, count)
    )
    Contact.objects.bulk_create(rows, batch_size=5000)


def page(contact: Contact) -> tuple[str, str]:
    """This will give subject and HTML as a template of Django's makes them."""
    with open("templates/emails/message.html", encoding="utf-8") as file:  # noqa: PTH123
        text = file.read()
    name = contact.customer.name if contact.customer else ""
    values = {"subject": name, "content": BODY, "company": "Northfield"}
    return name, Template(text).render(Context(values))


def one_task(key: str) -> None:
    """This will send as a task for each message does: read, mark, render, build, send, mark."""
    row = Message.objects.select_related("contact__customer").get(pk=key)
    if not Message.objects.filter(pk=key, state="queued").update(state="sending"):
        return
    subject, html = page(row.contact)  # type: ignore[arg-type]  # each has one
    mail = EmailMultiAlternatives(subject, BODY, to=[row.address], connection=CONNECTIONS[0])
    mail.attach_alternative(html, "text/html")
    mail.send()
    Message.objects.filter(pk=key, state="sending").update(state="accepted")


CONNECTIONS: list[Any] = []


def send_ours(_count: int) -> None:
    """This will run the pump until nothing is due."""
    while sending.pump(seconds=600).more:
        pass


def send_tasks(_count: int) -> None:
    """This will run one Celery task for each message, without a broker between."""
    from onboarding.celery import app  # noqa: PLC0415 - beside its only use

    task = app.task(name="bench.one")(one_task)
    kept = get_connection()
    kept.open()
    CONNECTIONS[:] = [kept]
    mailing = Mailing.objects.latest("pk")
    for key in mailing.messages.values_list("pk", flat=True):
        task.apply(args=[str(key)])
    kept.close()


def send_post_office(_count: int) -> None:
    """This will queue and send by django-post-office."""
    from post_office import mail  # type: ignore[import-not-found]  # noqa: PLC0415 - if there is one

    while sum(mail.send_queued(processes=1)):
        pass


def send_mailer(_count: int) -> None:
    """This will queue and send by django-mailer."""
    from mailer.engine import send_all  # type: ignore[import-not-found]  # noqa: PLC0415 - likewise

    send_all()


def fill(engine: str, count: int) -> Figures:
    """This will queue messages in the tables of an engine, and say what that took."""
    contacts = people(count)
    start = time.perf_counter(), time.process_time()
    if engine in ("ours", "task"):
        mailing = outbox.start_mailing(
            purpose="announcement", name="Bench", subject="[CustomerName]: news", body=BODY
        )
        outbox.add_recipients(mailing=mailing, contacts=contacts)
        return since(start)
    for contact in contacts:
        subject, html = page(contact)
        mail = EmailMultiAlternatives(subject, BODY, "s@acme.example", [contact.email])
        mail.attach_alternative(html, "text/html")
        queue_in(engine, mail, html)
    return since(start)


def queue_in(engine: str, mail: EmailMultiAlternatives, html: str) -> None:
    """This will queue one mail in the tables of another package."""
    if engine == "post_office":
        from post_office import mail as office  # noqa: PLC0415 - if there is one

        office.send(
            mail.to, mail.from_email, subject=mail.subject, message=mail.body, html_message=html
        )
        return
    from mailer import send_html_mail  # type: ignore[import-not-found]  # noqa: PLC0415 - likewise

    send_html_mail(mail.subject, mail.body, html, mail.from_email, mail.to)


ENGINES: dict[str, Callable[[int], None]] = {
    "ours": send_ours,
    "task": send_tasks,
    "post_office": send_post_office,
    "mailer": send_mailer,
}


def waiting(engine: str) -> int:
    """This will count what an engine has not sent."""
    if engine == "post_office":
        from post_office.models import STATUS, Email  # type: ignore[import-not-found]  # noqa: PLC0415

        return int(Email.objects.exclude(status=STATUS.sent).count())
    if engine == "mailer":
        from mailer.models import Message as Queued  # noqa: PLC0415 - if there is one

        return int(Queued.objects.count())
    return Message.objects.exclude(state="accepted").count()


def events(count: int) -> Figures:
    """This will post reports by the thousand through the provider's page, then apply them."""
    contacts = people(count // 2)
    mailing = outbox.start_mailing(purpose="announcement", name="E", subject="s", body="b")
    outbox.add_recipients(mailing=mailing, contacts=contacts)
    Message.objects.filter(mailing=mailing).update(state="accepted")
    keys = [str(key) for key in mailing.messages.values_list("pk", flat=True)]
    reports = [
        {
            "sg_event_id": f"{kind}-{key}",
            "message": key,
            "email": "p@acme.example",
            "event": kind,
            "timestamp": 1_800_000_000,
        }
        for key in keys
        for kind in ("delivered", "open")
    ]
    bodies = [json.dumps(reports[start : start + TOGETHER]) for start in range(0, count, TOGETHER)]
    client, took = Client(HTTP_AUTHORIZATION=SECRET, HTTP_HOST="127.0.0.1"), []
    start = go()
    for body in bodies:
        before = time.perf_counter()
        answer = client.post("/reports/", body, content_type="application/json")
        took.append(time.perf_counter() - before)
        if answer.status_code != 200:  # noqa: PLR2004 - fine
            raise SystemExit(answer.status_code)
    while feedback.apply_waiting(seconds=60):
        pass
    found = since(start)
    late = sorted(took)[int(len(took) * 0.95)] * 1000
    return {
        "per_second": round(count / found["seconds"]),
        "answer p95 ms": round(late, 1),
        "posts of": TOGETHER,
    }


def fan_out(count: int) -> Figures:
    """This will prepare a campaign to everybody, as the job does."""
    customer_and_contacts(count)
    actor = User.objects.filter(username="bench").first() or User.objects.create_superuser(
        "bench", "bench@acme.example", "p"
    )
    with connection.cursor() as cursor:  # whoever has a message under way would be left out
        cursor.execute("DELETE FROM campaigns_leftout")
        cursor.execute("DELETE FROM delivery_deliveryevent")
        cursor.execute("DELETE FROM delivery_message")
    Contact.objects.update(last_mailed_at=None)
    campaign = draft_campaign(kind="bulk", audience={"query": ""}, actor=actor)
    save_draft(campaign=campaign, name="Bench", subject="News", body=BODY)
    start = go()
    run_now(launch(campaign=campaign, actor=actor))
    found = since(start)
    campaign.refresh_from_db()
    return {"recipients": Message.objects.filter(mailing=campaign.mailing).count(), **found}


def main() -> None:
    """This will do what the command line asks for."""
    what, *rest = sys.argv[1:]
    found: Figures = {}
    if what == "send":
        prepare.cache_clear()
        start = go()
        ENGINES[rest[0]](int(rest[1]))
        found = since(start)
    elif what in ("events", "fan_out"):
        found = {"events": events, "fan_out": fan_out}[what](int(rest[0]))
    else:
        go()
        if what == "migrate":
            call_command("migrate", verbosity=0)
        elif what == "fill":
            found = fill(rest[0], int(rest[1]))
        else:
            found = {"left": waiting(rest[0])}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
