"""Small files to start from: heads that are recognised by themselves, and a few rows."""

from contacts.rules.words import Entity

Rows = tuple[tuple[str, ...], ...]

SAMPLES: dict[Entity, Rows] = {
    Entity.CUSTOMER: (
        (
            "Account number", "Customer name", "Parent account", "Email", "Phone", "Fax",
            "Website", "Address 1", "Address 2", "City", "State", "Province", "Zip", "Country",
            "Customer type", "Customer since", "Product lines", "Currency", "Terms", "Sales rep",
            "Sales rep email", "Active", "Notes",
        ),
        (
            "HARBR002", "Harborview Mechanical", "", "office@harborview.example",
            "(207) 555-0142", "", "harborview.example", "88 Pier Street", "", "Portland", "ME",
            "", "04101", "US", "Contractor", "2011-04-18", "Valves, Pumps", "USD", "Net 30",
            "Julie Tran", "julie.tran@company.example", "Yes", "",
        ),
        (
            "HARBR003", "Harborview Mechanical, Bangor", "HARBR002", "", "(207) 555-0188", "", "",
            "5 Mill Road", "", "Bangor", "ME", "", "04401", "US", "Contractor", "2015-09-01",
            "Pumps", "USD", "Net 30", "Julie Tran", "julie.tran@company.example", "Yes", "",
        ),
    ),
    Entity.CONTACT: (
        (
            "Contact ID", "Account number", "Salutation", "First name", "Middle name",
            "Last name", "Organization", "Job title", "Email", "Phone", "Mobile phone",
            "Alternate phone", "Fax", "Address 1", "Address 2", "City", "State", "Province",
            "Zip", "Country", "Birth date", "Username", "Active", "Notes",
        ),
        (
            "1001", "HARBR002", "Ms.", "Paula", "", "Ricci", "", "Buyer",
            "paula.ricci@harborview.example", "(207) 555-0143", "(207) 555-0199", "", "",
            "88 Pier Street", "", "Portland", "ME", "", "04101", "US", "", "", "Yes",
            "Wants invoices by email",
        ),
        (
            "1002", "HARBR003", "Mr.", "Sam", "", "Whitlock", "", "Branch manager",
            "sam.whitlock@harborview.example", "(207) 555-0189", "", "", "", "5 Mill Road", "",
            "Bangor", "ME", "", "04401", "US", "", "", "Yes", "",
        ),
    ),
    Entity.INVOICE: (
        (
            "Account number", "Invoice number", "Invoice date", "Due date", "Invoice amount",
            "Amount remaining", "Invoice status",
        ),
        ("HARBR002", "INV-20418", "2026-10-02", "2026-11-01", "1840.50", "1840.50", "Open"),
        ("HARBR003", "INV-20377", "2026-09-12", "2026-10-12", "212.00", "0.00", "Paid"),
    ),
}  # fmt: skip
