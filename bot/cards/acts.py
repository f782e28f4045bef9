"""What somebody can do about a message, as buttons under it (pure).

A message is drawn when it is sent and may be pressed much later: whoever is pressed (`bot.ports.chat_desk`)
says what holds then. Who takes a place is asked the course's questions first, and giving up asks always.

    choosing      the dates to come that are for the same people, each by name where there are several
    giving up     the date that the message is about
    the course    as it is by then, for everything else
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cards.parts import press_button
from bot.domain.conversations import Press, PressVerb
from bot.domain.enrolment import EnrolmentMode
from bot.domain.seats import RequestKind
from bot.i18n.catalogue import text
from bot.messages.notice import named

if TYPE_CHECKING:
    from datetime import date

    from bot.domain.people import Language
    from bot.domain.plan import Course, CoursePlan, Offering
    from bot.messages.card_parts import JsonObject

MOST_CHOICES = 4
"""Of a message; the course's card has all of them."""


class CourseActs:
    """The buttons about one course; `acts_for` is the directory id of whom the reader answers for."""

    def __init__(self, plan: CoursePlan, course: Course, language: Language, acts_for: str = "") -> None:
        self._plan, self._course, self._language, self._acts_for = plan, course, language, acts_for

    def choose(self, offerings: tuple[Offering, ...], *, queues: bool = False) -> list[JsonObject]:
        """A place on each of these; `queues`: in line, as far as is known."""
        name = text(self._language, f"web.action.{'queue' if queues else 'choose'}")
        verb = PressVerb.ASK if self._course.questions else PressVerb.DECIDE
        one_of_many = len(self._course.offerings) > 1
        return [
            self._button(f"{name}: {named(one)}" if one_of_many else name, verb, one.id, RequestKind.CHOOSE)
            for one in offerings[:MOST_CHOICES]
        ]

    def give_up(self, offering: str, name: str) -> list[JsonObject]:
        """Out of it; `name` is the text of the button in the catalogue."""
        return [self._button(text(self._language, name), PressVerb.ASK, offering, RequestKind.GIVE_UP)]

    def questions(self) -> list[JsonObject]:
        """The course's questions."""
        return [self._button(text(self._language, "cards.answer_questions"), PressVerb.ANSWERS)]

    def see(self) -> list[JsonObject]:
        """The course as it is when it is pressed."""
        return [self._button(text(self._language, "cards.see"), PressVerb.COURSE)]

    def _button(
        self, name: str, verb: PressVerb, offering: str = "", kind: RequestKind | None = None
    ) -> JsonObject:
        press = Press(
            verb=verb,
            plan=self._plan.id,
            course=self._course.id,
            offering=offering,
            kind=kind.value if kind else "",
            acts_for=self._acts_for,
        )
        return press_button(name, press, takes_fields=False)


def open_offerings(course: Course, *, like: str, but: str = "", today: date) -> tuple[Offering, ...]:
    """The dates to come that the same people may choose as the offering `like`.

    One where the course has no dates to choose among; `but` is left out.
    """
    model = course.offering(like)
    if course.enrolment.mode is EnrolmentMode.INVITE and model is not None:
        return (model,) if model.id != but and _lies_ahead(model, today) else ()
    return tuple(
        one
        for one in course.offerings
        if one.id != but
        and _lies_ahead(one, today)
        and (model is None or _audiences(course, one) == _audiences(course, model))
    )


def _lies_ahead(offering: Offering, today: date) -> bool:
    return offering.begins is None or offering.begins.date() >= today


def _audiences(course: Course, offering: Offering) -> frozenset[str]:
    return frozenset(name for session in offering.sessions for name in course.audiences_of(session))
