"""Pages that say why there is nothing else to see.

One look for every error, in the reader's language, with whom to write to.

Texts are `web.sorry.<what>`. Which status goes with which page stands where it is decided (`bot.web.app`,
`bot.web.protection`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse

from bot.domain.people import Language
from bot.web.rendering import Templates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response


PAGES = Templates()


def sorry(
    what: str, language: Language, status: int, *, contact: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """The page of `web.sorry.<what>`; `contact` "" where nobody is known to write to."""
    return HTMLResponse(
        PAGES.draw("sorry", language, what=what, contact=contact),
        status_code=status,
        headers=dict(headers or {}),
    )


def language_of(chosen: str, otherwise: Language) -> Language:
    """The language chosen in the address (`?lang=`), where it is one of ours."""
    return Language(chosen) if chosen in set(Language) else otherwise


def browser_language(accept_language: str) -> Language:
    """What to speak to somebody we do not know: what the browser asks for first, else Danish."""
    first = accept_language.partition(",")[0].partition(";")[0].partition("-")[0].strip().lower()
    return language_of(first, Language.DA)


def language_asked_for(request: Request) -> Language:
    """As `browser_language`, of a request."""
    return browser_language(request.headers.get("accept-language", ""))
