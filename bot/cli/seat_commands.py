"""HR's hand: `enrol`, `withdraw`, `move`, `promote`, `handover`, `import` and `seats`.

Each decides in the books at once, and then lets calendar and messages follow. A wish that is refused tells why and what to do
(exit 2). Who did it and why stands in the seat log, which `seats` shows.
"""

from __future__ import annotations

import asyncio
import getpass
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.main import Options
from bot.cli.opening import opened
from bot.domain.registrations import AnswerSource
from bot.domain.seats import RequestKind, SeatRequest
from bot.errors import InputError
from bot.i18n.catalogue import error_text, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.people import Language, PeopleIndex
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.seats import Settlement
    from bot.rounds import Collected
    from bot.runtime import Stores, Tenant
    from config.settings import Settings

LOOKED_AT = 3


def hand(command: Callable[..., int]) -> Callable[..., int]:
    """The options that every command of HR has."""
    options: tuple[Callable[[Callable[..., int]], Callable[..., int]], ...] = (
        click.option("--reason", default="", help="Why; it stands in the log, and the person does not see it."),
        click.option("--by", default=None, help="Who decides (default: the user of this machine)."),
        click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True),
        click.pass_obj,
    )
    for option in options:
        command = option(command)
    return command


@click.command(epilog="Example: kursusbot enrol psykologisk-tryghed/hold-2 anna.eksempel@kommune.example --reason 'Ny leder'")
@click.argument("course")
@click.argument("address")
@click.option("--queue", is_flag=True, help="A place in line will do where there is no seat.")
@hand
def enrol(options: Options, course: str, address: str, queue: bool, **said: Any) -> int:
    """Give ADDRESS a seat on COURSE[/OFFERING], also after the deadline."""
    return _hand(options, RequestKind.ENROL, course, address, queue=queue, **said)


@click.command(epilog="Example: kursusbot withdraw lederdag-2025 anna.eksempel@kommune.example --reason 'Sygdom'")
@click.argument("course")
@click.argument("address")
@hand
def withdraw(options: Options, course: str, address: str, **said: Any) -> int:
    """Take ADDRESS off COURSE[/OFFERING]; the seat goes to the first in line."""
    return _hand(options, RequestKind.WITHDRAW, course, address, **said)


@click.command(epilog="Example: kursusbot move psykologisk-tryghed anna.eksempel@kommune.example hold-2")
@click.argument("course")
@click.argument("address")
@click.argument("offering")
@hand
def move(options: Options, course: str, address: str, offering: str, **said: Any) -> int:
    """Move ADDRESS to OFFERING of COURSE."""
    return _hand(options, RequestKind.MOVE, f"{course}/{offering}", address, **said)


@click.command(epilog="Example: kursusbot promote psykologisk-tryghed/hold-1")
@click.argument("course")
@click.argument("address", required=False)
@hand
def promote(options: Options, course: str, address: str | None, **said: Any) -> int:
    """Give a free seat of COURSE[/OFFERING] to ADDRESS in the line, or to the first in it; also when the line stands still."""
    return _hand(options, RequestKind.PROMOTE, course, address or "", **said)


@click.command(epilog="Example: kursusbot handover lederdag-2025 anna.eksempel@kommune.example bo.eksempel@kommune.example")
@click.argument("course")
@click.argument("giver")
@click.argument("colleague")
@hand
def handover(options: Options, course: str, giver: str, colleague: str, **said: Any) -> int:
    """Give the seat of GIVER on COURSE[/OFFERING] to COLLEAGUE, in one step."""
    return _hand(options, RequestKind.HAND_OVER, course, giver, to=colleague, **said)


