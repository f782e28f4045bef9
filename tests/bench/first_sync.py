"""The benchmark's figures on the first sync, against what four requests at a time allow and against the peer.

a  first sync, 50 ms a request      wall ÷ (sessions × latency ÷ 4)
b  requests                         first sync, and a second one with nothing to do
c  CPU                              ours ÷ the peer's, for the first sync; and of both a and c the floor
e  memory                           peak of the first sync

The floor is what the same number of POSTs takes over the same HTTP client when nothing else is done (`tests.bench.floor`): no aim can be
below it as long as events are made one by one by this client.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.edits import peer_file, without_limits
from tests.bench.rows import Figure, Row
from tests.bench.world import INVITED, MAILBOX, SESSIONS, plan_document, run_module, sandbox, write_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

LATENCY_MS = 50.0


def first_sync() -> Iterator[Row]:
    """Figures a, b, c and e."""
    with tempfile.TemporaryDirectory() as name, sandbox(LATENCY_MS, attendees=INVITED) as served:
        folder = Path(name)
        plan = write_plan(folder, plan_document())
        ours = run_module("tests.bench.ours", str(plan), folder=folder, served=served)
        counts = Counter(_kind(*request) for request in served.requests())
        limit = SESSIONS * LATENCY_MS / 1000 / 4
        yield Row(
            f"a  first sync: {ours['wall']:.2f} s ÷ limit {limit:.2f} s = {ours['wall'] / limit:.2f}   aim: at most 1.10",
            (Figure(name="a first sync ÷ limit", value=ours["wall"] / limit, aim=1.10),),
        )
        yield Row(
            f"b  requests of the first sync: {_shown(counts)}",
            (Figure(name="b first sync", value=counts.total(), unit="requests"),),
        )
        served.clear()
        second = run_module("tests.bench.ours", str(plan), folder=folder, served=served)
        counts = Counter(_kind(*request) for request in served.requests())
        yield Row(
            f"b  requests of the second sync: {_shown(counts)}; {second['wall']:.2f} s; {served.mails()} mails"
            f"   aim: no write, at most {SESSIONS // 100} event pages + 1 a group page",
            (
                Figure(name="b second sync", value=counts.total(), unit="requests"),
                Figure(name="b second sync, CPU", value=second["cpu"], unit="s"),
            ),
        )
    peer, floor = _peer_first_run(), _floor()
    whole = ours["cpu_whole"] / peer["cpu_whole"]
    yield Row(
        f"c  CPU of the first sync: {ours['cpu']:.2f} s ÷ peer {peer['cpu']:.2f} s = 1/{peer['cpu'] / ours['cpu']:.1f};"
        f" whole process {ours['cpu_whole']:.2f} ÷ {peer['cpu_whole']:.2f} s = 1/{1 / whole:.1f}   aim: 1/6, whole process 1/5",
        (
            Figure(name="c first sync, CPU ÷ peer", value=ours["cpu"] / peer["cpu"], aim=1 / 6),
            Figure(name="c first sync, CPU of the whole process ÷ peer", value=whole, aim=1 / 5),
        ),
    )
    least = floor["cpu_whole"] / peer["cpu_whole"]
    yield Row(
        f"c  the floor, {SESSIONS} bare POSTs over the same client: {floor['wall']:.2f} s ÷ limit {limit:.2f} s"
        f" = {floor['wall'] / limit:.2f}; CPU {floor['cpu']:.2f} s = 1/{peer['cpu'] / floor['cpu']:.1f} of the peer's,"
        f" whole process {floor['cpu_whole']:.2f} s = 1/{1 / least:.1f}",
        (
            Figure(name="a floor of the first sync ÷ limit", value=floor["wall"] / limit),
            Figure(name="c floor of the first sync, CPU ÷ peer", value=floor["cpu"] / peer["cpu"]),
            Figure(name="c floor of the first sync, CPU of the whole process ÷ peer", value=least),
        ),
    )
    yield Row(
        f"e  peak memory: {ours['memory_mb']:.0f} MB (peer {peer['memory_mb']:.0f} MB)   aim: under 200",
        (Figure(name="e first sync, peak memory", value=ours["memory_mb"], unit="MB", aim=200),),
    )


def _peer_first_run() -> dict[str, float]:
    """The peer's first run, without latency: only its CPU is compared."""
    with tempfile.TemporaryDirectory() as name, without_limits() as served:
        folder = Path(name)
        work = peer_file(folder, plan_document())
        return run_module("tests.bench.peer", served.base_url, MAILBOX, "post", work, folder=folder, served=served)


def _floor() -> dict[str, float]:
    """Bare POSTs, with the latency of the first sync."""
    with tempfile.TemporaryDirectory() as name, without_limits() as served:
        served.act("PATCH", "/settings", {"latency_ms": LATENCY_MS})
        work = peer_file(Path(name), plan_document())
        return run_module("tests.bench.floor", served.base_url, MAILBOX, work, folder=Path(name), served=served)


def _kind(method: str, path: str) -> str:
    place = "groups" if "/groups" in path else "places" if "/places" in path else "cancel" if path.endswith("/cancel") else "events"
    return f"{method} {place}"


def _shown(counts: Counter[str]) -> str:
    return f"{sum(counts.values())} ({', '.join(f'{number} {kind}' for kind, number in sorted(counts.items()))})"
