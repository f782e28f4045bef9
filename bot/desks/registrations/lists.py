"""Who is coming, as a list to look at or to take along: for one course or all of them, in each format.

    table   for a terminal      json, csv   for programs and for Excel
    xlsx    a workbook          html        the sheet to sign, for print

By the plan as it stands in people's calendars, and by the books; nothing is written and nobody is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.desks.registrations.question_answers import given_answers
from bot.domain.errors import InputError
from bot.registrations import export
from bot.registrations.attendance import attendance_in_plan
from bot.registrations.participants import session_lists
from bot.registrations.question_answers import for_everybody
from bot.registrations.said_lines import said_text
from bot.rounds.steps.current_lists import CurrentLists, current_lists
from bot.rounds.steps.look_at_outlook import said_by_people

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.domain.questions import SeenBy
    from bot.opening.stores import Stores
    from bot.registrations.said import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantLists:
    """The plan with the courses that were asked for, their lists, and what people said beside them."""

    plan: CoursePlan
    lists: CurrentLists
    said: Said

    @property
    def addresses(self) -> set[str]:
        """Everybody who is on the lists."""
        return {row.email for row in self.lists.rows}


def participant_lists(
    standing: CoursePlan, stores: Stores, *, course: str | None, now: datetime, reader: SeenBy
) -> ParticipantLists:
    """Of one course, or of all where it is None; `now` UTC. Raises InputError for an unknown course.

    Answers to questions are on them as far as the `reader` sees those.
    """
    if course is not None:
        standing.known_course(course)
    lists = current_lists(standing, stores, now=now, course=course)
    plan, people = lists.state.plan, lists.state.people
    said = replace(
        said_by_people(lists.state, stores),
        answers=given_answers(plan, stores, lists.rows, people, reader=reader, course=course),
        attendance=attendance_in_plan(
            plan, lists.rows, stores.attendance.load_words(plan.id, course=course), people
        ),
    )
    return ParticipantLists(plan=plan, lists=lists, said=said)


def of_session(found: ParticipantLists, session: str) -> ParticipantLists:
    """The same for one session alone, `offering/session`; raises InputError where there is none such."""
    courses = []
    for course in found.plan.courses:
        for offering, one in course.sessions():
            if f"{offering.id}/{one.id}" == session:
                title = offering.title or (offering.id if len(course.offerings) > 1 else "")
                courses.append(replace(course, offerings=(replace(offering, title=title, sessions=(one,)),)))
    if not courses:
        known = [
            f"{offering.id}/{one.id}" for course in found.plan.courses for offering, one in course.sessions()
        ]
        raise InputError("session_unknown", session=session, known=", ".join(known))
    return replace(found, plan=replace(found.plan, courses=tuple(courses)))


def list_file(found: ParticipantLists, form: str, language: Language) -> bytes:
    """The lists in a format of the table above."""
    plan, said, lists = found.plan, found.said, found.lists
    match form:
        case "json":
            return export.registrations_json(lists.rows, plan, said).encode()
        case "csv":
            return export.registrations_csv(lists.rows, plan, language, said)
        case "xlsx":
            return export.registrations_xlsx(
                lists.rows,
                plan,
                language,
                lists.strangers,
                asked=lists.asked,
                silent=lists.silent,
                left_without=lists.left_without,
                said=said,
            )
        case "html":
            from bot.messages.attendance_sheet import sign_in_sheet

            sheets = session_lists(lists.rows, plan, answers=for_everybody(said.answers))
            return sign_in_sheet(sheets, organisation=plan.organisation, language=language).encode()
        case _:
            table = export.registrations_table(
                lists.rows, plan, language, lists.strangers, lists.asked, lists.left_without
            )
            return (table + said_text(said, plan, language)).encode()
