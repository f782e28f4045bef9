"""The tables about the tenant and not about a course.

Groups, mailboxes, what a probe showed, the files of plans, and who of its people is signed in.

See `bot.store.schema`.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Integer, LargeBinary, String, Table

from bot.store.columns import FreeText, Instant
from bot.store.schema import metadata

group_ids = Table(
    "group_ids",
    metadata,
    Column("plan", String, primary_key=True),
    Column("group_name", String, primary_key=True),
    Column("object_id", String, nullable=False),
    Column("found_at", Instant, nullable=False),
)

mailbox_ids = Table(
    "mailbox_ids",
    metadata,
    Column("plan", String, primary_key=True),
    Column("address", String, primary_key=True),
    Column("object_id", String, nullable=False),
    Column("found_at", Instant, nullable=False),
)

group_counts = Table(
    "group_counts",
    metadata,
    Column("plan", String, primary_key=True),
    Column("group_name", String, primary_key=True),
    Column("members", Integer, nullable=False),
    Column("read_at", Instant, nullable=False),
)

probe_findings = Table(
    "probe_findings", metadata, Column("assumption", String, primary_key=True),
    Column("reading", String, nullable=False),
    Column("evidence", JSON, nullable=False), Column("mailbox", String, nullable=False),
    Column("found_at", Instant, nullable=False),
)  # fmt: skip
"""What probes found of Microsoft Graph, the latest of each assumption.

`mailbox` is the test mailbox, which is nobody's.
"""

plan_files = Table(
    "plan_files",
    metadata,
    Column("source", String, primary_key=True),
    Column("plan", String, nullable=False),
    Column("drive", String, nullable=False),
    Column("item", String, nullable=False),
    Column("c_tag", String, nullable=False),
    Column("content", LargeBinary),
)
"""The files in Microsoft 365 that plans are read from, each as it could be read last.

`source` is the plan's name without its link, which is a key.
"""

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("key", String, primary_key=True),
    Column("subject", String, nullable=False, index=True),
    Column("email", String, nullable=False),
    Column("name", String, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("proved_at", Instant),
    Column("vouches", Boolean, nullable=False),
    Column("group_ids", JSON),
    Column("begun_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)
"""Which browsers are signed in to the desk, by the digest of what they show; of no plan.

`group_ids`: what the token told of them, null where it did not.
"""

api_answers = Table(
    "api_answers",
    metadata,
    Column("key", String, primary_key=True),
    Column("asked", String, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("status", Integer, nullable=False),
    Column("answer", FreeText),
)
"""What programs asked under a key of theirs; see `bot.domain.repeats`.

Without an `answer` it is under way `until` then.

`key` is a digest of who asked and the key, `asked` of the request.
"""

examinations = Table(
    "examinations",
    metadata,
    Column("plan", String, primary_key=True),
    Column("at", Instant),
    Column("until", Instant),
    Column("findings", FreeText, nullable=False),
    Column("error", String, nullable=False),
)
"""What `doctor` found of a plan last, `at` then; another one is under way `until` then, at the latest.

`findings` is JSON in text, where whoever is named is found.
"""
