# ruff: noqa: E501 - a paragraph of a mail is one line
"""The mails of review. What customers or the ERP typed never stands in a text, only merge fields."""

from datetime import date

from delivery.rules.texts import Text, plain


def digest(*, name: str, count: int, url: str, until: date, reminder: bool) -> Text:
    """This will give the mail that leads a colleague to all questions that are open for him."""
    contacts = "1 contact" if count == 1 else f"{count} contacts"
    has = "has" if count == 1 else "have"
    subject = f"{contacts}: which address is right?"
    return Text(
        f"Reminder: {subject}" if reminder else subject,
        f"""Hello {plain(name) or "there"},

{contacts} of customers you know {has} no email address, or something that looks wrong. One tap each; you need not sign in.

[Answer now]({url})

You see only what is asked of you, and can answer a part today and the rest later. Nothing is mailed to the customers from there. The link is yours alone and works until {day(until)}.""",
    )


def confirm(*, reminder: bool) -> Text:
    """This will give the mail that asks a customer whether his address is right."""
    subject = "[CompanyName]: is this still the right address?"
    return Text(
        f"Reminder: {subject}" if reminder else subject,
        """Hello [ContactName],

this is the address that we have for you at [CustomerName]. Is it still right? One tap tells us; you need not sign in.

[ConfirmEmailLink]

The link is for you alone and works for 30 days.""",
    )


def day(value: date) -> str:
    """This will write a day in words: 6 December."""
    return f"{value.day} {value:%B}"
