"""HR's hand: `enrol`, `withdraw`, `move`, `promote`, `handover`, `import` and `seats`.

Each decides in the books at once, and then lets calendar and messages follow. A wish that is refused tells why and what to do
(exit 2). Who did it and why stands in the seat log, which `seats` shows.
"""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.main import Options
from bot.cli.opening import opened
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import RequestKind, SeatRequest
from bot.errors import InputError
from bot.i18n.catalogue import error_text, text
from bot.messages.characters import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.registrations import Registration
    from bot.runtime import Stores, Tenant
    from config.settings import Settings

LOOKED_AT = 3
SEATED, IN_LINE = frozenset({RegistrationStatus.REGISTERED}), frozenset({RegistrationStatus.WAITLISTED})
IN_PLAY = SEATED | IN_LINE | {RegistrationStatus.TENTATIVE}
STANDINGS: dict[RequestKind, tuple[frozenset[RegistrationStatus], ...]] = {
    RequestKind.WITHDRAW: (IN_PLAY, frozenset({RegistrationStatus.INVITED})),
    RequestKind.PROMOTE: (IN_LINE,),
    RequestKind.HAND_OVER: (SEATED,),
}
"""What tells which offering is meant where none is named: the first of these that somebody has on just one. Never for a new seat."""


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
    from bot.plan.tables import read_list_file
    from bot.registrations.import_list import Listed, read_requests
    from bot.runtime import clock_of

    listed = [
        Listed(cells=row.cells, places=tuple(row.place(at) for at in range(max(len(row.cells), 1))), hidden=row.hidden)
        for row in read_list_file(Path(file))
    ]

    async def work() -> int:
        async with opened(options) as (settings, plan, stores, tenant):
            language = options.speak(plan.language)
            people = _people(plan, stores)
            requests, complaints = read_requests(listed, plan, people, by=_said_by(by), now=clock_of(settings).now())
            for one in complaints:
                click.echo(text(language, f"import.{one.problem}", place=one.place, value=one.value, other=one.other), err=True)
            if any(one.is_error for one in complaints):
                raise InputError("list_has_errors", file=file, count=sum(one.is_error for one in complaints))
            if not requests:
                click.echo(text(language, "import.nothing"), err=True)
                return 0
            requests = tuple(one if one.reason else replace(one, reason=one_line(reason)) for one in requests)
            return await _carry_out(settings, plan, stores, tenant, requests, options, form, go=yes)

    return asyncio.run(work())


@click.command(epilog="Example: kursusbot seats psykologisk-tryghed")
@click.argument("course")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def seats(options: Options, course: str, form: str) -> int:
    """Show the seat log of COURSE: who moved when, why, and by whom."""
    from bot.cli.seat_telling import log_json, log_table
    from bot.runtime import load_plan, open_stores

    settings = options.settings()
    plan = asyncio.run(load_plan(settings))
    language = options.speak(plan.language)
    _course(plan, course)
    with open_stores(settings) as stores:
        people = _people(plan, stores)
        lines = [(number, one) for number, one in stores.seats.load_log(plan.id) if one.after.course == course]
    if form == "json":
        click.echo(log_json(lines))
    elif lines:
        click.echo(log_table(lines, plan, people, language), nl=False)
    else:
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
    from bot.decisions import load_state, rows_of
    from bot.runtime import clock_of

    async def work() -> int:
        async with opened(options) as (settings, plan, stores, tenant):
            course_id, _, offering = where.partition("/")
            course = _course(plan, course_id)
            state = load_state(plan, stores, course=course.id)
            people, rows = state.people, rows_of(state)
            request = SeatRequest(
                kind=kind,
                course=course.id,
                offering="",
                email=_address(address, people, rows, anybody=kind is RequestKind.ENROL),
                at=clock_of(settings).now(),
                source=AnswerSource.HR,
                by=_said_by(by),
                reason=one_line(reason),
                to=_address(to, people, rows),
                queue=queue,
            )
            request = replace(request, offering=_offering(course, offering, request, rows))
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
    from bot.cli.seat_telling import as_json, strangers, tell, tell_strangers
    from bot.collecting import plan_as_it_stands
    from bot.decisions import decide
    from bot.invitations.preview import Reader
    from bot.rounds import responses_round

    language = options.speak(plan.language)
    reader = Reader(plan=plan_as_it_stands(plan, stores), people=_people(plan, stores), language=language, program=options.program)
    rows = stores.answers.load_registrations(plan.id, emails={one.email for one in requests})
    unknown = strangers(requests, {row.email for row in rows}, reader.people)
    tell_strangers(unknown, language)
    settlement = decide(settings, plan, stores, requests, dry_run=not go)
    followed = await responses_round(settings, plan, stores, tenant, collect=False) if go else None
    if form == "json":
        click.echo(as_json(settlement, followed, unknown))
    else:
        tell(settlement, followed, reader)
    if followed is None and any(not one.noted for one in settlement.transitions):
        return LOOKED_AT
    for error in (followed.held, *followed.carried.broken, followed.carried.stopped) if followed is not None else ():
        if error is not None:
            click.echo(error_text(language, error), err=True)
    if settlement.refusals:
        return InputError.exit_code
    return followed.exit_code if followed is not None else 0


def _course(plan: CoursePlan, course: str) -> Course:
    for one in plan.courses:
        if one.id == course:
            return one
    raise InputError("course_unknown", course=course, known=", ".join(one.id for one in plan.courses))


def _offering(course: Course, offering: str, request: SeatRequest, rows: Sequence[Registration]) -> str:
    """The offering named, the only one there is, or the only one where somebody stands as the wish supposes."""
    known = [one.id for one in course.offerings]
    if offering in known:
        return offering
    if offering:
        raise InputError("offering_unknown", offering=offering, known=", ".join(known))
    if len(known) == 1:
        return known[0]
    for statuses in STANDINGS.get(request.kind, ()):
        theirs = {row.offering for row in rows if row.status in statuses and request.email in {"", row.email}} & set(known)
        if len(theirs) == 1:
            return theirs.pop()
        if theirs:
            break
    raise InputError("offering_needed", course=course.id, known=", ".join(f"{course.id}/{one}" for one in known))


def _people(plan: CoursePlan, stores: Stores) -> PeopleIndex:
    from bot.domain.people import PeopleIndex

    return PeopleIndex(stores.books.people.load_people(plan.id))


def _address(address: str, people: PeopleIndex, rows: Sequence[Registration], *, anybody: bool = False) -> str:
    """The canonical address; "" for none. Somebody from outside is known by having a place on the course."""
    from bot.registrations.import_list import is_address

    email = people.canonical(address.strip())
    if not email or people.find(email) is not None or any(row.email == email for row in rows):
        return email
    if not is_address(email):
        raise InputError("address_invalid", address=one_line(address))
    if not anybody:
        raise InputError("person_unknown", address=email)
    return email


def _said_by(by: str | None) -> str:
    return one_line(by or "") or _user()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container's user without a name, or a machine without such a list
        return "hr"
