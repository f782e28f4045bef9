"""The evaluation of a course, behind a person's own link.

    GET  /p/{token}/evaluation    the form, or where it stands                      decides nothing
    POST /p/{token}/evaluation    keeps it, then 303 to the same page               anonymous: see below

| when | status | page |
|---|---|---|
| the person is not asked, it is not open yet, or closed | 200 | says which |
| they have answered already, in another window too | 200, 409 for a form | says so; the first form stands |
| something has to be put right | 422 | the form as it was typed |

Otherwise as `bot.web.person.routes`. What is sent stands in no log, and no line says when somebody answered.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from bot.messages.characters import typed as as_typed
from bot.web.parts import READ, WebPart
from bot.web.person.site import Opened, opened, opened_for_change

FIELD = "e-"
"""What the fields of the form begin with."""

router = APIRouter()
Asked = Annotated[Opened, Depends(opened)]
Answering = Annotated[Opened, Depends(opened_for_change)]


def evaluation_pages() -> WebPart:
    """The form of everybody who has a link; as much may be asked of it as of their other pages."""
    return WebPart(router=router)


@router.api_route("/p/{token}/evaluation", methods=READ)
def show_form(asked: Asked) -> Response:
    """The form, where it is open; else where it stands."""
    return asked.show_evaluation()


async def _said(request: Request) -> dict[str, str]:
    form = await request.form()
    return {
        name.removeprefix(FIELD): as_typed(value).strip()
        for name, value in form.items()
        if name.startswith(FIELD) and isinstance(value, str)
    }


@router.post("/p/{token}/evaluation")
def keep_form(answering: Answering, said: Annotated[dict[str, str], Depends(_said)]) -> Response:
    """Keep what is said, once."""
    wrong = answering.desk.evaluate(answering.page, said)
    if wrong is None:
        return answering.afresh().show_evaluation(409)
    if wrong:
        return answering.show_evaluation(422, typed=said, wrong=wrong)
    language = answering.language.value
    return RedirectResponse(f"/p/{answering.token}/evaluation?lang={language}", status_code=303)
