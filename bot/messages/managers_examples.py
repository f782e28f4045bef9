"""Made-up mails to managers, to look at: about a sign-up, and the copy of people's courses (pure)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.manager_approval import ApprovalAsk, AskedOf
from bot.domain.manager_pages import PersonOfManager, PlaceOfPerson, PlaceWord
from bot.domain.people import PeopleIndex, Person
from bot.domain.templates import MessageKind
from bot.i18n.catalogue import text
from bot.messages.approval import render_approval_request, waiting_sign_ups
from bot.messages.manager_copy import render_manager_copy
from bot.messages.notice import times_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.domain.people import Language
    from bot.domain.plan import Course, CoursePlan
    from bot.messages.notice import Rendered


def _request(plan: CoursePlan, course: Course, language: Language, link: str) -> Rendered:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    who = Person(email="bo@example.com", name=text(language, "messages.made_up_colleague"))
    ask = ApprovalAsk(
        course=course.id, offering=course.offerings[0].id, email=who.email, wished_at=at,
        who=AskedOf.MANAGER, asked_at=at, due_at=at + timedelta(days=7), looked_at=at,
    )  # fmt: skip
    waiting = waiting_sign_ups(replace(plan, courses=(course,)), [ask], PeopleIndex([who]), language)
    name = text(language, "messages.made_up_name")
    return render_approval_request(
        plan, tuple(waiting), reader_name=name, language=language, link=link, reminds=False
    )


def _copy(plan: CoursePlan, course: Course, language: Language, link: str) -> Rendered:
    place = PlaceOfPerson(
        what=course.title,
        dates=tuple(times_of(course, course.offerings[0], language, titled=False)),
        word=PlaceWord.REGISTERED,
    )
    who = text(language, "messages.made_up_colleague")
    person = PersonOfManager(email="bo@example.com", name=who, department="", coming=(place,), past=())
    name = text(language, "messages.made_up_name")
    return render_manager_copy(plan, (person,), reader_name=name, language=language, link=link)


MANAGERS_EXAMPLES: Mapping[MessageKind, Callable[[CoursePlan, Course, Language, str], Rendered]] = {
    MessageKind.APPROVAL_REQUEST: _request,
    MessageKind.MANAGER_COPY: _copy,
}
"""By kind: the plan, one of its courses, the language, and the link that it leads to."""
