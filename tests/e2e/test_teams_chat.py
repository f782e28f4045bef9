"""Reminders and news of a seat in people's chats with the bot: each thing once, and by the next way where it did not arrive."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.conversations import Conversation, ConversationKind
from bot.sandbox.chats import APP_ID, APP_SECRET, TENANT_ID
from bot.store.conversations import SqlConversationBook
from bot.store.opening import open_database
from tests.e2e.driver import mail_of, wait_until
from tests.e2e.reminders import AT_ONCE
from tests.e2e.seats import WEB, subjects
from tests.e2e.teams import begin, feed, rule

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World

SAID = r"^/teams/v3/conversations/[^/]+/activities$"
TOKEN = r"^/entra/"


def at_teams(world: World, *names: str, feed_too: bool = False) -> None:
    """The bot is set up, and these have a chat with it."""
    host = world.base_url.removesuffix("/v1.0")
    mine = {
        "BOT__APP_ID": APP_ID, "BOT__APP_SECRET": APP_SECRET, "BOT__TENANT_ID": TENANT_ID, "BOT__SANDBOX_URL": host,
        **WEB,
    }  # fmt: skip
    world.settings = (world.settings if feed_too else {}) | mine
    with open_database(f"sqlite:///{world.database_file}") as database:
        book = SqlConversationBook(database)
        for name in names:
            user = world.tenant.directory.find_user(mail_of(name))
            assert user is not None
            world.tenant.teams.installed.add(user.id)
            chat = world.tenant.chats.personal(user.id)
            book.save(
                Conversation(
                    id=chat.id, kind=ConversationKind.PERSONAL, service_url=f"{host}/teams", added_at=world.now, seen_at=world.now,
                    subject=user.id, email=mail_of(name),
                )
            )  # fmt: skip


def cards(world: World) -> list[tuple[str, str]]:
    """Whose chat a card stands in, and what a notification says of it."""
    users = world.tenant.directory.users
    return sorted(
        ((users[one.user_id].mail or "").partition("@")[0], shown.summary)
        for one in world.tenant.chats.conversations.values()
        for shown in one.shown.values()
    )


def rows(ran: Ran) -> set[tuple[str, str, str, str]]:
    return {(one["email"].partition("@")[0], one["channel"], one["state"], one.get("reason", "")) for one in ran.json}


def once_each(world: World) -> None:
    """Everybody was told once, by whatever way."""
    told = [who for who, _ in cards(world)] + [who for who, _ in feed(world)]
    told += [mail.to.partition("@")[0] for mail in world.tenant.mail_log.mails if mail.subject == "Praktisk om Kursus"]
    assert sorted(told) == ["ada", "anna", "bea", "cia"]


@pytest.mark.parametrize("feed_too", [False, True])
def test_who_has_a_chat_gets_a_card_and_everybody_else_the_next_way(world: World, feed_too: bool) -> None:
    begin(world, rule("teams"))
    at_teams(world, "ada", feed_too=feed_too)
    sent = world.run("send", "--format", "json")
    assert (sent.code, cards(world)) == (0, [("ada", "Praktisk om Kursus")])
    assert (feed(world), {who for who, _ in subjects(sent)}) == (
        ([("bea", "Praktisk om Kursus")], {"cia", "anna"}) if feed_too else ([], {"bea", "cia", "anna"})
    )
    assert ("ada", "teams", "sent", "") in rows(sent)
    again = world.run("send", "--format", "json")
    assert (again.json, again.mails, len(cards(world))) == ([], (), 1)
    assert "i Teams" in world.run("person", mail_of("ada")).out
    once_each(world)


def test_a_rehearsal_says_nothing_in_teams(world: World) -> None:
    begin(world, rule("teams"))
    at_teams(world, "ada")
    assert world.run("send", "--dry-run").code == 0
    assert cards(world) == []


def test_who_has_taken_the_bot_away_gets_a_mail_in_the_same_round_and_is_forgotten(world: World) -> None:
    begin(world, rule("teams"))
    at_teams(world, "ada", "bea")
    ada = world.tenant.directory.find_user(mail_of("ada"))
    assert ada is not None
    world.tenant.teams.installed.discard(ada.id)
    sent = world.run("send")
    assert (sent.code, [who for who, _ in cards(world)]) == (0, ["bea"])
    assert {who for who, _ in subjects(sent)} == {"ada", "cia", "anna"}
    once_each(world)
    with open_database(f"sqlite:///{world.database_file}") as database:
        assert {one.email for one in SqlConversationBook(database).load_personal().values()} == {mail_of("bea")}


@pytest.mark.parametrize("trouble", [{"drop": True, "when": "after"}, {"status": 500, "when": "after"}, {"drop": True, "when": "before"}])
def test_a_card_whose_answer_is_lost_is_never_repeated_nor_mailed(world: World, trouble: dict[str, Any]) -> None:
    begin(world, rule("teams"))
    at_teams(world, "ada", "bea")
    world.tenant.faults.add(method="POST", path=SAID, **trouble)
    first = world.run("send", "--format", "json")
    assert ("ada", "teams", "uncertain", "chat_unclear") in rows(first)
    for _ in range(2):
        again = world.run("send")
        assert (again.mails, again.json if again.out.startswith("{") else "") == ((), "")
    assert [who for who, _ in subjects(first)].count("ada") == 0
    assert [who for who, _ in cards(world)].count("ada") == (1 if trouble["when"] == "after" else 0)
    assert "kortet er måske kommet" in world.run("messages").out


@pytest.mark.parametrize("status", [412, 429, 502, 503, 504])
def test_a_teams_that_is_too_busy_is_told_later_and_nobody_is_mailed_meanwhile(world: World, status: int) -> None:
    begin(world, rule("teams"))
    at_teams(world, "ada")
    world.tenant.faults.add(method="POST", path=SAID, status=status, retry_after="60", times=None)
    first = world.run("send")
    assert ({who for who, _ in subjects(first)}, cards(world)) == ({"bea", "cia", "anna"}, [])
    world.tenant.faults.clear()
    assert world.run("send").code == 0
    once_each(world)


@pytest.mark.parametrize("status", [400, 413])
def test_a_card_that_teams_does_not_take_is_a_mail(world: World, status: int) -> None:
    begin(world, rule("teams"))
    at_teams(world, "ada", "bea")
    world.tenant.faults.add(method="POST", path=SAID, status=status, times=None)
    assert world.run("send").code == 0
    once_each(world)


def test_a_bot_that_cannot_sign_in_makes_nobody_miss_anything(world: World) -> None:
    begin(world, rule("teams"))
    at_teams(world, "ada", "bea")
    world.settings["BOT__APP_SECRET"] = "forkert"
    sent = world.run("send")
    assert ({who for who, _ in subjects(sent)}, cards(world)) == ({"ada", "bea", "cia", "anna"}, [])
    assert "forkert" not in sent.out + sent.err


@pytest.mark.parametrize("path", [TOKEN, SAID])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_that_is_killed_at_a_request_leaves_nothing_twice(world: World, path: str, when: str) -> None:
    begin(world, rule("teams"))
    at_teams(world, "ada", "bea")
    held = world.tenant.faults.add(method="POST", path=path, when=when, delay_ms=600, drop=when == "before")
    process = world.start("send")
    wait_until(lambda: held.acted)
    process.kill()
    world.finish(process)
    world.tenant.faults.clear()
    world.run("send")
    world.run("send")
    told = [who for who, _ in cards(world)]
    mailed = [mail.to.partition("@")[0] for mail in world.tenant.mail_log.mails if mail.subject == "Praktisk om Kursus"]
    assert sorted(mailed) == ["anna", "cia"]
    assert len(told) == len({*told})
    lost = {"ada", "bea"} - {*told}
    assert len(lost) <= (1 if path == SAID and when == "before" else 0)
    assert world.run("messages", "--format", "json").json[0]["uncertain"] == (1 if path == SAID else 0)


def test_two_rounds_at_once_say_it_once(world: World) -> None:
    begin(world, rule("teams"))
    at_teams(world, "ada", "bea")
    both = [world.start("send"), world.start("send")]
    for one in both:
        world.finish(one)
    world.run("send", **AT_ONCE)
    once_each(world)


@pytest.mark.parametrize(("way", "has_card", "has_mail"), [("teams", True, False), ("mail", False, True), ("both", True, True)])
def test_news_of_a_seat_go_as_hr_says(world: World, way: str, has_card: bool, has_mail: bool) -> None:
    begin(world, rule("mail"))
    at_teams(world, "ada")
    world.settings["BOT__SEAT_NEWS"] = way
    moved = world.run("withdraw", "kursus", mail_of("ada"), "--reason", "Hun er flyttet", "--by", "hr")
    assert moved.code == 0, moved.err
    synced = [world.run("sync", "--yes"), world.run("send")]
    mine = [mail for ran in [moved, *synced] for mail in ran.mails if mail.to == mail_of("ada") and mail.kind.value == "message"]
    mine = [mail for mail in mine if "Praktisk" not in mail.subject]
    assert (len([who for who, _ in cards(world) if who == "ada"]), len(mine)) == (int(has_card), int(has_mail))
    world.now += timedelta(minutes=5)
    world.run("send")
    assert len(cards(world)) == int(has_card)
