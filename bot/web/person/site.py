"""What the routes of a person's own pages are given: the opened page behind a link, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Depends, Form, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response

from bot.domain.evaluation import LONGEST_SAID, WrongEvaluation
from bot.domain.links import EndedLink, Grant, LinkEnd
from bot.domain.pages import OfferingView, PersonPage
from bot.domain.people import Language
from bot.domain.questions import WrongAnswer
from bot.domain.seats import RequestKind
from bot.links import LinkInvalid, read_person_token
from bot.ports.desk import Desk
from bot.web.error_pages import language_asked_for, language_of, sorry
from bot.web.person.drawing import PAGES
from bot.web.person.forms import LIMITS
from bot.web.protection import form_nonce, form_proof, is_own_form, keep_nonce


class NothingToShow(Exception):
    """There is no page behind a link, and `answer` says why."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


def ended(link: EndedLink, lang: str) -> NothingToShow:
    """What is shown of a link that opens nothing any more."""
    status, language = (404 if link.why is LinkEnd.GONE else 410), language_of(lang, link.language)
    return NothingToShow(sorry(link.why.value, language, status, contact=link.contact))


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSite:
    """What all pages have in common: the desks by plan id, and the settings that the links were made with.

    `former_secrets` open what was sent before; `on_decided` is told the plan in which something was decided.
    """

    desks: Mapping[str, Desk]
    secret: str
    former_secrets: Sequence[str]
    base_url: str
    now: Callable[[], datetime]
    on_decided: Callable[[str], None]

    @property
    def is_secure(self) -> bool:
        """Whether the pages are reached by https."""
        return urlsplit(self.base_url).scheme == "https"

    def behind(self, request: Request, token: str, lang: str) -> tuple[Desk, Grant]:
        """The desk that a link leads to, and what it says. Raises NothingToShow."""
        stranger = language_of(lang, language_asked_for(request))
        try:
            grant = read_person_token((self.secret, *self.former_secrets), token)
        except LinkInvalid:
            raise NothingToShow(sorry("invalid", stranger, 404)) from None
        desk = self.desks.get(grant.plan)
        if desk is None:
            raise NothingToShow(sorry("gone", stranger, 404))
        return desk, grant

    def open(self, request: Request, token: str, lang: str) -> Opened:
        """Everything that a page needs. Raises NothingToShow."""
        desk, grant = self.behind(request, token, lang)
        page = desk.page(grant)
        if isinstance(page, EndedLink):
            raise ended(page, lang)
        return Opened(
            site=self,
            request=request,
            token=token,
            # Plan and course may have other ids by now than the link says.
            grant=replace(grant, plan=desk.plan, course=page.course.course),
            desk=desk,
            page=page,
            language=language_of(lang, page.language),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FormAnswers:
    """Answers to a course's questions as they were typed, and what has to be put right, both by question."""

    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, WrongAnswer] = field(default_factory=dict)


NOTHING_TYPED = FormAnswers()
NOTHING_SAID: Mapping[str, str] = MappingProxyType({})
NOTHING_WRONG: Mapping[str, WrongEvaluation] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A link that opens a page: whose it is, and what it shows."""

    site: PersonSite
    request: Request
    token: str
    grant: Grant
    desk: Desk
    page: PersonPage
    language: Language

    def afresh(self) -> Opened:
        """With the page as it is by now; who is gone meanwhile keeps the one that they had."""
        page = self.desk.page(self.grant)
        return self if isinstance(page, EndedLink) else replace(self, page=page)

    def address(self, **facts: str) -> str:
        """Where the page is; `facts` tell it what just happened."""
        return f"/p/{self.token}?{urlencode({'lang': self.language.value, **facts})}"

    def show_course(
        self,
        status: int = 200,
        *,
        about: OfferingView | None = None,
        answers: FormAnswers = NOTHING_TYPED,
        **facts: str,
    ) -> Response:
        """The course; `done` and `refused` among the facts tell what just happened to `about`."""
        said = {
            "done": "",
            "refused": "",
            "problem": "",
            "code_problem": "",
            "note": self.page.course.note,
        } | facts
        return self._show("course", status, here=f"/p/{self.token}?", about=about, answers=answers, **said)

    def show_question(
        self,
        kind: RequestKind,
        about: OfferingView,
        status: int = 200,
        *,
        answers: FormAnswers = NOTHING_TYPED,
        **facts: str,
    ) -> Response:
        """The form that asks whether it is meant; the facts are what was typed, and what is wrong with it."""
        asked = urlencode({"action": kind.value, "offering": about.offering})
        said = {"problem": "", "colleague": "", "reason": ""} | facts
        here = f"/p/{self.token}/confirm?{asked}&"
        return self._show("confirm", status, here=here, kind=kind, about=about, answers=answers, **said)

    def show_evaluation(
        self,
        status: int = 200,
        *,
        typed: Mapping[str, str] = NOTHING_SAID,
        wrong: Mapping[str, WrongEvaluation] = NOTHING_WRONG,
    ) -> Response:
        """The form of our own, or where it stands; with what was typed, and what has to be put right."""
        here = f"/p/{self.token}/evaluation?"
        facts = {"typed": typed, "wrong": wrong, "longest": LONGEST_SAID}
        return self._show("evaluation", status, here=here, **facts)

    def _show(self, name: str, status: int, **facts: Any) -> Response:
        """A page with a form on it; the browser gets the cookie that the form needs."""
        nonce = form_nonce(self.request)
        html = PAGES.draw(
            name,
            self.language,
            limits=LIMITS,
            kinds=RequestKind,
            address=quote,
            page=self.page,
            course=self.page.course,
            token=self.token,
            proof=form_proof(self.site.secret, nonce, self.token),
            **facts,
        )
        answer = HTMLResponse(html, status_code=status)
        keep_nonce(answer, nonce, secure=self.site.is_secure)
        return answer


async def site_of(request: Request) -> PersonSite:
    """The site of the application that is asked."""
    site: PersonSite = request.app.state.person
    return site


Site = Annotated[PersonSite, Depends(site_of)]


def opened(request: Request, site: Site, token: str, lang: str = "") -> Opened:
    """The page behind the link in the path, in the language that is asked for."""
    return site.open(request, token, lang)


async def texts_only(request: Request) -> None:
    """Raises RequestValidationError for a form with anything but texts, whatever else is wrong with it."""
    if not all(isinstance(value, str) for value in (await request.form()).values()):
        raise RequestValidationError([])


def opened_for_change(
    request: Request,
    site: Site,
    _form: Annotated[None, Depends(texts_only)],
    token: str,
    proof: Annotated[str, Form()] = "",
    lang: Annotated[str, Form()] = "",
) -> Opened:
    """As `opened`, for a form that was sent from our own page."""
    page = site.open(request, token, lang)
    if not is_own_form(request, secret=site.secret, token=token, proof=proof, base_url=site.base_url):
        raise NothingToShow(sorry("foreign_form", page.language, 403, contact=page.page.contact))
    return page
