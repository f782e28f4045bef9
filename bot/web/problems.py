"""Errors for programs: `application/problem+json` (RFC 9457).

`type` is `about:blank`, so `title` is the status's own phrase; `code` says which problem it is, and `detail`
the same in words. What was sent is not repeated. Facts: RFC 9457, checked 2026-11.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import Response

from bot.i18n.catalogue import text
from bot.messages.characters import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.people import Language

API = "/api/"
MEDIA_TYPE = "application/problem+json"


class AnswerProblem(Exception):
    """The answer is a problem."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


def is_for_programs(path: str) -> bool:
    """Whether what goes wrong at this path is told to a program, and not on a page."""
    return path.startswith(API)


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> Response:
    """The answer; `detail` in the reader's language, `more` are members of its own."""
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": one_line(detail),
        **more,
    }
    body = json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
    return Response(body, status_code=status, media_type=MEDIA_TYPE, headers=dict(headers or {}))


def usual_problem(
    status: int, code: str, language: Language, *, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer for `api.problem.<code>` of the catalogue."""
    return problem(status, code, text(language, f"api.problem.{code}"), headers=headers)
