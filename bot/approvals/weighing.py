"""What of a difference waits for a person, course by course (pure).

The reasons are a table in `bot.approvals.reasons`; what people have said of a change is weighed in
`bot.approvals.verdicts`.

A course's own checksum says what was shown: what changes in the plan, which events with which words, and what
the reasons rest on. Who belongs to a group is no part of it, so that joiners go along. What was approved, or
is the rest of it, is not weighed again, and does not count against the limits; once it was carried out the
approval is used up, and the same change waits anew. What was rejected waits for nobody, until the course's
change is another one. Organiser and time zone change with everything that waits, or not at all.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.approvals.mailed import people_of
from bot.approvals.reasons import EVIDENT, CourseChange, is_news, reasons_of
from bot.approvals.verdicts import Verdict, by_course, decided, is_under_way
from bot.approvals.versions import Changed, fingerprint
from bot.domain.approvals import Consent, WaitReason
from bot.domain.changes import Cancel, Create, Reason, Update, writes_to_outlook

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.approvals.reasons import WeighedFindings
    from bot.approvals.verdicts import ApprovalRules
    from bot.domain.approvals import Decision
    from bot.domain.changes import Change, ChangeSet
    from bot.domain.messages import Message

REASONS = tuple(WaitReason)
APPROVED_WITH_IT = frozenset({WaitReason.PLAN, WaitReason.ID, WaitReason.ORGANISER, WaitReason.GONE})
"""What the rest of an approved change does not wait for again: it was asked when the change was."""


def weigh(
    change_set: ChangeSet,
    changed: Iterable[Changed],
    findings: WeighedFindings,
    decisions: Iterable[Decision],
    rules: ApprovalRules,
    *,
    known: frozenset[str],
) -> tuple[Verdict, ...]:
    """A verdict on each course that the difference or the plan changes, sorted by course.

    `change_set` is the whole difference of the plan as written; `known` are the courses whose version in
    force is known, `decisions` everything that was said, oldest first, as the books have it: two of the same
    instant are in the order they were made in.
    """
    decisions_of = by_course(decisions)
    course_changes = _course_changes(change_set, changed, findings.empty_groups)
    # What had no room that day, failed, or was cut off.
    rest = {
        change.course
        for change in course_changes
        if change.changed is None and is_under_way(decisions_of.get(change.course, []), rules)
    }
    verdicts: dict[str, Verdict] = {}
    for change in course_changes:
        reasons = reasons_of(change, findings, every_change=rules.every_change, known=known)
        reasons -= APPROVED_WITH_IT if change.course in rest else frozenset()
        verdicts[change.course] = _verdict(change, reasons, findings, decisions_of, rules)
    asked = [change for change in course_changes if change.course not in rest]
    return tuple((verdicts | _with_gone(asked, verdicts, findings, decisions_of, rules)).values())


def _course_changes(
    change_set: ChangeSet, changed: Iterable[Changed], empty_groups: Iterable[str]
) -> list[CourseChange]:
    """What changes, course by course; those with an empty group alone are among them."""
    changed_of = {each.course: each for each in changed}
    changes: defaultdict[str, list[Change]] = defaultdict(list)
    messages: defaultdict[str, list[Message]] = defaultdict(list)
    for change in change_set.changes:
        changes[change.course].append(change)
    for message in change_set.messages:
        messages[message.course].append(message)
    return [
        CourseChange(
            course=course,
            changed=changed_of.get(course),
            changes=tuple(changes[course]),
            messages=tuple(messages[course]),
        )
        for course in sorted({*changed_of, *changes, *messages, *empty_groups})
    ]


def with_limits(
    verdicts: Iterable[Verdict],
    change_set: ChangeSet,
    decisions: Iterable[Decision],
    rules: ApprovalRules,
) -> tuple[Verdict, ...]:
    """The verdicts where a safety limit is passed: whatever would reach somebody and has no approval waits.

    What was shown is then the difference to the letter, people too.
    """
    decisions_of = by_course(decisions)
    limited: list[Verdict] = []
    for verdict in verdicts:
        changes = [change for change in change_set.changes if change.course == verdict.course]
        messages = [message for message in change_set.messages if message.course == verdict.course]
        reaches = bool(messages) or any(map(writes_to_outlook, changes))
        if verdict.consent is Consent.GIVEN or not reaches:
            limited.append(verdict)
            continue
        rows = [_row(change, people=True) for change in changes]
        rows += [["message", message.key] for message in messages]
        limited.append(
            decided(
                verdict,
                checksum=_digest([verdict.checksum, "limits", rows]),
                reasons=_in_order({*verdict.reasons, WaitReason.LIMITS}),
                decisions=decisions_of.get(verdict.course, []),
                rules=rules,
            )
        )
    return tuple(limited)


def all_or_none(verdicts: Iterable[Verdict], changed: Iterable[Changed]) -> tuple[Verdict, ...]:
    """Organiser and time zone are the whole plan's: while one course waits for them, all do."""
    moved = {each.course for each in changed if _is_moved(each)}
    listed = tuple(verdicts)
    if all(verdict.may_go for verdict in listed if verdict.course in moved):
        return listed
    return tuple(
        replace(verdict, reasons=verdict.reasons or (WaitReason.PLAN,), consent=Consent.NEEDED)
        if verdict.course in moved and verdict.may_go
        else verdict
        for verdict in listed
    )


