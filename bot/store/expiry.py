"""Letting go of personal data of a plan when its time is over, and leaving the counts.

| kind | over | what happens |
|---|---|---|
| answers, registrations, seat log, ledger | so long after the offering ended | made anonymous, see below |
| messages about an offering or a course, what HR wrote to people, what HR said about reminders | so long after it ended | deleted |
| messages about neither (HR's report, a digest of several courses) | so long after they were made | deleted |
| bounces | so long after the offering ended | deleted |
| reports that could not be placed | as long as bounces, from when they came | deleted |
| who came, certificates | so long after the offering ended | made anonymous; a certificate's code still holds |
| which of Teams' reports were read | as notes | deleted |
| notes, comments | so long after the course ended, or it is gone from the plan | deleted |
| answers to a course's questions | so long after its end as the question says, else as registrations | deleted |
| the same of a question that the plan has not | as notes | deleted |
| what was said of tasks after a course | so long after it ended, as answers, or it is gone from the plan | deleted |
| answers to questions of who has no place | a day after they were given | deleted |
| who did what (in the plan, in all, in one that is gone) | as long ago as participation is kept | deleted, and counted |
| audiences | gone from the plan, and so long not read | deleted |
| what waits for a person | nobody has decided about it in so long | deleted |
| who is asked about a sign-up that waits | as notes; mostly gone long before, when it waits no more | deleted |
| whose manager is who, their copies | the plan is served no more, or not looked up for as long as people are kept | deleted |
| cards of a course that stand in Teams | as notes | forgotten, not taken down |
| who has evaluated a course | as notes, counted from the last day on which a form can be open | deleted |
| texts of evaluations, which are nobody's | so long after the course ended, as answers | deleted, numbers stay |
| decisions of HR | carried out, rejected or about a course that the plan has not, and so long ago | deleted |
| versions of courses | the plan has not the course, and it ended so long ago | deleted |
| what the plan said before | something else took its place so long ago | deleted |
| addresses that were asked whether they are a group's | not one, and asked as long ago as people are kept | deleted |
| people | in no audience, on no event, in no registration, and so long not seen | deleted |
| renewed links | when the person is | deleted |
| what was begun on the desk; a plan that stands there with no course in it | so long ago as what the plan said | deleted |
| a plan's file, and what `doctor` found last | the plan is served no more | deleted |

Anonymous: the address becomes a random stand-in, another one for each offering; names, departments, who
decided and why go.

When an offering ended:

| known of it | it ended |
|---|---|
| the plan has it without dates | not yet |
| the plan has dates, or the ledger has events | at the last end among them |
| neither | when the last of its rows was written |

One transaction for an offering, so that a stand-in is one person in all its tables and a round may be killed
anywhere: the next one goes on. Where another program kept the files from being rewritten, remains go with the
next rewriting. What is erased does not come back: answers are read again for 60 days, and no limit on them is
shorter. The run lock is the caller's: a round at work would write back what it has read. Does not know the
plan's format nor the settings.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import select

from bot.domain.evaluation import LONGEST_OPEN, EvaluationKind
from bot.domain.links import is_of_nobody
from bot.domain.participation import IN_PLAY as PLACES
from bot.domain.participation import PART_OF
from bot.domain.registrations import ERASED_PREFIX, RegistrationStatus, is_stand_in
from bot.store.actions import let_go
from bot.store.anonymity import anonymise, is_rewritten, same_row
from bot.store.approval_tables import course_versions, decisions, waiting
from bot.store.attendance_people import anonymise_attendance
from bot.store.attendance_table import attendance_log, meeting_readings
from bot.store.broadcast_table import broadcasts
from bot.store.columns import is_of_plan, rows_of_plan
from bot.store.conversation_tables import standing_cards
from bot.store.desk_plan_tables import desk_plans, plan_drafts
from bot.store.desk_tables import read_remarks, waiting_mail
from bot.store.evaluation_tables import evaluation_answers, evaluation_done
from bot.store.expired import AnswersKept, Expired, KeptSince
from bot.store.filled import filled, plan_tables
from bot.store.manager_tables import approval_asks, managed_people, manager_copies
from bot.store.offering_ends import WRITTEN_AT, OfferingEnds
from bot.store.places import load_places
from bot.store.plan_ids import named_plans
from bot.store.question_table import question_answers
from bot.store.reminder_table import reminder_words
from bot.store.revisions import forget_revisions
from bot.store.schema import (
    answer_comments,
    answers,
    audience_members,
    bounces,
    ledger,
    messages,
    notes,
    people,
    person_links,
    registrations,
    seat_log,
    unplaced_returns,
)
from bot.store.task_answer_table import task_answers
from bot.store.tenant_tables import examinations, group_ids, mailbox_ids, plan_files

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping, Select, Table

    from bot.store.database import Database

ROWS_AT_ONCE = 500
IN_PLAY = sorted(status.value for status in RegistrationStatus if PART_OF[status] in PLACES)
"""Who has a seat, has said maybe, or waits for one."""
BLANKS: dict[Table, dict[str, str]] = {
    answers: {"name": ""},
    registrations: {"name": "", "department": "", "answered_by": ""},
    seat_log: {"by": "", "reason": ""},
}

_LISTED = select(ledger.c.desired_attendees, ledger.c.invited_since).where(is_of_plan(ledger))


def expire(
    database: Database,
    plan: str,
    *,
    dated: Mapping[tuple[str, str], datetime | None],
    audiences: Collection[str],
    kept: KeptSince,
    answers_kept: AnswersKept | None = None,
    wait_seconds: float = 10,
    only_foresee: bool = False,
) -> Expired:
    """Let go of what is over in the plan's rows, and then rewrite the files if there was anything.

    Or `only_foresee` how much it would be; of people that leaves out those who are let go of because
    something else of theirs is.
    `dated`: by (course, offering) their ends (UTC), None without dates; `audiences`: the ids of now;
    `answers_kept`: of the questions that the plan asks, None where it asks none.
    """
    books = _PlanRows(database, plan, dated, kept, only_foresee=only_foresee)
    expired = Expired(
        places=books.anonymise_places(),
        messages=books.delete(messages, lambda row: books.ended(row, messages, kept.messages)),
        bounces=books.delete(bounces, lambda row: books.ended(row, bounces, kept.bounces)),
        notes=sum(books.delete(table, books.is_of_ended_course) for table in (notes, answer_comments))
        + books.delete(question_answers, books.is_answer_over(answers_kept)),
        revisions=forget_revisions(
            database, plan, before=kept.plan, is_served=bool(dated), only_foresee=only_foresee
        ),
    )
    books.delete(broadcasts, lambda row: books.ended(row, broadcasts, kept.messages))
    books.delete(reminder_words, lambda row: books.ended(row, reminder_words, kept.messages))
    books.delete_deeds()
    books.delete(
        audience_members, lambda row: row["audience"] not in audiences and row["read_at"] < kept.people
    )
    books.delete(group_ids, lambda row: not row["object_id"] and row["found_at"] < kept.people)
    books.delete(mailbox_ids, lambda row: row["found_at"] < kept.people)
    for table in (managed_people, manager_copies):
        books.delete(table, lambda row: not dated or row["looked_at"] < kept.people)
    books.delete(unplaced_returns, lambda row: row["received_at"] < kept.bounces)
    books.delete(decisions, books.is_done_with)
    for table in (read_remarks, standing_cards, meeting_readings, approval_asks):
        books.delete(table, books.is_of_ended_course)
    books.delete(evaluation_done, books.is_long_evaluated)
    books.delete(evaluation_answers, books.is_old_text)
    books.delete(task_answers, books.is_of_course_long_over)
    books.delete(plan_drafts, lambda row: row["changed_at"] < kept.plan)
    # What the desk keeps is the plan itself: it stays for as long as there is a course in it.
    books.delete(desk_plans, lambda row: not dated and row["saved_at"] < kept.plan)
    for table in (waiting, waiting_mail):
        books.delete(table, lambda row: row["since"] < kept.participation)
    books.delete(course_versions, books.is_of_course_long_gone)
    # A plan that is served has its file and its last examination, and whoever stands in them.
    for table in (plan_files, examinations):
        books.delete(table, lambda _row: not dated)
    expired = replace(expired, people=books.delete_people())
    books.delete_links()
    if expired.found and not only_foresee:
        return replace(expired, unfinished=not is_rewritten(database, wait_seconds))
    return expired


class _PlanRows:
    """A plan's rows: which of them are over, and letting go of those, or `only_foresee` their number."""

    def __init__(
        self,
        database: Database,
        plan: str,
        dated: Mapping[tuple[str, str], datetime | None],
        kept: KeptSince,
        *,
        only_foresee: bool,
    ) -> None:
        self._database, self._plan, self._kept, self._only_foresee = database, plan, kept, only_foresee
        with database.read() as connection:
            # What comes into another table meanwhile is new, and not over.
            self._filled = filled(connection, plan_tables(), (plan,))
            self._ends = OfferingEnds(connection, plan, dated, among=self._filled)
        self._ends_of_course: defaultdict[str, list[datetime | None]] = defaultdict(list)
        for (course, _), end in dated.items():
            self._ends_of_course[course].append(end)

    def ended(self, row: RowMapping, table: Table, limit: datetime) -> bool:
        """Whether what the row is about ended before the limit."""
        end = self._ends.of(row["course"], row["offering"], row[WRITTEN_AT[table].name])
        return end is not None and end < limit

    def is_of_ended_course(self, row: RowMapping) -> bool:
        """Whether the whole course ended so long ago that its notes go, or the plan has it no more."""
        ends = self._ends_of_course.get(row["course"], [])
        return all(end is not None and end < self._kept.notes for end in ends)

    def is_long_evaluated(self, row: RowMapping) -> bool:
        """Whether no form about the course is open any more, nor has been for as long as notes are kept."""
        ends = self._ends_of_course.get(row["course"], [])
        return all(end is not None and end + LONGEST_OPEN < self._kept.notes for end in ends)

    def is_of_course_long_over(self, row: RowMapping) -> bool:
        """Whether the course ended before participation is kept, or the plan has it no more."""
        ends = self._ends_of_course.get(row["course"], [])
        return all(end is not None and end < self._kept.participation for end in ends)

    def is_old_text(self, row: RowMapping) -> bool:
        """Whether what somebody wrote of a course is older than participation is kept; numbers stay."""
        return row["kind"] == EvaluationKind.TEXT.value and self.is_of_course_long_over(row)

    def is_answer_over(self, kept: AnswersKept | None) -> Callable[[RowMapping], bool]:
        """Which answers to questions go, by the table above."""
        if kept is None or question_answers not in self._filled:
            return self.is_of_ended_course
        one_of = self._one_address_of()
        placed = registrations.c.status.in_(IN_PLAY)
        columns = select(registrations.c.course, registrations.c.email)
        with self._database.read() as connection:
            found = connection.execute(columns.where(registrations.c.plan == self._plan, placed)).all()
        places = {(course, one_of.get(email, email)) for course, email in found}

        def is_over(row: RowMapping) -> bool:
            since = kept.ended.get((row["course"], row["question"]), self._kept.notes)
            ends = self._ends_of_course.get(row["course"], [])
            place = (row["course"], one_of.get(row["email"], row["email"]))
            is_placeless = place not in places and row["at"] < kept.placeless
            return is_placeless or all(end is not None and end < since for end in ends)

        return is_over

    def is_done_with(self, decision: RowMapping) -> bool:
        """Whether a decision of HR is old, and nothing can come of it any more."""
        if decision["at"] >= self._kept.participation:
            return False
        is_settled = decision["done_at"] is not None or not decision["approved"]
        return is_settled or decision["course"] not in self._ends_of_course

    def is_of_course_long_gone(self, version: RowMapping) -> bool:
        """Whether the plan has the version's course no more, and it ended long ago."""
        if version["course"] in self._ends_of_course:
            return False
        end = self._ends.of(version["course"], "", version["accepted_at"])
        return end is not None and end < self._kept.participation

    def anonymise_places(self) -> int:
        """How many places (a person in an offering that ended) are anonymous now, or would be."""
        offerings = self._ends.offerings(self._kept.participation)
        if self._only_foresee:
            ended = frozenset(offerings)
            with self._database.read() as connection:
                places = load_places(connection, self._plan)
                return sum((course, offering) in ended for _, course, offering, _ in places)
        one_of = self._one_address_of()
        count = 0
        for course, offering in offerings:
            with self._database.write() as connection:
                count += _anonymise_offering(connection, self._plan, course, offering, one_of)
        return count

    def delete_deeds(self) -> None:
        """Who did what in the plan, and in plans that are gone: as long as participation is kept."""
        if self._only_foresee:
            return
        with self._database.read() as connection:
            named = named_plans(connection)
        let_go(self._database, until=self._kept.participation, plan=self._plan, besides=named)

    def delete_people(self) -> int:
        """Whom nothing of the plan stands under any more, and who has not been seen for so long."""
        with self._database.read() as connection:
            needed = _needed(connection, self._plan, among=self._filled)

        def is_over(row: RowMapping) -> bool:
            return row["seen_at"] < self._kept.people and needed.isdisjoint([row["email"], *row["aliases"]])

        return self.delete(people, is_over)

    def delete_links(self) -> None:
        """Renewed links of those who are not among the people any more; those to doors name nobody."""
        if person_links not in self._filled:
            return
        with self._database.read() as connection:
            rows = connection.execute(rows_of_plan(people), {"of_plan": self._plan}).all()
        known_by = {name for row in rows for name in (row.email, row.directory_id)}
        self.delete(
            person_links, lambda row: row["person"] not in known_by and not is_of_nobody(row["person"])
        )

    def delete(self, table: Table, is_over: Callable[[RowMapping], bool]) -> int:
        """Delete the plan's rows that are over, some hundred in a transaction, unless they are only foreseen.

        Returns how many.
        """
        if table not in self._filled:
            return 0
        with self._database.read() as connection:
            lines = connection.execute(rows_of_plan(table), {"of_plan": self._plan}).mappings()
            rows = [row for row in lines if is_over(row)]
        for begin in range(0, 0 if self._only_foresee else len(rows), ROWS_AT_ONCE):
            with self._database.write() as connection:
                for row in rows[begin : begin + ROWS_AT_ONCE]:
                    connection.execute(table.delete().where(*same_row(table, row)))
        return len(rows)

    def _one_address_of(self) -> dict[str, str]:
        """Each address that somebody is known under, to one of that person's."""
        with self._database.read() as connection:
            known = [
                frozenset({row.email, *row.aliases})
                for row in connection.execute(rows_of_plan(people), {"of_plan": self._plan})
            ]
        return {address: min(addresses) for addresses in known for address in addresses}


