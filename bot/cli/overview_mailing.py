"""`overview --send`: who gets the overview, and what became of it."""

from __future__ import annotations

import json
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from bot.cli.actions import note_action
from bot.cli.opening import opened
from bot.cli.waiting import to_the_end
from bot.delivery.accounts import STATE_OF
from bot.desks.views.director import overview_by_the_books
from bot.domain.messages import DeliveryState
from bot.i18n.catalogue import error_text, text
from bot.i18n.dates import short_moment_text
from bot.i18n.spoken import reason_text
from bot.messages.characters import one_line
from bot.opening.clock import clock_of
from bot.overview.mail import edition_of
from bot.rounds.overview_mail import foreseen_mailing, mail_overview, read_addresses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.cli.main import Options
    from bot.domain.messages import Message
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.rounds.overview_mail import Mailed


async def mail(
    options: Options,
    given: Sequence[str],
    years: tuple[int, ...],
    form: str,
    *,
    by: str | None,
    dry_run: bool,
) -> int:
    """Mail the overview of these years, or tell who would get it.

    Raises InputError, RunLocked, GraphError.
    """
    addresses = read_addresses(given)
    async with opened(options, to_read=dry_run) as work:
        settings, whole, standing, stores = work.settings, work.whole, work.plan, work.stores
        language = options.speak(whole.language)
        for address, count in Counter(addresses).items():
            if count > 1:
                click.echo(text(language, "cli.overview_named_twice", address=address), err=True)
        edition = edition_of(
            overview_by_the_books(settings, whole, standing, stores, years), standing, language
        )
        now = clock_of(settings).now()
        if dry_run:
            mailed = foreseen_mailing(standing, stores, edition, addresses, now=now)
        else:
            about = [*addresses]
            note_action(
                options,
                settings,
                stores.actions,
                "overview --send",
                by=by,
                plan=standing.id,
                about=about,
                detail=edition.digest,
            )
            again = partial(mail_overview, work, edition, addresses)
            mailed = await to_the_end(work, options, again)
    shown = (
        _as_json(mailed, edition.digest)
        if form == "json"
        else _as_text(mailed, standing, language, foreseen=dry_run)
    )
    click.echo(shown)
    if mailed.carried.stopped is not None:
        click.echo(error_text(language, mailed.carried.stopped), err=True)
    return 0 if dry_run else mailed.outcome.exit_code


def _as_json(mailed: Mailed, edition: str) -> str:
    """One object for each address; `before`: it had this edition already."""
    rows = [
        {
            "email": one.email,
            "edition": edition,
            "state": STATE_OF[one.state],
            "before": one.key in mailed.before,
            "sent_at": one.sent_at.strftime("%Y-%m-%dT%H:%M:%SZ") if one.sent_at else None,
            "reason": one.error or None,
        }
        for one in mailed.messages
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _as_text(mailed: Mailed, plan: CoursePlan, language: Language, *, foreseen: bool) -> str:
    lines = [text(language, "seats.dry_run")] if foreseen else []
    return "\n".join(
        [*lines, *(_line(one, mailed, plan, language, foreseen=foreseen) for one in mailed.messages)]
    )


def _line(message: Message, mailed: Mailed, plan: CoursePlan, language: Language, *, foreseen: bool) -> str:
    address = one_line(message.email)
    if message.key in mailed.before and message.sent_at is not None:
        when = short_moment_text(language, message.sent_at.astimezone(ZoneInfo(plan.timezone)))
        return text(language, "cli.overview_had", address=address, when=when)
    if foreseen and message.state is DeliveryState.DUE:
        return text(language, "cli.overview_would_get", address=address)
    if message.state is DeliveryState.SENT:
        return text(language, "cli.overview_got", address=address)
    state = text(language, f"messages.state.{STATE_OF[message.state]}")
    reason = f" ({reason_text(message.error, language)})" if message.error else ""
    return text(language, "cli.overview_not_got", address=address, state=f"{state}{reason}")
