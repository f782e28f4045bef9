"""The tables, as the program sees them. Every row belongs to a plan, so many plans live in one database.

`migrations/versions/` builds them; a test holds both together on SQLite and on PostgreSQL. Does not create
anything by itself. What a person decides is in `bot.store.approval_tables`, what the tenant was found to be
in `bot.store.tenant_tables`, what the desk keeps in `bot.store.desk_tables`; what stands in a column is
`bot.store.columns`'. Addresses are lower-cased before they get here. A table that holds addresses must be
known to `bot.store.erasure`.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, MetaData, String, Table, false, text, true

from bot.store.columns import FreeText, Instant

_LATER = ("0046", "0055", "0057", "0051", "0048", "0061", "0058", "0059")
REVISIONS = (*(f"{number:04}" for number in range(1, 43)), *_LATER)
"""Every revision in `migrations/versions`, oldest first; the last is the one this program works with."""


metadata = MetaData(
    naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_N_name)s"}
)

ledger = Table(
    "ledger",
    metadata,
    Column("plan", String, primary_key=True),
    Column("course", String, primary_key=True),
    Column("offering", String, primary_key=True),
    Column("session", String, primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("state", String, nullable=False),
    Column("transaction_id", String, nullable=False),
    Column("event_id", String),
    Column("subject", FreeText, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("desired_fields", JSON, nullable=False),
    Column("observed_fields", JSON, nullable=False),
    Column("desired_attendees", JSON, nullable=False),
    Column("invited_since", JSON, nullable=False),
    Column("join_url", String),
    Column("edit", JSON(none_as_null=True)),
    Column("rooms_declined", JSON(none_as_null=True)),
    Column("moved_at", Instant),
    Column("organiser", String),
    Column("listed_at", Instant),
)

people = Table(
    "people",
    metadata,
    Column("plan", String, primary_key=True),
    Column("email", String, primary_key=True),
    Column("name", FreeText, nullable=False),
    Column("language", String),
    Column("directory_id", String),
    Column("aliases", JSON, nullable=False),
    Column("department", FreeText, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    Column("plan", String, primary_key=True),
    Column("course", String, primary_key=True),
    Column("offering", String, primary_key=True),
    Column("session", String, primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("email", String, primary_key=True),
    Column("response", String, primary_key=True),
    Column("responded_at", Instant, primary_key=True),
    Column("name", FreeText, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("source", String, nullable=False),
    Column("known", Boolean, nullable=False),
    Column("timed", Boolean, nullable=False, server_default=true()),
)

delta_links = Table(
    "delta_links",
    metadata,
    Column("plan", String, primary_key=True),
    Column("organiser", String, primary_key=True),
    Column("link", String, nullable=False),
    Column("window_start", Instant, nullable=False),
    Column("window_end", Instant, nullable=False),
)

registrations = Table(
    "registrations",
    metadata,
    Column("plan", String, primary_key=True),
    Column("course", String, primary_key=True),
    Column("offering", String, primary_key=True),
    Column("email", String, primary_key=True),
    Column("name", FreeText, nullable=False),
    Column("status", String, nullable=False),
    Column("since", Instant, nullable=False),
    Column("source", String, nullable=False),
    Column("position", Integer),
    Column("department", FreeText, nullable=False),
    Column("invited", Boolean, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("late", Boolean, nullable=False, server_default=false()),
    Column("cause", String, nullable=False, server_default=text("''")),
    Column("said", String),
    Column("said_at", Instant),
    Column("unconfirmed", Boolean, nullable=False, server_default=false()),
    Column("reopened", Boolean, nullable=False, server_default=false()),
    Column("answered_by", String, nullable=False, server_default=text("''")),
)

seat_log = Table(
    "seat_log",
    metadata,
    Column("plan", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("course", String, nullable=False),
    Column("offering", String, nullable=False),
    Column("email", String, nullable=False),
    Column("before", String),
    Column("status", String),
    Column("since", Instant, nullable=False),
    Column("noted_at", Instant, nullable=False),
    Column("cause", String, nullable=False),
    Column("source", String, nullable=False),
    Column("answered_at", Instant),
    Column("late", Boolean, nullable=False),
    Column("by", String, nullable=False),
    Column("reason", FreeText, nullable=False),
    Column("said", String),
    Column("said_at", Instant),
    Column("had_seat", Boolean, nullable=False, server_default=false()),
    Column("reason_open", Boolean, nullable=False, server_default=false()),
)
"""`reason_open`: whoever wrote the reason was told that the person reads it.

