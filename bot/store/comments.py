"""What people wrote with their answers, and when the mailbox was last looked at.

Implements `bot.ports.comments.CommentBook`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.domain.comments import AnswerComment
from bot.domain.events import ResponseStatus, SessionKey
from bot.store.columns import is_of_plan, rows_of_plan
from bot.store.schema import answer_comments, answers, comment_looks
from bot.store.upsert import insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.store.database import Database

_LOOK = select(comment_looks.c.looked_at).where(is_of_plan(comment_looks))
_NEWEST_ANSWER = select(func.max(answers.c.seen_at)).where(is_of_plan(answers))
"""Made once: each round asks both."""


class SqlCommentBook:
    """The comments in a database; parts of a session are one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_comments(self, plan: str) -> tuple[AnswerComment, ...]:
        """Every one of the plan, by session and address."""
        lines = rows_of_plan(answer_comments, "course", "offering", "session", "email")
        with self._database.read() as connection:
            return tuple(
                AnswerComment(
                    key=SessionKey(
                        plan=row["plan"],
                        course=row["course"],
                        offering=row["offering"],
                        session=row["session"],
                    ),
                    email=row["email"],
                    response=ResponseStatus(row["response"]),
                    text=row["text"],
                    at=row["written_at"],
                    seen_at=row["seen_at"],
                )
                for row in connection.execute(lines, {"of_plan": plan}).mappings()
            )

    def save_comments(self, plan: str, comments: Iterable[AnswerComment], *, looked_at: datetime) -> None:
        """Insert or replace by session and address, and note the look, in one transaction.

        An empty text deletes.
        """
        with self._database.write() as connection:
            for one in comments:
                row = {
                    "plan": one.key.plan,
                    "course": one.key.course,
                    "offering": one.key.offering,
                    "session": one.key.session,
                }
                row |= {"email": one.email}
                if one.text:
                    said = {
                        "response": one.response.value,
                        "text": one.text,
                        "written_at": one.at,
                        "seen_at": one.seen_at,
                    }
                    insert_or_replace(connection, answer_comments, [row | said])
                else:
                    connection.execute(
                        answer_comments.delete().where(
                            *(answer_comments.c[name] == value for name, value in row.items())
                        )
                    )
            insert_or_replace(connection, comment_looks, [{"plan": plan, "looked_at": looked_at}])

    def last_look(self, plan: str) -> datetime | None:
        """When the mailbox was last looked at (UTC), None before the first time."""
        with self._database.read() as connection:
            found: datetime | None = connection.execute(_LOOK, {"of_plan": plan}).scalar_one_or_none()
        return found

    def has_answers_since(self, plan: str, at: datetime) -> bool:
        """Whether an answer was read after an instant (UTC).

        By a sync, which does not look at the mailbox.
        """
        with self._database.read() as connection:
            newest: datetime | None = connection.execute(_NEWEST_ANSWER, {"of_plan": plan}).scalar_one()
        return newest is not None and newest > at

    def erase_comments(self, plan: str, courses: Iterable[str]) -> int:
        """Delete the comments on these courses and return how many there were."""
        gone = tuple(courses)
        if not gone:
            return 0
        with self._database.write() as connection:
            of_courses = (answer_comments.c.plan == plan, answer_comments.c.course.in_(gone))
            return len(
                connection.execute(
                    answer_comments.delete().where(*of_courses).returning(answer_comments.c.email)
                ).all()
            )
