"""Somebody's tasks after a course, behind their link: also when it opens nothing else any more.

    GET  /p/{token}/after    the tasks that have fallen due, each with its question     decides nothing
    POST /p/{token}/after    keeps the answer about one of them, then 303 to the page

| when | status | page |
|---|---|---|
| there is no such link, or no task of theirs has fallen due | 404 | `invalid`, `gone` |
| it has ended (`bot.desks.afterwards.own_tasks`) | 410 | says why |
| something has to be put right | 422 | the form as it was typed |
| the task is closed | 409 | their tasks as they stand |

What somebody says of what they did themselves stands in no log of who did what.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.domain.links import EndedLink
from bot.domain.people import Language
from bot.domain.task_answers import LONGEST_SAID, OwnTasks, TaskState, WrongTask
from bot.messages.characters import typed as as_typed
from bot.ports.desk import TaskDoor
from bot.web.error_pages import language_of, sorry
from bot.web.parts import READ, WebPart
from bot.web.person.drawing import PAGES
from bot.web.person.site import NothingToShow, PersonSite, Site, ended, texts_only
from bot.web.protection import form_nonce, form_proof, is_own_form, keep_nonce

router = APIRouter()


def task_pages() -> WebPart:
    """The tasks of everybody who has a link; as much may be asked of them as of their other pages."""
    return WebPart(router=router)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedTasks:
    """A link that opens somebody's tasks."""

    site: PersonSite
    request: Request
    token: str
    door: TaskDoor
    own: OwnTasks
    language: Language

    def show(
        self,
        status: int = 200,
        *,
        wrong: WrongTask | None = None,
        place: str = "",
        state: str = "",
        said: str = "",
        kept: bool = False,
    ) -> Response:
        """The page; with what was typed about the task at `place`, and what has to be put right."""
        nonce, own = form_nonce(self.request), self.own
        html = PAGES.draw(
            "tasks",
            self.language,
            own=own,
            page={"organisation": own.organisation, "name": own.name or own.email, "contact": own.contact,
                "by": "", "by_name": ""},
            token=self.token,
            proof=form_proof(self.site.secret, nonce, self.token),
            here=f"/p/{self.token}/after?",
            states=tuple(TaskState),
            longest=LONGEST_SAID,
            wrong=wrong,
            typed={"place": place, "state": state, "said": said},
            kept=kept,
        )  # fmt: skip
        answer = HTMLResponse(html, status_code=status)
        keep_nonce(answer, nonce, secure=self.site.is_secure)
        return answer


def _open(request: Request, site: PersonSite, token: str, lang: str) -> OpenedTasks:
    """Raises NothingToShow."""
    desk, grant = site.behind(request, token, lang)
    door = desk.tasks()
    own = door.behind(grant)
    if isinstance(own, EndedLink):
        raise ended(own, lang)
    return OpenedTasks(
        site=site, request=request, token=token, door=door, own=own, language=language_of(lang, own.language)
    )


def _to_change(
    request: Request,
    site: Site,
    _form: Annotated[None, Depends(texts_only)],
    token: str,
    proof: Annotated[str, Form()] = "",
    lang: Annotated[str, Form()] = "",
) -> OpenedTasks:
    opened = _open(request, site, token, lang)
    if not is_own_form(request, secret=site.secret, token=token, proof=proof, base_url=site.base_url):
        raise NothingToShow(sorry("foreign_form", opened.language, 403, contact=opened.own.contact))
    return opened


@router.api_route("/p/{token}/after", methods=READ)
def show_tasks(request: Request, site: Site, token: str, lang: str = "", kept: str = "") -> Response:
    """Somebody's tasks, each with what they said of it."""
    opened = _open(request, site, token, lang)
    place = kept if any(one.place == kept and one.answer for one in opened.own.tasks) else ""
    return opened.show(kept=bool(place), place=place)


@router.post("/p/{token}/after")
def keep_task(
    opened: Annotated[OpenedTasks, Depends(_to_change)],
    task: Annotated[str, Form()] = "",
    state: Annotated[str, Form()] = "",
    said: Annotated[str, Form()] = "",
) -> Response:
    """Keep what is said of one task; it can be said otherwise until the task closes."""
    if not any(one.place == task and one.is_open for one in opened.own.tasks):
        return opened.show(409)
    words = as_typed(said).strip()
    wrong = opened.door.say(opened.own, task, state, words, language=opened.language)
    if wrong is not None:
        return opened.show(422, wrong=wrong, place=task, state=state, said=words)
    asked = urlencode({"lang": opened.language.value, "kept": task})
    return RedirectResponse(f"/p/{opened.token}/after?{asked}", status_code=303)
