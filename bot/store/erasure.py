"""Taking a person out of the database for good, and leaving the counts.

| table | what happens |
|---|---|
| people | the person's rows are deleted in every plan; who else has an address of theirs as an alias loses it |
| answers, registrations | the address becomes a random stand-in, another one for each offering; name and department go |
| seat log | the address becomes the same stand-in; who did it and why goes |
| reasons in other people's lines | go where they name the person, by first name too in courses they had to do with |
| audiences | the address is taken out |
| messages, bounces, reports that could not be placed | the person's are deleted, and messages to others that name them, as copies do |
| notes, comments, answers to questions | the person's are deleted |
| who came | the address becomes the same stand-in; who said it goes |
| certificates | the same, and what stands on the paper goes; the code still holds |
| evaluations | that they have answered goes, and their name where others wrote it; what they said is nobody's |
| what was said of tasks after a course | the same, and the person's name goes where others wrote it |
| who is asked about a sign-up that waits | deleted, of the person and of who is asked; the next round asks whoever it is then |
| whose manager is who, which copies managers got | deleted, of the person and of their people; read again of those who stay |
| what was asked of the directory | that an address is no group's is deleted |
| renewed links | the person's are deleted, by address and directory id |
| who is signed in to the desk | signed out, and deleted |
| chats with the bot in Teams, for whom its app was installed | the person's are deleted, by address and directory id |
| answers that programs got, what `doctor` found last | those that name the person are deleted |
| who did what | every line stays, with another stand-in where the person did it or it was about them; what names them in it goes |
| ledger of events that have ended | the address becomes the same stand-in, so that the counts stand |
| ledger of events to come | the address is taken out |
| versions of courses | the person is taken out, as an audience's, a speaker and whoever else stands there by address |
| what plans said before | the person is taken out, so that it can still be read (`bot.store.revision_people`) |
| plans on the desk | the same, as one more save, which waits for approval like any other; refused for mailbox and contact |
| what was begun on the desk | the person's own goes, and the person out of what others began |
| what HR wrote to people in its own words | who wrote, sent or stopped it goes, and words that name the person, which then go to nobody |
| what HR said about single reminders | the person's are deleted; who said it and a reason go where they name the person |
| decisions of HR | the name of who decided goes, and a comment that names the person |
| delta links | links that contain the address are deleted; the next round reads everything |

All addresses that we know the person by go, not only the one named; two directory ids are two people.
Afterwards the database is rewritten (`bot.store.anonymity`), so that no free page, log or old row version
keeps a trace; PostgreSQL's write-ahead log and the backups are the server's business.

Does not touch Outlook: whoever still stands in an audience, or on an event that is read again, comes
back. So a person leaves the audience first, then a sync, then this.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import delete, select

from bot.domain.addresses import plain_address
from bot.domain.reasons import names_person
from bot.domain.registrations import ERASED_PREFIX
from bot.domain.reminders import copied_leaders
from bot.store.actions import pseudonymise
from bot.store.anonymity import StandIns, anonymise, rewrite, same_row, without
from bot.store.approval_tables import course_versions, decisions, waiting
from bot.store.attendance_people import erase_from_attendance
from bot.store.broadcast_table import broadcasts
from bot.store.conversation_tables import app_installs, conversations
from bot.store.desk_plan_people import erase_from_desk
from bot.store.desk_tables import read_remarks, waiting_mail
from bot.store.evaluation_people import erase_from_evaluations
from bot.store.file_words import words_of
from bot.store.manager_tables import approval_asks, managed_people, manager_copies
from bot.store.question_table import question_answers
from bot.store.reminder_table import reminder_words
from bot.store.revision_people import erase_from_revisions
from bot.store.schema import (
    answer_comments,
    answers,
    audience_members,
    bounces,
    delta_links,
    ledger,
    messages,
    notes,
    people,
    person_links,
    registrations,
    seat_log,
    unplaced_returns,
)
from bot.store.task_answers import erase_from_tasks
from bot.store.tenant_tables import api_answers, examinations, group_ids, mailbox_ids, plan_files, sign_ins

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping, Table

    from bot.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was found of a person.

    `future_events`: events to come whose ledger entry named them; Outlook still does.
    """

    people: int
    answers: int
    registrations: int
    events: int
    future_events: int

    @property
    def found(self) -> bool:
        """Whether there was anything."""
        return bool(self.people or self.answers or self.registrations or self.events)


