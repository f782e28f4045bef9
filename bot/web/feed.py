"""The plan's courses as a calendar behind a signed link: `GET /feed/{token}.ics`.

404 for a link that is none, has ended, or is another purpose's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response

from bot.domain.links import Purpose
from bot.links import LinkInvalid, read_token
from bot.web.parts import READ, WebPart

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.ports.desk import Desk


def calendar_feed(desks: Mapping[str, Desk], *, secrets: tuple[str, ...], base_url: str) -> WebPart:
    """The feeds of the plans in `desks`; links are made with one of the `secrets`."""
    router, host = APIRouter(), urlsplit(base_url).hostname or "localhost"

    @router.api_route("/feed/{name}", methods=READ)
    def feed(name: str) -> Response:
        try:
            grant = read_token(secrets, name.removesuffix(".ics"), purpose=Purpose.FEED)
        except LinkInvalid:
            return PlainTextResponse("Not found", status_code=404)
        desk = desks.get(grant.plan)
        calendar = desk.feed(grant, host=host) if desk is not None else None
        if calendar is None:
            return PlainTextResponse("Not found", status_code=404)
        return Response(
            calendar,
            media_type="text/calendar; charset=utf-8",
            headers={"Cache-Control": "private, max-age=900"},
        )

    return WebPart(router=router)
