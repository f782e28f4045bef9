"""`doctor` about installing the app in Teams for people. Nothing is installed, and nothing is written.

    check      looked at                                      then
    bot_right  the right to install, in the token             there: ok; not there, or no token to read: failed, unknown
    bot_app    the app as one who has a chat has it, by its   the id of the settings, of the organisation: ok; another
               id in the manifest                             id, or only uploaded for oneself: failed; nobody has
                                                              it, or nobody can say: unknown
    installs   the books                                      how many of the audiences have it, took it away, cannot
                                                              have it, and are still to get it

Nothing of it where nobody asked for installing (`KURSUSBOT_BOT__INSTALL`). The catalogue itself is not asked:
that needs one more right, and tells no more than what one person has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desks.doctor.findings import DoctorFinding, State
from bot.domain.app_installs import InstallState
from bot.domain.errors import DatabaseFailed, GraphError, InputError, SignInFailed

if TYPE_CHECKING:
    from bot.domain.plan import CoursePlan
    from bot.graph.client import GraphClient
    from config.settings import Settings

RIGHT = "TeamsAppInstallation.ReadWriteSelfForUser.All"
MOST_ASKED = 3
"""People whose app is looked at: the first of them nearly always tells."""


async def install_findings(
    settings: Settings, plan: CoursePlan | None, *, has_books: bool
) -> list[DoctorFinding]:
    """By the table above; `has_books`: the database can be read as it is."""
    if not settings.bot.install:
        return []
    with_chat, counted = _by_the_books(settings, plan) if plan is not None and has_books else ([], [])
    return [*await _by_graph(settings, with_chat), *counted]


async def _by_graph(settings: Settings, with_chat: list[str]) -> list[DoctorFinding]:
    from bot.graph.client import GraphClient

    try:
        async with GraphClient(settings.graph) as client:
            return [await _right(client), await _app(client, settings, with_chat)]
    except SignInFailed:
        # Another line tells that.
        return []


async def _right(client: GraphClient) -> DoctorFinding:
    from bot.graph.checks import roles_of

    roles = roles_of(await client.fetch_token())
    state = State.UNKNOWN if roles is None else State.OK if RIGHT in roles else State.FAILED
    return DoctorFinding(
        name="doctor.checks.bot_right",
        state=state,
        message=f"doctor.bot_right_{state}",
        params={"permission": RIGHT},
        exit_code=GraphError.exit_code if state is State.FAILED else 0,
    )


async def _app(client: GraphClient, settings: Settings, with_chat: list[str]) -> DoctorFinding:
    from bot.graph.app_installs import GraphInstalls

    ours, manifest_id = settings.bot.catalogue_id or "", settings.teams.app_id or ""
    installs = GraphInstalls(client, catalogue_id=ours)
    state, message, theirs = State.UNKNOWN, "doctor.bot_app_nobody", ""
    for subject in with_chat[:MOST_ASKED]:
        try:
            found = await installs.listed(subject, manifest_id=manifest_id)
        except SignInFailed:
            raise
        except GraphError:
            message = "doctor.bot_app_untold"
            continue
        if found is not None:
            theirs, is_it = found.catalogue_id, found.catalogue_id.lower() == ours.lower()
            message = "ok" if is_it and found.is_of_organisation else "own" if is_it else "other"
            state = State.OK if message == "ok" else State.FAILED
            message = f"doctor.bot_app_{message}"
            break
    return DoctorFinding(
        name="doctor.checks.bot_app",
        state=state,
        message=message,
        params={"id": ours, "found": theirs},
        exit_code=InputError.exit_code if state is State.FAILED else 0,
    )


def _by_the_books(settings: Settings, plan: CoursePlan) -> tuple[list[str], list[DoctorFinding]]:
    """The directory ids of those of the audiences who have a chat, and the line that counts."""
    from bot.opening.stores import open_stores_to_read
    from bot.rounds.app_installs import people_to_have_it

    try:
        with open_stores_to_read(settings) as stores:
            people = people_to_have_it(plan, stores)
            subjects = {one.directory_id for one in people if one.directory_id}
            with_chat = stores.conversations.load_personal(subjects).keys()
            states = {
                subject: one.state
                for subject, one in stores.app_installs.load(subjects).items()
                if subject not in with_chat
            }
    except DatabaseFailed:
        # Another line tells that.
        return [], []
    if not people:
        return [], []
    have = len(with_chat) + sum(state is InstallState.THERE for state in states.values())
    gone = sum(state is InstallState.GONE for state in states.values())
    nowhere = len(people) - len(subjects) + sum(state is InstallState.NOWHERE for state in states.values())
    params = {"people": len(people), "have": have, "gone": gone, "nowhere": nowhere}
    left = len(people) - have - gone - nowhere
    counted = DoctorFinding(
        name="doctor.checks.installs",
        state=State.OK,
        message="doctor.installs" if left else "doctor.installs_done",
        params=params | {"left": left},
    )
    return sorted(with_chat), [counted]
