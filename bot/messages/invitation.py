"""The text of an invitation.

What stands in the body of an Outlook event, its subject, and what goes with a cancellation.

Says what Outlook does not show itself: theme, programme, speakers, how to answer and by when, whom to ask,
what to read. Never title, date, time or place: then moving a session changes nothing but its start and end.
Nor anything that another session, the number of seats or the people who answered would change: each change
of a body is a mail to everybody invited (facts §1 of 2026-11-22).

Pure: the same plan gives the same text, byte for byte. The words stand in `templates/<language>/`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.domain.enrolment import EnrolmentMode, LateAnswer, Unanswered
from bot.domain.plan import CourseStatus
from bot.domain.wording import INVITATION, SAVE_THE_DATE
from bot.i18n.catalogue import text
from bot.i18n.dates import moment_text
from bot.messages.characters import cut_at_word, one_line
from bot.messages.environment import render
from bot.messages.markdown import FONT, markdown_html
from bot.messages.wording import own_words_of, values_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.people import Language
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering

LONGEST_SUBJECT = 255


class Point(StrEnum):
    """One thing to say about answering.

    Each language's template has a sentence for each (see `answer_points`).
    """

    ANSWER = "answer"
    PICK_ONE = "pick_one"
    SEAT_TAKEN = "seat_taken"
    LIMITED = "limited"
    WAITING_LIST = "waiting_list"
    FULL = "full"
    LATE_IF_ROOM = "late_if_room"
    LATE_WAITS = "late_waits"
    LATE_REFUSED = "late_refused"
    UNANSWERED_RELEASED = "unanswered_released"
    UNANSWERED_ASSIGNED = "unanswered_assigned"
    HANDOVER = "handover"


LATE_POINTS = {
    LateAnswer.ACCEPT: Point.LATE_IF_ROOM,
    LateAnswer.WAITLIST: Point.LATE_WAITS,
    LateAnswer.REFUSE: Point.LATE_REFUSED,
}
UNANSWERED_POINTS = {
    Unanswered.RELEASE: Point.UNANSWERED_RELEASED,
    Unanswered.ASSIGN: Point.UNANSWERED_ASSIGNED,
}
AFTER_DEADLINE = frozenset({*LATE_POINTS.values(), *UNANSWERED_POINTS.values()})


class Withdrawn(StrEnum):
    """Why an event is taken out of the calendars, as far as it is worth telling those who were invited."""

    CANCELLED = "cancelled"
    NEW_DATE = "new_date"
    ON_HOLD = "on_hold"
    OTHERS = "others"


def render_invitation(
    plan: CoursePlan,
    course: Course,
    offering: Offering,
    session: CourseSession,
    *,
    language: Language,
    join_url: str | None = None,
) -> str:
    """The HTML body of a session's event: the placeholder's for `save_the_date`, else the invitation's.

    `join_url` is the link of a Teams meeting that is not the event's own (the further parts of a session
    over 500 people); Outlook adds the link of its own meeting at the end of the body itself.
    """
    enrolment, contact = course.enrolment, one_line(plan.contact)
    kind = SAVE_THE_DATE if course.status is CourseStatus.SAVE_THE_DATE else INVITATION
    deadline = moment_text(language, enrolment.deadline) if enrolment.deadline else ""
    values = values_of(plan, course, deadline=deadline)
    online = course.is_online(offering, session)
    points = frozenset(answer_points(course, offering))
    given = {
        "language": language.value,
        "font": FONT,
        "theme": one_line(course.theme),
        "description": markdown_html(course.description),
        "programme": markdown_html(session.description),
        "speakers": [one_line(speaker.name) for speaker in course.speakers],
        "points": points,
        "after_deadline": not points.isdisjoint(AFTER_DEADLINE),
        "deadline": deadline,
        "online": online,
        "join_url": join_url or "",
        "materials": [
            (one_line(material.title), web_address(one_line(material.url))) for material in course.materials
        ],
        "contact": contact,
        "contact_link": f"mailto:{quote(contact, safe='@+')}",
        "organisation": one_line(plan.organisation),
        **own_words_of(plan, course, kind, language=language, values=values).given,
    }
    return render(f"{language.value}/{kind}/body.html.j2", given, own=plan.own_words)


def invitation_subject(
    course: Course, offering: Offering, session: CourseSession, *, language: Language
) -> str:
    """The subject of a session's event, one line of at most 255 characters.

    Course, offering and session by their titles, as far as they have one, whether there are several or
    not: one more session must not rename (and so mail about) those that stand. What is too long loses the
    end of the course's title first, at a word, because the rest tells the events of a course apart.
    """
    prefix = (
        f"{text(language, 'messages.save_the_date')} " if course.status is CourseStatus.SAVE_THE_DATE else ""
    )
    others = [title for title in (one_line(offering.title), one_line(session.title)) if title]
    room = LONGEST_SUBJECT - len(prefix) - sum(len(" – ") + len(title) for title in others)
    title = cut_at_word(one_line(course.title), max(room, LONGEST_SUBJECT // 3))
    return cut_at_word(prefix + " – ".join([title, *others]), LONGEST_SUBJECT)


def cancellation_comment(
    plan: CoursePlan,
    course: Course | None,
    session: CourseSession | None,
    *,
    language: Language,
    reason: str = "",
) -> str:
    """The plain text that goes with a cancellation: what it means and whom to ask.

    course in the plan as   session     says
    listed                  any         the invitation comes from us no more
    proposed                any         on hold: an invitation comes if something comes of it
    save_the_date/approved  undated     the date is given up: an invitation comes with the new one
    anything else           any         cancelled

    `course` and `session` are None where the plan does not know them any more. Why, says `reason`, where
    somebody wrote it; of a course that the plan calls cancelled it is its own.
    """
    match course:
        case None:
            why = Withdrawn.CANCELLED
        case _ if course.status is CourseStatus.PROPOSED:
            why = Withdrawn.ON_HOLD
        case _ if course.status is CourseStatus.LISTED:
            why = Withdrawn.OTHERS
        case _ if (
            course.status in {CourseStatus.SAVE_THE_DATE, CourseStatus.APPROVED}
            and session is not None
            and session.start is None
        ):
            why = Withdrawn.NEW_DATE
        case _:
            why = Withdrawn.CANCELLED
    if course is not None and course.status is CourseStatus.CANCELLED:
        reason = course.cancel_reason
    given = {"why": why.value, "reason": one_line(reason), "contact": one_line(plan.contact)}
    return render(f"{language.value}/cancellation/comment.txt.j2", given, own=plan.own_words)


def answer_points(course: Course, offering: Offering) -> Iterator[Point]:
    """What there is to say about answering, by how people enrol.

    point                 when
    ANSWER                the audience is invited and there is nothing to choose between
    PICK_ONE              the audience is invited to several offerings and takes one
    SEAT_TAKEN            who has the event has signed up for it (`signup`, `choose` via link)
    LIMITED               there is a capacity and answers take seats
    WAITING_LIST, FULL    limited, with and without a waiting list
    LATE_IF_ROOM          limited, a deadline, `late: accept`
    LATE_WAITS            a deadline, `late: waitlist`
    LATE_REFUSED          a deadline, `late: refuse`
    UNANSWERED_RELEASED   PICK_ONE, a deadline, `unanswered: release`
    UNANSWERED_ASSIGNED   PICK_ONE, a deadline, `unanswered: assign`
    HANDOVER              the plan allows it
    """
    enrolment = course.enrolment
    if enrolment.by_link:
        yield Point.SEAT_TAKEN
    else:
        yield from _points_of_answers(course, offering)
    if enrolment.handover:
        yield Point.HANDOVER


def _points_of_answers(course: Course, offering: Offering) -> Iterator[Point]:
    """What there is to say where an answer in Outlook counts."""
    enrolment = course.enrolment
    chooses = enrolment.mode is EnrolmentMode.CHOOSE and len(course.offerings) > 1
    is_limited = course.capacity_of(offering) is not None
    yield Point.PICK_ONE if chooses else Point.ANSWER
    if is_limited:
        yield Point.LIMITED
        yield Point.WAITING_LIST if enrolment.waiting_list else Point.FULL
    if enrolment.deadline is None:
        return
    if is_limited or enrolment.late is not LateAnswer.ACCEPT:
        yield LATE_POINTS[enrolment.late]
    if chooses and enrolment.unanswered in UNANSWERED_POINTS:
        yield UNANSWERED_POINTS[enrolment.unanswered]


def web_address(url: str) -> str:
    """The address, or "" for one that a mail must not link to (`javascript:` and the like)."""
    return url if url.lower().startswith(("https://", "http://")) else ""
