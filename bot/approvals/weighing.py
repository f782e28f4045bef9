"""What of a difference waits for a person, course by course, and why (pure).

| reason | when | waits under |
|---|---|---|
| plan | somebody would be mailed: it is written otherwise than its version in force, or the program words it otherwise | `plan` |
| id | an id looks changed: the plan's, the course's or one within it | any |
| organiser | the plan names another mailbox than the events are in | any |
| gone | its events are cancelled because they are gone from the plan, and all such events have more people than allowed | any |
| column | the plan is written otherwise, and a sheet or column that it had is not there any more | any |
| empty_group | a group of its audiences answers empty, for the first time or where it had members | any |
| limits | what nobody has approved passes a safety limit (then all of that waits) | any |

A course's own checksum says what was shown: what changes in the plan, which events with which words, and what
the reasons rest on. Who belongs to a group is no part of it, so that joiners go along. What was approved, or
is the rest of it, is not weighed again, and does not count against the limits; once it was carried out the
approval is used up, and the same change waits anew. What was rejected waits for nobody, until the course's
change is another one. Organiser and time zone change with everything that waits, or not at all.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING, assert_never

from bot.approvals.versions import Changed, fingerprint
from bot.domain.approvals import Consent, WaitReason
from bot.domain.changes import Cancel, Conflict, Create, Forget, Reason, Update, writes_to_outlook
from bot.domain.events import AttendeeType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.domain.approvals import Decision
    from bot.domain.changes import Change, ChangeSet
    from bot.domain.messages import Message

REASONS = tuple(WaitReason)
APPROVED_WITH_IT = frozenset({WaitReason.PLAN, WaitReason.ID, WaitReason.ORGANISER, WaitReason.GONE})
"""What the rest of an approved change does not wait for again: it was asked when the change was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brakes:
    """The settings.

    Whether every change of the plan waits, how many have to approve, and whom `gone` may reach by itself
    (people).
    """

    every_change: bool = True
    approvers: int = 1
    max_cancelled_people: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedFindings:
    """What was found beside the difference; the values are what a checksum rests on.

    `ids`, `empty_groups` by course; `organiser` the mailbox that the events are in where it is another;
    `columns` those that vanished; `plan_id` the id that the plan seems to have had.
    """

    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    empty_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    organiser: str = ""
    plan_id: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One course of a difference.

    `reasons` are empty where it needs no approval; `people` how many would be mailed.

    `is_changed`: the plan says it otherwise than the version in force.
    """

    course: str
    checksum: str
    mails: int
    people: int
    reasons: tuple[WaitReason, ...] = ()
    consent: Consent = Consent.NOT_NEEDED
    is_rejected: bool = False
    is_changed: bool = False

    @property
    def may_go(self) -> bool:
        """Whether its change may be carried out."""
        return self.consent is not Consent.NEEDED

    @property
    def waits(self) -> bool:
        """Whether a person is asked."""
        return self.consent is Consent.NEEDED and not self.is_rejected


def weigh(
    change_set: ChangeSet,
    changed: Iterable[Changed],
    findings: WeighedFindings,
    decisions: Iterable[Decision],
    brakes: Brakes,
    *,
    known: frozenset[str],
) -> tuple[Verdict, ...]:
    """A verdict on each course that the difference or the plan changes, sorted by course.

    `change_set` is the whole difference of the plan as written; `known` are the courses whose version in
    force is known, `decisions` everything that was said, oldest first, as the books have it: two of the same
    instant are in the order they were made in.
    """
    by_course = {one.course: one for one in changed}
    changes: defaultdict[str, list[Change]] = defaultdict(list)
    messages: defaultdict[str, list[Message]] = defaultdict(list)
    for change in change_set.changes:
        changes[change.course].append(change)
    for message in change_set.messages:
        messages[message.course].append(message)
    said: defaultdict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        said[decision.course].append(decision)
    # What had no room that day, failed, or was cut off.
    rests = {
        course for course, words in said.items() if course not in by_course and _is_under_way(words, brakes)
    }
    found: dict[str, Verdict] = {}
    for course in sorted({*by_course, *changes, *messages, *findings.empty_groups}):
        reasons = _reasons(
            course, by_course.get(course), changes[course], messages[course], findings, brakes, known
        )
        reasons -= APPROVED_WITH_IT if course in rests else frozenset()
        found[course] = _verdict(
            course,
            by_course.get(course),
            reasons,
            changes[course],
            messages[course],
            findings,
            said[course],
            brakes,
        )
    asked = {course: one for course, one in found.items() if course not in rests}
    return tuple((found | _with_gone(asked, changes, by_course, said, findings, messages, brakes)).values())


def with_limits(
    verdicts: Iterable[Verdict], change_set: ChangeSet, decisions: Iterable[Decision], brakes: Brakes
) -> tuple[Verdict, ...]:
    """The verdicts where a safety limit is passed: whatever would reach somebody and has no approval waits.

    What was shown is then the difference to the letter, people too.
    """
    said: defaultdict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        said[decision.course].append(decision)
    found: list[Verdict] = []
    for one in verdicts:
        changes = [change for change in change_set.changes if change.course == one.course]
        messages = [message for message in change_set.messages if message.course == one.course]
        if one.consent is Consent.GIVEN or not (messages or any(map(writes_to_outlook, changes))):
            found.append(one)
            continue
        rows = [_row(change, people=True) for change in changes] + [
            ["message", message.key] for message in messages
        ]
        checksum = _digest([one.checksum, "limits", rows])
        reasons = tuple(reason for reason in REASONS if reason in {*one.reasons, WaitReason.LIMITS})
        found.append(_decided(one, checksum=checksum, reasons=reasons, said=said[one.course], brakes=brakes))
    return tuple(found)


def heard(verdicts: Iterable[Verdict], decisions: Iterable[Decision], brakes: Brakes) -> tuple[Verdict, ...]:
    """The same verdicts with what people have decided by now."""
    said: defaultdict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        said[decision.course].append(decision)
    return tuple(
        _decided(one, checksum=one.checksum, reasons=one.reasons, said=said[one.course], brakes=brakes)
        for one in verdicts
    )


def all_or_none(verdicts: Iterable[Verdict], changed: Iterable[Changed]) -> tuple[Verdict, ...]:
    """Organiser and time zone are the whole plan's: while one course waits for them, all do."""
    moved = {one.course for one in changed if _is_moved(one)}
    listed = tuple(verdicts)
    if all(one.may_go for one in listed if one.course in moved):
        return listed
    return tuple(
        replace(one, reasons=one.reasons or (WaitReason.PLAN,), consent=Consent.NEEDED)
        if one.course in moved and one.may_go
        else one
        for one in listed
    )