def _verdict(
    change: CourseChange,
    reasons: frozenset[WaitReason],
    findings: WeighedFindings,
    decisions_of: Mapping[str, list[Decision]],
    rules: ApprovalRules,
) -> Verdict:
    verdict = Verdict(
        course=change.course,
        checksum="",
        mails=sum(each.mails for each in change.changes) + len(change.messages),
        people=len(people_of(change.changes, change.messages)),
        is_changed=change.changed is not None,
    )
    return decided(
        verdict,
        checksum=_checksum(change, reasons, findings),
        reasons=_in_order(reasons),
        decisions=decisions_of.get(change.course, []),
        rules=rules,
    )


def _checksum(change: CourseChange, reasons: frozenset[WaitReason], findings: WeighedFindings) -> str:
    facts: list[object] = [change.course]
    if change.changed is not None:
        facts.append(fingerprint(change.changed))
    else:
        rows = [_row(each, people=False) for each in change.changes if is_news(each)]
        facts += ["", sorted(rows, key=str)]
    facts += [findings.evidence(change.course, reason) for reason in EVIDENT if reason in reasons]
    return _digest(facts)


def _in_order(reasons: set[WaitReason] | frozenset[WaitReason]) -> tuple[WaitReason, ...]:
    return tuple(reason for reason in REASONS if reason in reasons)


def _with_gone(
    asked: Iterable[CourseChange],
    verdicts: Mapping[str, Verdict],
    findings: WeighedFindings,
    decisions_of: Mapping[str, list[Decision]],
    rules: ApprovalRules,
) -> dict[str, Verdict]:
    """The verdicts on courses whose events are gone from the plan, where too many people lose theirs.

    One big day is as protected as five small ones: people are counted, in all events that are gone and not
    approved to go.
    """
    losing = {change.course: _people_losing(change) for change in asked}
    with_gone: dict[str, Verdict] = {}
    for change in asked:
        if losing[change.course]:
            reasons = frozenset({*verdicts[change.course].reasons, WaitReason.GONE})
            with_gone[change.course] = _verdict(change, reasons, findings, decisions_of, rules)
    unapproved = sum(
        losing[course] for course, verdict in with_gone.items() if verdict.consent is not Consent.GIVEN
    )
    return {} if unapproved <= rules.max_cancelled_people else with_gone


def _people_losing(change: CourseChange) -> int:
    return sum(each.mails for each in change.changes if isinstance(each, Cancel) and _is_gone(each))


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
