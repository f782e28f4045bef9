"""The API as a part of the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.desks.seen import SeenPlans
from bot.desks.service_view import NoService, ServiceView
from bot.web.api.access import ApiSite, answer_problem
from bot.web.api.routes import api_routes
from bot.web.limits import Limits, PeopleLimiter
from bot.web.parts import WebPart
from bot.web.problems import API, AnswerProblem
from bot.web.sign_in.bearer import Bearers
from bot.web.sign_in.provider import Provider

if TYPE_CHECKING:
    from bot.desks.plan_desk import PlanDesk
    from bot.desks.reach import Reach
    from config.sign_in import SignInSettings

LARGEST_BODY = 256 * 1024
"""An approval may name every course."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiParts:
    """What the API is made of: `desks` by plan id, `secret` signs cursors, `clock` gives UTC.

    `wake(plan, job)` lets a job of a plan come next, `reach` asks Microsoft 365, `service` tells how the
    service fares.
    """

    settings: SignInSettings
    desks: Mapping[str, PlanDesk]
    secret: str
    clock: Callable[[], datetime]
    wake: Callable[[str, str], None]
    reach: Reach
    service: ServiceView = field(default_factory=NoService)


def programs_door(parts: ApiParts) -> WebPart:
    """The routes under `/api/v1`; raises InputError for an unreadable certificate."""
    site = ApiSite(
        desks=parts.desks,
        bearers=Bearers(parts.settings, Provider(parts.settings), clock=parts.clock),
        plans=SeenPlans(parts.desks, parts.reach, parts.clock),
        limiter=PeopleLimiter(),
        secret=parts.secret,
        wake=parts.wake,
        reach=parts.reach,
        service=parts.service,
    )
    return WebPart(
        router=api_routes(site),
        limits=(Limits(paths=(API,), largest_body=LARGEST_BODY),),
        handlers={AnswerProblem: answer_problem},
    )
