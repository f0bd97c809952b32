"""What people say about an import: files, columns, choices. Nothing is saved here."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from contacts.rules.words import Entity
from core.choices import choices_of
from erp import resources
from erp.actions.conflicts import Choice
from erp.actions.kept import REFUSED, columns_of
from erp.rules import mapping
from erp.rules.fields import Field, of_entity
from erp.rules.fields import label as label_of

MOST_FILES = 20
AUTO, ALL, SOME = "auto", "all", "some"
HOLDS = {AUTO: None, ALL: True, SOME: False}
OURS, THEIRS = "ours", "theirs"
CLEAR, WITHHELD = "clear", "withheld"
LONGEST_OTHER = 1000


class FilesInput(forms.ClearableFileInput):
    """A file control that takes several files, also dropped on it."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; an empty one is for the reader to refuse, beside the others."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:  # noqa: ANN401, ARG002 - Django's signature
        """This will give the files as a list."""
        files = [file for file in (data or []) if file]
        if not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(files) > MOST_FILES:
            message = f"Choose at most {MOST_FILES} files at once"
            raise forms.ValidationError(message, code="many")
        return files


class UploadForm(forms.Form):
    """Files, and where they come from."""

    files = FilesField(  # type: ignore[assignment]  # Django takes fields off the class
        label="Files", error_messages={"required": "Choose at least one file, CSV or Excel"}
    )
    source = forms.CharField(
        label="Where do the files come from?",
        help_text="The same name each time, so that the next export is compared with this one.",
        max_length=80,
        error_messages={"required": "Give the source a name, such as ERP"},
    )


class MatchForm(forms.Form):
    """The field of every column of every file that can be read."""

    def __init__(self, data: Any, *, files: Sequence[Mapping[str, Any]]) -> None:  # noqa: ANN401 - request.POST
        super().__init__(data)
        self.readable = [n for n, facts in enumerate(files) if facts["status"] != REFUSED]
        for number in self.readable:
            self._add_file(number, files[number])

    def _add_file(self, number: int, facts: Mapping[str, Any]) -> None:
        entity = Entity(facts["entity"])
        self.fields[f"entity-{number}"] = forms.ChoiceField(
            choices=choices_of(Entity), initial=entity.value, required=False, label="A list of"
        )
        choices = field_choices(entity)
        for at, column in enumerate(columns_of(facts)):
            self.fields[f"column-{number}-{at}"] = forms.ChoiceField(
                choices=choices, initial=column.field, required=False, label=column.header
            )
        self.fields[f"keep-{number}"] = forms.BooleanField(
            required=False, label="Keep columns without a field as extras"
        )
        self.fields[f"remember-{number}"] = forms.BooleanField(
            required=False, initial=True, label="Remember this for files with the same columns"
        )

    def clean(self) -> dict[str, Any]:
        """This will refuse two columns that go to one field."""
        data: dict[str, Any] = super().clean() or {}
        for number in self.readable:
            fields = self.fields_of(number)
            for label in mapping.doubled_fields(fields):
                ats = [at for at, field in enumerate(fields) if field and label_of(field) == label]
                message = f"Two columns go to “{label}”. Keep one of them"
                self.add_error(f"column-{number}-{ats[-1]}", message)
        return data

    def fields_of(self, number: int) -> list[str]:
        """This will give the fields of a file's columns, in order."""
        prefix = f"column-{number}-"
        names = [name for name in self.fields if name.startswith(prefix)]
        return [str(self.cleaned_data.get(name, "")) for name in names]


class ReopenForm(forms.Form):
    """How to read a file again: which sheet, or without a row of column names."""

    sheet = forms.CharField(required=False, max_length=200)
    headless = forms.BooleanField(required=False)
    entity = forms.ChoiceField(choices=choices_of(Entity), required=False)


class ApplyForm(forms.Form):
    """What is decided with the preview in sight."""

    create_customers = forms.BooleanField(required=False, initial=True)
    holds = forms.ChoiceField(choices=[(key, key) for key in HOLDS], initial=AUTO, required=False)

    @property
    def complete(self) -> bool | None:
        """Whether the files hold every record, if a person said so."""
        return HOLDS[self.cleaned_data.get("holds") or AUTO]


class ExportForm(forms.Form):
    """How corrections leave."""

    format = forms.ChoiceField(
        choices=[(resources.CSV, "CSV"), (resources.XLSX, "Excel")], required=False
    )


class TypedInForm(forms.Form):
    """Which list of corrections somebody has typed into the ERP."""

    which = forms.ChoiceField(choices=[(name, name) for name in (CLEAR, WITHHELD, ALL)])


class SourceForm(forms.Form):
    """How addresses go back to a source."""

    ascii_domains = forms.BooleanField(
        required=False, label="Write domains with other letters in ASCII (xn--…)"
    )


class ConflictForm(forms.Form):
    """Choices between our value, the source's and a third one; undecided ones are left out."""

    def choices(self) -> list[Choice]:
        """This will read `choice-RECORD-FIELD` and `other-RECORD-FIELD`, with what was seen."""
        found: dict[tuple[int, str], Choice] = {}
        for name, value in self.data.items():
            start, _, rest = name.partition("-")
            record_id, _, field = rest.partition("-")
            typed = str(value).strip() if start == "other" else ""
            chosen = start == "choice" and value in (OURS, THEIRS)
            if not record_id.isdecimal() or not (typed or chosen):
                continue
            key = (int(record_id), field)
            if typed or key not in found:
                seen = str(self.data.get(f"seen-{record_id}-{field}", ""))
                found[key] = Choice(*key, seen, value == THEIRS, typed[:LONGEST_OTHER])
        return list(found.values())


class SettleAllForm(forms.Form):
    """One choice for every conflict of an import, or for those of one field."""

    all = forms.ChoiceField(choices=[(OURS, OURS), (THEIRS, THEIRS)])
    field = forms.CharField(required=False, max_length=80)


def field_choices(entity: Entity) -> list[tuple[str, Any]]:
    """This will give the fields that a list of this kind can fill, in groups."""
    groups: list[tuple[str, Any]] = [("", "Do not import"), _group(entity, of_entity(entity))]
    if entity is not Entity.CUSTOMER:
        rest = [one for one in of_entity(Entity.CUSTOMER) if one.name not in ("account", "own_id")]
        groups.append(_group(Entity.CUSTOMER, rest))
    return groups


def _group(entity: Entity, fields: Sequence[Field]) -> tuple[str, list[tuple[str, str]]]:
    return entity.value.capitalize(), [(one.path, one.label) for one in fields]
