"""`doctor`: is everything in place, and if not, what to do about it.

    check        goes wrong with            what needs it is then
    settings     exit 2                     skipped, all of it
    database     exit 2                     –
    plan         exit 2 (a link: maybe 4)   groups, mailbox, zone and Teams are skipped
    sign-in      exit 4                     every other question to Graph is skipped
    each other   exit 4                     –

Only reads: a database that is not there yet is not made, and nothing is sent. The questions to Graph are
`bot.graph.checks`; what cannot be told from here ("unknown") is no failure.
"""

from __future__ import annotations

import asyncio
import errno
import json
import os
import shutil
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.doctor.findings import DoctorFinding, State
from bot.errors import DatabaseFailed, GraphError, InputError, KursusbotError
from bot.i18n.catalogue import plural, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.cli.main import Options
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.graph.checks import CheckResult
    from config.settings import Settings

# A person waits for the answer: an unreachable Graph is told after seconds, not after the budget of a sync.
PATIENCE_SECONDS = 10.0
WIDEST = 120
ABOUT_THE_MAILBOX = ("group", "mailbox", "calendar", "zone", "teams", "inbox", "schedules", "rooms")
ABOUT_GRAPH = ("write", "mail", "users", *ABOUT_THE_MAILBOX)


@click.command(epilog="Example: kursusbot --plan plan.yaml doctor --format json")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def doctor(options: Options, form: str) -> int:
    """Check settings, database, plan, sign-in, each permission and the mailbox. Changes nothing."""
    findings = asyncio.run(_examine(options))
    language = options.language or options.speak()
    click.echo(as_json(findings, language) if form == "json" else as_table(findings, language))
    codes = {finding.exit_code for finding in findings if finding.state is State.FAILED}
    return next((code for code in (InputError.exit_code, GraphError.exit_code) if code in codes), 0)


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


async def _examine(options: Options) -> list[DoctorFinding]:
    try:
        settings = options.settings()
    except InputError as error:
        own = ("database", "plan", "approval")
        rest = (
            *(f"doctor.checks.{name}" for name in own),
            *(f"graph.checks.{name}" for name in ("token", *ABOUT_GRAPH)),
        )
        return [
            _failed("doctor.checks.settings", error),
            *(_skipped(name, "doctor.needs_settings") for name in rest),
        ]
    graph = settings.graph
    patience = {
        name: min(getattr(graph, name), PATIENCE_SECONDS)
        for name in ("timeout_seconds", "retry_budget_seconds")
    }
    settings = settings.model_copy(update={"graph": graph.model_copy(update=patience)})
    plan, plan_finding = await _check_plan(settings)
    options.speak(plan.language if plan else None)
    from bot.cli.doctor.approval import approval_findings
    from bot.cli.doctor.subscriptions import notification_findings
    from bot.cli.doctor.teams import teams_findings

    database = _check_database(settings)
    return [
        _settings_finding(options, settings),
        database,
        plan_finding,
        *approval_findings(
            settings,
            plan,
            options.language or options.speak(),
            has_books=database.message == "doctor.database_ok",
        ),
        *teams_findings(settings, plan),
        *notification_findings(settings, plan),
        *await _check_graph(settings, plan),
    ]


def _settings_finding(options: Options, settings: Settings) -> DoctorFinding:
    from config.graph_settings import PREFIX
    from config.plan_settings import named_by_the_plan
    from config.settings import FOR_DEVELOPERS

    sources = sorted(
        name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in FOR_DEVELOPERS
    )
    sources += [name for name in (".env", "kursusbot.toml") if Path(name).is_file()]
    sources += [
        name for name, value in (("--plan", options.plan), ("--now", options.now)) if value is not None
    ]
    own = named_by_the_plan(settings.plan) if settings.plan else None
    sources += [f"{own[0]} ({', '.join(own[1])})"] if own is not None else []
    return DoctorFinding(
        name="doctor.checks.settings",
        state=State.OK,
        message="doctor.settings_ok" if sources else "doctor.settings_default",
        params={
            "sources": ", ".join(sources),
            "graph": settings.graph.base_url,
            "credential": settings.graph.credential.value,
        },
    )


def _check_database(settings: Settings) -> DoctorFinding:
    try:
        message, params = _look_at_database(settings.database_url.get_secret_value())
    except DatabaseFailed as error:
        return _failed("doctor.checks.database", error)
    return DoctorFinding(name="doctor.checks.database", state=State.OK, message=message, params=params)


def _look_at_database(url: str) -> tuple[str, Mapping[str, object]]:
    """What there is to say of a database that can be used. Raises DatabaseFailed for one that cannot."""
    from bot.store.database import connect_database, fetch_revision
    from bot.store.schema import REVISIONS

    path = Path(url.partition(":///")[2].partition("?")[0]) if url.startswith("sqlite") else None
    if path is not None and path.parent.is_dir() and not path.exists():
        if not os.access(path.parent, os.W_OK):
            raise DatabaseFailed(
                "database_not_writable", database=str(path), detail=os.strerror(errno.EACCES)
            )
        return "doctor.database_new", {"database": str(path)}
    with connect_database(url) as database:
        revision = fetch_revision(database)
        database.look_for_room()
        shown = {"database": database.name, "revision": revision or "–", "wanted": REVISIONS[-1]}
    if revision == REVISIONS[-1]:
        return "doctor.database_ok", shown
    if database.file is None:
        raise DatabaseFailed("database_behind", **shown)
    return "doctor.database_old", shown


