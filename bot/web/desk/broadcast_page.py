"""What stands on the pages where HR writes to the people of a course."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from bot.desks.messages.broadcasts import broadcast_troubles, broadcasts_of, group_counts, look_at_broadcast
from bot.domain.broadcasts import MANY, BroadcastGroup, Whereabouts
from bot.domain.messages import DeliveryState
from bot.domain.postage import minutes_for
from bot.i18n.catalogue import text
from bot.i18n.dates import span_text
from bot.i18n.sorting import danish_key
from bot.messages.characters import one_line
from bot.messages.notice import named
from bot.messages.plain_html import without_looks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.domain.broadcasts import Broadcast, BroadcastRecipient
    from bot.domain.people import Language
    from bot.domain.plan import Course
    from bot.opening.work import BookWork

Facts = dict[str, Any]
WAITING = (DeliveryState.DUE, DeliveryState.SENDING)


def places_of(work: BookWork, course: Course) -> list[tuple[str, Whereabouts, dict[BroadcastGroup, int]]]:
    """What can be written to: value of the form, what it is, and how many are in each group there."""
    places = [Whereabouts(course=course.id)]
    for offering in course.offerings:
        if len(course.offerings) > 1:
            places.append(Whereabouts(course=course.id, offering=offering.id))
        if len(offering.sessions) > 1:
            places += [
                Whereabouts(course=course.id, offering=offering.id, session=session.id)
                for session in offering.sessions
            ]
    counts = group_counts(work, course.id, places)
    values = ["/".join(filter(None, (one.offering, one.session))) for one in places]
    return [*zip(values, places, counts, strict=True)]


def place_text(course: Course, where: Whereabouts, language: Language) -> str:
    """The whole course, an offering or a session, as people call it."""
    offering = course.offering(where.offering) if where.offering else None
    if offering is None:
        return text(language, "broadcast.whole_course")
    session = next((one for one in offering.sessions if one.id == where.session), None)
    if session is None:
        return named(offering)
    when = (
        span_text(language, session.start, session.end, all_day=session.all_day)
        if session.start is not None and session.end is not None
        else session.period
    )
    told = " ".join(filter(None, (one_line(session.title), when))) or session.id
    return f"{named(offering)}: {told}" if len(course.offerings) > 1 else told


def counted_text(counts: Iterable[tuple[BroadcastGroup, int]], language: Language) -> str:
    """`27 tilmeldte, 3 på venteliste`, those that there are."""
    told = [
        text(language, f"broadcast.counted.{group.value}", count=count) for group, count in counts if count
    ]
    return ", ".join(told) or text(language, "broadcast.counted.nobody")


def look_facts(work: BookWork, draft: Broadcast, language: Language, q: str) -> Facts:
    """The draft as it would go now; `q` narrows the names."""
    look = look_at_broadcast(work, draft)
    listed = _sorted(one for one in look.recipients if _fits(one, q))
    a_minute = work.settings.mailbox.messages_per_minute
    return {
        "course": look.course,
        "draft": draft,
        "place": place_text(look.course, draft.where, language),
        "count": len(look.recipients),
        "by_group": _by_group(look.recipients),
        "shown": [(one, Markup(without_looks(one.mail.html))) for one in look.mails],  # noqa: S704 - safe
        "listed": listed,
        "unreachable": _sorted(look.unreachable),
        "digest": look.digest,
        "waits_until": look.waits_until,
        "minutes": minutes_for(len(look.recipients), a_minute),
        "a_minute": a_minute,
        "many": MANY,
        "reply_to": one_line(work.plan.contact),
    }


def progress_facts(work: BookWork, sent: Broadcast, language: Language) -> Facts:
    """How far it has come."""
    course = work.plan.known_course(sent.where.course)
    told = next(one for one in broadcasts_of(work, course.id) if one.broadcast.id == sent.id)
    count = told.progress.count
    waiting = count(*WAITING)
    return {
        "course": course,
        "draft": sent,
        "place": place_text(course, sent.where, language),
        "went": count(DeliveryState.SENT),
        "total": told.progress.total,
        "waiting": waiting,
        "stopped": count(DeliveryState.SKIPPED),
        "failed": count(DeliveryState.FAILED),
        "expired": count(DeliveryState.EXPIRED),
        "is_later": waiting and sent.goes_from is not None and sent.goes_from > work.now(),
        "troubles": _troubles(work, sent, language),
        "groups": sent.groups,
    }


def _troubles(work: BookWork, sent: Broadcast, language: Language) -> list[tuple[str, str]]:
    """Who did not get it, and why; those whom a person stopped are only counted."""
    known = {person.email: person.name for person in work.stores.books.people.load_people(work.plan.id)}
    return [
        (known.get(one.email) or one.email, text(language, f"reminders.reason.{one.error}"))
        for one in broadcast_troubles(work, sent)
        if one.state is not DeliveryState.SKIPPED
    ]


def _fits(one: BroadcastRecipient, q: str) -> bool:
    return all(word in f"{one.name} {one.email} {one.department}".lower() for word in q.lower().split())


def _sorted(people: Iterable[BroadcastRecipient]) -> list[BroadcastRecipient]:
    return sorted(people, key=lambda one: (danish_key(one.name or one.email), one.email))


def _by_group(people: Iterable[BroadcastRecipient]) -> Iterator[tuple[BroadcastGroup, int]]:
    groups = [one.group for one in people]
    return ((group, groups.count(group)) for group in BroadcastGroup if group in groups)
