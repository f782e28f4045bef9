"""`doctor`: is everything in place, and if not, what to do about it.

What is looked at is `bot.desks.doctor`'s.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import textwrap
from typing import TYPE_CHECKING

import click

from bot.desks.doctor.examination import examine, unreadable_settings
from bot.desks.doctor.findings import DoctorFinding, State
from bot.domain.errors import GraphError, InputError
from bot.i18n.catalogue import plural, text

if TYPE_CHECKING:
    from bot.cli.main import Options
    from bot.domain.people import Language

WIDEST = 120


@click.command(epilog="Example: kursusbot --plan plan.yaml doctor --format json")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def doctor(options: Options, form: str) -> int:
    """Check settings, database, plan, sign-in, each permission and the mailbox. Changes nothing."""
    findings = _findings(options)
    language = options.language or options.speak()
    click.echo(as_json(findings, language) if form == "json" else as_table(findings, language))
    codes = {finding.exit_code for finding in findings if finding.state is State.FAILED}
    return next((code for code in (InputError.exit_code, GraphError.exit_code) if code in codes), 0)


def _findings(options: Options) -> list[DoctorFinding]:
    try:
        settings = options.settings()
    except InputError as error:
        return unreadable_settings(error)
    named = [name for name, value in (("--plan", options.plan), ("--now", options.now)) if value is not None]
    return asyncio.run(examine(settings, speak=options.speak, named=named))


def as_table(findings: list[DoctorFinding], language: Language) -> str:
    """State, check and message in columns, the messages wrapped, and a line that sums up."""
    rows = [
        (text(language, f"doctor.state.{one.state}"), _title(one, language), _told(one, language), one.docs)
        for one in findings
    ]
    states, titles = (max(len(row[column]) for row in rows) for column in (0, 1))
    width = max(min(shutil.get_terminal_size((WIDEST, 0)).columns, WIDEST) - states - titles - 4, 40)
    lines = []
    for state, title, message, docs in rows:
        first, *rest = textwrap.wrap(message, width, break_long_words=False, break_on_hyphens=False)
        lines.append(f"{state:<{states}}  {title:<{titles}}  {first}")
        read_on = [text(language, "doctor.read_on", docs=docs)] if docs else []
        lines += [" " * (states + titles + 4) + line for line in (*rest, *read_on)]
    return "\n".join([*lines, "", _summed_up(findings, language)])


def _summed_up(findings: list[DoctorFinding], language: Language) -> str:
    failed = sum(one.state is State.FAILED for one in findings)
    if failed:
        return plural(language, "doctor.failed", failed)
    skipped = [_title(one, language) for one in findings if one.state is State.SKIPPED]
    return (
        text(language, "doctor.well_so_far", checks=", ".join(skipped))
        if skipped
        else text(language, "doctor.well")
    )


def as_json(findings: list[DoctorFinding], language: Language) -> str:
    """`{"ok", "checks": [{"check", "subject", "state", "message", "docs"}]}`.

    `state` is ok, failed, unknown or skipped.
    """
    rows = [
        {
            "check": one.check,
            "subject": one.subject,
            "state": one.state.value,
            "message": _told(one, language),
            "docs": one.docs,
        }
        for one in findings
    ]
    return json.dumps(
        {"ok": all(one.state is not State.FAILED for one in findings), "checks": rows},
        ensure_ascii=False,
        indent=2,
    )


def _told(finding: DoctorFinding, language: Language) -> str:
    return " ".join(
        text(language, code, **params)
        for code, params in ((finding.message, finding.params), *finding.further)
    )


def _title(finding: DoctorFinding, language: Language) -> str:
    title = text(language, finding.name)
    return f"{title} {finding.subject}" if finding.subject else title
