"""Who may ask the API what: by the token, and by whom a plan is narrowed to.

| whoever asks | gets |
|---|---|
| shows no token, or one that does not hold | 401 with `WWW-Authenticate` |
| has a token, and no role that the request needs | 403 |
| asks for a plan that is not there, or that is narrowed to others | 404, the same for both |
| asks for a plan in which their role is not enough | 403 |
| asks for a plan, and the directory could not say whether they are among its people | 503 |
| asks too often | 429 |

There are no cookies, so no other site can ask in anybody's name, and no page of another site is let to read
(no CORS).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fastapi import Request

from bot.domain.sign_in import Role
from bot.log_lines import get_logger
from bot.web.error_pages import language_asked_for
from bot.web.problems import AnswerProblem, usual_problem
from bot.web.sign_in.claims import TokenRefused
from bot.web.sign_in.provider import NoVisitor

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.responses import Response

    from bot.desks.plan_desk import PlanDesk
    from bot.desks.reach import Reach
    from bot.desks.seen import PlansSeen, SeenPlans
    from bot.desks.service_view import ServiceView
    from bot.domain.people import Language
    from bot.domain.sign_in import Visitor
    from bot.web.limits import PeopleLimiter
    from bot.web.sign_in.bearer import Bearers

LOG = get_logger("bot.web.api")
CHALLENGE = 'Bearer realm="kursusbot"'
HR, READERS, EVERYBODY = frozenset({Role.HR}), frozenset({Role.HR, Role.READER}), frozenset(Role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Whoever a token names. `language` is for words; `seen` is what they are in which plan."""

    visitor: Visitor
    language: Language
    seen: PlansSeen

    @property
    def by(self) -> str:
        """How what they do is kept: as at the desk; of an app, its id."""
        return self.visitor.email or self.visitor.subject


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSite:
    """What the API's routes share, as the desk's pages do (`bot.web.desk.site`)."""

    desks: Mapping[str, PlanDesk]
    bearers: Bearers
    plans: SeenPlans
    limiter: PeopleLimiter
    secret: str
    wake: Callable[[str, str], None]
    reach: Reach
    service: ServiceView

    def token(self) -> Callable[[Request], Awaitable[None]]:
        """What every route depends on: who shows the token. Raises AnswerProblem."""

        async def check(request: Request) -> None:
            language = language_asked_for(request)
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not token.strip():
                raise AnswerProblem(_unknown(language, "no_token", CHALLENGE))
            try:
                request.state.visitor = await self.bearers.whose(token.strip())
            except TokenRefused as refused:
                LOG.info("api.token_refused", why=refused.why)
                challenge = f'{CHALLENGE}, error="invalid_token"'
                raise AnswerProblem(_unknown(language, "bad_token", challenge)) from None
            except NoVisitor:
                away = usual_problem(503, "issuer_silent", language, headers={"Retry-After": "30"})
                raise AnswerProblem(away) from None

        return check

    def to(self, roles: frozenset[Role], *, costly: bool = False) -> Callable[[Request], None]:
        """What a route for these roles depends on, after the token; none: whoever has one.

        Raises AnswerProblem.
        """

        def let_in(request: Request) -> None:
            visitor: Visitor = request.state.visitor
            language = language_asked_for(request)
            if not self.limiter.is_within(visitor.subject, changes=request.method != "GET", costly=costly):
                raise AnswerProblem(usual_problem(429, "too_many", language, headers={"Retry-After": "60"}))
            if roles and not visitor.roles & roles:
                raise AnswerProblem(usual_problem(403, "no_role", language))
            asker = Asker(visitor=visitor, language=language, seen=self.plans.of(visitor))
            plan = request.path_params.get("plan")
            request.state.asker = asker if plan is None else self._there(asker, str(plan), roles)

        return let_in

    def _there(self, asker: Asker, plan: str, roles: frozenset[Role]) -> Asker:
        """With the roles that are good for the plan."""
        own = asker.seen.roles.get(plan)
        if not own or plan not in self.desks:
            if asker.seen.is_unsure:
                away = usual_problem(503, "directory_silent", asker.language, headers={"Retry-After": "30"})
                raise AnswerProblem(away)
            raise AnswerProblem(usual_problem(404, "no_plan", asker.language))
        if roles and not own & roles:
            raise AnswerProblem(usual_problem(403, "no_role", asker.language))
        return replace(asker, visitor=replace(asker.visitor, roles=own))

    def desk(self, asker: Asker, plan: str) -> PlanDesk:
        """The plan, which may have gone since it was let in; raises AnswerProblem."""
        found = self.desks.get(plan) if plan in asker.seen.roles else None
        if found is None:
            raise AnswerProblem(usual_problem(404, "no_plan", asker.language))
        return found


def asker_of(request: Request) -> Asker:
    """Whoever was let in."""
    asker: Asker = request.state.asker
    return asker


def _unknown(language: Language, code: str, challenge: str) -> Response:
    return usual_problem(401, code, language, headers={"WWW-Authenticate": challenge})


def answer_problem(_request: Request, error: Exception) -> Response:
    """The handler of AnswerProblem."""
    assert isinstance(error, AnswerProblem)  # noqa: S101 - it is registered for nothing else
    return error.response
