import pytest

from campaigns.rules.states import CampaignKind
from campaigns.rules.text import Problem, fields_for, names_somebody, problems_in, unfilled
from delivery.rules.fields import FIELDS

INVITATION, BULK = CampaignKind.INVITATION, CampaignKind.BULK
NEEDS_LINK = "An invitation needs [CustomerPortalLink] in its body: without it nobody can register."


def test_a_text_with_known_fields_has_no_problems():
    body = "Hello [ContactName|friend],\n\n[CustomerPortalLink]"
    assert problems_in(INVITATION, "For [CustomerName]", body) == []


def test_an_unknown_field_cannot_be_saved_and_the_right_one_is_named():
    assert problems_in(BULK, "News", "Hello [ContactNmae]") == [
        Problem(
            "body",
            "There is no field [ContactNmae]. Did you mean [ContactName]?",
            blocks_saving=True,
            written="[ContactNmae]",
            instead="[ContactName]",
        )
    ]


def test_a_problem_of_the_subject_hangs_on_the_subject():
    found = problems_in(BULK, "For [CustomerNmae]", "Hello")
    assert [(one.field, one.blocks_saving, one.instead) for one in found] == [
        ("subject", True, "[CustomerName]")
    ]


@pytest.mark.parametrize("kind", [BULK, CampaignKind.ANNOUNCEMENT, CampaignKind.DATA_REQUEST])
def test_the_personal_link_is_refused_outside_invitations_and_reminders(kind):
    found = problems_in(kind, "News", "[CustomerPortalLink]")
    assert [(one.field, one.blocks_saving, one.instead) for one in found] == [
        ("body", True, "[FindAccountLink]")
    ]


@pytest.mark.parametrize("kind", [INVITATION, CampaignKind.REMINDER])
def test_the_personal_link_may_stand_in_invitations_and_reminders(kind):
    assert problems_in(kind, "Come in", "[CustomerPortalLink]") == []


@pytest.mark.parametrize(
    "body", ["[CustomerPortalLink]", "[Come in]([CustomerPortalLink])", "[CustomerPortalLink|Go]"]
)
def test_an_invitation_may_write_its_link_in_any_form(body):
    assert problems_in(INVITATION, "Come in", body) == []


def test_an_invitation_without_its_link_can_be_saved_but_not_sent():
    assert problems_in(INVITATION, "Come in", "Hello") == [
        Problem("body", NEEDS_LINK, blocks_saving=False)
    ]


def test_a_subject_holds_no_link():
    assert problems_in(BULK, "Go to [FindAccountLink]", "Hello") == [
        Problem(
            "subject",
            "[FindAccountLink] is a link, and a subject holds none. Put it in the body.",
            blocks_saving=True,
            written="[FindAccountLink]",
        )
    ]


def test_an_empty_text_can_be_kept_but_not_sent():
    assert problems_in(BULK, " ", "") == [
        Problem("subject", "Write a subject before you send it.", blocks_saving=False),
        Problem("body", "Write the message before you send it.", blocks_saving=False),
    ]


def test_remarks_in_brackets_are_no_fields():
    assert problems_in(BULK, "News [1]", "As agreed [sic] and [see below].") == []


def test_the_personal_link_is_offered_only_where_it_may_stand():
    names = {kind: [field.name for field in fields_for(kind)] for kind in CampaignKind}
    everything = list(FIELDS)
    others = [name for name in everything if name != "CustomerPortalLink"]
    assert names == {
        CampaignKind.ANNOUNCEMENT: others,
        CampaignKind.INVITATION: everything,
        CampaignKind.REMINDER: everything,
        CampaignKind.DATA_REQUEST: others,
        CampaignKind.BULK: others,
    }


def test_a_field_that_nothing_fills_keeps_a_text_from_being_sent():
    body = "[ConfirmEmailLink] and [ContactName]"
    found = unfilled(fields_for(BULK), "News", body, lambda name: name == "ContactName")
    assert list(found) == [
        Problem(
            "body",
            "Nothing fills [ConfirmEmailLink] here yet. Take it out before you send.",
            blocks_saving=False,
            written="[ConfirmEmailLink]",
        )
    ]


@pytest.mark.parametrize(
    ("text", "answer"),
    [("Hello [ContactName|friend]", True), ("Hello [FirstName]", True), ("[CustomerName]", False)],
)
def test_a_text_that_speaks_to_its_reader_by_name_is_known(text, answer):
    assert names_somebody(text) is answer
