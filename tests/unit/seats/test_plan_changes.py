"""What a change of the plan does to seats, by the table and the text of `bot.seats.plan_changes`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.enrolment import ChooseVia, EnrolmentMode, LateAnswer, Unanswered
from bot.domain.participation import lost_seat
from bot.domain.plan import CourseSession, CourseStatus
from bot.domain.registrations import AnswerSource
from bot.domain.seats import Dropped
from bot.domain.templates import MessageKind
from bot.registrations.standing_rows import registration_rows
from bot.seats.gone_messages import gone_messages
from bot.seats.plan_changes import without_a_place
from bot.seats.settle import Audiences, settle
from tests.builders.samples import KEY, make_course, make_desired, make_entry, make_observed, make_plan, make_session
from tests.builders.settling import AFTER, ANE, BO, CAI, DEADLINE, EVERYBODY, NOBODY, NOW, C, S, claim, decide, make, moves, standing

CHOICE = {"mode": EnrolmentMode.CHOOSE}
BEGUN = datetime(2025, 6, 3, 8, tzinfo=UTC)
H1 = {("k", "h1")}
SEAT = standing(offering="h1")
FREED = standing(status=None, offering="h2", cause=C.FREED, source=AnswerSource.RULE, answered_at=None)


def rule(**more):
    return standing(status=None, source=AnswerSource.RULE, answered_at=None, **more)


def undated(plan, offering):
    course = plan.courses[0]
    made = tuple(replace(one, sessions=(CourseSession(id="dag"),)) if one.id == offering else one for one in course.offerings)
    return replace(plan, courses=(replace(course, offerings=made),))


class TestADateIsGone:
    @pytest.mark.parametrize(
        ("plan", "ahead", "gone"),
        [
            (make("h1", "h2", **CHOICE), H1, False),
            (make("h2", **CHOICE), H1, True),
            (make("h2", **CHOICE), set(), False),
            (undated(make("h1", "h2", **CHOICE), "h1"), H1, True),
            (undated(make("h1", "h2", **CHOICE), "h1"), set(), False),
            (make("h1", status=CourseStatus.CANCELLED), set(), True),
            (make("h1", status=CourseStatus.PROPOSED), H1, True),
            (make("h1", status=CourseStatus.DRAFT), set(), True),
            (make("h1", status=CourseStatus.SAVE_THE_DATE), H1, False),
            (undated(make("h1", status=CourseStatus.CANCELLED), "h1"), set(), False),
            (undated(make("h1", status=CourseStatus.CANCELLED), "h1"), H1, True),
            (replace(make("h1"), courses=()), H1, True),
            (replace(make("h1"), courses=()), set(), False),
        ],
    )
    def test_by_the_table(self, plan, ahead, gone):
        found = decide(plan, (), [SEAT], ahead=ahead)
        assert (found.gone == H1) is gone
        assert [one.after.cause for one in found.transitions if one.after.offering == "h1"] == ([C.OFFERING_GONE] if gone else [])

    def test_but_not_once_it_has_begun_that_is_history(self):
        assert decide(make("h1", status=CourseStatus.CANCELLED), (), [SEAT], now=BEGUN, ahead=H1).transitions == ()

    def test_only_where_a_sync_takes_it_out_of_the_calendars(self):
        books = Audiences(today={"alle": EVERYBODY}, before={"alle": EVERYBODY}, has_read=False)
        found = settle(make("h2", **CHOICE), (), [SEAT], books, now=NOW, ahead=H1)
        assert (found.transitions, found.gone) == ((), frozenset())

    @pytest.mark.parametrize("cause", [C.WITHDRAWN, C.LEFT, C.OFFERING_GONE])
    def test_what_hr_decided_and_who_left_stays_so_and_nothing_is_said_twice(self, cause):
        assert decide(make("h2"), (), [replace(SEAT, status=None, cause=cause)], ahead=H1).transitions == ()

    def test_an_answer_that_was_not_considered_counts_no_more(self):
        unread = claim(offering="h1")
        (only,) = decide(make("h2", **CHOICE), [unread], (), ahead=H1).transitions
        assert (only.after.status, only.after.cause, only.after.answered_at) == (None, C.OFFERING_GONE, unread.answered_at)
        late = decide(undated(make("h1", "h2", **CHOICE), "h1"), [unread, claim(BO, S.INVITED, "h1")], (), ahead=H1)
        assert moves(late) == [("ane", "h1", None, C.OFFERING_GONE)]

    @pytest.mark.parametrize("considered", [None, NOW - timedelta(hours=1)])
    def test_nor_does_one_that_is_given_before_the_event_is_out_of_the_calendar(self, considered):
        """The calendar could not be written, and somebody says yes to what stands there: no seat, and no word about another date."""
        lost = replace(rule(offering="h1", cause=C.OFFERING_GONE, had_seat=True), answered_at=considered)
        plan, late = undated(make("h1", "h2", **CHOICE), "h1"), claim(offering="h1")
        (noted,) = decide(plan, [late], [lost], ahead=H1).transitions
        assert (noted.noted, noted.after) == (True, replace(lost, answered_at=late.answered_at))
        assert decide(plan, [late], [noted.after]).transitions == ()
        assert without_a_place([noted.after]) == (noted.after,)

    def test_a_line_does_not_move_there_any_more(self):
        waits = standing(BO, S.WAITLISTED, "h1", C.QUEUED)
        books = Audiences(today={"alle": EVERYBODY}, before={"alle": EVERYBODY}, has_read=False)
        assert settle(undated(make("h1", "h2"), "h1"), (), [waits], books, now=NOW, ahead=H1).transitions == ()


class TestWhoHadASeatThere:
    def test_is_invited_again_to_what_the_seat_had_freed(self):
        found = decide(make("h2", "h3", **CHOICE), (), [SEAT, FREED, replace(FREED, offering="h3")], ahead=H1)
        assert moves(found) == [
            ("ane", "h1", None, C.OFFERING_GONE),
            ("ane", "h2", S.INVITED, C.INVITED_AGAIN),
            ("ane", "h3", S.INVITED, C.INVITED_AGAIN),
        ]
        assert found.dropped == (Dropped(course="k", offering="h1", email=ANE, waited=False, chooses=True),)
        assert not any(one.after.has_seat for one in found.transitions)
        assert without_a_place(one.after for one in found.transitions) == (found.transitions[0].after,)

    def test_by_link_is_on_no_event_before_choosing(self):
        found = decide(make("h2", via=ChooseVia.LINK, **CHOICE), (), [SEAT, FREED], ahead=H1)
        assert moves(found)[-1] == ("ane", "h2", None, C.INVITED_AGAIN)
        assert found.dropped[0].chooses

    def test_and_gave_it_up_before_is_invited_again_too_and_not_told(self):
        gave_up = standing(status=S.WITHDRAWN, offering="h1")
        found = decide(make("h2", **CHOICE), (), [gave_up, FREED], ahead=H1)
        assert (moves(found)[-1], found.dropped) == (("ane", "h2", S.INVITED, C.INVITED_AGAIN), ())

    def test_and_has_one_elsewhere_by_now_stays_there(self):
        elsewhere = standing(offering="h2", cause=C.MOVED, source=AnswerSource.HR)
        freed = replace(FREED, offering="h3")
        found = decide(make("h2", "h3", **CHOICE), (), [SEAT, elsewhere, freed], ahead=H1)
        assert moves(found) == [("ane", "h1", None, C.OFFERING_GONE)]
        assert not found.dropped[0].chooses
        assert without_a_place([found.transitions[0].after, elsewhere]) == ()

    def test_is_not_invited_where_they_do_not_belong_or_what_has_begun(self):
        outside = decide(make("h2", **CHOICE), (), [SEAT, FREED], members=frozenset({BO}), before=frozenset({BO}), ahead=H1)
        assert ("ane", "h2", S.INVITED, C.INVITED_AGAIN) not in moves(outside)
        begun = decide(make("h2", **CHOICE), (), [SEAT, FREED], now=BEGUN + timedelta(hours=1), ahead=H1)
        assert moves(begun) == [("ane", "h1", None, C.OFFERING_GONE)]
        assert not begun.dropped[0].chooses

    def test_where_dates_do_not_exclude_each_other_nothing_was_freed(self):
        found = decide(make("h2"), (), [SEAT], ahead=H1)
        assert (moves(found), found.dropped[0].chooses) == ([("ane", "h1", None, C.OFFERING_GONE)], False)

    @pytest.mark.parametrize("plan", [make("h2"), make("h2", status=CourseStatus.SAVE_THE_DATE, **CHOICE)], ids=["moved by HR", "on hold"])
    def test_is_invited_again_however_the_date_was_freed(self, plan):
        """HR moves people between dates that do not exclude each other too; and a date may go while the course only saves the date."""
        assert ("ane", "h2", S.INVITED, C.INVITED_AGAIN) in moves(decide(plan, (), [SEAT, FREED], ahead=H1))

    def test_and_what_it_freed_comes_back_later_where_it_could_not_at_once(self):
        """The date was gone as well, and is back without the one that had freed it."""
        lost = rule(offering="h1", cause=C.OFFERING_GONE, had_seat=True)
        assert moves(decide(make("h2", **CHOICE), (), [lost, FREED])) == [("ane", "h2", S.INVITED, C.INVITED_AGAIN)]
        history = replace(SEAT, offering="h0")
        assert decide(make("h2", **CHOICE), (), [history, FREED]).transitions == (), "a seat of a date that has been held"

    def test_is_not_sent_to_a_date_that_takes_nobody_any_more(self):
        plan = make("h2", deadline=DEADLINE, late=LateAnswer.REFUSE, **CHOICE)
        assert not decide(plan, (), [SEAT, FREED], now=AFTER, ahead=H1).dropped[0].chooses

    def test_who_waits_for_it_and_who_was_erased(self):
        waits, gone = standing(BO, S.WAITLISTED, "h1", C.QUEUED), standing("erased-k-h1-0", offering="h1")
        found = decide(make("h2", **CHOICE), (), [waits, gone], ahead=H1)
        assert found.dropped == (Dropped(course="k", offering="h1", email=BO, waited=True, chooses=True),)


class TestADateThatIsBack:
    BACK = rule(offering="h1", cause=C.OFFERING_GONE, had_seat=True)

    def test_invites_everybody_again_and_nothing_doubles(self):
        found = decide(make("h1", "h2", **CHOICE), [claim(offering="h1", minutes=90)], [replace(self.BACK, answered_at=NOW)])
        assert moves(found) == [("ane", "h1", S.INVITED, C.INVITED_AGAIN)]
        assert (found.transitions[0].after.said, found.transitions[0].after.had_seat) == (None, False)
        by_link = decide(make("h1", "h2", via=ChooseVia.LINK, **CHOICE), (), [self.BACK])
        assert moves(by_link) == [("ane", "h1", None, C.INVITED_AGAIN)]

    def test_is_freed_where_the_person_has_another(self):
        found = decide(make("h1", "h2", **CHOICE), (), [self.BACK, standing(offering="h2")])
        assert moves(found) == [("ane", "h1", None, C.FREED)]
        assert moves(decide(make("h1", "h2"), (), [self.BACK, standing(offering="h2")]))[0][3] is C.INVITED_AGAIN

    def test_is_for_its_audience_of_today_and_waits_while_that_is_unknown(self):
        plan = make("h1", "h2", **CHOICE)
        assert decide(plan, (), [self.BACK], members=frozenset({BO})).transitions == ()
        unknown = Audiences(today={}, before={"alle": EVERYBODY})
        assert settle(plan, (), [self.BACK], unknown, now=NOW).transitions == ()

    def test_counts_as_asked_in_time_by_link(self):
        plan = make("h1", "h2", via=ChooseVia.LINK, deadline=DEADLINE, unanswered=Unanswered.ASSIGN, **CHOICE)
        again = rule(offering="h1", cause=C.INVITED_AGAIN)
        found = decide(plan, (), [again], now=AFTER, announced={("k", ANE): NOW})
        assert moves(found)[-1] == ("ane", "h1", S.REGISTERED, C.ASSIGNED)


def test_who_gave_a_chosen_seat_up_in_time_is_found_a_seat_like_everybody_who_did_not_answer():
    """What that seat had freed is what they have not answered; not what they gave up."""
    plan = make("h1", "h2", deadline=DEADLINE, unanswered=Unanswered.ASSIGN, **CHOICE)
    said_no = claim(offering="h1", status=S.WITHDRAWN, minutes=60)
    gave_up = standing(status=S.WITHDRAWN, offering="h1")
    found = decide(plan, [said_no], [gave_up, FREED], now=AFTER)
    assert moves(found) == [("ane", "h2", S.REGISTERED, C.ASSIGNED)]
    release = make("h1", "h2", deadline=DEADLINE, unanswered=Unanswered.RELEASE, **CHOICE)
    assert decide(release, [said_no], [gave_up, FREED], now=AFTER).transitions == ()


class TestWithoutAPlace:
    LOST = rule(offering="h1", cause=C.OFFERING_GONE, had_seat=True)

    @pytest.mark.parametrize("status", [S.REGISTERED, S.TENTATIVE, S.WAITLISTED])
    def test_is_nobody_who_has_another_date(self, status):
        assert without_a_place([self.LOST]) == (self.LOST,)
        assert without_a_place([self.LOST, standing(status=status, offering="h2")]) == ()

    def test_nor_who_has_said_no_since_or_never_had_a_seat(self):
        no = standing(status=S.DECLINED, offering="h2", minutes=10, said=S.DECLINED, said_at=NOW)
        assert without_a_place([self.LOST, no]) == ()
        assert without_a_place([self.LOST, replace(no, said_at=NOW - timedelta(days=9))]) == (self.LOST,)
        assert without_a_place([replace(self.LOST, had_seat=False)]) == ()

    def test_is_told_in_the_order_of_courses_and_people(self):
        other = replace(self.LOST, email=BO)
        elsewhere = replace(self.LOST, course="a")
        assert without_a_place([other, self.LOST, elsewhere]) == (elsewhere, self.LOST, other)


def test_nobody_has_a_row_on_what_goes_and_none_comes_back_from_an_old_answer():
    silent, stranger = claim(BO, S.INVITED, "h1"), claim(CAI, offering="h1", invited=False)
    rows = registration_rows([silent, stranger], (), (), in_books=H1, people=NOBODY, gone=H1)
    assert rows == ()
    shown = registration_rows([silent, stranger], (), (), in_books=H1, people=NOBODY)
    assert [row.email for row in shown] == [BO, CAI]
    assert registration_rows([stranger], (), (), in_books=(), people=NOBODY) == ()
    assert stranger.email in [row.email for row in registration_rows([stranger], (), shown, in_books=(), people=NOBODY)], "history stays"


def test_who_had_a_seat_on_a_course_that_is_cancelled_is_still_to_be_found():
    """HR may have to ring them up; they are registered for nothing. What goes otherwise has no rows: there people have other dates."""
    lost = rule(cause=C.OFFERING_GONE, had_seat=True)
    never = rule(email=BO, cause=C.OFFERING_GONE)
    here = {("k", "main")}
    (row,) = registration_rows((), [lost, never], (), in_books=(), people=NOBODY, cancelled=here)
    assert (row.email, row.status, row.source, row.cause) == (ANE, S.WITHDRAWN, AnswerSource.RULE, "offering_gone")
    assert lost_seat(row)
    assert registration_rows((), [lost, never], (), in_books=(), people=NOBODY) == ()
    seated = replace(lost, cause=C.ANSWERED, status=S.REGISTERED)
    (row,) = registration_rows((), [seated], (), in_books=here, people=NOBODY, cancelled=here)
    assert row.status is S.REGISTERED, "until it is out of the calendars"


class TestTheMessage:
    DESIRED = make_desired("anna")
    ENTRY = make_entry(DESIRED, make_observed(DESIRED), end=datetime(2025, 6, 18, 10, tzinfo=UTC))
    GONE = Dropped(course="kursus", offering="main", email=ANE, waited=False, chooses=True)

    def told(self, dropped, plan=None, entries=None):
        return gone_messages(plan or make_plan(), [dropped], {KEY: self.ENTRY} if entries is None else entries, now=NOW)

    @pytest.mark.parametrize(
        ("waited", "chooses", "kinds"),
        [
            (False, True, [MessageKind.OFFERING_GONE]),
            (True, True, [MessageKind.OFFERING_GONE]),
            (True, False, [MessageKind.CANCELLED]),
            (False, False, []),
        ],
    )
    def test_is_by_the_table(self, waited, chooses, kinds):
        assert [one.kind for one in self.told(replace(self.GONE, waited=waited, chooses=chooses))] == kinds

    def test_goes_when_the_event_is_gone_and_knows_what_it_was(self):
        (one,) = self.told(self.GONE)
        assert one.params["awaits"] == f'[["{KEY}", ""]]'
        assert (one.params["title"], one.params["dates"]) == ("Kursus", '[["2025-06-18T09:00:00", "2025-06-18T12:00:00", false]]')
        assert one.expires_at == datetime(2025, 6, 18, 7, tzinfo=UTC), "until the last of the other dates begins"

    def test_of_a_whole_day_says_so_and_without_books_says_nothing_of_it(self):
        night = {"start": datetime(2025, 6, 17, 22, tzinfo=UTC), "end": datetime(2025, 6, 18, 22, tzinfo=UTC)}
        (one,) = self.told(self.GONE, entries={KEY: replace(self.ENTRY, **night)})
        assert one.params["dates"].endswith("true]]")
        (bare,) = self.told(self.GONE, entries={replace(KEY, course="andet"): self.ENTRY})
        assert (bare.params["title"], bare.params["dates"], bare.params["awaits"]) == ("", "[]", "[]")

    @pytest.mark.parametrize(
        ("plan", "word"),
        [
            (make_plan(make_course(status=CourseStatus.PROPOSED)), "on_hold"),
            (make_plan(make_course(status=CourseStatus.CANCELLED)), "cancelled"),
            (make_plan(make_course("kursus", make_session(start=None))), "new_date"),
            (make_plan(make_course(status=CourseStatus.DRAFT)), "cancelled"),
            (make_plan(make_course("andet")), "cancelled"),
        ],
    )
    def test_to_who_waited_says_whether_there_will_be_another(self, plan, word):
        (one,) = self.told(replace(self.GONE, waited=True, chooses=False), plan)
        assert (one.params["when"], one.expires_at) == (word, NOW + timedelta(days=14))

    def test_where_the_course_is_gone_lasts_as_long_as_other_bad_news(self):
        (one,) = self.told(self.GONE, make_plan(make_course("andet")))
        assert one.expires_at == NOW + timedelta(days=14)
