"""Certificates: one's own behind a signed link, and for everybody whether one of a code holds.

    GET  /certificate                a field for a code
    POST /certificate                yes or no
    GET  /certificate/{token}        somebody's certificates of a course, behind their link
    GET  /certificate/{token}/pdf    one of them as a PDF (`offering`)

None of them decides anything. Who asks by a code is told yes or no and nothing else: no name, no course. A
code that was never given out, one that is none, and one whose holder's attendance was taken back are answered
with the same page and status. The code is sent in a form, so that it stands in no history and no log; a form
from elsewhere may ask as well, there is nothing to gain. One client may ask so often a minute, and there are
2^100 codes.

| behind a link, when | status | page |
|---|---|---|
| not a link of ours | 404 | `invalid` |
| the plan, the person or the certificate is not known any more | 404 | `gone` |
| the link was renewed | 410 | `renewed` |
| HR has taken back that the person came | 200 | that is said; the PDF is 404 |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from limits import parse

from bot.domain.certificates import LONGEST_TYPED_CODE, written_code
from bot.domain.links import EndedLink, LinkEnd, Purpose
from bot.domain.pages import OwnCertificate, OwnCertificates
from bot.domain.people import Language
from bot.links import LinkInvalid, read_token
from bot.ports.desk import CertificateDoor, Desk
from bot.web.error_pages import language_asked_for, language_of, sorry
from bot.web.limits import Limits
from bot.web.parts import READ, WebPart
from bot.web.rendering import Templates

PAGES = Templates(Path(__file__).parent / "templates")
ASKING = Limits(paths=("/certificate",), sent_by_one=parse("20/minute"))
OWN = Limits(paths=("/certificate/",), looks=parse("30/minute"))


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSite:
    """What the routes need: the desks by plan id, and the secrets that the links were made with."""

    desks: Mapping[str, Desk]
    secrets: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    own: OwnCertificates
    door: CertificateDoor
    language: Language


def certificate_pages(site: CertificateSite) -> WebPart:
    """The pages of everybody who has a certificate, and of everybody who is shown one."""
    routes = APIRouter()

    @routes.api_route("/certificate", methods=READ)
    def ask(request: Request, lang: str = "") -> Response:
        return _asked(language_of(lang, language_asked_for(request)), None)

    @routes.post("/certificate")
    def answer(
        request: Request, code: Annotated[str, Form()] = "", lang: Annotated[str, Form()] = ""
    ) -> Response:
        typed = code[:LONGEST_TYPED_CODE]
        desk = next(iter(site.desks.values()), None)
        holds = desk is not None and desk.certificates().holds(typed)
        return _asked(language_of(lang, language_asked_for(request)), holds if typed.strip() else None)

    @routes.api_route("/certificate/{token}", methods=READ)
    def show(request: Request, token: str, lang: str = "") -> Response:
        opened = _opened(site, request, token, lang)
        if isinstance(opened, Response):
            return opened
        page = PAGES.draw(
            "own", opened.language, own=opened.own, token=token, written=written_code,
            here=f"/certificate/{token}?",
        )  # fmt: skip
        return HTMLResponse(page)

    @routes.api_route("/certificate/{token}/pdf", methods=READ)
    def pdf(request: Request, token: str, offering: str = "", lang: str = "") -> Response:
        opened = _opened(site, request, token, lang)
        if isinstance(opened, Response):
            return opened
        one = next((one for one in opened.own.certificates if one.offering == offering), None)
        if one is None or not one.holds:
            return sorry("gone", opened.language, 404, contact=opened.own.contact)
        return _file(opened.door.file(one), one)

    return WebPart(router=routes, limits=(ASKING, OWN))


def _asked(language: Language, holds: bool | None) -> Response:
    return HTMLResponse(
        PAGES.draw("check", language, holds=holds, longest=LONGEST_TYPED_CODE, here="/certificate?")
    )


def _file(data: bytes, one: OwnCertificate) -> Response:
    name = "kursusbevis" if one.paper.language == Language.DA.value else "certificate"
    attached = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return Response(data, media_type="application/pdf", headers=attached)


def _opened(site: CertificateSite, request: Request, token: str, lang: str) -> _Opened | Response:
    stranger = language_of(lang, language_asked_for(request))
    try:
        grant = read_token(site.secrets, token, purpose=Purpose.CERTIFICATE)
    except LinkInvalid:
        return sorry("invalid", stranger, 404)
    desk = site.desks.get(grant.plan)
    if desk is None:
        return sorry("gone", stranger, 404)
    door = desk.certificates()
    found = door.behind(grant)
    if isinstance(found, EndedLink):
        status = 404 if found.why is LinkEnd.GONE else 410
        return sorry(found.why.value, language_of(lang, found.language), status, contact=found.contact)
    return _Opened(own=found, door=door, language=language_of(lang, found.language))
