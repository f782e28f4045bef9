"""`Idempotency-Key`: a program that does not know whether it was heard asks again, and nothing is done twice.

| asked with | then |
|---|---|
| no key | it is done |
| a new key | it is done, and what it was answered (a refusal too) is kept for a day |
| a key that was answered | the same answer, and nothing is done |
| a key whose request is under way, in whichever process | 409 `under_way`, with when to come again |
| a key whose request came to no answer: a process died, something was silent | the books tell what was done since; else it is done |
| a key that was for another request | 422 `key_reused` |

A key is the asker's own: by whom the token names, so nobody gets somebody else's answer.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Annotated

from fastapi import Header
from starlette.responses import Response

from bot.clock import SystemClock
from bot.domain.repeats import UNDER_WAY, Turn
from bot.web.problems import MEDIA_TYPE, AnswerProblem, usual_problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from fastapi import Request
    from pydantic import BaseModel

    from bot.desks.plan_desk import PlanDesk
    from bot.web.api.access import Asker

LONGEST_KEY = 255
REFUSED, FIRST_ERROR = 409, 400
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=LONGEST_KEY,
        pattern=r"^[!-~]*$",
        description="Of the caller's own making; asked again with it, nothing is done twice. Kept for a day.",
    ),
]


def once(
    request: Request,
    asker: Asker,
    desk: PlanDesk,
    key: str,
    asked: BaseModel | None,
    act: Callable[[datetime | None], Response],
) -> Response:
    """The answer of `act`, or the one that the key has already; raises AnswerProblem.

    `act` gets since when (UTC, the books' clock) the same may have been done already, None where it was not.
    """
    if not key:
        return act(None)
    book, clock = desk.stores.repeats, SystemClock()
    whose = sha256(f"{asker.visitor.subject}\0{key}".encode()).hexdigest()
    said = asked.model_dump_json() if asked is not None else ""
    digest = sha256(f"{request.url.path}\0{said}".encode()).hexdigest()
    repeat = book.begin(whose, digest, begun_at=desk.now(), now=clock.now())
    match repeat.turn:
        case Turn.OTHER:
            raise AnswerProblem(usual_problem(422, "key_reused", asker.language))
        case Turn.UNDER_WAY:
            again = {"Retry-After": str(int(UNDER_WAY.total_seconds()))}
            raise AnswerProblem(usual_problem(REFUSED, "under_way", asker.language, headers=again))
        case Turn.ANSWERED:
            media = MEDIA_TYPE if repeat.status >= FIRST_ERROR else "application/json"
            return Response(repeat.answer, status_code=repeat.status, media_type=media)
        case Turn.FIRST | Turn.AGAIN:
            answered = False
            try:
                answer = _answer(act, repeat.begun_at if repeat.turn is Turn.AGAIN else None)
                if answer.status_code <= REFUSED:
                    book.keep(whose, answer.status_code, bytes(answer.body).decode())
                    answered = True
            finally:
                if not answered:
                    book.let_go(whose, now=clock.now())
            return answer


def _answer(act: Callable[[datetime | None], Response], since: datetime | None) -> Response:
    """With a refusal as an answer like any other."""
    try:
        return act(since)
    except AnswerProblem as refused:
        return refused.response
