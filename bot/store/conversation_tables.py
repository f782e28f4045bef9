"""The tables of where the bot is in Teams. See `bot.store.schema`."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from bot.store.columns import Instant
from bot.store.schema import metadata

conversations = Table(
    "conversations",
    metadata,
    Column("conversation", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("service_url", String, nullable=False),
    Column("subject", String, nullable=False, index=True),
    Column("email", String, nullable=False),
    Column("name", String, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)
"""People's chats with the bot, and the channels that it is in; of no plan."""

chat_activities = Table(
    "chat_activities",
    metadata,
    Column("key", String, primary_key=True),
    Column("came_at", Instant, nullable=False),
)
"""What came from Teams lately, by a digest of conversation and activity, so that nothing is done twice."""

standing_cards = Table(
    "standing_cards",
    metadata,
    Column("plan", String, primary_key=True),
    Column("course", String, primary_key=True),
    Column("conversation", String, primary_key=True),
    Column("activity", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("shown_at", Instant, nullable=False),
)
"""The cards of courses that stand in conversations and are kept as the course is."""

app_installs = Table(
    "app_installs",
    metadata,
    Column("subject", String, primary_key=True),
    Column("email", String, nullable=False),
    Column("state", String, nullable=False),
    Column("at", Instant, nullable=False),
)
"""For whom the app in Teams was installed, and who took it away; of no plan."""

app_packages = Table(
    "app_packages",
    metadata,
    Column("app", String, primary_key=True),
    Column("digest", String, nullable=False),
    Column("version", String, nullable=False),
)
"""The package of the app in Teams that was made last, by the app's id in the manifest; of nobody."""
