"""The seat log of a course in words."""

from datetime import UTC, datetime

from bot.domain.people import Language, PeopleIndex, Person
from bot.domain.plan import Course, CourseStatus, Offering
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import Cause, Standing, Transition
from bot.registrations.seat_history import seat_history

NOW = datetime(2025, 6, 10, 9, tzinfo=UTC)
PEOPLE = PeopleIndex([Person(email="ane@x.example", name="Ane Ås")])
REGISTERED, INVITED = RegistrationStatus.REGISTERED, RegistrationStatus.INVITED


def course(*offerings):
    return Course(id="k", title="Kursus", status=CourseStatus.APPROVED, offerings=offerings)


def line(email, cause, before=INVITED, status=REGISTERED, offering="h1", **more):
    after = Standing(course="k", offering=offering, email=email, status=status, since=NOW, cause=cause, source=AnswerSource.HR, **more)
    return Transition(before=before, after=after)


def history(*lines, of=None):
    return seat_history(enumerate(lines), of, PEOPLE, Language.DA)


def test_the_latest_stands_first_with_who_what_why_and_by_whom():
    lines = [
        line("ane@x.example", Cause.ENROLLED, by="hr@x.example", reason="Lovet\nplads", late=True),
        line("ukendt@x.example", Cause.WITHDRAWN, before=REGISTERED, status=RegistrationStatus.WITHDRAWN),
    ]
    latest, first = history(*lines, of=course(Offering(id="h1")))
    assert (latest.name, latest.said, latest.change) == ("ukendt@x.example", "blev frameldt af HR", "Tilmeldt → Frameldt")
    assert (first.name, first.by, first.reason, first.late, first.offering) == ("Ane Ås", "hr@x.example", "Lovet plads", True, "")


def test_what_moved_nobody_is_left_out_and_erased_people_have_no_name():
    nothing = Transition(before=None, after=line("a@x", Cause.RETURNED, status=None).after)
    (one,) = history(nothing, line("erased-1", Cause.ANSWERED, before=REGISTERED))
    assert (one.name, one.email, one.change) == ("(slettet)", "", "Tilmeldt")


def test_an_invitation_taken_back_is_not_a_seat_lost():
    lost, freed = history(line("a@x", Cause.FREED, status=None), line("a@x", Cause.FREED, before=REGISTERED, status=None))
    assert lost.said == "blev taget af, fordi et andet hold er valgt"
    assert freed.said == "invitationen er trukket tilbage, fordi et andet hold er valgt"
    assert freed.change == "Ikke svaret → Ingen plads"


def test_of_several_dates_each_is_named_and_one_that_is_gone_by_its_id():
    of = course(Offering(id="h1", title="Hold 1"), Offering(id="h2"))
    lines = [line("a@x", Cause.MOVED, offering=name) for name in ("h1", "h2", "h3")]
    assert [one.offering for one in history(*lines, of=of)] == ["h3", "h2", "Hold 1"]
    assert history(line("a@x", Cause.MOVED))[0].offering == "h1"
