"""`import`: a list of people to enrol, move or withdraw; shown first, and all of it or nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.main import Options
from bot.cli.seat_commands import hand
from bot.domain.errors import InputError
from bot.i18n.catalogue import text
from bot.messages.characters import one_line

if TYPE_CHECKING:
    from bot.domain.people import Language
    from bot.seats.import_headings import Complaint, ListedRequest
    from bot.seats.import_list import ReadList

LOOKED_AT = 3


@click.command("import", epilog="Example: kursusbot import deltagere.xlsx --yes")
@click.argument("file")
@click.option(
    "--yes", is_flag=True, help="Carry the list out; without it, it is only shown what would happen."
)
@click.option(
    "--external",
    is_flag=True,
    help="People of other domains may come from outside (else: a column »Ekstern« with »ja«).",
)
@hand
def import_(
    options: Options,
    file: str,
    yes: bool,
    external: bool,
    by: str | None,
    reason: str,
    form: str,
    dry_run: bool,
    names_others: bool,
) -> int:
    """Enrol, move or withdraw the people of a list (xlsx or csv).

    All of it, or nothing where anything is wrong.
    """
    from bot.cli.hand import Hand
    from bot.cli.opening import opened
    from bot.cli.who import person_at_the_terminal
    from bot.domain.people import PeopleIndex
    from bot.opening.clock import clock_of
    from bot.seats.import_list import read_requests

    listed = _rows(file)
    go = yes and not dry_run

    async def act() -> int:
        async with opened(options, to_read=not go) as work:
            settings, plan, stores = work.settings, work.plan, work.stores
            language = options.speak(plan.language)
            people = PeopleIndex(stores.books.people.load_people(plan.id))
            read = read_requests(
                listed,
                plan,
                people,
                by=person_at_the_terminal(options, settings, by),
                now=clock_of(settings).now(),
            )
            complaints = _tell(read, language)
            if not read.requests and not complaints:
                click.echo(text(language, "import.nothing"), err=True)
                return 0
            requests = [one if one.reason else replace(one, reason=one_line(reason)) for one in read.requests]
            places = {
                (one.email, one.course, one.offering): place
                for one, place in zip(read.requests, read.places, strict=True)
            }
            hands = Hand(
                work=work, options=options, form=form,
                command="import",
                names_others=names_others,
                place_of=lambda email, course, offering: places.get((email, course, offering), ""),
            )  # fmt: skip
            look = await hands.look(
                requests, external={one.email for one in requests} if external else read.external
            )
            faults = hands.faults(look)
            if faults or complaints:
                hands.tell_faults(look, faults)
                raise InputError("list_has_errors", file=file, count=len(faults) + len(complaints))
            if go:
                return await hands.finish(look)
            hands.show(look, "seats.dry_run" if dry_run else "seats.preview")
            return 0 if dry_run else LOOKED_AT

    return asyncio.run(act())


def _rows(file: str) -> list[ListedRequest]:
    from bot.plan.tables import read_list_file
    from bot.seats.import_headings import ListedRequest

    return [
        ListedRequest(
            cells=row.cells,
            places=tuple(row.place(at) for at in range(max(len(row.cells), 1))),
            hidden=row.hidden,
        )
        for row in read_list_file(Path(file))
    ]


def _tell(read: ReadList, language: Language) -> list[Complaint]:
    """Every complaint on stderr; returns those that are errors."""
    for one in read.complaints:
        click.echo(
            text(language, f"import.{one.problem}", place=one.place, value=one.value, other=one.other),
            err=True,
        )
    return [one for one in read.complaints if one.is_error]