def is_approved(decisions: Iterable[Decision], checksum: str, approvers: int) -> bool:
    """Whether enough different people have approved what goes by this checksum."""
    return (
        len({one.by.casefold() for one in decisions if one.approved and one.checksum == checksum})
        >= approvers
    )


def is_decided(decisions: Iterable[Decision], course: str, checksum: str, approvers: int) -> bool:
    """Whether nobody is asked about this change of the course any more.

    Enough people have approved it, or the last word is a no.
    """
    mine = _since_last_done([one for one in decisions if (one.course, one.checksum) == (course, checksum)])
    return bool(mine) and (not mine[-1].approved or is_approved(_since_last_no(mine), checksum, approvers))


def people_of(changes: Iterable[Change], messages: Iterable[Message] = ()) -> frozenset[str]:
    """Who would get a mail, by address as it stands on the event or in the plan."""
    found = {message.email for message in messages}
    for change in changes:
        match change:
            case Create():
                found.update(
                    one.email for one in change.desired.attendees if one.type is not AttendeeType.RESOURCE
                )
            case Update():
                rooms = {one.email for one in change.desired.attendees if one.type is AttendeeType.RESOURCE}
                rooms |= {
                    one.address for one in change.observed.attendees if one.type is AttendeeType.RESOURCE
                }
                staying = {one.address for one in change.observed.attendees} if change.fields else set()
                found.update(
                    (
                        staying
                        | {*change.add, *change.remove, *(one for pair in change.readdressed for one in pair)}
                    )
                    - rooms
                )
            case Cancel():
                found.update(
                    one.address for one in change.observed.attendees if one.type is not AttendeeType.RESOURCE
                )
            case Conflict() | Forget():
                pass
            case _ as unreachable:
                assert_never(unreachable)
    return frozenset(found)


def _reasons(
    course: str,
    changed: Changed | None,
    changes: list[Change],
    messages: list[Message],
    findings: WeighedFindings,
    brakes: Brakes,
    known: frozenset[str],
) -> frozenset[WaitReason]:
    reaches = any(change.mails or (isinstance(change, Create) and change.held) for change in changes) or bool(
        messages
    )
    found: set[WaitReason] = set()
    if brakes.every_change and reaches and _follows_from_plan(course, changed, changes, known):
        found.add(WaitReason.PLAN)
    if reaches and (findings.plan_id or (changed is not None and findings.ids.get(course))):
        found.add(WaitReason.ID)
    if reaches and findings.organiser:
        found.add(WaitReason.ORGANISER)
    if reaches and findings.columns and changed is not None:
        found.add(WaitReason.COLUMN)
    if findings.empty_groups.get(course):
        found.add(WaitReason.EMPTY_GROUP)
    return frozenset(found)


def _follows_from_plan(
    course: str, changed: Changed | None, changes: list[Change], known: frozenset[str]
) -> bool:
    """Whether it is the plan's doing, or the program's, and not the world's.

    Where nobody knows what was approved (the books are an older program's, or lost), who comes and goes is
    the world's doing, and everything else the plan's.
    """
    if changed is not None and course in known:
        return True
    if changed is not None:
        return changed.after is None or any(map(_is_news, changes))
    return any(change.mails and _is_news(change) for change in changes)


def _is_news(change: Change) -> bool:
    """Whether the change says something new, apart from who comes and goes."""
    match change:
        case Create():
            return change.key.part == 1 and change.reason not in {Reason.UNFINISHED, Reason.RESTORED}
        case Update():
            return bool(change.fields) and change.reason not in {Reason.UNFINISHED, Reason.RESTORED}
        case Cancel():
            return change.reason is not Reason.AUDIENCE
        case _:
            return False


