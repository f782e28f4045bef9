"""Files that a page gives to take along: what they are called, on every machine, and what they are."""

from __future__ import annotations

import re
from urllib.parse import quote

from fastapi.responses import Response

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "yaml": "application/yaml; charset=utf-8",
}
NOT_IN_NAMES = re.compile(r"[^\w .,()-]+")
"""What some system does not let a file be called."""
LONGEST_NAME = 80
ITS_OWN_LOOKS = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'"
)
"""The policy of a document that brings its looks: nothing is fetched, nothing runs, nothing is sent."""
IN_A_FRAME = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; "
    "base-uri 'none'; sandbox; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}
"""The same for one that a page of ours shows in a frame: its links lead nowhere there either."""


def file_named(data: bytes, form: str, *, plain: str, called: str) -> Response:
    """A file to save, named `plain` (ASCII) in programs that know no better, and `called` in the others."""
    name = NOT_IN_NAMES.sub("-", called).strip(" .-")[:LONGEST_NAME].strip() or plain
    said = f"attachment; filename=\"{plain}.{form}\"; filename*=UTF-8''{quote(f'{name}.{form}', safe='')}"
    return Response(data, media_type=MEDIA_TYPES[form], headers={"Content-Disposition": said})


def own_document(data: bytes | str) -> Response:
    """A document of HTML as it is, to look at and to print."""
    headers = {"Content-Security-Policy": ITS_OWN_LOOKS}
    return Response(data, media_type=MEDIA_TYPES["html"], headers=headers)


def framed_document(data: str) -> Response:
    """A document of HTML as it is, to look at in a frame of a page of ours."""
    return Response(data, media_type=MEDIA_TYPES["html"], headers=IN_A_FRAME)
