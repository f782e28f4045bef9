"""`make bench`: every figure as a ratio in one run. Measures; fails nothing.

a  first sync, 50 ms a request      wall ÷ (sessions × latency ÷ 4)
b  requests                         first sync, and a second one with nothing to do
c  CPU                              ours ÷ the peer's, for the first sync
d  mails                            ten typical edits, ours ÷ the peer's
e  memory                           peak of the first sync
f  start                            kursusbot --help ÷ importing GraphServiceClient
g  parsing                          a plan of 5,000 sessions
h  one answer                       requests, among 1,000 sessions × 40
i  a rush                           400 people accept a course of 60 seats
j  reminders                        CPU of knowing what is due, 1,000 sessions × 40 × 4 rules
k  sending                          400 people × 3 rules over a fortnight, messages a minute ÷ 30
l  idle plans                       a round of 100 plans with nothing to do, by 1, 2 and 4 workers on PostgreSQL
m  a year                           rounds of a simulated year: mails, memory, the database's growth
n  notifications                    500 a second for ten seconds, 99th percentile of the answers
o  an answer                        seconds until it stands in the registrations, with notifications
p  a date                           requests and seconds of 400 calendars over three months
q  the overview                     CPU of 500 courses, nine things undecided
"""

from __future__ import annotations

import copy
import json
import logging
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from bot.plan import parse_plan
from tests.bench.answered import answers_with_notifications
from tests.bench.dates import dates_for_many
from tests.bench.idle import idle_plans
from tests.bench.notified import a_flood_of_notifications
from tests.bench.overview import overview_of_many
from tests.bench.reminders import due_reminders
from tests.bench.seats import a_rush, one_answer_among_many
from tests.bench.sending import a_fortnight_of_reminders
from tests.bench.soak import a_year
from tests.bench.world import GROUP, INVITED, MAILBOX, SESSIONS, peer_sessions, plan_document, run_module, sandbox, write_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.bench.world import Sandbox

LATENCY_MS = 50.0


def main() -> None:
    """Run every measurement and print a line for each."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    say(f"{SESSIONS} sessions × {INVITED} attendees, {LATENCY_MS:.0f} ms a request; Python {sys.version.split()[0]}")
    ours = first_and_second_sync()
    peer = peer_first_run()
    say(f"c  CPU of the first sync: {ours['cpu']:.2f} s ÷ peer {peer['cpu']:.2f} s = 1/{peer['cpu'] / ours['cpu']:.1f}"
        f" (whole process {ours['cpu_whole']:.2f} ÷ {peer['cpu_whole']:.2f} s)   aim: 1/6")  # fmt: skip
    ten_edits()
    say(f"e  peak memory: {ours['memory_mb']:.0f} MB (peer {peer['memory_mb']:.0f} MB)   aim: under 200")
    start_up()
    parsing()
    say(one_answer_among_many())
    say(a_rush())
    say(due_reminders())
    say(a_fortnight_of_reminders())
    say(idle_plans())
    say(a_year())
    say(a_flood_of_notifications())
    say(answers_with_notifications())
    say(dates_for_many())
    say(overview_of_many())


def first_and_second_sync() -> dict[str, float]:
    """Figures a and b; returns the first sync's."""
    with tempfile.TemporaryDirectory() as name, sandbox(LATENCY_MS, attendees=INVITED) as served:
        folder = Path(name)
        plan = write_plan(folder, plan_document())
        first = run_module("tests.bench.ours", str(plan), folder=folder, served=served)
        counts = Counter(_kind(*request) for request in served.requests())
        limit = SESSIONS * LATENCY_MS / 1000 / 4
        say(f"a  first sync: {first['wall']:.2f} s ÷ limit {limit:.2f} s = {first['wall'] / limit:.2f}   aim: at most 1.15")
        say(f"b  requests of the first sync: {_shown(counts)}")
        served.clear()
        second = run_module("tests.bench.ours", str(plan), folder=folder, served=served)
        counts = Counter(_kind(*request) for request in served.requests())
        say(f"b  requests of the second sync: {_shown(counts)}; {second['wall']:.2f} s; {served.mails()} mails"
            f"   aim: no write, at most {SESSIONS // 100} event pages + 1 a group page")  # fmt: skip
        return first


def peer_first_run() -> dict[str, float]:
    """The peer's first run, without latency: only its CPU is compared."""
    with tempfile.TemporaryDirectory() as name, _without_limits() as served:
        folder = Path(name)
        return run_module(
            "tests.bench.peer", served.base_url, MAILBOX, "post", _peer_file(folder, plan_document()), folder=folder, served=served
        )


