"""The benchmark's figures on the desk's pages: how long the server works for each of them, in a plan as large as there are.

w  500 courses × 400 people, 140,000 answers     CPU of a page of HR's desk, 95th percentile; and with 400 people ÷ with 40

The pages are asked through all of the server's layers in this process, on one core, by somebody from HR. What each course comes to is
worked out once for a process and then again when it changes (`bot.opening.counted`); that first look is told beside the figures.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import quantiles
from typing import TYPE_CHECKING

from bot.desks.plan import BookPlanDesk
from bot.domain.enrolment import Enrolment
from bot.domain.events import LedgerEntry, LedgerState
from bot.domain.people import Person
from bot.domain.plan import AudienceRule, CourseStatus, Offering
from bot.domain.sign_in import Role
from bot.opening.stores import open_stores
from bot.opening.versions import accepted_of, load_record, put_in_force
from bot.store.schema import answers, registrations, seat_log
from config.settings import Settings
from tests.bench.rows import Figure, Row
from tests.builders.at_a_desk import browser_at
from tests.builders.course_books import PLAN, course, day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores

COURSES, MANY, FEW, LOOKS, AIM_MS, AIM_RATIO = 500, 400, 40, 15, 200, 3
NOW = datetime(2027, 1, 4, 8, tzinfo=UTC)
INVITED = NOW - timedelta(days=30)
ONE = "/courses/kursus-7"
PERSON = "/people/{id}"
PAGES = {
    "/": "/",
    "/courses": "/courses",
    "/courses/{id}, people": ONE,
    "/courses/{id}, history": f"{ONE}?view=history",
    "/changes": "/changes",
    "/people": "/people",
    "/people/{id}, in every course": PERSON,
    "/overview": "/overview",
}
LISTS = ("/", "/courses", "/overview")
SAID = (("accepted", "registered"),) * 4 + (("declined", "declined"), ("tentativelyAccepted", "tentative"))


def pages_of_the_desk() -> Iterator[Row]:
    """Figure w."""
    with _browser(MANY) as browser:
        first = {page: _looked(browser, _address(browser, page)) for page in PAGES}
        many = {page: _often(browser, _address(browser, page)) for page in PAGES}
    with _browser(FEW) as browser:
        for page in LISTS:
            _looked(browser, PAGES[page])
        few = {page: _often(browser, PAGES[page]) for page in LISTS}
    each = ", ".join(f"{page} {milliseconds:.0f}" for page, milliseconds in many.items())
    yield Row(
        f"w  pages of the desk, {COURSES} courses × {MANY} people, CPU, 95th percentile in ms: {each}   aim: at most {AIM_MS}"
        f" (the first look in a process: {first['/'] / 1000:.0f} s and {first['/courses'] / 1000:.0f} s)",
        tuple(Figure(name=f"w page {page}, 95th percentile of CPU", value=value, unit="ms", aim=AIM_MS) for page, value in many.items()),
    )
    ratios = {page: many[page] / few[page] for page in LISTS}
    told = ", ".join(f"{page} {ratio:.1f}" for page, ratio in ratios.items())
    yield Row(
        f"w  pages about all courses, CPU with {MANY} people ÷ with {FEW}: {told}   aim: at most {AIM_RATIO}",
        tuple(Figure(name=f"w page {page}, {MANY} ÷ {FEW} people", value=ratio, aim=AIM_RATIO) for page, ratio in ratios.items()),
    )


def _address(browser: TestClient, page: str) -> str:
    """Where the page is; somebody's own is where the list of people leads to."""
    if PAGES[page] != PERSON:
        return PAGES[page]
    return next(part for part in browser.get("/people").text.split('"') if part.startswith("/people/"))


def _often(browser: TestClient, address: str) -> float:
    return quantiles((_looked(browser, address) for _ in range(LOOKS)), n=20, method="inclusive")[-1]


def _looked(browser: TestClient, address: str) -> float:
    """The CPU of one look, in milliseconds."""
    start = time.process_time()
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return (time.process_time() - start) * 1000


