"""What the API takes and answers of what the desk shows and does, as `openapi.json` tells it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, Field, RootModel, StrictBool, StrictStr

from bot.domain.broadcasts import LONGEST_SUBJECT, LONGEST_TEXT
from bot.web.api.shapes import Address, AnswerShape, BodyShape, Reason, Word, is_plain

LARGEST_NUMBER = 2**31 - 1
MOST_ADDRESSES = 100


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time that no calendar has") from None


class TodayDocument(AnswerShape):
    """What waits for a person, the most urgent first, and what is near; times with the plan's offset."""

    plan: str
    at: str
    items: list[dict[str, Any]]
    near: list[dict[str, Any]]
    answers: list[dict[str, Any]]


class MessagesDocument(AnswerShape):
    """By kind what was sent and what became of it, and each message that is coming, as its reader gets it."""

    course: str
    sent: list[dict[str, Any]]
    coming: list[dict[str, Any]]


class HistoryRow(AnswerShape):
    """One line of the seat log, in words; `email` is empty of somebody who was erased."""

    number: int
    at: str
    email: str
    name: str
    offering: str
    said: str
    change: str
    by: str
    reason: str
    late: bool


class HistoryRows(AnswerShape):
    """The latest first."""

    items: list[HistoryRow]
    next: str | None


class AnswerRow(AnswerShape):
    """One question to one person who has a place.

    `answer` is null while there is none that stands; `given` is what was answered and `worth` what that is
    today: `stands`, `reworded` (it stands, and other words were asked), `earlier` (another question), `none`.
    """

    email: str
    name: str
    question: str
    asked: str
    kind: str
    required: bool
    answer: str | None
    at: str | None
    given: str | None
    worth: str


class AnswerRows(AnswerShape):
    """By address, and then as the course asks."""

    items: list[AnswerRow]
    next: str | None


class PersonRow(AnswerShape):
    """Somebody whom the plans know; `person` names them in addresses."""

    person: str
    name: str
    email: str
    department: str
    plans: list[str]


class PersonRows(AnswerShape):
    """By name."""

    items: list[PersonRow]
    next: str | None


class PersonDocument(PersonRow):
    """Where they stand, what is still to be sent, and what happened, the newest first, in words."""

    standing: list[dict[str, Any]]
    coming: list[dict[str, Any]]
    history: list[dict[str, Any]]


class HeldDocument(AnswerShape):
    """All that is held of somebody, as `person --format json`.

    `has_left_out`: reasons that may speak of others were left out.
    """

    address: str
    addresses: list[str]
    tables: dict[str, Any]
    has_left_out: bool


class LookupAsked(BodyShape):
    """Whose address."""

    email: Address


class RunsDocument(AnswerShape):
    """What the service does for a plan; `database`, `microsoft`: codes of errors, empty where they answer."""

    plan: str
    database: str
    microsoft: str
    rests: bool
    mails: int
    troubles: list[dict[str, Any]]
    jobs: list[dict[str, Any]]
    untold: list[dict[str, Any]]


class ExaminationDocument(AnswerShape):
    """What `doctor` found last; `at` null: nothing yet. `error` is the code of why nothing was found."""

    plan: str
    at: str | None
    goes_on: bool
    error: str
    failed: int
    findings: list[dict[str, Any]]


class BroadcastRow(AnswerShape):
    """What HR wrote to the people of a course, and what became of it."""

    id: str
    state: Literal["draft", "sent"]
    offering: str
    session: str
    to: list[str]
    subject: str
    by: str
    at: str
    people: int
    went: int
    waiting: int
    stopped: int
    failed: int


class BroadcastRows(AnswerShape):
    """What was written last comes first."""

    items: list[BroadcastRow]
    next: str | None


class BroadcastDocument(BroadcastRow):
    """With what sending the draft would do now, to how many and as it looks; null once it is sent."""

    look: dict[str, Any] | None


class BroadcastSent(AnswerShape):
    """To how many it goes, and from when."""

    id: str
    people: int
    by: str
    goes_from: str | None


class WordsAsked(BodyShape):
    """What is said in one language, in HR's Markdown."""

    language: Literal["da", "en"]
    subject: Annotated[str, Field(min_length=1, max_length=LONGEST_SUBJECT), AfterValidator(is_plain)]
    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]


