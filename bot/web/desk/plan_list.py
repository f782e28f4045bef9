"""Courses out of somebody else's list, by steps that each show what comes of it, and nothing sent.

GET  /plan/import/list     where the list is chosen                                           HR
POST /plan/import/list     a file: what its columns are taken for, and what its rows become   HR

With `do=look` the same as HR says otherwise, with `do=take` it is in the draft.

The list goes along in the form from step to step, so nothing of it is kept before HR takes it in. What the
draft says then waits like any change.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from bot.desks.plans.draft_lists import draft_list
from bot.domain.errors import InputError
from bot.domain.sign_in import Area
from bot.i18n.catalogue import desk_text, text
from bot.plan.desk_cells import shown_cell
from bot.plan.foreign_list import ListField, SameTitle
from bot.plan.sheets import SESSIONS
from bot.plan.tables import read_list
from bot.web.desk.plan_visit import Visit, sent_form, visit_of
from bot.web.desk.site import DeskSite
from bot.web.error_pages import sorry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desks.plans.draft_lists import DraftList
    from bot.domain.drafts import Cells
    from bot.domain.people import Language

LARGEST_LIST = 1_000_000
SHOWN_ROWS = 5
COLUMNS = {one.key: one for one in SESSIONS.columns if one.key in {"start", "end", "period"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One column of the list as the page shows it: its first cells, and what it is taken for."""

    position: int
    heading: str
    cells: tuple[str, ...]
    field: str


def plan_list_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()

    @routes.get("/plan/import/list", dependencies=[Depends(site.access.to(Area.PLAN))])
    def begin(request: Request, plan: str = "", draft: str = "") -> Response:
        return _begin(visit_of(site, request, plan, draft))

    @routes.post("/plan/import/list", dependencies=site.to_send(Area.PLAN))
    def send(
        request: Request, data: Annotated[FormData, Depends(sent_form)], plan: str = "", draft: str = ""
    ) -> Response:
        visit = visit_of(site, request, plan, draft)
        try:
            found = _list(visit, data)
        except InputError as error:
            return _begin(visit, desk_text(visit.language, error))
        if found is None:
            return _begin(visit, text(visit.language, "plan_list.no_file"))
        if str(data.get("do", "")) != "take" or not found.taken.courses:
            return _look(visit, found)
        kept = visit.drafts.becoming(visit.draft, found.taken.rows)
        if kept is None:
            return sorry("draft_moved", visit.language, 409)
        visit.desk.note(visit.caller.visitor, "plan draft", detail=f"{kept.id}, {len(found.taken.courses)}")
        return RedirectResponse(replace(visit, draft=kept).address("/plan/edit", done="list"), 303)

    return routes


def _list(visit: Visit, data: FormData) -> DraftList | None:
    """What was sent: a file, or the list as it went along; None where there is neither. Raises InputError."""
    rows = visit.drafts.standing(visit.draft).rows
    language = visit.language
    file = data.get("file")
    if isinstance(file, UploadFile) and file.filename:
        listed = read_list(file.file.read(LARGEST_LIST + 1), file.filename)
        return draft_list(rows, [one.cells for one in listed], language)
    lines = _went_along(str(data.get("list", "")))
    if not lines:
        return None
    fields = {
        position: ListField(said)
        for position in range(len(max(lines, key=len)))
        if (said := str(data.get(f"column-{position}", ""))) in {*ListField}
    }
    same = str(data.get("same", ""))
    return draft_list(
        rows, lines, language, fields=fields, same=SameTitle(same) if same in {*SameTitle} else None
    )


def _went_along(said: str) -> list[tuple[str, ...]]:
    """The list's lines out of the form; none where it is not what we put there."""
    try:
        lines = json.loads(said or "[]")
    except ValueError:
        return []
    if not isinstance(lines, list) or not all(isinstance(line, list) for line in lines):
        return []
    return [tuple(cell for cell in line if isinstance(cell, str)) for line in lines]


def _begin(visit: Visit, wrong: str = "") -> Response:
    return visit.site.show(
        visit.request, visit.caller, Area.PLAN, "plan_list", status=400 if wrong else 200, desk=visit.desk,
        visit=visit, wrong=wrong, found=None,
    )  # fmt: skip


def _look(visit: Visit, found: DraftList) -> Response:
    columns: Sequence[Shown] = [
        Shown(
            position=one.position,
            heading=one.heading,
            cells=tuple(line[one.position] for line in found.below[:SHOWN_ROWS] if one.position < len(line)),
            field=one.field.value if one.field is not None else "",
        )
        for one in found.columns
    ]
    return visit.site.show(
        visit.request, visit.caller, Area.PLAN, "plan_list", desk=visit.desk, visit=visit, wrong="",
        found=found, columns=columns, fields=[one.value for one in ListField],
        sames=[one.value for one in SameTitle], along=json.dumps(found.lines, ensure_ascii=False),
        times=lambda cells: _times(cells, visit.language),
    )  # fmt: skip


def _times(cells: Cells, language: Language) -> str:
    """When a session would be, in the reader's words."""
    said = {key: shown_cell(COLUMNS[key], cells[key], language) for key in COLUMNS if key in cells}
    if said.get("end", "")[:10] == said.get("start", "")[:10]:
        said["end"] = said.get("end", "")[11:]
    return " – ".join(filter(None, said.values()))
