"""How the desk looks: WCAG 2.2 AA by axe-core, a phone without a scroll bar, targets that a finger meets; with the longest of words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from bot.approvals.progress import CourseProgress, Progress
from bot.domain.approvals import Decision, Door, WaitReason
from bot.domain.changed_ids import ChangedId, IdLevel
from bot.domain.links import Grant, Purpose
from bot.domain.named import Named
from bot.domain.pages import OwnPlace, PersonCourse, PersonCourses
from bot.domain.people import Language, Person
from bot.domain.registrations import RegistrationStatus
from bot.domain.reports import Pending, PendingCourse
from bot.hr_report.today import NearDate, Today, TodayItem, Urgency
from bot.overview.compose import overview_of
from config.settings import Settings
from tests.builders.browsers import LONG, PHONE, assert_everybody_can_use, assert_everybody_can_use_on_every_screen
from tests.builders.overviews import directors_counts, directors_plan
from tests.builders.report_facts import PLAN

NOW = datetime(2025, 6, 10, 9)
WAITING = PendingCourse(
    course="k", title=LONG * 2, checksum="0cc7fe47990cb9bc", since=NOW, mails=397, people=397,
    reasons=(("plan",), ("empty_group", LONG)), told=((LONG, "onsdag den 18. juni 2025", LONG * 2),),
    ids=(ChangedId(level=IdLevel.COURSE, course="k", gone="l", old=LONG, new=LONG * 2, title=LONG * 2),),
)  # fmt: skip
SAID = Decision(
    plan="by", course="k", checksum="0cc7fe47990cb9bc", revision="", approved=True, mails=1, people=1, reasons=(WaitReason.PLAN,),
    since=datetime.now(UTC), by="bo@by.example", at=datetime.now(UTC), door=Door.DESK, comment=LONG,
)  # fmt: skip
GRANT = Grant(purpose=Purpose.PERSON, plan="by", person="ane@by.example", course="k", made_at=datetime.now(UTC), generation=0)
PLACE = OwnPlace(offering=LONG, when=NOW, status=RegistrationStatus.WAITLISTED, position=3, answered=NOW)


@dataclass
class Desk:
    """One plan without books: as much as there can be on each page, or nothing at all."""

    is_empty: bool = False
    plan_file: str | None = None
    written: object = field(default_factory=lambda: PLAN)
    approvers: int = 2
    named: Named = field(default_factory=Named)

    def pending(self):
        return None if self.is_empty else Pending(courses=(WAITING, replace(WAITING, course="l")))

    def today(self, _visitor):
        if self.is_empty:
            return Today(wall=NOW)
        about = {"course": "k", "title": LONG * 2, "names": (LONG,) * 6, "quote": LONG, "when": NOW, "since": NOW, "count": 2, "of": 3}
        about |= {"email": "ane@by.example", "until": NOW.replace(tzinfo=UTC)}
        items = (*(TodayItem(kind=kind, **about) for kind in Urgency), TodayItem(kind=Urgency.RETURNED, names=(LONG,)))
        date = NearDate(course="k", title=LONG * 2, at=NOW, is_deadline=False, registered=27, waiting=3, capacity=40)
        near = (date, replace(date, capacity=None), replace(date, is_deadline=True, unanswered=11))
        return Today(wall=NOW, items=items, near=near, answers=(("k", LONG * 2, 9, 1, 2),))

    def progress(self):
        if self.is_empty:
            return ()
        done = replace(SAID, mails=397, done_at=NOW.replace(tzinfo=UTC))
        sent_of = {Progress.NEXT: 0, Progress.UNDER_WAY: 212, Progress.DONE: 397, Progress.REJECTED: 0}
        return tuple(CourseProgress(decision=done, state=state, sent=sent) for state, sent in sent_of.items())

    def decided(self, pending):
        return {one.course: (SAID,) for one in pending.courses} if pending else {}

    def left_for_another(self, *_said):
        return frozenset()

    def decide(self, *_said, **_how):
        return ()

    def overview(self, _years):
        return overview_of(directors_plan(), directors_counts(), now=datetime(2023, 11, 1, 9, tzinfo=UTC))

    @property
    def as_read(self):
        return self.written

    @property
    def stores(self):
        return self.books.stores

    @property
    def books(self):
        """What the pages of a decision and of the plan ask of them."""
        noted = noted_ids = revisions = SimpleNamespace(load=lambda _plan: ())
        audiences, people = SimpleNamespace(load_members=lambda _plan: {}), SimpleNamespace(load_people=lambda _plan: ())
        plan, stores = (
            directors_plan(),
            SimpleNamespace(
                noted=noted, noted_ids=noted_ids, revisions=revisions, books=SimpleNamespace(audiences=audiences, people=people)
            ),
        )
        now = lambda: datetime(2023, 11, 1, 9, tzinfo=UTC)  # noqa: E731 - a method of what stands for books
        return SimpleNamespace(
            plan=plan, whole=plan, written=plan, stores=stores, settings=Settings(plan=self.plan_file), now=now, saved=None, origin=None
        )

    def leaders(self, _visitor):
        return () if self.is_empty else (Person(email="chef@by.example", name=LONG),)

    def my_people(self, _visitor):
        return SimpleNamespace(has_any=not self.is_empty)

    def own_courses(self, _visitor, _leader=None):
        course = PersonCourse(course="k", title=LONG * 2, first=NOW, cancelled=False, places=(PLACE,), grant=GRANT)
        courses = () if self.is_empty else (course, replace(course, places=(), answer_by=NOW), replace(course, cancelled=True))
        feeds = () if self.is_empty else ((LONG, replace(GRANT, purpose=Purpose.FEED)),)
        return PersonCourses(organisation="By", contact="hr@by.example", courses=courses, feeds=feeds)


DECISION = f"/decisions/{next(one.id for one in directors_plan().assumptions if one.value is None)}"


@pytest.mark.parametrize("locale", ["da-DK", "en-GB"])
@pytest.mark.parametrize("is_empty", [False, True], ids=["full", "empty"])
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/changes",
        "/changes?done=approve",
        "/me",
        "/overview",
        "/plan",
        "/plan/calendar?year=2024",
        "/plan/texts",
        "/dates",
        DECISION,
        "/signout",
    ],
)
def test_every_page_of_the_desk_can_be_used_by_everybody(open_page, tmp_path, address, is_empty, locale):
    page = open_page(address, Desk(is_empty=is_empty), viewport=PHONE, locale=locale)
    assert_everybody_can_use_on_every_screen(page, tmp_path / "page.png", colours=locale == "da-DK")
    assert page.evaluate("document.documentElement.lang") == Language(locale[:2])


def test_who_has_to_show_anew_who_they_are_sees_what_waits_all_the_same(open_page, tmp_path):
    """And the way to the sign-in in the place of the buttons."""
    page = open_page("/changes", Desk(), proved_at=None)
    assert page.get_by_role("link", name="Log ind igen").is_visible()
    assert page.get_by_role("button").count() == 0
    assert_everybody_can_use(page, tmp_path / "page.png")


def test_the_script_is_loaded_without_any_right_to_make_more_of_it(open_page):
    """Files of ours: nothing that stands in a page runs, no text becomes a script, and no page is kept in the browser."""
    shown = open_page("/changes", Desk())
    # A page without the fixture's ears: what is blocked here is meant to be.
    page = shown.context.new_page()
    page.goto(shown.url)
    settings = page.evaluate("htmx.config")
    assert {
        "allowEval": False,
        "allowScriptTags": False,
        "historyCacheSize": 0,
        "includeIndicatorStyles": False,
    }.items() <= settings.items()
    assert settings["selfRequestsOnly"] is True
    page.evaluate("""document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="window.ran = 1">')""")
    page.evaluate("""const one = document.createElement('script'); one.textContent = 'window.ran = 2'; document.body.append(one)""")
    assert page.evaluate("window.ran") is None
    policy = page.request.get(page.url).headers["content-security-policy"]
    assert "script-src 'self'; connect-src 'self'" in policy
    assert "unsafe" not in policy


