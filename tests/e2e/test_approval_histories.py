"""A year of planning by chance, while nobody watches: HR edits, approves and rejects, people come, answer and go, and the power fails.

Every history is lived twice. In one world HR edits the plan and approves later, in parts or never; its shadow has from the start the
plan as it was approved, and no approval is ever asked. What the world does (joiners, leavers, answers, forwards, time) has to mail
the same people about the same things in both: what waits for a person reaches nobody, and what does not wait is not kept back.

The same seed is the same history; `HYPOTHESIS_PROFILE=nightly` plays many.
"""

from __future__ import annotations

import csv
import io
import os
from collections import Counter, defaultdict
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.chance import NIGHTLY, plays
from tests.e2e.driver import A_LOOK_SECONDS, mail_of, wait_until
from tests.e2e.planning import LEADERS, NAMES, REPRESENTATIVES, Planning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.sandbox.event_record import Event
    from bot.sandbox.mail_log import Mail
    from tests.e2e.driver import World

JsonObject = dict[str, Any]
Mails = Counter[tuple[str, str, str]]
STEPS = 9 if NIGHTLY else 6
PLAYS = [(int(os.environ["APPROVAL_SEED"]), STEPS)] if "APPROVAL_SEED" in os.environ else plays(4, STEPS)
ROUNDS_UNTIL_QUIET = 4
GUEST = "gaest@elsewhere.example"
HOLD_MS = 150
NO_LIMITS = {
    "SAFETY__MAX_CANCEL_SHARE": "1",
    "SAFETY__MAX_REMOVE_SHARE": "1",
    "SAFETY__MAX_CANCELLED_PEOPLE": "1000",
    "REPORT__EVERY": "never",
}


