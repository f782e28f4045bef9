"""People check themselves in with the code of the room: who, when, to what, and that nobody is checked in by somebody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desks.afterwards.evaluations import end_results_links, results_generation
from bot.desks.day.check_in import CheckInDesk
from bot.desks.day.door import DoorDesk
from bot.desks.person.page import BookDesk
from bot.domain.attendance import AttendanceSaid, AttendanceSource
from bot.domain.check_in import CheckInAnswer
from bot.domain.door import DoorKeeper, Tick
from bot.domain.links import Grant, Purpose
from bot.domain.renames import renames_of
from bot.links import check_in_link, check_in_word, room_code
from bot.opening.stores import open_stores
from bot.store.renames import rename_books
from tests.builders.checking_in import CHECKED, PLACE, START, settings_at
from tests.builders.course_books import GUEST, LEADERSHIP, PEOPLE, PLAN, fill

KEYS = ("hemmelig", "den gamle")
HR = DoorKeeper(source=AttendanceSource.HR, name="hanne@by.example", door="desk")


@pytest.fixture
def stores(tmp_path):
    settings = settings_at(START, f"sqlite:///{tmp_path}/check-in.db")
    with open_stores(settings) as opened:
        fill(opened, settings, CHECKED)
        yield opened


def desk(stores, now=START, plan=CHECKED, keys=KEYS):
    return CheckInDesk(settings=settings_at(now), plan=plan, stores=stores, keys=keys)


def words(stores):
    return [(one.email, one.said, one.source) for one in stores.attendance.load_words("by")]


def test_the_code_is_short_the_same_each_time_and_its_own(stores):
    word = check_in_word(KEYS[0], PLACE)
    assert len(check_in_link(KEYS[0], "https://kurser.example", PLACE)) <= 45
    others = [replace(PLACE, session="dag-2"), replace(PLACE, plan="andet")]
    assert word == check_in_word(KEYS[0], PLACE)
    assert len({word, *(check_in_word(KEYS[0], one) for one in others), check_in_word(KEYS[1], PLACE)}) == 4
    assert room_code(KEYS[0], PLACE).isdigit()
    assert len(room_code(KEYS[0], PLACE)) == 4


def test_the_code_leads_to_its_session_also_when_it_was_printed_under_an_older_key(stores):
    for key in KEYS:
        found = desk(stores).find(check_in_word(key, PLACE))
        assert (found.place, found.why_not, found.venue) == (PLACE, None, "Kulturhuset, Torvet 1")
    assert desk(stores).find("x" * 16) is None
    assert desk(stores, keys=("en anden",)).find(check_in_word(KEYS[0], PLACE)) is None


def test_without_self_check_in_there_is_nothing_to_find(stores):
    assert desk(stores, plan=PLAN).find(check_in_word(KEYS[0], PLACE)) is None
    assert desk(stores, plan=PLAN).at(*PLACE.ids) is None
    assert desk(stores).at(*PLACE.ids).place == PLACE


def test_who_has_a_seat_is_checked_in_once(stores):
    found = desk(stores).find(check_in_word(KEYS[0], PLACE))
    assert [desk(stores).say(found, PEOPLE[0].email, door="desk") for _ in range(2)] == [CheckInAnswer.DONE] * 2
    assert words(stores) == [(PEOPLE[0].email, AttendanceSaid.CAME, AttendanceSource.SELF)]
    (line,) = [one for one in stores.actions.load_actions(plan="by") if one.command == "attendance"]
    assert (line.by, line.subject, line.door, line.detail) == (PEOPLE[0].email, PEOPLE[0].email, "desk", "hold-1/dag-1: came")


@pytest.mark.parametrize("who", [PEOPLE[5].email, PEOPLE[6].email, PEOPLE[9].email, GUEST, "fremmed@by.example"])
def test_who_has_no_seat_is_sent_to_the_door_and_nothing_is_kept(stores, who):
    found = desk(stores).find(check_in_word(KEYS[0], PLACE))
    assert desk(stores).say(found, who, door="desk") is CheckInAnswer.AT_THE_DOOR
    assert words(stores) == []


def test_the_word_of_hr_stands(stores):
    door = DoorDesk(settings_at(START), CHECKED, stores, secret="hemmelig")
    line = next(one for one in door.look(*PLACE.ids, HR).lines if one.name == PEOPLE[0].name)
    door.note(*PLACE.ids, [Tick(key="1", said=AttendanceSaid.ABSENT, at=START, who=line.id)], HR)
    found = desk(stores).find(check_in_word(KEYS[0], PLACE))
    assert desk(stores).say(found, PEOPLE[0].email, door="desk") is CheckInAnswer.AT_THE_DOOR
    assert desk(stores).open_to(LEADERSHIP.id, PEOPLE[0].email) == ()


@pytest.mark.parametrize(("hours", "answer"), [(-3, CheckInAnswer.TOO_EARLY), (8, CheckInAnswer.OVER), (24, CheckInAnswer.OVER)])
def test_only_in_the_hours_around_the_session(stores, hours, answer):
    at = desk(stores, START + timedelta(hours=hours))
    found = at.find(check_in_word(KEYS[0], PLACE))
    assert at.say(found, PEOPLE[0].email, door="desk") is answer
    assert at.say_with_code(LEADERSHIP.id, room_code(KEYS[0], PLACE), PEOPLE[0].email) is None
    assert words(stores) == []


def test_the_code_of_the_room_is_good_for_its_own_session(stores):
    at = desk(stores)
    other = room_code(KEYS[0], replace(PLACE, session="dag-2"))
    assert at.say_with_code(LEADERSHIP.id, other, PEOPLE[0].email) is None
    assert at.say_with_code("foraar", room_code(KEYS[0], PLACE), PEOPLE[0].email) is None
    assert at.say_with_code(LEADERSHIP.id, room_code(KEYS[1], PLACE), PEOPLE[0].email) is CheckInAnswer.DONE
    assert len(words(stores)) == 1


def test_the_own_page_shows_what_is_open_to_who_has_a_seat(stores):
    def page(number, now=START):
        grant = Grant(purpose=Purpose.PERSON, plan="by", person=PEOPLE[number].email, course=LEADERSHIP.id, made_at=START)
        return BookDesk(settings_at(now), CHECKED, stores).page(grant)

    assert [(one.start, one.came) for one in page(0).check_ins] == [(LEADERSHIP.offerings[0].sessions[0].start, False)]
    assert page(9).check_ins == ()
    assert page(0, START - timedelta(days=1)).check_ins == ()
    desk(stores).say_with_code(LEADERSHIP.id, room_code(KEYS[0], PLACE), PEOPLE[0].email)
    assert [one.came for one in page(0).check_ins] == [True]


def test_a_session_without_a_date_is_found_nowhere(stores):
    boarding = replace(CHECKED.course("boarding"), attendance=CHECKED.courses[0].attendance)
    plan = replace(CHECKED, courses=(CHECKED.courses[0], boarding))
    assert desk(stores, plan=plan).at("boarding", "main", "dag") is None


def test_what_was_printed_under_an_older_name_leads_to_its_session(stores):
    """The course and the plan are called otherwise by now; the code of the room beside it is good as well."""
    renamed = with_other_names()
    rename_books(stores.database, renames_of(renamed))
    printed, code = check_in_word(KEYS[0], PLACE), room_code(KEYS[0], PLACE)
    now = desk(stores, plan=renamed)
    assert now.find(printed).place == replace(PLACE, plan="byen", course="ledelse-nu")
    assert now.say_with_code("ledelse-nu", code, PEOPLE[0].email) is CheckInAnswer.DONE
    assert now.find(check_in_word("en anden", PLACE)) is None


def test_what_was_printed_leads_to_its_session_also_when_that_and_its_offering_are_called_otherwise(stores):
    """However often, together with the course or alone; who has the name by now comes first."""
    printed, code = check_in_word(KEYS[0], PLACE), room_code(KEYS[0], PLACE)
    plan = CHECKED
    for offering, session, course in (("hold-1", "foerste", LEADERSHIP.id), ("foraaret", "formiddag", "ledelse-nu")):
        before = plan.courses[0]
        first = before.offerings[0]
        parts = (replace(first.sessions[0], id=session, was=first.sessions[0].id), *first.sessions[1:])
        named = replace(first, id=offering, was=first.id, sessions=parts)
        changed = replace(before, id=course, was=before.id, offerings=(named, *before.offerings[1:]))
        plan = replace(plan, courses=(changed, *plan.courses[1:]))
        rename_books(stores.database, renames_of(plan))
        place = replace(PLACE, course=course, offering=offering, session=session)
        assert desk(stores, plan=plan).find(printed).place == place
    assert desk(stores, plan=plan).say_with_code("ledelse-nu", code, PEOPLE[0].email) is CheckInAnswer.DONE
    newcomer = replace(named.sessions[1], id="dag-1", was=None, title="En ny dag")
    again = replace(changed, was=None, offerings=(replace(named, was=None, sessions=(*parts, newcomer)), *changed.offerings[1:]))
    renewed = desk(stores, plan=replace(plan, courses=(again, *plan.courses[1:])))
    assert renewed.find(check_in_word(KEYS[0], replace(place, session="dag-1"))).session_title == "En ny dag"
    assert renewed.find(printed).place == place


def test_an_old_name_that_another_course_has_by_now_is_that_ones(stores):
    """What the plan has today comes before what it had."""
    renamed = with_other_names()
    rename_books(stores.database, renames_of(renamed))
    newcomer = replace(CHECKED.known_course(LEADERSHIP.id), title="Et nyt kursus")
    plan = replace(renamed, id="by", was=None, courses=(*renamed.courses, newcomer))
    assert desk(stores, plan=plan).find(check_in_word(KEYS[0], PLACE)).title == "Et nyt kursus"


def test_a_link_to_results_that_was_ended_stays_so_when_the_course_is_called_otherwise(stores):
    """Whatever id it names: the earlier one, or today's."""
    end_results_links(CHECKED, stores, LEADERSHIP.id, now=START)
    assert results_generation(CHECKED, stores, LEADERSHIP.id) == 1
    renamed = with_other_names()
    rename_books(stores.database, renames_of(renamed))
    assert {results_generation(renamed, stores, one) for one in (LEADERSHIP.id, "ledelse-nu")} == {1}
    assert results_generation(renamed, stores, renamed.courses[1].id) == 0


def with_other_names():
    """The plan with another id for itself and for its course."""
    course = replace(CHECKED.known_course(LEADERSHIP.id), id="ledelse-nu", was=LEADERSHIP.id)
    return replace(CHECKED, id="byen", was="by", courses=(course, *CHECKED.courses[1:]))
