"""Making links to people's own pages, for who writes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.links import Grant, Purpose, generation_of, owner_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.domain.people import PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from config.settings import Settings


def link_maker(
    settings: Settings,
    plan: CoursePlan,
    stores: Stores,
    *,
    people: PeopleIndex,
    now: datetime,
    purpose: Purpose = Purpose.PERSON,
) -> Callable[[str, str], str | None]:
    """From address and course id to the link of the person's page, None where no web address is set.

    `purpose` is what the page is for.

    Until when it opens the page is decided when it is opened (`bot.domain.links`).
    """
    for_whom = delegate_link_maker(settings, plan, stores, people=people, now=now, purpose=purpose)
    return lambda email, course: for_whom(email, email, course)


def delegate_link_maker(
    settings: Settings,
    plan: CoursePlan,
    stores: Stores,
    *,
    people: PeopleIndex,
    now: datetime,
    purpose: Purpose = Purpose.PERSON,
) -> Callable[[str, str, str], str | None]:
    """From a delegate's address, the leader's and a course's id to the delegate's link to the leader's page.

    The leader's own where the two are one; None where no web address is set.
    """
    from bot.links import person_link

    base_url, secret = settings.web.base_url, settings.web.secret_key
    if base_url is None or secret is None:
        return lambda _by, _email, _course: None
    generations = stores.links.load_generations(plan.id)

    def link_for(by: str, email: str, course: str) -> str | None:
        if "@" not in email:
            return None
        person, acts = people.find(email), people.find(by)
        is_own = people.canonical(by) == people.canonical(email)
        grant = Grant(
            purpose=purpose if is_own else Purpose.DELEGATE,
            plan=plan.id,
            person=owner_of(person, email),
            course=course,
            made_at=now,
            generation=generation_of(acts, by, generations),
            delegate="" if is_own else owner_of(acts, by),
        )
        return person_link(secret.get_secret_value(), base_url, grant)

    return link_for
