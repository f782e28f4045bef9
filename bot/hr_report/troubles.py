"""What HR has to look at: what waits for them, edits in Outlook, rooms, and messages that did not go (pure).

    a message                                     is told as
    failed, or came back, since the last report   undelivered, however long ago it was made or sent
    under way, nobody knows whether it went       undelivered, in each report until somebody knows; once where nobody ever will
    expired since the last report                 undelivered; a report that was overtaken by the next one is not
    skipped since then, the week was full         a full week
    anything else                                 nothing: sent, waiting, or no longer true

An invitation that came back is told once, where the event is still to come and the address still on its list.
A room that has not answered is told of from a week before the event.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.approvals.telling import worth_telling
from bot.domain.approvals import WaitReason
from bot.domain.changes import Cancel, Conflict, Create, Reason, Update
from bot.domain.events import AttendeeType, ResponseStatus
from bot.domain.messages import NOBODY_WILL_KNOW, DeliveryState
from bot.domain.reminders import NotSent
from bot.domain.reports import (
    FullWeek,
    HeldLimit,
    Pending,
    PendingCourse,
    ReportedClash,
    RoomTrouble,
    Undelivered,
)
from bot.domain.templates import MessageKind
from bot.domain.times import instant
from bot.hr_report.readers import courses_of
from bot.i18n.sorting import danish_key
from bot.invitations.preview_edits import edit_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from bot.domain.approvals import Waiting
    from bot.domain.bounces import Bounce, UnplacedReturn
    from bot.domain.changes import Change, ChangeSet
    from bot.domain.events import ObservedEvent, SessionKey
    from bot.domain.messages import Message
    from bot.domain.people import Language, PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.invitations.safety import Passed

PAPERS = frozenset({MessageKind.HR_REPORT, MessageKind.OVERVIEW, MessageKind.PARTICIPANTS})
"""What is made when it goes, and told of where it was sent from."""
ROOMS_ASKED_BEFORE = timedelta(days=7)
UNDECIDED = frozenset({ResponseStatus.NONE, ResponseStatus.NOT_RESPONDED, ResponseStatus.TENTATIVE})
APART = frozenset({Reason.ROOM_DECLINED, Reason.SPEAKER_DECLINED})
INVITATION, UNPLACED = "invitation", "unplaced"
"""The kinds of an event's own mails and of reports that could be placed nowhere.