def erase_person(database: Database, address: str, *, now: datetime, wait_seconds: float = 10) -> Erased:
    """Remove a person from every plan, in one transaction, and then rewrite the files.

    `address` in any case, own or alias. `wait_seconds` is how long to wait for other programs that
    read. Raises DatabaseFailed(`erase_unfinished`) when one of them does not let go, so that remains
    may lie in the files: erase again without that program.
    """
    with database.write() as connection:
        erased = _erase(connection, address, now)
    rewrite(database, wait_seconds)
    return erased


def foreseen_erasure(database: Database, address: str, *, now: datetime) -> Erased:
    """What `erase_person` would find of the person.

    It is done and undone in one transaction, so nothing is changed.
    """
    with database.write() as connection, connection.begin_nested() as undone:
        erased = _erase(connection, address, now)
        undone.rollback()
    return erased


def _erase(connection: Connection, address: str, now: datetime) -> Erased:
    rows = [*connection.execute(select(people)).mappings()]
    own, addresses = addresses_of(rows, address)
    stand_ins = StandIns()
    for row in rows:
        if row in own:
            connection.execute(people.delete().where(*same_row(people, row)))
        elif not addresses.isdisjoint(row["aliases"]):
            kept = [alias for alias in row["aliases"] if alias not in addresses]
            connection.execute(people.update().where(*same_row(people, row)).values(aliases=kept))
    names = frozenset(row["name"] for row in own if row["name"])
    _erase_reasons(connection, addresses, names)
    past, future = _erase_from_ledger(connection, addresses, stand_ins, now)
    erased = Erased(
        people=len(own),
        answers=_anonymise(connection, answers, addresses, stand_ins, {"name": ""}),
        registrations=_anonymise(
            connection,
            registrations,
            addresses,
            stand_ins,
            {"name": "", "department": "", "answered_by": ""},
        ),
        events=past + future,
        future_events=future,
    )
    _anonymise(connection, seat_log, addresses, stand_ins, {"by": "", "reason": ""})
    erase_from_attendance(connection, addresses, names, stand_ins)
    connection.execute(seat_log.update().where(seat_log.c.by.in_(addresses)).values(by=""))
    for_others = registrations.c.answered_by.in_(addresses)
    connection.execute(registrations.update().where(for_others).values(answered_by=""))
    pseudonymise(connection, addresses, names, f"{ERASED_PREFIX}{uuid4().hex}")
    _erase_around(connection, addresses, names=names)
    known_by = addresses | {row["directory_id"] for row in own if row["directory_id"]}
    connection.execute(person_links.delete().where(person_links.c.person.in_(known_by)))
    connection.execute(
        sign_ins.delete().where(sign_ins.c.email.in_(addresses) | sign_ins.c.subject.in_(known_by))
    )
    for table in (conversations, app_installs):
        connection.execute(table.delete().where(table.c.email.in_(addresses) | table.c.subject.in_(known_by)))
    _erase_from_approvals(connection, addresses, names)
    erase_from_desk(connection, addresses, names, now=now)
    erase_from_revisions(connection, addresses, names)
    _erase_findings(connection, addresses | names)
    _erase_what_was_said(connection, addresses | names)
    erase_from_evaluations(connection, addresses, names)
    erase_from_tasks(connection, addresses, names)
    for row in connection.execute(select(delta_links)).mappings().all():
        if any(one in f"{row['link']} {row['organiser']}".lower() for one in addresses):
            connection.execute(delta_links.delete().where(*same_row(delta_links, row)))
    return erased


def _anonymise(
    connection: Connection,
    table: Table,
    addresses: frozenset[str],
    stand_ins: StandIns,
    blanks: Mapping[str, str],
) -> int:
    rows = connection.execute(select(table).where(table.c.email.in_(addresses))).mappings().all()
    return anonymise(connection, table, rows, stand_ins.of, blanks)


