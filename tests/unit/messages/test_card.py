"""What Teams shows: a line in the feed and a card in the channel, held against the schema of Adaptive Cards 1.5."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli.app_manifest import AppFacts, teams_manifest
from bot.domain.enrolment import ChooseVia, Enrolment, EnrolmentMode
from bot.domain.people import Language
from bot.domain.programme import Material
from bot.domain.reminders import Afterwards
from bot.domain.teams import LONGEST_PREVIEW
from bot.domain.templates import ACTIVITIES, TEMPLATES, MessageKind
from bot.messages.card import CARD_TYPE, card_message, chain_id, render_card, render_notification
from tests.builders.cards import SCHEMA
from tests.builders.invitations import EVERYTHING, HOSTILE, PLAN, course
from tests.builders.notices import DEADLINE, LINK, PLAIN, item

TODAY = date(2025, 6, 17)
BY_LINK = replace(PLAIN, enrolment=Enrolment(mode=EnrolmentMode.CHOOSE, via=ChooseVia.LINK, deadline=DEADLINE))
APP = "11111111-2222-4333-8444-555555555555"


def about(which):
    return replace(PLAN, courses=(replace(which, after=PLAIN.after),))


def card(template, which=PLAIN, language=Language.DA, **more):
    return render_card(about(which), item(template, **more), language=language, today=TODAY)


def line(*items, which=PLAIN, language=Language.DA, link=LINK):
    return render_notification(about(which), items, language=language, link_for=lambda _: link, today=TODAY, app_id=APP)


def words(made):
    return ["".join(run["text"] for run in block["inlines"]) for block in made["body"]]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize(
    "which", [PLAIN, BY_LINK, EVERYTHING, HOSTILE, replace(PLAIN, online=True)], ids=["plain", "link", "all", "hostile", "online"]
)
def test_every_card_is_an_adaptive_card_and_says_in_plain_text_what_it_shows(template, which, language):
    offering = which.offerings[0].id
    made = card(template, which, language, offering=offering, session=which.offerings[0].sessions[0].id)
    SCHEMA.validate(made)
    headline, *rest = words(made)
    assert made["fallbackText"].startswith(headline[:40])
    assert all(text.rstrip(".") in made["fallbackText"] for text in rest[:-1])
    assert "color" not in json.dumps(made)
    assert "attention" not in json.dumps(made).lower()
    assert len(card_message(made)) < 28 * 1024


def test_the_schema_would_notice_a_mistake():
    made = card("practical")
    assert not SCHEMA.is_valid(made | {"body": [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "weight": "fat"}]}]})
    assert not SCHEMA.is_valid(made | {"colour": "red"})


def test_a_card_says_when_where_and_what_to_do():
    assert words(card("practical")) == [
        "Praktisk om Fælles lederdag – Hold 1",
        "Hvornår: onsdag den 18. juni 2025 kl. 09.00–15.30",
        *[text for text in words(card("practical")) if text.startswith("Hvor: ")],
        "Er du blevet forhindret, så sig nej i invitationen i din kalender.",
        f"Sendt automatisk af {PLAN.organisation}. Spørgsmål: {PLAN.contact}",
    ]
    online = replace(course(), online=True)
    assert "Hvor: På Teams" in words(card("tomorrow", replace(online, venue=None), offering="main"))
    asked = words(card("please_answer"))
    assert "Er du inviteret og har ikke svaret, så svar i invitationen i din kalender." in asked
    assert any(text.startswith("Svarfrist: ") for text in asked)
    assert any("personlige link" in text for text in words(card("announcement", BY_LINK)))


def test_links_are_buttons_where_they_are_safe_and_nobody_s_own():
    many = [Material(title=f"Nr. {number}", url=f"https://aadal.example/{number}") for number in range(9)]
    unfit = [Material(title="Farlig", url="javascript:alert(1)"), Material(title="Lang", url="https://aadal.example/" + "x" * 1000)]
    materials = (Material(title="Læs før", url="https://aadal.example/a"), *unfit, *many)
    with_links = replace(PLAIN, materials=materials, evaluation="https://aadal.example/evaluering")
    buttons = card("follow_up", with_links)["actions"]
    assert [one["url"] for one in buttons[:2]] == ["https://aadal.example/evaluering", "https://aadal.example/a"]
    assert len(buttons) == 6
    assert "actions" not in card("tomorrow", with_links)
    assert LINK not in json.dumps([card(template, BY_LINK) for template in TEMPLATES])


def test_the_plan_s_words_are_read_as_text():
    """No Markdown is read in a text run, and no formula of cards."""
    odd = replace(course(), title="**Fed** [klik](http://ond.example) {{DATE(2025-01-01)}}")
    headline = card("practical", odd, offering="main")["body"][0]["inlines"][0]
    assert headline["type"] == "TextRun"
    assert headline["text"] == "Praktisk om **Fed** [klik](http://ond.example) { {DATE(2025-01-01)}}"


def test_who_gave_a_date_up_is_told_in_the_feed_how_to_choose_another():
    """With their own page where there is one, else by whom to write to; there is no invitation to answer."""
    anew = replace(item("please_answer"), anew=True)
    assert line(anew).preview == "Du kan stadig vælge et andet hold på din egen side."
    assert quote(LINK, safe="") in line(anew).web_url
    assert line(anew, link=None).preview == f"Du kan stadig vælge et andet hold. Skriv til {PLAN.contact}, hvilket du vil på."


def test_the_message_of_a_webhook_holds_one_card():
    message = json.loads(card_message(card("practical")))
    assert (message["type"], [one["contentType"] for one in message["attachments"]]) == ("message", [CARD_TYPE])
    assert message["attachments"][0]["content"] == card("practical")


@pytest.mark.parametrize(
    ("template", "preview"),
    [
        ("tomorrow", "onsdag den 18. juni 2025 kl. 09.00–15.30"),
        ("please_answer", "Svar i invitationen i din kalender senest "),
        ("follow_up", "Tak, fordi du var med."),
        ("announcement", "Svar i invitationen i din kalender senest "),
    ],
)
def test_a_line_says_under_its_headline_when_or_what_to_do(template, preview):
    made = line(item(template))
    assert made.preview.startswith(preview)
    assert (made.activity_type, made.web_url.partition("?")[0]) == (
        ACTIVITIES[template],
        f"https://teams.microsoft.com/l/entity/{APP}/about",
    )


def test_a_line_without_a_deadline_and_by_link_says_what_to_do():
    assert line(item("please_answer", offering="main"), which=course()).preview == "Svar i invitationen i din kalender."
    no_deadline = replace(BY_LINK, enrolment=replace(BY_LINK.enrolment, deadline=None))
    assert line(item("please_answer"), which=no_deadline).preview == "Brug dit personlige link i den mail, du har fået."
    assert line(item("follow_up"), which=replace(PLAIN, evaluation="https://aadal.example/e")).preview.endswith("hvad du synes.")


def test_only_where_there_is_something_to_choose_a_line_is_the_person_s_own():
    """Everybody else's is equal, so that one request can bring it to many."""
    assert line(item("tomorrow")) == line(item("tomorrow"), link="https://aadal.example/p/en-anden")
    mine = line(item("please_answer"), which=BY_LINK)
    assert "webUrl=https%3A%2F%2F" in mine.web_url
    assert mine != line(item("please_answer"), which=BY_LINK, link="https://aadal.example/p/en-anden")
    assert "webUrl" not in line(item("please_answer"), which=BY_LINK, link=None).web_url
    assert "evaluering" in line(item("follow_up"), which=replace(PLAIN, evaluation="https://aadal.example/evaluering")).web_url


