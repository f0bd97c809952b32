"""One world for all faults; each test leaves it running and starts a fresh book."""

import os

import pytest

from tests.faults.world import Database, World, sender_of_mail

NOT_ASKED = "part of `make faults`"


def pytest_collection_modifyitems(items):
    """All faults share one world, so they run in one process, one after the other."""
    for item in items:
        if item.path.parent.name != "faults":
            continue
        item.add_marker(pytest.mark.postgres)
        item.add_marker(pytest.mark.django_db(transaction=True))  # the world is made from it
        item.add_marker(pytest.mark.xdist_group("faults"))
        if item.get_closest_marker("faults") and not os.environ.get("FAULTS"):
            item.add_marker(pytest.mark.skip(reason=NOT_ASKED))


@pytest.fixture(scope="session")
def running_world(tmp_path_factory, django_db_setup, django_db_blocker):
    """Database, Redis and beat; workers and web start when they are wanted."""
    with django_db_blocker.unblock():
        database = Database()
        database.create()
        world = World(tmp_path_factory.mktemp("world"), database)
        try:
            world.start()
            yield world
        finally:
            world.stop()
            database.drop()


@pytest.fixture
def world(running_world, django_db_blocker):
    with django_db_blocker.unblock(), running_world.database.inside():
        yield running_world


@pytest.fixture
def office(world):
    """The web server's visitor who is signed in, and the member of staff."""
    port = world.serve()
    actor = sender_of_mail()
    return world.visitor(port, actor), actor