def _verdict(
    course: str,
    changed: Changed | None,
    reasons: frozenset[WaitReason],
    changes: list[Change],
    messages: list[Message],
    findings: WeighedFindings,
    said: list[Decision],
    brakes: Brakes,
) -> Verdict:
    facts: list[object] = [course, fingerprint(changed) if changed is not None else ""]
    if changed is None:
        facts.append(sorted((_row(change, people=False) for change in changes if _is_news(change)), key=str))
    if WaitReason.ID in reasons:
        facts.append([findings.plan_id, *findings.ids.get(course, ())])
    if WaitReason.ORGANISER in reasons:
        facts.append(findings.organiser)
    if WaitReason.COLUMN in reasons:
        facts.append(list(findings.columns))
    if WaitReason.EMPTY_GROUP in reasons:
        facts.append(list(findings.empty_groups[course]))
    one = Verdict(
        course=course,
        checksum="",
        mails=sum(change.mails for change in changes) + len(messages),
        people=len(people_of(changes, messages)),
        is_changed=changed is not None,
    )
    return _decided(
        one,
        checksum=_digest(facts),
        reasons=tuple(reason for reason in REASONS if reason in reasons),
        said=said,
        brakes=brakes,
    )


def _decided(
    one: Verdict, *, checksum: str, reasons: tuple[WaitReason, ...], said: list[Decision], brakes: Brakes
) -> Verdict:
    """The verdict with what people have said of just this since it was last carried out.

    The latest word counts where it is a no.
    """
    mine = _since_last_done([decision for decision in said if decision.checksum == checksum])
    consent = Consent.NOT_NEEDED
    if reasons or (not one.is_changed and _is_under_way(said, brakes)):
        given = not reasons or is_approved(_since_last_no(mine), checksum, brakes.approvers)
        consent = Consent.GIVEN if given else Consent.NEEDED
    rejected = consent is Consent.NEEDED and bool(mine) and not mine[-1].approved
    return replace(one, checksum=checksum, reasons=reasons, consent=consent, is_rejected=rejected)


def _is_under_way(said: list[Decision], brakes: Brakes) -> bool:
    """Whether the course's latest change was approved and is not carried out whole."""
    if not said or not said[-1].approved or said[-1].done_at is not None:
        return False
    return is_approved(said, said[-1].checksum, brakes.approvers)


def _since_last_done(mine: list[Decision]) -> list[Decision]:
    last = max((at for at, decision in enumerate(mine) if decision.done_at is not None), default=-1)
    return mine[last + 1 :]


def _since_last_no(mine: list[Decision]) -> list[Decision]:
    last = max((at for at, decision in enumerate(mine) if not decision.approved), default=-1)
    return mine[last + 1 :]


def _with_gone(
    found: dict[str, Verdict],
    changes: Mapping[str, list[Change]],
    by_course: Mapping[str, Changed],
    said: Mapping[str, list[Decision]],
    findings: WeighedFindings,
    messages: Mapping[str, list[Message]],
    brakes: Brakes,
) -> dict[str, Verdict]:
    """One big day is as protected as five small ones.

    People are counted, in all events that are gone and not approved to go.
    """
    losing = {
        course: sum(
            change.mails
            for change in changes.get(course, ())
            if isinstance(change, Cancel) and _is_gone(change)
        )
        for course, one in found.items()
    }
    again: dict[str, Verdict] = {}
    for course in (course for course, people in losing.items() if people):
        reasons = frozenset({*found[course].reasons, WaitReason.GONE})
        again[course] = _verdict(
            course,
            by_course.get(course),
            reasons,
            changes[course],
            messages.get(course, []),
            findings,
            said.get(course, []),
            brakes,
        )
    people = sum(losing[course] for course, one in again.items() if one.consent is not Consent.GIVEN)
    return found if people <= brakes.max_cancelled_people else {**found, **again}


def _is_gone(change: Cancel) -> bool:
    return change.gone and change.reason is Reason.GONE_FROM_PLAN


def _is_moved(changed: Changed) -> bool:
    before, after = changed.before, changed.after
    return (
        before is not None
        and after is not None
        and (before.organiser, before.timezone) != (after.organiser, after.timezone)
    )


def _row(change: Change, *, people: bool) -> list[object]:
    """A change as a checksum sees it: what it is, and the words; with `people` also whom it reaches."""
    row: list[object] = [type(change).__name__, str(change.key), change.reason.value]
    if isinstance(change, Update | Create):
        names = change.fields if isinstance(change, Update) else ()
        content = change.desired.content
        values = [str(getattr(content, name)) for name in names] or [
            content.subject,
            str(content.start),
            str(content.end),
            content.body,
        ]
        row += [[*map(str, names)], values]
    if people:
        row += [sorted(people_of([change]))]
    return row


def _digest(facts: object) -> str:
    return sha256(json.dumps(facts, ensure_ascii=False, default=str).encode()).hexdigest()[:16]
