"""What the bot answers, as cards: they are cards, they say what the page says, and every button can be read back."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cards.answers import render_answer
from bot.cards.helping import render_hello
from bot.cards.parts import said_in, size
from bot.cards.troubles import render_trouble
from bot.domain.conversations import PressVerb, read_press
from bot.domain.people import Language
from bot.domain.registrations import RegistrationStatus as Status
from bot.domain.seats import RefusalReason
from bot.i18n.catalogue import text
from tests.builders.cards import (
    CHOOSE,
    EVIL,
    FULL,
    GIVE_UP,
    LARGEST,
    LINK,
    SCHEMA,
    SWITCH,
    TAKEN,
    ask_card,
    buttons_of,
    course_card,
    course_list,
    listed,
    offering,
    questions,
    session,
    views,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "cards"
REWRITE = os.environ.get("KURSUSBOT_GOLDEN") == "write"
NAMES = sorted(views())
LANGUAGES = pytest.mark.parametrize("language", Language)
VIEWS = pytest.mark.parametrize("name", NAMES)


def said(card):
    return [*said_in(card["body"])]


def titles(card):
    return [one["title"] for one in buttons_of(card)]


@LANGUAGES
@VIEWS
def test_the_card_is_the_one_that_was_read_and_approved(name, language):
    """Nobody changes a word or a button unseen (KURSUSBOT_GOLDEN=write)."""
    made = json.dumps(render_answer(views(language)[name]), ensure_ascii=False, indent=1) + "\n"
    file = GOLDEN / f"{name}.{language.value}.json"
    if REWRITE:
        file.write_text(made, encoding="utf-8")
    assert made == file.read_text(encoding="utf-8")


WRITTEN = {"plain": "Psykologisk tryghed", "evil": EVIL, "long": EVIL * 20, "signs": "😀" * 3000}


@LANGUAGES
@VIEWS
def test_whatever_others_have_written_it_is_a_card_small_and_without_a_colour(name, language):
    for kind, words in WRITTEN.items():
        card = render_answer(views(language, words)[name])
        SCHEMA.validate(card)
        assert size(card) < LARGEST, kind
        assert card["lang"] == language.value, kind
        assert '"color"' not in json.dumps(card), kind
        assert '"style": "positive"' not in json.dumps(card), kind
        assert said(card)[0][:40].rstrip(".") in card["fallbackText"], kind


@VIEWS
def test_hostile_words_are_shown_as_they_were_written(name):
    """In runs of text, which read no Markdown; a formula of cards is taken apart; links are nobody's but the plan's."""
    card = render_answer(views(words=EVIL)[name])
    assert '"TextBlock"' not in json.dumps(card)
    shown = [*said(card), *titles(card), *(one["label"] for one in card["body"] if "label" in one), card["fallbackText"]]
    assert not any("{{" in words for words in shown)
    links = [one["url"] for one in buttons_of(card) if one["type"] == "Action.OpenUrl"]
    assert all(link.startswith("https://") and "ond" not in link for link in links)


@LANGUAGES
@VIEWS
def test_every_button_is_understood_when_it_comes_back(name, language):
    """As Action.Execute, and from old clients as Action.Submit with the verb in its data."""
    for button in buttons_of(render_answer(views(language)[name])):
        if button["type"] == "Action.Execute":
            pressed = read_press(button["verb"], button["data"])
            data = button["fallback"]["data"]
            assert pressed is not None
            assert (button["fallback"]["type"], read_press(data["verb"], data)) == ("Action.Submit", pressed)
            assert button["fallback"]["title"] == button["title"]


def test_a_course_card_asks_how_the_course_is_whenever_it_is_seen():
    action = render_answer(views()["course-line"])["refresh"]["action"]
    pressed = read_press(action["verb"], action["data"])
    assert (pressed.verb, pressed.is_refresh, pressed.plan, pressed.course, pressed.acts_for) == (
        PressVerb.COURSE,
        True,
        "aadal",
        "lederdag",
        "chef",
    )
    assert "refresh" not in render_answer(views()["ask-give-up"]), "a card with fields would lose what is typed"


@pytest.mark.parametrize(
    ("card", "verb"),
    [
        (course_card(offering()), "decide"),
        (course_card(FULL), "decide"),
        (course_card(SWITCH), "ask"),
        (course_card(offering(), questions=questions()), "ask"),
        (course_card(offering(), questions=questions()[-1:]), "decide"),
    ],
    ids=["free", "line", "switch", "asked", "answered"],
)
def test_choosing_acts_at_once_where_it_can_be_undone_and_needs_no_answers(card, verb):
    button = buttons_of(render_answer(card))[0]
    assert (button["verb"], button["data"]["kind"]) == (verb, "choose")


def test_what_cannot_be_undone_asks_first():
    buttons = {one["data"].get("kind"): one["verb"] for one in buttons_of(render_answer(course_card(TAKEN))) if "verb" in one}
    assert (buttons["give_up"], buttons["hand_over"]) == ("ask", "ask")


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (Status.REGISTERED, "Meld fra"),
        (Status.WAITLISTED, "Træk mig fra ventelisten"),
        (Status.INVITED, "Sig nej"),
        (None, "Sig nej tak"),
    ],
)
def test_giving_up_is_called_what_it_is(status, title):
    assert title in titles(render_answer(course_card(offering(status=status, position=1, actions=frozenset({GIVE_UP})))))


def test_the_buttons_say_which_date_where_there_are_several():
    assert titles(render_answer(course_card(offering(), SWITCH)))[:3] == [
        "Tilmeld mig: Hold 1",
        "Sig nej: Hold 1",
        "Skift til dette hold: Hold 3",
    ]
    assert titles(render_answer(course_card(offering())))[0] == "Tilmeld mig"


@LANGUAGES
@pytest.mark.parametrize("why", RefusalReason)
def test_a_refusal_says_why_and_how_things_are(why, language):
    lines = said(render_answer(course_card(FULL, language=language, said={"refused": why})))
    assert lines[:2] == [text(language, f"web.refused.{why.value}"), text(language, "cards.meanwhile")]


def test_what_happened_stands_on_top_and_a_second_press_did_nothing():
    first, second, *_ = said(render_answer(views()["course-before"]))
    assert first.startswith("Du er tilmeldt Hold 1.")
    assert second.startswith("Det tryk har jeg allerede fået")
    noted = render_answer(course_card(TAKEN, said={"done": "note"}))
    assert said(noted)[0] == text(Language.DA, "web.done.note_deleted")
    assert said(render_answer(course_card(TAKEN, note="Æg", said={"done": "note"})))[0] == text(Language.DA, "web.done.note")


def test_when_it_is_too_late_it_says_so_and_what_can_still_be_done():
    closed = course_card(offering(actions=frozenset({GIVE_UP})), open=False, deadline=None)
    assert "Der er ikke åbent for tilmelding. Du kan stadig melde fra." in said(render_answer(closed))
    shut = course_card(offering(actions=frozenset()), open=False)
    assert "Der er ikke åbent for tilmelding." in said(render_answer(shut))


def test_a_moved_date_and_hr_s_reason_are_told():
    lines = said(render_answer(course_card(replace(TAKEN, unconfirmed=True, reason="Du bad om det"))))
    assert text(Language.DA, "web.unconfirmed") in lines
    assert "HR's begrundelse: Du bad om det" in lines
    assert lines[-1] == "Spørgsmål? Skriv til hr@aadal.example."


@pytest.mark.parametrize("facts", [{"over": True}, {"cancelled": True}])
def test_what_is_over_or_cancelled_has_nothing_to_press_but_the_way_on(facts):
    assert titles(render_answer(course_card(TAKEN, **facts))) == ["Se kurset på siden", "Mine kurser"]
    assert titles(render_answer(course_card(TAKEN, said={"link": ""}, **facts))) == ["Mine kurser"]


def test_only_who_has_a_place_is_asked_the_course_s_questions():
    assert "Svar på spørgsmål" in titles(render_answer(course_card(TAKEN, questions=questions())))
    assert "Ret mine svar" in titles(render_answer(course_card(TAKEN, questions=questions()[-1:])))
    assert "Svar på spørgsmål" not in titles(render_answer(course_card(offering(), questions=questions())))


def test_the_programme_is_told_once_where_it_is_the_same_on_every_date():
    def programme(*offerings):
        button = next(one for one in buttons_of(render_answer(course_card(*offerings))) if one["title"] == "Program")
        return said(button["card"])

    same = offering(sessions=(session(18, programme="9 Velkomst"), session(19, title="Dag 2", programme="9 Velkomst")))
    assert programme(same) == ["9 Velkomst"]
    other = offering(2, sessions=(session(20, programme="10 Kaffe"),))
    assert programme(same, other) == ["Hold 1", "9 Velkomst", "Hold 2", "10 Kaffe"]
    assert programme(offering(sessions=(session(18, title="Dag 1", programme="9"), session(19, programme="8")))) == ["Dag 1", "9", "8"]


def test_more_dates_than_there_is_room_for_are_counted():
    many = [offering(number % 10 + 1, sessions=tuple(session(day) for day in range(1, 12))) for number in range(15)]
    lines = said(render_answer(course_card(*many)))
    assert "… og 6 mødegange mere." in lines
    assert "… og 7 hold mere. Se dem på siden." in lines


def test_online_and_undated_sessions_are_told():
    at_home = session(18, place="", online=True)
    later = session(19, start=None, end=None, period="efterår 2025", place="")
    lines = said(render_answer(course_card(offering(sessions=(at_home, later)))))
    assert "onsdag den 18. juni 2025 kl. 09.00–15.30, På Teams" in lines
    assert "efterår 2025" in lines


def test_giving_up_asks_why_and_keeps_what_was_typed():
    card = render_answer(ask_card(GIVE_UP, TAKEN, said={"typed": {"reason": "Ferie"}}))
    field = next(one for one in card["body"] if one["type"] == "Input.Text")
    assert (field["id"], field["value"], "isRequired" in field) == ("reason", "Ferie", False)
    confirm, back = card["actions"]
    assert (confirm["verb"], confirm["data"]["kind"], confirm["title"]) == ("decide", "give_up", "Ja, meld mig fra")
    assert (back["verb"], back["associatedInputs"], back["title"]) == ("course", "None", "Fortryd")


def test_handing_over_needs_a_colleague():
    field = next(one for one in render_answer(views()["ask-hand-over"])["body"] if one["type"] == "Input.Text")
    assert (field["id"], field["isRequired"], field["style"]) == ("colleague", True, "email")
    assert field["errorMessage"]


def test_a_date_that_is_gone_can_still_be_asked_about():
    card = ask_card(CHOOSE, offering(), said={"offering": "hold-9"})
    assert said(render_answer(card))[0] == "Vil du tilmeldes Psykologisk tryghed?"
    waits = ask_card(CHOOSE, FULL)
    assert said(render_answer(waits))[0] == "Vil du på venteliste til Hold 2?"


def test_the_fields_of_questions_choose_nothing_beforehand():
    """What is absent is never read as an answer."""
    fields = {one["id"]: one for one in render_answer(ask_card(CHOOSE, offering(), questions=questions()))["body"] if "id" in one}
    assert {name: ("value" in field, field.get("isRequired", False)) for name, field in fields.items()} == {
        "q.allergies": (False, False),
        "q.oenske": (False, True),
        "q.mad": (False, True),
        "q.bus": (True, False),
    }
    assert [one["title"] for one in fields["q.mad"]["choices"]] == ["Kød", "Fisk"]
    assert [one["value"] for one in fields["q.bus"]["choices"]] == ["yes", "no", " "]
    assert (fields["q.mad"]["style"], fields["q.bus"]["style"]) == ("compact", "expanded"), "an open list would read Markdown"


def test_more_questions_than_there_is_room_for_are_left_to_the_page():
    options = tuple(f"Mulighed {number} {'x' * 200}" for number in range(60))
    lines = said(render_answer(ask_card(CHOOSE, offering(), questions=questions(options=options))))
    assert text(Language.DA, "cards.more_questions") in lines


def test_a_list_has_one_press_to_each_course_and_to_the_other_lists():
    card = render_answer(views()["list-mine"])
    presses = [(one["verb"], one["data"].get("acts_for", "")) for one in buttons_of(card)]
    assert presses == [("course", ""), ("course", "chef"), ("coming", ""), ("unanswered", "")]
    assert "For Bo Prøve" in said(card)
    long = render_answer(course_list(*[listed(title=f"Kursus {number}") for number in range(20)]))
    assert "… og 5 kurser mere. Skriv en del af titlen, så finder jeg kurset." in said(long)


@LANGUAGES
def test_hello_and_trouble_are_cards_too(language):
    hello = render_hello(language, contact="hr@aadal.example")
    SCHEMA.validate(hello)
    assert "hr@aadal.example" in said(hello)[-1]
    assert [one["verb"] for one in hello["actions"]] == ["mine", "unanswered", "coming"]
    assert not any("@" in line for line in said(render_hello(language)))
    trouble = render_trouble(language)
    SCHEMA.validate(trouble)
    assert said(trouble)[0] == text(language, "cards.trouble")
    assert len(said(trouble)) == len(Language)


def test_there_is_no_golden_file_too_many():
    names = {path.name for path in GOLDEN.iterdir() if not path.name.startswith("told.")}
    assert names == {f"{name}.{language.value}.json" for name in NAMES for language in Language}


def test_the_schema_would_notice_a_mistake():
    card = render_answer(views()["ask-give-up"])
    assert not SCHEMA.is_valid(card | {"body": [{"type": "Input.Text", "label": "uden id"}]})
    assert not SCHEMA.is_valid(card | {"actions": [{"type": "Action.Execute", "verbs": "x"}]})


def test_links_of_the_page_are_its_own():
    urls = [one["url"] for one in buttons_of(render_answer(views()["course-open"])) if "url" in one]
    assert urls == [LINK]


def test_a_card_says_who_answered_for_the_reader():
    said = [*said_in(render_answer(course_card(offering(1, answered_by="Sanne Sekretær")))["body"])]
    assert any("Sanne Sekretær" in one for one in said)
    for_leader = course_card(offering(1, answered_by="Sanne Sekretær"), said={"acts_for": "Bo Prøve"})
    assert any("Sanne Sekretær" in one for one in said_in(render_answer(for_leader)["body"]))
