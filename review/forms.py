"""What the review page sends, as plain data."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from contacts.actions.proposals import Said
from contacts.rules.normalise import repaired_email, tidy
from contacts.rules.words import ProposalKind
from delivery.rules.addresses import is_one_address
from review.actions.bulk import ACTS
from review.models import Question
from review.querysets.open_questions import STATES, QuestionFilter
from review.querysets.queue import QueueFilter
from review.rules.alike import split_name
from review.rules.answers import Choice, choices_for
from review.rules.seen import LONGEST_KEY, Seen, mark_of
from review.rules.splitting import Part
from validation.models import Finding

CERTAINTY = ("sure", "unsure", "none")
MATTERS = ("invoices", "only", "invite")
NAMES = ("first_name", "last_name")
AGES = (3, 7, 14)
ENTER_ADDRESS = "Enter an address like name@company.com."


class CorrectForm(forms.Form):
    """A typed address, and the value that the person saw."""

    value = forms.CharField(
        label="Email address",
        max_length=320,
        error_messages={"required": "Enter the right address, or press Escape to leave it."},
    )
    seen = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput, strip=False)


class TickedForm(forms.Form):
    """Ticked rows."""

    finding = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, data: QueryDict) -> None:
        """This will take whichever ids were ticked; unknown ones simply find nothing.

        Each may carry the mark of what was seen there, as "12.5f3a".
        """
        data = data.copy()
        parts = [text.partition(".") for text in data.getlist("finding")]
        self.marks = {int(key): mark for key, _, mark in parts if key.isdecimal()}
        ids = [str(key) for key in self.marks]
        data.setlist("finding", ids)
        super().__init__(data)
        self.fields["finding"].choices = [(text, text) for text in ids]  # type: ignore[attr-defined]


class BulkForm(TickedForm):
    """A decision about ticked findings, or about all of the filter."""

    act = forms.ChoiceField(choices=[(act, act) for act in ACTS])
    all = forms.BooleanField(required=False)

    def differs(self, row: Finding) -> bool:
        """This will say whether a finding is no longer what was seen when it was ticked."""
        mark = self.marks.get(row.pk, "")
        return Seen(row.contact_id, mark).differs(mark_of(row.value, row.suggestion))


class BulkAnswersForm(TickedForm):
    """A decision about ticked answers."""

    act = forms.ChoiceField(choices=[(act, act) for act in ("take", "refuse")])


class AssignForm(TickedForm):
    """Which rows, and whose they are from now on: 0 is nobody's."""

    to = forms.IntegerField(min_value=0)
    all = forms.BooleanField(required=False)


class SplitForm(forms.Form):
    """Which address stays, and the names of those who get the others."""

    seen = forms.CharField(required=False, max_length=1000, strip=False)
    keep = forms.IntegerField(min_value=0)

    def __init__(self, parts: Sequence[Part], own: int, data: QueryDict | None) -> None:
        """This will make a line of fields for each address."""
        super().__init__(data)
        self.parts = parts
        self.fields["keep"].initial = own
        for at, part in enumerate(parts):
            self.fields[f"add_{at}"] = forms.BooleanField(required=False, initial=True)
            for name in NAMES:
                self.fields[f"{name}_{at}"] = forms.CharField(
                    required=False, max_length=100, initial=getattr(part, name)
                )

    def clean_keep(self) -> int:
        """This will take one of the addresses."""
        keep = int(self.cleaned_data["keep"])
        if keep >= len(self.parts):
            message = "Choose the address that stays."
            raise forms.ValidationError(message)
        return keep

    def rows(self) -> list[dict[str, Any]]:
        """This will give the lines as the page shows them."""
        keep = str(self["keep"].value())
        return [
            {
                "at": at,
                "address": part.address,
                "add": self[f"add_{at}"],
                "first": self[f"first_name_{at}"],
                "last": self[f"last_name_{at}"],
                "is_own": keep == str(at),
            }
            for at, part in enumerate(self.parts)
        ]

    def own(self) -> str:
        """This will give the address that the contact keeps."""
        return self.parts[int(self.cleaned_data["keep"])].address

    def others(self) -> list[Part]:
        """This will give those who become contacts."""
        data = self.cleaned_data
        return [
            Part(part.address, *(tidy(data[f"{name}_{at}"]) for name in NAMES))
            for at, part in enumerate(self.parts)
            if at != data["keep"] and data[f"add_{at}"]
        ]


