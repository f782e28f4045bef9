"""The lists that follow from seats alone, who swaps, and what HR reads of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.changes import Create, Reason, Update
from bot.domain.events import LedgerState
from bot.domain.messages import Message
from bot.domain.people import Language
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import Attendance, Cause, OfferingSeats, Standing, Transition
from bot.domain.templates import MessageKind
from bot.invitations.ledger_entries import lists_settled
from bot.invitations.preview_seats import seat_notes, seat_sections
from bot.invitations.seat_changes import LATELY, list_changes, list_update
from bot.invitations.swaps import Swaps
from tests.builders.samples import KEY, NOBODY, NOW, address, make_course, make_desired, make_entry, make_observed, make_plan

PLAN = make_plan()
COURSE = PLAN.courses[0].id
ANNA, BO, EVA = map(address, ("anna", "bo", "eva"))


def changes(*on_event, now=NOW, plan=PLAN, **wishes):
    entry = make_entry(make_desired(*on_event), make_observed(make_desired(*on_event)))
    attendance = {(COURSE, "main"): Attendance(**{name: frozenset(people) for name, people in wishes.items()})}
    return entry, list_changes(plan, {entry.key: entry}, attendance, {"ledere": frozenset({ANNA, BO})}, NOBODY, now=now)


def test_who_has_a_seat_is_put_on_and_who_has_none_is_taken_off():
    """Somebody from outside too; who is there already, or answered, is left."""
    entry, (found,) = changes("anna", "bo", on={BO, EVA}, off={ANNA}, stays={BO})
    assert (found.entry, found.add, found.remove) == (entry, (EVA,), (ANNA,))
    assert changes("anna", on={ANNA}, off={BO})[1] == ()


def test_whom_hr_turned_away_just_now_is_taken_off_although_no_books_have_them():
    """Later the sync sees to it: without a request nobody can tell whether they are off."""
    guest = address("gaest")
    entry = make_entry(make_desired("anna"), make_observed(make_desired("anna")))

    def removed(since):
        wishes = {(COURSE, "main"): Attendance(off=frozenset({guest}), turned_away={guest: since})}
        return [one.remove for one in list_changes(PLAN, {entry.key: entry}, wishes, {}, NOBODY, now=NOW)]

    assert removed(NOW) == [(guest,)]
    assert removed(NOW - LATELY) == []


def interrupted(*on_event, settled=(), **more):
    """The books of a write that failed: those it moved are in the list, and settled are only the others."""
    entry = make_entry(make_desired(*on_event), make_observed(make_desired(*on_event)))
    return replace(entry, state=LedgerState.INTENDED, invited_since=dict.fromkeys(map(address, settled), NOW), **more)


def test_what_a_failed_write_left_undone_is_done_again_on_the_same_event():
    """Also where the other part of the session has room: nobody is on both."""
    entry = interrupted("anna", "bo", "carl", settled=("carl",))
    other = make_entry(make_desired("dorte"), make_observed(make_desired("dorte")))
    ledger = {entry.key: entry, replace(KEY, part=2): replace(other, key=replace(KEY, part=2))}
    wishes = {(COURSE, "main"): Attendance(on=frozenset({ANNA, address("carl")}), off=frozenset({BO}))}
    (found,) = list_changes(PLAN, ledger, wishes, {"ledere": frozenset({ANNA})}, NOBODY, now=NOW)
    assert (found.entry, found.add, found.remove) == (entry, (ANNA,), (BO,))


def test_what_a_lost_answer_had_done_is_only_written_down():
    (found,) = list_changes(
        PLAN,
        {KEY: (entry := interrupted("anna", "bo"))},
        {(COURSE, "main"): Attendance(on=frozenset({ANNA}), off=frozenset({BO}))},
        {},
        NOBODY,
        now=NOW,
    )
    observed = make_observed(make_desired("anna"))
    made = list_update(found, observed, NOBODY, released=frozenset())
    assert (made.add, made.remove, made.mails, [one.email for one in made.desired.attendees]) == ((), (), 0, [ANNA])
    after = lists_settled(made, observed, entry, NOBODY, now=NOW)
    assert (after.state, after.desired_attendees, after.invited_since) == (LedgerState.APPLIED, {ANNA: "required"}, {ANNA: NOW})


def test_a_field_that_is_under_way_is_left_for_the_sync_to_look_at():
    entry = interrupted("anna", observed_fields={})
    (found,) = list_changes(PLAN, {KEY: entry}, {(COURSE, "main"): Attendance(on=frozenset({ANNA}))}, {}, NOBODY, now=NOW)
    made = list_update(found, make_observed(make_desired()), NOBODY, released=frozenset())
    assert made.add == (ANNA,)
    assert lists_settled(made, make_observed(make_desired("anna")), entry, NOBODY, now=NOW).state is LedgerState.INTENDED


def test_events_that_have_begun_may_not_be_there_or_have_left_the_plan_are_left_to_the_sync():
    assert changes("anna", off={ANNA}, now=NOW + timedelta(days=365))[1] == ()
    assert changes("anna", off={ANNA}, plan=replace(PLAN, courses=()))[1] == ()
    entry = replace(make_entry(make_desired("anna"), make_observed(make_desired("anna"))), state=LedgerState.INTENDED, event_id=None)
    wishes = {(COURSE, "main"): Attendance(off=frozenset({ANNA}))}
    assert list_changes(PLAN, {entry.key: entry}, wishes, {}, NOBODY, now=NOW) == ()
    assert list_changes(PLAN, {entry.key: entry}, {}, {}, NOBODY, now=NOW) == ()


def test_the_update_leaves_the_books_on_the_content_alone():
    _, (found,) = changes("anna", "bo", on={EVA}, off={ANNA})
    update = list_update(found, make_observed(make_desired("anna", "bo")), NOBODY, released=frozenset({ANNA}))
    assert (update.reason, update.lists_only, update.mails, update.released) == (Reason.SEATS, True, 2, (ANNA,))
    assert [one.email for one in update.desired.attendees] == [BO, EVA]


def update(key=KEY, **lists):
    desired, observed = make_desired("anna"), make_observed(make_desired("anna"))
    return Update(key=key, course=COURSE, subject="", reason=Reason.SEATS, desired=desired, observed=observed, **lists)


def test_who_is_put_on_elsewhere_is_taken_off_last_and_not_at_all_when_that_failed():
    coming, going, both = update(add=(ANNA,)), update(remove=(ANNA, BO)), update(add=(EVA,), remove=(ANNA,))
    swaps = Swaps([coming, going, both])
    assert (swaps.moving(going), swaps.comes_last(going), swaps.comes_last(both), swaps.comes_last(coming)) == ({ANNA}, True, False, False)
    assert swaps.may_go(going) == (ANNA, BO)
    swaps.note_failure(coming)
    assert swaps.may_go(going) == (BO,)
    created = Create(key=KEY, course=COURSE, subject="", reason=Reason.NEW, desired=make_desired("anna"))
    held = replace(created, held=True)
    assert Swaps([created, going]).moving(going) == {ANNA}
    assert Swaps([held, going]).moving(going) == frozenset()


def test_hr_is_told_of_too_many_of_those_without_a_place_and_of_courses_without_a_link():
    class Said:
        seats = (
            OfferingSeats(course=COURSE, offering="main", capacity=1, registered=2, unplaced=(ANNA,)),
            OfferingSeats(course="borte", offering="x", capacity=None, registered=2),
        )
        without_link = (COURSE, "borte")
        messages = moves = ()

    title = make_course().title
    notes = seat_notes(Said(), PLAN, PLAN.courses, Language.DA)
    assert [title in note for note in notes] == [True, True, True, False]
    assert "2 tilmeldte til 1 plads" in notes[0]
    assert "borte" in notes[3]


def test_a_date_and_a_course_that_are_gone_are_still_called_what_they_were_approved_as():
    (one,) = make_course().offerings
    before = replace(make_course(), title="Fælles dag", offerings=tuple(replace(one, id=name, title=f"Hold {name}") for name in "ab"))
    gone = Standing(
        course=COURSE, offering="a", email=ANNA, status=None, since=NOW, cause=Cause.OFFERING_GONE, source=AnswerSource.RULE, had_seat=True
    )
    moves = [Transition(before=RegistrationStatus.REGISTERED, after=gone)]
    ((_, ((title, _),)),) = seat_sections(moves, (), (before, replace(before, offerings=before.offerings[1:])), Language.DA, ", ".join)
    assert title == "Fælles dag – Hold a"
    ((_, ((title, _),)),) = seat_sections(moves, (), (), Language.DA, ", ".join)
    assert title == f"{COURSE} – a"


def gone_date(email=ANNA, **changes):
    """A line of the log about a date that goes, with somebody's seat."""
    values = {"status": None, "since": NOW, "cause": Cause.OFFERING_GONE, "source": AnswerSource.RULE, "had_seat": True}
    return Standing(course=COURSE, offering="main", email=email, **(values | changes))