def test_several_are_one_line_that_names_each():
    made = line(item("tomorrow"), item("please_answer"))
    assert (made.activity_type, made.subject) == ("severalCourses", "Husk dine kurser: Fælles lederdag")
    assert len(made.preview) <= LONGEST_PREVIEW
    assert made.preview.startswith("Fælles lederdag")


def test_what_is_said_again_has_the_same_number_and_what_is_said_otherwise_another():
    both = [item("tomorrow"), replace(item("practical"), rule="en-anden")]
    assert chain_id(both, plan="a") == chain_id(both[::-1], plan="a")
    ways = [chain_id(items, plan=plan) for items in (both, both[:1], both[1:]) for plan in ("a", "b", "")]
    assert len(set(ways)) == 9, "courses of two plans may have the same id, and so may what older programs sent"
    assert all(0 < one < 2**52 for one in ways)


def test_every_kind_that_a_rule_sends_has_an_activity_type_of_the_manifest():
    app = AppFacts(app_id=APP, client_id=APP, organisation="Aadal", website="https://aadal.example", language=Language.DA)
    manifest = teams_manifest(app, version="1.0.0")
    assert [one["type"] for one in manifest["activities"]["activityTypes"]] == list(ACTIVITIES.values())
    assert set(ACTIVITIES) == {*TEMPLATES, MessageKind.DIGEST}
    assert {one["templateText"] for one in manifest["activities"]["activityTypes"]} == {"{subject}"}


@settings(max_examples=60)
@given(st.text(max_size=2000), st.text(max_size=2000), st.sampled_from(sorted(TEMPLATES)), st.sampled_from(list(Language)))
def test_whatever_stands_in_the_plan_a_card_is_valid_and_small_and_a_line_short(title, contact, template, language):
    which = replace(PLAIN, title=title, materials=tuple(Material(title=title, url="https://a.example/" + "x" * 900) for _ in range(20)))
    plan = replace(about(which), organisation=contact, contact=contact)
    made = render_card(plan, item(template), language=language, today=TODAY)
    SCHEMA.validate(made)
    assert len(card_message(made)) < 28 * 1024
    shown = render_notification(plan, [item(template)], language=language, link_for=lambda _: None, today=TODAY, app_id=APP)
    assert 0 < len(shown.preview) <= LONGEST_PREVIEW
    assert 0 < len(shown.subject) <= 120


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("please_answer", "Du holder oplæg. Svar i invitationen i din kalender."),
        ("follow_up", "Tak for dit oplæg."),
    ],
)
def test_a_line_to_somebody_who_speaks_says_what_is_theirs(template, said):
    spoken = replace(item(template), speaker=True)
    assert line(spoken).preview == said
    assert "oplæg" not in line(item(template)).preview


def test_what_is_to_be_signed_up_for_says_sign_up_as_the_mail_does():
    signs_up = replace(PLAIN, enrolment=replace(PLAIN.enrolment, mode=EnrolmentMode.SIGNUP))
    for template in ("announcement", "please_answer"):
        assert line(item(template), which=signs_up).preview.startswith(
            "Tilmeld dig med dit personlige link i den mail, du har fået, senest"
        )
        without = replace(signs_up, enrolment=replace(signs_up.enrolment, deadline=None))
        assert line(item(template), which=without).preview == "Tilmeld dig med dit personlige link i den mail, du har fået."
        assert "tilmeld dig med dit personlige link i den" in card(template, which=signs_up)["fallbackText"]


@pytest.mark.parametrize("came", [Afterwards.NO_SHOW, Afterwards.DECLINED])
def test_who_was_not_there_gets_a_line_of_their_own_after_a_course(came):
    away = line(replace(item("follow_up"), came=came, unasked=True))
    assert away.preview != line(item("follow_up")).preview
