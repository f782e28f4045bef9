"""The list at a door as a workbook: to fill in elsewhere, and back as what HR says.

What comes back is looked at first: who came, who did not, who stands nowhere, and what is not understood
(`bot.registrations.door_sheet`). Nothing of it is kept before HR has seen that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desks.day.session_room import open_room
from bot.plan.tables import read_list
from bot.registrations.door_sheet import Listed, SheetRow, read_sheet
from bot.registrations.door_sheet_writer import door_sheet

if TYPE_CHECKING:
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from bot.registrations.door_sheet import ReadSheet

Where = tuple[str, str, str]
"""Course, offering and session."""


def sheet_to_fill_in(
    plan: CoursePlan, stores: Stores, where: Where, *, secret: str, language: Language
) -> bytes | None:
    """The workbook of a session, None where the plan has no such session. Raises DatabaseFailed."""
    room = open_room(plan, stores, where, secret=secret)
    if room is None:
        return None
    departments = {row.email: row.department for row in room.rows}
    people = [(one.name, one.email, departments.get(one.email, ""), one.came) for one in room.listed()]
    return door_sheet(room.course.title, people, language)


def filled_in(
    plan: CoursePlan, stores: Stores, where: Where, data: bytes, name: str, *, secret: str
) -> ReadSheet | None:
    """What a file says of a session, None where the plan has no such session.

    Raises InputError for what is no list, DatabaseFailed.
    """
    rows = [
        SheetRow(
            cells=row.cells,
            places=tuple(row.place(at) for at in range(max(len(row.cells), 1))),
            hidden=frozenset(position for position, _ in row.hidden),
        )
        for row in read_list(data, name)
    ]
    room = open_room(plan, stores, where, secret=secret)
    if room is None:
        return None
    listed: list[Listed] = room.listed()
    return read_sheet(rows, listed, {person.email: person.name for person in room.people.everybody})
