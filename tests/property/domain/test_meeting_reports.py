"""What Teams' reports come to is the same however they are cut up, and whatever else was said before or after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.attendance import AttendanceSaid, AttendanceSource, AttendanceWord, attendance_of
from bot.domain.meeting_reports import MeetingRecord, SessionMeeting, heard_of
from bot.domain.people import PeopleIndex, Person

NINE = datetime(2027, 1, 12, 8, tzinfo=UTC)
LENGTH = 120
NAMES = ("anna", "bo", "carl")
PEOPLE = PeopleIndex(Person(email=f"{name}@by.example", name=name, directory_id=f"id-{name}") for name in NAMES)
ADDRESSES = frozenset(f"{name}@by.example" for name in NAMES)
HELD = SessionMeeting(start=NINE, end=NINE + timedelta(minutes=LENGTH), minutes=60, online_alone=True)
WHO, HOW = st.sampled_from((*NAMES, "gæst")), st.sampled_from(("id", "email", "both"))
STAYS = st.lists(st.tuples(st.integers(-30, LENGTH + 30), st.integers(0, 90)), max_size=3)


@st.composite
def device(draw):
    """One of the three, by id, by address or by both, or a guest; minutes before, in and after the session."""
    name = draw(WHO)
    known = name != "gæst"
    by = draw(HOW) if known else ""
    times = tuple((NINE + timedelta(minutes=at), NINE + timedelta(minutes=at + length)) for at, length in draw(STAYS))
    return MeetingRecord(
        directory_id=f"id-{name}" if by in {"id", "both"} else "",
        email=f"{name}@by.example" if by in {"email", "both"} else "",
        name=name,
        times=times,
    )


DEVICES = st.lists(device(), max_size=8)


def heard(records, **more):
    given_ = {"placed": ADDRESSES, "hosts": frozenset(), "whole": True} | more
    return {one.email or one.name: one for one in heard_of(records, HELD, PEOPLE, **given_)}


def minutes_of(records, name):
    """By counting every minute of the session, one by one."""
    mine = [one for one in records if one.name == name]
    at = (NINE + timedelta(minutes=minute) for minute in range(LENGTH))
    return sum(any(begin <= moment < end for one in mine for begin, end in one.times) for moment in at)


@given(DEVICES, st.randoms(use_true_random=True))
def test_the_order_of_reports_and_devices_makes_no_difference_and_nothing_counts_twice(records, chance):
    shuffled = [*records, *records[:2]]
    chance.shuffle(shuffled)
    assert heard(shuffled) == heard(records)
    for who, one in heard(records).items():
        assert one.minutes == minutes_of(records, who.partition("@")[0])
        assert (one.said is AttendanceSaid.CAME) is (one.minutes >= HELD.minutes)


@given(DEVICES)
def test_a_meeting_that_was_cut_in_two_is_the_same_meeting(records):
    middle = NINE + timedelta(minutes=47)
    parts = [
        MeetingRecord(
            directory_id=one.directory_id,
            email=one.email,
            name=one.name,
            times=tuple(part for begin, end in one.times for part in ((begin, min(end, middle)), (max(begin, middle), end))),
        )
        for one in records
    ]
    assert heard(parts) == heard(records)


@given(DEVICES)
def test_nobody_is_absent_who_is_not_in_a_report_or_of_whom_more_may_come(records):
    there = {one.name for one in records}
    for who, one in heard(records).items():
        assert who.partition("@")[0] in there
        assert who in ADDRESSES or one.said is AttendanceSaid.CAME
    assert all(one.said is AttendanceSaid.CAME for one in heard(records, whole=False).values())


@given(
    DEVICES,
    st.lists(
        st.tuples(
            st.sampled_from(sorted(ADDRESSES)),
            st.sampled_from([AttendanceSource.HR, AttendanceSource.DOOR, AttendanceSource.SELF]),
            st.sampled_from([AttendanceSaid.CAME, AttendanceSaid.ABSENT]),
            st.integers(-60, 300),
        ),
        max_size=6,
    ),
    st.integers(150, 300),
)
def test_whoever_says_something_counts_more_than_teams_whichever_came_first(records, others, read_at):
    """The report is read at some moment before, between or after what people say: the moment makes no difference."""

    def word(number, who, source, said, minute, minutes=None):
        at = NINE + timedelta(minutes=minute)
        return AttendanceWord(
            plan="by", key=f"{number}", course="k", offering="h", session="s", email=who if "@" in who else "", said=said,
            source=source, at=at, noted_at=at, name="" if "@" in who else who, minutes=minutes,
        )  # fmt: skip

    people = [word(number, *one) for number, one in enumerate(others)]
    reports = [
        [word(f"t{who}", who, AttendanceSource.TEAMS, one.said, minute, one.minutes) for who, one in heard(records).items()]
        for minute in (read_at, read_at - 400)
    ]
    late, early = (attendance_of([*people, *words], ADDRESSES) for words in reports)
    assert (late.came, late.absent, late.unknown, late.walk_ins) == (early.came, early.absent, early.unknown, early.walk_ins)
    before = attendance_of(people, ADDRESSES)
    for who in before.by:
        assert late.of(who) is before.of(who)
