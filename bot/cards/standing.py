"""Which cards of courses stand in channels, and what is to be done about them (pure).

A course's card stands in the channel that its `teams_channel` names, where the bot is a member of one of that
name and of one alone. It has live seats and no names.

    the course                                   its card there           then
    has people asked, and is still to come       none                     posted, in sending hours, `MOST_NEW` a round
                                                 shows something else     put in its place, at any time
                                                 shows the same           nothing
                                                 began, or was taken away left alone: somebody may have seen it
    is over, or cancelled                        stands                   says so, and stands for itself from then on
                                                 none                     nothing
    is not in the plan any more                  stands                   says so, and stands for itself from then on

A card stays where it was posted when the course names another channel: there it is posted as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from bot.cards.channel import digest, render_gone, render_standing
from bot.domain.conversations import StandingCard, channel_key, channels_by_name
from bot.domain.plan import CourseStatus
from bot.domain.times import instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.domain.conversations import Conversation
    from bot.domain.plan import Course, CoursePlan, Offering
    from bot.domain.seats import OfferingSeats
    from bot.messages.card_parts import JsonObject

MOST_NEW = 10
"""Cards that are posted in one round: who is in the channel hears of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCourse:
    """What the books have of a course: whether anybody was asked, and the seats of its offerings."""

    is_asked: bool = False
    offerings: tuple[OfferingSeats, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardStep:
    """One card to post (`standing` without an activity) or to put in its place.

    `standing` as it is afterwards. `card` None: it shows so already. `is_last`: it is kept up no more.
    """

    standing: StandingCard
    conversation: Conversation
    card: JsonObject | None
    is_last: bool = False


def card_steps(
    plan: CoursePlan,
    asked: Mapping[str, AskedCourse],
    standing: Iterable[StandingCard],
    channels: Sequence[Conversation],
    *,
    app_id: str,
    now: datetime,
    may_post: bool,
) -> tuple[CardStep, ...]:
    """What is to be done, by the table; `now` UTC, `may_post`: within the sending hours.

    `asked` by course, `channels` all that the bot is in.
    """
    places = {(one.course, one.conversation): one for one in standing}
    where, named = {one.id: one for one in channels}, channels_by_name(channels)
    made: dict[str, _Drawn] = {}

    def shown(course: Course) -> _Drawn:
        if course.id not in made:
            made[course.id] = _show(plan, course, asked.get(course.id, AskedCourse()), app_id, now)
        return made[course.id]

    new = [*islice(_new(plan, asked, places, named, shown, now=now), MOST_NEW)] if may_post else []
    return (*_kept(plan, places, where, shown, now=now), *new)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """A course's card and what it is known by; `is_last`: nothing of it changes any more."""

    card: JsonObject
    digest: str
    is_last: bool


def _kept(
    plan: CoursePlan,
    places: Mapping[tuple[str, str], StandingCard],
    where: Mapping[str, Conversation],
    shown: Callable[[Course], _Drawn],
    *,
    now: datetime,
) -> Iterator[CardStep]:
    courses = {course.id: course for course in plan.courses}
    for (name, _), stands in places.items():
        conversation = where.get(stands.conversation)
        if conversation is None or not stands.activity:
            continue
        course = courses.get(name)
        one = _gone(plan) if course is None else shown(course)
        if one.digest != stands.digest or one.is_last:
            yield _step(stands, one, conversation, now)


def _new(
    plan: CoursePlan,
    asked: Mapping[str, AskedCourse],
    places: Mapping[tuple[str, str], StandingCard],
    channels: Mapping[str, Conversation],
    shown: Callable[[Course], _Drawn],
    *,
    now: datetime,
) -> Iterator[CardStep]:
    for course in plan.courses:
        conversation = channels.get(channel_key(course.teams_channel or ""))
        if conversation is None or (course.id, conversation.id) in places:
            continue
        if asked.get(course.id, AskedCourse()).is_asked and not _is_done(plan, course, now):
            begun = StandingCard(
                plan=plan.id,
                course=course.id,
                conversation=conversation.id,
                activity="",
                digest="",
                shown_at=now,
            )
            yield _step(begun, shown(course), conversation, now)


def _step(stands: StandingCard, one: _Drawn, conversation: Conversation, now: datetime) -> CardStep:
    standing = replace(stands, digest=one.digest, shown_at=now)
    card = None if one.digest == stands.digest else one.card
    return CardStep(standing=standing, conversation=conversation, card=card, is_last=one.is_last)


def _show(plan: CoursePlan, course: Course, asked: AskedCourse, app_id: str, now: datetime) -> _Drawn:
    coming = {one.id for one in course.offerings if not _is_over(plan, one, now)}
    seats = {one.offering: one for one in asked.offerings if one.offering in coming}
    is_over = bool(course.offerings) and not coming
    card = render_standing(plan, course, seats, app_id=app_id, is_over=is_over)
    return _Drawn(card=card, digest=digest(card), is_last=_is_done(plan, course, now))


def _gone(plan: CoursePlan) -> _Drawn:
    card = render_gone(plan.language)
    return _Drawn(card=card, digest=digest(card), is_last=True)


def _is_done(plan: CoursePlan, course: Course, now: datetime) -> bool:
    """Whether nothing of it changes any more."""
    return course.status is CourseStatus.CANCELLED or all(
        _is_over(plan, one, now) for one in course.offerings
    )


def _is_over(plan: CoursePlan, offering: Offering, now: datetime) -> bool:
    """Whether its last session has ended; an offering with a session that has no date is still to come."""
    ends = [one.end for one in offering.sessions]
    dated = [end for end in ends if end is not None]
    return len(dated) == len(ends) and all(instant(end, plan.timezone) <= now for end in dated)
