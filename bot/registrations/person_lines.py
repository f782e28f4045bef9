"""What the books have of a person, row by row, in words: for HR, and for whoever asks (pure).

| rows of | say | when |
|---|---|---|
| ledger | invited to which session | invited |
| answers | what was answered to which session | answered |
| registrations | where they stand by now | since |
| seat log | what happened with a seat, by whom and why | then |
| messages | which mail, and what became of it | sent, else made |
| what HR said about reminders | which reminder was skipped or sent early | then |
| bounces, unplaced returns | that a mail came back, and why | received |
| notes, comments, answers to questions and about tasks | their own words | written |
| links, sign-ins, actions | renewed, signed in, looked at and done | then |
| conversations | that there is a chat with the bot | begun |
| app in Teams | whether it was installed, or taken away | then |
| others | what they are kept for, in a few words | – |

A row is as `bot.store.person` gives it: values as JSON, instants RFC 3339. Titles come from the plans that
can be read; of others the ids are shown. Instants become wall time of the plan's zone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.domain.attendance import AttendanceSource
from bot.domain.broadcasts import BROADCAST_PREFIX
from bot.domain.delegates import OWN_DOORS
from bot.domain.messages import CHAT_PREFIX, DeliveryState
from bot.domain.questions import QuestionKind
from bot.domain.registrations import RegistrationStatus
from bot.domain.seats import Cause
from bot.i18n.catalogue import text
from bot.i18n.dates import day_text, moment_text, short_moment_text
from bot.i18n.deeds import deed_words
from bot.messages.characters import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan

JsonRow = Mapping[str, Any]

OTHER_ZONE = "Europe/Copenhagen"
"""Of rows that belong to no plan that can be read."""

HISTORY = (
    "ledger", "answers", "seat_log", "messages", "reminder_words", "bounces", "unplaced_returns", "notes",
    "answer_comments", "question_answers", "task_answers", "attendance_log", "certificates", "approval_asks",
    "person_links",
)  # fmt: skip
"""The tables whose rows are something that happened between the person and us."""

YES_NO = QuestionKind.YES_NO.value
PENDING = frozenset({DeliveryState.DUE.value, DeliveryState.SENDING.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One row in words.

    `at` wall time, None where a row has no time of its own. `course` is the id, "" of none; `where` the
    titles of course and offering; `is_coming`: a message that is still to go. `is_echo`: a line of the
    seat log that only repeats an answer.
    """

    table: str
    plan: str
    course: str = ""
    where: str = ""
    at: datetime | None
    words: str
    is_coming: bool = False
    is_echo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNames:
    """What plans, courses, offerings and sessions are called, by their ids; and the zones of plans."""

    titles: Mapping[tuple[str, ...], str]
    starts: Mapping[tuple[str, ...], datetime]
    zones: Mapping[str, str]

    def zone(self, plan: str) -> ZoneInfo:
        """Of a plan, or of none."""
        return ZoneInfo(self.zones.get(plan, OTHER_ZONE))

    def where(self, *ids: str) -> str:
        """Course and offering by their titles; an offering without one says nothing."""
        course = self.titles.get(ids[:2], ids[1])
        offering = self.titles.get(ids[:3], "") if len(ids) > len(("plan", "course")) else ""
        return one_line(" – ".join(part for part in (course, offering) if part))


def plan_names(plans: Iterable[CoursePlan]) -> PlanNames:
    """Of these plans."""
    titles: dict[tuple[str, ...], str] = {}
    starts: dict[tuple[str, ...], datetime] = {}
    zones: dict[str, str] = {}
    for plan in plans:
        zones[plan.id] = plan.timezone
        for course in plan.courses:
            titles[plan.id, course.id] = course.title
            for offering in course.offerings:
                titles[plan.id, course.id, offering.id] = offering.title
                for session in offering.sessions:
                    key = (plan.id, course.id, offering.id, session.id)
                    titles[key] = session.title
                    if session.start is not None:
                        starts[key] = session.start
    return PlanNames(titles=titles, starts=starts, zones=zones)


def person_lines(
    held: Mapping[str, Iterable[JsonRow]], names: PlanNames, language: Language
) -> dict[str, list[PersonLine]]:
    """By table, each row in words, the newest first."""
    subjects = dict(_subjects(held.get("broadcasts", ())))
    return {
        table: sorted(
            (_line(table, row, names, language, subjects) for row in rows),
            key=_order,
            reverse=True,
        )
        for table, rows in held.items()
    }


def history_of(lines: Mapping[str, Iterable[PersonLine]]) -> tuple[PersonLine, ...]:
    """What has happened between the person and us, the newest first."""
    found = (
        line for table in HISTORY for line in lines.get(table, ()) if not (line.is_coming or line.is_echo)
    )
    return tuple(sorted(found, key=_order, reverse=True))


def _order(line: PersonLine) -> tuple[bool, datetime | str]:
    """By time; what has none stands together, by its words."""
    return (line.at is not None, line.at or line.words)


