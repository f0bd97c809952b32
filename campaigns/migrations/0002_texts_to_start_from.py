"""The texts to start from. Staff change or remove them; nothing puts them back."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TEXTS = [
    {
        "kind": "announcement",
        "name": "Your customer portal is coming",
        "subject": "[CompanyName]: your account is going online",
        "preheader": "Invoices, orders and statements in one place, whenever you need them.",
        "is_default": True,
        "body": """# Your account is going online

Hello [ContactName],

from now on [CustomerName] can look after its account with [CompanyName] on our customer portal:

- see open and paid invoices, and what is due next
- download statements and copies of invoices
- keep your own contact details right

There is nothing to install and nothing to pay. Within the next days you get an invitation with a link of your own. If you would rather start now, have your account number and a recent invoice at hand.

[FindAccountLink]""",
    },
    {
        "kind": "reminder",
        "name": "Reminder",
        "subject": "[CustomerName]: your link to the portal still works",
        "preheader": "Choosing a username and a password takes about a minute.",
        "is_default": True,
        "body": """# Your link still works

Hello [ContactName],

a while ago we set up the customer portal for **[CustomerName]**. Nobody has used your link yet. It takes about a minute to choose a username and a password.

[CustomerPortalLink]

If a colleague looks after invoices, pass this on by telling us: use “Not the right person?” below.""",
    },
    {
        "kind": "data_request",
        "name": "Is this still the right address?",
        "subject": "[CustomerName]: is this still the right email address?",
        "preheader": "Nothing to do when all is well.",
        "is_default": True,
        "body": """# Is this still the right address?

Hello [ContactName],

we keep this address for [CustomerName] (account [AccountNumber]) and would like to be sure that our messages reach the right person.

If all is well, there is nothing to do. If this address is no longer right, or a colleague looks after invoices now, tell us: use “Not the right person?” below, or answer this message.""",
    },
    {
        "kind": "bulk",
        "name": "Plain message",
        "subject": "News from [CompanyName]",
        "preheader": "",
        "is_default": True,
        "body": """Hello [ContactName],

write here what [CustomerName] should know.

With kind regards
[CompanyName]""",
    },
    {
        "kind": "invitation",
        "name": "Portal invitation, short",
        "subject": "Your link to the [CompanyName] customer portal",
        "preheader": "Choose a username and a password, and you are in.",
        "is_default": False,
        "body": """# Come in

Hello [ContactName],

this is your own link to the account of **[CustomerName]**. Choose a username and a password, and you are in.

[CustomerPortalLink]""",
    },
]


def add(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """This will add each text, unless a template has its name."""
    Template = apps.get_model("campaigns", "Template")
    for text in TEXTS:
        Template.objects.get_or_create(name=text["name"], language="en", defaults=text)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]
