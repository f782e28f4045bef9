"""What the QR code of a session opens: which session it is, and the two ways to say that one is there.

    GET /i/{word}    the session, and how to check in         decides nothing, and names nobody

| when | status | page |
|---|---|---|
| no session has this code (any more), or its course is off | 404 | `no_check_in` |
| it begins later, or is over | 200 | the page, which says when |
| it is open | 200 | signing in leads to `/me/here/{word}`; the code for one's own page stands beside |

The address is the same for everybody and may be printed: it is for finding the session, and opens no list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from bot.domain.check_in import CheckInAnswer
from bot.i18n.dates import span_text
from bot.links import check_in_word, room_code
from bot.messages.characters import unbroken
from bot.ports.desk import Desk
from bot.web.error_pages import language_asked_for, language_of, sorry
from bot.web.parts import READ, WebPart
from bot.web.rendering import Templates

if TYPE_CHECKING:
    from bot.domain.check_in import CheckInSession

PAGES = Templates(Path(__file__).parent / "templates")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInSite:
    """The desks by plan id; `keys` made the codes, the first new ones. `has_sign_in`: people may."""

    desks: Mapping[str, Desk]
    keys: Sequence[str]
    has_sign_in: bool

    def find(self, word: str) -> CheckInSession | None:
        """The session of this code, in whichever plan it is."""
        found = (desk.check_in(self.keys).find(word) for desk in self.desks.values())
        return next((one for one in found if one is not None), None)


def check_in_page(site: CheckInSite) -> WebPart:
    """The page of everybody who holds a phone before the code."""
    routes = APIRouter()

    @routes.api_route("/i/{word}", methods=READ)
    def show(request: Request, word: str, lang: str = "") -> Response:
        language, found = language_of(lang, language_asked_for(request)), site.find(word.lower())
        if found is None or found.why_not is CheckInAnswer.OFF:
            return sorry("no_check_in", language, 404)
        when = unbroken(span_text(language, found.start, found.end, all_day=found.all_day))
        new = site.keys[0]
        page = PAGES.draw(
            "check_in",
            language,
            session=found,
            held=when,
            here=f"/i/{word}",
            sign_in=f"/me/here/{check_in_word(new, found.place)}" if site.has_sign_in else "",
            code=room_code(new, found.place),
        )
        return HTMLResponse(page)

    return WebPart(router=routes)