def _subjects(broadcasts: Iterable[JsonRow]) -> Iterator[tuple[str, str]]:
    """What HR's own words are called, by what the keys of their messages begin with.

    None of words that are gone, because they named somebody who was erased.
    """
    for row in broadcasts:
        for said in json.loads(row["words"] or "[]")[:1]:
            yield f"{BROADCAST_PREFIX}{row['id']}/", said["subject"]


def _line(
    table: str, row: JsonRow, names: PlanNames, language: Language, subjects: Mapping[str, str]
) -> PersonLine:
    plan, course = str(row.get("plan", "")), str(row.get("course", ""))
    tell, moments = TELLERS.get(table, (_kept, ()))
    at = next((found for name in moments if (found := _instant(row.get(name)))), None)
    ids = (plan, course, *(str(row[name]) for name in ("offering",) if row.get(name)))
    return PersonLine(
        table=table,
        plan=plan,
        course=course,
        where=names.where(*ids) if course else "",
        at=at.astimezone(names.zone(plan)).replace(tzinfo=None) if at else None,
        words=one_line(tell(row, _Reading(table=table, names=names, language=language, subjects=subjects))),
        is_coming=table == "messages" and row["state"] in PENDING,
        is_echo=table == "seat_log" and row["cause"] == Cause.ANSWERED,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What a row is read with."""

    table: str
    names: PlanNames
    language: Language
    subjects: Mapping[str, str]

    def say(self, code: str, **params: object) -> str:
        return text(self.language, f"person.{code}", **params)

    def known(self, area: str, word: object) -> str:
        """A word of ours by its text; what an older or newer program wrote stays as it is."""
        try:
            return text(self.language, f"{area}.{word}")
        except KeyError:
            return str(word)

    def session(self, row: JsonRow) -> str:
        """The session of a row: what it is called, and when it is."""
        key = tuple(str(row[name]) for name in ("plan", "course", "offering", "session"))
        start = self.names.starts.get(key)
        if start is None and (begins := _instant(row.get("starts_at"))):
            start = begins.astimezone(self.names.zone(key[0])).replace(tzinfo=None)
        said = (self.names.titles.get(key, ""), self.when(start) if start else "")
        return ", ".join(part for part in said if part) or self.say("the_course")

    def when(self, start: datetime) -> str:
        """Only what lasts whole days begins at midnight."""
        is_day = start.time() == time()
        return day_text(self.language, start) if is_day else moment_text(self.language, start)


def _instant(value: object) -> datetime | None:
    """An instant, the first of several by address; None of what is no instant."""
    if isinstance(value, Mapping):
        return min((at for one in value.values() if (at := _instant(one))), default=None)
    return datetime.fromisoformat(value) if isinstance(value, str) and value else None


def _invited(row: JsonRow, read: _Reading) -> str:
    return read.say("invited" if row.get("invited_since") else "listed", session=read.session(row))


def _answered(row: JsonRow, read: _Reading) -> str:
    said = read.known("registrations.response", row["response"])
    code = "answered" if row.get("known", True) else "answered_uninvited"
    return read.say(
        code, said=said, source=read.known("registrations.source", row["source"]), session=read.session(row)
    )


def _stands(row: JsonRow, read: _Reading) -> str:
    status = read.known("registrations.status", row["status"])
    if row.get("position"):
        return read.say("position", status=status, number=row["position"])
    return read.say("not_invited", status=status) if not row.get("invited", True) else status


def _seat(row: JsonRow, read: _Reading) -> str:
    cause = str(row["cause"])
    if cause == Cause.FREED and row["before"] != RegistrationStatus.REGISTERED:
        cause = "freed_invitation"
    words = read.known("seats.cause", cause)
    by = read.say("by_delegate" if _by_delegate(row) else "by", by=row["by"]) if row["by"] else ""
    reason = text(read.language, "registrations.quoted", text=row["reason"]) if row["reason"] else ""
    return " ".join(part for part in (words[:1].upper() + words[1:], by, reason) if part)


def _by_delegate(row: JsonRow) -> bool:
    """Whether somebody else said it where people speak for themselves (`bot.domain.delegates`)."""
    is_own_door = row.get("source") in {door.value for door in OWN_DOORS}
    return is_own_door and row["cause"] != Cause.TAKEN_OVER and row["by"] != row["email"]


def _message(row: JsonRow, read: _Reading) -> str:
    own = next((said for key, said in read.subjects.items() if str(row["key"]).startswith(key)), "")
    kind, state = own or read.known("messages.kind", row["kind"]), row["state"]
    if str(row.get("sent_as") or "").startswith(CHAT_PREFIX):
        kind = read.say("by_chat", kind=kind)
    error = read.known("reminders.reason", row["error"]) if row["error"] else ""
    return read.say(f"message.{state}", kind=kind) + (f": {error}" if error else "")


def _reminder_word(row: JsonRow, read: _Reading) -> str:
    return read.say(f"reminder_word.{row['kind']}", rule=row["rule"])


def _returned(row: JsonRow, read: _Reading) -> str:
    return read.say("returned", reason=read.known("reminders.reason", row["reason"]))


def _note(row: JsonRow, read: _Reading) -> str:
    return read.say("note", words=row["text"])


def _comment(row: JsonRow, read: _Reading) -> str:
    said = read.known("registrations.response", row["response"])
    return read.say("comment", said=said, words=row["text"])


def _task(row: JsonRow, read: _Reading) -> str:
    said = read.known("tasks.state", row["state"]) if row["state"] else ""
    words = ": ".join(filter(None, (said, row["said"])))
    return read.say("task", asked=row["asked"], words=words)


def _answer(row: JsonRow, read: _Reading) -> str:
    said = read.known("questions.value", row["answer"]) if row["kind"] == YES_NO else row["answer"]
    return read.say("question", asked=row["asked"], words=said)


def _broadcast(row: JsonRow, read: _Reading) -> str:
    said = ", ".join(f"»{words}«" for _, words in _subjects([row]))
    return read.say("broadcast", words=said or read.say("kept"))


def _renewed(row: JsonRow, read: _Reading) -> str:
    return read.say("renewed", times=row["generation"])


def _person(row: JsonRow, _read: _Reading) -> str:
    also = sorted({*row["aliases"]} - {row["email"]})
    parts = (row["name"], row["department"], row["email"], *also, row["language"] or "")
    return ", ".join(part for part in parts if part)


def _audience(row: JsonRow, read: _Reading) -> str:
    return read.say("audience", audience=row["audience"])


def _action(row: JsonRow, read: _Reading) -> str:
    what = deed_words(str(row["command"]), read.language) or str(row["command"]).replace(" ", "_")
    return read.say("done_by", what=what, by=row["by"]) if row["by"] else what


def _decision(row: JsonRow, read: _Reading) -> str:
    return read.say("approved" if row["approved"] else "rejected")


def _signed_in(_row: JsonRow, read: _Reading) -> str:
    return read.say("signed_in")


def _in_chat(_row: JsonRow, read: _Reading) -> str:
    return read.say("in_chat")


def _app(row: JsonRow, read: _Reading) -> str:
    return read.say(f"app.{row['state']}")


def _came(row: JsonRow, read: _Reading) -> str:
    said = read.say(f"attendance.{row['said']}", session=read.session(row))
    by = row["by"] or ("Teams" if row["source"] == AttendanceSource.TEAMS.value else "")
    return read.say("done_by", what=said, by=by) if by else said


def _evaluated(_row: JsonRow, read: _Reading) -> str:
    return read.say("evaluated")


def _certificate(row: JsonRow, read: _Reading) -> str:
    said = read.say("certificate")
    return read.say("done_by", what=said, by=row["issued_by"]) if row["issued_by"] else said


def _asked(row: JsonRow, read: _Reading) -> str:
    return text(read.language, f"managers.asked.{row['who']}", name=row["name"] or row["approver"])


def _managed(row: JsonRow, read: _Reading) -> str:
    """Who is whose manager; whose row it is may be either of them."""
    if not row["manager"]:
        return text(read.language, "my_people.nobody_over")
    return text(read.language, "my_people.over", manager=row["name"] or row["manager"])


def _kept(_row: JsonRow, read: _Reading) -> str:
    return read.say("kept")


Teller = Callable[[JsonRow, _Reading], str]

TELLERS: Mapping[str, tuple[Teller, tuple[str, ...]]] = {
    "ledger": (_invited, ("invited_since",)),
    "answers": (_answered, ("responded_at",)),
    "registrations": (_stands, ("since",)),
    "seat_log": (_seat, ("since",)),
    "messages": (_message, ("sent_at", "ended_at", "created_at")),
    "reminder_words": (_reminder_word, ("at",)),
    "bounces": (_returned, ("received_at",)),
    "unplaced_returns": (_returned, ("received_at",)),
    "notes": (_note, ("written_at",)),
    "answer_comments": (_comment, ("written_at",)),
    "question_answers": (_answer, ("at",)),
    "task_answers": (_task, ("at",)),
    "attendance_log": (_came, ("at",)),
    "evaluation_done": (_evaluated, ()),
    "certificates": (_certificate, ("issued_at",)),
    "approval_asks": (_asked, ("asked_at", "wished_at")),
    "managed_people": (_managed, ("read_at", "looked_at")),
    "broadcasts": (_broadcast, ("sent_at", "written_at")),
    "person_links": (_renewed, ("renewed_at",)),
    "people": (_person, ("seen_at",)),
    "audience_members": (_audience, ("read_at",)),
    "actions": (_action, ("at",)),
    "decisions": (_decision, ("at",)),
    "sign_ins": (_signed_in, ("begun_at",)),
    "conversations": (_in_chat, ("added_at",)),
    "app_installs": (_app, ("at",)),
}
"""How a row of a table is told, and where its time stands: the first that there is."""


def line_text(line: PersonLine, language: Language) -> str:
    """A line as a command or a list shows it: when, where and what."""
    when = short_moment_text(language, line.at) if line.at else ""
    return "  ".join(part for part in (when, ": ".join(filter(None, (line.where, line.words)))) if part)
