"""Why a course's change waits for a person (pure).

| reason | when | waits under |
|---|---|---|
| plan | somebody would be mailed: it is written otherwise than its version in force, or the program words it otherwise | `plan` |
| id | an id looks changed: the plan's, the course's or one within it | any |
| organiser | the plan names another mailbox than the events are in | any |
| gone | its events are cancelled because they are gone from the plan, and all such events have more people than allowed | any |
| column | the plan is written otherwise, and a sheet or column that it had is not there any more | any |
| empty_group | a group of its audiences answers empty, for the first time or where it had members | any |
| limits | what nobody has approved passes a safety limit (then all of that waits) | any |

The limits are `bot.approvals.weighing`'s, and so is the counting of people for `gone`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.domain.approvals import WaitReason
from bot.domain.changes import Cancel, Create, Reason, Update

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.approvals.versions import Changed
    from bot.domain.changes import Change
    from bot.domain.messages import Message

NOTHING_NEW = frozenset({Reason.UNFINISHED, Reason.RESTORED})
EVIDENT = (WaitReason.ID, WaitReason.ORGANISER, WaitReason.COLUMN, WaitReason.EMPTY_GROUP)
"""The reasons whose facts a checksum rests on, in the order in which it takes them."""


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

    def evidence(self, course: str, reason: WaitReason) -> object:
        """What a reason rests on, as the checksum of the course takes it."""
        return {
            WaitReason.ID: [self.plan_id, *self.ids.get(course, ())],
            WaitReason.ORGANISER: self.organiser,
            WaitReason.COLUMN: list(self.columns),
            WaitReason.EMPTY_GROUP: list(self.empty_groups.get(course, ())),
        }[reason]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseChange:
    """Everything that changes for one course.

    How the plan says it otherwise than its version in force (None: it does not), what is done to events, and
    whom messages go to.
    """

    course: str
    changed: Changed | None
    changes: tuple[Change, ...]
    messages: tuple[Message, ...]

    @property
    def reaches_somebody(self) -> bool:
        """Whether anybody is mailed, now or when there is room for it."""
        return bool(self.messages) or any(change.mails or _is_held(change) for change in self.changes)


def reasons_of(
    change: CourseChange, findings: WeighedFindings, *, every_change: bool, known: frozenset[str]
) -> frozenset[WaitReason]:
    """The reasons of the table that one course tells by itself.

    `every_change`: each change of the plan waits; `known` the courses whose version in force is known.
    """
    reaches, is_changed = change.reaches_somebody, change.changed is not None
    ids = findings.ids.get(change.course, ()) if is_changed else ()
    applies = {
        WaitReason.PLAN: every_change and reaches and _follows_from_plan(change, known),
        WaitReason.ID: reaches and bool(findings.plan_id or ids),
        WaitReason.ORGANISER: reaches and bool(findings.organiser),
        WaitReason.COLUMN: reaches and is_changed and bool(findings.columns),
        WaitReason.EMPTY_GROUP: bool(findings.empty_groups.get(change.course)),
    }
    return frozenset(reason for reason, does_apply in applies.items() if does_apply)


def is_news(change: Change) -> bool:
    """Whether the change says something new, apart from who comes and goes."""
    match change:
        case Create():
            return change.key.part == 1 and change.reason not in NOTHING_NEW
        case Update():
            return bool(change.fields) and change.reason not in NOTHING_NEW
        case Cancel():
            return change.reason is not Reason.AUDIENCE
        case _:
            return False


def _is_held(change: Change) -> bool:
    return isinstance(change, Create) and change.held


def _follows_from_plan(change: CourseChange, known: frozenset[str]) -> bool:
    """Whether it is the plan's doing, or the program's, and not the world's.

    Where nobody knows what was approved (the books are an older program's, or lost), who comes and goes is
    the world's doing, and everything else the plan's.
    """
    if change.changed is None:
        return any(each.mails and is_news(each) for each in change.changes)
    return change.course in known or change.changed.after is None or any(map(is_news, change.changes))
