"""What the API takes and answers, as `openapi.json` tells it. More keys may be there than are told.

Answers are made where the commands' are (`overview`, `registrations`, `preview`); a test holds each against
its shape here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.messages.characters import printable

LONGEST_ID, LONGEST_REASON, MOST_COURSES = 200, 1000, 2000


def is_plain(text: str) -> str:
    """The text, if it has no characters that no text has; raises ValueError."""
    if printable(text) != text:
        raise ValueError("characters that no text has")
    return text


Word = Annotated[str, Field(min_length=1, max_length=LONGEST_ID), AfterValidator(is_plain)]
Reason = Annotated[str, Field(max_length=LONGEST_REASON), AfterValidator(is_plain)]


Address = Annotated[str, Field(min_length=3, max_length=320), AfterValidator(is_plain)]


class AnswerShape(BaseModel):
    """What is answered."""

    model_config = ConfigDict(extra="allow")


class BodyShape(BaseModel):
    """What is sent."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ProblemDetails(AnswerShape):
    """RFC 9457; `code` says which problem it is."""

    type: str
    title: str
    status: int
    code: str
    detail: str


class RegistrationRow(AnswerShape):
    """One person and offering, as in `registrations --format json`."""

    course: str
    offering: str
    name: str
    email: str
    status: Literal[
        "invited", "registered", "tentative", "declined", "waitlisted", "withdrawn", "attended", "no_show"
    ]
    since: str
    source: str
    position: int | None
    attendance: dict[str, Literal["attended", "no_show"]] = Field(
        description="By the id of each session of which it is known, whether the person came."
    )
    attendance_by: dict[str, Literal["hr", "door", "self", "teams"]] = Field(
        description="By the id of each session who said so last, of those whose word counts."
    )


class OwnRegistrationRow(RegistrationRow):
    """The same with the plan that it is in."""

    plan: str


class Me(AnswerShape):
    """Whoever the token names; of an app `email` is empty and `name` its id."""

    email: str
    name: str
    roles: list[str]
    registrations: list[OwnRegistrationRow]


class PlanRow(AnswerShape):
    """A plan that may be seen; `problems` are those of the document by now, which is then not followed."""

    plan: str
    organisation: str
    revision: str
    problems: list[dict[str, Any]]


class SeatCounts(AnswerShape):
    """Of all of a course's offerings."""

    capacity: int | None
    invited: int
    registered: int
    tentative: int
    waitlisted: int
    declined: int
    unanswered: int
    attended: int | None


class TaskCounts(AnswerShape):
    """What people say of a task after a course; null from fewer than five, which are not shown."""

    task: str
    answers: int | None
    counts: dict[Literal["done", "on_the_way", "not_yet"], int] | None


class CourseRow(AnswerShape):
    """As in `overview --format json`; `start` and `end` of sessions are with the plan's offset."""

    course: str
    title: str
    theme: str
    status: str
    when: str | None
    responsible: list[str]
    tags: list[str]
    case: str | None
    sessions: list[dict[str, Any]]
    seats: SeatCounts
    funding: list[dict[str, Any]]
    tasks: list[TaskCounts]


class PlanRows(AnswerShape):
    """`next` is the cursor of what follows, null at the end."""

    items: list[PlanRow]
    next: str | None


class CourseRows(AnswerShape):
    """See PlanRows."""

    items: list[CourseRow]
    next: str | None


class RegistrationRows(AnswerShape):
    """See PlanRows."""

    items: list[RegistrationRow]
    next: str | None


class OverviewDocument(AnswerShape):
    """As `overview --format json`."""

    plan: str
    as_of: str
    courses: list[CourseRow]
    pools: list[dict[str, Any]]
    decisions: list[dict[str, Any]]


class ChangesDocument(AnswerShape):
    """As `preview --format json`; `checksum` is that of all, each of `courses` has one of its own."""

    plan: str
    revision: str
    checksum: str
    mails: int
    changes: list[dict[str, Any]]
    courses: list[dict[str, Any]]


class ApprovalAsked(BodyShape):
    """`checksum` of the whole difference (`courses` for a part of it), or a course's own."""

    checksum: Word
    courses: Annotated[list[Word], Field(min_length=1, max_length=MOST_COURSES)] | None = None
    decision: Literal["approve", "reject"]
    reason: Reason = ""


class ApprovalGiven(AnswerShape):
    """The decisions that were written down; `enough` false where another person has to say the same."""

    decisions: list[dict[str, Any]]
    enough: bool


class SeatAsked(BodyShape):
    """What HR's hand does. `offering` of a move is where to; without it, the only one that can be meant.

    `to`: the colleague of a handover. `queue`: in line where it is full. `above`: a seat also then, with a
    reason. `names_others`: the reason may name somebody else.
    """

    action: Literal["enrol", "withdraw", "move", "promote", "handover"]
    course: Word
    offering: Word | None = None
    email: Address
    to: Address | None = None
    reason: Reason = ""
    queue: bool = False
    above: bool = False
    names_others: bool = False


class SeatMoved(AnswerShape):
    """Each line that moved somebody; `strangers` are those who come from outside, `act` is taken back by."""

    moves: list[dict[str, Any]]
    strangers: list[str]
    act: str


class UndoAsked(BodyShape):
    """Why an act is taken back; `names_others` as of a seat."""

    reason: Reason = ""
    names_others: bool = False
