"""Registrations for people and for other programs: a table for the terminal, JSON, CSV, and the workbook.

JSON has the keys of the public interface; CSV is made for a Danish Excel: UTF-8 with a byte order
mark, semicolons. Cells that a spreadsheet would take for a formula get an apostrophe before them
(OWASP, CSV Injection, checked 2026-11): names come from whoever answered an invitation.
"""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import TYPE_CHECKING

from bot.domain.registrations import RegistrationStatus
from bot.i18n.catalogue import plural, text
from bot.i18n.dates import short_moment_text
from bot.registrations.attendance import NOTHING_KNOWN, CourseAttendance, attendance_text
from bot.registrations.listing import (
    STATUSES,
    OfferingList,
    course_state_text,
    offering_lists,
    session_answers_text,
    shown_email,
    shown_name,
    source_text,
    standing_text,
    status_text,
    wall_time,
)
from bot.registrations.question_answers import cells_of, columns_of, shown_answers
from bot.registrations.said import NOTHING_SAID
from bot.registrations.workbook import registrations_xlsx

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.domain.participants import WithoutPlace
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.domain.registrations import Answer, Registration
    from bot.registrations.said import Said

__all__ = ["registrations_csv", "registrations_json", "registrations_table", "registrations_xlsx"]

CSV_COLUMNS = (
    "course",
    "offering",
    "name",
    "email",
    "department",
    "status",
    "since",
    "source",
    "position",
    "invited",
    "answers",
    "late",
    "note",
    "state",
    "comment",
    "attendance",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def registrations_table(
    rows: Iterable[Registration],
    plan: CoursePlan,
    language: Language,
    strangers: Sequence[Answer] = (),
    asked: Mapping[str, Collection[str]] | None = None,
    left_without: Sequence[WithoutPlace] = (),
) -> str:
    """Aligned text.

    Each offering with its counts, then the people by status (who has not answered is one), then whom HR
    decides about.

    `strangers` are the last answers of people who were not invited, `asked` who was asked by link, by course,
    `left_without` whose seat went with its date.
    """
    lists = offering_lists(rows, plan, asked)
    if not lists and not strangers and not left_without:
        return text(language, "registrations.none") + "\n"
    everybody = [row for listed in lists for row in listed.rows]
    names = max((len(_printable(shown_name(row, language))) for row in everybody), default=0)
    emails = max((len(_printable(shown_email(row))) for row in everybody), default=0)
    lines: list[str] = []
    for listed in lists:
        lines += [*_offering_lines(listed, plan, language, names, emails), ""]
    if left_without:
        lines += [*_left_without_lines(left_without, plan, language), ""]
    if strangers:
        lines += [*_stranger_lines(strangers, plan, language), ""]
    return "\n".join(lines)


def registrations_json(rows: Iterable[Registration], plan: CoursePlan, said: Said = NOTHING_SAID) -> str:
    """The objects below as a list, ending with a line break."""
    return json.dumps(registration_objects(rows, plan, said), ensure_ascii=False, indent=2) + "\n"


def registration_objects(
    rows: Iterable[Registration], plan: CoursePlan, said: Said = NOTHING_SAID
) -> list[dict[str, object]]:
    """A list with the keys of the public interface, and more, by course, offering and address.

    `sessions` has the person's own, each with what was said to it.

    Who was not invited has a row with `invited` false, and what they said in `said`: they never had a seat.
    `course_status` is the plan's, null for what has left it. `comment` (with the answer in Outlook) and
    `note` (to HR, from the person's own page) are null without one. `answers` has the course's questions that
    are answered, by id, of who has a place. `status` is attended or no_show where it is known who came, and
    `attendance` says so by session, and `attendance_by` who said it (hr, door, self, teams). `waits_for` is
    `manager` where a sign-up (waitlisted, without a place in line) waits for a manager's yes. `answered_by`
    is who said it for the person, null for themselves.
    """
    states = {(course.id, offering.id): course.status.value for course, offering in plan.offerings()}
    return [
        {
            "course": row.course,
            "offering": row.offering,
            "name": row.name,
            "email": row.email,
            "status": _status(row, said),
            "since": row.since.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "source": row.source.value,
            "answered_by": row.answered_by or None,
            "position": row.position,
            "waits_for": "manager" if row.status is RegistrationStatus.AWAITING else None,
            "department": row.department,
            "invited": row.invited,
            "sessions": {session: status.public for session, status in row.answers},
            "late": row.late,
            "cause": row.cause,
            "said": row.said.value if row.said else None,
            "unconfirmed": row.unconfirmed,
            "course_status": states.get((row.course, row.offering)),
            "comment": said.comments.get((row.course, row.offering, row.email)),
            "note": said.notes.get((row.course, row.email)),
            "attendance": {
                session: came.value
                for session, came in _attendance(row, said).of_sessions(row.offering, row.email).items()
            },
            "attendance_by": {
                session: word.source.value
                for session, word in _attendance(row, said).sources(row.offering, row.email).items()
            },
            "answers": {
                one.question.id: one.answer for one in shown_answers(said.answers, row) if one.answer
            },
        }
        for row in sorted(rows, key=lambda row: (row.course, row.offering, row.email))
    ]


def registrations_csv(
    rows: Iterable[Registration], plan: CoursePlan, language: Language, said: Said = NOTHING_SAID
) -> bytes:
    """One line for each registration, in the order of the plan, outsiders last; times on the plan's clocks.

    A note to HR of somebody without a registration is a line of its own, at the end. Each question that is
    asked is a column after the others.
    """
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    asked = columns_of(said.answers, language, [course.id for course in plan.courses])
    headings = [text(language, f"registrations.column.{name}") for name in CSV_COLUMNS]
    writer.writerow([no_formula(heading) for heading in (*headings, *asked)])
    rows = tuple(rows)
    for listed in (*offering_lists(rows, plan), *offering_lists(rows, plan, outside=True)):
        for row in listed.rows:
            cells = (
                *_cells(row, listed, plan, language, said),
                *cells_of(shown_answers(said.answers, row), asked, language),
            )
            writer.writerow([no_formula(cell) for cell in cells])
    having = {(row.course, row.email) for row in rows}
    for remark in said.remarks:
        # Who was asked to sign up and has not may write to HR as well, and is in no row.
        if remark.response is None and (remark.course, remark.email) not in having:
            known = {
                "course": remark.course_title,
                "name": remark.name,
                "email": remark.email,
                "note": remark.text,
            }
            cells_known = [no_formula(known.get(column, "")) for column in CSV_COLUMNS]
            writer.writerow([*cells_known, *("" for _ in asked)])
    return buffer.getvalue().encode("utf-8-sig", "replace")


def _cells(
    row: Registration, listed: OfferingList, plan: CoursePlan, language: Language, said: Said
) -> tuple[str, ...]:
    """What stands under `CSV_COLUMNS`."""
    return (
        listed.course_title,
        listed.title,
        shown_name(row, language),
        shown_email(row),
        row.department,
        standing_text(row, listed, language),
        _moment(row.since, plan, language),
        source_text(row, language),
        "" if row.position is None else str(row.position),
        text(language, "registrations.yes" if row.invited else "registrations.no"),
        session_answers_text(row, language),
        text(language, "registrations.yes") if row.late else "",
        said.notes.get((row.course, row.email), ""),
        course_state_text(listed, language),
        said.comments.get((row.course, row.offering, row.email), ""),
        attendance_text(_attendance(row, said), row.offering, row.email, language),
    )


def _status(row: Registration, said: Said) -> str:
    """How the person stands, or whether they came."""
    came = _attendance(row, said).people.get((row.offering, row.email))
    return came.value if came is not None else row.status.public


def _attendance(row: Registration, said: Said) -> CourseAttendance:
    return said.attendance.get(row.course, NOTHING_KNOWN)


def _offering_lines(
    listed: OfferingList, plan: CoursePlan, language: Language, names: int, emails: int
) -> Iterator[str]:
    title = f"{listed.course_title} – {listed.title}" if listed.title else listed.course_title
    yield _printable(f"{title} ({listed.course}/{listed.offering})")
    yield from (f"  {line}" for line in _number_lines(listed, language))
    for heading, members in _by_standing(listed, language):
        yield f"  {heading} ({len(members)})"
        yield from (f"    {_row_line(row, plan, language, names, emails)}" for row in members)


def _number_lines(listed: OfferingList, language: Language) -> Iterator[str]:
    """What has to be known of the course first, then how many there are, and of how many."""
    state = course_state_text(listed, language)
    if state:
        yield _printable(state)
    counts = [f"{status_text(status, language)} {count}" for status, count in listed.counts.items() if count]
    if counts:
        yield " · ".join(counts)
    if listed.is_on:
        yield from _seat_lines(listed, language)
    if listed.unconfirmed:
        yield plural(language, "registrations.unconfirmed_count", listed.unconfirmed)


def _seat_lines(listed: OfferingList, language: Language) -> Iterator[str]:
    if listed.capacity is not None:
        taken = listed.counts[RegistrationStatus.REGISTERED]
        how_full = "registrations.over" if taken > listed.capacity else "registrations.seats"
        yield text(language, how_full, taken=taken, capacity=listed.capacity)
    if listed.asked:
        yield text(language, "registrations.asked", count=listed.asked)
    if not listed.rows:
        yield text(language, "registrations.nobody")


def _row_line(row: Registration, plan: CoursePlan, language: Language, names: int, emails: int) -> str:
    position = f"{row.position}. " if row.position is not None else ""
    name, email = _printable(shown_name(row, language)), _printable(shown_email(row))
    cells = f"{position}{name:<{names}}  {email:<{emails}}  {_moment(row.since, plan, language)}"
    late = text(language, "registrations.late") if row.late else ""
    return f"{cells}  {session_answers_text(row, language)}{late}".rstrip()


def _by_standing(listed: OfferingList, language: Language) -> Iterator[tuple[str, list[Registration]]]:
    """What is said of some of the rows, and those rows, in their order."""
    for status in STATUSES:
        for unconfirmed in (False, True):
            members: dict[str, list[Registration]] = {}
            for row in listed.rows:
                if row.status is status and row.unconfirmed is unconfirmed:
                    members.setdefault(standing_text(row, listed, language), []).append(row)
            yield from members.items()


def _left_without_lines(
    left_without: Sequence[WithoutPlace], plan: CoursePlan, language: Language
) -> Iterator[str]:
    yield text(language, "registrations.left_without")
    yield "  " + text(language, "registrations.left_without_choice")
    for person in left_without:
        where = f"{plan.title_of(person.course)} ({person.course})"
        yield _printable(f"    {person.name} <{person.email}>  {where}")


def _stranger_lines(strangers: Sequence[Answer], plan: CoursePlan, language: Language) -> Iterator[str]:
    yield text(language, "registrations.unknown")
    yield "  " + text(language, "registrations.unknown_choice")
    for answer in strangers:
        said = text(language, f"registrations.response.{answer.response.value}")
        where = f"{answer.key.course}/{answer.key.offering}/{answer.key.session}"
        yield _printable(
            f"    {answer.name} <{answer.email}>  {where}  {said}  "
            f"{_moment(answer.responded_at, plan, language)}"
        )


def _moment(instant: datetime, plan: CoursePlan, language: Language) -> str:
    return short_moment_text(language, wall_time(instant, plan))


def _printable(words: str) -> str:
    """Without control characters: a name must not steer the terminal."""
    return words if words.isprintable() else "".join(sign if sign.isprintable() else " " for sign in words)


def no_formula(cell: str) -> str:
    """The cell as text, whatever it begins with."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
