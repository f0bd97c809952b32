import pytest

from jobs.rules.state import percent, took


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (4, "4 s"), (59.6, "1 min 0 s"), (192, "3 min 12 s"), (7500, "2 h 5 min")],
)
def test_a_length_of_time_is_written_as_people_say_it(seconds, words):
    assert took(seconds) == words


@pytest.mark.parametrize(
    ("done", "total", "shown"), [(0, 0, 0), (5, 0, 0), (1, 3, 33), (3, 3, 100), (9, 3, 100)]
)
def test_progress_is_whole_percent_and_never_more_than_all(done, total, shown):
    assert percent(done, total) == shown
