"""How names, amounts and moments are written for people. Times come in the reader's own zone."""

from datetime import date, datetime
from decimal import Decimal

SIGNS = {"USD": "$", "CAD": "CA$", "AUD": "A$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
MINUTE = 60
HOUR = 60 * MINUTE


def initials(name: str) -> str:
    """This will give two letters that stand for a person or company: "Dana Whitfield" -> "DW"."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    letters = words[0][:2] if len(words) == 1 else words[0][0] + words[-1][0]
    return letters.upper()


def money(amount: Decimal, currency: str) -> str:
    """This will write an amount with its sign where one is usual: "$6,178.25", "12.00 CHF"."""
    number = f"{abs(amount):,.2f}"
    minus = "−" if amount < 0 else ""
    sign = SIGNS.get(currency.upper())
    return f"{minus}{sign}{number}" if sign else f"{minus}{number} {currency.upper()}".rstrip()


def day(value: date, today: date) -> str:
    """This will write a day as "3 Nov", with the year when it is another one."""
    words = f"{value.day} {value:%b}"
    return words if value.year == today.year else f"{words} {value.year}"


def moment(value: datetime, now: datetime) -> str:
    """This will write a moment by its distance from `now`: "2 min ago", "Today, 09:14"."""
    seconds = (now - value).total_seconds()
    if 0 <= seconds < MINUTE:
        return "just now"
    if 0 <= seconds < HOUR:
        return f"{int(seconds // MINUTE)} min ago"
    days = (now.date() - value.date()).days
    near = {-1: "Tomorrow", 0: "Today", 1: "Yesterday"}
    return f"{near.get(days) or day(value.date(), now.date())}, {value:%H:%M}"
