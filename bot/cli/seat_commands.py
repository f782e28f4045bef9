"""HR's hand: `enrol`, `withdraw`, `move`, `promote`, `handover` and `seats`; a list is `import`.

Each decides in the books at once, and then lets calendar and messages follow; with `--dry-run` it only tells
what would happen. A wish that is refused tells why and what to do (exit 2). Who did it and why stands in the
seat log, which `seats` shows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from bot.cli.main import Options
from bot.cli.opening import opened
from bot.cli.who import by_option
from bot.domain.errors import InputError
from bot.domain.seats import RequestKind
from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from bot.desks.hand.wishes import Wish


def hand(command: Callable[..., int]) -> Callable[..., int]:
    """The options that every command of HR has."""
    options: tuple[Callable[[Callable[..., int]], Callable[..., int]], ...] = (
        click.option(
            "--reason",
            default="",
            help="Why; it stands in the log, and on the page of the person it is about.",
        ),
        click.option(
            "--names-others",
            is_flag=True,
            help="The reason names somebody else, and may: the person it is about reads it.",
        ),
        click.option(
            "--by",
            default=None,
            help="Who decides (default: by KURSUSBOT_BY, else the person at the terminal).",
        ),
        click.option(
            "--dry-run", is_flag=True, help="Only tell what would happen, mails too; nothing is changed."
        ),
        click.option(
            "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
        ),
        click.pass_obj,
    )
    for option in options:
        command = option(command)
    return command


above_capacity = click.option(
    "--above-capacity",
    "above",
    is_flag=True,
    help="Give the seat also where none is left; --reason says why.",
)


@click.command(
    epilog=(
        "Example: kursusbot enrol psykologisk-tryghed/hold-2 anna.eksempel@kommune.example --reason 'Ny "
        "leder'"
    )
)
@click.argument("course")
@click.argument("address")
@click.option("--queue", is_flag=True, help="A place in line will do where there is no seat.")
@click.option(
    "--external", is_flag=True, help="ADDRESS comes from outside, and the directory does not know it."
)
@above_capacity
@hand
def enrol(
    options: Options,
    course: str,
    address: str,
    queue: bool,
    external: bool,
    above: bool,
    reason: str,
    **said: Any,
) -> int:
    """Give ADDRESS a seat on COURSE[/OFFERING], also after the deadline."""
    wish = _wish(RequestKind.ENROL, course, email=address, queue=queue, above=above, reason=reason)
    return _hand(options, wish, external=external, **said)


@click.command(
    epilog="Example: kursusbot withdraw lederdag-2025 anna.eksempel@kommune.example --reason 'Sygdom'"
)
@click.argument("course")
@click.argument("address")
@hand
def withdraw(options: Options, course: str, address: str, reason: str, **said: Any) -> int:
    """Take ADDRESS off COURSE[/OFFERING]; the seat goes to the first in line."""
    return _hand(options, _wish(RequestKind.WITHDRAW, course, email=address, reason=reason), **said)


@click.command(epilog="Example: kursusbot move psykologisk-tryghed anna.eksempel@kommune.example hold-2")
@click.argument("course")
@click.argument("address")
@click.argument("offering")
@above_capacity
@hand
def move(
    options: Options, course: str, address: str, offering: str, above: bool, reason: str, **said: Any
) -> int:
    """Move ADDRESS to OFFERING of COURSE."""
    where = f"{course}/{offering}"
    return _hand(options, _wish(RequestKind.MOVE, where, email=address, above=above, reason=reason), **said)


@click.command(epilog="Example: kursusbot promote psykologisk-tryghed/hold-1")
@click.argument("course")
@click.argument("address", required=False)
@above_capacity
@hand
def promote(options: Options, course: str, address: str | None, above: bool, reason: str, **said: Any) -> int:
    """Give a free seat of COURSE[/OFFERING] to ADDRESS in the line, or to the first in it.

    Also when the line stands still.
    """
    wish = _wish(RequestKind.PROMOTE, course, email=address or "", above=above, reason=reason)
    return _hand(options, wish, **said)


@click.command(
    epilog=(
        "Example: kursusbot handover lederdag-2025 anna.eksempel@kommune.example bo.eksempel@kommune.example"
    )
)
@click.argument("course")
@click.argument("giver")
@click.argument("colleague")
@hand
def handover(options: Options, course: str, giver: str, colleague: str, reason: str, **said: Any) -> int:
    """Give the seat of GIVER on COURSE[/OFFERING] to COLLEAGUE, in one step."""
    return _hand(
        options, _wish(RequestKind.HAND_OVER, course, email=giver, to=colleague, reason=reason), **said
    )


@click.command(epilog="Example: kursusbot seats psykologisk-tryghed")
@click.argument("course")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@by_option
@click.pass_obj
def seats(options: Options, course: str, form: str, by: str | None) -> int:
    """Show the seat log of COURSE: who moved when, why, and by whom."""
    from bot.cli.actions import note_action
    from bot.cli.opening import opened_books
    from bot.cli.seat_telling import log_json, log_table
    from bot.domain.people import PeopleIndex

    with opened_books(options) as work:
        settings, plan, stores = work.settings, work.plan, work.stores
        language = options.speak(plan.language)
        plan.known_course(course)
        people = PeopleIndex(stores.books.people.load_people(plan.id))
        lines = stores.seats.load_log(plan.id, course=course)
        about = {one.after.email for _, one in lines}
        note_action(
            options,
            settings,
            stores.actions,
            "seats",
            by=by,
            plan=plan.id,
            course=course,
            about=about,
            detail=form,
        )
    if form == "json":
        click.echo(log_json(lines))
    elif lines:
        click.echo(log_table(lines, plan, people, language), nl=False)
    else:
        click.echo(text(language, "seats.log_empty"))
    return 0


def _wish(kind: RequestKind, where: str, **said: Any) -> Wish:
    from bot.desks.hand.wishes import Wish

    course, _, offering = where.partition("/")
    return Wish(kind=kind, course=course, offering=offering, **said)


def _name_of(kind: RequestKind) -> str:
    return "handover" if kind is RequestKind.HAND_OVER else kind.value


def _hand(
    options: Options,
    wish: Wish,
    *,
    by: str | None,
    form: str,
    dry_run: bool,
    names_others: bool,
    external: bool = False,
) -> int:
    from bot.cli.hand import Hand
    from bot.cli.who import person_at_the_terminal
    from bot.desks.hand.wishes import read_wish
    from bot.opening.clock import clock_of

    async def act() -> int:
        async with opened(options, to_read=dry_run) as work:
            settings, plan, stores = work.settings, work.plan, work.stores
            request = read_wish(
                plan,
                stores,
                replace(wish, by=person_at_the_terminal(options, settings, by)),
                now=clock_of(settings).now(),
            )
            hands = Hand(
                work=work,
                options=options,
                form=form,
                command=_name_of(wish.kind),
                names_others=names_others,
            )
            look = await hands.look((request,), external=(request.email,) if external else ())
            faults = hands.faults(look)
            if faults:
                hands.tell_faults(look, faults)
                return InputError.exit_code
            if not dry_run:
                return await hands.finish(look)
            hands.show(look, "seats.dry_run")
            return 0

    return asyncio.run(act())
