"""`expire`: what personal data would be let go of now, and the word of a person for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from bot.cli.who import by_option
from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from bot.cli.main import Options


@click.command(epilog="Example: kursusbot --plan plan.yaml expire --yes")
@click.option(
    "--yes", is_flag=True, help="Let go of it, also where it waits for a person. It cannot be undone."
)
@by_option
@click.pass_obj
def expire(options: Options, yes: bool, by: str | None) -> int:
    """Show which personal data is over by KURSUSBOT_RETENTION__… and whether that waits for a person.

    With --yes let go of it.
    """
    from bot.cli.actions import note_action
    from bot.cli.opening import opened_books
    from bot.rounds.expiry import erase_expired, foresee

    with opened_books(options) as work:
        settings, plan, stores = work.settings, work.plan, work.stores
        language = options.speak(plan.language)
        expired = foresee(work)
        if yes:
            note_action(
                options,
                settings,
                stores.actions,
                "expire",
                by=by,
                plan=plan.id,
                detail=f"{expired.places} places",
            )
            expired = asyncio.run(erase_expired(work, approved=True))
    kinds = ("places", "messages", "bounces", "notes", "people", "revisions")
    numbers = {name: getattr(expired, name) for name in kinds}
    if not expired.found:
        click.echo(text(language, "cli.nothing_expired"))
    else:
        click.echo(text(language, "cli.expired" if yes else "cli.would_expire", **numbers))
    return 0