def _anonymise_offering(
    connection: Connection, plan: str, course: str, offering: str, one_of: Mapping[str, str]
) -> int:
    """How many people it had that are anonymous now; one stand-in for each of them in all tables."""
    stand_ins: defaultdict[str, str] = defaultdict(lambda: f"{ERASED_PREFIX}{uuid4().hex}")

    def stand_in(address: str) -> str:
        return address if is_stand_in(address) else stand_ins[one_of.get(address, address)]

    for table, blanks in BLANKS.items():
        of_offering = (table.c.plan == plan) & (table.c.course == course) & (table.c.offering == offering)
        rows = connection.execute(select(table).where(of_offering)).mappings().all()
        personal = [row for row in rows if not is_stand_in(row["email"]) or any(row[name] for name in blanks)]
        anonymise(connection, table, personal, lambda row: stand_in(row["email"]), blanks)
    anonymise_attendance(connection, plan, course, offering, stand_in)
    of_offering = (ledger.c.plan == plan) & (ledger.c.course == course) & (ledger.c.offering == offering)
    for row in connection.execute(select(ledger).where(of_offering)).mappings().all():
        columns = {name: row[name] for name in ("desired_attendees", "invited_since")}
        if any(not is_stand_in(address) for column in columns.values() for address in column):
            # Of two addresses of one person the earlier value stays, as in `bot.store.anonymity`.
            anonymous = {name: _by_stand_in(column, stand_in) for name, column in columns.items()}
            connection.execute(ledger.update().where(*same_row(ledger, row)).values(**anonymous))
    return len(stand_ins)


def _by_stand_in(column: Mapping[str, str], stand_in: Callable[[str], str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for address, value in column.items():
        name = stand_in(address)
        found[name] = min(found.get(name, value), value)
    return found


def _needed(connection: Connection, plan: str, *, among: Collection[Table]) -> frozenset[str]:
    """The addresses that something of the plan stands under, in those of the tables that have rows."""
    found: set[str] = set()
    for table in (*BLANKS, attendance_log, evaluation_done, notes, answer_comments, question_answers):
        if table in among:
            found.update(connection.execute(_addresses_in(table), {"of_plan": plan}).scalars())
    for row in connection.execute(rows_of_plan(audience_members), {"of_plan": plan}):
        found.update(row.members)
    for desired, invited in connection.execute(_LISTED, {"of_plan": plan}):
        found.update(desired, invited)
    return frozenset(found)


@cache
def _addresses_in(table: Table) -> Select[str]:
    return select(table.c.email).where(is_of_plan(table)).distinct()
