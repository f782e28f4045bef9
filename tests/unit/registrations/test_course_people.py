"""The people of one course: each once, in the group that its numbers count."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.enrolment import Enrolment, EnrolmentMode
from bot.domain.participants import WithoutPlace
from bot.domain.people import Language, PeopleIndex, Person
from bot.domain.plan import Course, CoursePlan, CourseStatus, Offering
from bot.domain.registrations import OUTSIDER, AnswerSource, Registration, RegistrationStatus
from bot.domain.seats import Cause
from bot.overview.seats import seats_of
from bot.registrations.course_people import Group, course_people
from bot.registrations.said import NOTHING_SAID, Said

NOW = datetime(2025, 6, 10, 9, tzinfo=UTC)
Status = RegistrationStatus
PEOPLE = PeopleIndex([Person(email="ane@x.example", name="Ane Ås", department="Børn")])


def plan(status=CourseStatus.APPROVED, offerings=("main",), mode=EnrolmentMode.INVITE):
    courses = (
        Course(
            id="k", title="Kursus", status=status, enrolment=Enrolment(mode=mode, capacity=2),
            offerings=tuple(Offering(id=one) for one in offerings),
        ),
    )  # fmt: skip
    return CoursePlan(
        id="by", revision="", organisation="By", timezone="Europe/Copenhagen", language=Language.DA, organiser="o@x.example",
        contact="hr@x.example", courses=courses,
    )  # fmt: skip


def row(email, status, offering="main", **more):
    given = {"name": email.partition("@")[0], "since": NOW, "source": AnswerSource.OUTLOOK, "department": ""}
    return Registration(course="k", offering=offering, email=email, status=status, **(given | more))


def found(rows, *, of=None, asked=None, lost=(), said=NOTHING_SAID):
    people = course_people(
        of or plan(), "k", rows, asked=asked or {}, without_place=[WithoutPlace(course="k", email=one, name=one) for one in lost],
        people=PEOPLE, said=said, language=Language.DA,
    )  # fmt: skip
    return {person.email or person.name: person for person in people}


@pytest.mark.parametrize(
    ("given", "status", "group"),
    [
        (row("a@x", Status.REGISTERED), CourseStatus.APPROVED, Group.SEATED),
        (row("a@x", Status.TENTATIVE), CourseStatus.APPROVED, Group.MAYBE),
        (row("a@x", Status.WAITLISTED, position=1), CourseStatus.APPROVED, Group.WAITING),
        (row("a@x", Status.INVITED), CourseStatus.APPROVED, Group.SILENT),
        (row("a@x", Status.INVITED), CourseStatus.SAVE_THE_DATE, Group.ASKED),
        (row("a@x", Status.DECLINED), CourseStatus.APPROVED, Group.OUT),
        (row("a@x", Status.WITHDRAWN, cause=Cause.OFFERING_GONE.value), CourseStatus.CANCELLED, Group.LOST),
        (row("a@x", Status.DECLINED, invited=False, cause=OUTSIDER), CourseStatus.APPROVED, Group.OUTSIDE),
    ],
)
def test_everybody_is_in_the_group_of_what_they_are(given, status, group):
    assert found([given], of=plan(status))["a@x"].group is group


def test_the_groups_have_as_many_as_the_numbers_say():
    """A number on the list of courses leads to exactly those people."""
    rows = [
        row("a@x", Status.REGISTERED), row("b@x", Status.REGISTERED), row("c@x", Status.WAITLISTED, position=1),
        row("d@x", Status.TENTATIVE), row("e@x", Status.DECLINED), row("f@x", Status.INVITED),
        row("g@x", Status.DECLINED, invited=False), row("erased-1", Status.INVITED),
    ]  # fmt: skip
    course, asked = plan().courses[0], {"h@x": NOW}
    numbers, people = seats_of(course, rows, asked), found(rows, asked=asked).values()
    counted = [
        sum(person.is_in(group) for person in people) for group in (Group.SEATED, Group.MAYBE, Group.WAITING, Group.OUT, Group.SILENT)
    ]
    assert counted == [numbers.registered, numbers.tentative, numbers.waitlisted, numbers.declined, numbers.unanswered]


def test_of_several_dates_the_one_that_counts_is_shown():
    rows = [row("a@x", Status.DECLINED, "h1"), row("a@x", Status.REGISTERED, "h2")]
    person = found(rows, of=plan(offerings=("h1", "h2")))["a@x"]
    assert (person.group, person.offering, person.title) == (Group.SEATED, "h2", "h2")


def test_who_gave_a_date_up_and_may_choose_again_is_silent():
    person = found([row("a@x", Status.WITHDRAWN, "h1", reopened=True)], of=plan(offerings=("h1", "h2")))["a@x"]
    assert (person.group, person.offering) == (Group.SILENT, "h1")


@pytest.mark.parametrize(("status", "group"), [(CourseStatus.APPROVED, Group.SILENT), (CourseStatus.PROPOSED, Group.ASKED)])
def test_who_was_asked_by_link_is_there_without_a_row(status, group):
    people = found([], of=plan(status, mode=EnrolmentMode.SIGNUP), asked={"ane@x.example": NOW, "ukendt@x.example": NOW})
    ane, unknown = people["ane@x.example"], people["ukendt@x.example"]
    assert (ane.name, ane.department, ane.group, ane.since) == ("Ane Ås", "Børn", group, NOW)
    assert (unknown.name, unknown.department) == ("ukendt@x.example", "")


def test_whoever_lost_a_place_is_found_among_those_without_one_whatever_else_they_are():
    rows = [row("a@x", Status.INVITED), row("b@x", Status.REGISTERED)]
    people = found(rows, asked={"c@x": NOW}, lost=("a@x", "b@x", "c@x", "d@x"))
    assert {email for email, person in people.items() if person.is_in(Group.WITHOUT_PLACE)} == {"a@x", "c@x", "d@x"}
    assert people["d@x"].status == "Uden plads: holdet gik ud af planen"


def test_people_stand_by_group_and_name_and_those_in_line_by_their_place():
    rows = [
        row("3@x", Status.WAITLISTED, position=2, name="Anna"), row("2@x", Status.WAITLISTED, position=1, name="Åse"),
        row("1@x", Status.REGISTERED, name="Åge"), row("0@x", Status.REGISTERED, name="Zoe"),
    ]  # fmt: skip
    assert [*found(rows)] == ["0@x", "1@x", "2@x", "3@x"]


def test_what_people_wrote_stands_beside_them_and_erased_ones_have_no_address():
    said = Said(comments={("k", "main", "a@x"): "Gerne"}, notes={("k", "a@x"): "Nødder", ("k", "b@x"): "Kørestol", ("k", "c@x"): "Sent"})
    people = found([row("a@x", Status.REGISTERED), row("erased-9", Status.REGISTERED)], asked={"b@x": NOW}, lost=("c@x",), said=said)
    assert (people["a@x"].comment, people["a@x"].note, people["b@x"].note, people["c@x"].note) == ("Gerne", "Nødder", "Kørestol", "Sent")
    assert (people["(slettet)"].email, people["(slettet)"].group) == ("", Group.SEATED)


def test_a_search_finds_words_of_name_and_department():
    person = found([row("a@x", Status.REGISTERED, name="Ane Ås", department="Børn og Unge")])["a@x"]
    assert all(person.is_called(words) for words in ("", "ane", "ÅS børn", "unge"))
    assert not person.is_called("bo")


def test_of_a_course_in_no_plan_people_are_as_they_were():
    nobody = plan()
    people = course_people(
        nobody.only(()), "k", [row("a@x", Status.REGISTERED), row("b@x", Status.INVITED)], asked={}, without_place=(), people=PEOPLE,
        said=NOTHING_SAID, language=Language.DA,
    )  # fmt: skip
    assert [(person.group, person.status) for person in people] == [
        (Group.SEATED, "Udgået af planen (Tilmeldt)"),
        (Group.ASKED, "Udgået af planen (Ikke svaret)"),
    ]
    assert NOW + timedelta(0) == people[0].since
