"""How fast a mailing leaves: the product's pump against one task a message, in one run.

    python benchmarks/send.py [MESSAGES]

Both send the same messages to the same mail server on loopback, over a connection that is kept
open, and mark each row before and after. The server runs in a process of its own, so that CPU
time is that of the sender.
"""

import json
import multiprocessing
import os
import socket
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
BODY = (
    "# Your invoices are now online\n\nHello [ContactName],\n\n"
    "We have set up the customer portal for **[CustomerName]**. "
    + "You can see and pay invoices, download statements and track orders at any time. " * 8
    + "\n\n[See your invoices](https://www.example.com/invoices)\n\nYour rep is [SalesRepName]."
)


def serve(port: int) -> None:
    """This will take every mail, one connection after the other, with as little work as can be."""
    server = socket.create_server(("127.0.0.1", port))
    while True:
        connection, _ = server.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection, connection.makefile("rwb", buffering=65536) as stream:
            _talk(stream)


def _talk(stream) -> None:  # noqa: ANN001 - a socket's file
    say(stream, b"220 ready")
    while line := stream.readline():
        verb = line[:4].upper()
        if verb == b"DATA":
            say(stream, b"354 go on")
            while stream.readline() != b".\r\n":
                pass
        say(stream, b"221 bye" if verb == b"QUIT" else b"250 fine")
        if verb == b"QUIT":
            return


def say(stream, words: bytes) -> None:  # noqa: ANN001 - a socket's file
    """This will answer at once."""
    stream.write(words + b"\r\n")
    stream.flush()


def set_up(port: int) -> None:
    """This will start Django on a throw-away database that sends to the server."""
    folder = tempfile.mkdtemp(prefix="bench-")
    os.environ.setdefault("DATA_DIR", folder)
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "onboarding.settings"
    import django  # noqa: PLC0415 - the settings are read only now
    from django.core.management import call_command  # noqa: PLC0415 - likewise

    django.setup()
    call_command("migrate", verbosity=0)


def fill(count: int) -> object:
    """This will queue messages to as many contacts."""
    from contacts.models import Contact, Customer  # noqa: PLC0415 - Django is ready only now
    from delivery.actions import outbox  # noqa: PLC0415 - likewise

    customer, _ = Customer.objects.get_or_create(
        numbering="bench", account_number="1", number_key="1", name="Acme Fabrication"
    )
    if Contact.objects.count() < count:
        Contact.objects.bulk_create(
            Contact(
                customer=customer,
                first_name="Priya",
                last_name=f"Raman {number}",
                email=f"p{number}@acme.example",
                email_repaired=f"p{number}@acme.example",
                address_key=f"p{number}@acme.example",
            )
            for number in range(count)
        )
    mailing = outbox.start_mailing(
        purpose="announcement", name="Bench", subject="[CustomerName]: news", body=BODY
    )
    contacts = list(Contact.objects.order_by("pk")[:count])
    outbox.add_recipients(mailing=mailing, contacts=contacts)
    return mailing


def plain(mailing) -> None:  # noqa: ANN001 - a Mailing
    """This will send as a task for each message would: read, render, build, send, mark."""
    from django.core.mail import EmailMultiAlternatives, get_connection  # noqa: PLC0415
    from django.template import Context, Template  # noqa: PLC0415 - Django is ready only now

    from delivery.models import Message  # noqa: PLC0415 - likewise

    keys = list(mailing.messages.values_list("pk", flat=True))
    page = (ROOT / "templates/emails/message.html").read_text(encoding="utf-8")
    connection = get_connection()
    connection.open()
    for key in keys:
        row = Message.objects.select_related("contact__customer").get(pk=key)
        Message.objects.filter(pk=key, state="queued").update(state="sending")
        values = {"subject": row.contact.customer.name, "content": BODY, "company": "Northfield"}
        mail = EmailMultiAlternatives(row.contact.customer.name, BODY, to=[row.address])
        mail.attach_alternative(Template(page).render(Context(values)), "text/html")
        connection.send_messages([mail])
        Message.objects.filter(pk=key, state="sending").update(state="accepted")
    connection.close()


def pump(_mailing) -> None:  # noqa: ANN001 - a Mailing
    """This will send with the product's own pump, each message marked before and after."""
    from delivery.actions.sending import pump as send  # noqa: PLC0415 - Django is ready only now

    while send(seconds=60).more:
        pass


def measured(send, count: int) -> dict[str, float]:  # noqa: ANN001 - one of the two above
    """This will give messages a second and CPU milliseconds a message."""
    mailing = fill(count)
    started, cpu = time.perf_counter(), time.process_time()
    send(mailing)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    left = mailing.messages.exclude(state="accepted").count()
    if left:
        message = f"{left} messages were not sent"
        raise SystemExit(message)
    return {"per_second": round(count / seconds), "cpu_ms": round(cpu / count * 1000, 3)}


def main() -> None:
    """This will measure both and print them as JSON with their ratio."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = multiprocessing.Process(target=serve, args=(port,), daemon=True)
    server.start()
    set_up(port)
    measured(pump, 100)  # warms up imports and caches
    results = {"pump": measured(pump, count), "one_by_one": measured(plain, count)}
    results["cpu_ratio"] = round(results["one_by_one"]["cpu_ms"] / results["pump"]["cpu_ms"], 2)
    print(json.dumps(results, indent=2))
    server.terminate()


if __name__ == "__main__":
    main()
