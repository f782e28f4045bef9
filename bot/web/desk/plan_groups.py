"""The form of the audiences beyond its fields: who is in each, and the groups that it may take.

field    of row n
`q3`     what is looked for in the directory
`f3`     what was looked for last, whose groups are shown

`do`                 is
find.N               the form with the groups of the directory that begin as `q` says    nothing is kept
take.N.GROUP         the form with that group in row N                                    nothing is kept
enter                the key Enter: `find` where something new stands in a `q`, else `save`
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.people import DirectoryGroup
from bot.i18n.catalogue import desk_text, plural, text
from bot.messages.characters import one_line
from bot.plan import sheets
from bot.plan.cells import EMPTY_LIST
from bot.plan.fields import OBJECT_ID
from bot.web.desk.plan_beside import Beside, GroupPick, GroupSearch
from bot.web.desk.plan_form import MOST_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from starlette.datastructures import FormData

    from bot.desks.plans.group_look import GroupFact
    from bot.domain.drafts import Cells, Rows
    from bot.domain.errors import KursusbotError
    from bot.plan.desk_forms import FormRow
    from bot.web.desk.plan_visit import Visit

FIND, TAKE = "find", "take"
LONGEST_WORDS, LONGEST_GROUP = 100, 254
MOST_NAMED = 40
MOST_LOOKED_UP = 10
"""New groups of one form that are looked up at once: somebody waits for it."""

COLUMN = "groups"


def people_of(visit: Visit) -> dict[str, list[str]]:
    """Who is in each audience, as the books read the directory last; by its id, ordered by name."""
    plan, books = visit.desk.as_read, visit.desk.stores.books
    members = books.audiences.load_members(plan.id)
    names = {one.email: one.name or one.email for one in books.people.load_people(plan.id)}
    return {audience: sorted(names.get(one, one) for one in every) for audience, every in members.items()}


def entered(data: FormData) -> str:
    """What the key Enter does, as `do` says it."""
    for name in data:
        at = name[1:]
        if name[:1] == "q" and _is_row(at) and _words(data, name) not in {"", _words(data, f"f{at}")}:
            return f"{FIND}.{at}"
    return "save"


def turned(
    visit: Visit, form: tuple[FormRow, ...], data: FormData, step: str, which: str
) -> tuple[tuple[FormRow, ...], GroupSearch | None]:
    """The form after `find` or `take`, with the groups that are shown of the last search."""
    digits, _, group = which.partition(".")
    row = form[int(digits)] if _is_row(digits) and int(digits) < len(form) else None
    if row is None or row.sheet != sheets.AUDIENCES.key:
        return form, None
    words = _words(data, f"q{digits}" if step == FIND else f"f{digits}")
    search = _searched(visit, int(digits), words)
    group = one_line(group)[:LONGEST_GROUP]
    if step == FIND or not group or group.lower() in _names(row.cells):
        return form, search
    said = row.cells.get(COLUMN, "")
    joined = group if said in {"", EMPTY_LIST} else f"{said}, {group}"
    with_it = replace(row, cells={**row.cells, COLUMN: joined})
    return tuple(with_it if one is row else one for one in form), search


def _searched(visit: Visit, at: int, words: str) -> GroupSearch:
    if not words:
        return GroupSearch(at=at, words="")
    answer = visit.site.groups.find(visit.desk.written.id, words)
    says = "" if answer.error is None else _silent(visit, answer.error)
    return GroupSearch(at=at, words=words, found=answer.groups, says=says)


def _silent(visit: Visit, error: KursusbotError) -> str:
    return text(visit.language, "plan_edit.groups.silent", why=desk_text(visit.language, error))


def picks_of(
    visit: Visit, form: Sequence[FormRow], rows: Rows, search: GroupSearch | None
) -> dict[int, GroupPick]:
    """By the number of its row what each audience may take."""
    every = {group.lower(): group for group in (*_in_plans(visit), *_in_rows(rows), *_in_form(form))}
    made: dict[int, GroupPick] = {}
    for at, row in enumerate(form):
        if row.sheet == sheets.AUDIENCES.key and not row.is_gone:
            there = frozenset(_names(row.cells))
            others = sorted(every[group] for group in every.keys() - there)[:MOST_NAMED]
            named = tuple(DirectoryGroup(id=one, name=one) for one in others)
            mine = search if search is not None and search.at == at else None
            made[at] = GroupPick(at=at, there=there, named=named, search=mine)
    return made


def with_facts(
    visit: Visit, form: Sequence[FormRow], told: Mapping[tuple[int, str], list[Beside]]
) -> dict[tuple[int, str], list[Beside]]:
    """What is told of each field, with what the directory says of the groups that are new in the draft."""
    made = {where: [*every] for where, every in told.items()}
    new = _new_groups(visit, form)[:MOST_LOOKED_UP]
    if not new:
        return made
    facts = visit.site.groups.facts(visit.desk.written.id, [group for _, group in new])
    silences: set[str] = set()
    for at, group in new:
        beside = _beside(visit, group, facts[group])
        if beside.words not in silences:
            made.setdefault((at, COLUMN), []).append(beside)
        if facts[group].error is not None:
            silences.add(beside.words)
    return made


def _new_groups(visit: Visit, form: Sequence[FormRow]) -> list[tuple[int, str]]:
    """Those that the saved plan does not name, by row; what is no address and no id is an error already."""
    known = {group.lower() for group in _in_rows(visit.drafts.saved)}
    named = [(at, group) for at, row in enumerate(form) if not row.is_gone for group in _in_form([row])]
    return [
        (at, group)
        for at, group in named
        if group.lower() not in known and ("@" in group or OBJECT_ID.fullmatch(group.lower()))
    ]


def _beside(visit: Visit, group: str, fact: GroupFact) -> Beside:
    if fact.error is not None:
        return Beside(severity="warning", words=_silent(visit, fact.error))
    if fact.members is None:
        words = text(visit.language, "plan_edit.groups.missing", group=group)
        return Beside(severity="warning", words=words)
    words = plural(visit.language, "plan_edit.groups.members", fact.members, group=group)
    return Beside(severity="note", words=words)


def _in_plans(visit: Visit) -> Iterable[str]:
    for desk in visit.site.desks_of(visit.caller):
        for audience in desk.as_read.audiences:
            yield from audience.groups


def _in_rows(rows: Rows) -> Iterable[str]:
    for (sheet, _), lines in rows.items():
        if sheet == sheets.AUDIENCES.key:
            yield from _groups(lines[0])


def _in_form(form: Iterable[FormRow]) -> Iterable[str]:
    for row in form:
        if row.sheet == sheets.AUDIENCES.key:
            yield from _groups(row.cells)


def _groups(cells: Cells) -> list[str]:
    return [one for one in cells.get(COLUMN, "").split(", ") if one not in {"", EMPTY_LIST}]


def _names(cells: Cells) -> set[str]:
    return {one.lower() for one in _groups(cells)}


def _is_row(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS


def _words(data: FormData, name: str) -> str:
    said = data.get(name, "")
    return one_line(said)[:LONGEST_WORDS] if isinstance(said, str) else ""
