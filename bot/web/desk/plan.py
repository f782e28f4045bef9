"""The plan as HR keeps it: whether it is right, and who its audiences are.

GET  /plan               read anew, with what is wrong and where                  HR
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from bot.desks.plans.reading import read_anew
from bot.desks.plans.revisions import Revisions
from bot.desks.plans.store import plan_store
from bot.domain.desk_plans import DeskSave
from bot.domain.sign_in import Area
from bot.i18n.catalogue import desk_text
from bot.plan.report import place_text, problem_text
from bot.web.desk.access import caller_of
from bot.web.desk.site import DeskSite

if TYPE_CHECKING:
    from bot.domain.revisions import PlanRevision
    from bot.opening.work import BookWork
    from bot.web.desk.access import Caller


DONE = frozenset({"saved", "dropped", "undone", "not_undone"})
NEWEST = 5
"""How many versions stand on the page of the plan itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceLine:
    """One audience; `people` None where nobody has read its groups yet."""

    name: str
    people: int | None


def plan_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()

    @routes.get("/plan", dependencies=[Depends(site.access.to(Area.PLAN))])
    def show(request: Request, plan: str = "", done: str = "") -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        books, language = desk.books, caller.language
        reading = read_anew(books.settings, books.saved)
        told = [
            (one.severity.value, place_text(language, one), problem_text(language, one))
            for one in reading.problems
        ]
        return site.show(
            request,
            caller,
            Area.PLAN,
            "plan",
            desk=desk,
            reading=reading,
            told=told,
            file=books.saved,
            error=desk_text(language, reading.error) if reading.error is not None else "",
            audiences=_audiences(books),
            revisions=Revisions(books, language),
            newest=NEWEST,
            save=books.origin if isinstance(books.origin, DeskSave) else None,
            undoable=undoable_here(books, caller),
            done=done if done in DONE else "",
        )

    return routes


def undoable_here(books: BookWork, caller: Caller) -> PlanRevision | None:
    """What whoever looks saved last, while they may take it back."""
    if not isinstance(books.origin, DeskSave):
        return None
    by = (caller.visitor.email or caller.visitor.subject).lower()
    return plan_store(books.settings, books.stores).undoable(by)


def _audiences(books: BookWork) -> list[AudienceLine]:
    """Each with how many people the books know in it; one that lists its people itself needs no group."""
    members = books.stores.books.audiences.load_members(books.written.id)
    return [
        AudienceLine(
            name=rule.name or rule.id,
            people=len(members[rule.id])
            if rule.id in members
            else None
            if rule.groups
            else len({one.email for one in rule.people} - {*rule.exclude}),
        )
        for rule in books.written.audiences
    ]
