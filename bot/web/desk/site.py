"""What the desk's pages share: the plans, who asks, and the frame that a page is drawn in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Depends, Form, Request, params
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.domain.person_ids import PersonIds
from bot.domain.sign_in import Area, opens
from bot.web.desk.access import Access, Caller, TurnedAway, caller_of, keep_language
from bot.web.desk.drawing import PAGES
from bot.web.error_pages import sorry
from bot.web.protection import WITH_SCRIPT, is_signed_in_form, signed_in_proof

if TYPE_CHECKING:
    from bot.desks.plan_desk import PlanDesk
    from bot.desks.plans.group_look import GroupLook
    from bot.desks.plans.store import PlanStore
    from bot.desks.reach import Reach
    from bot.domain.people import PeopleIndex
    from bot.ports.moving_time import MovingTime

ADDRESSES = {
    Area.TODAY: "/",
    Area.COURSES: "/courses",
    Area.CHANGES: "/changes",
    Area.PLAN: "/plan",
    Area.PEOPLE: "/people",
    Area.OVERVIEW: "/overview",
    Area.RUNS: "/runs",
    Area.ME: "/me",
}
"""The pages that there are, in the order of the menu."""

SYNC, FOLLOW, REMIND = "sync_plan", "follow_decisions", "send_reminders"
"""The jobs that carry out what is decided at the desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSite:
    """`every_desk` by plan id, `home` our own address, `secret` signs forms and links.

    Pages take `desk` and `desks_of`, which give what the caller may see; `every_desk` is for what is one's
    own.

    `wake(plan, job)` lets a job of the plan come next: `SYNC` where a change was decided, `FOLLOW` where a
    seat was, `REMIND` where a reminder was.
    `reach` asks Microsoft 365, for what the books alone do not know; `groups` asks it for groups.
    """

    every_desk: Mapping[str, PlanDesk]
    access: Access
    home: str
    secret: str
    wake: Callable[[str, str], None]
    reach: Reach
    groups: GroupLook
    time: MovingTime | None = None
    empty: Mapping[str, PlanStore] = field(default_factory=dict)
    """The plans that are to be written here and that nobody has begun, by their ids."""

    def desk(self, caller: Caller, plan: str) -> PlanDesk:
        """The plan asked for, or the first that they may see; raises TurnedAway where there is none.

        `plan` stands in the address, so that `caller` has the roles that are good for it.
        """
        wanted = plan or caller.plan
        is_theirs = caller.visitor.roles <= caller.seen.roles.get(wanted, frozenset())
        # A plan may go between the list and the look.
        found = self.every_desk.get(wanted) if is_theirs else None
        if found is None and not wanted and len(self.empty) and opens(caller.visitor.roles, Area.PLAN):
            raise TurnedAway(RedirectResponse("/plan/begin", 303))
        if found is None:
            raise TurnedAway(sorry("no_plan", caller.language, 404))
        return found

    def person_ids(self, people: PeopleIndex) -> PersonIds:
        """How these people are named in addresses and forms of the desk, and who is meant by such a name."""
        return PersonIds(people=people, secret=self.secret)

    def desks_of(self, caller: Caller) -> tuple[PlanDesk, ...]:
        """Every plan in which they may see what they ask for, in the order of the plans."""
        plans = [plan for plan, roles in caller.seen.roles.items() if opens(roles, caller.here)]
        return tuple(filter(None, map(self.every_desk.get, plans)))

    def show(
        self, request: Request, caller: Caller, here: Area, name: str, *, status: int = 200,
        desk: PlanDesk | None = None, **facts: object,
    ) -> Response:  # fmt: skip
        """A page of `templates/<name>.html.j2` in the frame; with a form its proof is `proof`."""
        plans = [one.as_read for one in self.desks_of(caller)]
        chosen = {"plan": desk.as_read.id} if desk is not None and len(plans) > 1 else {}
        page = HTMLResponse(
            PAGES.draw(
                name,
                caller.language,
                caller=caller,
                here=here,
                pages=[
                    (area, _address(path, chosen)) for area, path in ADDRESSES.items() if area in caller.areas
                ],
                plans=plans if len(plans) > 1 and here is not Area.ME else [],
                plan=desk.written if desk is not None else None,
                query=lambda **more: urlencode(
                    [pair for pair in request.query_params.multi_items() if pair[0] not in {"done", *more}]
                    + [*more.items()]
                ),
                local=lambda at: (
                    at.astimezone(ZoneInfo(desk.written.timezone)).replace(tzinfo=None) if desk else at
                ),
                time=self.time,
                here_again=_here(request),
                proof=signed_in_proof(self.secret, caller.key),
                **facts,
            ),
            status_code=status,
            headers=WITH_SCRIPT,
        )
        keep_language(request, page, secure=self.home.startswith("https:"))
        return page

    def to_send(self, area: Area, *, fresh: bool = False) -> list[params.Depends]:
        """What a route that takes a form depends on: who may see its page, and that the form is our own.

        A form that was not sent from a page of ours, by the browser that it was shown in, is answered with
        403 before the route looks at it.
        """

        def own_form(request: Request, proof: Annotated[str, Form()] = "") -> None:
            caller = caller_of(request)
            if not is_signed_in_form(
                request, secret=self.secret, key=caller.key, proof=proof, base_url=self.home
            ):
                raise TurnedAway(sorry("foreign_desk_form", caller.language, 403))

        return [Depends(self.access.to(area, fresh=fresh)), Depends(own_form)]


def _address(path: str, chosen: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(chosen)}" if chosen else path


def _here(request: Request) -> str:
    """The path of this page, to come back to; where it was only answered to a form, the first page."""
    if request.method != "GET":
        return "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
