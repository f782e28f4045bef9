"""Writing to the people of a course: write, look, send, and follow what becomes of it. Only HR.

    GET  /courses/ID/write             the form; `offering`, `session`, `to` fill it in, `draft` opens one again
    POST /courses/ID/write             keeps a draft, then 303 to where it is looked at
    GET  /courses/ID/write/DRAFT       who gets it and how it looks; once it is sent, how far it has come
    GET  /courses/ID/write/DRAFT/da    the mail in that language, as the first of its readers gets it
    POST /courses/ID/write/DRAFT       `act`: send, try, stop or drop                            then 303 back

Nothing is sent but by the second press, which brings back the digest of what was shown. To more than
`bot.domain.broadcasts.MANY` only somebody sends who has shown who they are within the hour; the draft is kept
meanwhile. What is wrong with a form is 422 and the page with what was typed; what has changed since it was
shown is 409 and the page as it is now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from bot.desks.messages import broadcasts as desk_of
from bot.desks.messages.broadcasts import BroadcastRefused
from bot.domain.actions import Action
from bot.domain.approvals import Door
from bot.domain.broadcasts import MANY, Broadcast, BroadcastGroup, Whereabouts
from bot.domain.errors import InputError
from bot.domain.people import Language
from bot.domain.sign_in import Area
from bot.i18n.catalogue import text
from bot.log_lines import get_logger
from bot.web.desk.access import Caller, TurnedAway, caller_of
from bot.web.desk.broadcast_page import look_facts, places_of, progress_facts
from bot.web.desk.downloads import own_document
from bot.web.desk.site import FOLLOW, DeskSite
from bot.web.error_pages import sorry
from bot.web.sign_in.routes import way_to_sign_in

if TYPE_CHECKING:
    from bot.desks.plan_desk import PlanDesk
    from bot.opening.work import BookWork

LOG = get_logger("bot.web.desk")
SEND, TRY, STOP, DROP = "send", "try", "stop", "drop"
DONE = frozenset({SEND, TRY, STOP})
WHEN_AT_ONCE = "at_once"


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastForm:
    """What somebody typed."""

    where: str = ""
    to: tuple[str, ...] = ()
    words: tuple[tuple[Language, str, str], ...] = ()
    draft: str = ""


def broadcast_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()
    _add_writing(site, routes)
    _add_looking(site, routes)
    _add_acting(site, routes)
    return routes


def _add_writing(site: DeskSite, routes: APIRouter) -> None:
    only_hr = [Depends(site.access.to(Area.WRITE))]

    @routes.get("/courses/{course}/write", dependencies=only_hr)
    def form(
        request: Request,
        course: str,
        plan: str = "",
        offering: str = "",
        session: str = "",
        to: Annotated[list[str] | None, Query()] = None,
        draft: str = "",
    ) -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        work = desk.books
        kept = work.stores.broadcasts.load_broadcast(work.plan.id, draft) if draft else None
        if kept is not None and kept.sent_at is None and kept.where.course == course:
            filled = _form_of(kept)
        else:
            wanted = to or [BroadcastGroup.REGISTERED.value, BroadcastGroup.TENTATIVE.value]
            filled = BroadcastForm(where="/".join(filter(None, (offering, session))), to=tuple(wanted))
        return _form_page(site, request, caller, desk, course, filled)

    @routes.post("/courses/{course}/write", dependencies=site.to_send(Area.WRITE))
    def write(
        request: Request,
        course: str,
        plan: str = "",
        where: Annotated[str, Form()] = "",
        to: Annotated[list[str] | None, Form()] = None,
        subject_da: Annotated[str, Form()] = "",
        text_da: Annotated[str, Form()] = "",
        subject_en: Annotated[str, Form()] = "",
        text_en: Annotated[str, Form()] = "",
        draft: Annotated[str, Form()] = "",
    ) -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        words = ((Language.DA, subject_da, text_da), (Language.EN, subject_en, text_en))
        typed = BroadcastForm(where=where, to=tuple(to or ()), words=words, draft=draft)
        offering, _, session = where.partition("/")
        try:
            made = desk_of.write_broadcast(
                desk.books,
                Whereabouts(course=course, offering=offering, session=session),
                [BroadcastGroup(one) for one in typed.to if one in set(BroadcastGroup)],
                {language: (subject, said) for language, subject, said in words},
                by=_name(caller),
                instead_of=draft,
            )
        except BroadcastRefused as error:
            return _form_page(site, request, caller, desk, course, typed, refused=error)
        except InputError:
            return sorry("no_course", caller.language, 404)
        return RedirectResponse(_address(made, desk), 303)


def _add_looking(site: DeskSite, routes: APIRouter) -> None:
    only_hr = [Depends(site.access.to(Area.WRITE))]

    @routes.get("/courses/{course}/write/{broadcast}", dependencies=only_hr)
    def show(
        request: Request, course: str, broadcast: str, plan: str = "", done: str = "", q: str = ""
    ) -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        found = _found(desk.books, caller, course, broadcast)
        return _page(site, request, caller, desk, found, done=done if done in DONE else "", q=q)

    @routes.get("/courses/{course}/write/{broadcast}/{language}", dependencies=only_hr)
    def mail(request: Request, course: str, broadcast: str, language: str, plan: str = "") -> Response:
        caller = caller_of(request)
        work = site.desk(caller, plan).books
        found = _found(work, caller, course, broadcast)
        for one in desk_of.look_at_broadcast(work, found).mails:
            if one.language.value == language:
                return own_document(one.mail.html)
        return sorry("no_broadcast", caller.language, 404)


def _add_acting(site: DeskSite, routes: APIRouter) -> None:
    @routes.post("/courses/{course}/write/{broadcast}", dependencies=site.to_send(Area.WRITE))
    def act(
        request: Request,
        course: str,
        broadcast: str,
        plan: str = "",
        act: Annotated[str, Form()] = "",
        digest: Annotated[str, Form()] = "",
        when: Annotated[str, Form()] = "",
    ) -> Response:
        caller = caller_of(request)
        desk = site.desk(caller, plan)
        work = desk.books
        found = _found(work, caller, course, broadcast)
        if act == DROP:
            work.stores.broadcasts.drop_draft(work.plan.id, found.id)
            return RedirectResponse(_form_address(found, desk), 303)
        if act == SEND and found.sent_at is None:
            return _send(site, request, caller, desk, found, digest=digest, when=when)
        if act == TRY and found.sent_at is None and caller.visitor.email:
            desk_of.try_out_broadcast(work, found, to=caller.visitor.email)
            _note(desk, caller, found, detail=f"try {found.id}")
        if act == STOP:
            _stop(desk, caller, found)
        site.wake(desk.written.id, FOLLOW)
        return RedirectResponse(_address(found, desk, done=act if act in DONE else ""), 303)


def _stop(desk: PlanDesk, caller: Caller, found: Broadcast) -> None:
    line = _line(desk, caller, found, detail=f"stop {found.id}")
    stopped = desk_of.stop_broadcast(desk.books, found, by=_name(caller), noted=[line])
    LOG.info("desk.broadcast_stopped", plan=desk.written.id, course=found.where.course, stopped=stopped)


def _send(
    site: DeskSite,
    request: Request,
    caller: Caller,
    desk: PlanDesk,
    found: Broadcast,
    *,
    digest: str,
    when: str,
) -> Response:
    work = desk.books
    look = desk_of.look_at_broadcast(work, found)
    if len(look.recipients) > MANY and not caller.is_fresh:
        return _page(site, request, caller, desk, found, status=403)
    line = _line(desk, caller, found, detail=found.id, subject=str(len(look.recipients)))
    try:
        first = desk_of.send_broadcast(
            work, found, digest, by=_name(caller), at_once=when == WHEN_AT_ONCE, noted=[line]
        )
    except BroadcastRefused as error:
        problem = text(caller.language, f"errors.{error.code}", **error.params)
        return _page(site, request, caller, desk, found, status=409, problem=problem)
    LOG.info(
        "desk.broadcast_sent",
        plan=work.plan.id,
        course=found.where.course,
        people=len(look.recipients),
        first=first,
    )
    site.wake(desk.written.id, FOLLOW)
    return RedirectResponse(_address(found, desk, done=SEND), 303)


def _form_page(
    site: DeskSite,
    request: Request,
    caller: Caller,
    desk: PlanDesk,
    course: str,
    filled: BroadcastForm,
    *,
    refused: BroadcastRefused | None = None,
) -> Response:
    work = desk.books
    known = work.plan.course(course)
    if known is None:
        return sorry("no_course", caller.language, 404)
    places = places_of(work, known)
    return site.show(
        request, caller, Area.COURSES, "write", status=422 if refused else 200, desk=desk,
        course=known, places=places, groups=tuple(BroadcastGroup), filled=filled,
        words={language: (subject, said) for language, subject, said in filled.words},
        languages=sorted(Language, key=lambda one: (one is not work.plan.language, one)),
        field=refused.field if refused else "",
        error=text(caller.language, f"errors.{refused.code}", **refused.params) if refused else "",
        told=desk_of.broadcasts_of(work, course),
    )  # fmt: skip


def _page(
    site: DeskSite, request: Request, caller: Caller, desk: PlanDesk, found: Broadcast, *,
    status: int = 200, done: str = "", problem: str = "", q: str = "",
) -> Response:  # fmt: skip
    """The draft, or how far it has come; whoever is shown names is in the log."""
    work = desk.books
    shared: dict[str, Any] = {
        "desk": desk, "status": status, "done": done, "problem": problem, "q": q,
        "here_address": _address(found, desk), "form_address": _form_address(found, desk),
        "mail_address": lambda language: _mail_address(found, desk, language),
    }  # fmt: skip
    if found.sent_at is not None:
        facts = progress_facts(work, found, caller.language)
        return site.show(request, caller, Area.COURSES, "written", **shared, **facts)
    desk.look(caller.visitor, "write", course=found.where.course, detail="look")
    facts = look_facts(work, found, caller.language, q)
    is_many = facts["count"] > MANY and not caller.is_fresh
    return site.show(
        request, caller, Area.COURSES, "write_look", **shared, **facts,
        way=way_to_sign_in(request, again=True) if is_many else "",
    )  # fmt: skip


def _found(work: BookWork, caller: Caller, course: str, broadcast: str) -> Broadcast:
    found = work.stores.broadcasts.load_broadcast(work.plan.id, broadcast)
    if found is None or found.where.course != course or work.plan.course(course) is None:
        raise TurnedAway(sorry("no_broadcast", caller.language, 404))
    return found


def _form_of(draft: Broadcast) -> BroadcastForm:
    return BroadcastForm(
        where="/".join(filter(None, (draft.where.offering, draft.where.session))),
        to=tuple(group.value for group in draft.groups),
        words=tuple((one.language, one.subject, one.text) for one in draft.words),
        draft=draft.id,
    )


def _name(caller: Caller) -> str:
    return caller.visitor.email or caller.visitor.subject


def _line(desk: PlanDesk, caller: Caller, found: Broadcast, *, detail: str, subject: str = "") -> Action:
    return Action(
        at=desk.books.now(),
        by=_name(caller),
        command="write",
        plan=desk.written.id,
        course=found.where.course,
        subject=subject,
        door=Door.DESK.value,
        detail=detail,
    )


def _note(desk: PlanDesk, caller: Caller, found: Broadcast, *, detail: str) -> None:
    desk.books.stores.actions.note(_line(desk, caller, found, detail=detail))


def _address(one: Broadcast, desk: PlanDesk, **more: str) -> str:
    query = urlencode({"plan": desk.written.id} | {name: word for name, word in more.items() if word})
    return f"/courses/{quote(one.where.course, safe='')}/write/{one.id}?{query}"


def _mail_address(one: Broadcast, desk: PlanDesk, language: Language) -> str:
    path = f"/courses/{quote(one.where.course, safe='')}/write/{one.id}/{language.value}"
    return f"{path}?{urlencode({'plan': desk.written.id})}"


def _form_address(one: Broadcast, desk: PlanDesk) -> str:
    """Where the draft can be corrected."""
    query = urlencode({"plan": desk.written.id, "draft": one.id})
    return f"/courses/{quote(one.where.course, safe='')}/write?{query}"
