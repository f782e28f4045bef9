"""The demonstration's hands on the sandbox tenant: its control plane over HTTP (`bot.sandbox.control`).

What persons and the clock do goes this way; kursusbot itself only ever talks to the simulated Graph.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from bot.sandbox.municipality import ROOMS

if TYPE_CHECKING:
    from bot.sandbox.behaviour import Habits, Script

JsonObject = dict[str, Any]
PATIENCE_SECONDS = 30.0


class ControlPlane:
    """One tenant, by the base address that `running_sandbox` gives (`http://127.0.0.1:PORT/v1.0`)."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port

    def move_clock(self, now: datetime) -> None:
        """Go forward to `now` (aware); what people had planned until then happens."""
        self._ask("POST", "clock", {"now": now.isoformat()})

    def fetch_answers(self, session: str) -> dict[str, str]:
        """The answers of people on the organiser's copy, by address."""
        event = next(event for event in self.fetch_events() if session in event["stamps"].values())
        return {address: answer for address, answer in event["attendees"].items() if address not in ROOMS}

    def fetch_state(self) -> JsonObject:
        """The numbers of the tenant.

        `requests` by method, `most_in_flight` by mailbox, `throttled` and more.
        """
        return self._object("GET", "state")

    def take_mails(self) -> list[JsonObject]:
        """Every mail that people got since the last time, and forget them."""
        mails = self._list("GET", "mails?people=true")
        self._ask("DELETE", "mails")
        return mails

    def take_teams(self) -> tuple[list[JsonObject], list[JsonObject]]:
        """Take the lines in activity feeds and the posts in channels since the last time."""
        lines, posts = self._list("GET", "feed"), self._list("GET", "posts")
        self._ask("DELETE", "feed")
        return lines, posts

    def fetch_events(self) -> list[JsonObject]:
        """The organisers' events in a calendar, with `stamps` and `attendees` (address to answer)."""
        return [event for event in self._list("GET", "events") if event["in_calendar"]]

    def edit_event(self, session: str, changes: Mapping[str, object]) -> None:
        """A person edits the event with this stamp in Outlook."""
        self._ask("POST", "edit", {"event": session, "changes": dict(changes)})

    def answer(self, session: str, person: str, response: str, comment: str) -> None:
        """A person answers the event with this stamp, with a word."""
        self._ask(
            "POST", "answer", {"event": session, "person": person, "response": response, "comment": comment}
        )

    def behave(self, scripts: Sequence[Script], habits: Habits) -> None:
        """From now on people answer by these scripts, and else by chance; what was planned still comes."""
        self._ask("DELETE", "behaviour")
        self._ask("POST", "behaviour", {"scripts": [*map(_as_json, scripts)], "habits": _as_json(habits)})

    def change_members(self, group: str, *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Put people or groups into a group and take others out."""
        self._ask("POST", f"groups/{quote(group)}/members", {"add": list(add), "remove": list(remove)})

    def add_person(self, name: str, mail: str, group: str) -> None:
        """Hire somebody into a group."""
        self._ask("POST", "users", {"display_name": name, "mail": mail, "groups": [group]})

    def close_account(self, address: str) -> None:
        """Close a leaver's account."""
        self._ask("PATCH", f"users/{quote(address)}", {"enabled": False})

    def set_faults(self, rules: Sequence[Mapping[str, object]]) -> None:
        """What goes wrong from now on, instead of what went wrong before."""
        self._ask("DELETE", "faults")
        if rules:
            self._ask("POST", "faults", [dict(rule) for rule in rules])

    def count_faults(self) -> int:
        """How many requests the present rules have spoilt."""
        return sum(int(rule["acted"]) for rule in self._list("GET", "faults"))

    def _object(self, method: str, path: str) -> JsonObject:
        answer = self._ask(method, path)
        assert isinstance(answer, dict)  # noqa: S101 - the control plane's table says so
        return answer

    def _list(self, method: str, path: str) -> list[JsonObject]:
        answer = self._ask(method, path)
        assert isinstance(answer, list)  # noqa: S101 - the control plane's table says so
        return answer

    def _ask(self, method: str, path: str, body: object = None) -> object:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, f"/_sandbox/{path}", None if body is None else json.dumps(body))
            response = connection.getresponse()
            answer = json.loads(response.read())
        finally:
            connection.close()
        if response.status != http.client.OK:
            # A mistake in the story, not of the person who runs it.
            raise RuntimeError(f"{method} {path}: {answer}")
        return answer


def _as_json(one: Habits | Script) -> JsonObject:
    """As the control plane reads it: durations in seconds."""
    return {
        f"{name}_seconds" if isinstance(value, timedelta) else name: (
            value.total_seconds() if isinstance(value, timedelta) else value
        )
        for name, value in asdict(one).items()
    }
