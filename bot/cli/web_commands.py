"""`link`: the way to somebody's own pages, and to the plan's feed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from bot.cli.actions import note_action
from bot.cli.main import Options
from bot.cli.who import by_option
from bot.desks.person.links import calendar_link, for_delegate, link_owner, own_links, renew_links, web_secret
from bot.domain.errors import InputError
from bot.domain.links import FeedReader
from bot.i18n.catalogue import text
from bot.opening.clock import clock_of
from bot.opening.plan_source import load_plan
from bot.opening.stores import open_stores, open_stores_to_read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from config.settings import Settings


@click.command(epilog="Example: kursusbot --plan plan.yaml link anna.eksempel@kommune.example lederdag-2025")
@click.argument("address", required=False)
@click.argument("course", required=False)
@click.option("--feed", is_flag=True, help="The link of the plan's calendar feed instead.")
@click.option("--audience", metavar="ID", help="With --feed: only what is for this audience of the plan.")
@click.option(
    "--for",
    "reader",
    type=click.Choice(["hr", "directors"]),
    help="With --feed: the whole year wheel, also what is only proposed.",
)
@click.option(
    "--delegate",
    metavar="ADDRESS",
    help="The links by which this delegate of the plan answers for the person, instead of their own.",
)
@click.option(
    "--renew", is_flag=True, help="Make every earlier link of the person (or of the feed) invalid first."
)
@click.option(
    "--dry-run", is_flag=True, help="With --renew: only tell what would stop working; nothing is changed."
)
@by_option
@click.pass_obj
def link(
    options: Options,
    address: str | None,
    course: str | None,
    feed: bool,
    audience: str | None,
    reader: str | None,
    delegate: str | None,
    renew: bool,
    dry_run: bool,
    by: str | None,
) -> int:
    """Print the personal link of ADDRESS to COURSE, or to each course, for who has lost the mail.

    It acts for that person: send it to nobody else.
    """
    settings = options.settings()
    _check(
        settings,
        feed=feed,
        feed_only={"audience_without_feed": audience, "reader_without_feed": reader},
        renew=renew,
        dry_run=dry_run,
    )
    plan = asyncio.run(load_plan(settings))
    options.speak(plan.language)
    with (open_stores_to_read if dry_run else open_stores)(settings) as stores:
        at_hand = _AtHand(options=options, settings=settings, plan=plan, stores=stores, by=by)
        if feed:
            lines = _feed(at_hand, audience, reader, renew=renew, dry_run=dry_run)
        elif address is None:
            raise InputError("link_whose")
        else:
            lines = _own(at_hand, address, course, delegate, renew=renew, dry_run=dry_run)
    for line in lines:
        click.echo(line)
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _AtHand:
    """What is opened, and who asks (`--by`)."""

    options: Options
    settings: Settings
    plan: CoursePlan
    stores: Stores
    by: str | None

    @property
    def now(self) -> datetime:
        return clock_of(self.settings).now()

    def say(self, code: str, **params: object) -> str:
        return text(self.options.speak(self.plan.language), code, **params)

    def note(self, detail: str, *, course: str = "", about: Iterable[str] = ()) -> None:
        note_action(
            self.options,
            self.settings,
            self.stores.actions,
            "link",
            by=self.by,
            plan=self.plan.id,
            course=course,
            about=list(about),
            detail=detail,
        )


def _check(
    settings: Settings, *, feed: bool, feed_only: Mapping[str, str | None], renew: bool, dry_run: bool
) -> None:
    """Options that go together; `feed_only` by what is wrong with them without `--feed`.

    Raises InputError, also where no web address is set.
    """
    web_secret(settings)
    if dry_run and not renew:
        raise InputError("dry_run_without_renew")
    for problem, value in feed_only.items():
        if value is not None and not feed:
            raise InputError(problem)


def _feed(
    at_hand: _AtHand, audience: str | None, reader: str | None, *, renew: bool, dry_run: bool
) -> list[str]:
    """The link of the calendar, or what renewing it would end."""
    if dry_run:
        return [at_hand.say("cli.feed_dry_run" if reader is None else f"cli.feed_dry_run_{reader}")]
    link = calendar_link(
        at_hand.settings,
        at_hand.plan,
        at_hand.stores,
        audience=audience,
        reader=FeedReader(reader) if reader else None,
        renew=renew,
        now=at_hand.now,
    )
    at_hand.note(
        " ".join(["--feed", *(["--for", reader] if reader else []), *(["--renew"] if renew else [])])
    )
    return [link]


def _own(
    at_hand: _AtHand, address: str, course: str | None, delegate: str | None, *, renew: bool, dry_run: bool
) -> list[str]:
    """A person's links, or a delegate's to their pages, or what renewing them would end."""
    plan, stores, now = at_hand.plan, at_hand.stores, at_hand.now
    owner = link_owner(plan, stores, address, course=course, now=now)
    if delegate is not None:
        owner = for_delegate(plan, stores, owner, delegate)
    email = owner.holder.email
    if dry_run:
        about = ", ".join(plan.title_of(one) for one in owner.courses) or "–"
        return [at_hand.say("cli.link_dry_run", address=email, courses=about)]
    if renew:
        renew_links(plan, stores, owner.holder, now=now)
        click.echo(at_hand.say("cli.link_renewed", address=email), err=True)
    at_hand.note(
        "--renew" if renew else "", course=course or "", about=dict.fromkeys([email, owner.person.email])
    )
    links = own_links(at_hand.settings, plan, stores, owner, now=now)
    if course is not None:
        return [links[0][1]]
    return [f"{plan.title_of(one)} ({one})\n  {url}" for one, url in links]
