"""`link`: the way to somebody's own page."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from bot.cli.main import Options
from bot.errors import InputError

if TYPE_CHECKING:
    from config.settings import Settings

FEED_LASTS = timedelta(days=730)


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
