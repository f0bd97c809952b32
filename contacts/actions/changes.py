"""Change fields of contacts and customers, each change on record in a change set."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from contacts import events
from contacts.actions.bulk import insert_rows, update_rows
from contacts.models import Change, ChangeSet, Contact, Customer, Source
from contacts.rules.derived import (
    address_of,
    contact_search,
    customer_search,
    short_number_key,
)
from contacts.rules.values import text_of, truth_of
from contacts.rules.words import ChangeKind
from core.audit import record

CONTACT_FIELDS = frozenset(
    {
        "salutation", "first_name", "middle_name", "last_name", "organization", "job_title",
        "email", "alt_customer_id", "sms_number", "address1", "address2", "city", "state",
        "postal_code", "province", "country", "phone", "fax", "alternate_phone", "birth_date",
        "content_type", "active", "username", "notes", "promote", "invite",
    }
)  # fmt: skip
CUSTOMER_FIELDS = frozenset(
    {
        "name", "active", "website", "email", "address1", "address2", "city", "state",
        "province", "postal_code", "country", "phone", "fax", "customer_type", "customer_since",
        "product_lines", "currency", "terms", "sales_rep_name", "sales_rep_email", "promote",
        "invite", "notes", "is_house_account",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Edit:
    """One field of one row to set; `seen` is the text that the editor saw, when it matters."""

    row_id: int
    field: str
    new: str
    why: str = ""
    seen: str | None = None


@dataclass(frozen=True)
class Edited:
    """What became of a batch of edits."""

    changes: list[Change] = field(default_factory=list)
    overtaken: list[Edit] = field(default_factory=list)


class UnknownFieldError(ValueError):
    """The field does not exist or is not for people to change."""


@transaction.atomic
def open_change_set(
    *,
    kind: ChangeKind,
    label: str,
    actor: User | None,
    source: Source | None = None,
    undoes: ChangeSet | None = None,
) -> ChangeSet:
    """This will start a change set; every change of one act goes into the same one."""
    change_set = ChangeSet.objects.create(
        kind=kind, label=label[:200], actor=actor, source=source, undoes=undoes
    )
    record(
        actor=actor,
        verb="changed",
        entity="change set",
        entity_id=change_set.pk,
        label=label,
        facts={"kind": str(kind)},
    )
    return change_set


@transaction.atomic
def edit_contacts(
    *, edits: Sequence[Edit], change_set: ChangeSet, known: frozenset[str] = CONTACT_FIELDS
) -> Edited:
    """This will set fields of contacts. An edit whose `seen` value is no longer there is left out.

    Raises UnknownFieldError for a field that is not in `known`; only imports know more.
    """
    _refuse_unknown(edits, known)
    rows = _locked(Contact, edits)
    done = _apply(edits, rows, change_set, "contact")
    touched = {change.contact_id for change in done.changes if change.contact_id}
    for contact_id in touched:
        derive_contact(rows[contact_id])
        rows[contact_id].version += 1
    _store(Contact, [rows[i] for i in touched], done.changes, DERIVED_OF_CONTACT)
    _tell(done.changes, change_set)
    return done


@transaction.atomic
def edit_customers(
    *, edits: Sequence[Edit], change_set: ChangeSet, known: frozenset[str] = CUSTOMER_FIELDS
) -> Edited:
    """This will set fields of customers; as `edit_contacts`."""
    _refuse_unknown(edits, known)
    rows = _locked(Customer, edits)
    done = _apply(edits, rows, change_set, "customer")
    touched = {change.customer_id for change in done.changes if change.customer_id}
    for customer_id in touched:
        derive_customer(rows[customer_id])
    _store(Customer, [rows[i] for i in touched], done.changes, DERIVED_OF_CUSTOMER)
    contacts = list(Contact.objects.filter(customer__in=touched).values_list("pk", flat=True))
    refresh_search({c.customer_id for c in done.changes if c.field in SEARCHED_OF_CUSTOMER})
    if done.changes:
        events.changed.send(
            sender=Customer,
            contacts=contacts,
            fields={f"customer.{change.field}" for change in done.changes},
            change_set=change_set,
        )
    return done


DERIVED_OF_CONTACT = (
    "email_repaired", "address_key", "email_domain", "search_text", "version", "updated_at",
)  # fmt: skip
SEARCHED_OF_CUSTOMER = frozenset({"name", "account_number"})
DERIVED_OF_CUSTOMER = ("number_key", "search_text", "updated_at")


def derive_contact(contact: Contact) -> Contact:
    """This will compute the fields of a contact that follow from others; nothing is stored."""
    contact.email_repaired, contact.address_key, contact.email_domain = address_of(contact.email)
    customer = contact.customer
    place = (customer.name, customer.account_number) if customer else None
    contact.search_text = contact_search(vars(contact), place)
    contact.updated_at = timezone.now()
    return contact


def derive_customer(customer: Customer) -> Customer:
    """This will compute the fields of a customer that follow from others; nothing is stored."""
    customer.number_key = short_number_key(customer.account_number)
    customer.search_text = customer_search(vars(customer))
    customer.updated_at = timezone.now()
    return customer


def refresh_search(customers: Iterable[int | None]) -> None:
    """This will let contacts be found by the new name or number of their customers."""
    rows = Contact.objects.filter(customer__in=set(customers)).select_related("customer")
    update_rows(Contact, [derive_contact(row) for row in rows], ["search_text"])


def set_text(row: models.Model, name: str, text: str) -> None:
    """This will set a field from its text form, with the field's own type."""
    setattr(row, name, typed(row._meta.get_field(name), text))  # noqa: SLF001 - Django's public-in-practice API


