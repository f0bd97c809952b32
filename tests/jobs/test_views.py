import pytest
from django.urls import reverse

from accounts.actions import add_staff
from accounts.rules.roles import Role
from jobs import queue
from jobs.models import Job
from jobs.rules.state import JobState

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def owner():
    return add_staff(username="owner", email="", password="x", roles=[Role.REVIEWER])


@pytest.fixture
def job(owner):
    return queue.enqueue("test.long", payload={}, actor=owner, label="Accepting 40", total=40)


def page(job, name="progress"):
    return reverse(f"jobs:{name}", args=[job.pk])


def test_the_page_says_how_far_it_is_and_asks_again_while_it_is_open(client, owner, job):
    client.force_login(owner)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, done=12)
    whole, part = client.get(page(job)), client.get(page(job), **HTMX)
    assert (whole.status_code, part.status_code) == (200, 200)
    assert "12 of 40" in whole.content.decode()
    assert 'hx-trigger="every 2s"' in part.content.decode()
    assert "<html" not in part.content.decode()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (JobState.DONE, "Done."),
        (JobState.CANCELLED, "What was done so far is kept."),
        (JobState.FAILED, "The file is empty. Export it again."),
    ],
)
def test_an_ended_job_says_how_it_ended_and_stops_the_asking(client, owner, job, state, words):
    client.force_login(owner)
    Job.objects.filter(pk=job.pk).update(state=state, error="The file is empty. Export it again.")
    part = client.get(page(job), **HTMX)
    assert part.status_code == 286
    assert words in part.content.decode()
    assert "hx-trigger" not in part.content.decode()


@pytest.mark.parametrize(
    ("role", "status", "state"),
    [
        ("owner", 302, JobState.CANCELLED),
        (Role.MANAGER, 302, JobState.CANCELLED),
        (Role.SENDER, 403, JobState.QUEUED),
        (None, 302, JobState.QUEUED),
    ],
)
def test_its_owner_and_managers_may_stop_it(client, owner, job, role, status, state):
    if role == "owner":
        client.force_login(owner)
    elif role:
        client.force_login(add_staff(username="other", email="", password="x", roles=[role]))
    answer = client.post(page(job, "cancel"), {"next": page(job)})
    job.refresh_from_db()
    assert (answer.status_code, job.state) == (status, state)


def manager():
    return add_staff(username="mia", email="", password="x", roles=[Role.MANAGER])


def listed(response):
    return [(str(job), job.state) for job in response.context["rows"]]


def in_states(*states):
    for number, state in enumerate(states):
        job = queue.enqueue("test.long", payload={}, label=f"Job {number}", total=40)
        Job.objects.filter(pk=job.pk).update(state=state, done=10)


def test_the_list_shows_all_jobs_newest_first_and_asks_again_while_one_is_open(client):
    client.force_login(manager())
    in_states(JobState.DONE, JobState.FAILED, JobState.RUNNING)
    page_of_all = client.get(reverse("jobs:jobs"))
    assert listed(page_of_all) == [("Job 2", "running"), ("Job 1", "failed"), ("Job 0", "done")]
    text = page_of_all.content.decode()
    assert "<h1>1 job running, 1 failed</h1>" in text
    assert "10 of 40" in text
    assert 'hx-trigger="every 5s"' in text
    part = client.get(reverse("jobs:jobs"), **HTMX).content.decode()
    assert part.startswith('<section class="card" id="jobs"')


def test_the_list_stops_asking_when_nothing_is_open(client):
    client.force_login(manager())
    in_states(JobState.DONE, JobState.CANCELLED)
    text = client.get(reverse("jobs:jobs")).content.decode()
    assert "<h1>No job running</h1>" in text
    assert "at 25%" in text
    assert 'hx-trigger="every' not in text


def test_the_list_can_be_narrowed_to_one_state(client):
    client.force_login(manager())
    in_states(JobState.DONE, JobState.FAILED, JobState.RUNNING)
    failed = client.get(reverse("jobs:jobs"), {"state": "failed"})
    assert listed(failed) == [("Job 1", "failed")]
    counts = {view["label"]: view["count"] for view in failed.context["views"]}
    assert counts == {"All": 3, "Running": 1, "Waiting": 0, "Failed": 1}


def test_older_jobs_are_reached_by_their_place_and_none_is_shown_twice(client):
    client.force_login(manager())
    in_states(*[JobState.DONE] * 70)
    first = client.get(reverse("jobs:jobs"))
    second = client.get(reverse("jobs:jobs") + first.context["older_url"])
    names = [name for name, _state in listed(first) + listed(second)]
    assert names == [f"Job {number}" for number in reversed(range(70))]
    assert second.context["older_url"] == ""


def test_an_empty_list_says_what_comes_there(client):
    client.force_login(manager())
    text = client.get(reverse("jobs:jobs"), {"after": "nonsense"}).content.decode()
    assert "No job here" in text


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.MANAGER, 200), (Role.ADMINISTRATOR, 200), (Role.REVIEWER, 403), (None, 302)],
)
def test_the_list_is_for_those_who_may_stop_any_job(client, role, status):
    if role:
        client.force_login(add_staff(username="p", email="", password="x", roles=[role]))
    assert client.get(reverse("jobs:jobs")).status_code == status


def test_the_list_does_not_ask_for_each_job(client, django_assert_max_num_queries):
    mia = manager()
    client.force_login(mia)
    for _ in range(50):
        queue.enqueue("test.long", payload={}, actor=mia)
    with django_assert_max_num_queries(16):
        client.get(reverse("jobs:jobs"))
