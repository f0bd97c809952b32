"""Three texts that lead customers to the page where each of them starts by himself.

None of them holds a password or a link that runs out: a reset link lives two hours, so a mail to
many names the page that sends one.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

BENEFITS = """- see open and paid invoices, and what is due next
- see who at your company has access
- keep your own contact details right"""

TEXTS = [
    {
        "kind": "bulk",
        "name": "Create your user with an invoice",
        "subject": "[CompanyName]: connect to your account online",
        "preheader": "You need three things that stand on any invoice.",
        "body": f"""# Connect to your account online

Hello [ContactName],

[CustomerName] has an account with [CompanyName], and you can now open it online:

{BENEFITS}

Please connect to the account that is there, so that your invoices and prices are in it. You need three things:

- the **account number**: at the top right of any invoice or statement
- the **billing zip code**: in the “Bill to” address of the invoice, not the delivery address
- a **recent invoice number**: from an invoice of the last twelve months

[FindAccountLink]

You choose your own username and password. We never send passwords and never ask for one.""",
    },
    {
        "kind": "bulk",
        "name": "Your username is ready",
        "subject": "[CompanyName]: your username for the customer portal",
        "preheader": "Choose your password on one page, and you are in.",
        "body": f"""# Your username is ready

Hello [ContactName],

your username for the account of [CustomerName] is **[Username]**. With it you can

{BENEFITS}

Enter the username and your email address on this page. It sends you a link to choose your password.

[ResetPasswordLink]

We never send passwords and never ask for one.""",
    },
    {
        "kind": "bulk",
        "name": "Ask for your username",
        "subject": "[CompanyName]: two steps into your account",
        "preheader": "First your username, then your password.",
        "body": f"""# Two steps into your account

Hello [ContactName],

[CustomerName] has an account with [CompanyName], and a username is kept for you. Once you are in, you can

{BENEFITS}

First let us send you your username:

[ForgotUsernameLink]

Then choose your password with it:

[ResetPasswordLink]

We never send passwords and never ask for one.""",
    },
]


def add(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """This will add each text, unless a template has its name."""
    Template = apps.get_model("campaigns", "Template")
    for text in TEXTS:
        Template.objects.get_or_create(name=text["name"], language="en", defaults=text)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0006_text_messages")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]
