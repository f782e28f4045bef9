"""The pages of large plans are made ready aside: whoever comes first waits for nothing, and a stop waits for one part at the most."""

from __future__ import annotations

import pytest

from bot.desks.plan import BookPlanDesk
from bot.opening.stores import open_stores
from bot.rounds.todays_report import todays_report
from config.settings import Settings
from jobs.warming import Warming
from tests.builders.course_books import NOW, PLAN, fill

GRAPH = {"base_url": "http://127.0.0.1:9", "credential": "static_token", "static_token": "x"}


@pytest.fixture
def desk(tmp_path):
    settings = Settings(plan="plan.yaml", database_url=f"sqlite:///{tmp_path}/b.db", now=NOW, graph=GRAPH, approval="limits")
    with open_stores(settings) as stores:
        fill(stores, settings)
        yield BookPlanDesk(settings, PLAN, stores)


@pytest.fixture
def read(desk, monkeypatch):
    """Of which courses answers are read."""
    read, book = [], type(desk.stores.answers)
    load = book.load_answers
    monkeypatch.setattr(book, "load_answers", lambda self, plan, **of: read.append(of["course"]) or load(self, plan, **of))
    return lambda: [courses for courses in read if courses]


def test_what_was_made_ready_is_not_worked_out_by_the_first_who_looks(desk, read):
    Warming({PLAN.id: desk}, many=1).look()
    before = read()
    assert before
    todays_report(desk.books, now=desk.now())
    assert read() == before


def test_a_plan_of_few_courses_is_left_to_whoever_looks(desk, read):
    Warming({PLAN.id: desk}, many=len(PLAN.courses) + 1).look()
    assert read() == []


def test_a_plan_that_cannot_be_read_keeps_no_other_from_being_made_ready(desk, read):
    class Broken:
        as_read = PLAN

        @property
        def books(self):
            raise RuntimeError

    Warming({"andre": Broken(), PLAN.id: desk}, many=1).look()
    assert read()


def test_a_stop_ends_it_before_the_next_part(desk, read):
    warming = Warming({PLAN.id: desk}, many=1)
    warming.start()
    warming.stop()
    warming.look()
    assert read() == []
    assert not warming._thread.is_alive()
