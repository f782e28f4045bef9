"""What the plan was before: the versions that are kept, one of them, two compared, and one to take along.

    GET /plan/versions              all that are kept, newest first; `?first=&second=` compares two          HR
    GET /plan/versions/{number}     what it changed, and what going back to it would come to now             HR
    GET /plan/versions/{number}/file?format=xlsx|yaml     the plan as it was                                 HR

Nothing is changed here: the plan is HR's own file, and what is put back there waits like any change. Whoever
looks is written down: people are named in a plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from bot.desks.plans.revisions import FORMS, Revisions, plan_file
from bot.domain.desk_plans import DeskSave
from bot.domain.errors import InputError
from bot.domain.sign_in import Area
from bot.i18n.catalogue import text
from bot.web.desk.access import TurnedAway, caller_of
from bot.web.desk.downloads import file_named
from bot.web.desk.paging import paged
from bot.web.desk.site import DeskSite
from bot.web.error_pages import sorry

if TYPE_CHECKING:
    from bot.domain.revisions import PlanRevision
    from bot.invitations.preview_page import Outline
    from bot.web.desk.access import Caller

A_PAGE = 15


def revision_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()
    may = Depends(site.access.to(Area.PLAN))

    @routes.get("/plan/versions", dependencies=[may])
    def listed(
        request: Request, plan: str = "", first: str = "", second: str = "", page: str = ""
    ) -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        revisions = Revisions(desk.books, caller.language)
        difference = None
        if first or second:
            pair = (_found(revisions, caller, one) for one in (first, second))
            difference = _compared(revisions, caller, *pair)
            desk.look(caller.visitor, "plan diff", detail=f"{first} – {second}")
        else:
            desk.look(caller.visitor, "plan history")
        shown, number, pages = paged(revisions.kept, page, A_PAGE)
        return site.show(
            request, caller, Area.PLAN, "revisions", desk=desk, revisions=revisions, difference=difference,
            shown=[] if difference else shown, first=first, second=second, number=number, page_count=pages,
        )  # fmt: skip

    @routes.get("/plan/versions/{number}", dependencies=[may])
    def one(request: Request, number: str, plan: str = "") -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        revisions = Revisions(desk.books, caller.language)
        revision = _found(revisions, caller, number)
        desk.look(caller.visitor, "plan diff", detail=number)
        before = revisions.before(revision)
        changed = None if before is None else _compared(revisions, caller, before, revision)
        readable = revisions.plan(revision) is not None
        return site.show(
            request, caller, Area.PLAN, "revision", desk=desk, revisions=revisions, revision=revision,
            before=before, changed=changed, readable=readable, forms=FORMS,
            back=_way_back(revisions, revision) if readable else None,
            is_here=isinstance(desk.books.origin, DeskSave),
        )  # fmt: skip

    @routes.get("/plan/versions/{number}/file", dependencies=[may])
    def taken_along(
        request: Request, number: str, plan: str = "", form: Annotated[str, Query(alias="format")] = "xlsx"
    ) -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        revisions = Revisions(desk.books, caller.language)
        revision = _found(revisions, caller, number)
        kept = revisions.plan(revision)
        if form not in FORMS or kept is None:
            raise TurnedAway(sorry("no_version", caller.language, 404))
        desk.note(caller.visitor, "plan export", detail=f"{form}, {number}")
        called = text(caller.language, "revisions.file", plan=kept.organisation, number=number)
        data = plan_file(kept, form, caller.language)
        return file_named(data, form, plain=f"{kept.id}-{revision.number}", called=called)

    return routes


def _found(revisions: Revisions, caller: Caller, number: str) -> PlanRevision:
    """The revision of this number; raises TurnedAway where none is kept."""
    try:
        return revisions.find(int(number) if number.isascii() and number.isdigit() else 0)
    except (InputError, ValueError):
        raise TurnedAway(sorry("no_version", caller.language, 404)) from None


def _compared(
    revisions: Revisions, caller: Caller, first: PlanRevision, second: PlanRevision
) -> Outline | None:
    """What became of the plan from one to the other, None where one of them is not understood."""
    title = text(caller.language, "revisions.between", first=first.number, second=second.number)
    try:
        return revisions.between(first, second).page(title)
    except InputError:
        return None


def _way_back(revisions: Revisions, revision: PlanRevision) -> Outline | None:
    """What going back would come to, None where that is what the plan says by now."""
    back = revisions.way_back(revision)
    return back.page("") if back.rows else None
