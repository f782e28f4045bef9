"""People who have a chat with the bot, and what stands there."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from bot.domain.conversations import Conversation, ConversationKind
from bot.opening.stores import open_stores
from bot.sandbox.chats import APP_ID, APP_SECRET, TENANT_ID
from config.settings import Settings
from tests.e2e.seats import WEB

if TYPE_CHECKING:
    from bot.sandbox.directory import User
    from tests.e2e.driver import World


def with_bot(world: World, *addresses: str) -> None:
    """The world's settings have a bot, and these people have added it and are known to have."""
    origin = world.base_url.removesuffix("/v1.0")
    world.settings = world.settings | WEB | {
        "BOT__APP_ID": APP_ID, "BOT__APP_SECRET": APP_SECRET, "BOT__TENANT_ID": TENANT_ID, "BOT__SANDBOX_URL": origin,
    }  # fmt: skip
    now = world.now.astimezone(UTC)
    with open_stores(Settings(database_url=f"sqlite:///{world.database_file}")) as stores:
        for user in (user_of(world, address) for address in addresses):
            world.tenant.teams.installed.add(user.id)
            where = world.tenant.chats.personal(user.id).id
            stores.conversations.save(
                Conversation(
                    id=where, kind=ConversationKind.PERSONAL, service_url=f"{origin}/teams/", added_at=now, seen_at=now,
                    subject=user.id, email=user.mail or "",
                )
            )  # fmt: skip


def user_of(world: World, address: str) -> User:
    user = world.tenant.directory.find_user(address)
    assert user is not None, address
    return user


def told(world: World) -> list[tuple[str, str]]:
    """The cards that the bot has posted to people's chats, by name and what a notification shows of them."""
    return sorted(
        ((user_of(world, one.user_id).mail or "").partition("@")[0], shown.summary)
        for one in world.tenant.chats.conversations.values()
        for shown in one.shown.values()
        if one.is_personal and shown.sender == "bot"
    )
