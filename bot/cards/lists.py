"""The cards of a person's courses: theirs, those to come, those that lack an answer (pure).

One block a course: what it is, when, where the person stands, and a button that opens it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cards.parts import block, finished, headline, list_button, press_button, strong
from bot.domain.conversations import ChatWish, Press, PressVerb
from bot.i18n.catalogue import plural, text
from bot.i18n.dates import moment_text
from bot.messages.card_parts import card_line
from bot.messages.characters import one_line

if TYPE_CHECKING:
    from bot.domain.chat_views import CourseList, ListedCourse
    from bot.domain.pages import OwnPlace, PersonCourse
    from bot.domain.people import Language
    from bot.messages.card_parts import JsonObject

MOST_COURSES, MOST_PLACES = 15, 4
LISTS = (PressVerb.MINE, PressVerb.COMING, PressVerb.UNANSWERED)
NAMED = {ChatWish.MINE, ChatWish.COMING, ChatWish.UNANSWERED}


def render_list(answer: CourseList) -> JsonObject:
    """The list, or a kind word where it is empty; and buttons to the other lists."""
    language = answer.language
    which = answer.which.value if answer.which in NAMED else "found"
    shown = answer.courses[:MOST_COURSES]
    body = [headline(text(language, f"cards.list.{which}.title"))]
    if not shown:
        body.append(card_line(text(language, f"cards.list.{which}.none", contact=one_line(answer.contact))))
    body += [_row(one, language) for one in shown]
    left = answer.left_out + len(answer.courses) - len(shown)
    if left:
        body.append(card_line(text(language, "cards.more_courses", count=left)))
    others = [list_button(language, verb) for verb in LISTS if verb.value != answer.which.value]
    return finished(language, body, others)


def _row(listed: ListedCourse, language: Language) -> JsonObject:
    course = listed.course
    lines = [strong(course.title)]
    if listed.acts_for:
        lines.append(strong(text(language, "cards.for", name=one_line(listed.acts_for))))
    lines += [card_line(words) for words in _state(course, language)]
    press = Press(verb=PressVerb.COURSE, plan=listed.plan, course=course.course, acts_for=listed.acts_for_id)
    name = text(language, "cards.open", title=one_line(course.title))
    return block(lines, [press_button(name, press)])


def _state(course: PersonCourse, language: Language) -> list[str]:
    """Where the person stands, in the words of their own list on the pages."""
    if course.cancelled:
        return [text(language, "web.cancelled")]
    lines = [_place(place, language) for place in course.places[:MOST_PLACES]]
    if not course.places:
        if course.first is not None:
            lines.append(text(language, "web.me.from", when=moment_text(language, course.first)))
        lines.append(text(language, "web.me.open"))
        if course.answer_by is not None:
            lines.append(text(language, "me.answer_by", when=moment_text(language, course.answer_by)))
    if course.unanswered:
        lines.append(plural(language, "me.unanswered", course.unanswered) + ".")
    return lines


def _place(place: OwnPlace, language: Language) -> str:
    number = f" ({text(language, 'me.number', number=place.position)})" if place.position else ""
    when = moment_text(language, place.when) if place.when is not None else ""
    where = ", ".join(filter(None, (one_line(place.offering), when)))
    return text(language, f"me.place.{place.word}") + number + (f": {where}." if where else ".")
