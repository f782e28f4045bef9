"""Other ways into a draft of a plan that is kept on the desk, and the way back from a save.

GET  /plan/import      a file to take in: our own workbook, or YAML                             HR
POST /plan/import      a draft with what it changes, then 303 to it                             HR
POST /plan/back        a draft in which the plan is an older version, then 303 to it            HR
POST /plan/undo        what one saved last is taken back, while nobody has approved it          HR
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from bot.desks.plans.store import SaveState, plan_store
from bot.domain.approvals import Door
from bot.domain.sign_in import Area
from bot.opening.revisions import plan_of_revision
from bot.plan.desk_rows import THE_PLAN, rows_of
from bot.plan.report import place_text, problem_text
from bot.web.desk.plan_visit import Visit, visit_of
from bot.web.desk.site import SYNC, DeskSite
from bot.web.error_pages import sorry

if TYPE_CHECKING:
    from bot.domain.drafts import Rows


def plan_way_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()
    may, to_send = [Depends(site.access.to(Area.PLAN))], site.to_send(Area.PLAN)

    @routes.get("/plan/import", dependencies=may)
    def import_form(request: Request, plan: str = "") -> Response:
        return _import_page(visit_of(site, request, plan, ""))

    @routes.post("/plan/import", dependencies=to_send)
    async def take_in(request: Request, plan: str = "") -> Response:
        from fastapi.concurrency import run_in_threadpool

        data = await request.form()
        sent = data.get("file")
        content = await sent.read() if isinstance(sent, UploadFile) else b""
        name = sent.filename or "" if isinstance(sent, UploadFile) else ""
        return await run_in_threadpool(lambda: _imported(visit_of(site, request, plan, ""), content, name))

    @routes.post("/plan/back", dependencies=to_send)
    def back(request: Request, number: Annotated[int, Form()], plan: str = "") -> Response:
        visit = visit_of(site, request, plan, "")
        old = plan_of_revision(visit.drafts.plan.id, number, visit.desk.stores)
        if old is None:
            return sorry("no_version", visit.language, 404)
        return _drafted(visit, rows_of(old), "back")

    @routes.post("/plan/undo", dependencies=to_send)
    def undo(request: Request, base: Annotated[int, Form()], plan: str = "") -> Response:
        visit = visit_of(site, request, plan, "")
        store = plan_store(visit.desk.books.settings, visit.desk.stores)
        done = store.undo(base=base, by=visit.drafts.by, door=Door.DESK).state
        said = done is SaveState.SAVED
        if said:
            site.wake(visit.drafts.plan.id, SYNC)
        asked = urlencode({"plan": visit.drafts.plan.id, "done": "undone" if said else "not_undone"})
        return RedirectResponse(f"/plan?{asked}", 303)

    return routes


def _drafted(visit: Visit, wanted: Rows, done: str) -> Response:
    """A new draft with which the plan would be these rows; its id is its own whatever they say."""
    saved = visit.drafts.saved
    own = {key: cell for key, cell in saved[THE_PLAN][0].items() if key in {"id", "was"}}
    head = {key: cell for key, cell in wanted[THE_PLAN][0].items() if key not in {"id", "was"}}
    made = visit.drafts.becoming(None, {**wanted, THE_PLAN: ({**head, **own},)})
    if made is None:
        return sorry("draft_moved", visit.language, 409)
    visit.desk.note(visit.caller.visitor, "plan draft", detail=f"{made.id}, {done}")
    asked = urlencode({"plan": visit.drafts.plan.id, "draft": made.id, "done": "began"})
    return RedirectResponse(f"/plan/edit?{asked}", 303)


def _import_page(
    visit: Visit, *, problems: list[tuple[str, str]] | None = None, status: int = 200
) -> Response:
    return visit.site.show(
        visit.request, visit.caller, Area.PLAN, "plan_import", status=status, desk=visit.desk, visit=visit,
        problems=problems,
    )  # fmt: skip


def _imported(visit: Visit, content: bytes, name: str) -> Response:
    store = plan_store(visit.desk.books.settings, visit.desk.stores)
    parsed = store.read(content, name)
    if parsed.plan is None:
        language = visit.language
        told = [(place_text(language, one), problem_text(language, one)) for one in parsed.problems]
        return _import_page(visit, problems=told, status=422)
    return _drafted(visit, rows_of(parsed.plan), "import")
