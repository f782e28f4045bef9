"""The form of an act of HR's hand, as it was typed and sent."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from fastapi import Request

LOOK, EDIT, DO = "look", "edit", "do"
"""The steps: see what would happen, change what was typed, and do it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActForm:
    """Every field of it, "" for what was not sent; `person` and `to` as people are named at the desk.

    `way`: what HR chose instead of what was refused. `digest`: of what the page showed.
    `undo`: it takes another act back.
    """

    action: str = ""
    offering: str = ""
    person: str = ""
    to: str = ""
    reason: str = ""
    queue: str = ""
    names_others: str = ""
    step: str = ""
    way: str = ""
    digest: str = ""
    undo: str = ""
    proof: str = ""

    def by_the_way(self) -> ActForm:
        """With what HR chose instead of what was refused; all else that was typed stays."""
        match self.way:
            case "line":
                return replace(self, way="", queue="yes")
            case "enrol" | "withdraw":
                return replace(self, way="", action=self.way)
            case "enrol_colleague":
                return replace(self, way="", action="enrol", person=self.to, to="")
            case _:
                return replace(self, way="")


async def act_form(request: Request) -> ActForm:
    """What was sent, each field once and as text."""
    sent = await request.form()
    words = {one.name: sent.get(one.name) for one in fields(ActForm)}
    return ActForm(**{name: word for name, word in words.items() if isinstance(word, str)})
