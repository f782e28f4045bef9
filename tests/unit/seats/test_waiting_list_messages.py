"""Who waits in line is told what happens to what they wait for: when it has happened, once, and again when it happens again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.changes import Cancel, Create, Forget, NewsKind, Reason
from bot.domain.events import EventField, LedgerState, SessionKey
from bot.domain.messages import DeliveryState
from bot.domain.plan import CourseStatus
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import Cause, Standing
from bot.domain.templates import MessageKind
from bot.invitations.offering_news import offering_news
from bot.messages.notice import gone_course
from bot.seats.waiting_list_messages import news_for_those_in_line, what_has_happened
from tests.builders.samples import KEY, NOW, START, make_course, make_desired, make_entry, make_observed, make_plan, make_session
from tests.unit.seats.in_line import AT, GONE, MOVED, update

OTHER = replace(KEY, session="igen")
PLAN = make_plan()


def create(key: SessionKey = KEY, *, held: bool = False) -> Create:
    return Create(key=key, course=key.course, subject="Kursus", reason=Reason.NEW, desired=make_desired("anna", key=key), held=held)


def cancel(key: SessionKey = KEY, reason: Reason = Reason.GONE_FROM_PLAN) -> Cancel:
    return Cancel(key=key, course=key.course, subject="Kursus", reason=reason, observed=make_observed(make_desired("anna", key=key)))


def standing(name: str, status: RegistrationStatus = RegistrationStatus.WAITLISTED, course: str = "kursus") -> Standing:
    return Standing(
        course=course,
        offering="main",
        email=f"{name}@demo.example",
        status=status,
        since=NOW,
        cause=Cause.QUEUED,
        source=AnswerSource.OUTLOOK,
    )


class TestWhatASyncDoes:
    @pytest.mark.parametrize(
        ("changes", "plan", "kinds"),
        [
            ([update(KEY, EventField.START, EventField.END)], PLAN, [NewsKind.CHANGED]),
            ([cancel(), create(OTHER)], PLAN, [NewsKind.CHANGED]),
            ([cancel()], PLAN, [NewsKind.CHANGED]),
            ([cancel()], make_plan(make_course(status=CourseStatus.CANCELLED)), [NewsKind.CANCELLED]),
            ([cancel()], make_plan(make_course(status=CourseStatus.DRAFT)), [NewsKind.CANCELLED]),
            ([cancel()], make_plan(make_course("andet")), [NewsKind.CANCELLED]),
            ([cancel(replace(KEY, offering="hold-9"))], PLAN, [NewsKind.CANCELLED]),
            ([cancel()], make_plan(make_course(status=CourseStatus.PROPOSED)), [NewsKind.ON_HOLD]),
            ([cancel()], make_plan(make_course("kursus", make_session(start=None))), [NewsKind.NEW_DATE]),
            ([update(KEY, EventField.BODY)], PLAN, []),
            ([update(KEY, EventField.START, reason=Reason.RESTORED)], PLAN, []),
            ([cancel(reason=Reason.DUPLICATE)], PLAN, []),
            ([create()], PLAN, []),
            ([cancel(replace(KEY, part=2))], PLAN, []),
            ([Forget(key=KEY, course="kursus", subject="", reason=Reason.PAST)], PLAN, []),
        ],
    )
    def test_is_news_by_the_table(self, changes, plan, kinds):
        assert [one.kind for one in offering_news(plan, changes)] == kinds

    def test_says_what_goes_and_what_the_books_will_have(self):
        (news,) = offering_news(PLAN, [cancel(), create(OTHER), create(replace(KEY, session="tredje"), held=True)])
        assert news.awaits == ((str(KEY), ""), (str(OTHER), AT))
        assert (news.title, news.old) == ("Kursus", (("2025-06-18T09:00:00", "2025-06-18T12:00:00", False),))


def told(news=MOVED, standings=None, outbox=(), plan=PLAN):
    return news_for_those_in_line(plan, standings or [standing("anna")], [news], outbox, now=NOW)


class TestWhoIsTold:
    def test_only_those_who_wait_for_it(self):
        people = [standing("anna"), standing("bo", RegistrationStatus.REGISTERED), standing("carl", course="andet")]
        assert [one.email for one in told(standings=people)] == ["anna@demo.example"]

    def test_who_waits_for_a_yes_and_stands_on_no_event(self):
        """Whoever signed up by accepting has the event, and hears of it from Outlook."""
        by_link = replace(standing("anna", RegistrationStatus.AWAITING), source=AnswerSource.WEB)
        accepted = standing("bo", RegistrationStatus.AWAITING)
        assert [one.email for one in told(standings=[by_link, accepted])] == ["anna@demo.example"]

    def test_a_move_until_the_new_beginning_and_bad_news_for_a_fortnight(self):
        (moved,), (gone,) = told(), told(GONE)
        assert (moved.kind, moved.expires_at) == (MessageKind.CHANGED, START.replace(tzinfo=UTC) - timedelta(hours=2))
        assert (gone.kind, gone.expires_at) == (MessageKind.CANCELLED, NOW + timedelta(days=14))

    def test_the_same_once_and_again_when_it_happens_again(self):
        """Back and forth and back: three messages, however often each is decided."""
        (first,) = told()
        assert told(outbox=[first]) == (first,)
        (second,) = told(outbox=[replace(first, state=DeliveryState.SENT)])
        assert second.key != first.key
        assert told(outbox=[replace(first, state=DeliveryState.SENT), second]) == (second,)

    def test_what_is_off_is_told_as_it_was_whatever_the_plan_says_now(self):
        (gone,) = told(GONE, plan=make_plan(make_course("andet")))
        course = gone_course(gone)
        assert (course.title, course.offerings[0].sessions[0].start) == ("Kursus", datetime(2025, 6, 18, 9))

    def test_a_cancelled_course_tells_those_in_line_why(self):
        """Where HR wrote it; the words are kept, since the plan may lose the course before they go."""
        (gone,) = told(replace(GONE, reason="For få tilmeldte"), plan=make_plan(make_course("andet")))
        assert gone_course(gone).cancel_reason == "For få tilmeldte"
        for course in (make_course(status=CourseStatus.CANCELLED), make_course(cancel_reason="For få tilmeldte")):
            (silent,) = told(GONE, plan=make_plan(course))
            assert (gone_course(silent).cancel_reason, "reason" in silent.params) == ("", False)


def has_happened(message, entries):
    return what_has_happened([message], lambda: entries) == (message,)


class TestWhenItHasHappened:
    def entry(self, **changes):
        desired = make_desired("anna")
        return replace(make_entry(desired, make_observed(desired)), **changes)

    def test_a_move_when_the_books_have_the_new_time(self):
        (moved,) = told()
        at = datetime.fromisoformat(AT)
        assert has_happened(moved, {KEY: self.entry(start=at)})
        assert not has_happened(moved, {KEY: self.entry(start=at + timedelta(hours=1))})
        assert not has_happened(moved, {KEY: self.entry(start=at, state=LedgerState.INTENDED)})
        assert not has_happened(moved, {})

    def test_a_cancellation_when_the_books_have_nothing_left(self):
        (gone,) = told(GONE)
        assert has_happened(gone, {})
        assert not has_happened(gone, {KEY: self.entry(state=LedgerState.CANCELLING)})

    def test_any_other_message_at_once_and_without_a_look_at_the_books(self):
        (moved,) = told()
        other = replace(moved, params={})
        assert what_has_happened([other], dict[SessionKey, object]().popitem) == (other,)
        assert what_has_happened([other, moved], dict) == (other,)
