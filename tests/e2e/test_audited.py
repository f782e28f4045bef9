"""Every command leaves a line in the log of who did what, or stands here with the reason why it need not; and so does every page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
import pytest
from starlette.routing import BaseRoute, Mount, Route

from bot.cli.main import cli
from bot.clock import SystemClock
from bot.sandbox.municipality import DOMAIN
from bot.web.api.parts import ApiParts, programs_door
from bot.web.app import create_app
from bot.web.desk.parts import DeskParts, desk_pages
from config.sign_in import SignInSettings
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.seats import ANNA, BO, CARL, DORTE, HOLD, WEB

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.driver import World

WHO = "Bente Hansen"
HOLD_1, HOLD_2 = "kursus/hold-1", "kursus/hold-2"
ENROL_ANNA = ("enrol", HOLD_1, ANNA, "--by", "hr")
PROBE = (f"proeve@{DOMAIN}", f"prove.en@{DOMAIN}", f"prove.to@{DOMAIN}")

LINES: dict[str, tuple[tuple[tuple[str, ...], ...], tuple[str, ...], str]] = {
    "sync": ((), ("sync", "--yes"), ""),
    "approve": ((), ("approve", "CHECKSUM"), ""),
    "reject": ((), ("reject", "CHECKSUM"), ""),
    "overview": ((), ("overview", "--send", f"direktoer@{DOMAIN}"), "d…@"),
    "registrations": ((), ("registrations", "kursus"), "4"),
    "enrol": ((), ("enrol", HOLD_1, ANNA), "a…@partner.example"),
    "withdraw": ((ENROL_ANNA,), ("withdraw", HOLD_1, ANNA), "a…@partner.example"),
    "move": ((ENROL_ANNA,), ("move", "kursus", ANNA, "hold-2"), "a…@partner.example"),
    "promote": (
        (ENROL_ANNA, ("enrol", HOLD_1, CARL), ("enrol", HOLD_1, BO, "--queue"), ("withdraw", HOLD_1, ANNA)),
        ("promote", HOLD_1, BO), "b…@partner.example",
    ),
    "handover": ((ENROL_ANNA,), ("handover", HOLD_1, ANNA, CARL), "a…@partner.example"),
    "import": ((), ("import", "liste.csv", "--yes"), "2"),
    "seats": ((ENROL_ANNA,), ("seats", "kursus"), "a…@partner.example"),
    "messages": ((), ("messages",), ""),
    "report": ((), ("report",), ""),
    "jobs run": ((), ("jobs", "run", "collect_responses"), ""),
    "link": ((), ("link", ANNA), "a…@partner.example"),
    "probe": (
        (), ("probe", "--mailbox", PROBE[0], "--to", PROBE[1], "--to", PROBE[2], "--yes", "--patience", "0", "--answer-within", "0"), "2"
    ),
    "actions": ((), ("actions", "--about", ANNA), "a…@partner.example"),
    "person": ((), ("person", ANNA), "a…@partner.example"),
    "erase": ((), ("erase", DORTE), "erased-"),
    "plan history": ((("sync", "--yes"),), ("plan", "history"), ""),
    "plan diff": ((("sync", "--yes"),), ("plan", "diff", "1", "1"), ""),
    "plan export": ((), ("plan", "export", "kopi.xlsx"), ""),
    "plan import": ((), ("--plan", "desk:ny", "plan", "import", "ny.yaml", "--yes"), ""),
    "plan close": ((), ("plan", "close", "gammel", "--yes"), ""),
    "plan erase": ((("plan", "close", "gammel", "--yes", "--by", "hr"),), ("plan", "erase", "gammel", "--yes"), ""),
    "db backup": ((), ("db", "backup", "kopi.db"), ""),
    "expire": ((), ("expire", "--yes"), ""),
    "db move": ((), ("db", "move", "sqlite:///ny.db"), ""),
}  # fmt: skip
"""The command: what comes before it, how it is called, and whom its line is about."""

NO_LINE = {
    "init": "a file to begin with, about made-up people",
    "check": "the plan as HR wrote it, and nothing of the books",
    "dates": "counts of free and busy, never whose; it makes no database where there is none",
    "preview": "what would be done, before it is: it leaves no trace, and what is then approved or done has its line",
    "approvals": "itself a list of who decided what; courses and counts, no participant",
    "responses": "reads what people answered, as the service does by itself",
    "reminders": "what would be sent, before it is: as preview",
    "send": "sends what is due by the plan that was approved, as the service does by itself; each message stands in the books",
    "teams-app": "a package for Teams, about nobody",
    "run": "does what was approved and what follows from the world; nobody's own decision, and usually a timer's",
    "serve": "starts the service, which has a book of its jobs",
    "worker": "as serve",
    "jobs": "the list of jobs, about nobody",
    "doctor": "settings and permissions, about nobody",
    "demo": "a made-up municipality with a database of its own",
    "sandbox": "a made-up municipality",
    "plan": "only a group of commands",
    "plan ids": "ids and counts",
    "db": "only a group of commands",
    "db upgrade": "the shape of the tables, about nobody",
}

PAGES = {
    ("/p/{token}", "GET"): "a person's own page, which shows nobody else",
    ("/p/{token}/confirm", "GET"): "as above",
    ("/p/{token}/confirm", "POST"): "the person's own wish: a line of the seat log, with its door",
    ("/p/{token}/note", "POST"): "the person's own words to HR, kept with when they were written",
    ("/m/{token}", "GET"): "what waits for the manager, whose link it is",
    ("/m/{token}", "POST"): "has its line, as answer_sign_up",
    ("/certificate", "GET"): "holds nothing of people",
    ("/certificate", "POST"): "yes or no about a code, by whoever has the paper",
    ("/certificate/{token}", "GET"): "their own",
    ("/certificate/{token}/pdf", "GET"): "their own",
    ("/d/worker.js", "GET"): "holds nothing of people",
    ("/d/{token}", "GET"): "names, to whom HR gave the link; who gave it stands with each word that is said there",
    ("/d/{token}", "POST"): "has its line, as attendance: of whom, or of how many",
    ("/d/{token}/words", "POST"): "the same",
    ("/p/{token}/here", "POST"): "has its line, as attendance, by the person",
    ("/i/{word}", "GET"): "which session it is, and nobody",
    ("/me/here/{word}", "GET"): "who is signed in, to themselves",
    ("/me/here/{word}", "POST"): "has its line, as attendance, by the person",
    ("/courses/{course}/door/code", "GET"): "a code that names nobody",
    ("/courses/{course}/door/code.png", "GET"): "the same",
    ("/p/{token}/answers", "POST"): "has its line, as answer: whose, and to which question",
    ("/feed/{name}", "GET"): "the courses, and nobody",
    ("/", "GET"): "has its line, as the report",
    ("/read", "POST"): "has its line, as read, with whose words they are",
    ("/changes", "GET"): "what would be done, before it is: as preview",
    ("/changes/progress", "GET"): "how far it has come: numbers only, as approvals",
    ("/changes/ids", "POST"): "has its line, as name",
    ("/changes/{course}/people", "GET"): "has its line, as preview, with how many they are",
    ("/changes/{course}/people", "POST"): "as above",
    ("/changes/{course}/mail", "GET"): "how mails read, to nobody by name",
    ("/changes/{course}/mail/{number}", "GET"): "as above",
    ("/changes", "POST"): "has a line for each course, as approve and reject",
    ("/people", "GET"): "has its line, with how many were shown",
    ("/people", "POST"): "as above",
    ("/people/{name}", "GET"): "has its line, as person",
    ("/people/{name}/data", "GET"): "as above",
    ("/people/{name}/erase", "GET"): "as above",
    ("/people/{name}/erase", "POST"): "has its line, as erase",
    ("/people/{name}/delegate", "POST"): "has its lines, as link",
    ("/people/{name}/links", "POST"): "has its line, as link",
    ("/courses", "GET"): "courses and counts; a list to take along has its line, as registrations",
    ("/courses/{course}", "GET"): "has its line where it shows people or what was sent to them, as registrations, seats and messages",
    ("/courses/{course}/mail", "GET"): "what would be sent, before it is, and nobody's name",
    ("/courses/{course}/mail", "POST"): "has its line, as registrations --send",
    ("/courses/{course}/messages/{number}", "GET"): "how a message reads, to nobody",
    ("/courses/{course}/act", "GET"): "a form about one person whom HR named; what is done has its line",
    ("/courses/{course}/act", "POST"): "what would be done, before it is; what is done has its line, as enrol, withdraw and the others",
    ("/courses/{course}/act/{first}-{last}", "GET"): "what the same people did a moment ago, by lines that have one of theirs each",
    ("/courses/{course}/again", "GET"): "has its line, as messages",
    ("/courses/{course}/again", "POST"): "has its line of what was sent to whom",
    ("/attendance", "GET"): "has its line, as attendance",
    ("/courses/{course}/door", "GET"): "has its line, as attendance",
    ("/courses/{course}/evaluation", "GET"): "nobody's answers, added up: about no person",
    ("/courses/{course}/evaluation/link", "POST"): "has its line, as evaluation",
    ("/evaluations", "GET"): "the same",
    ("/e/{token}", "GET"): "the same",
    ("/p/{token}/evaluation", "GET"): "the person's own page",
    ("/p/{token}/evaluation", "POST"): "anonymous: when somebody answered would join it to what was said",
    ("/courses/{course}/after", "GET"): "numbers, and texts without names; where the plan shows names it has its line, as tasks",
    ("/p/{token}/after", "GET"): "the person's own page",
    ("/p/{token}/after", "POST"): "what somebody says of what they did themselves; kept with its own time, and HR sees no name by default",
    ("/courses/{course}/door", "POST"): "has its line, as attendance: of whom, or of how many",
    ("/courses/{course}/door/link", "POST"): "has its line, as attendance",
    ("/courses/{course}/door/list.xlsx", "GET"): "has its line, as attendance",
    ("/attendance/book", "POST"): "what a file of HR's says, before it counts",
    ("/attendance/book/take", "POST"): "has its line, as attendance: of whom, or of how many",
    ("/courses/{course}/door/list", "POST"): "what a file of HR's says, before it counts",
    ("/courses/{course}/door/list/take", "POST"): "has its line, as attendance: of whom, or of how many",
    ("/courses/{course}/door/words", "POST"): "the same",
    ("/courses/{course}/certificates", "GET"): "has its line, as certificates, where it names people",
    ("/courses/{course}/certificates/pdf", "GET"): "the same",
    ("/courses/{course}/certificates", "POST"): "has its line of how many were approved",
    ("/courses/{course}/certificates/name", "POST"): "has its line, as certificates: about whom",
    ("/courses/{course}/answers", "GET"): "has its line, as answers",
    ("/courses/{course}/answers", "POST"): "has its line, as answer: about whom, and to which question",
    ("/courses/{course}/reminder", "GET"): "has its line, as messages: whoever is shown who gets one",
    ("/courses/{course}/reminder", "POST"): "has its line of what was skipped, sent or undone, about whom or how many",
    ("/runs", "GET"): "runs and counts, about nobody",
    ("/runs/check", "GET"): "settings and permissions, about nobody, as doctor",
    ("/runs/check", "POST"): "as above",
    ("/runs/programs", "POST"): "has its line, with how many calls are made again",
    ("/courses/{course}/write", "GET"): "counts, and what HR itself wrote",
    ("/courses/{course}/write", "POST"): "a draft of HR's own; what becomes of it has lines",
    ("/courses/{course}/write/{broadcast}", "GET"): "has its line, as write: whoever is shown names",
    ("/courses/{course}/write/{broadcast}/{language}", "GET"): "HR's own mail as one reader gets it, after the page that has a line",
    ("/courses/{course}/write/{broadcast}", "POST"): "has a line of what was sent to how many, tried out or stopped",
    ("/overview", "GET"): "courses and counts, no participant",
    ("/plan", "GET"): "what is wrong with the plan, and counts: as check",
    ("/plan/texts", "GET"): "what is written, to somebody who is made up",
    ("/plan/texts", "POST"): "the same with words that are not kept",
    ("/plan/calendar", "GET"): "what is written, and nobody's data: as check",
    ("/plan/edit", "GET"): "has its line, as plan edit",
    ("/plan/edit", "POST"): "has its line, as plan draft or plan save",
    ("/plan/edit/courses", "GET"): "has its line, as plan edit",
    ("/plan/edit/course/{course}", "GET"): "has its line, as plan edit",
    ("/plan/edit/course/{course}", "POST"): "has its line where the draft says it, as plan draft",
    ("/plan/edit/{form}", "GET"): "has its line, as plan edit",
    ("/plan/edit/{form}", "POST"): "has its line where the draft says it, as plan draft",
    ("/plan/import/list", "GET"): "an empty form",
    ("/plan/import/list", "POST"): "has its line where the draft takes it in, as plan draft",
    ("/plan/begin", "GET"): "a form, about nobody",
    ("/plan/begin", "POST"): "has its line, as plan begin",
    ("/plan/import", "GET"): "a form, about nobody",
    ("/plan/import", "POST"): "has its line, as plan draft",
    ("/plan/copy", "POST"): "has its line, as plan draft",
    ("/plan/back", "POST"): "has its line, as plan draft",
    ("/plan/undo", "POST"): "has its line, as plan undo",
    ("/plan/versions", "GET"): "has its line, as plan history and plan diff",
    ("/plan/versions/{number}", "GET"): "has its line, as plan diff",
    ("/plan/versions/{number}/file", "GET"): "has its line, as plan export",
    ("/dates", "GET"): "what can be looked for",
    ("/dates", "POST"): "counts of free and busy, nobody by name: as dates",
    ("/decisions/{assumption}", "GET"): "what a decision would mean: counts, no participant",
    ("/decisions/{assumption}", "POST"): "has its line, as decide",
    ("/me", "GET"): "one's own courses",
    ("/me/data", "GET"): "has its line, as person",
    ("/my-people", "GET"): "has its line, as my_people, where there are people",
    ("/my-people", "POST"): "has its line, as answer_sign_up",
    ("/signin", "GET"): "who somebody is, and nothing of anybody",
    ("/signin/callback", "GET"): "as above",
    ("/teams/tab", "GET"): "as above",
    ("/teams/tab", "POST"): "as above",
    ("/signout", "GET"): "as above",
    ("/signout", "POST"): "as above",
    ("/api/v1/openapi.json", "GET"): "about nobody",
    ("/api/v1/me", "GET"): "one's own",
    ("/api/v1/plans", "GET"): "plans, and nobody",
    ("/api/v1/plans/{plan}/courses", "GET"): "courses and counts, no participant",
    ("/api/v1/plans/{plan}/courses/{course}", "GET"): "as above",
    ("/api/v1/plans/{plan}/registrations", "GET"): "has its line, as registrations",
    ("/api/v1/plans/{plan}/changes", "GET"): "what would be done, before it is: as preview",
    ("/api/v1/plans/{plan}/approvals", "POST"): "has a line for each course, as approve and reject",
    ("/api/v1/plans/{plan}/seats", "POST"): "has its line, as enrol, withdraw, move, promote and handover",
    ("/api/v1/plans/{plan}/courses/{course}/acts/{first}-{last}/undo", "POST"): "has the line of the act that takes another back",
    ("/api/v1/plans/{plan}/today", "GET"): "has its line, as the report",
    ("/api/v1/plans/{plan}/courses/{course}/messages", "GET"): "has its line, as messages",
    ("/api/v1/plans/{plan}/courses/{course}/history", "GET"): "has its line, as seats",
    ("/api/v1/plans/{plan}/courses/{course}/answers", "GET"): "has its line, as answers",
    ("/api/v1/plans/{plan}/evaluations", "GET"): "sums of at least five, of nobody",
    ("/api/v1/plans/{plan}/courses/{course}/evaluation", "GET"): "as above",
    ("/api/v1/plans/{plan}/courses/{course}/certificates", "GET"): "has its line, as certificates",
    ("/api/v1/plans/{plan}/certificates/check", "POST"): "yes or no, about nobody",
    ("/api/v1/people", "GET"): "has its line, with how many were found",
    ("/api/v1/people/lookup", "POST"): "has its line, as person",
    ("/api/v1/people/{person}", "GET"): "has its line, as person",
    ("/api/v1/people/{person}/data", "GET"): "has its line, as person",
    ("/api/v1/plans/{plan}/runs", "GET"): "runs and counts, about nobody",
    ("/api/v1/plans/{plan}/examination", "GET"): "settings and permissions, about nobody, as doctor",
    ("/api/v1/plans/{plan}/examination", "POST"): "settings and permissions, about nobody, as doctor",
    ("/api/v1/plans/{plan}/courses/{course}/broadcasts", "GET"): "what HR itself wrote, and counts",
    ("/api/v1/plans/{plan}/courses/{course}/broadcasts", "POST"): "a draft of HR's own, and counts; what becomes of it has lines",
    ("/api/v1/plans/{plan}/courses/{course}/broadcasts/{broadcast}", "GET"): "what HR itself wrote, and counts",
    ("/api/v1/plans/{plan}/courses/{course}/broadcasts/{broadcast}/send", "POST"): "has its line, as write",
    ("/api/v1/plans/{plan}/courses/{course}/broadcasts/{broadcast}/stop", "POST"): "has its line, as write",
    ("/api/v1/plans/{plan}/courses/{course}/list-mail", "GET"): "what would be sent, before it is, and nobody's name",
    ("/api/v1/plans/{plan}/courses/{course}/list-mail", "POST"): "has its line, as registrations --send",
    ("/api/v1/plans/{plan}/changes/{course}/people", "GET"): "has its line, as preview",
    ("/api/v1/plans/{plan}/changes/{course}/mail", "GET"): "what would be sent, before it is, and nobody's name",
    ("/api/v1/plans/{plan}/plan", "GET"): "has its line, as plan export",
    ("/api/v1/plans/{plan}/plan", "PUT"): "has its line, as plan save",
    ("/api/v1/plans/{plan}/changed-ids", "GET"): "ids of the plan, about nobody",
    ("/api/v1/plans/{plan}/changed-ids", "POST"): "has its line, as name",
    ("/api/v1/plans/{plan}/courses/{course}/read", "POST"): "has its line, as read",
    ("/api/v1/plans/{plan}/reminders", "GET"): "has its line, as messages",
    ("/api/v1/plans/{plan}/reminders", "POST"): "has its line, as at the desk",
    ("/api/v1/plans/{plan}/messages", "POST"): "has its line, as at the desk",
    ("/api/v1/plans/{plan}/decisions/{decision}", "GET"): "what may be decided, no participant",
    ("/api/v1/plans/{plan}/decisions/{decision}", "POST"): "has its line, as decide",
    ("/api/v1/plans/{plan}/overview", "GET"): "courses and counts, no participant",
    ("/healthz", "GET"): "about nobody",
    ("/static", ""): "about nobody",
}


def commands(group: click.Group, before: str = "") -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{before}{name}"
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")


def test_each_command_leaves_a_line_or_has_a_reason() -> None:
    assert sorted(commands(cli)) == sorted([*LINES, *NO_LINE])
    assert all(NO_LINE.values())


def routes_of(router: Any) -> Iterator[BaseRoute]:
    """With those of the routers that were included, each in its own."""
    for route in router.routes:
        included = getattr(route, "original_router", None)
        yield from [route] if included is None else routes_of(included)


def test_each_page_has_a_reason_for_leaving_no_line() -> None:
    """Only people themselves have pages; where others look at them, a page needs its line."""
    now, secret, home = SystemClock().now, WEB["WEB__SECRET_KEY"], WEB["WEB__BASE_URL"]
    signin = SignInSettings(issuer="http://127.0.0.1:9", client_id="kursusbot", client_secret="hemmelig")
    parts = DeskParts(
        settings=signin, desks={}, sign_ins=None, keys=[secret], home=home, clock=now, wake=print, reach=print, has_tab=True  # type: ignore[arg-type]
    )  # fmt: skip
    door = ApiParts(settings=signin, desks={}, secret=secret, clock=now, wake=print, reach=print)  # type: ignore[arg-type]
    app = create_app({}, secret=secret, base_url=home, now=now, desk=desk_pages(parts), api=programs_door(door))
    routes = [*routes_of(app.router)]
    pages = {(one.path, method) for one in routes if isinstance(one, Route) for method in one.methods or ()}
    mounts = {(one.path, "") for one in routes if isinstance(one, Mount)}
    assert {one for one in pages if one[1] != "HEAD"} | mounts == PAGES.keys()


@pytest.mark.parametrize("name", LINES)
def test_a_command_writes_down_who_it_was(world: World, name: str) -> None:
    """Once, by the name that was said, with whom it is about."""
    before, called, subject = LINES[name]
    # After the deadline a line stands still, and HR promotes.
    line = {"deadline": "2025-03-01T12:00"} if name == "promote" else {}
    course = make_course("kursus", offerings=HOLD, enrolment={"capacity": 2, "handover": True, **line})
    if name.startswith("plan"):
        world.write(make_plan(make_course("gammelt"), audiences=people(ANNA, BO), id="gammel"))
        world.plans = ("demo", "gammel")
        world.sync()
    world.write(make_plan(course, audiences=people(ANNA, BO, CARL, DORTE)))
    if name != "sync":
        world.sync()
    for address in PROBE if name == "probe" else ():
        world.tenant.directory.add_user(address, mail=address)
    (world.folder / "liste.csv").write_text(f"Kursus;Hold;E-mail\nkursus;Hold 1;{CARL}\nkursus;Hold 1;{BO}\n", encoding="utf-8")
    ours = make_plan(make_course("nyt"), audiences=people(ANNA), id="ny")
    (world.folder / "ny.yaml").write_text(json.dumps(ours), encoding="utf-8")
    for one in before:
        assert world.run(*one).code == 0
    approval = {"APPROVAL": "plan"}
    if "CHECKSUM" in called:
        world.write(make_plan(course, make_course("nyt", make_session(day="2025-08-18")), audiences=people(ANNA, BO, CARL, DORTE)))
        assert world.run("run", **approval).code == 3
    checksum = world.preview(**approval).json["checksum"] if "CHECKSUM" in called else ""
    words = [checksum if one == "CHECKSUM" else one for one in called]
    ran = world.run(*words, "--by", WHO, **WEB, **approval)
    assert ran.code == 0, ran.err
    where = {"DATABASE_URL": f"sqlite:///{world.folder / 'ny.db'}"} if name == "db move" else {}
    lines = [one for one in json.loads(world.run("actions", "--format", "json", **where).out) if one["by"] == WHO]
    of_another = {"plan close": "gammel", "plan erase": "gammel", "plan import": "ny"}.get(name)
    if of_another is not None:
        lines = [one for one in listed(world, of_another) if one["by"] == WHO]
    assert [one["command"].partition(" --")[0] for one in lines] == [name]
    assert (lines[0]["subject"] or "").startswith(subject)
    assert lines[0]["door"] == "cli"


def listed(world: World, plan: str) -> list[dict[str, str]]:
    """The log as whoever has a plan of that id reads it."""
    world.write(make_plan(make_course("andet", make_session()), id=plan))
    found: list[dict[str, str]] = world.run("actions", "--format", "json").json
    return found
