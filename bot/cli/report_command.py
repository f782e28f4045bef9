"""`report`: what HR reads about the courses now, and sending what is due of it."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from bot.cli.actions import note_action
from bot.cli.files import replace_file
from bot.cli.main import Options
from bot.cli.opening import opened
from bot.cli.who import by_option
from bot.domain.errors import InputError
from bot.domain.messages import DeliveryState
from bot.i18n.catalogue import error_text, plural, text

if TYPE_CHECKING:
    from bot.domain.plan import CoursePlan
    from bot.domain.reports import Report
    from bot.rounds.hr_report import Reported


@click.command(epilog="Example: kursusbot --plan plan.yaml report --format html --out report.html")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True
)
@click.option("--out", metavar="FILE", help="Write to FILE instead of showing it.")
@click.option("--send", "is_sent", is_flag=True, help="Send the reports that are due now, each once.")
@by_option
@click.pass_obj
def report(options: Options, form: str, out: str | None, is_sent: bool, by: str | None) -> int:
    """Show what HR's report would say now, for each reader; with --send, send what is due."""
    if is_sent and (out is not None or form != "text"):
        raise InputError("report_sent_not_shown")
    return asyncio.run(_send(options, by) if is_sent else _show(options, form, out, by))


def tell_reported(reported: Reported, options: Options) -> None:
    """How many reports went out, where any did, and what stopped them or keeps them waiting."""
    language = options.speak()
    sent = sum(one.state is DeliveryState.SENT for one in reported.carried.messages)
    if sent:
        click.echo(plural(language, "report.sent", sent))
    if reported.carried.waiting:
        click.echo(plural(language, "report.waits", reported.carried.waiting), err=True)
    if reported.carried.stopped is not None:
        click.echo(error_text(language, reported.carried.stopped), err=True)


async def _show(options: Options, form: str, out: str | None, by: str | None) -> int:
    from bot.messages.report import browser_page, report_text
    from bot.opening.desk_home import desk_home
    from bot.rounds.hr_report import current_reports

    async with opened(options, to_read=True) as work:
        settings, plan, stores = work.settings, work.written, work.stores
        reports = await current_reports(work)
        note_action(options, settings, stores.actions, "report", by=by, plan=plan.id, detail=form)
    language, desk = options.speak(plan.language), desk_home(settings)
    match form:
        case "json":
            shown = _as_json(reports, plan)
        case "html":
            shown = browser_page(reports, plan, language, desk=desk)
        case _:
            shown = "\n".join(report_text(one, plan, language, desk=desk) for one in reports)
    if out is None:
        click.echo(shown, nl=False)
    else:
        replace_file(out, shown.encode())
        click.echo(text(language, "cli.exported", file=out))
    return 0


async def _send(options: Options, by: str | None) -> int:
    from bot.cli.waiting import to_the_end
    from bot.rounds.hr_report import report_round, timing_of

    async with opened(options) as work:
        settings, plan, stores = work.settings, work.written, work.stores
        reported = await to_the_end(work, options, partial(report_round, work))
        sent = {one.email for one in reported.carried.messages if one.state is DeliveryState.SENT}
        if sent:
            note_action(
                options, settings, stores.actions, "report", by=by, plan=plan.id, about=sent, detail="--send"
            )
        tell_reported(reported, options)
        if reported.is_idle:
            click.echo(
                text(
                    options.speak(plan.language), "report.not_due" if timing_of(settings) else "report.never"
                )
            )
    return reported.outcome.exit_code


def _as_json(reports: tuple[Report, ...], plan: CoursePlan) -> str:
    """One object for each reader: the report's own names, times as wall times of the plan's zone."""
    rows: list[dict[str, Any]] = [
        {"plan": plan.id, "is_worth_sending": one.is_worth_sending, **dataclasses.asdict(one)}
        for one in reports
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2, default=lambda moment: moment.isoformat()) + "\n"