def ten_edits() -> None:
    """Figure d: each edit is a run of both. Exchange would not send the peer's mails on one day; they are counted all the same."""
    document, ours, peer = plan_document(), [], []
    with (
        tempfile.TemporaryDirectory() as name,
        tempfile.TemporaryDirectory() as other,
        _without_limits() as served,
        _without_limits() as rival,
    ):
        folder, theirs = Path(name), Path(other)
        run_module("tests.bench.ours", str(write_plan(folder, document)), folder=folder, served=served)
        work = _peer_file(theirs, document)
        run_module("tests.bench.peer", rival.base_url, MAILBOX, "post", work, folder=theirs, served=rival)
        for label, edit in EDITS:
            edit(document)
            served.clear()
            rival.clear()
            if label == "a joiner":
                served.act("POST", "/users", {"display_name": "Ny Leder", "mail": "ny.leder@norddjurs.example"})
                served.act("POST", f"/groups/{GROUP}/members", {"add": ["ny.leder@norddjurs.example"]})
            run_module("tests.bench.ours", str(write_plan(folder, document)), folder=folder, served=served)
            _edit_peer(Path(work), document)
            run_module("tests.bench.peer", rival.base_url, MAILBOX, "patch", work, folder=theirs, served=rival)
            ours.append(served.mails())
            peer.append(rival.mails())
    each = ", ".join(f"{label} {mails}" for (label, _), mails in zip(EDITS, ours, strict=True))
    say(f"d  mails of ten edits: {sum(ours)} ÷ peer {sum(peer)} = 1/{sum(peer) / sum(ours):.0f}  ({each})")


@contextmanager
def _without_limits() -> Iterator[Sandbox]:
    with sandbox(attendees=INVITED) as served:
        served.act("PATCH", "/settings", {"recipients_per_day": 10**6, "messages_per_minute": 10**6})
        yield served


def start_up() -> None:
    """Figure f, the best of several, so that a busy machine does not decide."""
    program = str(Path(sys.executable).with_name("kursusbot"))
    helped = _best([program, "--help"])
    imported = _best([sys.executable, "-c", "from msgraph import GraphServiceClient"])
    say(f"f  kursusbot --help: {helped:.3f} s ÷ import of GraphServiceClient {imported:.3f} s = {helped / imported:.2f}   aim: at most 0.4")


def parsing() -> None:
    """Figure g."""
    document = plan_document()
    course = document["courses"][0]
    document["courses"] = [course | {"id": f"kursus-{number}"} for number in range(1667)]
    data = json.dumps(document, ensure_ascii=False).encode()
    started = time.process_time()
    parsed = parse_plan(data, name="plan.yaml", now=datetime(2027, 1, 4, tzinfo=UTC))
    seconds = time.process_time() - started
    say(f"g  5,001 sessions parsed and validated in {seconds:.2f} s ({len(parsed.problems)} problems)   aim: under 3 s")


def _first_course(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def edit(document: dict[str, Any]) -> None:
        document["courses"][0][key] = value

    return edit


def _move(document: dict[str, Any]) -> None:
    session = document["courses"][1]["sessions"][0]
    session["start"], session["end"] = (moment.replace("T09", "T08").replace("T10", "T09") for moment in (session["start"], session["end"]))


def _add_session(document: dict[str, Any]) -> None:
    last = copy.deepcopy(document["courses"][2]["sessions"][-1])
    document["courses"][2]["sessions"].append(last | {"id": "del-ny", "start": "2027-11-02T09:00", "end": "2027-11-02T10:00"})


def _remove_session(document: dict[str, Any]) -> None:
    document["courses"][2]["sessions"].pop()


def _nothing(_document: dict[str, Any]) -> None:
    return


def _swap(document: dict[str, Any]) -> None:
    document["courses"][10], document["courses"][11] = document["courses"][11], document["courses"][10]


EDITS: tuple[tuple[str, Callable[[dict[str, Any]], None]], ...] = (
    ("a title", _first_course("title", "Et nyt navn")),
    ("a text", _first_course("description", "En ny tekst")),
    ("a time", _move),
    ("a venue", _first_course("venue", {"name": "Biblioteket"})),
    ("a new session", _add_session),
    ("that session gone", _remove_session),
    ("a cancelled course", _first_course("status", "cancelled")),
    ("a joiner", _nothing),
    ("two courses swapped in the plan", _swap),
    ("a comment only", _nothing),
)


def _peer_file(folder: Path, document: dict[str, Any]) -> str:
    file = folder / "sessions.json"
    file.write_text(json.dumps(peer_sessions(document, "<p>Vi arbejder med praksis.</p>")), "utf-8")
    return str(file)


def _edit_peer(file: Path, document: dict[str, Any]) -> None:
    """The peer takes the edit over for the sessions it has; it neither adds nor cancels."""
    now = {(one["subject"], one["start"]): one for one in peer_sessions(document, "<p>Vi arbejder med praksis.</p>")}
    work = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps([one | now.get((one["subject"], one["start"]), {}) for one in work]), "utf-8")


def _kind(method: str, path: str) -> str:
    place = "groups" if "/groups" in path else "places" if "/places" in path else "cancel" if path.endswith("/cancel") else "events"
    return f"{method} {place}"


def _shown(counts: Counter[str]) -> str:
    return f"{sum(counts.values())} ({', '.join(f'{number} {kind}' for kind, number in sorted(counts.items()))})"


def _best(command: list[str]) -> float:
    found = []
    for _ in range(7):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        found.append(time.perf_counter() - started)
    return min(found)


def say(line: str) -> None:
    """One line of the report, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
