"""What a change from one plan to another comes to in the calendar, by the difference of a sync (pure).

Outlook is taken to stand exactly as the plan before wanted it, for the people of today: so what is left is
what the plan changed, and neither what people did in Outlook nor who joined a group. What is past is so at
`now`.

Of an audience the books know who belongs to it by the plan of today; whom another plan lists or excludes by
name comes and goes with that plan.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from bot.approvals.versions import version_of
from bot.domain.decided import as_decided
from bot.domain.events import LedgerEntry, LedgerState, ObservedAttendee, ObservedEvent
from bot.domain.people import Audience, PeopleIndex, Person
from bot.domain.times import instant
from bot.invitations.audiences import live_rules, merged_people
from bot.invitations.changeset import assemble, in_order
from bot.invitations.clashes import clashes_of
from bot.invitations.desired import wanted_events
from bot.invitations.diff import World, compute_changes
from bot.invitations.fingerprint import desired_fingerprints, observed_fingerprints
from bot.invitations.mailed import as_mailed
from bot.invitations.overspending import overspending_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.domain.changes import Change, ChangeSet
    from bot.domain.events import DesiredEvent, SessionKey
    from bot.domain.graph_findings import GraphFindings
    from bot.domain.plan import AudienceRule, CoursePlan
    from bot.domain.seats import Attendance
    from bot.invitations.clashes import Clashes
    from bot.invitations.overspending import Overspending


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPeople:
    """What the books know of people: who they are, and who belongs to which audience of the plan of today.

    `attendance` is what the seats want of each (course, offering), `seated` who is on which event (part).
    """

    people: PeopleIndex
    members: Mapping[str, frozenset[str]]
    rules: Mapping[str, AudienceRule]
    attendance: Mapping[tuple[str, str], Attendance]
    seated: Mapping[SessionKey, frozenset[str]]


@dataclass(frozen=True, kw_only=True)
class BetweenPlans:
    """The difference as a preview tells it; `before` and `after` as they are decided.

    `changes` in the order they would be made, from `differing`: the world of the courses that differ, in
    which alone invitations are written. `audiences` are those of `after`; more than `courses_a_week` are too
    many.
    """

    before: CoursePlan
    after: CoursePlan
    changes: tuple[Change, ...]
    differing: World
    audiences: Mapping[str, Audience]
    known: KnownPeople
    courses_a_week: int

    @property
    def people(self) -> PeopleIndex:
        """Everybody who is known, and whom the plans list."""
        return self.differing.people

    @property
    def mails(self) -> int:
        """How many mails the changes come to."""
        return sum(change.mails for change in self.changes)

    @cached_property
    def whole(self) -> World:
        """All courses of both plans, their invitations unwritten; made when somebody asks.

        What differs may clash with what does not, and stands beside it.
        """
        sides = self.before, self.after
        return _world(sides, self.known, self.people, now=self.differing.now, is_written=False)

    @cached_property
    def change_set(self) -> ChangeSet:
        """The changes as a sync has them, with the numbers of the whole plan; takes `whole`."""
        return assemble(self.after, self.whole, self.changes, self.audiences.values())

    @property
    def clashes(self) -> Clashes:
        """What would be at once; takes `whole`."""
        return clashes_of(self.after, self.whole, self.audiences, self.changes, most=self.courses_a_week)

    @property
    def overspending(self) -> Overspending:
        """Where more money is taken than there is."""
        return overspending_of(self.after, self.changes, now=self.differing.now)


def between_plans(
    before: CoursePlan,
    after: CoursePlan,
    known: KnownPeople,
    findings: GraphFindings,
    *,
    now: datetime,
    courses_a_week: int,
) -> BetweenPlans:
    """What `after` changes where `before` stands, both as they are written; `now` UTC."""
    before, after = as_decided(before), as_decided(after)
    listed = (person for plan in (before, after) for rule in plan.audiences for person in rule.people)
    people = PeopleIndex(merged_people([*known.people.everybody, *listed]))
    # Nothing that is written alike in both makes a difference, and invitations take long to write.
    alike = _versions(before).items() & _versions(after).items()
    same = {course for course, _ in alike}
    sides = [plan.only({one.id for one in plan.courses} - same) for plan in (before, after)]
    world = _world(sides, known, people, now=now, is_written=True)
    changes = as_mailed(compute_changes(world), findings, people)
    return BetweenPlans(
        before=before,
        after=after,
        changes=in_order(after, changes),
        differing=world,
        audiences=_audiences(after, known, people),
        known=known,
        courses_a_week=courses_a_week,
    )


def _world(
    sides: Sequence[CoursePlan], known: KnownPeople, people: PeopleIndex, *, now: datetime, is_written: bool
) -> World:
    """Outlook as the first of the plans wants it, where the second is wanted.

    Unless `is_written` there are neither invitations nor books on them: only a comparison needs those.
    """
    before, after = sides
    stands, wanted = (
        wanted_events(
            side,
            _audiences(side, known, people),
            known.seated,
            people,
            known.attendance,
            is_written=is_written,
        )
        for side in sides
    )
    return World(
        wanted=wanted,
        observed=tuple(_as_observed(event) for event in stands.events.values()),
        ledger={key: _as_noted(event, before, now=now) for key, event in stands.events.items()}
        if is_written
        else {},
        people=people,
        restore=False,
        now=now,
        organiser=after.organiser.lower(),
    )


def _versions(plan: CoursePlan) -> dict[str, CoursePlan]:
    """What the events of each course are made from."""
    return {course.id: replace(version_of(plan, course), id="") for course in plan.courses}


def _audiences(plan: CoursePlan, known: KnownPeople, people: PeopleIndex) -> dict[str, Audience]:
    return {rule.id: _audience(rule, plan, known, people) for rule in live_rules(plan)}


def _audience(rule: AudienceRule, plan: CoursePlan, known: KnownPeople, people: PeopleIndex) -> Audience:
    today = known.rules.get(rule.id)
    by_name = {one.email for one in today.people} if today is not None else set()
    emails = {people.canonical(one.email) for one in rule.people}
    if rule.groups:
        emails |= {
            email for email in known.members.get(rule.id, frozenset()) if email not in by_name - emails
        }
    emails -= {people.canonical(entry) for entry in (*rule.exclude, plan.organiser.lower())}
    found = (people.find(email) or Person(email=email) for email in sorted(emails))
    return Audience(id=rule.id, people=tuple(found))


def _as_observed(event: DesiredEvent) -> ObservedEvent:
    attendees = (ObservedAttendee(email=one.email, name=one.name, type=one.type) for one in event.attendees)
    return ObservedEvent(
        key=event.key, event_id=str(event.key), content=event.content, attendees=tuple(attendees)
    )


def _as_noted(event: DesiredEvent, plan: CoursePlan, *, now: datetime) -> LedgerEntry:
    content = event.content
    return LedgerEntry(
        key=event.key,
        state=LedgerState.APPLIED,
        transaction_id="",
        event_id=str(event.key),
        subject=content.subject,
        start=instant(content.start, content.timezone),
        end=instant(content.end, content.timezone),
        desired_fields=desired_fingerprints(content),
        observed_fields=observed_fingerprints(content),
        desired_attendees={one.email: one.type.value for one in event.attendees},
        invited_since=dict.fromkeys((one.email for one in event.attendees), now),
        organiser=plan.organiser.lower(),
    )
