"""What the bot says of its own accord: reminders, news of a seat, a course's standing card, what waits for HR."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.channel import chat_link, digest, render_shared, render_standing
from bot.cards.parts import said_in, size
from bot.cards.reminders import render_reminder
from bot.cards.seats import render_seat_message
from bot.cards.waiting import render_waiting
from bot.domain.conversations import read_press
from bot.domain.enrolment import EnrolmentMode
from bot.domain.messages import ASKED
from bot.domain.people import Language
from bot.domain.plan import CourseStatus
from bot.domain.programme import AttendanceRules, Material
from bot.domain.questions import Question
from bot.domain.reports import Pending
from bot.domain.seats import OfferingSeats
from bot.domain.templates import TEMPLATES, MessageKind
from bot.i18n.catalogue import text
from tests.builders.cards import EVIL, LARGEST, SCHEMA, buttons_of, course_card, offering, session, views
from tests.builders.invitations import PLAN
from tests.builders.notices import EVIL as EVIL_COURSE
from tests.builders.notices import EVIL_PLAN, GONE, LINK, PARAMS, PLAIN, WHOLE_COURSE, item, message, notice, report

GOLDEN = Path(__file__).parents[2] / "golden" / "cards"
REWRITE = os.environ.get("KURSUSBOT_GOLDEN") == "write"
TODAY = date(2025, 5, 20)
APP = "11111111-2222-4333-8444-555555555555"
LANGUAGES = pytest.mark.parametrize("language", Language)
SEATS = (
    "choose announcement offering_gone seat_offered assigned moved confirmed taken_over placed_in_line changed full too_late "
    "withdrawn handed_over cancelled awaits_approval sign_up_approved sign_up_refused"
)
OF_SEATS = [MessageKind(kind) for kind in SEATS.split()]
QUESTION = (Question(id="mad", text="Hvad spiser du?"),)


def reminder(*items, which=PLAIN, plan=PLAN, language=Language.DA, today=TODAY, **more):
    return render_reminder(replace(plan, courses=(which,)), items, language=language, today=today, **more)[1]


def news(kind, which=PLAIN, *, plan=PLAN, language=Language.DA, params=PARAMS, gone=False, **more):
    words = notice(kind, which, plan=plan, language=language, params=params)
    facts = {**GONE, **params} if kind is MessageKind.OFFERING_GONE else params
    told = message(kind, params=facts)
    plan = replace(plan, courses=() if gone else (which,))
    return render_seat_message(told, plan, words, link=LINK, language=language, today=TODAY, **more)


def standing(which=PLAIN, plan=PLAN, language=Language.DA, registered=5, waiting=0):
    seats = {
        one.id: OfferingSeats(course=which.id, offering=one.id, capacity=which.capacity_of(one), registered=registered, waiting=waiting)
        for one in which.offerings
    }
    return render_standing(replace(plan, language=language), which, seats, app_id=APP)


def waiting(language=Language.DA, title=PLAIN.title, count=1):
    (first,) = report(title).pending.courses
    pending = Pending(courses=(first,) * count, waiting=1)
    return render_waiting(pending, organisation="Ådal Kommune", language=language, desk="https://kurser.aadal.example/changes")


def told(language=Language.DA, which=PLAIN, plan=PLAN):
    """Every card that is sent unasked, by name."""
    params = dict.fromkeys(PARAMS, EVIL) | {"when": "before", "title": EVIL} if which is EVIL_COURSE else PARAMS
    reminders = {f"told.{name}": reminder(item(name), which=which, plan=plan, language=language) for name in TEMPLATES}
    seats = {f"told.seat.{kind.value}": news(kind, which, plan=plan, language=language, params=params) for kind in OF_SEATS}
    several = [item(name) for name in sorted(TEMPLATES)]
    return (
        reminders
        | seats
        | {
            "told.digest": reminder(*several, which=which, plan=plan, language=language, acts_for="Bo Prøve", acts_for_id="chef"),
            "told.standing": standing(which, plan, language),
            "told.shared": render_shared(views(language, which.title)["course-taken"], app_id=APP),
            "told.waiting": waiting(language, which.title),
        }
    )


def said(card):
    return [*said_in(card["body"])]


def presses(card):
    return [(one["title"], one["verb"], one["data"].get("kind", "")) for one in buttons_of(card) if "verb" in one]


@LANGUAGES
def test_the_cards_are_those_that_were_read_and_approved(language):
    """Nobody changes a word or a button unseen (KURSUSBOT_GOLDEN=write)."""
    made = told(language)
    names = {f"{name}.{language.value}.json" for name in made}
    for name, card in made.items():
        file = GOLDEN / f"{name}.{language.value}.json"
        drawn = json.dumps(card, ensure_ascii=False, indent=1) + "\n"
        if REWRITE:
            file.write_text(drawn, encoding="utf-8")
        assert drawn == file.read_text(encoding="utf-8"), name
    assert {path.name for path in GOLDEN.glob(f"told.*.{language.value}.json")} == names


@LANGUAGES
@pytest.mark.parametrize(("which", "plan"), [(PLAIN, PLAN), (EVIL_COURSE, EVIL_PLAN)], ids=["plain", "evil"])
def test_they_are_cards_small_colourless_and_every_button_is_understood(which, plan, language):
    for name, card in told(language, which, plan).items():
        SCHEMA.validate(card)
        assert size(card) < LARGEST, name
        assert '"color"' not in json.dumps(card)
        assert '"TextBlock"' not in json.dumps(card)
        assert not any("{{" in line for line in [*said(card), card["fallbackText"]])
        for button in buttons_of(card):
            if button["type"] == "Action.Execute":
                data = button["fallback"]["data"]
                assert read_press(button["verb"], button["data"]) == read_press(data["verb"], data) is not None
            else:
                assert button["url"].startswith("https://")


@settings(max_examples=40)
@given(st.text(max_size=2000), st.sampled_from(sorted(TEMPLATES)), st.sampled_from(OF_SEATS), st.sampled_from(list(Language)))
def test_whatever_stands_in_the_plan_the_cards_are_valid_and_small(title, template, kind, language):
    materials = tuple(Material(title=title, url="https://a.example/" + "x" * 900) for _ in range(20))
    which = replace(PLAIN, title=title, theme=title, description=title, materials=materials)
    plan = replace(PLAN, organisation=title, contact=title)
    cards = (
        reminder(item(template), which=which, plan=plan, language=language),
        news(kind, which, plan=plan, language=language),
        standing(which, plan, language),
        waiting(language, title, count=20),
    )
    for card in cards:
        SCHEMA.validate(card)
        assert size(card) < LARGEST


def test_who_is_asked_can_take_a_place_or_say_no_at_once():
    one = replace(PLAIN, offerings=PLAIN.offerings[:1])
    assert presses(reminder(item("please_answer"), which=one)) == [
        ("Tilmeld mig", "decide", "choose"),
        ("Sig nej tak", "ask", "give_up"),
        ("Se kurset", "course", ""),
    ]
    assert presses(reminder(item("please_answer"), which=replace(one, questions=QUESTION)))[0][1] == "ask"
    assert presses(reminder(item("announcement"))) == [
        ("Tilmeld mig: Hold 1", "decide", "choose"),
        ("Tilmeld mig: Hold 2", "decide", "choose"),
        ("Se kurset", "course", ""),
    ]
    lines = said(reminder(item("announcement"), which=replace(PLAIN, description="Om **ledelse**")))
    assert "Om ledelse" in lines
    assert "Hold 1: onsdag den 18. juni 2025 kl. 09.00–15.30, Kulturhuset, Torvet 1" in lines
    assert "Hold 2: onsdag den 3. september 2025 – torsdag den 4. september 2025, Teams" in lines
    assert "onsdag den 18. juni 2025 kl. 09.00–15.30, Kulturhuset, Torvet 1" in said(reminder(item("please_answer"), which=one))


def test_dates_that_are_over_or_for_others_are_not_offered():
    late = date(2025, 7, 1)
    assert next(title for title, *_ in presses(reminder(item("please_answer"), today=late))) == "Tilmeld mig: Hold 2"
    first, second = PLAIN.offerings
    others = replace(second, sessions=tuple(replace(one, audience=("andre",)) for one in second.sessions))
    shown = presses(reminder(item("please_answer"), which=replace(PLAIN, offerings=(first, others))))
    assert [kind for *_, kind in shown] == ["choose", "give_up", ""]


def test_an_invitation_is_answered_for_its_own_date():
    invited = replace(PLAIN, enrolment=replace(PLAIN.enrolment, mode=EnrolmentMode.INVITE, deadline=None))
    card = reminder(item("please_answer"), which=invited)
    assert [kind for *_, kind in presses(card)] == ["choose", "give_up", ""]
    assert "Kommer du? Svar her eller i invitationen i din kalender." in said(card)
    assert presses(reminder(item("please_answer"), which=invited, today=date(2026, 1, 1))) == [("Se kurset", "course", "")]


def test_who_gave_a_date_up_is_offered_the_others_and_who_can_only_wait_is_told():
    anew = reminder(replace(item("please_answer"), anew=True))
    assert presses(anew)[0] == ("Tilmeld mig: Hold 2", "decide", "choose")
    assert "Du kan stadig vælge et andet hold her." in said(anew)
    line = reminder(replace(item("please_answer"), only_line=True))
    assert presses(line)[0][0] == "Skriv mig på venteliste: Hold 1"


def test_who_comes_can_withdraw_and_sees_when_and_where():
    card = reminder(item("tomorrow"), today=date(2025, 6, 17))
    assert presses(card) == [("Meld fra", "ask", "give_up"), ("Se kurset", "course", "")]
    assert "Hvornår: onsdag den 18. juni 2025 kl. 09.00–15.30" in said(card)
    assert any(line.startswith("Hvor: Kulturhuset") for line in said(card))
    online = reminder(item("tomorrow"), which=replace(PLAIN, offerings=(replace(PLAIN.offerings[0], venue=None, online=True),)))
    assert any("Linket til mødet" in line for line in said(online))


def test_a_moved_date_is_confirmed_in_the_calendar_and_a_speaker_writes():
    moved = reminder(replace(item("please_answer"), moved=True))
    assert "Mødet er flyttet. Sig ja eller nej til den nye tid i din kalender." in said(moved)
    assert [kind for *_, kind in presses(moved)] == ["give_up", ""]
    for template in ("please_answer", "tomorrow"):
        assert [kind for *_, kind in presses(reminder(replace(item(template), speaker=True)))] == [""]


def test_open_questions_are_one_press_away():
    asked = reminder(replace(item("practical"), questions=True), which=replace(PLAIN, questions=QUESTION))
    assert ("Svar på spørgsmål", "answers", "") in presses(asked)
    assert "Der er noget, vi gerne vil vide, før kurset. Svar her." in said(asked)


def test_after_the_course_there_is_the_evaluation_and_the_materials():
    materials = (Material(title="Slides", url="https://aadal.example/slides"),)
    over = replace(PLAIN, evaluation="https://aadal.example/e", materials=materials)
    assert [one["title"] for one in buttons_of(reminder(item("follow_up"), which=over))] == ["Evaluér kurset", "Slides", "Se kurset"]


def test_several_are_blocks_of_one_card_as_many_as_there_is_room_for():
    many = [replace(item("tomorrow"), session=one) for one in ("dag", "igen")] + [item("follow_up"), item("please_answer")]
    card = reminder(*many, acts_for="Bo Prøve", acts_for_id="chef")
    assert said(card)[0] == "Du svarer for Bo Prøve: »du« og »din« på kortet er Bo Prøve."
    assert {one["data"]["acts_for"] for one in buttons_of(card) if "verb" in one} == {"chef"}
    first = PLAIN.offerings[0]
    days = tuple(replace(first.sessions[0], id=f"dag-{at}") for at in range(12))
    busy = replace(PLAIN, offerings=(replace(first, sessions=days),))
    crowded = reminder(*[replace(item("tomorrow"), session=one.id) for one in days], which=busy)
    assert "… og 4 kurser mere. Skriv en del af titlen, så finder jeg kurset." in said(crowded)


@pytest.mark.parametrize(
    ("kind", "kinds"),
    [
        ("choose", ["choose", "choose", ""]),
        ("offering_gone", ["choose", ""]),
        ("seat_offered", ["give_up", ""]),
        ("placed_in_line", ["give_up", ""]),
        ("changed", ["give_up", ""]),
        ("full", [""]),
        ("cancelled", [""]),
        ("awaits_approval", ["give_up", ""]),
        ("sign_up_approved", ["give_up", ""]),
        ("sign_up_refused", [""]),
    ],
)
def test_news_of_a_seat_has_the_buttons_that_fit(kind, kinds):
    assert [one for *_, one in presses(news(MessageKind(kind)))] == kinds


def test_who_was_asked_and_told_of_a_change_can_still_choose():
    card = news(MessageKind.CHANGED, params=PARAMS | {ASKED: "yes"})
    assert [one for *_, one in presses(card)] == ["choose", "choose", ""]


@LANGUAGES
@pytest.mark.parametrize("kind", OF_SEATS)
def test_news_says_what_the_mail_says_and_leads_nowhere_by_text(kind, language):
    """But the paragraphs that only lead to the page: buttons do that."""
    words = notice(kind, language=language)
    lines = said(news(kind, language=language))
    assert lines[0] == words.subject
    assert any("Fælles lederdag" in line for line in lines[1:]) or kind is MessageKind.OFFERING_GONE
    assert LINK not in json.dumps(lines)
    assert not any(line in {"Se din tilmelding", "See your registration", "Vælg dit hold"} for line in lines)


def test_a_seat_asks_the_course_s_questions_and_a_course_that_is_gone_leads_to_the_list():
    assert ("Svar på spørgsmål", "answers", "") in presses(news(MessageKind.SEAT_OFFERED, replace(PLAIN, questions=QUESTION)))
    assert presses(news(MessageKind.CANCELLED, gone=True)) == [("Mine kurser", "mine", "")]
    assert said(news(MessageKind.FULL, acts_for="Bo", acts_for_id="b"))[0].startswith("Du svarer for Bo")


def test_a_standing_card_counts_seats_and_names_nobody():
    card = standing(registered=19, waiting=0)
    assert "1 ledig plads" in said(card)
    assert "Alle pladser er optaget. På venteliste: 3." in said(standing(registered=21, waiting=3))
    assert digest(card) == digest(standing(registered=19)) != digest(standing(registered=18))
    without = replace(PLAIN, enrolment=replace(PLAIN.enrolment, capacity=None, deadline=None), theme="Aktørskab")
    assert not any("plads" in line for line in said(standing(without)))
    assert "Tema: Aktørskab" in said(standing(without))
    cancelled = said(standing(replace(PLAIN, status=CourseStatus.CANCELLED)))
    assert "Kurset er aflyst." in cancelled
    assert not any("ledig" in line for line in cancelled)
    assert WHOLE_COURSE


def test_a_shared_card_says_nothing_of_who_shares_it():
    mine = course_card(offering(sessions=(session(18, said_no=True),), reason="Du bad om det"), said={"done": "seat", "offering": "hold-1"})
    words = json.dumps(render_shared(mine, app_id=APP), ensure_ascii=False)
    for own in ("Du er", "du har sagt nej", "Du bad om det", "Anna", "hr@"):
        assert own not in words
    assert "12 ledige pladser" in words
    over = render_shared(course_card(over=True), app_id=APP)
    assert not any("ledig" in line for line in said(over))
    assert said(render_shared(course_card(cancelled=True), app_id=APP))[1] == "Kurset er aflyst."


def test_the_way_to_the_chat_has_the_title_written_there():
    assert chat_link(APP) == f"https://teams.microsoft.com/l/chat/0/0?users=28%3A{APP}"
    assert chat_link(APP, "Æ & b").endswith("&message=%C3%86+%26+b")
    assert len(chat_link(APP, "x" * 5000)) < 400


def test_what_waits_is_told_in_numbers_with_the_way_to_the_desk():
    card = waiting()
    assert said(card) == [
        "1 ændring venter på godkendelse – Ådal Kommune",
        "Fælles lederdag: 1200 mails til 400 personer",
        "1 ændring venter på en gruppe, der ikke kan læses.",
    ]
    assert [one["url"] for one in card["actions"]] == ["https://kurser.aadal.example/changes"]
    assert "… og 5 kurser mere." in said(waiting(count=20))
    assert "actions" not in render_waiting(Pending(), organisation="x", language=Language.EN, desk="")


@LANGUAGES
def test_whoever_comes_tomorrow_hears_how_they_check_in_where_the_plan_has_it(language):
    """Not a speaker, nor who answers for somebody, nor a week before."""
    word = text(language, "cards.told.check_in")
    which = replace(PLAIN, attendance=AttendanceRules(self_check_in=True))

    def hears(*items, **more):
        return word in said(reminder(*items, which=which, language=language, **more))

    assert hears(item("tomorrow"))
    assert word not in said(reminder(item("tomorrow"), language=language))
    others = (replace(item("tomorrow"), speaker=True), item("practical"), item("follow_up"))
    assert not any(hears(one) for one in others)
    assert not hears(item("tomorrow"), acts_for="Bo Prøve", acts_for_id="chef")