@click.command("import", epilog="Example: kursusbot import deltagere.xlsx --yes")
@click.argument("file")
@click.option("--yes", is_flag=True, help="Carry the list out; without it, it is only shown what would happen.")
@hand
def import_(options: Options, file: str, yes: bool, by: str | None, reason: str, form: str) -> int:
    """Enrol, move or withdraw the people of a list (xlsx or csv)."""
    from bot.plan.tables import read_list
    from bot.registrations.import_list import Listed, read_requests
    from bot.runtime import clock_of

    try:
        rows = read_list(Path(file).read_bytes(), file)
    except OSError:
        raise InputError("list_unreadable", file=file) from None
    listed = [Listed(cells=row.cells, places=tuple(row.place(at) for at in range(max(len(row.cells), 1)))) for row in rows]

    async def work() -> int:
        async with opened(options) as (settings, plan, stores, tenant):
            language = options.speak(plan.language)
            people = _people(plan, stores)
            requests, complaints = read_requests(listed, plan, people, by=by or _user(), now=clock_of(settings).now())
            for one in complaints:
                click.echo(text(language, f"import.{one.problem}", place=one.place, value=one.value), err=True)
            if any(one.is_error for one in complaints):
                raise InputError("list_has_errors", file=file, count=sum(one.is_error for one in complaints))
            requests = tuple(one if one.reason else _with_reason(one, reason) for one in requests)
            return await _carry_out(settings, plan, stores, tenant, requests, options, form, go=yes)

    return asyncio.run(work())


@click.command(epilog="Example: kursusbot seats psykologisk-tryghed")
@click.argument("course")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def seats(options: Options, course: str, form: str) -> int:
    """Show the seat log of COURSE: who moved when, why, and by whom."""
    from bot.registrations.listing import wall_time
    from bot.runtime import load_plan, open_stores

    settings = options.settings()
    plan = asyncio.run(load_plan(settings))
    language = options.speak(plan.language)
    _course(plan, course)
    with open_stores(settings) as stores:
        people = _people(plan, stores)
        lines = [(number, one) for number, one in stores.seats.load_log(plan.id) if one.after.course == course]
    rows = [
        {
            "seq": number,
            "since": one.after.since.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "offering": one.after.offering,
            "email": one.after.email,
            "from": one.before.value if one.before else None,
            "to": one.after.status.value if one.after.status else None,
            "cause": one.after.cause.value,
            "source": one.after.source.value,
            "late": one.after.late,
            "by": one.after.by,
            "reason": one.after.reason,
        }
        for number, one in lines
    ]
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    for _, one in lines:
        after = one.after
        moment = wall_time(after.since, plan).strftime("%Y-%m-%d %H:%M")
        said = " – ".join(part for part in (after.by, after.reason) if part)
        cause = text(language, f"seats.cause.{after.cause}")
        click.echo(f"{moment}  {after.offering}  {_name(people, after.email)}: {cause}{f' ({said})' if said else ''}")
    if not lines:
        click.echo(text(language, "seats.log_empty"))
    return 0


def _hand(
    options: Options,
    kind: RequestKind,
    where: str,
    address: str,
    *,
    reason: str,
    by: str | None,
    form: str,
    queue: bool = False,
    to: str = "",
) -> int:
    from bot.runtime import clock_of

    async def work() -> int:
        async with opened(options) as (settings, plan, stores, tenant):
            people = _people(plan, stores)
            _check_address(address, people, known=kind is not RequestKind.ENROL)
            _check_address(to, people, known=True)
            course_id, _, offering = where.partition("/")
            course = _course(plan, course_id)
            email = people.canonical(address) if address else ""
            request = SeatRequest(
                kind=kind,
                course=course.id,
                offering=_offering(course, offering, email, stores, plan),
                email=email,
                at=clock_of(settings).now(),
                source=AnswerSource.HR,
                by=by or _user(),
                reason=reason,
                to=people.canonical(to) if to else "",
                queue=queue,
            )
            return await _carry_out(settings, plan, stores, tenant, (request,), options, form, go=True)

    return asyncio.run(work())


