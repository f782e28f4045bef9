"""People's Teams, played by a sandbox that is served: what they write, press and see, by its control plane.

`PlayedTeams(base_url)` takes the sandbox's address as a `World` or `running_sandbox` gives it (with or without `/v1.0`).
"""

from __future__ import annotations

import functools
import ssl
from dataclasses import dataclass
from typing import Any

import httpx

JsonObject = dict[str, Any]


@functools.cache
def _trusted() -> ssl.SSLContext:
    """Made once: reading the machine's certificates takes longer than a press."""
    return ssl.create_default_context()


@dataclass(slots=True)
class PlayedTeams:
    """A person is an address or a directory id. What Teams does not let somebody do is an AssertionError here."""

    base_url: str
    timeout: float = 60.0
    rows: Any = None
    """What the books say of seats, where a test wants to know."""

    def ask(self, method: str, path: str, body: JsonObject | None = None) -> Any:
        address = f"{self.base_url.removesuffix('/v1.0')}/_sandbox/teams/{path}"
        given = {"params": body} if method == "GET" else {"json": body or {}}
        answer = httpx.request(method, address, timeout=self.timeout, trust_env=False, verify=_trusted(), **given)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def listen_at(self, endpoint: str, **registration: str) -> JsonObject:
        """Where the bot is, and other facts of its registration (`app_id`, `secret`, `tenant_id`, `name`)."""
        return self.ask("POST", "bot", {"endpoint": endpoint} | registration)

    def write(self, person: str, text: str, **more: Any) -> JsonObject:
        return self.ask("POST", "write", {"person": person, "text": text} | more)

    def press(self, person: str, button: str, *, typed: JsonObject | None = None, **more: Any) -> JsonObject:
        """Press a button by its title or verb; what is seen then (`card`, `message`, `error`)."""
        return self.ask("POST", "press", {"person": person, "button": button, "typed": typed or {}} | more)

    def look(self, person: str, **more: Any) -> list[JsonObject]:
        """The person's chat after its cards have refreshed themselves."""
        return self.ask("POST", "look", {"person": person} | more)["shown"]

    def again(self, person: str, **more: Any) -> JsonObject:
        return self.ask("POST", "again", {"person": person} | more)

    def search(self, person: str, command: str, words: str = "", **more: Any) -> JsonObject:
        return self.ask("POST", "search", {"person": person, "command": command, "words": words} | more)

    def share(self, person: str, attachment: JsonObject, **more: Any) -> JsonObject:
        return self.ask("POST", "share", {"person": person, "attachment": attachment} | more)

    def block(self, person: str, *, blocked: bool = True) -> None:
        self.ask("POST", "block", {"person": person, "blocked": blocked})

    def tab_token(self, person: str, *roles: str, spoil: str = "") -> str:
        """What their client gives our tab."""
        return self.ask("POST", "tab", {"person": person, "roles": roles, "spoil": spoil})["token"]

    def add(self, person: str, **more: Any) -> list[JsonObject]:
        return self.ask("POST", "add", {"person": person} | more)

    def remove(self, person: str, **more: Any) -> list[JsonObject]:
        return self.ask("POST", "remove", {"person": person} | more)

    def chat(self, person: str) -> list[JsonObject]:
        """What stands in the person's chat with the bot, as they see it, oldest first."""
        found = self.ask("GET", "chats", {"person": person})
        return [shown for one in found if one["person"] for shown in one["shown"]]

    def channel(self, team: str, name: str = "") -> list[JsonObject]:
        found = self.ask("GET", "chats")
        return [shown for one in found if (one["team"], one["channel"]) == (team, name) for shown in one["shown"]]

    def cards(self, person: str) -> list[JsonObject]:
        return [shown["card"] for shown in self.chat(person) if shown["card"] is not None]

    def calls(self, **query: str) -> list[JsonObject]:
        """What was brought to the bot, and how it answered."""
        return self.ask("GET", "calls", query)


def texts_of(card: Any) -> list[str]:
    """Every text that a card shows, in reading order; not what its buttons are called."""
    if isinstance(card, list):
        return [text for one in card for text in ([one] if isinstance(one, str) else texts_of(one))]
    if not isinstance(card, dict) or str(card.get("type")).startswith("Action."):
        return []
    named = ("text", "title", "label") if "type" in card else ("text", "title", "value")  # a fact has no type
    own = [card[key] for key in named if isinstance(card.get(key), str)]
    inner = [card[key] for key in ("body", "items", "columns", "rows", "cells", "facts", "inlines") if key in card]
    return own + texts_of(inner)
