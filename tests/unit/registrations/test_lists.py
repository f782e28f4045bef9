"""The lists of the day, the counts, and the lists that HR hands in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.participation import Part
from bot.domain.people import Language, PeopleIndex
from bot.domain.plan import CourseStatus, Offering
from bot.domain.registrations import RegistrationStatus
from bot.domain.seats import RequestKind
from bot.messages.attendance_sheet import sign_in_sheet
from bot.registrations.participants import department_counts, session_lists, silent_list
from bot.seats.import_headings import ImportProblem, ListedRequest
from bot.seats.import_list import read_requests
from tests.builders.registrations import ANE, DAG, DEL_1, HOLD_1, NOW, PLAN, registration
from tests.unit.registrations.dated import DATED, dated

S = RegistrationStatus


def test_a_list_has_who_comes_to_that_session_and_the_line_below():
    """Sorted as Danish, maybe included, who said no to just this session not; by start."""
    partly = registration(DEL_1, "bo@by.example", name="Bo", answers=(("del-1", S.DECLINED), ("del-2", S.REGISTERED)))
    rows = [
        registration(DAG, ANE.email, name="Åse"),
        registration(DAG, "z@by.example", S.TENTATIVE, name="Zita", department="Børn"),
        registration(DAG, "w@by.example", S.WAITLISTED, name="Venter", position=1),
        registration(DAG, "n@by.example", S.DECLINED, name="Nej"),
        registration(DAG, "erased-1", name=""),
        registration(HOLD_1, ANE.email),
        partly,
    ]
    notes = {("lederdag", ANE.email): "Nødder"}
    first, second = session_lists(rows, DATED, notes)
    assert (first.place, [one.name for one in first.coming], [one.name for one in first.reserves]) == (
        "Salen, Torvet 1",
        ["", "Zita", "Åse"],
        ["Venter"],
    )
    assert [one.note for one in first.coming] == ["", "", "Nødder"]
    assert (second.session_title, second.offering_title, [one.email for one in second.coming]) == ("I praksis", "main", ["bo@by.example"])


def test_counts_by_department_and_who_is_silent():
    rows = [
        registration(DAG, ANE.email, department="Ældre"),
        registration(DAG, "b@by.example", S.INVITED, department="Børn"),
        registration(HOLD_1, "b@by.example", S.INVITED, department="Børn"),
        registration(HOLD_1, "c@by.example", S.INVITED),
        registration(replace(HOLD_1, offering="hold-2"), "c@by.example", S.REGISTERED),
        registration(HOLD_1, "erased-2", S.INVITED),
    ]
    assert [(course, department) for course, department, _, _ in department_counts(rows, PLAN)][:2] == [
        ("lederdag", "Børn"), ("lederdag", "Ældre"),
    ]  # fmt: skip
    assert silent(rows) == [("lederdag", "b@by.example"), ("tryghed", "b@by.example")]
    assert silent(rows, asked={"senior": ["x@by.example", ANE.email], "lederdag": ["b@by.example"]})[1:] == [
        ("senior", ANE.email), ("senior", "x@by.example"), ("tryghed", "b@by.example"),
    ]  # fmt: skip


def silent(rows, *, plan=PLAN, asked=None, now=NOW):
    return [(one.course, one.email) for one in silent_list(rows, plan, asked or {}, PeopleIndex([ANE]), now=now)]


def test_in_a_department_everybody_counts_once_whatever_the_dates():
    """In line for one date is not silent on another; a saved date has no silent ones; what is cancelled has nobody."""
    second = replace(HOLD_1, offering="hold-2")
    rows = [
        registration(HOLD_1, ANE.email, S.WAITLISTED, department="Børn"),
        registration(second, ANE.email, S.INVITED, department="Børn"),
        registration(HOLD_1, "b@by.example", S.INVITED, department="Børn"),
        registration(second, "b@by.example", S.INVITED, department="Børn"),
        registration(HOLD_1, "gaest@firma.example", S.DECLINED, invited=False),
        registration(DAG, ANE.email, S.INVITED),
        registration(DEL_1, ANE.email),
    ]
    statuses = {"lederdag": CourseStatus.SAVE_THE_DATE, "senior": CourseStatus.CANCELLED}
    plan = replace(PLAN, courses=tuple(replace(one, status=statuses.get(one.id, one.status)) for one in PLAN.courses))
    assert department_counts(rows, plan) == (
        ("lederdag", "", {}, 1),
        ("tryghed", "Børn", {Part.WAITING: 1, Part.ASKED: 1}, 2),
    )
    assert silent(rows, plan=plan) == [("tryghed", "b@by.example")]


def test_who_can_no_longer_come_is_not_said_to_be_silent():
    later = datetime(2026, 12, 2, 12, tzinfo=UTC)
    rows = [registration(DAG, ANE.email, S.INVITED)]
    assert silent(rows, plan=DATED) == [("lederdag", ANE.email)]
    assert silent(rows, plan=DATED, now=later) == []
    # One date is over and was not answered; the other, which they were never asked to, lies ahead.
    two = replace(DATED.courses[1], offerings=(*DATED.courses[1].offerings, Offering(id="igen", sessions=(dated("dag", 20),))))
    assert silent(rows, plan=replace(DATED, courses=(two,)), now=later) == []


def test_a_session_lists_those_who_are_invited_to_it_and_a_cancelled_one_says_so():
    rows = [
        registration(DEL_1, "tr@by.example", name="Tr", answers=(("del-1", S.REGISTERED),)),
        registration(DEL_1, "gaest@firma.example", S.DECLINED, invited=False),
        registration(DEL_1, "c@by.example", name="Cai", unconfirmed=True, answers=(("del-1", S.INVITED), ("del-2", S.INVITED))),
    ]
    first, second = session_lists(rows, DATED)
    assert ([one.name for one in first.coming], [one.name for one in second.coming]) == (["Cai", "Tr"], ["Cai"])
    page = sign_in_sheet([first], organisation="By", language=Language.DA)
    assert "Cai (ikke bekræftet efter flytning)" in page
    cancelled = replace(DATED, courses=tuple(replace(one, status=CourseStatus.CANCELLED) for one in DATED.courses))
    first, _, second = session_lists(rows, cancelled)
    assert (first.cancelled, first.coming, second.reserves) == (True, (), ())
    page = sign_in_sheet([replace(first, cancel_reason="Sygdom")], organisation="By", language=Language.DA)
    assert "Aflyst: Sygdom" in page
    assert "Tr" not in page.split("</style>")[1]


def test_the_sheet_to_sign_has_names_empty_lines_and_nothing_that_is_not_text():
    """What people are called is text; the notes to HR do not lie open at the door."""
    rows = [
        registration(DAG, ANE.email, name="<script>alert(1)</script>"),
        registration(DAG, "z@by.example", S.TENTATIVE, name="Zita"),
        registration(DAG, "w@by.example", S.WAITLISTED, name="Venter", position=1),
    ]
    notes = {("lederdag", ANE.email): "Nødder"}
    page = sign_in_sheet(session_lists(rows, DATED, notes), organisation="Byens Kommune", language=Language.DA)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert ("Zita (måske)" in page, "1. Venter" in page, "Nødder" in page, "Salen" in page) == (True, True, False, True)
    assert "Nobody is registered yet" in sign_in_sheet((), organisation="By", language=Language.EN)


HEAD = ("Kursus", "Hold", "E-mail", "Handling", "Begrundelse")


def read(*rows, head=HEAD):
    listed = [
        ListedRequest(cells=cells, places=tuple(f"A{at}{column}" for column in range(len(cells))))
        for at, cells in enumerate((head, *rows), 1)
    ]
    found = read_requests(listed, PLAN, PeopleIndex([ANE]), by="hr", now=NOW)
    return found.requests, found.complaints


def test_a_list_becomes_wishes_by_id_or_title_and_aliases_are_the_person():
    requests, complaints = read(
        ("Fælles lederdag", "", "AAS@by.example", "", "Ringede"),
        ("tryghed", "Hold 1", "b@by.example", "Venteliste", ""),
        ("tryghed", "hold-2", "c@by.example", "flyt"),
        ("senior", "", "d@by.example", "Afmeld"),
    )
    assert complaints == ()
    assert [(one.course, one.offering, one.email, one.kind, one.queue, one.reason) for one in requests] == [
        ("lederdag", "main", ANE.email, RequestKind.ENROL, False, "Ringede"),
        ("tryghed", "hold-1", "b@by.example", RequestKind.ENROL, True, ""),
        ("tryghed", "hold-2", "c@by.example", RequestKind.MOVE, False, ""),
        ("senior", "main", "d@by.example", RequestKind.WITHDRAW, False, ""),
    ]


def test_everything_that_is_wrong_is_told_with_its_place():
    _, complaints = read(
        ("borte", "", "a@by.example", ""),
        ("tryghed", "", "a@by.example", ""),
        ("tryghed", "hold-9", "a@by.example", ""),
        ("lederdag", "", "a@by", ""),
        ("lederdag", "", "a@by.example", "hils"),
        ("lederdag", "", "a@by.example", ""),
        ("lederdag", "", "a@by.example", ""),
        ("lederdag", "", "a@by.example", "afmeld"),
    )
    wrong = ImportProblem
    assert [(one.place, one.problem, one.is_error) for one in complaints] == [
        ("A20", wrong.COURSE_UNKNOWN, True),
        ("A31", wrong.OFFERING_MISSING, True),
        ("A41", wrong.OFFERING_UNKNOWN, True),
        ("A52", wrong.ADDRESS_INVALID, True),
        ("A63", wrong.ACTION_UNKNOWN, True),
        ("A82", wrong.TWICE, False),
        ("A92", wrong.CONTRADICTION, True),
    ]
    _, complaints = read(head=("Navn",))
    assert [(one.problem, one.value) for one in complaints] == [(wrong.COLUMN_MISSING, "kursus"), (wrong.COLUMN_MISSING, "e-mail")]
    _, (short,) = read((), head=("E-mail", "Kursus"))
    assert (short.problem, short.place) == (wrong.COURSE_UNKNOWN, "")
