"""The card that asks before something is done, and the card with a course's questions (pure).

Before a seat is given up it asks why, before it is handed over to whom; before one is taken it asks the
course's questions, each with who sees the answer. What is wrong stands on top, and what was typed stays.

A choice is a list to open, which reads its options as they were written; a yes or no, whose words are ours,
are two buttons. Nothing is chosen beforehand: what is absent is no answer.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.cards.course import session_lines
from bot.cards.parts import finished, headline, press_button, strong, whose
from bot.domain.conversations import Press, PressVerb
from bot.domain.pages import LONGEST_ADDRESS, LONGEST_REASON
from bot.domain.questions import LONGEST_ANSWER, QuestionKind, Worth
from bot.domain.seats import RequestKind
from bot.i18n.asked import given_text, promise_text, question_text, value_text
from bot.i18n.catalogue import text
from bot.messages.card_parts import card_line, card_text
from bot.messages.characters import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.chat_views import AskCard, QuestionsCard
    from bot.domain.pages import OfferingView
    from bot.domain.people import Language
    from bot.domain.questions import GivenAnswer, WrongAnswer
    from bot.messages.card_parts import JsonObject

QUESTION = "q."
"""What the ids of the fields begin with in which questions are answered."""
NO_ANSWER = " "
"""The value of no answer: cards want one of every choice, and a space is nothing to the desk."""
ROOM_FOR_QUESTIONS = 15 * 1024
"""Bytes of a card; what is beyond can be answered on the page."""


def render_ask(card: AskCard) -> JsonObject:
    """Whether it is meant, with what is needed for it; yes and no."""
    view, language = card.page.course, card.page.language
    about = view.offering(card.offering)
    title = one_line((about.title if about else "") or view.title)
    name = _name_of(card.kind, about)
    body = [*whose(language, card.acts_for), *_problems(card)]
    body.append(headline(text(language, f"web.confirm.{name}", title=title)))
    if title != one_line(view.title):
        body.append(card_line(view.title))
    if about is not None:
        body += session_lines(language, about)
        if card.kind is RequestKind.CHOOSE and about.switches:
            body.append(strong(text(language, "web.confirm.switching")))
    body += _fields(card)
    back = Press(verb=PressVerb.COURSE, plan=card.plan, course=view.course, acts_for=card.acts_for_id)
    decide = replace(
        back, verb=PressVerb.DECIDE, offering=card.offering, kind=card.kind.value, was_asked=True
    )
    return finished(
        language,
        body,
        [
            press_button(text(language, f"web.confirm.yes.{name}"), decide),
            _back(language, back),
        ],
    )


def render_questions(card: QuestionsCard) -> JsonObject:
    """The course's questions to somebody who has a place, with what they answered."""
    view, language = card.page.course, card.page.language
    body = [*whose(language, card.acts_for)]
    body += _wrong_answers(view.questions, card.answers, language)
    body += [headline(view.title), strong(text(language, "questions.heading"))]
    body.append(card_line(text(language, "questions.intro")))
    body += _question_fields(view.questions, card.typed, language)
    back = Press(verb=PressVerb.COURSE, plan=card.plan, course=view.course, acts_for=card.acts_for_id)
    save = replace(back, verb=PressVerb.ANSWERS)
    return finished(
        language, body, [press_button(text(language, "questions.save"), save), _back(language, back)]
    )


def _back(language: Language, press: Press) -> JsonObject:
    return press_button(text(language, "web.confirm.no"), press, takes_fields=False)


def _name_of(kind: RequestKind, about: OfferingView | None) -> str:
    """What is asked, by its text in the catalogue."""
    if kind is RequestKind.CHOOSE:
        return "queue" if about is not None and about.queues else "choose"
    return kind.value if kind is RequestKind.HAND_OVER else "give_up"


def _problems(card: AskCard) -> list[JsonObject]:
    """What is to be put right first."""
    language = card.page.language
    lines = _wrong_answers(card.page.course.questions, card.answers, language)
    if card.problem is not None:
        lines.append(strong(text(language, f"web.problem.{card.problem.value}", longest=LONGEST_REASON)))
    return lines


