"""Files of other programs come in with the automatic mapping, every labelled contact is there."""

import csv
from collections import defaultdict

import pytest

from contacts.models import Customer, SourceRecord
from contacts.rules.words import Entity
from tests.erp.conftest import ROOT, SAMPLE, bring_in, counts_of, preview, uploads_of

FORMATS = ROOT / "tests" / "data" / "formats"
LABELS = FORMATS / "labels.csv"
DAMAGED = "AR_Customer_saved_in_excel.csv"
# By dataset: the mapping that is found, how many customers and contacts come in.
FOUND = {
    "excel_semicolon_cp1252": ("generic", 60, 120),
    "hand_kept_xlsx": ("hand_kept", 52, 122),
    "html_named_xls": ("generic", 26, 62),
    "odoo_mixed_rows": ("odoo", 60, 130),
    "quickbooks_desktop_iif": ("quickbooks_desktop", 70, 108),
    "quickbooks_online_xlsx": ("quickbooks_online", 80, 77),
    "sage100": ("sage_100", 60, 131),
    "sap_b1_dtw_utf16": ("sap_business_one", 60, 141),
    "xero_wide": ("xero", 60, 132),
    "demo": ("netsuite", 600, 1538),
}
# It has no account numbers: there a customer is known by its name.
WITHOUT_NUMBERS = "quickbooks_online_xlsx"


def labels_of(dataset):
    with LABELS.open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["dataset"] == dataset]


def files_of(dataset):
    return SAMPLE if dataset == "demo" else sorted((FORMATS / dataset).iterdir())


def contacts_here():
    """What came in, by id and by place: account number, customer's name, address."""
    found = {}
    records = SourceRecord.objects.filter(entity=Entity.CONTACT).select_related("contact__customer")
    for record in records:
        contact, customer = record.contact, record.contact.customer
        number = customer.account_number if customer else ""
        name = customer.name if customer else ""
        told = {"account": number, "customer": name, "email": contact.email.strip()}
        found[record.own_id] = found[record.origin] = told
    return found


@pytest.mark.parametrize("dataset", sorted(FOUND))
def test_every_labelled_contact_comes_in_at_its_customer(source, dataset):
    files = [file for file in files_of(dataset) if file.name != DAMAGED]

    run = bring_in(source, *uploads_of(files))

    mapping, customers, contacts = FOUND[dataset]
    assert {facts["mapping"] for facts in run.files} == {mapping}
    assert [facts["skipped"] for facts in run.files] == [0] * len(files)
    assert counts_of(run)["contact"]["new"] == contacts
    assert Customer.objects.count() == customers
    here = contacts_here()
    known = "customer" if dataset == WITHOUT_NUMBERS else "account"
    labels = labels_of(dataset)
    told = [{known: row[known], "email": row["email"].strip()} for row in labels]
    found = [here.get(row["contact_id"], {}) for row in labels]
    assert [{name: one.get(name) for name in (known, "email")} for one in found] == told


def test_a_list_that_a_spreadsheet_has_saved_is_refused_and_the_others_come_in(source):
    run = preview(source, uploads_of(files_of("sage100")))

    refused = [facts for facts in run.files if facts["status"] == "refused"]
    assert [facts["name"] for facts in refused] == [DAMAGED]
    assert refused[0]["reason"].startswith(
        "The file was opened and saved in a spreadsheet, which changed it:"
        " “2806” in the column ZipCode, “4.01555E+09” in the column TelephoneNo"
    )


@pytest.mark.parametrize(
    "dataset", ["excel_semicolon_cp1252", "odoo_mixed_rows", "quickbooks_online_xlsx", "xero_wide"]
)
def test_the_same_files_again_change_nothing(source, dataset):
    files = [file for file in files_of(dataset) if file.name != DAMAGED]
    bring_in(source, *uploads_of(files))

    again = counts_of(preview(source, uploads_of(files)))

    by_kind = defaultdict(int)
    for counts in again.values():
        for kind in ("new", "changed", "conflicts", "missing"):
            by_kind[kind] += counts[kind]
    assert dict(by_kind) == {"new": 0, "changed": 0, "conflicts": 0, "missing": 0}


def test_customers_of_one_name_in_different_places_stay_apart(source):
    bring_in(source, *uploads_of(files_of(WITHOUT_NUMBERS)))

    found = Customer.objects.filter(name="ABC Plumbing").order_by("account_number")
    assert [customer.account_number for customer in found] == [
        "ABC Plumbing",
        "ABC Plumbing, 3110",
        "ABC Plumbing, 43221",
    ]


def test_branches_named_after_their_parent_are_linked_to_it(source):
    bring_in(source, *uploads_of(files_of("quickbooks_desktop_iif")))

    branch = Customer.objects.get(name="Baltimore", parent__name="First Choice Irrigation Co.")
    assert branch.parent.branches.count() > 0
    assert Customer.objects.filter(name__contains=":").count() == 0
