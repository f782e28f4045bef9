"""The benchmark's figure on mails: ten typical edits of a plan, ours against the peer's.

d  mails     ten typical edits of 60 sessions, ours ÷ the peer's

The peer mails everybody at each run, so that with so many times the sessions it would be so many times the mails.
"""

from __future__ import annotations

import copy
import json
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.rows import Figure, Row
from tests.bench.world import GROUP, INVITED, MAILBOX, peer_sessions, plan_document, run_module, sandbox, write_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.bench.world import Sandbox


COURSES = 20
"""Of three sessions."""


def ten_edits() -> Row:
    """Figure d. Each edit is a run of both. Exchange would not send the peer's mails on one day; they are counted all the same."""
    document, ours, peer = plan_document(), [], []
    del document["courses"][COURSES:]
    with (
        tempfile.TemporaryDirectory() as name,
        tempfile.TemporaryDirectory() as other,
        without_limits() as served,
        without_limits() as rival,
    ):
        folder, theirs = Path(name), Path(other)
        run_module("tests.bench.ours", str(write_plan(folder, document)), folder=folder, served=served)
        work = peer_file(theirs, document)
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
    return Row(
        f"d  mails of ten edits of {3 * COURSES} sessions: {sum(ours)} ÷ peer {sum(peer)} = 1/{sum(peer) / sum(ours):.0f}  ({each})",
        (Figure(name=f"d mails of ten edits of {3 * COURSES} sessions", value=sum(ours), unit="mails"),),
    )


@contextmanager
def without_limits() -> Iterator[Sandbox]:
    """A sandbox that sends whatever it is given."""
    with sandbox(attendees=INVITED) as served:
        served.act("PATCH", "/settings", {"recipients_per_day": 10**6, "messages_per_minute": 10**6})
        yield served


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


def peer_file(folder: Path, document: dict[str, Any]) -> str:
    file = folder / "sessions.json"
    file.write_text(json.dumps(peer_sessions(document, "<p>Vi arbejder med praksis.</p>")), "utf-8")
    return str(file)


def _edit_peer(file: Path, document: dict[str, Any]) -> None:
    """The peer takes the edit over for the sessions it has; it neither adds nor cancels."""
    now = {(one["subject"], one["start"]): one for one in peer_sessions(document, "<p>Vi arbejder med praksis.</p>")}
    work = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps([one | now.get((one["subject"], one["start"]), {}) for one in work]), "utf-8")
