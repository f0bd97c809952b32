"""What staff send to the pages of campaigns, as plain data."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from campaigns.models import SenderCheck, Template
from campaigns.rules.plan import (
    MOST_DAYS,
    MOST_HOURS,
    MOST_REMINDERS,
    Plan,
    problem_with,
    reminds,
)
from campaigns.rules.states import CampaignKind
from campaigns.rules.text import Problem, problems_in
from campaigns.rules.words import KINDS
from contacts.rules.segments import LONGEST_QUERY
from core.models import Configuration

MOST_IDS = 10_000
TEXT = {"autocomplete": "off"}
BODY = forms.Textarea(attrs={"rows": 14, "spellcheck": "true"})


class NewForm(forms.Form):
    """A selection of the contact list: chosen contacts, everything that matches, or a view."""

    kind = forms.ChoiceField(choices=[(kind.value, label) for kind, label in KINDS.items()])
    all = forms.BooleanField(required=False)
    query = forms.CharField(required=False, max_length=LONGEST_QUERY)
    segment = forms.CharField(required=False, max_length=80)
    template = forms.ModelChoiceField(Template.objects.all(), required=False)

    def clean(self) -> dict[str, Any]:
        """This will make the audience of what was selected."""
        cleaned = super().clean() or {}
        cleaned["audience"] = self._audience(cleaned)
        return cleaned

    def _audience(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        if cleaned.get("segment"):
            return {"segment": cleaned["segment"]}
        if cleaned.get("all"):
            return {"query": cleaned.get("query", "")}
        ids = self._ids()
        if not ids:
            message = "Nobody was selected. Tick contacts in the list first."
            raise ValidationError(message)
        return {"ids": ids}

    def _ids(self) -> list[int]:
        given = self.data.getlist("id") if isinstance(self.data, QueryDict) else []
        numbers = {int(text) for text in given if text.isascii() and text.isdecimal()}
        return sorted(number for number in numbers if 0 < number < 2**63)[:MOST_IDS]


def _number(label: str, most: int, help_text: str = "", least: int = 0) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=least, max_value=most, help_text=help_text
    )


class TextForm(forms.Form):
    """Subject and body of a message; names each merge field that cannot be used."""

    subject = forms.CharField(
        max_length=250,
        error_messages={"required": "Enter a subject"},
        widget=forms.TextInput(attrs=TEXT),
    )
    preheader = forms.CharField(
        label="Preview text",
        required=False,
        max_length=200,
        help_text="Stands beside the subject in the inbox.",
        widget=forms.TextInput(attrs=TEXT),
    )
    body = forms.CharField(
        max_length=100_000, error_messages={"required": "Write the message"}, widget=BODY
    )

    def kind_of_text(self) -> str:
        """This will give the kind of message that the text is for."""
        return str(self.cleaned_data.get("kind", CampaignKind.BULK))

    def clean(self) -> dict[str, Any]:
        """This will hang each problem of the text on its field."""
        cleaned = super().clean() or {}
        self.problems: list[Problem] = []
        if "subject" in cleaned and "body" in cleaned:
            found = problems_in(
                self.kind_of_text(),
                cleaned["subject"],
                cleaned["body"],
                cleaned.get("sms_text", ""),
            )
            self.problems = [problem for problem in found if problem.blocks_saving]
        for problem in self.problems:
            self.add_error(problem.field, problem.sentence)
        return cleaned


class ComposeForm(TextForm):
    """The text of a draft, and what its page carries along."""

    name = forms.CharField(
        max_length=120,
        error_messages={"required": "Give the message a name"},
        widget=forms.TextInput(attrs=TEXT),
    )
    sms_text = forms.CharField(
        label="Text message (SMS)",
        required=False,
        max_length=1000,
        help_text="For contacts who want short text, or have a mobile number and no email address."
        " Empty: nobody gets one.",
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "true"}),
    )
    expected = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    pilot = _number("Pilot", 10_000, "Picked from all; then it stops until you have looked")
    wave_size = _number("Messages in a wave", 1_000_000, "Empty: all at once")
    wave_hours = _number("Hours between waves", MOST_HOURS, least=1)
    remind_after_days = _number("Remind after days", MOST_DAYS, "Empty: nobody is reminded")
    remind_at_most = _number("Times at most", MOST_REMINDERS, least=1)

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's
        super().__init__(*args, **kwargs)
        self.kind = kind
        if not settings.SMS_BACKEND:
            del self.fields["sms_text"]

    def kind_of_text(self) -> str:
        """This will give the kind of the campaign, which does not change."""
        return self.kind

    def text(self) -> dict[str, str]:
        """This will give what is kept of the draft's text."""
        kept = ("name", "subject", "body", "preheader")
        return {
            **{name: self.cleaned_data[name] for name in kept},
            "sms_text": self.cleaned_data.get("sms_text", ""),
        }

    def plan(self) -> Plan:
        """This will give in which steps it goes out; what was left empty is as it always is."""
        given = {field.name: self.cleaned_data.get(field.name) for field in fields(Plan)}
        return Plan(**{name: number for name, number in given.items() if number is not None})

    def clean(self) -> dict[str, Any]:
        """This will hang what cannot be on its field."""
        cleaned = super().clean()
        if not reminds(self.kind):
            cleaned["remind_after_days"] = None
        wrong = problem_with(self.plan(), Configuration.load().pause_days)
        if wrong:
            self.add_error(*wrong)
        return cleaned


class ScheduleForm(forms.Form):
    """The day and the time at which a campaign starts, in the server's time zone."""

    day = forms.DateField(
        error_messages={"required": "Enter the day", "invalid": "Enter the day as a date"},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    time = forms.TimeField(
        error_messages={"required": "Enter the time", "invalid": "Enter the time as 09:00"},
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def start_at(self) -> datetime:
        """This will give the moment."""
        naive = datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])
        return timezone.make_aware(naive)


class SenderForm(forms.ModelForm[SenderCheck]):
    """What DNS cannot tell by itself: under which name the key stands."""

    class Meta:
        model = SenderCheck
        fields = ("selector",)


class TemplateForm(TextForm):
    """A template's name, kind and text."""

    name = forms.CharField(
        max_length=120,
        error_messages={"required": "Give the template a name"},
        widget=forms.TextInput(attrs=TEXT),
    )
    kind = forms.ChoiceField(choices=[(kind.value, label) for kind, label in KINDS.items()])
    is_default = forms.BooleanField(
        label="Use it for new messages of this kind",
        required=False,
        help_text="The default invitation stands in Settings, under Customer Portal.",
    )
