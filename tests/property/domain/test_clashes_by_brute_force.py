"""Clashes against every pair of sessions looked at one by one: the sweep of the preview, and what `check` says of the same plan."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.busy_weeks import find_busy_weeks
from bot.domain.clashes import Shared, Stay, find_clashes
from bot.domain.events import SessionKey
from bot.plan import parse_plan

DAY = datetime(2027, 6, 14)
HEAD = """\
version: 1
id: demo
organisation: Demo Kommune
timezone: Europe/Copenhagen
language: da
organiser: kurser@demo.example
contact: hr@demo.example
audiences: {ledere: {groups: [ledere@demo.example]}}
courses:
"""
some = st.frozensets(st.sampled_from(("eva@x.example", "bo@x.example", "ida@x.example")))


@st.composite
def plans_of_stays(draw):
    """Courses of one or two offerings with sessions within a day, as stays."""
    stays = []
    for number in range(draw(st.integers(1, 5))):
        speakers, to_choose = draw(some), draw(st.booleans())
        for offering in range(draw(st.integers(1, 2))):
            for session in range(draw(st.integers(0, 2))):
                start = DAY + timedelta(hours=draw(st.integers(0, 12)))
                stays.append(
                    Stay(
                        key=SessionKey(plan="demo", course=f"c{number}", offering=f"h{offering}", session=f"s{session}"),
                        title="",
                        start=start,
                        end=start + timedelta(hours=draw(st.integers(1, 8))),
                        people=draw(some),
                        speakers=speakers,
                        room=draw(st.sampled_from(("", "sal-1@x.example", "sal-2@x.example"))),
                        to_choose=to_choose,
                        shares_speakers=len(speakers) > 1,
                    )
                )
    return stays


@st.composite
def stays_of_weeks(draw):
    """The same, spread over some weeks around a new year, some of them several days long."""
    stays = []
    for stay in draw(plans_of_stays()):
        start = datetime(2026, 12, 21) + timedelta(days=draw(st.integers(0, 20)), hours=draw(st.sampled_from((0, 9, 23))))
        length = draw(st.sampled_from((timedelta(hours=1), timedelta(days=1), timedelta(days=9), timedelta(days=50))))
        stays.append(replace(stay, start=start, end=start + length))
    return stays


def courses_a_week(stays, person):
    """Day by day: (ISO week, course) of everything that a person is to come to, whatever they choose."""
    at = {}
    for stay in stays:
        days = [stay.start.date() + timedelta(days=number) for number in range(60)]
        days = [day for day in days if datetime.combine(day, time.min) < stay.end]
        weeks = list(dict.fromkeys(day.isocalendar()[:2] for day in days))[:5]
        if person in stay.people:
            at.setdefault(stay.key.course, {}).setdefault(stay.key.offering if stay.to_choose else "", set()).update(weeks)
    return {(week, course) for course, offerings in at.items() for week in set.intersection(*offerings.values())}


@given(stays_of_weeks(), st.integers(1, 4))
def test_the_weeks_that_are_too_full_are_those_that_each_persons_calendar_shows(stays, most):
    theirs = {person: courses_a_week(stays, person) for person in ("eva@x.example", "bo@x.example", "ida@x.example")}
    weeks = sorted({week for courses in theirs.values() for week, _ in courses})
    expected = []
    for week in weeks:
        count = {person: {course for then, course in courses if then == week} for person, courses in theirs.items()}
        people = {person for person, courses in count.items() if len(courses) > most}
        if people:
            expected.append((week, people, set().union(*(count[person] for person in people))))
    found = find_busy_weeks(stays, most=most)
    assert [(one.week, one.people, {*one.courses}) for one in found] == expected
    assert all({stay.key.course for stay in one.stays} == {*one.courses} and one.most == most for one in found)
    assert find_busy_weeks(stays[::-1], most=most) == found


def pairs(stays):
    """(What, the two, addresses) of each clash, by the words of the table."""
    for one, other in combinations(stays, 2):
        if one.start >= other.end or other.start >= one.end:
            continue
        same_course = one.key.course == other.key.course
        speaking = {name for name in one.speakers if name in other.speakers}
        present = [{*stay.people, *stay.speakers} for stay in (one, other)]
        # Who is on both lists, unless as a speaker of both.
        people = {name for name in present[0] & present[1] if name not in speaking}
        both = frozenset({str(one.key), str(other.key)})
        if people and not (same_course and one.to_choose and one.key.offering != other.key.offering):
            yield Shared.PEOPLE, both, frozenset(people)
        if one.room and one.room == other.room:
            yield Shared.ROOM, both, frozenset({one.room})
        if speaking and not (same_course and one.shares_speakers):
            yield Shared.SPEAKER, both, frozenset(speaking)


def the_sweep_finds_what_looking_at_every_pair_finds_in_any_order(stays, chance):
    found = find_clashes(stays)
    told = [(one.shared, frozenset({str(one.first.key), str(one.second.key)}), one.addresses) for one in found]
    assert len(told) == len(set(told))
    assert set(told) == set(pairs(stays))
    assert all(one.first.start <= one.second.start for one in found)
    shuffled = list(stays)
    chance.shuffle(shuffled)
    assert find_clashes(shuffled) == found


def check_tells_of_a_room_or_speaker_wherever_there_is_a_pair(stays):
    """At the later of the two, once for each room and speaker, with one that it clashes with."""
    found = parse_plan(_yaml(stays).encode(), name="plan.yaml", now=datetime(2025, 1, 1, tzinfo=UTC)).problems
    clashes = find_clashes(stays)
    for code, shared in (("room.twice", Shared.ROOM), ("speaker.twice", Shared.SPEAKER)):
        told = [(one.params["session"], one.params["other"]) for one in found if one.code == code]
        named = [(str(one.second.key)[5:], str(one.first.key)[5:], one.addresses) for one in clashes if one.shared is shared]
        by_pair = {frozenset(pair) for pair in told}
        assert by_pair <= {frozenset((second, first)) for second, first, _ in named}
        assert len(told) == len({(_later(stays, second, first), address) for second, first, both in named for address in both})


def _later(stays, second, first):
    """Of two that begin and end at the same time, `check` goes by the order of the file."""
    order = {str(stay.key)[5:]: (stay.start, stay.end, place) for place, stay in enumerate(stays)}
    return max(first, second, key=order.__getitem__)


def _yaml(stays):
    lines = []
    for course in dict.fromkeys(stay.key.course for stay in stays):
        own = [stay for stay in stays if stay.key.course == course]
        mode = "choose" if own[0].to_choose else "invite"
        speakers = ", ".join(f"{{name: {name[:2]}, email: {name}}}" for name in sorted(own[0].speakers))
        lines += [f"  - {{id: {course}, title: T, status: approved, audience: ledere, enrolment: {{mode: {mode}}},"]
        lines += [f"     speakers: [{speakers}], offerings: ["]
        for offering in dict.fromkeys(stay.key.offering for stay in own):
            sessions = ", ".join(_session(stay) for stay in own if stay.key.offering == offering)
            lines += [f"       {{id: {offering}, sessions: [{sessions}]}},"]
        lines += ["     ]}"]
    return HEAD + "\n".join(lines or ["  []"]) + "\n"


def _session(stay):
    venue = f", venue: {{name: Sal, room: {stay.room}}}" if stay.room else ""
    return f"{{id: {stay.key.session}, start: {stay.start:%Y-%m-%dT%H:%M}, end: {stay.end:%Y-%m-%dT%H:%M}{venue}}}"


@given(plans_of_stays(), st.randoms(use_true_random=True))
def test_wherever_two_things_are_at_once(stays, chance):
    """Each of these of what is drawn once, which takes longer than to look at it; whoever fails is named by where it does."""
    the_sweep_finds_what_looking_at_every_pair_finds_in_any_order(stays, chance)
    check_tells_of_a_room_or_speaker_wherever_there_is_a_pair(stays)
