import pytest

from delivery.rules.fields import FIELDS, Trouble, fields_in, nearest, problems


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ContactNmae", "ContactName"),
        ("contactname", "ContactName"),
        ("Contact Name", "ContactName"),
        ("CustomerPortal", "CustomerPortalLink"),
        ("UserName", "Username"),
        ("Colour", ""),
    ],
)
def test_the_field_that_was_meant_is_offered(written, meant):
    assert nearest(written) == meant


@pytest.mark.parametrize(
    ("text", "purpose", "found"),
    [
        ("Hello [ContactName], [FirstName|friend]", "bulk", []),
        ("Hello [ContactNmae]", "bulk", [(Trouble.UNKNOWN, "[ContactNmae]", "ContactName")]),
        ("Hello [contact name]", "bulk", [(Trouble.UNKNOWN, "[contact name]", "ContactName")]),
        ("[DeliveryDate]", "bulk", [(Trouble.UNKNOWN, "[DeliveryDate]", "")]),
        ("as agreed [sic], [see below], [1]", "bulk", []),
        ("[CustomerPortalLink]", "invitation", []),
        ("[Sign up]([CustomerPortalLink])", "reminder", []),
        (
            "[CustomerPortalLink] [CustomerPortalLink]",
            "announcement",
            [(Trouble.FORBIDDEN, "[CustomerPortalLink]", "FindAccountLink")],
        ),
        (
            "[Sign up]([CustomerPortalLink])",
            "bulk",
            [(Trouble.FORBIDDEN, "[CustomerPortalLink]", "FindAccountLink")],
        ),
        ("[UnsubscribeLink]", "account", [(Trouble.FORBIDDEN, "[UnsubscribeLink]", "")]),
        ("[Our page](https://example.com/a?b=1)", "bulk", []),
        ("[Our page](example.com)", "bulk", [(Trouble.NO_ADDRESS, "[Our page](example.com)", "")]),
        (
            "[x](javascript:alert)",
            "bulk",
            [(Trouble.NO_ADDRESS, "[x](javascript:alert)", "")],
        ),
        ("[CustomerName](s)", "bulk", []),
    ],
)
def test_each_problem_of_a_text_is_named_once(text, purpose, found):
    assert [
        (problem.trouble, problem.written, problem.instead) for problem in problems(text, purpose)
    ] == found


def test_a_sentence_says_what_to_do_instead():
    (problem,) = problems("[CustomerPortalLink]", "bulk")
    assert problem.sentence == (
        "[CustomerPortalLink] can only stand in invitations and reminders. Use [FindAccountLink]"
        " here: it leads to a page where customers start themselves."
    )


def test_the_personal_link_is_offered_only_where_it_may_stand():
    offering = [
        purpose
        for purpose in ("announcement", "invitation", "reminder", "data_request", "bulk", "account")
        if FIELDS["CustomerPortalLink"] in fields_in(purpose)
    ]
    assert offering == ["invitation", "reminder"]
