"""Who may see a page: signed in, with a role that opens its part of the desk.

| whoever asks | gets |
|---|---|
| is signed in, and the area is open to them (`bot.domain.sign_in`) | the page |
| is not signed in | 303 to `/signin`, and back afterwards; where a form was sent, 403 with a link there |
| asks too often, from wherever (`bot.web.limits`) | 429 in words |
| is signed in without the role | 403 in words, with a link to `/me` |
| asks for a plan (`?plan=`) that is narrowed to others, or for none and may see none | 404, as if it were not there |
| the same, and the directory could not say whether they are among them | 503 in words |
| wants to approve, and showed who they are more than an hour ago | 403 with a link to `/signin?again=1` |

A form is never answered with a way that ends at the provider: browsers do not follow it there
(Content-Security-Policy, `form-action`), and say nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.domain.people import Language
from bot.domain.sign_in import Area, Role, Visitor, areas_of, has_to_show_again, is_for_all, may, opens
from bot.web.desk.drawing import PAGES
from bot.web.error_pages import browser_language, language_of, sorry
from bot.web.limits import PeopleLimiter
from bot.web.sign_in.routes import way_to_sign_in

if TYPE_CHECKING:
    from bot.desks.seen import PlansSeen, SeenPlans
    from bot.web.sign_in.browsers import Browsers

LANGUAGE_COOKIE = "kursusbot_language"
LANGUAGE_SECONDS = 365 * 24 * 3600


class TurnedAway(Exception):
    """The page is not shown; `response` is what is."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whoever is signed in, as a page needs them: `key` of their browser, for the proofs of forms.

    `visitor` has the roles that are good for `plan`, the one asked for, "" where none is meant. `here` is the
    area asked for, `seen` what they are in which plan. `is_fresh`: they have shown who they are within the
    hour, and may approve.
    """

    visitor: Visitor
    plan: str
    here: Area
    seen: PlansSeen
    key: str
    language: Language
    is_fresh: bool

    @property
    def areas(self) -> tuple[Area, ...]:
        """What they may see, in the order of the desk."""
        return areas_of(self.visitor)


class Access:
    """By the table above; `now` gives UTC."""

    def __init__(self, browsers: Browsers, now: Callable[[], datetime], plans: SeenPlans) -> None:
        self._browsers, self._now, self._plans = browsers, now, plans
        self._limiter = PeopleLimiter()

    def to(self, area: Area, *, fresh: bool = False) -> Callable[[Request], None]:
        """What a route depends on; `fresh`: for an approval. It raises TurnedAway and DatabaseFailed.

        `caller_of` then gives whoever asks.
        """

        def let_in(request: Request) -> None:
            found, language = self._browsers.whose(request), _language(request)
            if found is None:
                raise TurnedAway(_show_who(request, language, again=False))
            if not may(found.visitor, area):
                raise TurnedAway(HTMLResponse(PAGES.draw("no_role", language), status_code=403))
            if not self._limiter.is_within(found.visitor.subject, changes=request.method == "POST"):
                raise TurnedAway(sorry("too_many", language, 429, headers={"Retry-After": "60"}))
            seen = self._plans.of(found.visitor)
            plan, roles = _there(seen, found.visitor, area, request.query_params.get("plan", ""), language)
            is_fresh = not has_to_show_again(found.visitor, now=self._now())
            if fresh and not is_fresh:
                raise TurnedAway(_show_who(request, language, again=True))
            request.state.caller = Caller(
                visitor=replace(found.visitor, roles=roles),
                plan=plan,
                here=area,
                seen=seen,
                key=found.key,
                language=language,
                is_fresh=is_fresh,
            )

        return let_in


def _there(
    seen: PlansSeen, visitor: Visitor, area: Area, wanted: str, language: Language
) -> tuple[str, frozenset[Role]]:
    """The plan that is meant, and what they are there; of all of them where none is. Raises TurnedAway."""
    if seen.is_bare:
        return "", visitor.roles
    if is_for_all(area):
        return "", frozenset(role for roles in seen.roles.values() for role in roles)
    if wanted in seen.roles and not opens(seen.roles[wanted], area):
        raise TurnedAway(HTMLResponse(PAGES.draw("no_role", language), status_code=403))
    open_ones = [plan for plan, roles in seen.roles.items() if opens(roles, area)]
    plan = wanted or next(iter(open_ones), "")
    if plan in open_ones:
        return plan, seen.roles[plan]
    if seen.is_unsure:
        raise TurnedAway(sorry("directory_silent", language, 503, headers={"Retry-After": "30"}))
    raise TurnedAway(sorry("no_plan", language, 404))


def _show_who(request: Request, language: Language, *, again: bool) -> Response:
    if request.method in {"GET", "HEAD"}:
        return RedirectResponse(way_to_sign_in(request, again=again), status_code=303)
    page = PAGES.draw("show_who", language, way=way_to_sign_in(request, again=again))
    return HTMLResponse(page, status_code=403)


def caller_of(request: Request) -> Caller:
    """Whoever was let in."""
    caller: Caller = request.state.caller
    return caller


def turn_away(_request: Request, error: Exception) -> Response:
    """The handler of TurnedAway."""
    assert isinstance(error, TurnedAway)  # noqa: S101 - it is registered for nothing else
    return error.response


def keep_language(request: Request, response: Response, *, secure: bool) -> None:
    """Let the browser remember a language that was chosen on a page."""
    chosen = request.query_params.get("lang", "")
    if chosen in set(Language):
        response.set_cookie(
            LANGUAGE_COOKIE, chosen, max_age=LANGUAGE_SECONDS, secure=secure, httponly=True, samesite="lax"
        )


def _language(request: Request) -> Language:
    """As chosen on this page, else as the browser asks."""
    chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE, "")
    return language_of(chosen, browser_language(request.headers.get("accept-language", "")))
