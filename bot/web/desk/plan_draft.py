"""A draft of a plan that is kept on the desk: what it changes, what is wrong, and what becomes of it.

    GET  /plan/edit        the drafts that there are, and the one that is meant                        HR
    POST /plan/edit        by `do`, below                                                              HR

    `do`       is
    begin      a new draft of one's own, then 303 to it
    title      what the draft is called, then 303 back
    settle     of what both changed otherwise, what was chosen, then 303 back
    save       the plan says it from now on, then 303 to what waits; 409 where somebody saved meanwhile
    hand       it is a colleague's, then 303 back
    drop       it is gone, then 303 to the plan; `sure` says that it was asked

Saving sends nothing: what it changes waits under Ændringer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from bot.desks.plans.drafts import LONGEST_TITLE
from bot.desks.plans.store import SaveState
from bot.domain.drafts import WHOLE, Side
from bot.domain.people import Language
from bot.domain.sign_in import Area
from bot.i18n.catalogue import load_area
from bot.messages.characters import one_line
from bot.messages.characters import typed as as_typed
from bot.plan import sheets
from bot.plan.desk_cells import shown_cell
from bot.plan.desk_forms import COURSE, ROOTS, below, called, roots_of
from bot.plan.desk_rows import BY_KEY, course_of, place_of
from bot.plan.report import problem_text
from bot.web.desk.plan_visit import Visit, sent_form, visit_of
from bot.web.desk.site import SYNC, DeskSite
from bot.web.error_pages import sorry

if TYPE_CHECKING:
    from bot.desks.plans.revisions import Difference
    from bot.domain.desk_plans import PlanDraft
    from bot.domain.drafts import Cells, DraftConflict, RowChange, RowKey, Rows
    from bot.domain.problems import Problem

DONE = frozenset({"title", "settle", "hand", "began", "list", "year"})
LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedLine:
    """One row that the draft changes: where it is edited, what it is called, and which of its cells."""

    address: str
    sheet: str
    name: str
    kind: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoSides:
    """What two have changed otherwise: what each wrote, and what names it in the form."""

    name: str
    where: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A problem of the draft, and where it is put right; "" of the plan as a whole."""

    severity: str
    words: str
    where: str
    address: str


def plan_draft_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()

    @routes.get("/plan/edit", dependencies=[Depends(site.access.to(Area.PLAN))])
    def show(request: Request, plan: str = "", draft: str = "", done: str = "") -> Response:
        visit = visit_of(site, request, plan, draft)
        visit.desk.look(visit.caller.visitor, "plan edit")
        return _page(
            visit, done=done if done in DONE else "", counts=_counts(request) if done == "year" else {}
        )

    @routes.post("/plan/edit", dependencies=site.to_send(Area.PLAN))
    def act(
        request: Request, data: Annotated[FormData, Depends(sent_form)], plan: str = "", draft: str = ""
    ) -> Response:
        visit = visit_of(site, request, plan, draft)
        step = str(data.get("do", ""))
        if step == "begin":
            return _back(visit, visit.drafts.keep(None, ()), "began")
        act = _ACTS.get(step)
        if act is None or visit.draft is None:
            return sorry("no_draft", visit.language, 404)
        return act(visit, visit.draft, data)

    return routes


def _counts(request: Request) -> dict[str, int]:
    """What the copying of a year came to, as it stands in the address."""
    asked = {name: request.query_params.get(name, "")[:5] for name in ("copied", "there", "unfunded")}
    return {name: int(said) if said.isascii() and said.isdigit() else 0 for name, said in asked.items()}


def _said(data: FormData, name: str, longest: int) -> str:
    said = data.get(name, "")
    return one_line(as_typed(said))[:longest].strip() if isinstance(said, str) else ""


def _back(visit: Visit, kept: PlanDraft | None, done: str) -> Response:
    if kept is None:
        return sorry("draft_moved", visit.language, 409)
    visit.desk.note(visit.caller.visitor, "plan draft", detail=f"{kept.id}, {done}")
    return RedirectResponse(replace(visit, draft=kept).address("/plan/edit", done=done), 303)


