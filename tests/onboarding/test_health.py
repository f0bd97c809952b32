import pytest
from django.conf import settings
from django.db import OperationalError, connection


def test_the_process_answers_without_the_database(client):
    answer = client.get("/health/live/")
    assert (answer.status_code, answer.json()) == (200, {"live": True})


@pytest.mark.django_db
def test_ready_says_whether_the_database_answers(client):
    answer = client.get("/health/ready/")
    assert (answer.status_code, answer.json()) == (
        200,
        {"ready": True, "database": True, "embedded": settings.EMBEDDED},
    )


@pytest.mark.django_db
def test_not_ready_without_a_database(client):
    def refuse(*_args):
        raise OperationalError

    with connection.execute_wrapper(refuse):
        answer = client.get("/health/ready/")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "database": False})