What was written before that was known is not shown.
"""

# What a person has is found without reading what everybody has, and outsiders are few.
for _table in (answers, registrations, seat_log):
    Index(None, _table.c.email)
# It has the outsiders alone (revision 0031); to say so here would import both dialects.
Index("ix_registrations_outsiders", registrations.c.plan)

# The last line for somebody is found without reading the others.
Index(None, seat_log.c.plan, seat_log.c.course, seat_log.c.offering, seat_log.c.email, seat_log.c.seq)

messages = Table(
    "messages",
    metadata,
    Column("plan", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("course", String, nullable=False),
    Column("offering", String, nullable=False),
    Column("email", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("params", JSON, nullable=False),
    Column("state", String, nullable=False),
    Column("draft_id", String),
    Column("sent_at", Instant),
    Column("error", String, nullable=False),
    Column("together", String, nullable=False, server_default=text("''")),
    Column("ended_at", Instant),
    Column("sent_as", String, nullable=False, server_default=text("''")),
)

posted = Table(
    "posted",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("mailbox", String, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("recipients", Integer, nullable=False),
)
# What a mailbox has sent lately is asked for before each message.
Index(None, posted.c.mailbox, posted.c.sent_at)

bounces = Table(
    "bounces",
    metadata,
    Column("plan", String, primary_key=True),
    Column("course", String, primary_key=True),
    Column("offering", String, primary_key=True),
    Column("session", String, primary_key=True),
    Column("email", String, primary_key=True),
    Column("reason", String, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("noted_at", Instant),
)

unplaced_returns = Table(
    "unplaced_returns",
    metadata,
    Column("plan", String, primary_key=True),
    Column("email", String, primary_key=True),
    Column("reason", String, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("noted_at", Instant, nullable=False),
)

person_links = Table(
    "person_links",
    metadata,
    Column("plan", String, primary_key=True),
    Column("person", String, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("renewed_at", Instant, nullable=False),
)

# `plan` and `course` are today's ids (`course` "" where the plan itself was called `old`): renaming keeps
# them so, as everywhere.
old_names = Table(
    "old_names",
    metadata,
    Column("plan", String, primary_key=True),
    Column("level", String, primary_key=True),
    Column("old", String, primary_key=True),
    Column("course", String, nullable=False),
)

old_parts = Table(
    "old_parts",
    metadata,
    *(Column(name, String, primary_key=True) for name in ("plan", "course", "offering", "session", "old")),
)
"""What an offering was called before, and a session; `session` "" where it is the offering."""

audience_members = Table(
    "audience_members",
    metadata,
    Column("plan", String, primary_key=True),
    Column("audience", String, primary_key=True),
    Column("members", JSON, nullable=False),
    Column("read_at", Instant, nullable=False),
)

notes = Table(
    "notes",
    metadata,
    Column("plan", String, primary_key=True),
    Column("course", String, primary_key=True),
    Column("email", String, primary_key=True),
    Column("text", FreeText, nullable=False),
    Column("written_at", Instant, nullable=False),
)

answer_comments = Table(
    "answer_comments",
    metadata,
    Column("plan", String, primary_key=True),
    Column("course", String, primary_key=True),
    Column("offering", String, primary_key=True),
    Column("session", String, primary_key=True),
    Column("email", String, primary_key=True),
    Column("response", String, nullable=False),
    Column("text", FreeText, nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

comment_looks = Table(
    "comment_looks",
    metadata,
    Column("plan", String, primary_key=True),
    Column("looked_at", Instant, nullable=False),
)

job_runs = Table(
    "job_runs",
    metadata,
    Column("plan", String, primary_key=True),
    Column("job", String, primary_key=True),
    Column("run_id", String, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant, nullable=False),
    Column("outcome", String, nullable=False),
    Column("exit_code", Integer, nullable=False),
    Column("error", String, nullable=False),
    Column("detail", String, nullable=False),
)
# The latest runs are found without reading the others.
Index(None, job_runs.c.plan, job_runs.c.job, job_runs.c.started_at)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("plan", String, primary_key=True),
    Column("resource", String, primary_key=True),
    Column("id", String, nullable=False),
    Column("address", String, nullable=False),
    Column("path", String, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("renew_at", Instant, nullable=False),
    Column("client_state", String, nullable=False),
    Column("created_at", Instant, nullable=False),
)

hints = Table(
    "hints",
    metadata,
    Column("plan", String, primary_key=True),
    Column("resource", String, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("whole", Boolean, nullable=False),
)

# What is here only grows: triggers of the database see to it (revision 0019), and expiry and erasure keep to
# what they allow.
actions = Table(
    "actions",
    metadata,
    Column("id", String, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    *(
        Column(name, FreeText, nullable=False)
        for name in ("by", "command", "plan", "course", "subject", "door")
    ),
    Column("detail", FreeText, nullable=False, server_default=text("''")),
)

actions_over = Table(
    "actions_over", metadata, Column("id", String, primary_key=True),
    Column("until", Instant, nullable=False),
    Column("lines", Integer, nullable=False),
)  # fmt: skip

erasure_marks = Table(
    "erasure_marks", metadata, Column("plan", String, primary_key=True), Column("believed_at", Instant),
    Column("waits", String, nullable=False), Column("since", Instant),
)  # fmt: skip
"""When personal data was last let go of by a believed clock, and why that waits for a person.

"" where it does not.
"""
