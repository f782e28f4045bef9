"""What a reminder rule may send: one row a template, with all that is particular to it.

| template      | in Excel       | in Teams             | asks | dated | of the course | equal for all | has materials |
|---|---|---|---|---|---|---|---|
| please_answer | svar udbedes   | answerReminder       | yes  | no    | yes           | yes           | no |
| practical     | praktisk       | practicalInformation | no   | yes   | no            | yes           | yes |
| tomorrow      | i morgen       | courseTomorrow       | no   | yes   | no            | yes           | no |
| follow_up     | opfølgning     | courseFollowUp       | no   | no    | no            | yes           | yes |
| announcement  | meddelelse     | courseOffer          | yes  | yes   | yes           | no            | no |
| no_show       | vi savnede dig | courseMissed         | no   | no    | no            | no            | yes |
| local_task    | opgave bagefter | courseTask          | no   | no    | no            | no            | yes |

`local_task` is in no rule that HR writes: the rules that a course's tasks make send it.

Its words are the templates in `bot/messages/templates/` and its names in the catalogue under `messages.kind`
and `messages.activity`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class MessageKind(StrEnum):
    """One folder of templates each (`bot/messages/templates/<language>/<value>/`)."""

    ANNOUNCEMENT = "announcement"
    CHOOSE = "choose"
    PLACED_IN_LINE = "placed_in_line"
    SEAT_OFFERED = "seat_offered"
    FULL = "full"
    TOO_LATE = "too_late"
    ASSIGNED = "assigned"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    HANDED_OVER = "handed_over"
    TAKEN_OVER = "taken_over"
    CONFIRMED = "confirmed"
    AWAITS_APPROVAL = "awaits_approval"
    APPROVED = "sign_up_approved"
    DISAPPROVED = "sign_up_refused"
    APPROVAL_REQUEST = "approval_request"
    MANAGER_COPY = "manager_copy"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    OFFERING_GONE = "offering_gone"
    CERTIFICATE_READY = "certificate_ready"
    MINIMUM = "minimum"
    PLEASE_ANSWER = "please_answer"
    PRACTICAL = "practical"
    TOMORROW = "tomorrow"
    FOLLOW_UP = "follow_up"
    NO_SHOW = "no_show"
    LOCAL_TASK = "local_task"
    DIGEST = "digest"
    COPY = "copy"
    HR_REPORT = "hr_report"
    OVERVIEW = "overview"
    PARTICIPANTS = "participants"
    BROADCAST = "broadcast"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderTemplate:
    """A row of the table above.

    `excel` is its Danish word in a workbook, `activity` the type of its line in Teams, which a person can
    turn off there. `asks`: it asks for an answer, is worth nothing to who has no seat to take, and brings the
    reader's own link. `dated`: it says when and where. `of_course`: it speaks of the whole course and not of
    a session. `equal`: everybody's mail may be the same. `in_rules`: HR may choose it in a rule.
    """

    kind: MessageKind
    excel: str
    activity: str
    asks: bool = False
    dated: bool = True
    of_course: bool = False
    equal: bool = True
    has_materials: bool = False
    in_rules: bool = True


TEMPLATES: Mapping[str, ReminderTemplate] = MappingProxyType(
    {
        row.kind.value: row
        for row in (
            ReminderTemplate(
                kind=MessageKind.PLEASE_ANSWER,
                excel="svar udbedes",
                activity="answerReminder",
                asks=True,
                dated=False,
                of_course=True,
            ),
            ReminderTemplate(
                kind=MessageKind.PRACTICAL,
                excel="praktisk",
                activity="practicalInformation",
                has_materials=True,
            ),
            ReminderTemplate(kind=MessageKind.TOMORROW, excel="i morgen", activity="courseTomorrow"),
            ReminderTemplate(
                kind=MessageKind.FOLLOW_UP,
                excel="opfølgning",
                activity="courseFollowUp",
                dated=False,
                has_materials=True,
            ),
            ReminderTemplate(
                kind=MessageKind.ANNOUNCEMENT,
                excel="meddelelse",
                activity="courseOffer",
                asks=True,
                of_course=True,
                equal=False,
            ),
            ReminderTemplate(
                kind=MessageKind.NO_SHOW,
                excel="vi savnede dig",
                activity="courseMissed",
                dated=False,
                equal=False,
                has_materials=True,
            ),
            ReminderTemplate(
                kind=MessageKind.LOCAL_TASK,
                excel="opgave bagefter",
                activity="courseTask",
                dated=False,
                equal=False,
                has_materials=True,
                in_rules=False,
            ),
        )
    }
)
"""By the name that the plan's format has for it; the order is the one that people read them in."""
IN_RULES: Mapping[str, ReminderTemplate] = MappingProxyType(
    {name: row for name, row in TEMPLATES.items() if row.in_rules}
)
"""Those that HR may choose."""
ASKING = frozenset(row.kind for row in TEMPLATES.values() if row.asks)
AFTERWARDS = frozenset({MessageKind.FOLLOW_UP, MessageKind.NO_SHOW, MessageKind.LOCAL_TASK})
"""What is sent when a course is over."""
NOT_COPIED = frozenset({MessageKind.NO_SHOW, MessageKind.LOCAL_TASK})
"""What is nobody's business who answers for the reader: that they did not come, and what they do at home."""
UNDATED = frozenset(row.kind for row in TEMPLATES.values() if not row.dated)
OF_COURSE = frozenset(row.kind for row in TEMPLATES.values() if row.of_course)
EQUAL_FOR_ALL = frozenset(row.kind for row in TEMPLATES.values() if row.equal)
WITH_MATERIALS = frozenset(row.kind for row in TEMPLATES.values() if row.has_materials)
ACTIVITIES: Mapping[str, str] = MappingProxyType(
    {name: row.activity for name, row in TEMPLATES.items()} | {"digest": "severalCourses"}
)
"""From the kind of message to the activity type of our Teams app; several at once have one of their own."""
