"""The form of an act of HR's hand, as it was typed and sent."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from fastapi import Request

LOOK, EDIT, DO, FIND = "look", "edit", "do", "find"
"""The steps: see what would happen, change what was typed, do it, and look for somebody."""

FROM_OUTSIDE = "external:"
"""What stands before the address of somebody whom the directory does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActForm:
    """Every field of it, "" for what was not sent; `person` and `to` as people are named at the desk.

    `way`: what HR chose instead of what was refused. `digest`: of what the page showed.
    `words`: whom HR looks for; `chosen`: of those who were found, by address, that is kept as `address` then,
    because the books need not know them. `external`: HR says that they come from outside.
    `undo`: it takes another act back.
    """

    action: str = ""
    offering: str = ""
    person: str = ""
    to: str = ""
    reason: str = ""
    queue: str = ""
    above: str = ""
    names_others: str = ""
    step: str = ""
    way: str = ""
    words: str = ""
    chosen: str = ""
    address: str = ""
    external: str = ""
    digest: str = ""
    undo: str = ""

    def with_choice(self) -> ActForm:
        """With whom HR chose of those who were found: whom to enrol, else who takes a seat over."""
        if not self.chosen:
            return self
        address = self.chosen.removeprefix(FROM_OUTSIDE)
        is_outside = self.chosen.startswith(FROM_OUTSIDE)
        person = "" if self.action == "enrol" else self.person
        return replace(
            self, chosen="", words="", address=address, person=person, external="yes" if is_outside else ""
        )

    def by_the_way(self) -> ActForm:
        """With what HR chose instead of what was refused; all else that was typed stays."""
        match self.way:
            case "line":
                return replace(self, way="", queue="yes", above="")
            case "above":
                return replace(self, way="", above="yes", queue="", step=LOOK)
            case "enrol" | "withdraw":
                return replace(self, way="", action=self.way)
            case "enrol_colleague":
                return replace(self, way="", action="enrol", person=self.to, to="")
            case "other":
                person = "" if self.action == "enrol" else self.person
                return replace(self, way="", step=EDIT, person=person, to="", address="", external="")
            case _:
                return replace(self, way="")


async def act_form(request: Request) -> ActForm:
    """What was sent, each field once and as text."""
    sent = await request.form()
    words = {one.name: sent.get(one.name) for one in fields(ActForm)}
    return ActForm(**{name: word for name, word in words.items() if isinstance(word, str)})
