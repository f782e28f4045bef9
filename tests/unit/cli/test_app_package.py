"""The Teams app's manifest against Microsoft's own schema (1.17, of npm's @microsoft/app-manifest 1.1.2, MIT)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from bot.cards.words import read_line
from bot.cli.app_manifest import AppFacts, BotInApp, TabInApp, teams_manifest, translations
from bot.cli.app_package import package_digest
from bot.domain.conversations import ChatWish
from bot.domain.people import Language

BUILDERS = Path(__file__).parents[2] / "builders"
SCHEMA, OF_TEXTS = (json.loads((BUILDERS / f"teams-{name}-1.17.json").read_text(encoding="utf-8")) for name in ("manifest", "localization"))
APP, CLIENT, BOT = (f"99999999-2222-4333-8444-55555555555{number}" for number in range(3))
WITH_BOT = BotInApp(app_id=BOT, host="kurser.kommune.example")
WITH_TAB = TabInApp(client_id=CLIENT, host="kurser.kommune.example")
LONG = "Kommunen med det meget lange navn ved fjorden og åen og søen"


def facts(bot=None, language=Language.DA, organisation="Demokommunen", tab=None):
    return AppFacts(
        app_id=APP, client_id=CLIENT, organisation=organisation, website="https://www.kommune.example", language=language, bot=bot, tab=tab
    )


def manifest(bot=None, language=Language.DA, organisation="Demokommunen", tab=None):
    return teams_manifest(facts(bot, language, organisation, tab), version="1.20270105.0")


@pytest.mark.parametrize("organisation", ["Demokommunen", LONG, '"{}<b>$x'])
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("bot", [None, WITH_BOT], ids=["without", "with"])
@pytest.mark.parametrize("tab", [None, WITH_TAB], ids=["no tab", "tab"])
def test_it_is_one_by_microsofts_schema(bot, language, organisation, tab):
    assert [error.message for error in Draft4Validator(SCHEMA).iter_errors(manifest(bot, language, organisation, tab))] == []
    for texts in translations(facts(bot, language, organisation, tab)).values():
        assert [error.message for error in Draft4Validator(OF_TEXTS).iter_errors(texts)] == []


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


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("bot", [None, WITH_BOT], ids=["without", "with"])
def test_every_text_is_said_in_the_other_language_by_its_place_in_the_manifest(bot, language):
    made = manifest(bot, language)
    (other,) = made["localizationInfo"]["additionalLanguages"]
    assert made["localizationInfo"]["defaultLanguageTag"] == language.value
    assert {language.value, other["languageTag"]} == {"da", "en"}
    (said,) = [file for name, file in translations(facts(bot, language)).items() if name == other["file"]]
    theirs = manifest(bot, Language(other["languageTag"]))
    for path, value in said.items():
        if path != "$schema":
            assert at(theirs, path) == value
            assert isinstance(at(made, path), str), path
    assert {"name.short", "name.full", "description.short", "description.full"} <= said.keys()
    assert "activities.activityTypes[0].description" in said
    assert ("bots[0].commandLists[0].commands[3].title" in said) is (bot is not None)
    assert ("composeExtensions[0].commands[0].parameters[0].title" in said) is (bot is not None)
    assert not any(path.endswith("].name") for path in said)


def at(part, path):
    for step in path.replace("[", ".").replace("]", "").split("."):
        part = part[int(step)] if isinstance(part, list) else part[step]
    return part


def test_what_is_in_a_package_is_told_apart_whatever_its_version():
    assert package_digest(facts()) == package_digest(facts())
    others = [facts(WITH_BOT), facts(language=Language.EN), facts(organisation="En anden")]
    assert len({package_digest(one) for one in (facts(), *others)}) == 4


@pytest.mark.parametrize("bot", [None, WITH_BOT], ids=["without", "with"])
def test_a_tab_is_ours_and_signs_in_by_our_host(bot):
    made = manifest(bot, tab=WITH_TAB)
    desk, about = made["staticTabs"]
    assert (desk["contentUrl"], desk["websiteUrl"]) == ("https://kurser.kommune.example/teams/tab", "https://kurser.kommune.example/")
    assert about == {"entityId": "about", "scopes": ["personal"]}
    assert made["webApplicationInfo"] == {"id": CLIENT, "resource": f"api://kurser.kommune.example/{CLIENT}"}
    assert (made["validDomains"], "identity" in made["permissions"], "authorization" in made) == (["kurser.kommune.example"], True, True)
    assert translations(facts(bot, tab=WITH_TAB))["en.json"]["staticTabs[0].name"] == "Courses"


def test_the_right_to_the_feed_is_not_asked_for_in_another_registrations_name():
    made = manifest(tab=TabInApp(client_id=BOT, host="kurser.kommune.example"))
    assert (made["webApplicationInfo"]["id"], "authorization" in made) == (BOT, False)
    assert facts().brings_right
