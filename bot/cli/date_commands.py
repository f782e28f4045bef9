"""`dates`: when most of a course's people can come and a room is free. Only reads."""

from __future__ import annotations

import asyncio
import sys

import click

from bot.cli.main import Options


@click.command(
    epilog=(
        "Example: kursusbot dates lederdag-2026 --from 2026-03-01 --to 2026-05-31 --length 6h --avoid "
        "2026-03-30..2026-04-06"
    )
)
@click.argument("course")
@click.option("--from", "first", metavar="DATE", required=True, help="The first day that will do.")
@click.option("--to", "last", metavar="DATE", required=True, help="The last day that will do.")
@click.option("--length", metavar="TIME", required=True, help="How long it lasts: 3h, 90m, 1h30m.")
@click.option(
    "--session",
    default="",
    help="Which session, where several have no date, or where it has one that is to be another.",
)
@click.option("--earliest", metavar="HOUR", default="08:30", show_default=True, help="No start before this.")
@click.option("--latest", metavar="HOUR", default="16:00", show_default=True, help="No end after this.")
@click.option(
    "--avoid",
    metavar="DATE[..DATE]",
    multiple=True,
    help="Days to keep clear of, beside school holidays; may be repeated.",
)
@click.option(
    "--required",
    metavar="ADDRESS",
    multiple=True,
    help="Without whom it cannot be held, beside the speakers; may be repeated.",
)
@click.option(
    "--room", metavar="ADDRESS", multiple=True, help="This room; may be repeated for one of several."
)
@click.option("--no-room", is_flag=True, help="Look for no room.")
@click.option(
    "--seats",
    type=click.IntRange(min=1),
    help="Seats in the room (default: the course's, else one for everybody).",
)
@click.option(
    "--equipment",
    metavar="WORD",
    multiple=True,
    help="What has to be in the room, as Exchange names it; may be repeated.",
)
@click.option(
    "--most", type=click.IntRange(min=1), default=10, show_default=True, help="How many dates to show."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def dates(
    options: Options,
    course: str,
    first: str,
    last: str,
    length: str,
    session: str,
    earliest: str,
    latest: str,
    avoid: tuple[str, ...],
    required: tuple[str, ...],
    room: tuple[str, ...],
    no_room: bool,
    seats: int | None,
    equipment: tuple[str, ...],
    most: int,
    form: str,
) -> int:
    """Dates on which most of the people of COURSE[/OFFERING] and a room are free, best first.

    What to write in the plan.
    """
    from bot.cli.opening import opened
    from bot.desks.dates.options import read_addresses, read_day, read_days, read_hour, read_length
    from bot.desks.dates.telling import as_json, as_text, notes
    from bot.domain.errors import InputError
    from bot.i18n.catalogue import plural
    from bot.rounds.free_dates import find_dates
    from bot.rounds.steps.date_subject import DateQuestion

    async def act() -> int:
        name, _, offering = course.partition("/")
        async with opened(options, to_read=True) as work:
            plan = work.written
            if no_room and (room or seats or equipment):
                raise InputError("dates_room_or_none")
            question = DateQuestion(
                course=name,
                offering=offering,
                session=session,
                first=read_day("--from", first),
                last=read_day("--to", last),
                length=read_length("--length", length),
                earliest=read_hour("--earliest", earliest),
                latest=read_hour("--latest", latest),
                avoid=tuple(read_days("--avoid", one) for one in avoid),
                required=read_addresses("--required", required),
                rooms=None if no_room else read_addresses("--room", room),
                seats=seats,
                equipment=equipment,
            )
            language = options.speak(plan.language)

            def told(calendars: int) -> None:
                if calendars and sys.stderr.isatty():
                    click.echo(plural(language, "dates.asking", calendars), err=True)

            found = await find_dates(work, question, told=told)
        if form == "json":
            for line in notes(found, language):
                click.echo(line, err=True)
            click.echo(as_json(found, language, most=most))
        else:
            click.echo(as_text(found, language, most=most), nl=False)
        return 0

    return asyncio.run(act())