@contextlib.contextmanager
def _browser(people: int) -> Iterator[TestClient]:
    graph = {"base_url": "http://127.0.0.1:9", "credential": "static_token", "static_token": "x"}
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(plan="plan.yaml", database_url=f"sqlite:///{folder}/b.db", now=NOW, graph=graph, approval="limits")
        plan = _plan(people)
        with open_stores(settings) as stores:
            _fill(stores, plan)
            with browser_at({plan.id: BookPlanDesk(settings, plan, stores)}, stores.database, *Role) as browser:
                yield browser


def _plan(count: int) -> CoursePlan:
    people = tuple(
        Person(email=f"leder{number:03}@by.example", name=f"Måling {number:03}", department=f"Afdeling {number % 12}")
        for number in range(count)
    )
    enrolment = Enrolment(capacity=count * 3 // 5, waiting_list=True, minimum=10)
    courses = tuple(
        course(
            f"kursus-{number}",
            title=f"Kursus {number} om god ledelse",
            status=CourseStatus.APPROVED,
            enrolment=replace(enrolment, deadline=datetime(2027, 1 + number % 9, 10, 12)),
            offerings=(Offering(id="main", sessions=(day("dag", f"2027-{2 + number % 9:02}-{1 + number % 28:02}T09:00"),)),),
        )
        for number in range(COURSES)
    )
    return replace(PLAN, audiences=(AudienceRule(id="ledere", name="Ledere", people=people),), courses=courses, funding=())


def _fill(stores: Stores, plan: CoursePlan) -> None:
    """The books as a round leaves them, written as rows: a round for each would take the hour."""
    people = plan.audiences[0].people
    emails = [person.email for person in people]
    stores.books.people.save_people(plan.id, people, now=INVITED)
    put_in_force(plan, load_record(plan, stores), plan.titles, stores, accepted=accepted_of(plan), now=INVITED)
    stores.books.audiences.save_members(plan.id, {"ledere": frozenset(emails)}, now=INVITED)
    stores.books.ledger.save_entries(
        LedgerEntry(
            key=plan.key_of(one), state=LedgerState.APPLIED, transaction_id=one.course.id, event_id=one.course.id, subject=one.course.title,
            start=one.session.start.replace(tzinfo=UTC), end=one.session.end.replace(tzinfo=UTC), desired_fields={}, observed_fields={},
            desired_attendees=dict.fromkeys(emails, "required"), invited_since=dict.fromkeys(emails, INVITED),
        )
        for one in plan.sessions()
    )  # fmt: skip
    given, lines, rows = [], [], []
    for one in plan.courses:
        for number, person in enumerate(people):
            who = {"plan": plan.id, "course": one.id, "offering": "main", "email": person.email}
            said = SAID[number % len(SAID)] if number % 10 < 7 else None
            at = INVITED + timedelta(minutes=number) if said else INVITED
            status = said[1] if said else "invited"
            rows.append(
                who | {"name": person.name, "status": status, "since": at, "source": "outlook", "position": None,
                "department": person.department,
                "invited": True, "answers": [], "cause": "answered" if said else "", "said": said and said[1], "said_at": said and at,
                "late": False, "unconfirmed": False, "reopened": False}
            )  # fmt: skip
            if said:
                given.append(
                    who | {"session": "dag", "part": 1, "response": said[0], "responded_at": at, "name": person.name, "seen_at": at,
                    "source": "outlook", "known": True, "timed": True}
                )  # fmt: skip
                lines.append(
                    who | {"seq": len(lines) + 1, "before": "invited", "status": status, "since": at, "noted_at": at, "cause": "answered",
                    "source": "outlook", "answered_at": at, "late": False, "by": "", "reason": "", "said": status, "said_at": at,
                    "had_seat": status == "registered", "reason_open": True}
                )  # fmt: skip
    with stores.database.write() as connection:
        for table, some in ((answers, given), (seat_log, lines), (registrations, rows)):
            connection.execute(table.insert(), some)
