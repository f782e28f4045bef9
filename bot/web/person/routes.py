"""A person's own page behind a signed link.

    GET  /p/{token}            shows a page                                     decides nothing
    GET  /p/{token}/confirm    asks whether it is meant                         decides nothing
    POST /p/{token}/confirm    decides, then 303 to the page                    the only place where something happens,
    POST /p/{token}/here       checks in with the code of the room, then 303 to the page          and this
    POST /p/{token}/note       keeps a note, then 303 to the page               and this
    POST /p/{token}/answers    keeps answers to the course's questions, then 303 to the page      and this

Mail scanners open every link and people forward mails: a link that is opened shows whose it is, and nothing
changes before a form on our own page has been sent. Tokens and addresses stand in no log.

| when | status | page |
|---|---|---|
| not a link of ours, or not a page | 404 | `invalid` |
| the link has ended, was renewed, or is a leaver's | 410 | `expired`, `renewed`, `left`, with whom to write to |
| a delegate's who may not answer for the leader any more | 410 | `no_delegate`, the same |
| the plan or the course is not known any more | 404 | `gone` |
| the form was not sent from our own page | 403 | `foreign_form` |
| the desk wants something put right | 422 | the same page, what is wrong beside the field |
| the desk refuses | 409 | the course as it is now, and why |

The link of a delegate opens the leader's page: it says for whom they answer, and what they do is in the log
of who did what. That one was only opened is not: scanners open links.

What may be asked for, and what has to be put right, is the desk's (`bot.desks.person.wishes`).
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response
from limits import parse

from bot.desks.person.wishes import what_happened
from bot.domain.addresses import visible
from bot.domain.check_in import CheckInAnswer
from bot.domain.pages import ON_PAGE, OwnWish
from bot.domain.seats import RefusalReason
from bot.log_lines import get_logger
from bot.messages.characters import typed
from bot.web.answer_fields import TypedAnswers
from bot.web.limits import Limits
from bot.web.parts import READ, WebPart
from bot.web.person.forms import BY_LINK, still_true
from bot.web.person.site import FormAnswers, Opened, PersonSite, opened, opened_for_change

log = get_logger("bot.web")
router = APIRouter()
HERE = "here"
LIMITS = Limits(paths=("/p/",), looks=parse("120/minute"), changes=parse("20/minute"))

Shown = Annotated[Opened, Depends(opened)]
Changing = Annotated[Opened, Depends(opened_for_change)]


def person_pages(site: PersonSite) -> WebPart:
    """The pages of everybody who has a link."""
    return WebPart(router=router, limits=(LIMITS,), state={"person": site})


@router.api_route("/p/{token}", methods=READ)
def show_page(shown: Shown, done: str = "", offering: str = "") -> Response:
    """The course, and what has just happened to it, as far as that is still so."""
    about = shown.page.course.offering(offering)
    is_so = any(one.came for one in shown.page.check_ins) if done == HERE else still_true(done, about)
    return shown.show_course(done=done if is_so else "", about=about)


@router.api_route("/p/{token}/confirm", methods=READ)
def ask(shown: Shown, action: str = "", offering: str = "") -> Response:
    """The question, where what is asked for is offered."""
    kind, about = BY_LINK.get(action), shown.page.course.offering(offering)
    if about is None or kind is None or kind not in about.actions:
        return RedirectResponse(shown.address(), status_code=303)
    return shown.show_question(kind, about)


@router.post("/p/{token}/confirm")  # noqa: FAST003 - the link is opened by what it depends on
def decide(
    changing: Changing,
    action: Annotated[str, Form()] = "",
    offering: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    colleague: Annotated[str, Form()] = "",
    *,
    answers: TypedAnswers,
) -> Response:
    """What the desk says to the wish."""
    kind, about = BY_LINK.get(action), changing.page.course.offering(offering)
    wish = OwnWish(
        kind=kind,
        offering=offering,
        reason=typed(reason),
        colleague=typed(visible(colleague)),
        answers=answers,
    )
    answer = changing.desk.decide(changing.page, wish)
    if answer.problem is not None and kind is not None and about is not None:
        return changing.show_question(
            kind,
            about,
            422,
            problem=answer.problem.value,
            colleague=wish.colleague,
            reason=wish.reason,
        )
    if answer.answers and kind is not None and about is not None:
        form = FormAnswers(typed=answers, problems=answer.answers)
        return changing.show_question(kind, about, 422, answers=form)
    after, asked_for = changing.afresh(), kind.value if kind is not None else "unknown"
    now_there = after.page.course.offering(offering)
    if answer.refused is not None or kind is None:
        refused = answer.refused.value if answer.refused is not None else ""
        log.info("web.refused", kind=asked_for, reason=refused)
        return after.show_course(409, refused=refused, about=now_there)
    grant = changing.grant
    changing.desk.note_for(ON_PAGE, changing.page, did=kind.value)
    log.info("web.decided", kind=asked_for, plan=grant.plan, course=grant.course)
    changing.site.on_decided(grant.plan)
    return RedirectResponse(
        changing.address(done=what_happened(kind, now_there), offering=offering), status_code=303
    )


@router.post("/p/{token}/here")  # noqa: FAST003 - as above
def check_in(changing: Changing, code: Annotated[str, Form()] = "") -> Response:
    """Keep that the person is there, where the code is the one of an open session of the course.

    A delegate is there for nobody.
    """
    site, page = changing.site, changing.page
    sessions = changing.desk.check_in((site.secret, *site.former_secrets))
    answer = None if page.by else sessions.say_with_code(page.course.course, typed(code).strip(), page.email)
    if answer is not CheckInAnswer.DONE:
        return changing.show_course(422, code_problem="wrong_code")
    return RedirectResponse(changing.address(done=HERE), status_code=303)


@router.post("/p/{token}/note")  # noqa: FAST003 - as above
def keep_note(changing: Changing, text: Annotated[str, Form()] = "") -> Response:
    """Keep what the person writes to HR."""
    note = typed(text)
    problem = changing.desk.save_note(changing.page, note)
    if problem is not None:
        return changing.show_course(422, problem=problem.value, note=note)
    changing.desk.note_for(ON_PAGE, changing.page, did="note")
    return RedirectResponse(changing.address(done="note"), status_code=303)


@router.post("/p/{token}/answers")  # noqa: FAST003 - as above
def keep_answers(changing: Changing, answers: TypedAnswers) -> Response:
    """Keep what the person answers to the course's questions; of who is asked nothing any more nothing is."""
    if not changing.page.course.may_answer:
        return changing.show_course(409, refused=RefusalReason.NOTHING_TO_DO.value)
    problems = changing.desk.save_answers(changing.page, answers)
    if problems:
        return changing.show_course(422, answers=FormAnswers(typed=answers, problems=problems))
    return RedirectResponse(changing.address(done="answers"), status_code=303)