def _wrong_answers(
    questions: tuple[GivenAnswer, ...], wrong: Mapping[str, WrongAnswer], language: Language
) -> list[JsonObject]:
    lines: list[JsonObject] = []
    for one in questions:
        problem = wrong.get(one.question.id)
        if problem is not None:
            asked = one_line(question_text(language, one.question))
            code = f"questions.problem.{problem.value}"
            lines.append(strong(text(language, code, asked=asked, longest=LONGEST_ANSWER)))
    return lines


def _fields(card: AskCard) -> list[JsonObject]:
    """The fields of what is asked for, with the hints of the page."""
    language = card.page.language
    match card.kind:
        case RequestKind.CHOOSE:
            return _question_fields(card.page.course.questions, card.typed, language)
        case RequestKind.HAND_OVER:
            return [
                _text_field(
                    "colleague",
                    text(language, "web.colleague.label"),
                    card.typed,
                    longest=LONGEST_ADDRESS,
                    required=text(language, "web.problem.colleague_missing"),
                )
                | {"style": "email"},
                card_line(text(language, "web.colleague.hint"), size="Small"),
            ]
        case _:
            label, hint = text(language, "web.reason.label"), "web.reason.hint"
            return [
                _text_field("reason", label, card.typed, longest=LONGEST_REASON) | {"isMultiline": True},
                card_line(text(language, hint, longest=LONGEST_REASON), size="Small"),
            ]


def _text_field(
    name: str, label: str, typed: Mapping[str, str], *, longest: int, required: str = ""
) -> JsonObject:
    """A field for text; `required` is what is said where it stays empty."""
    field: JsonObject = {"type": "Input.Text", "id": name, "label": card_text(label), "maxLength": longest}
    value = typed.get(name, "")[:longest]
    return field | ({"value": value} if value else {}) | _needed(required)


def _needed(required: str) -> JsonObject:
    return {"isRequired": True, "errorMessage": required} if required else {}


def _question_fields(
    questions: tuple[GivenAnswer, ...], typed: Mapping[str, str], language: Language
) -> list[JsonObject]:
    """A field for each question, as far as there is room."""
    fields: list[JsonObject] = []
    room = ROOM_FOR_QUESTIONS
    for one in questions:
        field = _question_field(one, typed, language)
        promise = card_line(_promise(language, one), size="Small")
        room -= len(json.dumps([field, promise], ensure_ascii=False).encode())
        if room < 0:
            return [*fields, strong(text(language, "cards.more_questions"))]
        fields += [field, promise]
    return fields


def _question_field(given: GivenAnswer, typed: Mapping[str, str], language: Language) -> JsonObject:
    question = given.question
    name = f"{QUESTION}{question.id}"
    optional = "" if question.required else f" {text(language, 'questions.optional')}"
    label = one_line(question_text(language, question)) + optional
    said = {name: typed.get(name, given.answer)}
    if not question.values:
        required = text(language, "cards.fill_in") if question.required else ""
        field = _text_field(name, label, said, longest=LONGEST_ANSWER, required=required)
        return field | {"isMultiline": True}
    choices = [
        {"title": card_text(value_text(language, question.kind, value)), "value": value}
        for value in question.values
    ]
    if not question.required:
        choices.append({"title": text(language, "questions.none"), "value": NO_ANSWER})
    field = {
        "type": "Input.ChoiceSet",
        "id": name,
        "label": card_text(label),
        "style": "expanded" if question.kind is QuestionKind.YES_NO else "compact",
        "choices": choices,
    }
    chosen = said[name] if said[name] in question.values else ""
    required = text(language, "cards.choose_one") if question.required else ""
    return field | ({"value": chosen} if chosen else {}) | _needed(required)


def _promise(language: Language, given: GivenAnswer) -> str:
    """Who sees the answer and how long, and what was said before where that answers something else."""
    promise = promise_text(language, given.question)
    return promise if given.worth is Worth.STANDS else f"{promise} {one_line(given_text(language, given))}"
