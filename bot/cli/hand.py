"""Carrying HR's wishes out at the command line, or showing what they would lead to.

What `seat_commands` and `import` have in common.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import click

from bot.cli.actions import note_action
from bot.cli.seat_telling import Fault, done_json, refusal_text, show_text, shown_json, tell_done
from bot.desks.hand.hr import carry_out, look_ahead, names_in_reasons
from bot.desks.hand.seat_words import newcomer_text
from bot.domain.seats import Settlement
from bot.i18n.catalogue import error_text, text
from bot.invitations.preview_reader import Reader
from bot.rounds.steps.look_at_outlook import plan_as_it_stands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.cli.main import Options
    from bot.desks.hand.hr import Look
    from bot.domain.people import Language
    from bot.domain.seats import SeatRequest
    from bot.opening.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """What it takes to carry wishes out, and how to tell of it: `form` is `text` or `json`.

    `names_others`: whoever wrote the reasons knows that they name others. `place_of` is where a wish's
    address stands in a list, by address, course and offering; "" where there is no list.
    """

    work: Work
    options: Options
    form: str
    command: str
    names_others: bool = False
    place_of: Callable[[str, str, str], str] = field(default=lambda _email, _course, _offering: "")

    async def look(self, requests: Sequence[SeatRequest], external: Iterable[str] = ()) -> Look:
        """What deciding these wishes would lead to.

        The directory is asked about newcomers, and nothing is written.
        """
        work = self.work
        return await look_ahead(
            work.settings, work.plan, work.stores, work.tenant.directory, requests, external=external
        )

    def faults(self, look: Look) -> list[Fault]:
        """Why nothing is done, in words: people who are not enrolled, and wishes that are refused.

        None where all can be done.
        """
        language = self._language
        asked = {one.email: one for one in look.requests}
        strangers = [
            Fault(
                place=self.place_of(one.email, asked[one.email].course, asked[one.email].offering),
                code=f"newcomer_{one.problem}",
                email=one.email,
                message=newcomer_text(one, language),
            )
            for one in look.met.refused
        ]
        refused = [
            Fault(
                place=self.place_of(one.request.email, one.request.course, one.request.offering),
                code=one.reason.value,
                email=one.request.email,
                message=refusal_text(one, self._reader(look)),
            )
            for one in look.shown.settlement.refusals
        ]
        return [*strangers, *refused]

    def tell_faults(self, look: Look, faults: Sequence[Fault]) -> None:
        """Each on stderr, with its place; as JSON they are in the document as well."""
        for one in faults:
            click.echo(f"{one.place}: {one.message}" if one.place else one.message, err=True)
        if self.form == "json":
            refused = replace(look.shown, settlement=Settlement(refusals=look.shown.settlement.refusals))
            click.echo(shown_json(refused, look.met.from_outside, faults))

    def show(self, look: Look, heading: str) -> None:
        """What would happen, for a terminal or a program; `heading` is its text in the catalogue."""
        if self.form == "json":
            click.echo(shown_json(look.shown, look.met.from_outside))
            return
        named = names_in_reasons(self.work.plan, self.work.stores, look)
        if named and not self.names_others:
            click.echo(text(self._language, "seats.names_others", names=", ".join(named)), err=True)
        self._tell_outsiders(look)
        click.echo(show_text(look.shown, self._reader(look), text(self._language, heading)), nl=False)

    async def finish(self, look: Look) -> int:
        """Decide all of the wishes or none, and let calendar and messages follow; returns the exit code.

        Raises SafetyRefused where a reason names somebody else and nobody said that it may. Somebody else may
        have decided since the look: then what is refused now is told, and nothing is changed.
        """
        agreed = self.names_others or self._names_are_agreed_to(look)
        carried = await carry_out(self.work, look, may_name_others=agreed, note=lambda: self._note(look))
        settlement, followed = carried.settlement, carried.followed
        if followed is None:
            late = replace(look, shown=replace(look.shown, settlement=settlement))
            self.tell_faults(late, self.faults(late))
            return 2
        if self.form == "json":
            click.echo(done_json(settlement, followed, look.met.from_outside))
        else:
            self._tell_outsiders(look)
            tell_done(settlement, followed, self._reader(look))
        for error in (followed.refused, *followed.carried.broken, followed.carried.stopped):
            if error is not None:
                click.echo(error_text(self._language, error), err=True)
        return followed.outcome.exit_code

    def _note(self, look: Look) -> None:
        note_action(
            self.options,
            self.work.settings,
            self.work.stores.actions,
            self.command,
            by=look.requests[0].by,
            plan=self.work.plan.id,
            course=_only(one.course for one in look.requests),
            about=(one.email for one in look.requests if one.email),
        )

    def _names_are_agreed_to(self, look: Look) -> bool:
        """Whether somebody at a terminal says that the reasons may name those whom they name."""
        named = names_in_reasons(self.work.plan, self.work.stores, look)
        if not named or not (sys.stdin.isatty() and sys.stderr.isatty()):
            return False
        click.echo(text(self._language, "seats.names_others", names=", ".join(named)), err=True)
        return click.confirm(text(self._language, "seats.keep_names"), err=True)

    @property
    def _language(self) -> Language:
        return self.options.speak(self.work.plan.language)

    def _reader(self, look: Look) -> Reader:
        return Reader(
            plan=plan_as_it_stands(self.work.plan, self.work.stores),
            people=look.shown.people,
            language=self._language,
            program=self.options.program,
        )

    def _tell_outsiders(self, look: Look) -> None:
        for address in look.met.from_outside:
            click.echo(text(self._language, "seats.stranger", address=address), err=True)


def _only(courses: Iterable[str]) -> str:
    several = {*courses}
    return several.pop() if len(several) == 1 else ""