class AskForm(forms.Form):
    """Whom to ask, and a word to him."""

    whom = forms.ChoiceField(choices=[(who, who) for who in ("rep", "success", "customer")])
    note = forms.CharField(required=False, max_length=250)


class TypedAddress(forms.Form):
    """A form with an address that may have been mistyped; who was asked once is believed.

    `use` tells which button of the hint was pressed.
    """

    hinted = forms.CharField(required=False, max_length=320)
    meant = forms.CharField(required=False, max_length=320)
    use = forms.CharField(required=False, max_length=10)

    def address_from(self, data: dict[str, Any], name: str, *, required: bool = True) -> str:
        """This will give the address in a field, the offered one if that was taken."""
        offered, typed = data.get("meant") or "", data.get(name) or ""
        address = repaired_email(offered if data.get("use") == "meant" and offered else typed)
        if not address and not required:
            return ""
        if not is_one_address(address) or "." not in address.rpartition("@")[2]:
            self.add_error(name, ENTER_ADDRESS)
            return ""
        return address

    def is_sure(self) -> bool:
        """This will say whether the hint about what was typed has been answered."""
        data = self.cleaned_data
        typed = repaired_email(self.data.get("email") or self.data.get("person_email") or "")
        return data["use"] == "meant" or (bool(data["use"]) and data["hinted"] == typed)


class AnswerForm(TypedAddress):
    """What a colleague answers about one contact."""

    email = forms.CharField(label="Email address", required=False, max_length=320)
    first_name = forms.CharField(label="First name", required=False, max_length=100)
    last_name = forms.CharField(label="Last name", required=False, max_length=100)
    person_name = forms.CharField(label="Name", required=False, max_length=200)
    person_email = forms.CharField(label="Email address", required=False, max_length=320)
    choice = forms.ChoiceField(error_messages={"required": "Choose an answer."})

    def __init__(self, question: Question, data: QueryDict) -> None:
        """This will offer what may be answered to the question."""
        super().__init__(data)
        self.question = question
        offered = choices_for(
            field=question.field, value=question.value, suggestion=question.suggestion
        )
        self.fields["choice"].choices = [(item.value, item.value) for item in offered]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """This will ask for what the chosen answer needs."""
        data: dict[str, Any] = super().clean() or {}
        choice = data.get("choice")
        if choice == Choice.OTHER and self.question.field == "name":
            if not data.get("last_name") and not data.get("first_name"):
                self.add_error("last_name", "Enter the right name.")
        elif choice == Choice.OTHER:
            data["email"] = self.address_from(data, "email")
        elif choice == Choice.PERSON:
            data["person_email"] = self.address_from(data, "person_email")
            if not data.get("person_name"):
                self.add_error("person_name", "Enter the name of the person to ask.")
        return data

    def typed(self) -> str:
        """This will give the address that was typed, if the answer holds one."""
        data = getattr(self, "cleaned_data", {})
        if data.get("choice") == Choice.OTHER and self.question.field == "email":
            return str(data.get("email") or "")
        return str(data.get("person_email") or "") if self.names_somebody() else ""

    def names_somebody(self) -> bool:
        """This will say whether somebody else is named."""
        return getattr(self, "cleaned_data", {}).get("choice") == Choice.PERSON

    def said(self) -> Said:
        """This will give the answer."""
        data, about = self.cleaned_data, self.question.field
        choice = Choice(data["choice"])
        if choice == Choice.SUGGESTED:
            return Said(ProposalKind.CHANGE, _values(about, self.question.suggestion))
        if choice == Choice.OTHER and about == "name":
            names = {part: tidy(data[part]) for part in ("first_name", "last_name")}
            return Said(ProposalKind.CHANGE, names)
        if choice == Choice.OTHER:
            return Said(ProposalKind.CHANGE, {"email": data["email"]})
        if choice == Choice.PERSON:
            return Said(ProposalKind.PERSON, person=_person(data))
        return Said(ProposalKind(choice.value))


