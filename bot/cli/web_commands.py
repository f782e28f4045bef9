"""`link`: the way to somebody's own pages, and to the plan's feed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from bot.cli.main import Options
from bot.cli.who import by_option
from bot.errors import InputError
from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.people import Person
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
    renew: bool,
    dry_run: bool,
    by: str | None,
) -> int:
    """Print the personal link of ADDRESS to COURSE, or to each course, for who has lost the mail.

    It acts for that person: send it to nobody else.
    """
    from bot.cli.deeds import note_deed
    from bot.opening.clock import clock_of
    from bot.opening.plan_source import load_plan
    from bot.opening.stores import open_stores, open_stores_to_read

    settings = options.settings()
    web_secret(settings)
    if dry_run and not renew:
        raise InputError("dry_run_without_renew")
    if audience is not None and not feed:
        raise InputError("audience_without_feed")
    if reader is not None and not feed:
        raise InputError("reader_without_feed")
    plan = asyncio.run(load_plan(settings))
    language = options.speak(plan.language)
    now = clock_of(settings).now()
    with (open_stores_to_read if dry_run else open_stores)(settings) as stores:
        if feed and dry_run:
            click.echo(text(language, "cli.feed_dry_run" if reader is None else f"cli.feed_dry_run_{reader}"))
            return 0
        if feed:
            made = _feed_link(settings, plan, stores, audience=audience, reader=reader, renew=renew, now=now)
            how = " ".join(
                ("--feed", *(("--for", reader) if reader else ()), *(("--renew",) if renew else ()))
            )
            note_deed(options, settings, stores.actions, "link", by=by, plan=plan.id, detail=how)
            click.echo(made)
            return 0
        if address is None:
            raise InputError("link_whose")
        if course is not None:
            plan.known_course(course)
        person, courses = _courses_of(plan, stores, address, now=now)
        titles = plan.titles
        if dry_run:
            about = ", ".join(titles[one] for one in ([course] if course is not None else courses)) or "–"
            click.echo(text(language, "cli.link_dry_run", address=person.email, courses=about))
            return 0
        if renew:
            _renew(plan, stores, person, now=now)
            click.echo(text(language, "cli.link_renewed", address=person.email), err=True)
        note_deed(
            options,
            settings,
            stores.actions,
            "link",
            by=by,
            plan=plan.id,
            course=course or "",
            about=[person.email],
            detail="--renew" if renew else "",
        )
        links = _links(settings, plan, stores, person, [course] if course is not None else courses, now=now)
    click.echo(
        links[0][1]
        if course is not None
        else "\n".join(f"{titles[one]} ({one})\n  {url}" for one, url in links)
    )
    return 0


def web_secret(settings: Settings) -> tuple[str, str]:
    """Address and secret of the web pages; raises InputError where they are not set."""
    if settings.web.base_url is None or settings.web.secret_key is None:
        raise InputError("web_not_set")
    return settings.web.base_url, settings.web.secret_key.get_secret_value()


def _courses_of(plan: CoursePlan, stores: Stores, address: str, *, now: datetime) -> tuple[Person, list[str]]:
    """The person behind an address, and the courses that invite them or that they have to do with.

    Raises InputError where nobody has the address, or whoever has it has left: their links open nothing.
    """
    from bot.desks.person import belongs
    from bot.domain.plan import CourseStatus
    from bot.rounds.steps.decide_seats import load_state, rows_of
    from bot.seats.enrolment_rules import rules_of

    state = load_state(plan, stores)
    person = state.people.find(address)
    if person is None:
        raise InputError("person_unknown", address=address)
    rows = [row for row in rows_of(state) if row.email == person.email]
    if not belongs(plan, person.email, members=state.members, rows=rows, people=state.people, now=now):
        raise InputError("person_left", address=person.email)
    audiences = {name for name, emails in state.members.items() if person.email in emails}
    listed = {row.course for row in rows}
    found = [
        one.id
        for one in plan.courses
        if one.status in {CourseStatus.SAVE_THE_DATE, CourseStatus.APPROVED}
        and (
            one.id in listed
            or any(
                not audiences.isdisjoint(rules.audiences) for rules in rules_of(plan, one).offerings.values()
            )
        )
    ]
    return person, found


def _renew(plan: CoursePlan, stores: Stores, person: Person, *, now: datetime) -> None:
    from bot.domain.links import generation_of, owner_of

    before = generation_of(person, person.email, stores.links.load_generations(plan.id))
    stores.links.save_generation(plan.id, owner_of(person, person.email), before + 1, now=now)


def _links(
    settings: Settings, plan: CoursePlan, stores: Stores, person: Person, courses: list[str], *, now: datetime
) -> list[tuple[str, str]]:
    """Course id and link, in the order given; raises InputError where there is none."""
    from bot.domain.people import PeopleIndex
    from bot.opening.person_links import link_maker

    if not courses:
        raise InputError("person_without_course", address=person.email)
    link_for = link_maker(settings, plan, stores, people=PeopleIndex([person]), now=now)
    return [(one, link_for(person.email, one) or "") for one in courses]


def _feed_link(
    settings: Settings,
    plan: CoursePlan,
    stores: Stores,
    *,
    audience: str | None,
    reader: str | None,
    renew: bool,
    now: datetime,
) -> str:
    from bot.domain.links import FeedReader, Grant, Purpose, feed_owner
    from bot.links import feed_link

    known = [rule.id for rule in plan.audiences]
    if audience is not None and audience not in known:
        raise InputError("no_such_audience", audience=audience, known=", ".join(known))
    base_url, secret = web_secret(settings)
    of = FeedReader(reader) if reader else None
    generation = stores.links.load_generations(plan.id).get(feed_owner(of), 0)
    if renew:
        generation += 1
        stores.links.save_generation(plan.id, feed_owner(of), generation, now=now)
    grant = Grant(
        purpose=Purpose.FEED,
        plan=plan.id,
        made_at=now,
        generation=generation,
        audience=audience or "",
        reader=of,
    )
    return feed_link(secret, base_url, grant)
