"""The Teams app's manifest against Microsoft's own schema (1.17, of npm's @microsoft/app-manifest 1.1.2, MIT)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from bot.cards.words import read_line
from bot.cli.app_package import BotInApp, teams_manifest
from bot.domain.conversations import ChatWish
from bot.domain.people import Language

SCHEMA = json.loads((Path(__file__).parents[2] / "builders" / "teams-manifest-1.17.json").read_text(encoding="utf-8"))
APP, CLIENT, BOT = (f"99999999-2222-4333-8444-55555555555{number}" for number in range(3))
WITH_BOT = BotInApp(app_id=BOT, host="kurser.kommune.example")
LONG = "Kommunen med det meget lange navn ved fjorden og åen og søen"


def manifest(bot=None, language=Language.DA, organisation="Demokommunen"):
    return teams_manifest(
        app_id=APP, client_id=CLIENT, organisation=organisation, website="https://www.kommune.example", language=language, bot=bot
    )


@pytest.mark.parametrize("organisation", ["Demokommunen", LONG, '"{}<b>$x'])
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("bot", [None, WITH_BOT], ids=["without", "with"])
def test_it_is_one_by_microsofts_schema(bot, language, organisation):
    assert [error.message for error in Draft4Validator(SCHEMA).iter_errors(manifest(bot, language, organisation))] == []


def test_without_a_bot_there_is_nothing_of_one():
    assert manifest().keys().isdisjoint({"bots", "composeExtensions", "validDomains", "permissions"})


@pytest.mark.parametrize("language", list(Language))
def test_what_teams_offers_to_write_is_understood(language):
    (bot,) = manifest(WITH_BOT, language)["bots"]
    (listed,) = bot["commandLists"]
    wishes = [read_line(one["title"])[0] for one in listed["commands"]]
    assert wishes == [ChatWish.MINE, ChatWish.COMING, ChatWish.UNANSWERED, ChatWish.HELP]


def test_the_bot_may_speak_where_it_is_and_read_nothing_else():
    made = manifest(WITH_BOT)
    assert made["authorization"]["permissions"]["resourceSpecific"] == [{"name": "TeamsActivity.Send.User", "type": "Application"}]
    assert made["validDomains"] == ["kurser.kommune.example"]
    assert made["composeExtensions"][0]["botId"] == BOT


def test_an_app_that_is_there_already_takes_the_one_with_the_bot_as_a_new_version():
    without, made = (tuple(map(int, manifest(bot)["version"].split("."))) for bot in (None, WITH_BOT))
    assert made > without
