"""The tables of contacts, a file for each kind: Django looks for all of them here."""

from contacts.models.changes import Change, ChangeSet, Moved
from contacts.models.facts import AddressFact
from contacts.models.pairs import Duplicate, MatchKey
from contacts.models.proposals import Proposal
from contacts.models.records import Contact, Customer, Invoice, Source, SourceRecord
from contacts.models.segments import Segment

__all__ = [
    "AddressFact",
    "Change",
    "ChangeSet",
    "Contact",
    "Customer",
    "Duplicate",
    "Invoice",
    "MatchKey",
    "Moved",
    "Proposal",
    "Segment",
    "Source",
    "SourceRecord",
]
