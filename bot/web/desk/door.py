"""HR says who came to a session, or gives the list to whoever stands at its door.

    GET  /courses/{id}/door?offering=…&session=…          the list, with departments, and the helper's link     HR
    POST /courses/{id}/door?…                             one press without script, then 303 to the page        HR
    POST /courses/{id}/door/link?…                        no link that was given away opens the list any more   HR
    POST /courses/{id}/door/words?…                       the same as a phone keeps it, as JSON                 HR

HR's word counts before everybody else's, and may be said for as long as the course is in the books. A look at
who came stands in the log, because it names people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Body, Depends, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.desks.day.door import DoorDesk
from bot.domain.approvals import Door as Doors
from bot.domain.attendance import AttendanceSource
from bot.domain.door import DoorKeeper
from bot.domain.door_links import DoorGrant
from bot.domain.sign_in import Area
from bot.links import check_in_link, door_link, room_code
from bot.web.desk.access import Caller, TurnedAway, caller_of
from bot.web.desk.check_in import check_in_of
from bot.web.desk.site import DeskSite
from bot.web.door_list import draw_door, sent_ticks, state_of, typed_tick
from bot.web.error_pages import sorry
from bot.web.protection import WITH_SCRIPT, is_signed_in_form, signed_in_proof
from bot.web.qr import qr_svg

if TYPE_CHECKING:
    from bot.desks.plan_desk import PlanDesk
    from bot.domain.door import DoorList, Tick


@dataclass(frozen=True, slots=True, kw_only=True)
class _DoorAsked:
    """One visit: whose, and which session's door."""

    site: DeskSite
    caller: Caller
    desk: PlanDesk
    course: str
    offering: str
    session: str

    @property
    def keeper(self) -> DoorKeeper:
        visitor = self.caller.visitor
        return DoorKeeper(
            source=AttendanceSource.HR, name=visitor.email or visitor.subject, door=Doors.DESK.value
        )

    @property
    def door(self) -> DoorDesk:
        books = self.desk.books
        return DoorDesk(books.settings, books.plan, books.stores, secret=self.site.secret)

    @property
    def query(self) -> str:
        return urlencode({"plan": self.desk.written.id, "offering": self.offering, "session": self.session})

    def look(self) -> DoorList:
        """Raises TurnedAway where there is no such session."""
        return self._there(self.door.look(self.course, self.offering, self.session, self.keeper))

    def note(self, ticks: tuple[Tick, ...]) -> DoorList:
        """Raises TurnedAway where there is no such session."""
        return self._there(self.door.note(self.course, self.offering, self.session, ticks, self.keeper))

    def _there(self, found: DoorList | None) -> DoorList:
        if found is None:
            raise TurnedAway(sorry("no_course", self.caller.language, 404))
        return found

    def page(self) -> Response:
        """The list, for HR."""
        found, site, where = self.look(), self.site, f"/courses/{quote(self.course, safe='')}"
        self.desk.look(self.caller.visitor, "attendance", course=self.course)
        grant = DoorGrant(
            plan=self.desk.written.id, course=self.course, offering=self.offering, session=self.session,
            made_at=self.desk.books.now(), by=self.keeper.name,
            generation=self.door.generation(self.course, self.offering, self.session),
        )  # fmt: skip
        html = draw_door(
            found,
            self.caller.language,
            address=f"{where}/door?{self.query}",
            proof=signed_in_proof(site.secret, self.caller.key),
            check_in=self._check_in(),
            sheet={} if found.why_not else self._sheet(where),
            end_links=f"{where}/door/link?{self.query}",
            helper_link="" if found.why_not else door_link(site.secret, site.home, grant),
            back=f"{where}?{urlencode({'plan': self.desk.written.id})}",
        )
        return HTMLResponse(html, headers=WITH_SCRIPT)

    def _sheet(self, where: str) -> dict[str, str]:
        return {
            "file": f"{where}/door/list.xlsx?{self.query}",
            "send": f"{where}/door/list?{self.query}",
        }

    def _check_in(self) -> dict[str, object]:
        """The QR code to show, and the code beside it; or that there is none."""
        site, found = (
            self.site,
            check_in_of(self.site, self.desk).at(self.course, self.offering, self.session),
        )
        if found is None:
            return {"qr": None}
        address = check_in_link(site.secret, site.home, found.place)
        shown = f"/courses/{quote(self.course, safe='')}/door/code"
        return {
            "qr": qr_svg(address, address),
            "code": room_code(site.secret, found.place),
            "page": f"{shown}?{self.query}",
            "png": f"{shown}.png?{self.query}",
        }


def door_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()
    let_in = [Depends(site.access.to(Area.HAND))]

    @routes.get("/courses/{course}/door", dependencies=let_in)
    def show(
        request: Request, course: str, plan: str = "", offering: str = "", session: str = ""
    ) -> Response:
        return _asked(site, request, plan, (course, offering, session)).page()

    @routes.post("/courses/{course}/door", dependencies=site.to_send(Area.HAND))
    def press(
        request: Request, course: str, plan: str = "", offering: str = "", session: str = "",
        said: Annotated[str, Form()] = "", who: Annotated[str, Form()] = "",
        name: Annotated[str, Form()] = "", key: Annotated[str, Form()] = "",
    ) -> Response:  # fmt: skip
        asked = _asked(site, request, plan, (course, offering, session))
        form = {"said": said, "who": who, "name": name, "key": key}
        tick = typed_tick(form, asked.desk.books.now())
        asked.note(() if tick is None else (tick,))
        return RedirectResponse(f"/courses/{quote(course, safe='')}/door?{asked.query}", 303)

    @routes.post("/courses/{course}/door/link", dependencies=site.to_send(Area.HAND))
    def end_links(
        request: Request, course: str, plan: str = "", offering: str = "", session: str = ""
    ) -> Response:
        asked = _asked(site, request, plan, (course, offering, session))
        asked.look()
        asked.door.end_links(course, offering, session)
        detail = f"{offering}/{session}: ended"
        asked.desk.note(asked.caller.visitor, "attendance", course=course, detail=detail)
        return RedirectResponse(f"/courses/{quote(course, safe='')}/door?{asked.query}#helper", 303)

    @routes.post("/courses/{course}/door/words", dependencies=let_in)
    def words(
        request: Request, course: str, plan: str = "", offering: str = "", session: str = "",
        said: Annotated[object, Body()] = None,
    ) -> Response:  # fmt: skip
        asked = _asked(site, request, plan, (course, offering, session))
        proof = said.get("proof") if isinstance(said, dict) else None
        if not isinstance(said, dict) or not _is_own(site, request, asked.caller, proof):
            raise TurnedAway(sorry("foreign_desk_form", asked.caller.language, 403))
        found = asked.note(sent_ticks(said.get("words"), asked.desk.books.now()))
        return JSONResponse(state_of(found))

    return routes


def _is_own(site: DeskSite, request: Request, caller: Caller, proof: object) -> bool:
    return isinstance(proof, str) and is_signed_in_form(
        request, secret=site.secret, key=caller.key, proof=proof, base_url=site.home
    )


def _asked(site: DeskSite, request: Request, plan: str, where: tuple[str, str, str]) -> _DoorAsked:
    """Raises TurnedAway where there is no such plan."""
    caller = caller_of(request)
    course, offering, session = where
    desk = site.desk(caller, plan)
    return _DoorAsked(site=site, caller=caller, desk=desk, course=course, offering=offering, session=session)
