"""What Teams' reports say, line by line of the tables, and when they are asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.attendance import AttendanceSaid
from bot.domain.meeting_reports import (
    HeardOf,
    ListedReport,
    MeetingRecord,
    ReadingState,
    ReportNews,
    ReportReading,
    SessionMeeting,
    are_wanted,
    are_whole,
    heard_of,
    is_denied,
    is_due,
    long_enough,
    of_session,
    report_news,
)
from bot.domain.people import PeopleIndex, Person

NINE = datetime(2027, 1, 12, 8, tzinfo=UTC)
END = NINE + timedelta(hours=2)
ANNA = Person(email="anna@by.example", name="Anna", directory_id="a1", aliases=frozenset({"ann@by.example"}))
BO = Person(email="bo@by.example", name="Bo")
PEOPLE = PeopleIndex([ANNA, BO])
CAME, ABSENT = AttendanceSaid.CAME, AttendanceSaid.ABSENT


def minutes(begin, end):
    return NINE + timedelta(minutes=begin), NINE + timedelta(minutes=end)


def record(*times, id="", email="", name=""):  # noqa: A002 - as Graph calls it
    return MeetingRecord(directory_id=id, email=email, name=name, times=tuple(minutes(*one) for one in times))


def heard(*records, online_alone=True, whole=True, placed=(), hosts=(), guests=True):
    held = SessionMeeting(start=NINE, end=END, minutes=60, online_alone=online_alone)
    return heard_of(records, held, PEOPLE, placed=placed, hosts=hosts, whole=whole, guests=guests)


def said(one):
    return [(found.email or found.name, found.said, found.minutes) for found in one]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([record((0, 60), id="a1", email="other@by.example")], [(ANNA.email, CAME, 60)]),
        ([record((0, 60), id="unknown", email="Ann@By.example")], [(ANNA.email, CAME, 60)]),
        ([record((0, 60), email=BO.email)], [(BO.email, CAME, 60)]),
        ([record((0, 59), email=BO.email)], [(BO.email, ABSENT, 59)]),
        ([record((0, 50), id="a1"), record((30, 70), email=ANNA.email)], [(ANNA.email, CAME, 70)]),
        ([record((0, 40), id="a1"), record((10, 30), id="a1")], [(ANNA.email, ABSENT, 40)]),
        ([record((0, 20), (90, 130), id="a1")], [(ANNA.email, ABSENT, 50)]),
        ([record((-90, 30), id="a1")], [(ANNA.email, ABSENT, 30)]),
        ([record((0, 60), email="gaest@firma.example", name="Gæst")], [("Gæst", CAME, 60)]),
        ([record((0, 60), email="gaest@firma.example")], [("gaest@firma.example", CAME, 60)]),
        ([record((0, 40), name="Gæst"), record((40, 80), name="Gæst")], [("Gæst", CAME, 80)]),
        ([record((0, 59), name="Gæst")], []),
        ([record((0, 120))], []),
        ([], []),
    ],
    ids=[
        "by id before address", "by another address", "by address alone", "not long enough", "phone and laptop are joined",
        "one within the other", "only what is in the session", "before it began", "a guest", "a guest without a name",
        "a name twice is one", "a guest who was short", "nobody", "empty",
    ],
)  # fmt: skip
def test_who_is_heard_of(records, expected):
    assert said(heard(*records)) == expected


def test_somebody_the_books_know_goes_by_the_address_and_others_by_name():
    assert heard(record((0, 99), id="a1", name="Anna A"), record((0, 99), name="Gæst")) == (
        HeardOf(email=ANNA.email, name="", said=CAME, minutes=99),
        HeardOf(email="", name="Gæst", said=CAME, minutes=99),
    )


def test_who_the_books_do_not_know_may_have_been_erased_from_them():
    """By name, by address, or by an id that says nothing any more; the others are heard of as before."""
    there = [record((0, 99), name="Gæst"), record((0, 99), id="c3", email="carl@by.example", name="Carl"), record((0, 99), email=BO.email)]
    assert said(heard(*there, guests=False)) == [(BO.email, CAME, 99)]


@pytest.mark.parametrize("where", [{"online_alone": False}, {"whole": False}], ids=["they may have sat in the room", "more may come"])
def test_nobody_is_absent_who_may_have_been_elsewhere(where):
    assert heard(record((0, 5), id="a1"), **where) == ()


def test_who_holds_it_is_no_walk_in_but_comes_with_a_seat():
    there = record((0, 99), id="a1")
    assert heard(there, hosts={ANNA.email}) == ()
    assert said(heard(there, hosts={ANNA.email}, placed={ANNA.email})) == [(ANNA.email, CAME, 99)]


@pytest.mark.parametrize(("threshold", "length", "expected"), [(None, 120, 60), (None, 45, 23), (90, 120, 90), (90, 60, 60), (None, 0, 1)])
def test_what_is_long_enough(threshold, length, expected):
    assert long_enough(threshold, NINE, NINE + timedelta(minutes=length)) == expected


@pytest.mark.parametrize(
    ("threshold", "everywhere", "all_day", "expected"),
    [(None, False, False, False), (None, True, False, True), (None, True, True, False), (60, False, True, True)],
)
def test_whose_reports_are_wanted(threshold, everywhere, all_day, expected):
    assert are_wanted(threshold, everywhere=everywhere, all_day=all_day) is expected


def report(begin, end, called="r"):
    start, over = minutes(begin, end)
    return ListedReport(mailbox="kurser@by.example", meeting="m", id=called, start=start, end=over)


def test_only_what_was_held_in_the_session_counts():
    """Somebody who tried the link the day before was at nothing."""
    found = of_session([report(30, 120, "b"), report(-900, -880, "try"), report(0, 25, "a"), report(120, 150, "after")], NINE, END)
    assert [one.id for one in found] == ["a", "b"]


@pytest.mark.parametrize(
    ("reports", "after", "expected"),
    [([], 30, False), ([], 1500, False), ([report(0, 20)], 30, False), ([report(0, 20)], 1440, True), ([report(0, 110)], 30, True)],
)
def test_when_no_more_is_to_come(reports, after, expected):
    assert are_whole(reports, END, END + timedelta(minutes=after)) is expected


def reading(state, after, *, ends_at=END):
    return ReportReading(plan="by", course="k", offering="h", session="s", ends_at=ends_at, state=state, at=END + timedelta(minutes=after))


WAITING, SOME, WHOLE, DENIED = ReadingState


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, 29, False),
        (None, 30, True),
        (None, 7 * 1440, True),
        (None, 7 * 1440 + 1, False),
        (reading(WAITING, 30), 59, False),
        (reading(WAITING, 30), 60, True),
        (reading(SOME, 600), 899, False),
        (reading(SOME, 600), 900, True),
        (reading(WHOLE, 30), 2000, False),
        (reading(DENIED, 30), 31, True),
        (reading(WHOLE, 30, ends_at=NINE), 31, True),
    ],
)
def test_when_a_session_is_asked_about(before, after, expected):
    assert is_due(END, before, END + timedelta(minutes=after)) is expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, 5, ReportNews.EXPECTED),
        (reading(WHOLE, 30, ends_at=NINE), 5, ReportNews.EXPECTED),
        (reading(WAITING, 30), 60, ReportNews.WAITING),
        (reading(SOME, 30), 60, ReportNews.SOME),
        (reading(WHOLE, 30), 99999, ReportNews.WHOLE),
        (reading(DENIED, 30), 60, ReportNews.DENIED),
        (reading(WAITING, 30), 7 * 1440 + 1, ReportNews.NEVER),
        (None, 7 * 1440 + 1, ReportNews.NEVER),
    ],
)
def test_what_hr_is_told(before, after, expected):
    assert report_news(END, before, END + timedelta(minutes=after)) is expected


def test_it_is_denied_for_a_day():
    zone, known = ZoneInfo("Europe/Copenhagen"), [reading(WAITING, 30), reading(DENIED, 60)]
    assert is_denied(known, now=END + timedelta(hours=5), zone=zone)
    assert not is_denied(known, now=END + timedelta(hours=20), zone=zone)
    assert not is_denied(known[:1], now=END + timedelta(hours=5), zone=zone)
