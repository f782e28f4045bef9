"""The links to somebody's own pages and to the plan's calendar, for who has lost the mail; and renewing them.

A link acts for its person: whoever is given it must be that person. Renewing ends every earlier link. A
delegate has links of their own to a leader's pages, which are renewed with the delegate's and not with the
leader's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.desks.belonging import HEARD_OF, belongs, invites
from bot.domain.delegates import delegates_of
from bot.domain.errors import InputError
from bot.domain.links import FeedReader, Grant, Purpose, feed_owner, generation_of, owner_of
from bot.domain.people import PeopleIndex, Person
from bot.links import feed_link
from bot.opening.person_links import delegate_link_maker
from bot.rounds.steps.decide_seats import load_state, rows_of

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOwner:
    """Whose pages they open, and the ids of the courses that invite them or that they have to do with.

    `delegate` is who gets the links and acts for the person, None for the person themselves.
    """

    person: Person
    courses: tuple[str, ...]
    delegate: Person | None = None

    @property
    def holder(self) -> Person:
        """Who holds the links, and whose are renewed."""
        return self.delegate or self.person


def web_secret(settings: Settings) -> tuple[str, str]:
    """Address and secret of the web pages; raises InputError where they are not set."""
    if settings.web.base_url is None or settings.web.secret_key is None:
        raise InputError("web_not_set")
    return settings.web.base_url, settings.web.secret_key.get_secret_value()


def link_owner(
    plan: CoursePlan, stores: Stores, address: str, *, course: str | None = None, now: datetime
) -> LinkOwner:
    """The person behind an address, with `course` alone where one is named; `now` UTC.

    Raises InputError where nobody has the address, whoever has it has left (their links open nothing), or the
    plan has no such course.
    """
    if course is not None:
        plan.known_course(course)
    state = load_state(plan, stores)
    person = state.people.find(address)
    if person is None:
        raise InputError("person_unknown", address=address)
    rows = [row for row in rows_of(state) if row.email == person.email]
    if not belongs(plan, person.email, members=state.members, rows=rows, people=state.people, now=now):
        raise InputError("person_left", address=person.email)
    if course is not None:
        return LinkOwner(person=person, courses=(course,))
    audiences = {name for name, emails in state.members.items() if person.email in emails}
    listed = {row.course for row in rows}
    return LinkOwner(
        person=person,
        courses=tuple(
            one.id
            for one in plan.courses
            if one.status in HEARD_OF and (one.id in listed or invites(plan, one, audiences))
        ),
    )


def for_delegate(plan: CoursePlan, stores: Stores, owner: LinkOwner, address: str) -> LinkOwner:
    """The same links as a delegate of the person's has them.

    Raises InputError where the plan does not let the address answer for the person.
    """
    people = PeopleIndex(stores.books.people.load_people(plan.id))
    email = people.canonical(address)
    if email not in delegates_of(plan.delegates, owner.person.email, people):
        raise InputError("no_delegate", address=address, leader=owner.person.email)
    return replace(owner, delegate=people.find(email) or Person(email=email))


def renew_links(plan: CoursePlan, stores: Stores, person: Person, *, now: datetime) -> None:
    """Make every earlier link of the person invalid."""
    before = generation_of(person, person.email, stores.links.load_generations(plan.id))
    stores.links.save_generation(plan.id, owner_of(person, person.email), before + 1, now=now)


def own_links(
    settings: Settings, plan: CoursePlan, stores: Stores, owner: LinkOwner, *, now: datetime
) -> list[tuple[str, str]]:
    """Course id and link, in the order of the courses; raises InputError where there is none."""
    if not owner.courses:
        raise InputError("person_without_course", address=owner.person.email)
    people = PeopleIndex(dict.fromkeys((owner.person, owner.holder)))
    link_for = delegate_link_maker(settings, plan, stores, people=people, now=now)
    return [
        (course, link_for(owner.holder.email, owner.person.email, course) or "") for course in owner.courses
    ]


def calendar_link(
    settings: Settings,
    plan: CoursePlan,
    stores: Stores,
    *,
    audience: str | None = None,
    reader: FeedReader | None = None,
    renew: bool = False,
    now: datetime,
) -> str:
    """The link of the plan's calendar feed, for an audience or a reader; `renew` ends the earlier ones.

    Raises InputError for an audience that the plan has not, or where no web address is set.
    """
    known = [rule.id for rule in plan.audiences]
    if audience is not None and audience not in known:
        raise InputError("no_such_audience", audience=audience, known=", ".join(known))
    base_url, secret = web_secret(settings)
    owner = feed_owner(reader)
    generation = stores.links.load_generations(plan.id).get(owner, 0)
    if renew:
        generation += 1
        stores.links.save_generation(plan.id, owner, generation, now=now)
    grant = Grant(
        purpose=Purpose.FEED,
        plan=plan.id,
        made_at=now,
        generation=generation,
        audience=audience or "",
        reader=reader,
    )
    return feed_link(secret, base_url, grant)