class History:
    """Two worlds, one seed."""

    def __init__(self, world: World, shadow: World, seed: int) -> None:
        self.world, self.shadow = world, shadow
        self.chance = Random(seed)  # noqa: S311 - chance that can be repeated
        self.plan = Planning(self.chance)
        self.happened: list[str] = []
        self.acted: set[str] = set()
        world.settings |= NO_LIMITS | {"APPROVAL": "", "LOG__LEVEL": "info"}
        shadow.settings |= NO_LIMITS | {"LOG__LEVEL": "info"}
        for group in (LEADERS, REPRESENTATIVES):
            for one in self.both:
                one.tenant.directory.add_group(group, group)
        for address in NAMES:
            groups = [group for group, share in ((LEADERS, 0.8), (REPRESENTATIVES, 0.5)) if self.chance.random() < share]
            for one in self.both:
                one.tenant.directory.add_person(address.split("@")[0].title(), address, *groups)
        # Groups that become empty have a rule of their own.
        for one in self.both:
            for name in ("altid", "ogsaa"):
                one.tenant.directory.add_person(name.title(), mail_of(name), LEADERS, REPRESENTATIVES)

    @property
    def both(self) -> tuple[World, World]:
        return self.world, self.shadow

    def edit(self) -> None:
        self.happened.append(self.plan.edit())

    # -- what the world does

    def let_something_happen(self) -> None:
        act = self.chance.choice(
            [self.change_a_group, self.change_a_group, self.answer, self.answer, self.answer, self.answer, self.forward, self.let_time_pass]
        )
        self.happened.append(act.__name__)
        act()

    def change_a_group(self) -> None:
        change, group, who = (
            self.chance.choice(["join", "leave"]),
            self.chance.choice([LEADERS, REPRESENTATIVES]),
            self.chance.choice(NAMES),
        )
        self.acted.add(who)
        for one in self.both:
            getattr(one.tenant.directory, change)(group, who)

    def answer(self) -> None:
        found = self.some_event()
        if found is None:
            return
        people = sorted({one.address for one in found[0].attendees} & {*NAMES, GUEST})
        if people:
            who, said = self.chance.choice(people), self.chance.choice(["accept", "accept", "accept", "decline", "tentative"])
            self.acted.add(who)
            self.happened.append(f"  {who} {said} {found[0].subject}")
            for one, event in zip(self.both, found, strict=True):
                one.tenant.people.answer(event, who, said)

    def forward(self) -> None:
        found = self.some_event()
        if found is not None:
            for one, event in zip(self.both, found, strict=True):
                one.tenant.people.forward(event, GUEST)

    def let_time_pass(self) -> None:
        then = (self.world.now + timedelta(days=self.chance.choice([1, 1, 7]), hours=1)).isoformat()
        for one in self.both:
            one.move_clock(then)

    def some_event(self) -> tuple[Event, Event] | None:
        def ahead(world: World) -> dict[tuple[str, str], Event]:
            return {
                (event.subject, event.start.utc.isoformat()): event
                for _, events in sorted(world.events.items())
                for event in events
                if event.end.utc > world.now
            }

        mine, other = map(ahead, self.both)
        assert mine.keys() == other.keys()
        if not mine:
            return None
        key = self.chance.choice(sorted(mine))
        return mine[key], other[key]

    # -- what the program does, and what holds

    def unattended(self, world: World) -> tuple[Mail, ...]:
        """Rounds as a clock orders them, until nothing happens any more; a person gets each thing once."""
        mails: list[Mail] = []
        for number in range(ROUNDS_UNTIL_QUIET):
            for command in ("run", "responses"):
                ran = world.run(command)
                assert ran.code in {0, 3}, ran.out + ran.err
                mails += ran.mails
                wrote = bool(ran.writes)
                if number == ROUNDS_UNTIL_QUIET - 1:
                    assert not wrote, f"never quiet: {ran.wire} {ran.out}"
            if number and not wrote:
                break
        return tuple(mails)

    def write_and_run(self) -> tuple[Mail, ...]:
        """One step of the world, unattended; what is mailed is what the shadow mails."""
        self.world.write(self.plan.written())
        before = self.seats()
        self.shadow.write(self.plan.in_force())
        mails, expected = self.unattended(self.world), self.unattended(self.shadow)
        assert counted(mails) == counted(expected), (
            f"too many {counted(mails) - counted(expected)}, missing {counted(expected) - counted(mails)}"
        )
        self.assert_told(before, mails)
        return mails

    def approve(self) -> None:
        """HR looks at what waits and approves all of it or a part; then the power fails once, or not."""
        shown = self.world.preview().json
        waiting = sorted(one["course"] for one in shown["courses"] if one["approval"] == "needed" and not one["rejected"])
        if not waiting:
            return
        chosen = waiting if self.chance.random() < 0.5 else self.chance.sample(waiting, self.chance.randint(1, len(waiting)))
        is_no = self.chance.random() < 0.15
        if self.plan.head != self.plan.approved_head:
            # A plan has one mailbox and one contact: its shadow could not say that of some courses alone.
            chosen, is_no = waiting, False
        if is_no:
            self.happened.append(f"reject {chosen}")
            self.decide("reject", shown, chosen)
            assert counted(self.unattended(self.world)) == {}
            return
        self.happened.append(f"approve {chosen} of {waiting}")
        self.decide("approve", shown, chosen)
        self.carry_out(chosen)

    def decide(self, word: str, shown: JsonObject, courses: list[str]) -> None:
        if len(courses) == 1:
            (checksum,) = (one["checksum"] for one in shown["courses"] if one["course"] == courses[0])
            ran = self.world.run(word, checksum, "--by", "Birthe")
        else:
            ran = self.world.run(word, shown["checksum"], "--by", "Birthe", *(part for one in courses for part in ("--course", one)))
        assert (ran.code, ran.writes, ran.mails) == (0, (), ()), ran.out + ran.err

    def carry_out(self, chosen: list[str]) -> None:
        before = self.seats()
        first = len(self.world.tenant.mail_log.mails)
        if self.chance.random() < 0.5:
            self.happened.append("  killed")
            self.kill_a_run(self.chance.randint(1, 8), self.chance.choice(["before", "after"]))
        self.unattended(self.world)
        mails = tuple(self.world.tenant.mail_log.mails[first:])
        self.plan.approve(chosen)
        self.shadow.write(self.plan.in_force())
        done = self.shadow.run("sync", "--approve", self.shadow.preview().json["checksum"])
        expected = done.mails + self.unattended(self.shadow)
        assert counted(mails) == counted(expected), (
            f"too many {counted(mails) - counted(expected)}, missing {counted(expected) - counted(mails)}"
        )
        self.assert_told(before, mails)
        told = {row["course"]: row["state"] for row in self.world.run("approvals", "--format", "json").json}
        assert not {*chosen} & {course for course, state in told.items() if state == "waiting"}

    def let_the_rest_be_approved(self) -> None:
        """Whatever waits or was rejected, until nothing does; then all is as the plan says."""
        for _ in range(ROUNDS_UNTIL_QUIET):
            shown = self.world.preview().json
            waiting = [one["course"] for one in shown["courses"] if one["approval"] == "needed"]
            if not waiting:
                break
            self.happened.append(f"approve the rest {waiting}")
            self.decide("approve", shown, waiting)
            self.carry_out(waiting)
        self.assert_as_planned()

    def kill_a_run(self, nth: int, when: str) -> None:
        faults = self.world.tenant.faults
        rule = faults.add(nth=nth, when=when, delay_ms=HOLD_MS, drop=when == "before")
        process = self.world.start("run")

        def is_over() -> bool:
            return rule.acted == 1 or process.poll() is not None

        wait_until(is_over, longest=A_LOOK_SECONDS)
        if rule.acted:
            process.kill()
        process.communicate()
        wait_until(lambda: all(one.ended for one in self.world.tenant.journal.entries))
        faults.clear()

    def seats(self) -> set[tuple[str, str]]:
        return {(row["course"], row["email"]) for row in self.rows() if row["status"] == "registered"}

    def rows(self) -> list[JsonObject]:
        found: list[JsonObject] = self.world.run("registrations", "--format", "json").json
        return found

    def assert_told(self, before: set[tuple[str, str]], mails: tuple[Mail, ...]) -> None:
        """Who had a seat has one, or gave it up, or got a word."""
        now = {email for _, email in self.seats()}
        lost = {email for _, email in before} - now
        silent = lost - {mail.to.lower() for mail in mails} - self.acted
        self.acted = set()
        known = {row["email"] for row in self.rows()}
        assert not silent & known, f"lost a seat without a word: {silent & known}"

    def assert_one_truth(self) -> None:
        """Lists, report and reminders say the same as the calendar."""
        rows = self.rows()
        self.assert_as_in_the_calendar(rows)
        registered = [row for row in rows if row["status"] == "registered"]
        seated = Counter(row["email"] for row in registered)
        assert GUEST not in seated
        table = csv.DictReader(io.StringIO(self.world.run("registrations", "--format", "csv").out.lstrip("\ufeff")), delimiter=";")
        assert Counter(row["E-mail"] for row in table if row["Status"] == "Tilmeldt") == seated
        held = Counter((row["course"], row["offering"]) for row in registered)
        for report in self.world.run("report", "--format", "json").json:
            for one in report["seats"]:
                assert one["registered"] == held[one["course"], one["offering"]], one
        coming = self.world.run("reminders", "--due-before", "2025-12-31T00:00:00+01:00", "--format", "json").json
        reminded = {(*one["session"].split("/")[1:3], one["email"]) for one in coming if one["state"] == "scheduled"}
        known = {(row["course"], row["offering"], row["email"]) for row in registered}
        assert reminded <= known, reminded - known

    def assert_as_in_the_calendar(self, rows: list[JsonObject]) -> None:
        """Who is on an event has a row, and the other way round; only who left with a seat is off, and said to be withdrawn by rule."""
        on_events: dict[tuple[str, str], list[set[str]]] = defaultdict(list)
        for stamp, (event, *twins) in self.world.events.items():
            assert twins == []
            if event.end.utc > self.world.now:
                _, course, offering, _ = stamp.split("/")
                on_events[course, offering].append({one.address.lower() for one in event.attendees if one.type != "resource"})
        listed: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in rows:
            if row["invited"] and (row["status"], row["source"]) != ("withdrawn", "rule"):
                listed[row["course"], row["offering"]].add(row["email"])
        for where, lists in on_events.items():
            for on in lists:
                assert on - {GUEST} == listed[where], where

    def assert_as_planned(self) -> None:
        """All is approved and quiet: one event for each session, as the plan says."""
        shown = self.world.preview().json
        assert shown["changes"] == []
        assert not [one for one in shown["courses"] if one["approval"] == "needed" and not one["rejected"]]
        planned = {
            f"demo/{course['id']}/{offering['id']}/{session['id']}": (course, session)
            for course in self.plan.courses.values()
            if course["status"] in {"approved", "save_the_date"}
            for offering in course["offerings"]
            for session in offering["sessions"]
            if session["end"] > f"{self.world.now:%Y-%m-%dT%H:%M}"
        }
        ahead = {stamp: events for stamp, events in self.world.events.items() if events[0].end.utc > self.world.now}
        assert ahead.keys() == planned.keys()
        for stamp, events in ahead.items():
            (event,) = events
            course, session = planned[stamp]
            assert course["title"] in event.subject
            assert f"{event.start.wall:%Y-%m-%dT%H:%M}" == session["start"]


def counted(mails: Iterable[Mail]) -> Mails:
    """Who was mailed what, by what it is about."""
    kept = (mail for mail in mails if mail.recipient.value != "room" and mail.kind.value != "response" and "hr@" not in mail.to)
    return Counter((mail.kind.value, mail.to.lower(), mail.subject) for mail in kept)


@pytest.mark.parametrize(("seed", "steps"), PLAYS)
def test_what_no_person_has_approved_reaches_nobody_and_every_list_says_the_same(
    make_world: Callable[..., World], seed: int, steps: int
) -> None:
    history = History(make_world(leaders=0), make_world(leaders=0), seed)
    try:
        play(history, steps)
    except AssertionError as error:
        error.add_note(f"seed {seed}: " + "\n".join(history.happened))
        raise


def play(history: History, steps: int) -> None:
    history.write_and_run()
    history.approve()
    for _ in range(steps):
        for _ in range(history.chance.randint(0, 2)):
            history.edit()
        if history.chance.random() < 0.7:
            history.let_something_happen()
        history.write_and_run()
        history.assert_one_truth()
        if history.chance.random() < 0.5:
            history.approve()
    history.let_the_rest_be_approved()
    history.assert_one_truth()