class BroadcastAsked(BodyShape):
    """To whom of the course, an offering or a session of it, and what is said."""

    to: Annotated[
        list[Literal["registered", "tentative", "waiting", "silent", "declined"]],
        Field(min_length=1, max_length=5),
    ]
    words: Annotated[list[WordsAsked], Field(min_length=1, max_length=2)]
    offering: Word | None = None
    session: Word | None = None


class SendAsked(BodyShape):
    """`digest` of what was shown; `at_once`: also outside the plan's sending hours."""

    digest: Word
    at_once: bool = False


class MailedRow(AnswerShape):
    """Somebody whom a change that waits would mail, and what for."""

    email: str
    name: str
    department: str
    why: list[str]


class MailedRows(AnswerShape):
    """By name."""

    items: list[MailedRow]
    next: str | None


class WaitingLetters(AnswerShape):
    """Each text that people would get, with the dates it goes for and what it changes, piece by piece."""

    course: str
    letters: list[dict[str, Any]]


class ChangedIdsDocument(AnswerShape):
    """The ids that look changed and wait, and what was said of each; `known` goes back with a word."""

    known: int
    ids: list[dict[str, Any]]


class ChangedIdAsked(BodyShape):
    """What HR says of one of them, named as it was shown; `open` takes back what was said."""

    level: Literal["course", "offering", "session"]
    course: Word
    offering: Word | None = None
    old: Word
    new: Word
    word: Literal["same", "other", "open"]
    known: Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]


class ReadAsked(BodyShape):
    """Whose words about the course HR has read, and until when they were shown."""

    email: Address
    until: Annotated[AwareDatetime, Field(strict=False), AfterValidator(_in_utc)]


class ReadHeard(AnswerShape):
    """Whose words are read."""

    course: str
    email: str


class ReminderRow(AnswerShape):
    """As in `reminders --format json`; with `word` and `by` where HR said something of it.

    `copy_of` is the leader's address where it is the copy for somebody who answers for them.
    """

    rule: str
    session: str
    email: str
    channel: str
    due_at: str
    expires_at: str
    template: str
    state: Literal["scheduled", "due", "sent", "failed", "expired", "skipped", "uncertain"]


class ReminderRows(AnswerShape):
    """By when they go."""

    items: list[ReminderRow]
    next: str | None


class ReminderAsked(BodyShape):
    """What HR says of a course's reminder: that of a rule, about a session where there are several.

    Without `email` it is about everybody who is to get it. `at_once`: what is sent goes also outside the
    sending hours.
    """

    action: Literal["skip", "send", "undo"]
    course: Word
    rule: Word
    offering: Word | None = None
    session: Word | None = None
    email: Address | None = None
    reason: Reason = ""
    at_once: bool = False


class ReminderHeard(AnswerShape):
    """The reminders that it was about, as they stand now."""

    reminders: list[ReminderRow]


class MessageAgainAsked(BodyShape):
    """Whom HR sends a mail once more: the one about signing up, or the answer to their wish."""

    course: Word
    email: Address
    what: Literal["sign_up", "answer"]
    offering: Word | None = None
    reason: Reason = ""
    at_once: bool = False


class MessageOnItsWay(AnswerShape):
    """Which kind of mail it is, and to whom."""

    kind: str
    offering: str
    email: str


class ListMailDocument(AnswerShape):
    """The list as it is now: how many are on it, and whom it may go to, with who has this one already."""

    digest: str
    people: int
    file: str
    to: list[dict[str, Any]]


class ListMailAsked(BodyShape):
    """`digest` of the list as it was shown, and those of its addresses that it goes to."""

    digest: Word
    to: Annotated[list[Address], Field(min_length=1, max_length=MOST_ADDRESSES)]


class DecisionDocument(AnswerShape):
    """A decision of the plan; `in_plan`: decided there, and changed there. `known` goes back with a word."""

    id: str
    question: str
    value: bool | str | None
    options: list[bool | str]
    in_plan: bool
    known: int
    decided_by: str
    decided_on: str | None
    case: str


class DecisionAsked(BodyShape):
    """`value` null opens it again; `decided_by` is a body or a role, `known` as it was shown."""

    value: StrictBool | StrictStr | None
    decided_by: Reason = ""
    decided_on: Annotated[date | None, Field(strict=False)] = None
    case: Reason = ""
    known: Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]


class PlanAsDocument(AnswerShape):
    """The plan in its own format; `number` of its last save, null of a plan in a file."""

    plan: str
    number: int | None
    document: dict[str, Any]


class PlanAsked(RootModel[dict[str, Any]]):
    """The plan in its own format, as it is read."""