@pytest.mark.parametrize(
    ("before", "after", "is_told"),
    [
        (RegistrationStatus.REGISTERED, gone_date(), True),
        (RegistrationStatus.WAITLISTED, gone_date(had_seat=False), True),
        (RegistrationStatus.TENTATIVE, gone_date(had_seat=False), False),
        (RegistrationStatus.INVITED, gone_date(cause=Cause.ANSWERED, status=RegistrationStatus.REGISTERED), False),
    ],
    ids=["a seat", "a place in the line", "an answer only", "an answer that took effect as given"],
)
def test_of_seats_is_told_what_somebody_loses_and_not_what_follows_from_their_own_answer(before, after, is_told):
    sections = seat_sections([Transition(before=before, after=after)], (), PLAN.courses, Language.DA, ", ".join)
    assert bool(sections) is is_told


def word_of(email=ANNA, kind=MessageKind.OFFERING_GONE):
    return Message(plan=PLAN.id, key=f"{kind}-{email}", kind=kind, course=COURSE, offering="main", email=email, created_at=NOW)


def test_messages_of_one_course_and_kind_are_one_line_with_everybody():
    """The heading counts people, not lines."""
    told = [word_of(ANNA), word_of(BO), word_of(EVA, MessageKind.SEAT_OFFERED)]
    ((heading, items),) = seat_sections((), told, PLAN.courses, Language.DA, ", ".join)
    assert heading.endswith("(3)")
    assert [[ANNA in line, BO in line, EVA in line] for (line,) in items] == [[True, True, False], [False, False, True]]
    assert all(line.startswith(f"{PLAN.courses[0].title}: ") for (line,) in items)


@pytest.mark.parametrize(
    ("move", "messages", "told"),
    [
        (gone_date(), [word_of()], "1 person mister sin plads dér og har ingen anden på kurset. 1 kan vælge"),
        (gone_date(), [], "1 person mister sin plads dér og har ingen anden på kurset. 0 kan vælge"),
        (gone_date(), [word_of(BO), word_of(ANNA, MessageKind.SEAT_OFFERED)], "0 kan vælge"),
        (gone_date(had_seat=False), [], None),
        (gone_date(cause=Cause.FREED), [], None),
        (replace(gone_date(), course="borte"), [], None),
    ],
    ids=["told", "not told", "another is told", "no seat", "freed otherwise", "a course that does not go on"],
)
def test_hr_is_told_who_loses_a_seat_with_a_date_while_the_course_goes_on(move, messages, told):
    class Said:
        seats = without_link = ()
        moves = (Transition(before=RegistrationStatus.REGISTERED, after=move),)

    Said.messages = tuple(messages)
    notes = seat_notes(Said(), PLAN, PLAN.courses, Language.DA)
    assert [told in note for note in notes] == ([] if told is None else [True])