They stand beside those of `bot.domain.messages`.
"""


def pending_changes(
    plan: CoursePlan,
    change_set: ChangeSet,
    waiting: Iterable[Waiting],
    passed: Iterable[Passed],
    is_mine: Callable[[str], bool],
    *,
    titles: Mapping[str, str],
    found: Callable[[str, WaitReason, Language], tuple[str, ...]],
) -> Pending | None:
    """What of the reader's courses waits for a person or a group, what has waited longest first.

    None where nothing does.

    What needs no approval, and what was rejected, is not told. `found` gives what was found of a course for a
    reason.
    """
    mine = sorted(
        (item for item in waiting if is_mine(item.course)), key=lambda item: (item.since, item.course)
    )
    held = sum(_is_held(change) for change in change_set.changes if is_mine(change.course))
    groups = [
        group for group in change_set.unknown_groups if any(map(is_mine, _courses_with(plan, group.group)))
    ]
    if not (mine or held or groups):
        return None
    passes_limits = any(WaitReason.LIMITS in item.reasons for item in mine)
    return Pending(
        courses=tuple(_pending_course(item, plan, titles, found) for item in mine),
        waiting=held,
        limits=tuple(map(_held_limit, passed)) if passes_limits else (),
        unknown_groups=tuple((group.group, group.reason.value) for group in groups),
    )


def _pending_course(
    item: Waiting,
    plan: CoursePlan,
    titles: Mapping[str, str],
    found: Callable[[str, WaitReason, Language], tuple[str, ...]],
) -> PendingCourse:
    return PendingCourse(
        course=item.course,
        title=titles.get(item.course, item.course),
        checksum=item.checksum,
        since=item.since.astimezone(ZoneInfo(plan.timezone)).replace(tzinfo=None),
        mails=item.mails,
        people=item.people,
        clashes=item.clashes,
        told=item.told,
        ids=item.ids,
        reasons=tuple(
            (
                reason.value,
                *(found(item.course, reason, plan.language) or item.found.get(reason.value, ())),
            )
            for reason in worth_telling(item.reasons)
        ),
    )


def _held_limit(passed: Passed) -> HeldLimit:
    return HeldLimit(limit=passed.limit.value, number=passed.number, of=passed.of, allowed=passed.allowed)


def _is_held(change: Change) -> bool:
    return isinstance(change, Create) and change.held


def clashes(
    changes: Iterable[Change], people: PeopleIndex, titles: Mapping[str, str], plan: CoursePlan
) -> Iterator[ReportedClash]:
    """What people did in Outlook, in the plan's language; rooms and speakers are told of apart.

    `titles` by course id.
    """
    for change in changes:
        if isinstance(change, Conflict) and change.reason not in APART:
            yield ReportedClash(
                course=change.course,
                title=titles.get(change.course) or change.subject,
                reason=change.reason.value,
                differences=tuple(edit_lines(change, plan, plan.language)),
                people=tuple(_name(people, email) for email in change.missing),
            )


def room_troubles(
    changes: Iterable[Change], observed: Iterable[ObservedEvent], titles: Mapping[str, str], *, now: datetime
) -> Iterator[RoomTrouble]:
    """Rooms that said no, and those that are silent shortly before, by event."""
    events = {event.key: event for event in observed}
    changes = tuple(changes)
    for change in changes:
        if isinstance(change, Conflict) and change.reason is Reason.ROOM_DECLINED:
            event = events.get(change.key)
            start = event.content.start if event is not None else None
            yield from (_room(change, room, titles, start) for room in change.missing)
    going = {change.key for change in changes if isinstance(change, Cancel)}
    leaving = {
        (change.key, email) for change in changes if isinstance(change, Update) for email in change.remove
    }
    for event in events.values():
        begins = instant(event.content.start, event.content.timezone)
        if event.key not in going and now < begins <= now + ROOMS_ASKED_BEFORE:
            yield from _silent_rooms(event, titles, leaving)


def _room(change: Conflict, room: str, titles: Mapping[str, str], start: datetime | None) -> RoomTrouble:
    title = titles.get(change.course) or change.subject
    return RoomTrouble(course=change.course, title=title, start=start, room=room, declined=True)


def _silent_rooms(
    event: ObservedEvent, titles: Mapping[str, str], leaving: Collection[tuple[SessionKey, str]]
) -> Iterator[RoomTrouble]:
    """The rooms of an event that have decided nothing, but for those that are taken off it."""
    title = titles.get(event.key.course) or event.content.subject
    rooms = (guest for guest in event.attendees if guest.type is AttendeeType.RESOURCE)
    for room in rooms:
        if room.response in UNDECIDED and (event.key, room.address) not in leaving:
            start = event.content.start
            yield RoomTrouble(
                course=event.key.course, title=title, start=start, room=room.email, declined=False
            )


def undelivered(
    messages: Iterable[Message],
    titles: Mapping[str, str],
    is_mine: Callable[[str], bool],
    *,
    since: datetime | None,
) -> Iterator[Undelivered]:
    """The messages that did not go, by the table above: one for all that are alike.

    The address of a post is "".
    """
    alike: defaultdict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for message in messages:
        if _did_not_go(message, since):
            for course in filter(is_mine, courses_of(message)):
                alike[course, message.kind.value, message.state.value, message.error].append(message.email)
    for (course, kind, state, cause), addresses in sorted(alike.items()):
        yield Undelivered(
            course=course,
            title=titles.get(course, course),
            kind=kind,
            state=state,
            cause=cause,
            addresses=tuple(sorted(set(addresses))),
        )


def bounced(
    bounces: Iterable[Bounce],
    titles: Mapping[str, str],
    is_mine: Callable[[str], bool],
    *,
    since: datetime | None,
) -> Iterator[Undelivered]:
    """The invitations that came back since the last report, by course and cause."""
    alike: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for bounce in bounces:
        course = bounce.session.course
        if is_mine(course) and (since is None or (bounce.noted_at or bounce.received_at) > since):
            alike[course, bounce.reason.value].add(bounce.email)
    for (course, cause), addresses in sorted(alike.items()):
        yield Undelivered(
            course=course,
            title=titles.get(course, course),
            kind=INVITATION,
            state=DeliveryState.FAILED.value,
            cause=cause,
            addresses=tuple(sorted(addresses)),
        )


def unplaced(
    returns: Iterable[UnplacedReturn], is_mine: Callable[[str], bool], *, since: datetime | None
) -> Iterator[Undelivered]:
    """The reports that could be placed nowhere and came since the last one of HR's, by cause.

    For the plan's contact.
    """
    alike: defaultdict[str, set[str]] = defaultdict(set)
    for unplaced_return in returns if is_mine("") else ():
        if since is None or unplaced_return.noted_at > since:
            alike[unplaced_return.reason.value].add(unplaced_return.email)
    for cause, addresses in sorted(alike.items()):
        yield Undelivered(
            course="",
            title="",
            kind=UNPLACED,
            state=DeliveryState.FAILED.value,
            cause=cause,
            addresses=tuple(sorted(addresses)),
        )


def full_weeks(
    messages: Iterable[Message],
    people: PeopleIndex,
    titles: Mapping[str, str],
    is_mine: Callable[[str], bool],
    *,
    since: datetime | None,
) -> Iterator[FullWeek]:
    """The people who missed a reminder because they had had their mails of the week."""
    alike: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for message in messages:
        is_full = message.state is DeliveryState.SKIPPED and message.error == NotSent.WEEK_IS_FULL
        if is_full and (since is None or message.created_at > since):
            for course in filter(is_mine, courses_of(message)):
                alike[course, message.kind.value].add(_name(people, message.email))
    for (course, kind), names in sorted(alike.items()):
        yield FullWeek(
            course=course,
            title=titles.get(course, course),
            kind=kind,
            people=tuple(sorted(names, key=danish_key)),
        )


def _did_not_go(message: Message, since: datetime | None) -> bool:
    is_new = since is None or (message.ended_at or message.created_at) > since
    # Of the overview whoever sent it was told at once.
    is_paper = message.kind in PAPERS
    match message.state:
        case DeliveryState.FAILED:
            return is_new
        case DeliveryState.SENDING:
            return not is_paper and (is_new or message.error not in NOBODY_WILL_KNOW)
        case DeliveryState.EXPIRED:
            return not is_paper and is_new
        case _:
            return False


def _courses_with(plan: CoursePlan, group: str) -> Iterator[str]:
    """The ids of the courses whose audiences name a group."""
    audiences = {rule.id for rule in plan.audiences if group in {*rule.groups, *rule.exclude}}
    for course in plan.courses:
        if audiences.intersection(course.invited_audiences):
            yield course.id


def _name(people: PeopleIndex, email: str) -> str:
    person = people.find(email)
    return (person.name if person else "") or email
