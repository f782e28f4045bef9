"""Who came is the same whatever the order in which the sources tell, and however often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.attendance import OF_THE_LIST, AttendanceSaid, AttendanceSource, AttendanceWord, attendance_of

NINE = datetime(2027, 1, 12, 8, tzinfo=UTC)
PEOPLE = ("anna@by.example", "bo@by.example", "carl@by.example", "")
OF_A_LIST, OF_A_PERSON = (st.sampled_from(sorted(kinds)) for kinds in (OF_THE_LIST, {*AttendanceSaid} - OF_THE_LIST))
WHETHER, MINUTES, KEYS = st.booleans(), st.integers(0, 5), st.text("ab", min_size=1, max_size=6)
WHO, SOURCES = st.sampled_from(PEOPLE), st.sampled_from(list(AttendanceSource))


@st.composite
def said(draw):
    of_list = draw(WHETHER)
    at = NINE + timedelta(minutes=draw(MINUTES))
    return AttendanceWord(
        plan="by", key=draw(KEYS), course="k", offering="h", session="s",
        email="" if of_list else draw(WHO), name="Gæst", said=draw(OF_A_LIST if of_list else OF_A_PERSON),
        source=draw(SOURCES), at=at, noted_at=at,
    )  # fmt: skip


WORDS = st.lists(said(), max_size=12, unique_by=lambda word: word.key)


def the_order_makes_no_difference_and_neither_does_telling_twice(words, seated, chance):
    shuffled = [*words, *words[:3]]
    chance.shuffle(shuffled)
    assert attendance_of(shuffled, seated) == attendance_of(words, seated)


def everybody_with_a_seat_is_in_one_of_three_groups_and_nobody_without_is_missed(words, seated):
    found = attendance_of(words, seated)
    assert seated <= found.came | found.absent | found.unknown
    assert not found.came & found.absent
    assert not found.unknown & (found.came | found.absent)
    assert found.absent | found.unknown <= seated | found.unknown & seated
    assert found.walk_ins == found.came - seated


def nobody_is_absent_without_a_word_or_a_closed_list(words, seated):
    found = attendance_of(words, seated)
    for who in found.absent:
        assert found.closed or found.by[who].said is AttendanceSaid.ABSENT


def the_last_word_of_hr_is_what_counts(words, seated):
    found = attendance_of(words, seated)
    for who in seated:
        theirs = [one for one in words if one.who == who and one.source is AttendanceSource.HR]
        if theirs:
            last = max(theirs, key=lambda one: (one.at, one.noted_at, one.key)).said
            if last is AttendanceSaid.CAME:
                assert who in found.came
            if last is AttendanceSaid.ABSENT:
                assert who in found.absent


def who_checks_in_themselves_changes_nothing_that_the_door_or_hr_has_said(words, seated, minutes):
    before = attendance_of(words, seated)
    at = NINE + timedelta(minutes=minutes)
    for who in PEOPLE[:3]:
        own = AttendanceWord(
            plan="by", key=f"own {who}", course="k", offering="h", session="s", email=who, said=AttendanceSaid.CAME,
            source=AttendanceSource.SELF, at=at, noted_at=at,
        )  # fmt: skip
        after = attendance_of([*words, own], seated)
        if who in before.by and before.by[who].source in {AttendanceSource.HR, AttendanceSource.DOOR}:
            assert after.by[who] == before.by[who]
            assert after.came == before.came
        for other in {*PEOPLE[:3]} - {who}:
            assert after.of(other) == before.of(other)


@given(WORDS, st.sets(st.sampled_from(PEOPLE[:3])), st.integers(0, 5), st.randoms(use_true_random=True))
def test_whoever_says_whatever(words, seated, minutes, chance):
    """Each of these of what is drawn once, which takes longer than to look at it; whoever fails is named by where it does."""
    the_order_makes_no_difference_and_neither_does_telling_twice(words, seated, chance)
    everybody_with_a_seat_is_in_one_of_three_groups_and_nobody_without_is_missed(words, seated)
    nobody_is_absent_without_a_word_or_a_closed_list(words, seated or {PEOPLE[0]})
    the_last_word_of_hr_is_what_counts(words, seated or {PEOPLE[0]})
    who_checks_in_themselves_changes_nothing_that_the_door_or_hr_has_said(words, seated, minutes)
