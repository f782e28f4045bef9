"""`doctor` about the bot in Teams. Nothing is said in a chat, and nothing is written.

    check      looked at                                       then
    bot        a token is fetched as the bot                   ok, or failed: nothing goes to a chat
    bot_door   the address that Teams calls, without a token   401: ok; no answer, or 5xx: unknown, the service may
                                                               not run, or not be reached from here; anything
                                                               else: failed, something stands in front of it
    chats      how many of the audiences have a chat           some: ok; nobody: unknown; where no sync has
                                                               read the audiences yet, or the plan has none: nothing

Whether Teams itself reaches the address, and what the catalogue has, cannot be told from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.connector.door import DOOR, NO_ANSWER, knock
from bot.connector.tokens import BotTokens
from bot.desks.doctor.findings import DoctorFinding, State
from bot.domain.conversations import channels_by_name
from bot.domain.errors import DatabaseFailed, InputError, SignInFailed

if TYPE_CHECKING:
    from bot.domain.plan import CoursePlan
    from config.settings import Settings

TURNED_AWAY, SERVER_ERROR = 401, 500


async def bot_findings(
    settings: Settings, plan: CoursePlan | None, *, has_books: bool
) -> list[DoctorFinding]:
    """By the table above, [] where there is no bot; `has_books`: the database can be read as it is."""
    if not settings.bot.is_set:
        return []
    found = [await _sign_in(settings), _door(settings, await knock(settings.web.base_url or ""))]
    return [*found, *(_chats(settings, plan) if plan is not None and has_books else [])]


def bot_channels(settings: Settings) -> frozenset[str]:
    """The keys of the names of the channels that the bot is in, as far as the database tells."""
    from bot.opening.stores import open_stores_to_read

    if not settings.bot.is_set:
        return frozenset()
    try:
        with open_stores_to_read(settings) as stores:
            return frozenset(channels_by_name(stores.conversations.load_channels()))
    except DatabaseFailed:
        # Another line tells that.
        return frozenset()


async def _sign_in(settings: Settings) -> DoctorFinding:
    name = "doctor.checks.bot"
    try:
        await BotTokens(settings.bot).fetch()
    except SignInFailed as error:
        return DoctorFinding(
            name=name,
            state=State.FAILED,
            message=f"errors.{error.code}",
            params=error.params,
            exit_code=error.exit_code,
        )
    return DoctorFinding(name=name, state=State.OK, message="doctor.bot_ok")


def _door(settings: Settings, status: int) -> DoctorFinding:
    if status == TURNED_AWAY:
        state, message = State.OK, "doctor.bot_door_ok"
    elif status == NO_ANSWER or status >= SERVER_ERROR:
        state, message = State.UNKNOWN, "doctor.bot_door_silent"
    else:
        state, message = State.FAILED, "doctor.bot_door_other"
    address = (settings.web.base_url or "").rstrip("/") + DOOR
    return DoctorFinding(
        name="doctor.checks.bot_door",
        state=state,
        message=message,
        params={"address": address, "status": status},
        exit_code=InputError.exit_code if state is State.FAILED else 0,
    )


def _chats(settings: Settings, plan: CoursePlan) -> list[DoctorFinding]:
    from bot.opening.stores import open_stores_to_read

    try:
        with open_stores_to_read(settings) as stores:
            members = stores.books.audiences.load_members(plan.id).values()
            wanted = {
                person.directory_id
                for person in stores.books.people.load_people(plan.id)
                if person.directory_id and any(person.email in one for one in members)
            }
            count = len(wanted & stores.conversations.load_personal(wanted).keys()) if wanted else 0
    except DatabaseFailed:
        # Another line tells that.
        return []
    if not wanted:
        return []
    return [
        DoctorFinding(
            name="doctor.checks.chats",
            state=State.OK if count else State.UNKNOWN,
            message="doctor.chats" if count else "doctor.chats_none",
            params={"count": count, "people": len(wanted)},
        )
    ]
