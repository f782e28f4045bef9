"""`serve` and `link`: the web pages, and the links that lead to them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from bot.cli.main import Options
from bot.errors import InputError, KursusbotError
from bot.i18n.catalogue import error_text, text

if TYPE_CHECKING:
    from bot.domain.plan import CoursePlan
    from bot.runtime import Stores
    from config.settings import Settings

FEED_LASTS = timedelta(days=730)


@click.command(epilog="Example: kursusbot --plan plan.yaml serve")
@click.pass_obj
def serve(options: Options) -> int:
    """Serve people's own pages and the calendar feed until Ctrl-C; what is decided there is carried out at once."""
    from bot.logbook import bind_run
    from bot.runtime import load_plan, open_stores

    settings = options.settings()
    web_secret(settings)

    async def work() -> None:
        plan = await load_plan(settings)
        options.speak(plan.language)
        bind_run(plan.id)
        with open_stores(settings) as stores:
            await _serve(settings, plan, stores, options)

    asyncio.run(work())
    return 0


@click.command(epilog="Example: kursusbot --plan plan.yaml link anna.eksempel@kommune.example lederdag-2025")
@click.argument("address", required=False)
@click.argument("course", required=False)
@click.option("--feed", is_flag=True, help="The link of the plan's calendar feed instead; it is valid for two years.")
@click.pass_obj
def link(options: Options, address: str | None, course: str | None, feed: bool) -> int:
    """Print the personal link of ADDRESS to COURSE, for somebody who has lost the mail. It acts for that person: send it to nobody else."""
    from bot.domain.people import PeopleIndex
    from bot.links import Grant, Purpose, feed_link
    from bot.runtime import clock_of, link_maker, load_plan, open_stores

    settings = options.settings()
    base_url, secret = web_secret(settings)
    plan = asyncio.run(load_plan(settings))
    options.speak(plan.language)
    now = clock_of(settings).now()
    if feed:
        grant = Grant(purpose=Purpose.FEED, plan=plan.id, expires_at=now + FEED_LASTS)
        click.echo(feed_link(secret, base_url, grant))
        return 0
    known = [one.id for one in plan.courses]
    if address is None or course not in known:
        raise InputError("course_unknown", course=course or "", known=", ".join(known))
    with open_stores(settings) as stores:
        person = PeopleIndex(stores.books.people.load_people(plan.id)).find(address)
    if person is None:
        raise InputError("person_unknown", address=address)
    click.echo(link_maker(settings, plan, now=now)(person.email, course))
    return 0


def web_secret(settings: Settings) -> tuple[str, str]:
    """Address and secret of the web pages; raises InputError where they are not set."""
    if settings.web.base_url is None or settings.web.secret_key is None:
        raise InputError("web_not_set")
    return settings.web.base_url, settings.web.secret_key.get_secret_value()


async def _serve(settings: Settings, plan: CoursePlan, stores: Stores, options: Options) -> None:
    from bot.desk import BookDesk
    from bot.rounds import apply_seats
    from bot.runtime import clock_of, open_tenant
    from bot.web.app import create_app
    from bot.web.serving import server_for

    base_url, secret = web_secret(settings)
    loop, decided = asyncio.get_running_loop(), asyncio.Event()

    def note(_plan: str) -> None:
        loop.call_soon_threadsafe(decided.set)

    app = create_app(
        {plan.id: BookDesk(settings, plan, stores)},
        secret=secret,
        base_url=base_url,
        now=clock_of(settings).now,
        on_decided=note,
    )

    async def follow() -> None:
        # Several decisions in a row are one round; a failed one is told and made up for by the next, or by `run`.
        while True:
            await decided.wait()
            decided.clear()
            try:
                async with open_tenant(settings, plan, stores) as tenant:
                    await apply_seats(settings, plan, stores, tenant)
            except KursusbotError as error:
                click.echo(error_text(options.speak(plan.language), error), err=True)

    server = server_for(app, host=settings.web.host, port=settings.web.port)
    click.echo(text(options.speak(plan.language), "cli.serving", address=base_url), err=True)
    follower = asyncio.create_task(follow())
    try:
        await server.serve()
    finally:
        follower.cancel()
        await asyncio.gather(follower, return_exceptions=True)