def _erase_reasons(connection: Connection, addresses: frozenset[str], names: frozenset[str]) -> None:
    """Reasons that others were given and that name the person.

    By address or whole name, in courses they had to do with by first name.
    """
    theirs = {
        tuple(row)
        for table in (answers, registrations, seat_log)
        for row in connection.execute(
            select(table.c.plan, table.c.course).where(table.c.email.in_(addresses))
        )
    }
    for row in connection.execute(select(seat_log).where(seat_log.c.reason != "")).mappings().all():
        said = row["reason"].lower()
        by_first_name = (row["plan"], row["course"]) in theirs and names_person(row["reason"], names)
        if by_first_name or any(word.lower() in said for word in addresses | names):
            connection.execute(seat_log.update().where(*same_row(seat_log, row)).values(reason=""))


def _erase_around(connection: Connection, addresses: frozenset[str], *, names: frozenset[str]) -> None:
    """Notes and messages of the person, messages that name them to others, and their places in audiences."""
    connection.execute(notes.delete().where(notes.c.email.in_(addresses)))
    asked = approval_asks.c.email.in_(addresses) | approval_asks.c.approver.in_(addresses)
    connection.execute(approval_asks.delete().where(asked))
    led = managed_people.c.email.in_(addresses) | managed_people.c.manager.in_(addresses)
    connection.execute(managed_people.delete().where(led))
    connection.execute(manager_copies.delete().where(manager_copies.c.email.in_(addresses)))
    connection.execute(question_answers.delete().where(question_answers.c.email.in_(addresses)))
    connection.execute(answer_comments.delete().where(answer_comments.c.email.in_(addresses)))
    connection.execute(read_remarks.delete().where(read_remarks.c.email.in_(addresses)))
    connection.execute(group_ids.delete().where(group_ids.c.group_name.in_(addresses)))
    connection.execute(mailbox_ids.delete().where(mailbox_ids.c.address.in_(addresses)))
    connection.execute(bounces.delete().where(bounces.c.email.in_(addresses)))
    connection.execute(reminder_words.delete().where(reminder_words.c.email.in_(addresses)))
    connection.execute(unplaced_returns.delete().where(unplaced_returns.c.email.in_(addresses)))
    for row in connection.execute(select(messages)).mappings().all():
        named = {*row["params"].values(), *copied_leaders(row["params"])}
        if row["email"] in addresses or not (addresses | names).isdisjoint(named):
            connection.execute(messages.delete().where(*same_row(messages, row)))
    for row in connection.execute(select(audience_members)).mappings().all():
        if not addresses.isdisjoint(row["members"]):
            kept = [member for member in row["members"] if member not in addresses]
            connection.execute(
                audience_members.update().where(*same_row(audience_members, row)).values(members=kept)
            )


def _erase_from_files(connection: Connection, about: tuple[str, ...]) -> None:
    """Let go of each kept file in which one of these words (lower case) stands, or nobody can look."""
    for row in (
        connection.execute(select(plan_files).where(plan_files.c.content.is_not(None))).mappings().all()
    ):
        said = words_of(row["content"])
        if said is None or any(word in said.lower() for word in about):
            # A workbook is not rewritten: it is fetched anew, as HR has it by then. So is one in which nobody
            # can look who stands there.
            connection.execute(
                plan_files.update().where(*same_row(plan_files, row)).values(content=None, c_tag="")
            )


