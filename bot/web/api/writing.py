"""Writing to the people of a course in HR's own words, and mailing the list of them. Only HR.

GET   /api/v1/plans/{plan}/courses/{course}/broadcasts                   what was written, the last first
POST  /api/v1/plans/{plan}/courses/{course}/broadcasts                   a draft, with what sending it would do
GET   /api/v1/plans/{plan}/courses/{course}/broadcasts/{id}              the same of one; once sent, how far it is
POST  /api/v1/plans/{plan}/courses/{course}/broadcasts/{id}/send         to exactly those who were shown     logged
POST  /api/v1/plans/{plan}/courses/{course}/broadcasts/{id}/stop         what has not been begun             logged
GET   /api/v1/plans/{plan}/courses/{course}/list-mail                    whom the list may be mailed to
POST  /api/v1/plans/{plan}/courses/{course}/list-mail                    mails it as it was shown            logged

Nothing goes but with the `digest` of what was shown; the same words to the same people are one broadcast, and
an edition of the list goes to an address once, so what is asked again is not done again.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from bot.desks.messages import broadcasts as desk_of
from bot.desks.messages.broadcasts import BroadcastRefused
from bot.desks.registrations.mailed_lists import list_mail, may_get_list
from bot.domain.broadcasts import BroadcastGroup, Whereabouts
from bot.domain.errors import InputError, RunLocked
from bot.domain.messages import DeliveryState
from bot.domain.people import Language
from bot.i18n.catalogue import desk_text
from bot.rounds.overview_mail import mail_overview
from bot.web.api import desk_shapes as shapes
from bot.web.api.access import HR, asker_of
from bot.web.api.answering import Cursor, Limit, Row, answer, line_of, piece, utc
from bot.web.api.once import Key, once
from bot.web.api.openapi import CONFLICT, TOLD
from bot.web.api.paging import DEFAULT
from bot.web.problems import AnswerProblem, problem, usual_problem

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desks.messages.broadcasts import BroadcastLook, ToldBroadcast
    from bot.desks.plan_desk import PlanDesk
    from bot.domain.broadcasts import Broadcast
    from bot.web.api.access import ApiSite, Asker

FOLLOW = "follow_decisions"
BROADCASTS = "/plans/{plan}/courses/{course}/broadcasts"


def writing_routes(site: ApiSite) -> APIRouter:
    """All of them."""
    routes = APIRouter(prefix="/api/v1", responses=TOLD | CONFLICT, dependencies=[Depends(site.token())])
    _add_broadcasts(site, routes)
    _add_sending(site, routes)
    _add_list_mail(site, routes)
    return routes


def _add_broadcasts(site: ApiSite, routes: APIRouter) -> None:
    only_hr = [Depends(site.to(HR))]

    @routes.get(BROADCASTS, response_model=shapes.BroadcastRows, dependencies=only_hr)
    def listed(
        request: Request, plan: str, course: str, limit: Limit = DEFAULT, cursor: Cursor = ""
    ) -> Response:
        asker = asker_of(request)
        desk = _desk(site, asker, plan, course)
        rows = [_told(one) for one in desk_of.broadcasts_of(desk.books, course)]
        return piece(site, asker, rows, lambda row: str(row["id"]), limit=limit, cursor=cursor)

    @routes.post(BROADCASTS, status_code=201, response_model=shapes.BroadcastDocument, dependencies=only_hr)
    def write(
        request: Request, plan: str, course: str, asked: shapes.BroadcastAsked, key: Key = ""
    ) -> Response:
        asker = asker_of(request)
        desk = _desk(site, asker, plan, course)
        return once(request, asker, desk, key, asked, partial(_write, desk, asker, course, asked))

    @routes.get(BROADCASTS + "/{broadcast}", response_model=shapes.BroadcastDocument, dependencies=only_hr)
    def one(request: Request, plan: str, course: str, broadcast: str) -> Response:
        asker = asker_of(request)
        desk = _desk(site, asker, plan, course)
        return answer(_document(desk, _found(desk, asker, course, broadcast)))


def _add_sending(site: ApiSite, routes: APIRouter) -> None:
    only_hr = [Depends(site.to(HR))]

    @routes.post(BROADCASTS + "/{broadcast}/send", response_model=shapes.BroadcastSent, dependencies=only_hr)
    def send(
        request: Request, plan: str, course: str, broadcast: str, asked: shapes.SendAsked, key: Key = ""
    ) -> Response:
        asker = asker_of(request)
        desk = _desk(site, asker, plan, course)
        found = _found(desk, asker, course, broadcast)
        return once(request, asker, desk, key, asked, partial(_send, site, desk, asker, found, asked))

    @routes.post(BROADCASTS + "/{broadcast}/stop", response_model=shapes.BroadcastRow, dependencies=only_hr)
    def stop(request: Request, plan: str, course: str, broadcast: str, key: Key = "") -> Response:
        asker = asker_of(request)
        desk = _desk(site, asker, plan, course)
        found = _found(desk, asker, course, broadcast)
        return once(request, asker, desk, key, None, partial(_stop, desk, asker, found))


def _add_list_mail(site: ApiSite, routes: APIRouter) -> None:
    only_hr = [Depends(site.to(HR))]
    where = "/plans/{plan}/courses/{course}/list-mail"

    @routes.get(where, response_model=shapes.ListMailDocument, dependencies=only_hr)
    def look(request: Request, plan: str, course: str) -> Response:
        asker = asker_of(request)
        return answer(_list_mail(_desk(site, asker, plan, course), asker, course))

    @routes.post(where, response_model=shapes.ListMailDocument, dependencies=only_hr)
    def mail(
        request: Request, plan: str, course: str, asked: shapes.ListMailAsked, key: Key = ""
    ) -> Response:
        asker = asker_of(request)
        desk = _desk(site, asker, plan, course)
        return once(request, asker, desk, key, asked, partial(_mail, site, desk, asker, course, asked))


def _desk(site: ApiSite, asker: Asker, plan: str, course: str) -> PlanDesk:
    """Raises AnswerProblem where nobody has been told of the course."""
    desk = site.desk(asker, plan)
    if desk.books.plan.course(course) is None:
        raise AnswerProblem(usual_problem(404, "no_course", asker.language))
    return desk


def _found(desk: PlanDesk, asker: Asker, course: str, broadcast: str) -> Broadcast:
    work = desk.books
    found = work.stores.broadcasts.load_broadcast(work.plan.id, broadcast)
    if found is None or found.where.course != course:
        raise AnswerProblem(usual_problem(404, "no_broadcast", asker.language))
    return found


def _write(
    desk: PlanDesk, asker: Asker, course: str, asked: shapes.BroadcastAsked, _since: datetime | None
) -> Response:
    where = Whereabouts(course=course, offering=asked.offering or "", session=asked.session or "")
    words = {Language(one.language): (one.subject, one.text) for one in asked.words}
    try:
        made = desk_of.write_broadcast(
            desk.books, where, [BroadcastGroup(one) for one in asked.to], words, by=asker.by
        )
    except BroadcastRefused as refused:
        raise AnswerProblem(_refused(refused, asker)) from None
    return JSONResponse(_document(desk, made), status_code=201)


def _send(
    site: ApiSite,
    desk: PlanDesk,
    asker: Asker,
    found: Broadcast,
    asked: shapes.SendAsked,
    _since: datetime | None,
) -> Response:
    work = desk.books
    if found.sent_at is None:
        people = str(len(desk_of.look_at_broadcast(work, found).recipients))
        line = line_of(desk, asker, "write", course=found.where.course, subject=people, detail=found.id)
        try:
            desk_of.send_broadcast(
                work, found, asked.digest, by=asker.by, at_once=asked.at_once, noted=[line]
            )
        except BroadcastRefused as refused:
            raise AnswerProblem(_refused(refused, asker)) from None
    site.wake(desk.written.id, FOLLOW)
    sent = _found(desk, asker, found.where.course, found.id)
    return answer(
        {"id": sent.id, "people": sent.people, "by": sent.sent_by, "goes_from": utc(sent.goes_from)}
    )


def _stop(desk: PlanDesk, asker: Asker, found: Broadcast, _since: datetime | None) -> Response:
    line = line_of(desk, asker, "write", course=found.where.course, detail=f"stop {found.id}")
    desk_of.stop_broadcast(desk.books, found, by=asker.by, noted=[line])
    return answer(_told(_progress(desk, found)))


def _progress(desk: PlanDesk, found: Broadcast) -> ToldBroadcast:
    told = desk_of.broadcasts_of(desk.books, found.where.course)
    return next(one for one in told if one.broadcast.id == found.id)


def _told(told: ToldBroadcast) -> Row:
    one, count = told.broadcast, told.progress.count
    return {
        "id": one.id,
        "state": "draft" if one.sent_at is None else "sent",
        "offering": one.where.offering,
        "session": one.where.session,
        "to": [group.value for group in one.groups],
        "subject": one.words[0].subject if one.words else "",
        "by": one.sent_by or one.by,
        "at": utc(one.sent_at or one.written_at),
        "people": one.people,
        "went": count(DeliveryState.SENT),
        "waiting": count(DeliveryState.DUE, DeliveryState.SENDING),
        "stopped": count(DeliveryState.SKIPPED),
        "failed": count(DeliveryState.FAILED, DeliveryState.EXPIRED),
    }


def _document(desk: PlanDesk, found: Broadcast) -> Row:
    """The row, and of a draft what sending it would do now."""
    row = _told(_progress(desk, found))
    return row | (
        {"look": None} if found.sent_at else {"look": _look(desk_of.look_at_broadcast(desk.books, found))}
    )


def _look(look: BroadcastLook) -> Row:
    groups = [one.group for one in look.recipients]
    return {
        "digest": look.digest,
        "people": len(look.recipients),
        "by_group": {group.value: groups.count(group) for group in BroadcastGroup if group in groups},
        "unreachable": len(look.unreachable),
        "waits_until": utc(look.waits_until),
        "mails": [
            {
                "language": one.language.value,
                "people": one.people,
                "subject": one.mail.subject,
                "text": one.plain,
                "links": list(one.links),
            }
            for one in look.mails
        ],
    }


def _refused(refused: InputError, asker: Asker) -> Response:
    return problem(409, refused.code, desk_text(asker.language, refused))


def _list_mail(desk: PlanDesk, asker: Asker, course: str) -> Row:
    allowed = may_get_list(desk.books, course, also=asker.visitor.email)
    mail = list_mail(desk.books, course, allowed, asker.language)
    had = [message.key in mail.foreseen.before for message in mail.foreseen.messages]
    to = [{"email": one, "has_it": before} for one, before in zip(allowed, had, strict=True)]
    return {"digest": mail.edition.digest, "people": mail.people, "file": mail.file, "to": to}


def _mail(
    site: ApiSite,
    desk: PlanDesk,
    asker: Asker,
    course: str,
    asked: shapes.ListMailAsked,
    since: datetime | None,
) -> Response:
    allowed = may_get_list(desk.books, course, also=asker.visitor.email)
    wanted = {one.lower() for one in asked.to}
    chosen = tuple(one for one in allowed if one.lower() in wanted)
    if len(chosen) != len(wanted):
        raise AnswerProblem(usual_problem(409, "not_their_list", asker.language))
    edition = list_mail(desk.books, course, chosen, asker.language).edition
    if edition.digest != asked.digest:
        raise AnswerProblem(usual_problem(409, "list_changed", asker.language))
    if since is None:
        subject = chosen[0] if len(chosen) == 1 else str(len(chosen))
        line = line_of(
            desk, asker, "registrations --send", course=course, subject=subject, detail=edition.digest
        )
        desk.stores.actions.note(line)
    try:
        site.reach(desk.written.id, lambda work: mail_overview(work, edition, chosen))
    except RunLocked as locked:
        again = problem(503, locked.code, desk_text(asker.language, locked), headers={"Retry-After": "30"})
        raise AnswerProblem(again) from None
    return answer(_list_mail(desk, asker, course))
