"""What the API's answers are made of: pieces of lists, instants, and a line of who looked or did what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Query
from fastapi.responses import JSONResponse

from bot.domain.actions import Action
from bot.domain.approvals import Door
from bot.web.api.paging import MOST, BadCursor, piece_of
from bot.web.problems import AnswerProblem, usual_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from starlette.responses import Response

    from bot.desks.plan_desk import PlanDesk
    from bot.web.api.access import ApiSite, Asker

Row = dict[str, Any]
Limit = Annotated[int, Query(ge=1, le=MOST)]
Cursor = Annotated[str, Query(max_length=100)]


def answer(document: object) -> JSONResponse:
    """As JSON."""
    return JSONResponse(document)


def piece(
    site: ApiSite, asker: Asker, rows: Sequence[Row], called: Callable[[Row], str], *, limit: int, cursor: str
) -> Response:
    """Some of the rows; `called` is unique among them. Raises AnswerProblem."""
    try:
        found = piece_of(rows, called, limit=limit, cursor=cursor, secret=site.secret)
    except BadCursor:
        raise AnswerProblem(usual_problem(422, "bad_cursor", asker.language)) from None
    return answer({"items": list(found.items), "next": found.next})


def utc(moment: datetime | None) -> str | None:
    """An instant, RFC 3339 UTC."""
    return None if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def on_the_plans_clock(wall: datetime | None, zone: str) -> str | None:
    """A wall time with the plan's offset."""
    return None if wall is None else wall.replace(tzinfo=ZoneInfo(zone)).isoformat(timespec="seconds")


def line_of(
    desk: PlanDesk, asker: Asker, command: str, *, course: str = "", subject: str = "", detail: str = ""
) -> Action:
    """Who looked at what or did what by this door."""
    return Action(
        at=desk.now(),
        by=asker.by,
        command=command,
        plan=desk.as_read.id,
        course=course,
        subject=subject,
        door=Door.API.value,
        detail=detail,
    )
