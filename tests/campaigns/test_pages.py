"""The pages of campaigns, with and without htmx."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import User
from campaigns.actions.launching import launch
from campaigns.models import Campaign, Template
from campaigns.querysets.report import minutes_left
from contacts.rules.words import EmailStatus
from delivery.models import Message
from delivery.rules.states import MessageState
from jobs.queue import run_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal_on", "company")]
EVERYBODY = {"query": ""}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def sender(client, team):
    client.force_login(team.sender)
    return team.sender


def url(name, campaign=None, **query):
    path = reverse(f"campaigns:{name}", args=[campaign.pk] if campaign else [])
    return path + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def text(**changes):
    return {"name": "My message", "subject": "News", "body": "Hello", "expected": "1", **changes}


def said(answer):
    return [str(message) for message in answer.wsgi_request._messages]


def test_a_selection_leads_to_the_composer(client, sender, add_contact):
    contacts = [add_contact(), add_contact()]
    answer = client.post(url("new"), {"kind": "bulk", "id": [contact.pk for contact in contacts]})
    campaign = Campaign.objects.get()
    assert (answer.status_code, answer.url, campaign.audience) == (
        302,
        url("compose", campaign),
        {"ids": [contact.pk for contact in contacts]},
    )


def test_everything_that_matches_is_kept_as_the_query_not_as_ids(client, sender):
    client.post(url("new"), {"kind": "bulk", "all": "on", "query": "view=ready&state=TX"})
    assert Campaign.objects.get().audience == {"query": "view=ready&state=TX"}


def test_nothing_selected_says_what_to_do(client, sender):
    answer = client.post(url("new"), {"kind": "bulk"})
    assert (said(answer), Campaign.objects.count()) == (
        ["Nobody was selected. Tick contacts in the list first."],
        0,
    )


def test_the_composer_says_how_many_get_it_and_why_the_others_do_not(
    client, sender, add_contact, draft
):
    for fields in ({}, {}, {"active": False}, {"email": "", "status": EmailStatus.MISSING}):
        add_contact(**{"phone": "555", **fields})
    context = client.get(url("compose", draft("bulk", EVERYBODY, sender))).context
    assert (
        context["to_send"],
        [(line.label, line.count) for line in context["reasons"]],
        context["overview"].split.selected,
        len(context["overview"].customers),
    ) == (2, [("Inactive", 1), ("No email address", 1)], 4, 2)


def test_the_composer_warns_of_contacts_without_a_name(client, sender, add_contact, draft):
    add_contact(first_name="", last_name="")
    add_contact()
    campaign = draft("bulk", EVERYBODY, sender)
    said = [client.get(url("compose", campaign)).context["nameless"]]
    Campaign.objects.update(body="Hello all of [CustomerName]")
    said.append(client.get(url("compose", campaign)).context["nameless"])
    assert said == [1, 0]


def test_typing_is_kept_and_the_preview_told(client, sender, draft, add_contact):
    add_contact()
    campaign = draft("bulk", EVERYBODY, sender)
    answer = client.post(url("save", campaign), text(subject="Other"), headers=HTMX)
    campaign.refresh_from_db()
    assert (answer.status_code, answer["HX-Trigger"], campaign.subject) == (
        200,
        "draft-saved",
        "Other",
    )


def test_an_unknown_field_is_named_with_the_right_one_and_nothing_kept(
    client, sender, draft, add_contact
):
    add_contact()
    campaign = draft("bulk", EVERYBODY, sender)
    sentence = "There is no field [ContactNmae]. Did you mean [ContactName]?"
    pages = [
        client.post(url("save", campaign), text(body="[ContactNmae]"), headers=headers)
        for headers in (HTMX, {})
    ]
    campaign.refresh_from_db()
    assert [(page.status_code, sentence in page.content.decode()) for page in pages] == [
        (200, True),
        (422, True),
    ]
    assert "HX-Trigger" not in pages[0]
    assert campaign.body == "Hello [ContactName]"


def test_the_dialog_repeats_the_number_and_warns_without_a_test(client, sender, draft, add_contact):
    for _ in range(3):
        add_contact()
    page = client.get(url("confirm", draft("bulk", EVERYBODY, sender))).content.decode()
    assert (page.count("Send to 3 contacts"), "No test was sent" in page) == (2, True)


def test_sending_twice_by_a_double_click_sends_once(client, sender, draft, add_contact):
    add_contact()
    campaign = draft("bulk", EVERYBODY, sender)
    answers = [client.post(url("send", campaign), text()) for _ in range(2)]
    campaign.refresh_from_db()
    assert [(answer.status_code, answer.url) for answer in answers] == [
        (302, url("campaign", campaign))
    ] * 2
    assert (campaign.state, campaign.expected, campaign.mailing.subject) == (
        "preparing",
        1,
        "News",
    )


def test_sending_an_invitation_without_its_link_says_so(client, sender, draft, add_contact):
    add_contact()
    campaign = draft("invitation", EVERYBODY, sender)
    answer = client.post(url("send", campaign), text(body="Come in"))
    campaign.refresh_from_db()
    sentence = "An invitation needs [CustomerPortalLink] in its body"
    assert (answer.status_code, sentence in answer.content.decode(), campaign.state) == (
        422,
        True,
        "draft",
    )


def test_a_time_is_set_moved_and_refused_when_it_has_passed(client, sender, draft, add_contact):
    add_contact()
    campaign = draft("bulk", EVERYBODY, sender)
    when = {"day": "2099-11-24", "time": "09:00"}
    good = client.post(url("schedule", campaign), text(**when))
    late = client.post(url("schedule", campaign), text(day="2001-01-01", time="09:00"))
    campaign.refresh_from_db()
    assert (good.status_code, late.status_code, campaign.state, campaign.start_at.year) == (
        302,
        422,
        "scheduled",
        2099,
    )
    assert "This time has passed" in late.content.decode()


def test_the_preview_shows_each_recipient_and_walks_to_the_next(client, sender, draft, add_contact):
    first = add_contact(first_name="Priya", last_name="Raman")
    add_contact(active=False)
    second = add_contact(first_name="Kim", last_name="Delmar")
    campaign = draft("bulk", EVERYBODY, sender, subject="For [ContactName]")

    def shown(**query):
        context = client.get(url("preview", campaign, **query), headers=HTMX).context
        return context["shown"].contact, context["shown"].at, context["rendered"].subject

    assert shown() == (first, 1, "For Priya Raman")
    assert shown(who=f"{first.pk}-1", go="next") == (second, 2, "For Kim Delmar")
    assert shown(who=f"{second.pk}-2", go="next") == (second, 2, "For Kim Delmar")
    assert shown(who=f"{second.pk}-2", go="previous") == (first, 1, "For Priya Raman")


def test_the_preview_as_plain_text_has_no_markup(client, sender, draft, add_contact):
    add_contact(first_name="Priya", last_name="Raman")
    campaign = draft("bulk", EVERYBODY, sender)
    page = client.get(url("preview", campaign, **{"as": "text"}), headers=HTMX)
    assert page.context["rendered"].text.splitlines()[0] == "Hello Priya Raman"
    assert "<iframe" not in page.content.decode()


def test_the_message_in_the_frame_may_run_and_load_nothing(client, sender, draft, add_contact):
    add_contact(first_name="<script>alert(1)</script>")
    campaign = draft("bulk", EVERYBODY, sender)
    answer = client.get(url("preview_message", campaign))
    policy = answer["Content-Security-Policy"]
    assert "<script" not in answer.content.decode()
    assert ("default-src 'none'" in policy, "sandbox allow-same-origin" in policy) == (True, True)


def test_a_preview_of_somebody_outside_the_audience_shows_a_recipient(
    client, sender, draft, add_contact
):
    inside, outside = add_contact(), add_contact()
    campaign = draft("bulk", {"ids": [inside.pk]}, sender)
    context = client.get(url("preview", campaign, who=f"{outside.pk}-1"), headers=HTMX).context
    assert context["shown"].contact == inside


@pytest.fixture
def sent(sender, draft, add_contact):
    """A bulk email to four people, of whom one was left out and one came back."""
    people = [add_contact() for _ in range(3)]
    add_contact(active=False, first_name="Old", last_name="Hand")
    campaign = draft("bulk", EVERYBODY, sender)
    run_now(launch(campaign=campaign, actor=sender))
    states = (MessageState.DELIVERED, MessageState.BOUNCED, MessageState.QUEUED)
    for contact, state in zip(people, states, strict=True):
        Message.objects.filter(contact=contact).update(state=state)
    campaign.refresh_from_db()
    return campaign


def test_the_page_of_a_campaign_counts_from_the_rows(client, sent):
    context = client.get(url("campaign", sent)).context
    figures = context["figures"]
    assert (figures.total, figures.went, figures.delivered, figures.bounced, figures.waiting) == (
        3,
        2,
        1,
        1,
        1,
    )
    assert (figures.delivered_percent, figures.bounced_percent) == (50.0, 50.0)
    assert [(view["label"], view["count"]) for view in context["views"]] == [
        ("All", 3),
        ("Bounced and deferred", 1),
        ("Delivered", 1),
        ("Clicked, not registered", None),
        ("Registered", 0),
    ]


def test_the_rest_is_guessed_by_the_pace_so_far(sent):
    now = sent.started_at + timedelta(minutes=2)
    Message.objects.filter(state=MessageState.DELIVERED).update(accepted_at=now)
    early = minutes_left(sent.mailing, 10, sent.started_at, now)
    late = minutes_left(sent.mailing, 10, sent.started_at, now + timedelta(minutes=10))
    assert (early, late, minutes_left(sent.mailing, 0, sent.started_at, now)) == (20, None, None)


def test_a_bounce_stands_with_its_next_step(client, sent):
    page = client.get(url("campaign", sent, view="trouble"))
    assert [row.state for row in page.context["page"].rows] == ["bounced"]
    assert "Find new address" in page.content.decode()


def test_progress_asks_again_loads_anew_on_another_state_and_stops_at_the_end(client, sent):
    def progress(was):
        answer = client.get(url("progress", sent, was=was), headers=HTMX)
        page = answer.content.decode()
        return answer.status_code, answer.get("HX-Refresh"), "every 2s" in page

    moving = [progress("sending"), progress("preparing")]
    Campaign.objects.update(state="sent")
    assert ([*moving, progress("sending")], client.get(url("progress", sent)).status_code) == (
        [(200, None, True), (200, "true", True), (286, "true", False)],
        302,
    )


def test_who_was_left_out_stands_with_reason_and_next_step(client, sent):
    page = client.get(url("left_out", sent))
    contact, reason = page.context["rows"][0]
    assert (str(contact), reason, page.context["total"]) == ("Old Hand", "inactive", 1)


def test_the_download_has_everybody_left_out_and_runs_nothing(
    client, team, sender, draft, add_contact
):
    contact = add_contact(active=False, first_name="=cmd()", last_name="Hand")
    campaign = draft("bulk", EVERYBODY, sender)
    path = url("left_out_file", campaign)
    refused = client.get(path).status_code
    sender.user_permissions.add(_right("export_contacts"))
    client.force_login(User.objects.get(pk=sender.pk))
    lines = b"".join(client.get(path).streaming_content).decode().splitlines()
    assert (refused, lines) == (
        403,
        [
            "first_name,last_name,email,account_number,customer,reason,next_step",
            f"'=cmd(),Hand,{contact.email},{contact.customer.account_number},{contact.customer.name},Inactive,",
        ],
    )


def test_the_list_shows_what_became_of_each_message(client, sent):
    page = client.get(url("campaigns"))
    tally = page.context["tallies"][sent.pk]
    assert (tally.total, tally.went, tally.delivered_percent) == (3, 2, 50)
    other = client.get(url("campaigns", kind="invitation"))
    assert other.context["page"].rows == []


def test_pausing_going_on_and_cancelling_by_the_page(client, sent):
    def state_after(name):
        client.post(url(name, sent))
        sent.refresh_from_db()
        return sent.state

    states = [state_after(name) for name in ("pause", "resume", "resume", "cancel", "pause")]
    assert states == ["paused", "sending", "sending", "cancelled", "cancelled"]
    assert Message.objects.filter(state=MessageState.CANCELLED).count() == 1


def test_what_has_started_has_no_composer_any_more(client, sent):
    answers = [client.get(url(name, sent)) for name in ("compose", "confirm")]
    assert [(answer.status_code, answer.url) for answer in answers] == [
        (302, url("campaign", sent))
    ] * 2


def test_a_template_is_made_changed_and_removed_by_its_page(client, sender):
    new = {"name": "Winter", "kind": "bulk", "subject": "Snow", "body": "Hello"}
    client.post(url("template_new"), new)
    template = Template.objects.get(name="Winter")
    page = reverse("campaigns:template", args=[template.pk])
    wrong = client.post(page, {**new, "body": "[CustomerPortalLink]"})
    client.post(page, {**new, "subject": "Ice"})
    template.refresh_from_db()
    assert (wrong.status_code, template.subject, template.updated_by) == (422, "Ice", sender)
    client.post(reverse("campaigns:template_remove", args=[template.pk]))
    assert not Template.objects.filter(name="Winter").exists()


def test_a_template_is_looked_at_with_the_data_of_somebody_real(client, sender, add_contact):
    typed = {"name": "x", "kind": "bulk", "subject": "Hi", "body": "Hello [ContactName]"}
    empty = client.post(url("template_preview"), typed).content.decode()
    add_contact(first_name="Priya", last_name="Raman")
    answer = client.post(url("template_preview"), typed)
    assert "There is no contact with a good address yet" in empty
    assert "Hello Priya Raman" in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert not Template.objects.filter(name="x").exists()


def test_a_page_of_a_view_that_is_gone_says_so(client, sender, draft):
    campaign = draft("bulk", EVERYBODY, sender)
    Campaign.objects.update(audience={"segment": "Gone"})
    answer = client.get(url("compose", campaign))
    assert (answer.status_code, said(answer)) == (
        302,
        ["Bulk email 1 was made for the view “Gone”, which is gone."],
    )


def test_the_lists_ask_the_database_a_fixed_number_of_times(
    client, sent, sender, add_contact, draft, django_assert_max_num_queries
):
    for _ in range(12):
        draft("bulk", {"ids": [add_contact().pk]}, sender)
    for name, queries in (("campaigns", 12), ("templates", 10)):
        with django_assert_max_num_queries(queries):
            client.get(url(name))
    with django_assert_max_num_queries(22):
        client.get(url("campaign", sent))


def _right(codename):
    return Permission.objects.get(codename=codename)
