"""What a difference does not show by itself.

Ids that look changed, another mailbox, columns that vanished, groups that are empty.

Each finding makes courses wait (`bot.approvals.weighing`), and is explained with the ways out. Reads the
books of other plans, and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.approvals.reasons import WeighedFindings
from bot.approvals.versions import what_was_approved
from bot.domain.approvals import WaitReason
from bot.domain.changed_ids import IdWord, last_word
from bot.domain.people import UnknownReason
from bot.domain.plan import CourseStatus
from bot.domain.shape import vanished
from bot.i18n.catalogue import text
from bot.invitations.identity import other_mailbox, other_plan_id, other_timezone
from bot.invitations.lookalikes import changed_id_text, changed_ids, changed_ids_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.domain.approvals import Record
    from bot.domain.changed_ids import ChangedId
    from bot.domain.people import Audience, Language
    from bot.domain.plan import Course, CoursePlan
    from bot.invitations.identity import OtherMailbox, OtherPlanId, OtherTimezone
    from bot.opening.stores import Stores
    from bot.rounds.steps.read_world import Reading, Seen

INVITING = frozenset({CourseStatus.SAVE_THE_DATE, CourseStatus.APPROVED})
EMPTY = frozenset({UnknownReason.EMPTIED, UnknownReason.FIRST_EMPTY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The findings, as the verdicts need them (`findings`) and as they are told.

    `others` are those of `ids` of which HR has said that they are new.
    """

    findings: WeighedFindings
    ids: tuple[ChangedId, ...] = ()
    others: frozenset[ChangedId] = frozenset()
    plan_id: OtherPlanId | None = None
    mailbox: OtherMailbox | None = None
    timezone: OtherTimezone | None = None

    def ids_of(self, course: str) -> tuple[ChangedId, ...]:
        """Those that look changed, of the course or within it."""
        return tuple(one for one in self.ids if course in one.courses)

    def lines(self, course: str, reason: WaitReason, language: Language) -> tuple[str, ...]:
        """What was found of a course that waits for this reason, and the ways out where they are special."""
        match reason:
            case WaitReason.ID:
                other = self.plan_id.lines(language) if self.plan_id is not None else ()
                return (
                    *other,
                    *(self._id_lines(one, language) for one in self.ids_of(course)),
                )
            case WaitReason.ORGANISER:
                return self.mailbox.lines(language) if self.mailbox is not None else ()
            case WaitReason.PLAN:
                return self.timezone.lines(language) if self.timezone is not None else ()
            case WaitReason.COLUMN:
                # Seldom told of, and it knows every column of a workbook.
                from bot.plan import vanished_text

                return tuple(vanished_text(language, key) for key in self.findings.columns)
            case WaitReason.EMPTY_GROUP:
                groups = self.findings.empty_groups.get(course, ())
                return tuple(text(language, "approvals.empty_group", group=group) for group in groups)
            case _:
                return ()

    def _id_lines(self, one: ChangedId, language: Language) -> str:
        """What looks changed, and that HR has said it is another one, where it has."""
        found = changed_id_text(one, language)
        return f"{found} {text(language, 'lookalikes.said_other')}" if one in self.others else found


NOTHING_FOUND = Found(findings=WeighedFindings())


def look_closer(plan: CoursePlan, stores: Stores, seen: Seen, record: Record, whole: Reading) -> Found:
    """Everything there is to find about a plan as it is written; raises DatabaseFailed."""
    approved = what_was_approved(plan, record)
    ids = (
        changed_ids(approved, plan, now=seen.now)
        if record.versions
        else changed_ids_in(whole.change_set.changes)
    )
    plan_id = _plan_id(plan, stores, seen, record)
    mailbox = other_mailbox(plan, seen.ledger.values(), now=seen.now)
    by_course: defaultdict[str, list[str]] = defaultdict(list)
    for one in ids:
        for course in one.courses:
            by_course[course].append(f"{one.level} {one.old} → {one.new}")
    before = frozenset(record.accepted.shape) if record.accepted is not None else frozenset()
    findings = WeighedFindings(
        ids={course: tuple(found) for course, found in by_course.items()},
        empty_groups=dict(_empty_groups(plan.courses, seen.audiences)),
        organiser=mailbox.old if mailbox is not None else "",
        plan_id=plan_id.old if plan_id is not None else "",
        columns=vanished(before, plan.shape),
    )
    timezone = other_timezone(record.accepted.timezone, plan) if record.accepted is not None else None
    said = stores.noted_ids.load(plan.id) if ids else ()
    others = frozenset(one for one in ids if last_word(one, said) is IdWord.OTHER)
    return Found(
        findings=findings, ids=ids, others=others, plan_id=plan_id, mailbox=mailbox, timezone=timezone
    )


def _plan_id(plan: CoursePlan, stores: Stores, seen: Seen, record: Record) -> OtherPlanId | None:
    """Only a plan without any books of its own can be another one's under a new id."""
    if seen.ledger or record.versions:
        return None
    ledger = stores.books.ledger
    ledgers = {name: ledger.load_entries(name) for name in ledger.load_plans() if name != plan.id}
    return other_plan_id(plan, ledgers, served=(), now=seen.now) if ledgers else None


def _empty_groups(
    courses: Iterable[Course], audiences: Mapping[str, Audience]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Of the courses that invite: by course, the groups of its audiences that answer empty and may not be."""
    for course in courses:
        known = (audiences[name] for name in sorted(course.invited_audiences) if name in audiences)
        groups = tuple(
            sorted(
                {
                    unknown.group
                    for audience in known
                    for unknown in audience.unknown
                    if unknown.reason in EMPTY
                }
            )
        )
        if groups and course.status in INVITING:
            yield course.id, groups
