"""The list at the door of one session, for a helper who has its link.

    GET  /d/{token}          names, and who has come                              decides nothing
    POST /d/{token}          one press without script, then 303 to the page       says who came
    POST /d/{token}/words    what a phone has kept, as JSON                       says who came
    GET  /d/worker.js        what lets a phone show the page again without a net

| when | status | page |
|---|---|---|
| not a link of ours | 404 | `invalid` |
| the plan or the session is not known any more | 404 | `gone` |
| it is a day since the session ended | 410 | `door_over`, and a phone forgets the names |
| HR has ended the link | 410 | `door_revoked`, and the same |
| the list is not open yet | 200 | the page, which says so; nothing is kept |
| the form was not sent from our own page | 403 | `foreign_form` |

A helper sees names and nothing else, of one session. Tokens and addresses stand in no log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Body, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from limits import parse

from bot.domain.attendance import AttendanceSource
from bot.domain.door import DoorClosed, DoorKeeper, DoorList, Tick
from bot.domain.door_links import DoorGrant
from bot.domain.people import Language
from bot.links import LinkInvalid, read_door
from bot.ports.desk import Desk, SessionDoor
from bot.web.door_list import LARGEST_BATCH, draw_door, sent_ticks, state_of, typed_tick
from bot.web.error_pages import language_asked_for, language_of, sorry
from bot.web.limits import Limits
from bot.web.parts import READ, WebPart
from bot.web.protection import WITH_SCRIPT, form_nonce, form_proof, is_own_form, keep_nonce
from bot.web.rendering import STATIC

LIMITS = Limits(
    paths=("/d/",), looks=parse("240/minute"), changes=parse("240/minute"), largest_body=LARGEST_BATCH
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorSite:
    """What the routes need: the desks by plan id, and the settings that the links were made with."""

    desks: Mapping[str, Desk]
    secret: str
    former_secrets: Sequence[str]
    base_url: str
    now: Callable[[], datetime]

    @property
    def is_secure(self) -> bool:
        """Whether the pages are reached by https."""
        return urlsplit(self.base_url).scheme == "https"


@dataclass(frozen=True, slots=True, kw_only=True)
class _OpenedDoor:
    """A link that opens a list."""

    site: DoorSite
    request: Request
    token: str
    grant: DoorGrant
    door: SessionDoor
    keeper: DoorKeeper
    language: Language

    def look(self) -> DoorList | None:
        grant = self.grant
        return self.door.look(grant.course, grant.offering, grant.session, self.keeper)

    def is_own(self, proof: str) -> bool:
        site = self.site
        return is_own_form(
            self.request, secret=site.secret, token=self.token, proof=proof, base_url=site.base_url
        )


def door_pages(site: DoorSite) -> WebPart:
    """The pages of everybody who was given a door's link."""
    routes = APIRouter()

    @routes.api_route("/d/worker.js", methods=READ)
    def worker() -> Response:
        return FileResponse(
            STATIC / "js" / "door-worker.js", media_type="text/javascript", headers=WITH_SCRIPT
        )

    @routes.api_route("/d/{token}", methods=READ)
    def show(request: Request, token: str, lang: str = "") -> Response:
        opened = _opened(site, request, token, lang)
        return opened if isinstance(opened, Response) else _page(opened)

    @routes.post("/d/{token}")
    def press(
        request: Request,
        token: str,
        said: Annotated[str, Form()] = "",
        who: Annotated[str, Form()] = "",
        name: Annotated[str, Form()] = "",
        key: Annotated[str, Form()] = "",
        proof: Annotated[str, Form()] = "",
        lang: Annotated[str, Form()] = "",
    ) -> Response:
        opened = _opened(site, request, token, lang)
        if isinstance(opened, Response):
            return opened
        if not opened.is_own(proof):
            return sorry("foreign_form", opened.language, 403)
        tick = typed_tick({"said": said, "who": who, "name": name, "key": key}, site.now())
        _note(opened, () if tick is None else (tick,))
        return RedirectResponse(f"/d/{token}?lang={opened.language.value}", 303)

    @routes.post("/d/{token}/words")
    def words(request: Request, token: str, said: Annotated[object, Body()] = None) -> Response:
        opened = _opened(site, request, token, "")
        if isinstance(opened, Response):
            return JSONResponse({"why_not": "gone"}, status_code=opened.status_code)
        proof = said.get("proof") if isinstance(said, dict) else None
        if not isinstance(said, dict) or not isinstance(proof, str) or not opened.is_own(proof):
            return JSONResponse({"why_not": "foreign_form"}, status_code=403)
        found = _note(opened, sent_ticks(said.get("words"), site.now()))
        if found is not None and found.why_not is DoorClosed.REVOKED:
            return JSONResponse({"why_not": found.why_not.value}, status_code=410)
        return JSONResponse(state_of(found) if found is not None else {"why_not": "gone"})

    return WebPart(router=routes, limits=(LIMITS,))


def _opened(site: DoorSite, request: Request, token: str, lang: str) -> _OpenedDoor | Response:
    """The list behind a link, or what is answered where there is none."""
    stranger = language_of(lang, language_asked_for(request))
    try:
        grant = read_door((site.secret, *site.former_secrets), token)
    except LinkInvalid:
        return sorry("invalid", stranger, 404)
    desk = site.desks.get(grant.plan)
    if desk is None:
        return sorry("gone", stranger, 404)
    return _OpenedDoor(
        site=site,
        request=request,
        token=token,
        grant=grant,
        door=desk.door(site.secret),
        keeper=DoorKeeper(
            source=AttendanceSource.DOOR, name=grant.by, door="door", generation=grant.generation
        ),
        language=language_of(lang, desk.language),
    )


def _page(opened: _OpenedDoor) -> Response:
    found = opened.look()
    if found is None:
        return sorry("gone", opened.language, 404)
    if found.why_not is DoorClosed.OVER:
        return sorry("door_over", opened.language, 410)
    if found.why_not is DoorClosed.REVOKED:
        return sorry("door_revoked", opened.language, 410)
    nonce = form_nonce(opened.request)
    html = draw_door(
        found,
        opened.language,
        address=f"/d/{opened.token}",
        proof=form_proof(opened.site.secret, nonce, opened.token),
        check_in=None,
        sheet={},
        end_links="",
        helper_link="",
        back="",
    )
    page = HTMLResponse(html, headers=WITH_SCRIPT)
    keep_nonce(page, nonce, secure=opened.site.is_secure, path="/d/")
    return page


def _note(opened: _OpenedDoor, ticks: tuple[Tick, ...]) -> DoorList | None:
    grant = opened.grant
    return opened.door.note(grant.course, grant.offering, grant.session, ticks, opened.keeper)
