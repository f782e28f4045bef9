"""Who is coming, as a list to look at or to take along: for one course or all of them, in each format.

    table   for a terminal      json, csv   for programs and for Excel
    xlsx    a workbook          html        the sheet to sign, for print

By the plan as it stands in people's calendars, and by the books; nothing is written and nobody is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.registrations import export
from bot.registrations.participants import session_lists
from bot.registrations.said_lines import said_text
from bot.rounds.steps.current_lists import CurrentLists, current_lists
from bot.rounds.steps.look_at_outlook import plan_as_it_stands, said_by_people

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
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
    standing: CoursePlan, stores: Stores, *, course: str | None, now: datetime
) -> ParticipantLists:
    """Of one course, or of all where it is None; `now` UTC. Raises InputError for an unknown course."""
    plan = plan_as_it_stands(standing, stores)
    if course is not None:
        plan.known_course(course)
    lists, said = current_lists(plan, stores, now=now), said_by_people(plan, stores, course=course)
    if course is None:
        return ParticipantLists(plan=plan, lists=lists, said=said)
    return ParticipantLists(plan=plan.only({course}), lists=_only(lists, course), said=said)


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

            sheets = session_lists(lists.rows, plan)
            return sign_in_sheet(sheets, organisation=plan.organisation, language=language).encode()
        case _:
            table = export.registrations_table(
                lists.rows, plan, language, lists.strangers, lists.asked, lists.left_without
            )
            return (table + said_text(said, plan, language)).encode()


def _only(lists: CurrentLists, course: str) -> CurrentLists:
    return replace(
        lists,
        rows=tuple(row for row in lists.rows if row.course == course),
        strangers=tuple(answer for answer in lists.strangers if answer.key.course == course),
        silent=tuple(person for person in lists.silent if person.course == course),
        left_without=tuple(person for person in lists.left_without if person.course == course),
    )
