"""Sign-ups that wait for a manager, in words: for the mail and the page on which they answer (pure).

Which course, when, who, and until when it can be answered. What is given to the mail's templates:

    name          the reader's, "" for nobody known
    waiting       (who, course with the offering where there are several, when, until) of each that waits
    link          the page to answer on
    reminds       whether they were asked before
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.templates import MessageKind
from bot.i18n.dates import day_text
from bot.messages.characters import one_line
from bot.messages.notice import Rendered, named, times_of
from bot.messages.plain_mail import render_to_manager

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from bot.domain.manager_approval import ApprovalAsk
    from bot.domain.people import Language, PeopleIndex
    from bot.domain.plan import CoursePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingSignUp:
    """One sign-up that waits, in words. `due` is a wall time of the plan; `late`: HR has taken over."""

    ask: ApprovalAsk
    who: str
    department: str
    what: str
    when: str
    due: datetime
    late: bool


def waiting_sign_ups(
    plan: CoursePlan, asks: Iterable[ApprovalAsk], people: PeopleIndex, language: Language
) -> Iterator[WaitingSignUp]:
    """Those of the asks whose course is in the plan, in words; the oldest first."""
    zone = ZoneInfo(plan.timezone)
    for ask in asks:
        course, offering = plan.course(ask.course), plan.offering(ask.course, ask.offering)
        if course is None or offering is None:
            continue
        person = people.find(ask.email)
        several = f" – {named(offering)}" if len(course.offerings) > 1 else ""
        yield WaitingSignUp(
            ask=ask,
            who=one_line((person.name if person else "") or ask.email),
            department=one_line(person.department if person else ""),
            what=one_line(course.title) + several,
            when="; ".join(when for when, _ in times_of(course, offering, language, titled=False)),
            due=ask.due_at.astimezone(zone).replace(tzinfo=None),
            late=ask.overdue,
        )


def render_approval_request(
    plan: CoursePlan,
    waiting: Sequence[WaitingSignUp],
    *,
    reader_name: str,
    language: Language,
    link: str,
    reminds: bool,
) -> Rendered:
    """The mail about all of them (at least one)."""
    given = {
        "waiting": [(one.who, one.what, one.when, day_text(language, one.due)) for one in waiting],
        "link": link,
        "reminds": reminds,
    }
    return render_to_manager(MessageKind.APPROVAL_REQUEST, plan, language, given, reader_name=reader_name)
