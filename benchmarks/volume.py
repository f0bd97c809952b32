"""How long a whole base takes, and whether a second run leaves everything alone.

Run it by `python -m benchmarks.volume [N] [PER_SECOND]`: N contacts (100,000; the goal is told
for 1,000,000) at about 0.38 N domains, DNS at PER_SECOND questions (3,000). On SQLite in a folder
that goes away, or on the server of DATABASE_URL (`python -m tests.services` in front).
"""

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from io import StringIO
from itertools import islice
from typing import Any

from benchmarks._fresh import call_command, django_here
from benchmarks._name_server import NameServer
from benchmarks.checks import accounts
from validation.rules.account import Account

CHUNK = 4_000
GOAL_SECONDS, GOAL_CONTACTS = 600, 1_000_000
WRITES = ("INSERT", "UPDATE", "DELETE", "COPY")


def fill(count: int) -> None:
    """This will write customers and their contacts as an import leaves them, still unchecked."""
    from django.db import transaction  # noqa: PLC0415 - Django is up only now

    from contacts.actions.bulk import insert_values, refresh_statistics  # noqa: PLC0415 - likewise
    from contacts.models import Contact, Customer  # noqa: PLC0415 - likewise

    firms = accounts(count)
    number = 0
    while part := list(islice(firms, CHUNK)):
        with transaction.atomic():
            rows = [(str(number + at), str(number + at), firm.name) for at, firm in enumerate(part)]
            keys = insert_values(Customer, ("account_number", "number_key", "name"), rows)
            insert_values(Contact, _COLUMNS, list(_contacts(keys, part)))
        number += len(part)
    refresh_statistics(Contact, Customer)


_COLUMNS = (
    "customer_id", "first_name", "last_name", "job_title", "email", "email_repaired",
    "address_key", "email_domain",
)  # fmt: skip


def _contacts(keys: Sequence[int], firms: Sequence[Account]) -> Iterator[tuple[Any, ...]]:
    from contacts.rules.normalise import (  # noqa: PLC0415 - as above
        address_key,
        domain_of,
        repaired_email,
    )

    for key, firm in zip(keys, firms, strict=True):
        for person in firm.people:
            email = person.email
            yield (
                key, person.first_name, person.last_name, person.job_title, email,
                repaired_email(email), address_key(email), domain_of(email),
            )  # fmt: skip


class Writes:
    """Counts statements that write rows; a lease that is looked for and not found is none."""

    def __init__(self) -> None:
        """This will start at nothing."""
        self.rows = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: ANN401, FBT001 - Django's signature
        """This will run a statement and count the rows that it wrote."""
        answer = execute(sql, params, many, context)
        if sql.lstrip().upper().startswith(WRITES):
            with suppress(AttributeError):
                self.rows += max(context["cursor"].rowcount, 0)
        return answer


def check(address: str) -> tuple[dict[str, Any], float, float, int]:
    """This will check everything; gives the facts, seconds, processor seconds, rows written."""
    from django.db import connection  # noqa: PLC0415 - Django is up only now

    writes, told = Writes(), StringIO()
    begun, cpu = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(writes):
        call_command("check_emails", dns=address, json=True, stdout=told)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    return json.loads(told.getvalue()), seconds, cpu, writes.rows


def main() -> int:
    """This will fill, check twice and tell."""
    given = [int(text) for text in sys.argv[1:3]]
    count, per_second = given + [100_000, 3_000][len(given) :]
    os.environ["DNS_QUERIES_PER_SECOND"] = str(per_second)
    django_here()
    call_command("migrate", verbosity=0)
    begun = time.perf_counter()
    fill(count)
    print(f"filled in                 {time.perf_counter() - begun:>10.0f} s", flush=True)
    name_server = NameServer()
    facts, seconds, cpu, rows = check(name_server.address)
    packets = name_server.packets.value
    domains = facts["domains"]
    print(f"contacts                  {facts['contacts']:>10,}")
    print(f"domains asked about       {domains['asked']:>10,}")
    print(f"  without an answer       {domains['temporary']:>10,}")
    print(f"packets                   {packets:>10,}   (limit {per_second:,} a second)")
    print(f"rows written              {rows:>10,}")
    print(f"first run                 {seconds:>10.0f} s ({cpu:.0f} s of one core)")
    print(f"states                    {facts['status']}", flush=True)
    # What gave no answer is due again in 15 minutes; a second run at once must leave it alone.
    again, seconds_again, _cpu, rows_again = check(name_server.address)
    asked_again = name_server.packets.value - packets
    print(f"second run                {seconds_again:>10.0f} s")
    print(f"  packets                 {asked_again:>10,}   (goal 0)")
    print(f"  rows written            {rows_again:>10,}   (goal 0)")
    goal = GOAL_SECONDS * count / GOAL_CONTACTS
    print(f"first run of the goal     {seconds / max(goal, 60):>10.0%}   ({max(goal, 60):.0f} s)")
    name_server.stop()
    alike = again["status"] == facts["status"]
    return 0 if alike and not asked_again and not rows_again and seconds <= max(goal, 60) else 1


if __name__ == "__main__":
    sys.exit(main())
