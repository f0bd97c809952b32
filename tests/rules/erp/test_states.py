import pytest

from erp.rules.states import ImportState, Situation, situation_of


@pytest.mark.parametrize(
    ("state", "job", "works", "fell", "expected"),
    [
        ("uploaded", "", False, False, Situation.MATCH),
        ("mapped", "erp.stage", True, False, Situation.READING),
        ("mapped", "erp.stage", False, True, Situation.STOPPED),
        ("previewed", "erp.stage", False, False, Situation.PREVIEW),
        ("running", "erp.apply", True, False, Situation.IMPORTING),
        ("running", "erp.apply", False, True, Situation.STOPPED),
        ("running", "erp.undo", True, False, Situation.UNDOING),
        ("completed", "erp.apply", False, False, Situation.FINISHED),
        ("completed", "erp.undo", True, False, Situation.UNDOING),
        ("completed", "erp.undo", False, True, Situation.FINISHED),
        ("completed_with_errors", "erp.apply", False, False, Situation.FINISHED),
        ("cancelled", "erp.apply", False, False, Situation.CANCELLED),
        ("failed", "erp.apply", False, False, Situation.STOPPED),
        ("undone", "erp.undo", False, False, Situation.UNDONE),
    ],
)
def test_state_and_job_tell_what_goes_on(state, job, works, fell, expected):
    assert situation_of(state, job, works=works, fell=fell) is expected


def test_every_state_has_a_situation():
    assert all(situation_of(state) for state in ImportState)
