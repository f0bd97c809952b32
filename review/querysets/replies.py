"""What a colleague's page shows of each question."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from review.models import Question, Respondent
from review.rules.answers import AT_ONCE, Choice, Told, choices_for, told

LABELS = {
    Choice.OTHER: "Another address",
    Choice.NO_EMAIL: "Has no email",
    Choice.LEFT: "Has left",
    Choice.PERSON: "Somebody else to ask",
    Choice.UNKNOWN: "I do not know",
}


@dataclass(frozen=True)
class Row:
    """One question on the page: what may be answered, and what was."""

    question: Question
    choices: list[tuple[str, str, bool]]
    told: Told | None
    chosen: str
    form: Any = None
    hint: str = ""

    @property
    def is_folded(self) -> bool:
        """Whether the row shows the answer alone."""
        return self.told is not None and self.form is None

    @property
    def may_change(self) -> bool:
        """Whether the answer may still be changed: staff have not decided yet."""
        return self.question.closed_at is None


def rows_for(respondent: Respondent, *, since: datetime, change: str = "") -> list[Row]:
    """This will give the questions of a page by customer; `change` names one to answer again."""
    found = (
        Question.objects.on_page_of(respondent, since)
        .select_related("contact__customer", "proposal")
        .order_by("contact__customer__name", "contact__last_name", "pk")
    )
    return [row_of(one, again=str(one.pk) == change) for one in found]


def row_of(question: Question, *, form: Any = None, hint: str = "", again: bool = False) -> Row:  # noqa: ANN401 - a form, which stands above
    """This will give one row; with a form or `again` it can be answered although it was."""
    proposal = question.proposal
    said = None
    if proposal and not (again and question.closed_at is None):
        said = told(proposal.kind, proposal.values, proposal.person, question.value)
    suggestion = question.suggestion if question.suggestion != question.value else ""
    choices = [
        (choice.value, _label(choice, question), choice in AT_ONCE)
        for choice in choices_for(field=question.field, value=question.value, suggestion=suggestion)
    ]
    chosen = str(form.data.get("choice", "")) if form is not None else ""
    return Row(question, choices, said, chosen, form, hint)


def _label(choice: Choice, question: Question) -> str:
    if choice == Choice.SUGGESTED:
        return question.suggestion
    if choice == Choice.RIGHT:
        return question.value
    if choice == Choice.OTHER and question.field == "name":
        return "Another name"
    if choice == Choice.OTHER and not question.value:
        return "I know the address"
    return LABELS[choice]