def test_pages_without_a_need_for_it_load_no_script(open_page):
    """Whoever opens a link from a mail runs none."""
    page = open_page("/changes", Desk())
    answer = page.request.get(page.url.replace("/changes", "/p/x"))
    assert ("<script" in answer.text(), "script-src" in answer.headers["content-security-policy"]) == (False, False)


@dataclass
class Time:
    """The time of a demonstration."""

    is_moving: bool
    wall: datetime = NOW
    moved: list = field(default_factory=list)

    def move(self, days):
        self.moved.append(days)
        self.is_moving = False


@pytest.mark.parametrize("is_moving", [False, True])
def test_the_strip_of_a_demonstration_can_be_used_by_everybody(open_page, tmp_path, is_moving):
    """It stands above every page, and says what time it is there."""
    page = open_page("/changes", Desk(), viewport=PHONE, time=Time(is_moving))
    assert page.get_by_role("complementary", name="Demonstration").is_visible()
    assert page.get_by_role("button", name="Gå en uge frem").count() == (0 if is_moving else 1)
    assert_everybody_can_use_on_every_screen(page, tmp_path / "page.png")


def test_the_page_comes_anew_by_itself_when_time_has_stopped(open_page):
    """Whoever looks on sees the day change."""
    time = Time(is_moving=True)
    page = open_page("/changes", Desk(), time=time)
    assert page.get_by_role("status").filter(has_text="Tiden går").is_visible()
    time.is_moving = False
    page.get_by_role("button", name="Gå én dag frem").wait_for()
    page.get_by_role("button", name="Gå én dag frem").click()
    page.wait_for_load_state()
    assert (time.moved, page.url.endswith("/changes")) == ([1], True)