def _erase_from_approvals(connection: Connection, addresses: frozenset[str], names: frozenset[str]) -> None:
    """Out of the versions in force, of what HR decided, and of what waits in words.

    The next sync writes those words anew.
    """
    for row in connection.execute(select(course_versions)).mappings().all():
        kept = _without_person(row["document"], addresses)
        if kept != row["document"]:
            connection.execute(
                course_versions.update().where(*same_row(course_versions, row)).values(document=kept)
            )
    about = tuple(word.lower() for word in sorted(addresses | names))
    _erase_from_files(connection, about)
    for row in connection.execute(select(waiting)).mappings().all():
        words = {name: row[name] for name in ("told", "letters", "found", "ids")}
        said = json.dumps([*words.values()], ensure_ascii=False).lower()
        if any(word in said for word in about):
            connection.execute(waiting.update().where(*same_row(waiting, row)).values(dict.fromkeys(words)))
    for row in connection.execute(select(waiting_mail)).mappings().all():
        said = json.dumps([row["mailed"], row["letters"]], ensure_ascii=False).lower()
        if any(word in said for word in about):
            connection.execute(waiting_mail.delete().where(*same_row(waiting_mail, row)))
    for word in sorted(addresses | names):
        connection.execute(
            decisions.update().where(decisions.c.by.icontains(word, autoescape=True)).values(by="")
        )
        connection.execute(
            decisions.update().where(decisions.c.comment.icontains(word, autoescape=True)).values(comment="")
        )


def _erase_findings(connection: Connection, about: frozenset[str]) -> None:
    """Whole rows of what programs were answered and what `doctor` found, by address and name."""
    for word in sorted(about):
        for answer in (api_answers.c.answer, examinations.c.findings):
            connection.execute(delete(answer.table).where(answer.icontains(word, autoescape=True)))


def _erase_what_was_said(connection: Connection, about: frozenset[str]) -> None:
    """Out of HR's own words, and of what HR said about reminders: whole columns that name the person."""
    own = (broadcasts.c.by, broadcasts.c.sent_by, broadcasts.c.stopped_by, broadcasts.c.words)
    for table, columns in (
        (broadcasts, own),
        (reminder_words, (reminder_words.c.by, reminder_words.c.reason)),
    ):
        for word in sorted(about):
            for column in columns:
                named = column.icontains(word, autoescape=True)
                connection.execute(table.update().where(named).values({column.name: ""}))


def _without_person(value: Any, addresses: frozenset[str]) -> Any:
    """A document without whatever stands in it under these addresses."""

    def is_of_person(one: object) -> bool:
        address = one.get("email") if isinstance(one, dict) else one
        return isinstance(address, str) and address.lower() in addresses

    match value:
        case dict():
            return {
                key: _without_person(one, addresses) for key, one in value.items() if not is_of_person(one)
            }
        case list():
            return [_without_person(one, addresses) for one in value if not is_of_person(one)]
        case _:
            return value


def addresses_of(rows: list[RowMapping], address: str) -> tuple[list[RowMapping], frozenset[str]]:
    """The rows of the person behind an address (any case, alias too), and all their addresses."""
    named = plain_address(address)
    own = _rows_of(rows, named)
    return own, frozenset({named}).union(*map(_row_addresses, own)) - {
        row["email"] for row in rows if row not in own
    }


def _rows_of(rows: list[RowMapping], address: str) -> list[RowMapping]:
    """The rows of the person in every plan.

    By the address as their own, else as an alias, then by directory id or address.
    """
    named = [row for row in rows if row["email"] == address] or [
        row for row in rows if address in row["aliases"]
    ]
    ids = {row["directory_id"] for row in named} - {None}
    addresses = frozenset[str]().union(*map(_row_addresses, named))
    return [
        row
        for row in rows
        if row in named
        or row["directory_id"] in ids
        or (row["email"] in addresses and (row["directory_id"] is None or not ids))
    ]


def _row_addresses(row: RowMapping) -> frozenset[str]:
    return frozenset({row["email"], *row["aliases"]})


def _erase_from_ledger(
    connection: Connection, addresses: frozenset[str], stand_ins: StandIns, now: datetime
) -> tuple[int, int]:
    """How many entries named the person: of events that have ended, and of events to come."""
    past = future = 0
    for row in connection.execute(select(ledger)).mappings().all():
        if addresses.isdisjoint(row["desired_attendees"]) and addresses.isdisjoint(row["invited_since"]):
            continue
        ended = row["ends_at"] <= now
        past, future = past + ended, future + (not ended)
        stand_in = stand_ins.of(row) if ended else None
        changed = {
            name: without(row[name], addresses, stand_in) for name in ("desired_attendees", "invited_since")
        }
        connection.execute(ledger.update().where(*same_row(ledger, row)).values(**changed))
    return past, future