def _title(visit: Visit, draft: PlanDraft, data: FormData) -> Response:
    title = _said(data, "title", LONGEST_TITLE)
    return _back(visit, visit.drafts.keep(draft, draft.changes, title=title), "title")


def _settle(visit: Visit, draft: PlanDraft, data: FormData) -> Response:
    sides = {side.value: side for side in Side}
    conflicts = visit.drafts.standing(draft).conflicts
    chosen = {one.key: sides[said] for one in conflicts if (said := str(data.get(_name(one), ""))) in sides}
    return _back(visit, visit.drafts.settle(draft, chosen), "settle")


def _save(visit: Visit, draft: PlanDraft, _data: FormData) -> Response:
    if visit.drafts.standing(draft).conflicts or visit.drafts.read(draft).plan is None:
        return _page(visit, status=409)
    if visit.drafts.save(draft) not in {SaveState.SAVED, SaveState.SAME}:
        return _page(visit, status=409, has_moved=True)
    plan = visit.desk.as_read.id
    visit.site.wake(plan, SYNC)
    return RedirectResponse(f"/plan?{urlencode({'plan': plan, 'done': 'saved'})}", 303)


def _hand(visit: Visit, draft: PlanDraft, data: FormData) -> Response:
    address = _said(data, "to", LONGEST_ADDRESS)
    if "@" not in address:
        return _page(visit, status=422, problem="to")
    return _back(visit, visit.drafts.hand_over(draft, address), "hand")


def _drop(visit: Visit, draft: PlanDraft, data: FormData) -> Response:
    if data.get("sure") != "yes":
        return _page(visit, asks="drop")
    visit.drafts.let_go(draft)
    visit.desk.note(visit.caller.visitor, "plan draft", detail=f"{draft.id}, drop")
    plan = visit.desk.as_read.id
    return RedirectResponse(f"/plan?{urlencode({'plan': plan, 'done': 'dropped'})}", 303)


_ACTS: Mapping[str, Callable[[Visit, PlanDraft, FormData], Response]] = {
    "title": _title, "settle": _settle, "save": _save, "hand": _hand, "drop": _drop,
}  # fmt: skip


def _page(
    visit: Visit,
    *,
    status: int = 200,
    done: str = "",
    counts: Mapping[str, int] | None = None,
    problem: str = "",
    asks: str = "",
    has_moved: bool = False,
) -> Response:
    drafts, draft = visit.drafts, visit.draft
    standing = drafts.standing(draft)
    problems: tuple[Problem, ...] = ()
    effect: Difference | None = None
    if draft is not None:
        problems, effect = _read(visit, draft, is_settled=not standing.conflicts)
    others = [one for one in drafts.drafts if draft is None or one.id != draft.id]
    known = {*(visit.desk.named.hr or ()), *(one.owner for one in drafts.drafts)} - {drafts.by}
    return visit.site.show(
        visit.request, visit.caller, Area.PLAN, "plan_draft", status=status, desk=visit.desk, visit=visit,
        by=drafts.by, others=others, changes=_changes(visit, standing.rows),
        done=done, counts=counts or {}, problem=problem, asks=asks,
        wrong=_wrong(visit, problems, standing.rows),
        choices=[_choice(visit, one, standing.rows) for one in standing.conflicts],
        effect=effect, told=effect.page("") if effect is not None else None, forms=tuple(ROOTS),
        colleagues=sorted(one for one in known if "@" in one), has_moved=has_moved,
        can_save=effect is not None,
    )  # fmt: skip


def _read(
    visit: Visit, draft: PlanDraft, *, is_settled: bool
) -> tuple[tuple[Problem, ...], Difference | None]:
    """What is wrong with the draft, and what saving it would come to; None where it cannot be saved."""
    parsed = visit.drafts.read(draft)
    if parsed.plan is None or not is_settled or not draft.changes:
        return parsed.problems, None
    return parsed.problems, visit.drafts.difference(parsed.plan)


def _changes(visit: Visit, rows: Rows) -> list[ChangedLine]:
    if visit.draft is None:
        return []
    return [
        ChangedLine(
            address=_form_of(visit, one.key, is_there=one.key in rows),
            sheet=_sheet(visit, one.sheet),
            name=_called(one.key, one.after or one.before, rows, visit.language),
            kind="changed" if one.before and one.after else "new" if one.after else "gone",
            columns=_columns(visit, one),
        )
        for one in visit.draft.changes
    ]


