"""The app is installed for the audience by Graph: each once, in working hours, never again for who took it away, whatever is cut off."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.job_runs import JobOutcome
from bot.opening.stores import open_stores
from bot.sandbox.chats import CATALOGUE_ID, MANIFEST_ID
from config.settings import Settings
from jobs.registry import JOBS
from tests.e2e.as_it_was import AsItWas
from tests.e2e.chatting import user_of, with_bot
from tests.e2e.driver import mail_of
from tests.e2e.in_teams import bot_settings, in_teams
from tests.e2e.killing import SWEPT, killed_at_each
from tests.e2e.teams import begin, rule

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World

NAMES = ("ada", "bea", "cia")
ADA, BEA, CIA = map(mail_of, NAMES)
POSTS = r"/teamwork/installedApps$"
INSTALL = ("jobs", "run", "install_bot")
RIGHTS = ["User.Read.All", "GroupMember.Read.All", "Calendars.ReadWrite", "MailboxSettings.Read", "Mail.ReadWrite", "Mail.Send"]
WITH_RIGHT = [*RIGHTS, "TeamsAppInstallation.ReadWriteSelfForUser.All"]


@pytest.fixture
def installing(world: World) -> World:
    return set_up(world)


def set_up(world: World) -> World:
    """Ada, Bea and Cia are the audience that the directory knows; nobody has the app."""
    begin(world, rule("mail"))
    world.settings = {}
    with_bot(world)
    world.settings |= {"BOT__INSTALL": "true", "BOT__CATALOGUE_ID": CATALOGUE_ID, "TEAMS__APP_ID": MANIFEST_ID}
    world.tenant.teams.installed.clear()
    return world


def having(world: World) -> list[str]:
    return sorted((world.tenant.directory.users[one].mail or "").partition("@")[0] for one in world.tenant.teams.installed)


def asked(ran: Ran) -> int:
    """How many installations were asked for."""
    return sum(one.method == "POST" and one.path.endswith("/installedApps") for one in ran.requests)


def states(world: World) -> dict[str, str]:
    with open_stores(Settings(database_url=f"sqlite:///{world.database_file}")) as stores:
        found = stores.app_installs.load({user_of(world, mail_of(name)).id for name in NAMES})
    return {one.email.partition("@")[0]: one.state.value for one in found.values()}


def test_everybody_of_the_audience_gets_it_once_and_a_second_round_asks_for_nothing(installing: World) -> None:
    assert asked(installing.run(*INSTALL)) == 3
    assert having(installing) == [*NAMES]
    assert states(installing) == dict.fromkeys(NAMES, "there")
    again = installing.run(*INSTALL)
    assert (again.code, asked(again), again.mails) == (0, 0, ())


def test_without_the_setting_nobody_gets_anything(installing: World) -> None:
    ran = installing.run(*INSTALL, BOT__INSTALL="false")
    assert (ran.code, asked(ran), having(installing)) == (0, 0, [])


@pytest.mark.parametrize("clock", ["2025-03-04T03:00:00+01:00", "2025-03-04T21:30:00+01:00", "2025-03-08T11:00:00+01:00"])
def test_nobody_gets_it_in_the_night_or_at_the_weekend(installing: World, clock: str) -> None:
    installing.now = datetime.fromisoformat(clock)
    ran = installing.run(*INSTALL)
    assert (ran.code, asked(ran), having(installing)) == (0, 0, [])


def test_who_has_it_already_is_noted_and_who_has_a_chat_is_not_asked_about(installing: World) -> None:
    with_bot(installing, ADA)
    installing.settings |= {"BOT__INSTALL": "true"}
    installing.tenant.teams.installed.add(user_of(installing, BEA).id)
    ran = installing.run(*INSTALL)
    assert (ran.code, asked(ran), having(installing)) == (0, 2, [*NAMES])
    assert states(installing) == {"bea": "there", "cia": "there"}


def test_without_the_right_two_are_asked_for_and_nobody_more_that_day_and_it_is_told(installing: World) -> None:
    installing.tenant.settings.roles = frozenset(RIGHTS)
    first, second = installing.run(*INSTALL), installing.run(*INSTALL)
    assert (first.code, asked(first), asked(second)) == (2, 2, 0)
    assert second.code == 2, "the day long it is told"
    assert states(installing) == {"ada": "denied", "bea": "denied"}
    doctor = checks(installing)
    assert doctor["bot_right"][0] == "unknown", "the sandbox's token says nothing"
    installing.tenant.settings.roles = frozenset(WITH_RIGHT)
    assert asked(installing.run(*INSTALL)) == 0
    installing.now = datetime.fromisoformat("2025-03-04T10:00:00+01:00")
    installing.run(*INSTALL)
    assert having(installing) == [*NAMES]


@pytest.mark.parametrize("whose", NAMES)
def test_whom_a_policy_keeps_out_is_left_out_and_the_others_get_it_that_day(installing: World, whose: str) -> None:
    """Also where they were the only one that was due: the books know that others have got it."""
    user = user_of(installing, mail_of(whose)).id
    forbid = {"method": "POST", "path": f"/users/{user}{POSTS}", "status": 403, "when": "before"}
    installing.tenant.faults.add(**forbid)
    ran = installing.run(*INSTALL)
    others = [name for name in NAMES if name != whose]
    assert (ran.code, asked(ran), having(installing), states(installing)[whose]) == (0, 3, others, "nowhere")
    assert asked(installing.run(*INSTALL)) == 0
    installing.now = datetime.fromisoformat("2025-07-14T10:00:00+02:00")
    installing.tenant.faults.add(**forbid)
    later = installing.run(*INSTALL)
    assert (later.code, asked(later), states(installing)[whose]) == (0, 1, "nowhere")


def test_who_is_due_alone_and_refused_is_not_taken_for_everybody_tomorrow(installing: World) -> None:
    """The books know nobody who has it: it may be the right. The next day the others have their turn first."""
    for name in NAMES:
        user = user_of(installing, mail_of(name)).id
        installing.tenant.faults.add(method="POST", path=f"/users/{user}{POSTS}", status=403 if name == "ada" else 404, when="before")
    first = installing.run(*INSTALL)
    assert (first.code, states(installing)) == (2, {"ada": "denied", "bea": "nowhere", "cia": "nowhere"})
    installing.now = datetime.fromisoformat("2025-07-14T10:00:00+02:00")
    ran = installing.run(*INSTALL)
    assert (ran.code, having(installing)) == (0, [*NAMES])


def test_whom_teams_does_not_know_is_left_out_and_the_others_get_it(installing: World) -> None:
    installing.tenant.faults.add(method="POST", path=POSTS, status=404, when="before")
    ran = installing.run(*INSTALL)
    assert (ran.code, having(installing), states(installing)["ada"]) == (0, ["bea", "cia"], "nowhere")
    assert asked(installing.run(*INSTALL)) == 0


@pytest.mark.parametrize("fate", [
    {"drop": True, "when": "after"}, {"drop": True, "when": "before"}, {"status": 503, "when": "after"},
    {"status": 429, "when": "before", "retry_after": "0"},
], ids=str)  # fmt: skip
def test_a_lost_answer_and_a_throttled_request_are_asked_again(installing: World, fate: dict[str, Any]) -> None:
    installing.tenant.faults.add(method="POST", path=POSTS, **fate)
    ran = installing.run(*INSTALL)
    assert (ran.code, having(installing)) == (0, [*NAMES])
    assert states(installing) == dict.fromkeys(NAMES, "there")


def test_a_teams_that_has_had_enough_is_left_alone_until_the_next_round(installing: World) -> None:
    for _ in range(20):
        installing.tenant.faults.add(method="POST", path=POSTS, status=429, when="before", retry_after="30")
    ran = installing.run(*INSTALL)
    assert (ran.code, having(installing), states(installing)) == (6, [], {"ada": "asked"})
    installing.tenant.faults.clear()
    installing.run(*INSTALL)
    assert having(installing) == [*NAMES]


@SWEPT
def test_killed_at_any_request_everybody_has_it_in_the_end_and_each_once(installing: World, each: int) -> None:
    before = AsItWas(installing)
    for killed in killed_at_each(before, installing.run(*INSTALL).requests, each, *INSTALL):
        installing.run(*INSTALL)
        assert (having(installing), states(installing)) == ([*NAMES], dict.fromkeys(NAMES, "there")), killed


def test_after_it_the_bot_says_hello_once_and_who_takes_it_away_never_gets_it_again(installing: World) -> None:
    """The chat comes by itself, from Teams; a reminder goes there, and to a mail where the app was taken away."""

    async def story(service: Any, teams: Any) -> None:
        async def install() -> JobOutcome:
            ran, _ = await service.runner.run("demo", JOBS["install_bot"])
            return ran.outcome

        assert await install() is JobOutcome.DONE
        for who in (ADA, BEA, CIA):
            await until(lambda who=who: len(service.stores.conversations.load_personal({user_of(installing, who).id})) == 1)
            await until(lambda who=who: len(teams_cards(installing, who)) == 1)
        await asyncio.to_thread(teams.remove, BEA)
        bea = user_of(installing, BEA).id
        assert service.stores.app_installs.load({bea})[bea].state.value == "gone"
        assert await install() is JobOutcome.DONE
        assert having(installing) == ["ada", "cia"]
        assert [len(teams_cards(installing, who)) for who in (ADA, CIA)] == [1, 1]

    bot = {"install": True, "catalogue_id": CATALOGUE_ID} | bot_settings(installing)
    in_teams(installing, story, bot=bot)


def teams_cards(world: World, person: str) -> list[Any]:
    user = user_of(world, person)
    return [shown for shown in world.tenant.chats.personal(user.id).shown.values() if shown.card is not None]


async def until(holds: Any, seconds: float = 10) -> None:
    for _ in range(int(seconds * 20)):
        if holds():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it never became so")


def checks(world: World, **settings: str) -> dict[str, tuple[str, str]]:
    ran = world.run("doctor", "--format", "json", **settings)
    return {row["check"]: (row["state"], row["message"]) for row in ran.json["checks"]}


def test_doctor_counts_who_has_it_and_knows_the_app_by_what_people_have(installing: World) -> None:
    before = checks(installing)
    assert (before["bot_app"][0], before["installs"][0]) == ("unknown", "ok")
    assert "har 0 appen" in before["installs"][1]
    with_bot(installing, ADA)
    installing.settings |= {"BOT__INSTALL": "true"}
    assert checks(installing)["bot_app"][0] == "ok"
    other = checks(installing, BOT__CATALOGUE_ID=MANIFEST_ID)["bot_app"]
    assert (other[0], CATALOGUE_ID in other[1]) == ("failed", True)
    installing.tenant.chats.bot.distribution = "sideloaded"
    assert checks(installing)["bot_app"][0] == "failed"
    assert "bot_app" not in checks(installing, BOT__INSTALL="false")
