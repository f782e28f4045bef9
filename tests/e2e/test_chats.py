"""Reminders as cards in people's chats: each once, by mail where there is no chat, and never both, whatever is cut off."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.e2e.as_it_was import AsItWas
from tests.e2e.chatting import told, user_of, with_bot
from tests.e2e.driver import mail_of, new_world
from tests.e2e.killing import SWEPT, killed_at_each
from tests.e2e.reminders import AT_ONCE
from tests.e2e.seats import subjects
from tests.e2e.teams import begin, rule

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.driver import Ran, World

POSTS = r"^/teams/v3/conversations/[^/]+/activities$"
ABOUT = "Praktisk om Kursus"
ADA, BEA = map(mail_of, ("ada", "bea"))
SECRETARY = "sekr@partner.example"


@pytest.fixture
def chatting(world: World) -> World:
    """Ada and Bea have a chat with the bot; Cia has not, and Anna is nobody in the directory."""
    return set_up(world)


def set_up(world: World) -> World:
    begin(world, rule("teams"))
    world.settings = {}
    with_bot(world, ADA, BEA)
    return world


def rows(ran: Ran) -> set[tuple[str, str, str]]:
    return {(one["email"].partition("@")[0], one["state"], one.get("reason", "")) for one in ran.json}


def test_who_has_a_chat_gets_a_card_and_who_has_none_a_mail_each_once(chatting: World) -> None:
    sent = chatting.run("send", "--format", "json")
    assert (sent.code, told(chatting)) == (0, [("ada", ABOUT), ("bea", ABOUT)])
    assert subjects(sent) == [("anna", ABOUT), ("cia", ABOUT)]
    assert rows(sent) == {(who, "sent", "") for who in ("ada", "bea", "anna", "cia")}
    again = chatting.run("send", "--format", "json")
    assert (again.json, again.mails, len(told(chatting))) == ([], (), 2)
    for shown in (one for chat in chatting.tenant.chats.conversations.values() for one in chat.shown.values()):
        assert (shown.odd, shown.card is not None) == ([], True)


def test_a_copy_for_who_answers_for_a_leader_follows_the_card_as_a_mail_once(world: World) -> None:
    """Not for the leader whose chat refuses it: there the mail is the leader's own, and the copy follows that."""
    pairs = [{"for": leader, "by": SECRETARY, "copies": True} for leader in (ADA, BEA)]
    begin(world, rule("teams"), delegates=pairs)
    world.settings = {}
    with_bot(world, ADA, BEA)
    world.tenant.chats.blocked.add(user_of(world, BEA).id)
    sent = world.run("send", "--format", "json")
    assert (sent.code, told(world)) == (0, [("ada", ABOUT)])
    copies = {(one["copy_of"], one["state"], one["channel"]) for one in sent.json if "copy_of" in one}
    assert copies == {(ADA, "sent", "mail"), (BEA, "sent", "mail")}
    assert sorted(who for who, _ in subjects(sent)) == ["anna", "bea", "cia", "sekr"]
    again = world.run("send", "--format", "json")
    assert (again.json, again.mails, len(told(world))) == ([], (), 1)


def test_what_went_as_a_card_is_told_as_one_and_not_as_a_line_in_the_feed(chatting: World) -> None:
    said = chatting.run("send").out
    assert "2 kort er lagt i folks chat med botten i Teams." in said
    assert ("2 mails er sendt" in said, "aktivitetsfeedet" in said) == (True, False)


def test_whoever_has_taken_the_app_away_or_blocks_the_bot_gets_a_mail_instead(chatting: World) -> None:
    ada, bea = (chatting.tenant.directory.find_user(who) for who in (ADA, BEA))
    chatting.tenant.teams.installed.discard(ada.id)
    chatting.tenant.chats.blocked.add(bea.id)
    sent = chatting.run("send", "--format", "json")
    assert (sent.code, told(chatting)) == (0, [])
    assert sorted(who for who, _ in subjects(sent)) == ["ada", "anna", "bea", "cia"]
    assert chatting.run("send").mails == ()


@pytest.mark.parametrize(("when", "there"), [("before", ["bea"]), ("after", ["ada", "bea"])])
def test_an_answer_that_is_lost_is_told_and_neither_repeated_nor_mailed(chatting: World, when: str, there: list[str]) -> None:
    chatting.tenant.faults.add(method="POST", path=POSTS, drop=True, when=when)
    first = chatting.run("send", "--format", "json", **AT_ONCE)
    again = chatting.run("send", "--format", "json", **AT_ONCE)
    assert [who for who, _ in told(chatting)] == there
    assert sorted(who for ran in (first, again) for who, _ in subjects(ran)) == ["anna", "cia"]
    assert ("ada", "uncertain", "chat_unclear") in rows(first)


@SWEPT
def test_killed_at_any_request_nobody_is_told_twice_and_who_may_not_be_is_told_of(tmp_path: Path, each: int) -> None:
    """Once, or not at all and uncertain; a card that stands there is never mailed as well."""
    with new_world(tmp_path, leaders=0) as world:
        before = AsItWas(set_up(world))
        first = len(world.tenant.mail_log.mails)
        whole = world.run("send")
        assert len(told(world)) == 2
        assert any(entry.is_connector for entry in whole.requests)
        for killed in killed_at_each(before, whole.requests, each, "send"):
            assert_once(world, first, str(killed))


def assert_once(world: World, before: int, where: str) -> None:
    """After what HR does: the round is run again."""
    for _ in range(2):
        world.run("send", **AT_ONCE)
    mails = [mail.to for mail in world.tenant.mail_log.mails[before:] if mail.subject == ABOUT]
    got = Counter([who for who, _ in told(world)] + [to.partition("@")[0] for to in mails])
    assert set(got.values()) == {1}, f"{where}: {got}"
    missing = {"ada", "bea", "anna", "cia"} - set(got)
    listed = world.run("messages", "--format", "json").json
    uncertain = sum(one.get("uncertain", 0) for one in listed)
    assert len(missing) <= 1, f"{where}: {missing}"
    assert missing == set() or uncertain == 1, f"{where}: {missing} of whom nothing is told: {listed}"


def test_doctor_tells_whether_the_bot_can_sign_in_and_how_many_have_a_chat(chatting: World) -> None:
    ran = chatting.run("doctor", "--format", "json")
    found = {row["check"]: (row["state"], row["message"]) for row in ran.json["checks"]}
    assert (ran.code, found["bot"][0], found["chats"][0], "2 af 3" in found["chats"][1]) == (0, "ok", "ok", True)
    # Nobody serves the pages meanwhile, so the address is silent.
    assert found["bot_door"][0] == "unknown"
    assert (told(chatting), ran.mails, {one.path.split("/")[1] for one in ran.writes}) == ([], (), {"entra"})
    refused = chatting.run("doctor", "--format", "json", BOT__APP_SECRET="forkert")
    assert (refused.code, [row["state"] for row in refused.json["checks"] if row["check"] == "bot"]) == (4, ["failed"])
