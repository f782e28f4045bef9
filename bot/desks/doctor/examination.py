"""What is looked at to tell whether everything is in place.

    check        goes wrong with            what needs it is then
    settings     exit 2                     skipped, all of it
    database     exit 2                     –
    plan         exit 2 (a link: maybe 4)   groups, mailbox, zone and Teams are skipped
    sign-in      exit 4                     every other question to Graph is skipped
    each other   exit 4                     –

A plan in SharePoint has a line about its file as well (`bot.desks.doctor.plan_file`).

Only reads: a database that is not there yet is not made, and nothing is sent. The questions to Graph are
`bot.graph.checks`; what cannot be told from here ("unknown") is no failure.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

from bot.desks.doctor.app_installs import install_findings
from bot.desks.doctor.approval import approval_findings
from bot.desks.doctor.bot import bot_channels, bot_findings
from bot.desks.doctor.findings import DoctorFinding, State
from bot.desks.doctor.meetings import meeting_findings
from bot.desks.doctor.plan_file import file_findings
from bot.desks.doctor.subscriptions import notification_findings
from bot.desks.doctor.teams import teams_findings
from bot.desks.doctor.webhooks import webhook_findings
from bot.domain.errors import DatabaseFailed, GraphError, InputError, KursusbotError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.graph.checks import CheckResult
    from config.settings import Settings

# A person waits for the answer: an unreachable Graph is told after seconds, not after the budget of a sync.
PATIENCE_SECONDS = 10.0
ABOUT_THE_MAILBOX = ("group", "mailbox", "calendar", "zone", "teams", "inbox", "schedules", "rooms")
ABOUT_GRAPH = ("write", "mail", "users", *ABOUT_THE_MAILBOX)


def unreadable_settings(error: InputError) -> list[DoctorFinding]:
    """What there is to say where the settings cannot be read: nothing else can be looked at."""
    own = ("database", "plan", "approval")
    rest = (
        *(f"doctor.checks.{name}" for name in own),
        *(f"graph.checks.{name}" for name in ("token", *ABOUT_GRAPH)),
    )
    return [
        _failed("doctor.checks.settings", error),
        *(_skipped(name, "doctor.needs_settings") for name in rest),
    ]


async def examine(
    settings: Settings, *, speak: Callable[[Language | None], Language], named: Sequence[str] = ()
) -> list[DoctorFinding]:
    """Everything by the table above, in the order in which it is told; nothing is written or sent.

    `speak` is told the plan's language, and gives the one to write in. `named` are the options that whoever
    asks has set beside the settings.
    """
    graph = settings.graph
    patience = {
        name: min(getattr(graph, name), PATIENCE_SECONDS)
        for name in ("timeout_seconds", "retry_budget_seconds")
    }
    settings = settings.model_copy(update={"graph": graph.model_copy(update=patience)})
    plan, plan_finding = await _check_plan(settings)
    language = speak(plan.language if plan else None)
    database = _check_database(settings)
    has_books = database.message == "doctor.database_ok"
    return [
        _settings_finding(settings, named),
        database,
        plan_finding,
        *approval_findings(
            settings,
            plan,
            language,
            has_books=has_books,
        ),
        *webhook_findings(settings, plan, language, has_books=has_books),
        *teams_findings(settings, plan, with_bot=bot_channels(settings) if has_books else frozenset()),
        *await bot_findings(settings, plan, has_books=has_books),
        *await install_findings(settings, plan, has_books=has_books),
        *await meeting_findings(settings, plan, has_books=has_books),
        *notification_findings(settings, plan),
        *await file_findings(settings, plan, plan_finding),
        *await _check_graph(settings, plan),
    ]


def _settings_finding(settings: Settings, named: Sequence[str]) -> DoctorFinding:
    from config.graph_settings import PREFIX
    from config.plan_settings import named_by_the_plan
    from config.settings import FOR_DEVELOPERS

    sources = sorted(
        name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in FOR_DEVELOPERS
    )
    sources += [name for name in (".env", "kursusbot.toml") if Path(name).is_file()]
    sources += named
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
        if error.code == "desk_plan_empty":
            return None, _skipped(name, "doctor.plan_empty")
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
    counts = {
        "courses": len(parsed.plan.courses),
        "sessions": sessions,
        "warnings": sum(not problem.is_note for problem in parsed.problems),
    }
    return parsed.plan, DoctorFinding(
        name=name,
        state=State.OK,
        message="doctor.plan_ok" if parsed.is_fine else "doctor.plan_usable",
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

    included, groups = _groups_of(plan) if plan else (frozenset[str](), [])
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
        return [_failed("graph.checks.token", error), *_not_asked(ABOUT_GRAPH, "doctor.needs_graph")]
    asked = iter(groups)
    findings = [
        _graph_finding(one) if one.name != "group" else _group_finding(one, next(asked), included)
        for one in results
    ]
    return findings + _not_reached(results)


def _groups_of(plan: CoursePlan) -> tuple[frozenset[str], list[str]]:
    """The groups whose people are invited, and all that are looked at: those to leave out as well.

    Whoever is listed by address is no group.
    """
    rules = plan.audiences
    included = frozenset(group for rule in rules for group in rule.groups)
    excluded = {one for rule in rules for one in rule.exclude}
    listed = {person.email for rule in rules for person in rule.people}
    return included, sorted(included | (excluded - listed))


def _not_reached(results: Sequence[CheckResult]) -> list[DoctorFinding]:
    """The questions that were not asked any more, and why."""
    asked = {one.name for one in results}
    if "calendar" in asked:
        return []
    cut_off = "users" not in asked or results[-1].detail_code == "errors.graph_unreachable"
    rest = [name for name in ABOUT_GRAPH if name not in asked]
    return _not_asked(rest, "doctor.needs_graph" if cut_off else "doctor.needs_plan")


def _not_asked(names: Iterable[str], why: str) -> list[DoctorFinding]:
    return [_skipped(f"graph.checks.{name}", why) for name in names]


def _colleague(plan: CoursePlan) -> str:
    """The plan's contact, where it is an address of the same organisation."""
    domain = plan.organiser.lower().rpartition("@")[2]
    return plan.contact.lower() if plan.contact.lower().endswith(f"@{domain}") else ""


def _group_finding(result: CheckResult, group: str, included: frozenset[str]) -> DoctorFinding:
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