def typed(column: Any, text: str) -> Any:  # noqa: ANN401 - a column, and what it holds
    """This will give the value that a text means for a column, cut to its length."""
    if isinstance(column, models.BooleanField):
        value: Any = truth_of(text)
    elif text == "" and column.null:
        value = None
    elif isinstance(column, models.JSONField):
        value = json.loads(text or "{}")
    else:
        value = column.to_python(text)
    if isinstance(value, str) and column.max_length:
        value = value[: column.max_length]
    return value


def _refuse_unknown(edits: Iterable[Edit], known: frozenset[str]) -> None:
    for edit in edits:
        if edit.field not in known:
            raise UnknownFieldError(edit.field)


def _locked(model: type[Any], edits: Sequence[Edit]) -> dict[int, Any]:
    rows = model.everyone.select_for_update(of=("self",)).filter(
        pk__in={edit.row_id for edit in edits}
    )
    if model is Contact:
        rows = rows.select_related("customer")
    return {row.pk: row for row in rows.order_by("pk")}


def _apply(
    edits: Sequence[Edit], rows: dict[int, Any], change_set: ChangeSet, owner: str
) -> Edited:
    done = Edited()
    for edit in edits:
        row = rows.get(edit.row_id)
        old = text_of(getattr(row, edit.field)) if row is not None else ""
        if row is None or (edit.seen is not None and edit.seen != old):
            done.overtaken.append(edit)
            continue
        set_text(row, edit.field, edit.new)
        new = text_of(getattr(row, edit.field))
        if new == old:
            continue
        done.changes.append(
            Change(
                change_set=change_set,
                **{owner: row},
                field=edit.field,
                old=old,
                new=new,
                why=edit.why[:200],
            )
        )
    return done


def _store(
    model: type[Any], rows: list[Any], changes: list[Change], derived: tuple[str, ...]
) -> None:
    if not rows:
        return
    names = {change.field for change in changes}
    update_rows(model, rows, [*names, *derived])
    insert_rows(Change, changes)


def _tell(changes: list[Change], change_set: ChangeSet) -> None:
    """This will tell the apps above, grouped by which fields changed together."""
    fields: dict[int, set[str]] = defaultdict(set)
    for change in changes:
        if change.contact_id is not None:
            fields[change.contact_id].add(change.field)
    groups: dict[frozenset[str], list[int]] = defaultdict(list)
    for contact_id, names in fields.items():
        groups[frozenset(names)].append(contact_id)
    for together, contact_ids in groups.items():
        events.changed.send(
            sender=Contact, contacts=contact_ids, fields=set(together), change_set=change_set
        )