class ConfirmForm(TypedAddress):
    """What a customer says of his own address."""

    YES, CHANGE, PERSON, LEFT = "yes", "change", "person", "left"

    choice = forms.ChoiceField(
        choices=[(name, name) for name in (YES, CHANGE, PERSON, LEFT)],
        error_messages={"required": "Choose what has changed."},
    )
    email = forms.CharField(label="New email address", required=False, max_length=320)
    person_name = forms.CharField(label="Name", required=False, max_length=200)
    person_email = forms.CharField(label="Email address", required=False, max_length=320)

    def clean(self) -> dict[str, Any]:
        """This will ask for what the chosen answer needs; who left need not name anybody."""
        data: dict[str, Any] = super().clean() or {}
        choice = data.get("choice")
        if choice == self.CHANGE:
            data["email"] = self.address_from(data, "email")
        elif choice in (self.PERSON, self.LEFT):
            named = choice == self.PERSON or bool(data.get("person_name"))
            data["person_email"] = self.address_from(data, "person_email", required=named)
            if not data.get("person_name") and (named or data["person_email"]):
                self.add_error("person_name", "Enter the name of the person to write to.")
        return data

    def typed(self) -> str:
        """This will give the address that was typed, if there is one."""
        data = getattr(self, "cleaned_data", {})
        if data.get("choice") == self.YES:
            return ""
        name = "email" if data.get("choice") == self.CHANGE else "person_email"
        return str(data.get(name) or "")

    def said(self) -> Said:
        """This will give the answer, unless it is that all is right."""
        data = self.cleaned_data
        if data["choice"] == self.CHANGE:
            return Said(ProposalKind.CHANGE, {"email": data["email"]})
        kind = ProposalKind.PERSON if data["choice"] == self.PERSON else ProposalKind.LEFT
        return Said(kind, person=_person(data))


class NoteForm(forms.Form):
    """What a colleague wants to say beside his answers."""

    note = forms.CharField(required=False, max_length=500)


def read_queue_filter(data: QueryDict) -> QueueFilter:
    """This will read the filter from the address of the page; what is not known is dropped."""
    return QueueFilter(
        problem=data.get("problem", ""),
        certainty=tuple(name for name in data.getlist("certainty") if name in CERTAINTY),
        reps=tuple(data.getlist("rep")),
        matters=tuple(name for name in data.getlist("matters") if name in MATTERS),
        words=data.get("q", "").strip()[:100],
        mine=data.get("mine") == "yes",
    )


def read_question_filter(data: QueryDict) -> QuestionFilter:
    """This will read which questions the page shows; what is not known is dropped."""
    who, days, state = data.get("who", ""), data.get("days", ""), data.get("state", "")
    return QuestionFilter(
        state=state if state in STATES else "",
        respondent=int(who) if who.isdecimal() and len(who) < LONGEST_KEY else 0,
        customers=who == "customers",
        days=int(days) if days in {str(age) for age in AGES} else 0,
    )


def _values(about: str, value: str) -> dict[str, str]:
    """This will give the fields that a suggestion fills."""
    if about != "name":
        return {about: value}
    first, last = split_name(value)
    return {"first_name": first, "last_name": last}


def _person(data: dict[str, Any]) -> dict[str, str]:
    first, last = split_name(tidy(data.get("person_name") or ""))
    return {"first_name": first, "last_name": last, "email": data.get("person_email") or ""}
