"""How fast DNS is asked, and how exactly the pace is kept.

Run it by `python -m benchmarks.domains [DOMAINS] [PACED]`. Prints look-ups a second of processor
time for DOMAINS (20,000) against a name server on loopback, and the pace of two processes that
share 300 questions a second over the PACED (38,000) domains that 100,000 contacts have.
On SQLite in a folder that goes away, or on the server of DATABASE_URL.
"""

import multiprocessing
import os
import sys
import time
from itertools import islice

from benchmarks._fresh import call_command, django_here
from benchmarks._name_server import NameServer

PER_SECOND = 300
AT_ONCE = 200
GOAL, OFF = 1_200, 0.02


def look_ups(count: int) -> float:
    """This will ask about as many domains and give look-ups a second of processor time."""
    from validation.resolver import Conversation, server_of  # noqa: PLC0415 - Django is up only now

    name_server = NameServer(all_good=True)
    server = server_of(name_server.address)
    names = iter([f"firm{number}.com" for number in range(count)])
    done, cpu, wall = 0, time.process_time(), time.perf_counter()
    with Conversation(server) as talk:
        while done < count:
            talk.ask(islice(names, AT_ONCE - talk.active))
            talk.give_places(talk.wanted, after=0, apart=0)
            talk.work(0.02)
            done += len(talk.take_finished())
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(f"look-ups                  {count:>10,}")
    print(f"packets sent              {name_server.packets.value:>10,}")
    print(f"a second of one core      {count / cpu:>10,.0f}   (goal {GOAL:,})")
    print(f"a second on the clock     {count / wall:>10,.0f}")
    name_server.stop()
    return count / cpu


def pace(count: int) -> float:
    """This will let two processes ask about domains of one database; gives how far off they are."""
    from validation.models import MailDomain  # noqa: PLC0415 - Django is up only now

    name_server = NameServer(all_good=True)
    MailDomain.objects.bulk_create(
        [MailDomain(name=f"firm{number}.com") for number in range(count)], batch_size=500
    )
    begun = time.perf_counter()
    askers = [
        multiprocessing.get_context("spawn").Process(target=ask, args=(name_server.address,))
        for _ in range(2)
    ]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    seconds = time.perf_counter() - begun
    # The first and the last second are not whole ones.
    whole = name_server.by_second()[2:-2]
    rate = sum(whole) / len(whole)
    left = MailDomain.objects.filter(due_at=None).count()
    print(f"domains of two processes  {count:>10,}   ({left:,} left, {seconds:.0f} s)")
    print(f"questions a second        {rate:>10.1f}   (set to {PER_SECOND})")
    print(f"most in one second        {max(whole):>10,}")
    print(f"off by                    {abs(rate / PER_SECOND - 1):>10.2%}   (goal {OFF:.0%})")
    name_server.stop()
    return abs(rate / PER_SECOND - 1)


def ask(address: str) -> None:
    """This will ask about what is due, as a worker does; runs in a process of its own."""
    django_here()
    from validation.actions.domains import resolve_due  # noqa: PLC0415 - Django is up only now
    from validation.resolver import server_of  # noqa: PLC0415 - likewise

    resolve_due(server=server_of(address), recheck=False)


def main() -> int:
    """This will measure both."""
    given = [int(text) for text in sys.argv[1:3]]
    count, paced = given + [20_000, 38_000][len(given) :]
    os.environ["DNS_QUERIES_PER_SECOND"] = str(PER_SECOND)
    django_here()
    call_command("migrate", verbosity=0)
    fast = look_ups(count)
    return 0 if fast >= GOAL and pace(paced) <= OFF else 1


if __name__ == "__main__":
    sys.exit(main())
