"""`openapi.json`: made from the routes, with how one shows who one is, and how errors look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi

from bot.web.api.shapes import ProblemDetails
from bot.web.problems import MEDIA_TYPE

if TYPE_CHECKING:
    from fastapi import APIRouter

DESCRIPTION = (
    "The courses of a plan, who is coming, what waits for a person, and HR's hand. "
    "Each request shows a token of the sign-in as a bearer; errors are RFC 9457."
)
ERRORS = {
    400: "The request cannot be read.",
    401: "No token, or one that does not hold.",
    403: "The token has no role for this.",
    404: "There is no such thing, or it may not be seen.",
    411: "A body needs its length.",
    413: "The body is too large.",
    422: "What was sent cannot be used.",
    429: "Too many requests; `Retry-After` says when.",
    500: "A fault of ours.",
    503: "The books, the issuer or Microsoft 365 do not answer; `Retry-After` says when.",
}


def _told(status: int, description: str) -> dict[int | str, dict[str, Any]]:
    schema = {"$ref": f"#/components/schemas/{ProblemDetails.__name__}"}
    return {status: {"description": description, "content": {MEDIA_TYPE: {"schema": schema}}}}


TOLD: dict[int | str, dict[str, Any]] = {
    status: told for code, text in ERRORS.items() for status, told in _told(code, text).items()
}
CONFLICT = _told(409, "Refused, and nothing was changed; `code` says why.")
UNMATCHED = _told(412, "It is not the last one any more.") | _told(
    428, "It has to say which one it was made from."
)


def document_of(routes: APIRouter) -> dict[str, Any]:
    """The document of these routes."""
    made = get_openapi(
        title="kursusbot", version="1", openapi_version="3.1.0", description=DESCRIPTION, routes=routes.routes
    )
    parts = made.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    schemas[ProblemDetails.__name__] = ProblemDetails.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    made["security"] = [{"token": []}]
    return made
