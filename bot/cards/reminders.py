"""A reminder as a card in somebody's chat: what the mail would say, and what can be done at once (pure).

| the message            | buttons, where it is no speaker's                                                        |
|---|---|
| announcement, please_answer | a place on each date to choose, or no; after a date was given up, on the others     |
| of a date that moved   | none to answer with: the answer belongs to the invitation in the calendar; giving up    |
| practical, tomorrow    | giving up, which asks first; the materials                                               |
| follow_up, no_show     | the evaluation, the materials                                                            |
| local_task             | the page with its question, its own material, the materials                              |

Under each the course as it is by then; where questions of the course are open, those; of `tomorrow` that one
checks in oneself, where the plan has it. Several in one message are blocks of one card.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.cards.acts import MOST_CHOICES, CourseActs, open_offerings
from bot.cards.parts import block, finished, headline, rich_lines, strong, whose
from bot.domain.templates import AFTERWARDS, ASKING, UNDATED, MessageKind
from bot.i18n.catalogue import text
from bot.messages.card import advice, message_links, when_and_where
from bot.messages.card_parts import MOST_BUTTONS, card_line, paragraphs
from bot.messages.characters import one_line
from bot.messages.notice import named, times_of
from bot.messages.reminder import summarise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan, Offering
    from bot.domain.reminders import ReminderItem
    from bot.messages.card_parts import JsonObject

MOST_TOLD, MOST_SESSIONS = 8, 4
"""Of one message, and of one date; the lists and cards behind the buttons have the rest."""


def render_reminder(
    plan: CoursePlan,
    items: Sequence[ReminderItem],
    *,
    language: Language,
    today: date,
    reader_name: str = "",
    link_for: Callable[[str], str | None] = lambda _: None,
    acts_for: str = "",
    acts_for_id: str = "",
) -> tuple[str, JsonObject]:
    """What a notification shows of one message, and its card; `today` is the day in the plan's zone.

    `link_for` a course is the reader's page, by which they evaluate it.

    `acts_for` is the name of whom the reader answers for, "" for themselves. Raises KeyError for an item that
    the plan no longer has: nothing is sent about that.
    """
    summary = summarise(
        plan, items, language=language, link_for=link_for, today=today, reader_name=reader_name
    )
    body = [*whose(language, acts_for), headline(summary.subject)]
    alone = len(summary.told) == 1
    for told in summary.told[:MOST_TOLD]:
        lines = [] if alone else [strong(told["what"])]
        choices = _choices(plan, told, today)
        lines += _lines(
            plan,
            told,
            choices,
            language,
            asks_questions=_asks_questions(items, told),
            # Who answers for somebody is not there.
            checks_in=_checks_in(plan, told) and not acts_for,
        )
        body.append(block(lines, _buttons(plan, told, choices, items, language, acts_for_id)))
    left = len(summary.told) - MOST_TOLD
    if left > 0:
        body.append(card_line(text(language, "cards.more_courses", count=left)))
    body.append(card_line(text(language, "cards.contact", contact=one_line(plan.contact)), size="Small"))
    return summary.subject, finished(language, body)


def _choices(plan: CoursePlan, told: Mapping[str, Any], today: date) -> tuple[Offering, ...]:
    """The dates that the reader may choose among, () where there is nothing to choose."""
    if told["template"] not in ASKING or told["speaker"] or told["moved"]:
        return ()
    course, offering, _ = told["about"]
    but = offering if told["anew"] else ""
    return open_offerings(plan.known_course(course), like=offering, but=but, today=today)


def _lines(
    plan: CoursePlan,
    told: Mapping[str, Any],
    choices: Sequence[Offering],
    language: Language,
    *,
    asks_questions: bool,
    checks_in: bool,
) -> list[JsonObject]:
    course = plan.known_course(told["about"][0])
    opening, closing = (paragraphs(words) for words in told["plain_words"])
    is_dated = not choices and (told["template"] not in UNDATED or told["moved"])
    facts = [(f"{name}:", value) for name, value in when_and_where(told, language)] if is_dated else []
    for choice in choices[:MOST_CHOICES]:
        lead = f"{named(choice)}:" if len(course.offerings) > 1 else ""
        times = times_of(course, choice, language, titled=True)
        facts += [(lead, ", ".join(filter(None, time))) for time in [*times][:MOST_SESSIONS]]
    return [
        *map(card_line, opening),
        *(rich_lines(course.description) if told["template"] == MessageKind.ANNOUNCEMENT else []),
        *(card_line(value, lead=lead) for lead, value in facts),
        card_line(_to_do(told, language)),
        *([card_line(told["task"]["question"])] if told["task"] else []),
        *([card_line(text(language, "cards.told.check_in"))] if checks_in else []),
        *([card_line(text(language, "cards.told.questions"))] if asks_questions else []),
        *map(card_line, closing),
    ]


def _checks_in(plan: CoursePlan, told: Mapping[str, Any]) -> bool:
    """Whether the reader checks in themselves, and it is near enough to be told."""
    course = plan.known_course(told["about"][0])
    is_near = told["template"] == MessageKind.TOMORROW and not told["speaker"]
    return is_near and course.attendance.self_check_in


def _asks_questions(items: Sequence[ReminderItem], told: Mapping[str, Any]) -> bool:
    return any(item.questions and item.course == told["about"][0] for item in items)


def _to_do(told: Mapping[str, Any], language: Language) -> str:
    """What the reader can do now; the first line that fits.

    it is about                              text
    what is over, or to a speaker, or moved  as in a line in the feed; of a task its text, and what is asked
    what lies ahead                          cards.told.cancel, cancel_online
    an answer, after a date given up         cards.told.anew
    an answer, where there is a line only    cards.told.line
    an answer                                cards.told.signup, choose, answer; _by with a deadline
    """
    if told["template"] in AFTERWARDS or told["speaker"] or told["moved"]:
        return advice(told, language, personal=True)
    if told["template"] not in ASKING:
        name = "cancel_online" if told["online"] else "cancel"
    elif told["anew"] or told["only_line"]:
        name = "anew" if told["anew"] else "line"
    else:
        how = "signup" if told["signs_up"] else "choose" if told["alternatives"] else "answer"
        name = how + ("_by" if told["deadline"] else "")
    return text(language, f"cards.told.{name}", deadline=told["deadline"])


def _buttons(
    plan: CoursePlan,
    told: Mapping[str, Any],
    choices: tuple[Offering, ...],
    items: Sequence[ReminderItem],
    language: Language,
    acts_for: str,
) -> list[JsonObject]:
    """By the table above, as many as a part of a card shows."""
    course_id, offering, _ = told["about"]
    acts = CourseActs(plan, plan.known_course(course_id), language, acts_for)
    buttons = acts.choose(choices, queues=told["only_line"])
    if len(choices) == 1 and not told["anew"]:
        buttons += acts.give_up(choices[0].id, "web.action.decline_offer")
    can_give_up = told["moved"] or told["template"] not in ASKING | AFTERWARDS
    if can_give_up and not told["speaker"]:
        buttons += acts.give_up(offering, "web.action.give_up_seat")
    if _asks_questions(items, told):
        buttons += acts.questions()
    return [*buttons, *message_links(told, language), *acts.see()][:MOST_BUTTONS]
