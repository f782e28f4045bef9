"""The calendar feed behind a link: the courses of a plan for whoever subscribes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.links import feed_is_over, feed_owner
from bot.opening.clock import clock_of
from bot.overview.calendar_feed import audience_name, calendar_feed
from bot.overview.compose import overview_of
from bot.overview.year_feed import for_audience, year_feed
from bot.rounds.steps.count_seats import counts_of
from bot.rounds.steps.look_at_outlook import plan_as_it_stands
from bot.seats.enrolment_rules import ends_of

if TYPE_CHECKING:
    from bot.domain.links import Grant
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from config.settings import Settings


def own_feed(
    settings: Settings, plan: CoursePlan, stores: Stores, grant: Grant, *, host: str
) -> bytes | None:
    """The overview of the plan's courses as an iCalendar file.

    None where the link to it has ended, or its audience is gone.
    """
    asked, now = plan, clock_of(settings).now()
    plan = plan_as_it_stands(asked, stores)
    renewed = grant.generation < stores.links.load_generations(plan.id).get(feed_owner(grant.reader), 0)
    if renewed or feed_is_over(grant, plan_ends=ends_of(plan, plan.courses), now=now):
        return None
    if grant.audience and all(rule.id != grant.audience for rule in plan.audiences):
        return None
    if grant.reader is None:
        return calendar_feed(plan, now=now, host=host, language=plan.language, audience=grant.audience)
    # As the overview: all that is written, with the numbers of the plan in force.
    whole = for_audience(asked.whole or asked, grant.audience)
    wheel = overview_of(whole, counts_of(asked, stores), now=now)
    return year_feed(
        wheel,
        reader=grant.reader,
        host=host,
        language=plan.language,
        audience=audience_name(plan, grant.audience),
    )