async def _carry_out(
    settings: Settings,
    plan: CoursePlan,
    stores: Stores,
    tenant: Tenant,
    requests: Sequence[SeatRequest],
    options: Options,
    form: str,
    *,
    go: bool,
) -> int:
    from bot.decisions import decide
    from bot.rounds import responses_round

    language = options.speak(plan.language)
    people = _people(plan, stores)
    settlement = decide(settings, plan, stores, requests, dry_run=not go)
    followed = await responses_round(settings, plan, stores, tenant, collect=False) if go else None
    if form == "json":
        click.echo(_as_json(settlement, followed))
    else:
        _tell(plan, settlement, people, language, done=go)
    if settlement.refusals:
        return InputError.exit_code
    if followed is None:
        return LOOKED_AT if settlement.transitions else 0
    for error in (followed.held, followed.carried.stopped):
        if error is not None:
            click.echo(error_text(language, error), err=True)
    return followed.exit_code


def _tell(plan: CoursePlan, settlement: Settlement, people: PeopleIndex, language: Language, *, done: bool) -> None:
    from bot.invitations.preview_seats import offering_titles

    titles = offering_titles(plan)
    if not done:
        click.echo(text(language, "seats.preview"))
    for one in settlement.transitions:
        after = one.after
        if not one.noted and (one.before is not None or after.status is not None):
            title = titles.get((after.course, after.offering), after.offering)
            click.echo(f"{title}: {_name(people, after.email)} – {text(language, f'seats.cause.{after.cause}')}")
    for refusal in settlement.refusals:
        request = refusal.request
        title = titles.get((request.course, request.offering), request.offering)
        reason = text(language, f"seats.refused.{refusal.reason}")
        click.echo(f"{title}: {_name(people, request.email)} – {reason}", err=True)


def _as_json(settlement: Settlement, followed: Collected | None) -> str:
    moves = [
        {
            "course": one.after.course,
            "offering": one.after.offering,
            "email": one.after.email,
            "from": one.before.value if one.before else None,
            "to": one.after.status.value if one.after.status else None,
            "cause": one.after.cause.value,
        }
        for one in settlement.transitions
        if not one.noted
    ]
    refused = [
        {"course": one.request.course, "offering": one.request.offering, "email": one.request.email, "reason": one.reason.value}
        for one in settlement.refusals
    ]
    document: dict[str, object] = {"moves": moves, "refused": refused}
    if followed is not None:
        document["mails"] = sum(one.change.mails for one in followed.carried.applied) + len(followed.carried.messages)
    return json.dumps(document, ensure_ascii=False, indent=2)


def _course(plan: CoursePlan, course: str) -> Course:
    for one in plan.courses:
        if one.id == course:
            return one
    raise InputError("course_unknown", course=course, known=", ".join(one.id for one in plan.courses))


def _offering(course: Course, offering: str, email: str, stores: Stores, plan: CoursePlan) -> str:
    """The offering named, the only one there is, or the only one that the person has something to do with."""
    known = [one.id for one in course.offerings]
    if offering in known:
        return offering
    if offering:
        raise InputError("offering_unknown", offering=offering, known=", ".join(known))
    if len(known) == 1:
        return known[0]
    _, standings = stores.seats.load_standings(plan.id, course=course.id)
    mine = {one.offering for one in standings if one.email == email and one.status is not None}
    if len(mine) == 1:
        return mine.pop()
    raise InputError("offering_needed", course=course.id, known=", ".join(f"{course.id}/{one}" for one in known))


def _people(plan: CoursePlan, stores: Stores) -> PeopleIndex:
    from bot.domain.people import PeopleIndex

    return PeopleIndex(stores.books.people.load_people(plan.id))


def _check_address(address: str, people: PeopleIndex, *, known: bool) -> None:
    from bot.registrations.import_list import ADDRESS

    if address and (people.find(address) is None if known else not ADDRESS.fullmatch(address)):
        raise InputError("person_unknown", address=address)


def _name(people: PeopleIndex, email: str) -> str:
    person = people.find(email)
    return (person.name if person else "") or email


def _with_reason(request: SeatRequest, reason: str) -> SeatRequest:
    from dataclasses import replace

    return replace(request, reason=reason)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "hr"
