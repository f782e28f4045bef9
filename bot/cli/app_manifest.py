"""The manifest of our Teams app, and its texts in the other languages.

The template is `config/teams/manifest.json`; its activity types are those of `bot.domain.templates`. The
manifest is in the plan's language, and `localizationInfo` names a file for each other one, which Teams shows
to whoever has Teams in it. Facts: Microsoft's schema 1.17 of the manifest and of its localization file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any

from bot.domain.people import Language
from bot.domain.templates import ACTIVITIES
from bot.i18n.catalogue import text
from bot.messages.characters import cut_at_word, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

JsonObject = dict[str, Any]

LONGEST = {"short": 30, "name": 100, "about": 80, "description": 4000, "organisation": 32}
LONGEST_ACTIVITY = 128
LONGEST_COMMAND = 32
TAB = "/teams/tab"
"""Where our pages have the tab (`bot.web.sign_in.tab`)."""
COMMANDS = ("mine", "coming", "unanswered", "help")
"""What Teams offers to write to the bot; each is understood (`bot.cards.words`)."""
WORDS = frozenset({"short", "full", "description", "templateText", "title", "name"})
"""The keys whose texts are said in other languages."""
SAID = ("name", "description", "activities", "bots", "composeExtensions", "staticTabs")
"""Where in the manifest those are; a parameter's `name` is no text, but what is sent."""
TRANSLATION = (
    "https://developer.microsoft.com/json-schemas/teams/v1.17/MicrosoftTeams.Localization.schema.json"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BotInApp:
    """The bot that comes with the app: its registration's id, and the host of our pages."""

    app_id: str
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TabInApp:
    """The tab that comes with the app: which registration people sign in to, and the host of our pages."""

    client_id: str
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppFacts:
    """What the app is made of. `client_id` is the app registration's, `website` an https address.

    `language` is the plan's. `bot` and `tab` are those in the app, None without. The right to write in
    activity feeds comes with the app for the registration that the app names, and with a tab that is the one
    that people sign in to.
    """

    app_id: str
    client_id: str
    organisation: str
    website: str
    language: Language
    bot: BotInApp | None = None
    tab: TabInApp | None = None

    @property
    def brings_right(self) -> bool:
        """Whether the right to write in activity feeds comes with it for who writes there."""
        return self.tab is None or self.tab.client_id.lower() == self.client_id.lower()


def teams_manifest(app: AppFacts, *, version: str) -> JsonObject:
    """The manifest as JSON data."""
    others = [
        {"languageTag": one.value, "file": translation_file(one)}
        for one in Language
        if one is not app.language
    ]
    named = {"defaultLanguageTag": app.language.value, "additionalLanguages": others}
    return _in(app, app.language) | {"version": version, "localizationInfo": named}


def translations(app: AppFacts) -> dict[str, JsonObject]:
    """The texts in the other languages, by the name of the file in the package."""
    found: dict[str, JsonObject] = {}
    for language in Language:
        if language is not app.language:
            manifest = _in(app, language)
            found[translation_file(language)] = {"$schema": TRANSLATION} | dict(
                text for part in SAID if part in manifest for text in _texts(part, manifest[part])
            )
    return found


def translation_file(language: Language) -> str:
    """What the file of a language is called."""
    return f"{language.value}.json"


def _texts(path: str, part: Any) -> Iterator[tuple[str, str]]:
    """Every text below a part of the manifest, by its path as a localization file names it."""
    match part:
        case dict():
            for name, value in part.items():
                if name in WORDS and isinstance(value, str) and not (name == "name" and "parameters" in path):
                    yield f"{path}.{name}", value
                else:
                    yield from _texts(f"{path}.{name}", value)
        case list():
            for number, value in enumerate(part):
                yield from _texts(f"{path}[{number}]", value)


def _in(app: AppFacts, language: Language) -> JsonObject:
    """The manifest in a language, without what says so."""
    named = one_line(app.organisation)
    said = {"about": "about_bot", "description": "description_bot"} if app.bot is not None else {}
    words = {
        name: text(language, f"teams.app.{said.get(name, name)}", organisation=named)
        for name in ("short", "name", "about", "description")
    }
    words = {
        name: cut_at_word(value, LONGEST[name]) for name, value in (words | {"organisation": named}).items()
    }
    kinds = {
        kind: cut_at_word(text(language, f"messages.activity.{kind}"), LONGEST_ACTIVITY)
        for kind in ACTIVITIES
    }
    template = json.loads(files("config").joinpath("teams", "manifest.json").read_text(encoding="utf-8"))
    ids = {"app_id": app.app_id, "client_id": app.client_id, "website": app.website}
    filled: JsonObject = _fill(template, {**words, **kinds, **ids})
    if app.bot is not None:
        filled |= _parts_of(app.bot, language)
    if app.tab is not None:
        filled |= _parts_of_tab(app.tab, filled, language)
    if not app.brings_right:
        del filled["authorization"]
    return filled


def _parts_of_tab(tab: TabInApp, manifest: JsonObject, language: Language) -> JsonObject:
    """What the manifest has more, or otherwise, where there is a tab: it, and signing in by Teams."""
    home = f"https://{tab.host}"
    shown = {
        "entityId": "desk",
        "name": cut_at_word(text(language, "teams.app.tab"), LONGEST_ACTIVITY),
        "contentUrl": f"{home}{TAB}",
        "websiteUrl": f"{home}/",
        "scopes": ["personal"],
    }
    return {
        "staticTabs": [shown, *manifest["staticTabs"]],
        "webApplicationInfo": {"id": tab.client_id, "resource": f"api://{tab.host}/{tab.client_id}"},
        "permissions": manifest.get("permissions", ["identity"]),
        "validDomains": [tab.host],
    }


def _parts_of(bot: BotInApp, language: Language) -> dict[str, Any]:
    """What the manifest has more where there is a bot: the bot itself, and sharing a course in any chat."""

    def said(name: str, longest: int) -> str:
        return cut_at_word(text(language, f"teams.bot.{name}"), longest)

    commands = [
        {"title": said(name, LONGEST_COMMAND), "description": said(f"{name}_about", LONGEST_ACTIVITY)}
        for name in COMMANDS
    ]
    words = {
        "name": "words",
        "title": said("words", LONGEST_COMMAND),
        "description": said("words_about", LONGEST_ACTIVITY),
    }
    share = {
        "id": "share",
        "type": "query",
        "title": said("share", LONGEST_COMMAND),
        "description": said("share_about", LONGEST_ACTIVITY),
        "context": ["compose"],
        "initialRun": True,
        "parameters": [words],
    }
    return {
        "bots": [
            {
                "botId": bot.app_id,
                "scopes": ["personal", "team"],
                "supportsFiles": False,
                "isNotificationOnly": False,
                "commandLists": [{"scopes": ["personal"], "commands": commands}],
            }
        ],
        "composeExtensions": [{"botId": bot.app_id, "commands": [share]}],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [bot.host],
    }


def _fill(part: Any, words: dict[str, str]) -> Any:
    match part:
        case str():
            return Template(part).substitute(words)
        case list():
            return [_fill(one, words) for one in part]
        case dict():
            return {name: _fill(value, words) for name, value in part.items()}
        case _:
            return part
