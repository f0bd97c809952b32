"""Writes to templates. A campaign keeps its own copy, so nothing that was sent ever changes."""

from django.db import transaction

from accounts.models import User
from campaigns.actions.drafting import TextProblemError
from campaigns.models import Template
from campaigns.rules.states import CampaignKind
from campaigns.rules.text import Problem, problems_in
from core.audit import record


class DefaultElsewhereError(ValueError):
    """The default invitation is the text of the *Customer Portal* settings, not a template."""


class TemplateNameTakenError(ValueError):
    """Another template of that language has the name."""


@transaction.atomic
def save_template(*, template: Template, actor: User | None) -> Template:
    """This will store a new or changed template; a new default replaces the old one.

    Raises TextProblemError, TemplateNameTakenError, DefaultElsewhereError.
    """
    problems = _problems(template)
    if problems:
        raise TextProblemError(problems)
    if template.is_default and template.kind == CampaignKind.INVITATION:
        raise DefaultElsewhereError
    others = Template.objects.filter(language=template.language).exclude(pk=template.pk)
    if others.filter(name__iexact=template.name).exists():
        raise TemplateNameTakenError(template.name)
    if template.is_default:
        others.filter(kind=template.kind, is_default=True).update(is_default=False)
    verb = "changed" if template.pk else "added"
    template.updated_by = actor
    template.save()
    record(actor=actor, verb=verb, entity="template", entity_id=template.pk, label=template.name)
    return template


@transaction.atomic
def remove_template(*, template: Template, actor: User | None) -> None:
    """This will remove a template; messages made from it keep their text."""
    record(
        actor=actor,
        verb="removed",
        entity="template",
        entity_id=template.pk,
        label=template.name,
    )
    template.delete()


def _problems(template: Template) -> list[Problem]:
    found = problems_in(template.kind, template.subject, template.body)
    return [problem for problem in found if problem.blocks_saving]