def _sheet(visit: Visit, key: str) -> str:
    """What the forms call it."""
    words = load_area(visit.language, "plan_edit")
    sheet = BY_KEY[key]
    return words.get(f"list.{key}", sheet.danish if visit.language is Language.DA else sheet.english)


def _columns(visit: Visit, change: RowChange) -> tuple[str, ...]:
    if not len(change.before) == len(change.after) == 1:
        return ()
    was, shall = change.before[0], change.after[0]
    in_danish = visit.language is Language.DA
    return tuple(
        column.danish if in_danish else column.english
        for column in BY_KEY[change.sheet].columns
        if was.get(column.key, "") != shall.get(column.key, "")
    )


def _called(key: RowKey, lines: tuple[Cells, ...], rows: Rows, language: Language) -> str:
    """What a row is called, with what it belongs to where that has a name."""
    course = course_of(key)
    of = rows.get((sheets.COURSES.key, course), ()) if course else ()
    own = called(BY_KEY[key[0]], lines[0], language) if lines and len(lines) == 1 else ""
    names = [of[0].get("title", "")] if of and key[0] != sheets.COURSES.key else []
    return ", ".join(filter(None, [*names, own]))


def _form_of(visit: Visit, key: RowKey, *, is_there: bool = True) -> str:
    """Where a row is edited."""
    course = course_of(key)
    if course:
        is_gone = key[0] == sheets.COURSES.key and not is_there
        return visit.address("/plan/edit/courses" if is_gone else f"/plan/edit/{COURSE}/{quote(course)}")
    sheet = BY_KEY[key[0]]
    for form in ROOTS:
        roots = roots_of(form)
        if sheet in roots or any(sheet is one for root in roots for one in below(root)):
            return visit.address(f"/plan/edit/{form}")
    return visit.address("/plan/edit/plan")


def _wrong(visit: Visit, problems: tuple[Problem, ...], rows: Rows) -> list[Wrong]:
    """Errors before warnings, each with where it is put right."""
    made = []
    for one in sorted(problems, key=lambda each: not each.is_error):
        place = place_of(one)
        if one.is_note:
            continue
        where = "" if place is None else _where(visit, place[0], place[2], rows)
        address = "" if place is None else _form_of(visit, place[0])
        made.append(
            Wrong(
                severity=one.severity.value,
                words=problem_text(visit.language, one),
                where=where,
                address=address,
            )
        )
    return made


def _where(visit: Visit, key: RowKey, column: str, rows: Rows) -> str:
    found = next((one for one in BY_KEY[key[0]].columns if one.key == column), None)
    heading = "" if found is None else found.danish if visit.language is Language.DA else found.english
    return " · ".join(
        filter(None, [_called(key, rows.get(key, ()), rows, visit.language), _sheet(visit, key[0]), heading])
    )


def _name(conflict: DraftConflict) -> str:
    return "side!" + "!".join(conflict.key)


def _choice(visit: Visit, one: DraftConflict, rows: Rows) -> TwoSides:
    key = one.sheet, one.row
    lines = (*one.theirs, *one.mine, *one.before)
    return TwoSides(
        name=_name(one),
        where=" · ".join(filter(None, [_where(visit, key, one.column, {**rows, key: lines[:1]})])),
        mine=_told(visit, one, one.mine),
        theirs=_told(visit, one, one.theirs),
    )


def _told(visit: Visit, conflict: DraftConflict, lines: tuple[Cells, ...]) -> str:
    """One side of it: the cell, or every cell of the lines; "" where nothing is there."""
    columns = {column.key: column for column in BY_KEY[conflict.sheet].columns if not column.parent}
    if conflict.column != WHOLE:
        cell = lines[0].get(conflict.column, "")
        return shown_cell(columns[conflict.column], cell, visit.language) if cell else ""
    told = [
        ", ".join(
            shown_cell(columns[key], cell, visit.language)
            for key, cell in cells.items()
            if key in columns and key not in {"id", "was"}
        )
        for cells in lines
    ]
    return "; ".join(told)
