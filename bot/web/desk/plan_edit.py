"""The forms of a plan that is kept on the desk: each a draft's, and nothing of the plan before that is saved.

    GET  /plan/edit/courses            every course, to find one; `q` searches                       HR
    GET  /plan/edit/course/{id}        one course; `new` of a new one                                HR
    POST /plan/edit/course/{id}        by `do`, below                                                HR
    GET  /plan/edit/{form}             audiences, money, decisions, messages, plan                   HR
    POST /plan/edit/{form}             by `do`, below                                                HR

    `do`                     is
    look                     the form with what it means: problems, and who gets mail      nothing is kept
    add.SHEET.N              the form with one more row, of row N                          nothing is kept
    remove.N, keep.N         the form where row N goes, or stays after all                 nothing is kept
    find.N, take.N.GROUP     the form of the audiences with groups for row N, or with one  nothing is kept
    save                     the draft says it, then 303 back; 409 where somebody wrote otherwise meanwhile

`draft` says which; without it it is one's own, and the first change begins one. Looks are written down, for
people are named in a plan.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from bot.domain.drafts import WHOLE, DraftConflict, merged
from bot.domain.sign_in import Area
from bot.i18n.catalogue import load_area
from bot.plan import sheets
from bot.plan.copies import offerings_of
from bot.plan.desk_forms import (
    COURSE,
    NEW,
    ROOTS,
    FormRow,
    as_theirs,
    changes_of,
    met,
    rows_shown,
    unseen,
    with_another,
    with_ids,
)
from bot.plan.desk_rows import BY_KEY, course_of, has_ids, place_of
from bot.plan.labels import STATUSES
from bot.plan.report import problem_text
from bot.web.desk.access import TurnedAway
from bot.web.desk.paging import paged
from bot.web.desk.plan_beside import Beside, GroupSearch
from bot.web.desk.plan_form import MOST_DIGITS, Drawer, read_sent
from bot.web.desk.plan_groups import entered, people_of, picks_of, turned, with_facts
from bot.web.desk.plan_visit import Visit, sent_form, visit_of
from bot.web.desk.site import DeskSite
from bot.web.error_pages import sorry
from bot.web.wide_forms import WideRoute

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.desks.plans.revisions import Difference
    from bot.domain.drafts import Rows
    from bot.domain.people import Language
    from bot.domain.problems import Problem

LOOK, SAVE, ADD, REMOVE, KEEP = "look", "save", "add", "remove", "keep"
AUDIENCES = "audiences"
A_PAGE = 50
SAVED = "kept"


def plan_edit_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter(route_class=WideRoute)
    may, to_send = [Depends(site.access.to(Area.PLAN))], site.to_send(Area.PLAN)

    @routes.get("/plan/edit/courses", dependencies=may)
    def courses(request: Request, plan: str = "", draft: str = "", q: str = "", page: str = "") -> Response:
        visit = visit_of(site, request, plan, draft)
        return _course_list(visit, q, page)

    @routes.get("/plan/edit/course/{course}", dependencies=may)
    def show_course(
        request: Request, course: str, plan: str = "", draft: str = "", done: str = ""
    ) -> Response:
        return _shown(visit_of(site, request, plan, draft), COURSE, course, done)

    @routes.post("/plan/edit/course/{course}", dependencies=to_send)
    def send_course(
        request: Request,
        course: str,
        data: Annotated[FormData, Depends(sent_form)],
        plan: str = "",
        draft: str = "",
    ) -> Response:
        return _sent(visit_of(site, request, plan, draft), COURSE, course, data)

    @routes.get("/plan/edit/{form}", dependencies=may)
    def show_form(request: Request, form: str, plan: str = "", draft: str = "", done: str = "") -> Response:
        return _shown(visit_of(site, request, plan, draft), form, "", done)

    @routes.post("/plan/edit/{form}", dependencies=to_send)
    def send_form(
        request: Request,
        form: str,
        data: Annotated[FormData, Depends(sent_form)],
        plan: str = "",
        draft: str = "",
    ) -> Response:
        return _sent(visit_of(site, request, plan, draft), form, "", data)

    return routes


def _course_list(visit: Visit, words: str, page: str) -> Response:
    visit.desk.look(visit.caller.visitor, "plan edit")
    standing = visit.drafts.standing(visit.draft)
    changed = {course_of(one.key) for one in visit.draft.changes} if visit.draft else set()
    wanted = words.casefold().strip()
    found = [
        (key[1], lines[0], key[1] in changed)
        for key, lines in standing.rows.items()
        if key[0] == sheets.COURSES.key and wanted in lines[0].get("title", "").casefold()
    ]
    shown, number, pages = paged(found, page, A_PAGE)
    statuses = dict(STATUSES)
    return visit.site.show(
        visit.request, visit.caller, Area.PLAN, "plan_courses", desk=visit.desk, visit=visit, q=words,
        shown=shown, found=len(found), number=number, page_count=pages, statuses=statuses,
        years=years_of(standing.rows),
    )  # fmt: skip


def years_of(rows: Rows) -> list[int]:
    """The years in which there are sessions, the newest first."""
    sessions = (lines[0] for (sheet, _), lines in rows.items() if sheet == sheets.SESSIONS.key)
    found = {(cells.get("start") or cells.get("period", ""))[:4] for cells in sessions}
    return sorted((int(one) for one in found if one.isascii() and one.isdigit()), reverse=True)


def _shown(visit: Visit, form: str, course: str, done: str) -> Response:
    """A form as the draft has it."""
    rows = visit.drafts.standing(visit.draft).rows
    _known(visit, form, course, rows)
    visit.desk.look(visit.caller.visitor, "plan edit", course="" if course == NEW else course)
    shown = rows_shown(rows, form, course)
    problems: Sequence[Problem] = ()
    if form != COURSE:
        problems = visit.drafts.read(visit.draft).problems
    elif course != NEW:
        problems = visit.drafts.read_part(rows, {course}).problems
    told = _told(visit, shown, problems)
    return _page(visit, form, course, shown, rows=rows, told=told, done=done if done == SAVED else "")


def _known(visit: Visit, form: str, course: str, rows: Rows) -> None:
    """Raises TurnedAway where there is no such form, or no such course."""
    if form != COURSE and form not in ROOTS:
        raise TurnedAway(sorry("invalid", visit.language, 404))
    if form == COURSE and course != NEW and (sheets.COURSES.key, course) not in rows:
        raise TurnedAway(sorry("no_course", visit.language, 404))


def _sent(visit: Visit, form: str, course: str, data: FormData) -> Response:
    """What is done with what was sent."""
    rows = visit.drafts.standing(visit.draft).rows
    if form != COURSE and form not in ROOTS:
        raise TurnedAway(sorry("invalid", visit.language, 404))
    sent = read_sent(data, form, course)
    if not sent.is_whole or (form == COURSE and not sent.rows):
        raise TurnedAway(sorry("cut_off", visit.language, 422))
    filled = with_ids(_as_chosen(sent.rows, sent.theirs), rows)
    said = str(data.get("do", ""))
    step, _, which = (entered(data) if said == "enter" else said).partition(".")
    match step:
        case "save":
            return _saved(visit, form, course, filled)
        case "add" | "remove" | "keep":
            return _page(visit, form, course, _turned(filled, step, which), rows=rows)
        case "find" | "take":
            with_group, search = turned(visit, filled, data, step, which)
            return _page(visit, form, course, with_group, rows=rows, search=search)
        case _:
            return _looked(visit, form, course, filled, rows)


def _as_chosen(form: Sequence[FormRow], theirs: Collection[tuple[int, str]]) -> tuple[FormRow, ...]:
    made = tuple(form)
    for at, column in sorted(theirs):
        row = form[at]
        conflict = DraftConflict(sheet=row.sheet, row=row.name, column=column, before=(), mine=(), theirs=())
        made = as_theirs(made, conflict)
    return made


def _turned(form: tuple[FormRow, ...], step: str, which: str) -> tuple[FormRow, ...]:
    """With one more row, without one, or with one that stays after all."""
    if step == ADD:
        return _with_added(form, which)
    row = _row_at(form, which)
    if row is None:
        return form
    if row.was is None and step == REMOVE:
        below = f"{row.name}/" if has_ids(BY_KEY[row.sheet]) else "\0"
        return tuple(one for one in form if one is not row and not one.owner.startswith(below))
    return tuple(replace(one, is_gone=step == REMOVE) if one is row else one for one in form)


def _with_added(form: tuple[FormRow, ...], which: str) -> tuple[FormRow, ...]:
    name, _, at = which.partition(".")
    sheet, row = BY_KEY.get(name), _row_at(form, at)
    if sheet is None:
        return form
    if row is None:
        is_below = any(column.parent for column in sheet.columns)
        return with_another(form, sheet, "/" if is_below else "")
    is_loose = sheet is sheets.SESSIONS and row.sheet == sheets.COURSES.key
    return with_another(form, sheet, f"{row.name}//" if is_loose else f"{row.name}/")


def _row_at(form: Sequence[FormRow], digits: str) -> FormRow | None:
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS
    return form[int(digits)] if is_number and int(digits) < len(form) else None


def _saved(visit: Visit, form: str, course: str, filled: tuple[FormRow, ...]) -> Response:
    """The draft says it; where somebody wrote otherwise meanwhile, the form with both."""
    changes = changes_of(filled)
    done = visit.drafts.change(visit.draft, changes) if changes else None
    if done is not None and done.conflicts:
        return _met(visit, form, course, filled, done.conflicts)
    if done is not None and done.draft is None:
        raise TurnedAway(sorry("draft_moved", visit.language, 409))
    now = replace(visit, draft=done.draft) if done is not None else visit
    if done is not None and done.draft is not None:
        detail = f"{done.draft.id}, {len(changes)}"
        visit.desk.note(
            visit.caller.visitor, "plan draft", course="" if course == NEW else course, detail=detail
        )
    path = f"/plan/edit/{form}"
    if form == COURSE:
        is_gone = filled[0].is_gone
        path = "/plan/edit/courses" if is_gone else f"/plan/edit/course/{quote(filled[0].id)}"
    return RedirectResponse(now.address(path, done=SAVED), 303)


def _met(
    visit: Visit, form: str, course: str, filled: tuple[FormRow, ...], conflicts: Sequence[DraftConflict]
) -> Response:
    shown = met(filled, conflicts)
    theirs: dict[tuple[int, str], str] = {}
    for one in conflicts:
        for at, row in enumerate(shown):
            if row.key == (one.sheet, one.row):
                theirs[at, one.column] = (
                    one.theirs[0].get(one.column, "") if one.column and one.theirs else ""
                )
                if one.column == WHOLE:
                    theirs[at, WHOLE] = "there" if one.theirs else "gone"
                    break
    rows = visit.drafts.standing(visit.draft).rows
    return _page(visit, form, course, shown, rows=rows, theirs=theirs, status=409)


def _looked(visit: Visit, form: str, course: str, filled: tuple[FormRow, ...], rows: Rows) -> Response:
    """The form with what it means."""
    after = merged(rows, changes_of(filled)).rows
    parsed, plan = visit.drafts.looked_at(after)
    effect = visit.drafts.difference(plan) if plan is not None else None
    here = {row.key for row in filled}
    elsewhere = sum(one.is_error and not _is_here(one, here) for one in parsed.problems)
    return _page(
        visit, form, course, filled, rows=rows, effect=effect,
        told=with_facts(visit, filled, _told(visit, filled, parsed.problems)),
        wrong=sum(one.is_error for one in parsed.problems), elsewhere=elsewhere, is_looked=True,
    )  # fmt: skip


def _is_here(problem: Problem, keys: Collection[tuple[str, str]]) -> bool:
    place = place_of(problem)
    return place is not None and place[0] in keys


def _told(
    visit: Visit, form: Sequence[FormRow], problems: Sequence[Problem]
) -> dict[tuple[int, str], list[Beside]]:
    """What is wrong with each field, and under "" with each row."""
    lines: dict[tuple[str, str], list[int]] = {}
    for at, row in enumerate(form):
        if not row.is_gone:
            lines.setdefault(row.key, []).append(at)
    made: dict[tuple[int, str], list[Beside]] = {}
    for one in sorted(problems, key=lambda each: not each.is_error):
        place = place_of(one)
        if place is None or one.is_note or place[0] not in lines:
            continue
        at = lines[place[0]][min(place[1], len(lines[place[0]]) - 1)]
        said = Beside(severity=one.severity.value, words=problem_text(visit.language, one))
        column = "" if place[2] in unseen(BY_KEY[place[0][0]]) else place[2]
        made.setdefault((at, column), []).append(said)
    return made


def _page(
    visit: Visit,
    form: str,
    course: str,
    shown: Sequence[FormRow],
    *,
    rows: Rows,
    told: dict[tuple[int, str], list[Beside]] | None = None,
    theirs: dict[tuple[int, str], str] | None = None,
    effect: Difference | None = None,
    search: GroupSearch | None = None,
    wrong: int = 0,
    elsewhere: int = 0,
    is_looked: bool = False,
    done: str = "",
    status: int = 200,
) -> Response:
    drawer = Drawer(
        language=visit.language,
        rows=rows,
        words=words_of(visit.language),
        told=told or {},
        theirs=theirs or {},
        picks=picks_of(visit, shown, rows, search) if form == AUDIENCES else {},
    )
    path = f"/plan/edit/course/{quote(course)}" if form == COURSE else f"/plan/edit/{form}"
    conflicts = visit.drafts.standing(visit.draft).conflicts
    here = {row.key for row in shown}
    return visit.site.show(
        visit.request, visit.caller, Area.PLAN, "plan_form", status=status, desk=visit.desk, visit=visit,
        form=form, course=course, lists=drawer.lists(shown, form), action=visit.address(path), effect=effect,
        wrong=wrong, elsewhere=elsewhere, is_looked=is_looked, done=done, has_met=bool(theirs),
        open_conflicts=sum((one.sheet, one.row) in here for one in conflicts),
        problems=[(at, column, one) for (at, column), every in (told or {}).items() for one in every],
        people=people_of(visit) if form == AUDIENCES else {}, offerings=offerings_of(rows, course),
    )  # fmt: skip


def words_of(language: Language) -> dict[str, str]:
    """What the fields say: hints by their name in the table of columns, and the words of choices."""
    hints = {key.removeprefix("hint."): said for key, said in load_area(language, "plan").items()}
    own = {key.removeprefix("word."): said for key, said in load_area(language, "plan_edit").items()}
    return hints | own
