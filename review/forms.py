"""What the review page sends, as plain data."""

from django import forms
from django.http import QueryDict

from review.querysets.queue import QueueFilter

CERTAINTY = ("sure", "unsure", "none")
MATTERS = ("invoices", "only")


class CorrectForm(forms.Form):
    """A typed address, and the value that the person saw."""

    value = forms.CharField(
        label="Email address",
        max_length=320,
        error_messages={"required": "Enter the right address, or press Escape to leave it."},
    )
    seen = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput, strip=False)


class BulkForm(forms.Form):
    """A decision about ticked findings."""

    act = forms.ChoiceField(choices=[(act, act) for act in ("accept", "keep", "unknown")])
    finding = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, data: QueryDict) -> None:
        """This will take whichever ids were ticked; unknown ones simply find nothing."""
        super().__init__(data)
        ids = [text for text in data.getlist("finding") if text.isdigit()]
        self.fields["finding"].choices = [(text, text) for text in ids]  # type: ignore[attr-defined]


def read_queue_filter(data: QueryDict) -> QueueFilter:
    """This will read the filter from the address of the page; what is not known is dropped."""
    return QueueFilter(
        problem=data.get("problem", ""),
        certainty=tuple(name for name in data.getlist("certainty") if name in CERTAINTY),
        reps=tuple(data.getlist("rep")),
        matters=tuple(name for name in data.getlist("matters") if name in MATTERS),
        words=data.get("q", "").strip()[:100],
    )