async def _check_plan(settings: Settings) -> tuple[CoursePlan | None, DoctorFinding]:
    from bot.opening.plan_source import parse_source

    name = "doctor.checks.plan"
    try:
        if not settings.plan:
            return None, _plan_not_named(settings)
        parsed = await parse_source(settings, settings.plan)
    except KursusbotError as error:
        return None, _failed(name, error)
    errors = sum(problem.is_error for problem in parsed.problems)
    if parsed.plan is None:
        params = {"count": errors}
        return None, DoctorFinding(
            name=name,
            state=State.FAILED,
            message="errors.plan_invalid",
            params=params,
            exit_code=InputError.exit_code,
        )
    sessions = sum(1 for _ in parsed.plan.sessions())
    counts = {"courses": len(parsed.plan.courses), "sessions": sessions, "warnings": len(parsed.problems)}
    return parsed.plan, DoctorFinding(
        name=name,
        state=State.OK,
        message="doctor.plan_usable" if parsed.problems else "doctor.plan_ok",
        params=counts,
    )


def _plan_not_named(settings: Settings) -> DoctorFinding:
    """Says which there are to choose from. Raises InputError where those cannot be listed."""
    from config.plan_settings import plan_names

    name, names = "doctor.checks.plan", plan_names(settings)
    if not names:
        return _skipped(name, "doctor.plan_none")
    return DoctorFinding(
        name=name, state=State.SKIPPED, message="doctor.plan_none_among", params={"names": ", ".join(names)}
    )


async def _check_graph(settings: Settings, plan: CoursePlan | None) -> list[DoctorFinding]:
    from bot.graph.checks import check_graph
    from bot.graph.client import GraphClient

    included = {group for rule in plan.audiences for group in rule.groups} if plan else set()
    listed = {person.email for rule in plan.audiences for person in rule.people} if plan else set()
    groups = sorted(
        included | ({one for rule in plan.audiences for one in rule.exclude} if plan else set()) - listed
    )
    try:
        async with GraphClient(settings.graph) as client:
            results = await check_graph(
                client,
                organiser=plan.organiser if plan else None,
                zone=plan.timezone if plan else "UTC",
                groups=groups,
                colleague=_colleague(plan) if plan else "",
                keeps_drafts=settings.mailbox.keeps_drafts,
                feed=settings.teams.app_id is not None,
            )
    except KursusbotError as error:
        return [
            _failed("graph.checks.token", error),
            *(_skipped(f"graph.checks.{name}", "doctor.needs_graph") for name in ABOUT_GRAPH),
        ]
    asked = iter(groups)
    findings = [
        _graph_finding(one) if one.name != "group" else _group_finding(one, next(asked), included)
        for one in results
    ]
    asked_for = {one.name for one in results}
    if "calendar" in asked_for:
        return findings
    cut_off = "users" not in asked_for or results[-1].detail_code == "errors.graph_unreachable"
    why = "doctor.needs_graph" if cut_off else "doctor.needs_plan"
    return [
        *findings,
        *(_skipped(f"graph.checks.{name}", why) for name in ABOUT_GRAPH if name not in asked_for),
    ]


def _colleague(plan: CoursePlan) -> str:
    """The plan's contact, where it is an address of the same organisation."""
    domain = plan.organiser.lower().rpartition("@")[2]
    return plan.contact.lower() if plan.contact.lower().endswith(f"@{domain}") else ""


def _group_finding(result: CheckResult, group: str, included: set[str]) -> DoctorFinding:
    """An excluded group may be empty, and an address that is no group is a person to leave out."""
    if group not in included and result.detail_code in {"graph.group_empty", "graph.group_nobody"}:
        return DoctorFinding(
            name="graph.checks.group", subject=group, state=State.OK, message="doctor.excluded_empty"
        )
    if group not in included and result.detail_code == "errors.graph_group_not_found":
        return DoctorFinding(
            name="graph.checks.group", subject=group, state=State.UNKNOWN, message="doctor.excluded_person"
        )
    return _graph_finding(result, subject=group)


def _graph_finding(result: CheckResult, *, subject: str = "") -> DoctorFinding:
    state = {True: State.OK, False: State.FAILED, None: State.UNKNOWN}[result.ok]
    name = f"graph.checks.{result.name}"
    return DoctorFinding(
        name=name, subject=subject, state=state, message=result.detail_code, params=result.params,
        exit_code=GraphError.exit_code,
        further=result.further,
    )  # fmt: skip


def _failed(name: str, error: KursusbotError) -> DoctorFinding:
    return DoctorFinding(
        name=name,
        state=State.FAILED,
        message=f"errors.{error.code}",
        params=error.params,
        exit_code=error.exit_code,
    )


def _skipped(name: str, why: str) -> DoctorFinding:
    return DoctorFinding(name=name, state=State.SKIPPED, message=why)


def _told(finding: DoctorFinding, language: Language) -> str:
    return " ".join(
        text(language, code, **params)
        for code, params in ((finding.message, finding.params), *finding.further)
    )


def _title(finding: DoctorFinding, language: Language) -> str:
    title = text(language, finding.name)
    return f"{title} {finding.subject}" if finding.subject else title
