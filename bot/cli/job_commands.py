"""`jobs`: what the service does by itself, what came of it last and when it comes next.

Also one job done here and now.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from bot.cli.who import by_option
from bot.domain.errors import PARTLY_DONE
from bot.i18n.catalogue import error_text, text
from bot.i18n.dates import short_moment_text

if TYPE_CHECKING:
    from datetime import datetime

    from bot.cli.main import Options
    from bot.domain.job_runs import JobRun
    from bot.domain.people import Language
    from jobs.plans import PlanJob


@click.group(invoke_without_command=True, epilog="Example: kursusbot jobs run sync_plan")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def jobs(ctx: click.Context, form: str) -> int:
    """List the jobs of every plan: how often, the last run and its result, the next tick.

    `jobs run NAME` runs one now.
    """
    if ctx.invoked_subcommand is not None:
        return 0
    # Not `ensure_object`: under `python -m` the class that made it is another one of the same name.
    options: Options = ctx.obj
    listed = asyncio.run(_listed(options))
    if form == "json":
        click.echo(json.dumps([_as_json(*one) for one in listed], ensure_ascii=False, indent=2))
    else:
        for line in _table(listed, options.speak()):
            click.echo(line)
    return 0


@jobs.command(epilog="Example: kursusbot --plan plan.yaml jobs run collect_responses")
@click.argument("name")
@by_option
@click.pass_obj
def run(options: Options, name: str, by: str | None) -> int:
    """Run the job NAME now, for the plan or for all plans of the settings, and say what came of it."""
    from bot.cli.actions import note_action
    from jobs.registry import job_named
    from jobs.service import open_service

    job = job_named(name)

    async def work() -> int:
        codes = set()
        settings = options.settings(many=True)
        async with open_service(settings) as service:
            note_action(options, settings, service.stores.actions, "jobs run", by=by, detail=name)
            for label, shelf in service.plans.shelves.items():
                language = options.speak(shelf.plan.language if shelf.plan is not None else None)
                done, result = await service.runner.run(label, job)
                click.echo(
                    " ".join(
                        [
                            f"{label}: {text(language, f'service.outcome.{done.outcome.value}')}",
                            *_in_brackets(done.detail),
                        ]
                    )
                )
                if result.error is not None:
                    click.echo(error_text(language, result.error), err=True)
                codes.add(done.exit_code)
        return codes.pop() if len(codes) == 1 else PARTLY_DONE if codes else 0

    return asyncio.run(work())


async def _listed(options: Options) -> list[tuple[PlanJob, JobRun | None, datetime | None]]:
    from bot.clock import SystemClock
    from bot.opening.stores import open_stores_to_read
    from jobs.graph_clients import GraphClients
    from jobs.plans import Plans
    from jobs.ticks import Ticks

    settings, now = options.settings(many=True), SystemClock().now()
    with open_stores_to_read(settings) as stores:
        async with GraphClients() as clients:
            plans = Plans(settings, clients, stores.plan_files, stores.desk_plans)
            await plans.look()
            latest = stores.job_runs.load_latest(1)
            return [
                (
                    entry,
                    next(iter(latest.get((entry.plan, entry.job.name), ())), None),
                    Ticks(entry.cadence, timezone=entry.timezone, key=entry.key).after(now)
                    if entry.cadence is not None
                    else None,
                )
                for entry in plans.entries()
            ]


def _as_json(entry: PlanJob, last: JobRun | None, following: datetime | None) -> dict[str, Any]:
    told = None if last is None else {
        "run_id": last.run_id,
        "started_at": _instant(last.started_at),
        "finished_at": _instant(last.finished_at),
        "outcome": last.outcome.value,
        "exit_code": last.exit_code,
        "error": last.error,
        "detail": last.detail,
    }  # fmt: skip
    return {
        "plan": entry.plan,
        "job": entry.job.name,
        "cadence": entry.cadence_text,
        "last": told,
        "next_at": _instant(following),
    }


def _instant(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment is not None else None


def _table(listed: list[tuple[PlanJob, JobRun | None, datetime | None]], language: Language) -> list[str]:
    heads = tuple(
        text(language, f"service.{name}") for name in ("plan", "job", "cadence", "last", "result", "next")
    )
    rows = [heads]
    for entry, last, following in listed:
        zone = ZoneInfo(entry.timezone)
        result = (
            ""
            if last is None
            else " ".join(
                [text(language, f"service.outcome.{last.outcome.value}"), *_in_brackets(last.error)]
            )
        )
        moments = (last.started_at if last is not None else None, following)
        shown = [
            short_moment_text(language, one.astimezone(zone)) if one is not None else "–" for one in moments
        ]
        rows.append((entry.plan, entry.job.name, entry.cadence_text, shown[0], result, shown[1]))
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _in_brackets(said: str) -> list[str]:
    return [f"({said})"] if said else []
