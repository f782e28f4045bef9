"""A list that HR hands in: the file as rows, the rows as wishes, and everything that is wrong with them."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import InputError
from bot.domain.people import PeopleIndex
from bot.domain.plan import Offering
from bot.domain.seats import RequestKind
from bot.plan.tables import LARGEST_BYTES, MOST_ROWS, read_list, read_list_file
from bot.seats.import_headings import COLUMNS, ImportProblem, ListedRequest
from bot.seats.import_list import ACTIONS, is_address, read_requests
from tests.builders.registrations import ANE, NOW, PLAN

P = ImportProblem
HEADINGS = "Kursus;Hold;E-mail;Handling;Begrundelse"


def listed(data):
    return [
        ListedRequest(cells=row.cells, places=tuple(row.place(at) for at in range(max(len(row.cells), 1))), hidden=row.hidden)
        for row in read_list(data, "liste")
    ]


def read(data, plan=PLAN):
    return asked(listed(data), plan, PeopleIndex([ANE]))


def asked(rows, plan, people):
    found = read_requests(rows, plan, people, by="hr", now=NOW)
    return found.requests, found.complaints


def csv_of(*lines, headings=HEADINGS, encoding="utf-8"):
    return "\r\n".join((headings, *lines, "")).encode(encoding)


def xlsx_of(*rows, merge=None, lead=0):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Ark1"
    for line, cells in enumerate(rows, 1 + lead):
        for column, value in enumerate(cells, 1 + lead):
            sheet.cell(line, column, value)
    if merge:
        sheet.merge_cells(merge)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def wished(requests):
    return [(one.course, one.offering, one.email, one.kind, one.queue, one.reason) for one in requests]


def wrong(complaints):
    return [(one.place, one.problem) for one in complaints]


AS_EVERYBODY_SAVES_IT = [
    ("utf-8", ";", "Hø"),
    ("utf-8-sig", ";", "Hø"),
    ("cp1252", ";", "Hø – €"),
    ("utf-8", ",", "Hø"),
    ("cp1252", "\t", "Hø"),
]


@pytest.mark.parametrize(("encoding", "separator", "reason"), AS_EVERYBODY_SAVES_IT)
def test_text_is_read_in_every_form_that_a_danish_spreadsheet_saves(encoding, separator, reason):
    """With or without a byte order mark, in Windows' letters, between semicolons, commas or tabs."""
    line = separator.join(("lederdag", "", "aas@by.example", "tilmeld", reason))
    requests, complaints = read(csv_of(line, headings=HEADINGS.replace(";", separator), encoding=encoding))
    assert complaints == ()
    assert wished(requests) == [("lederdag", "main", ANE.email, RequestKind.ENROL, False, reason)]


def test_excels_own_line_about_the_separator_is_no_heading():
    requests, complaints = read(csv_of("senior,d@by.example,afmeld", headings="sep=,\r\nCourse,Email,Action"))
    assert (wished(requests), complaints) == ([("senior", "main", "d@by.example", RequestKind.WITHDRAW, False, "")], ())
    _, complaints = read(csv_of("borte,d@by.example", headings="sep=,\r\nCourse,Email"))
    assert wrong(complaints) == [("3", P.COURSE_UNKNOWN)]


def test_a_place_in_text_is_the_line_that_the_row_begins_on():
    """A reason may have several lines."""
    _, complaints = read(csv_of('lederdag;;a@by.example;;"Ny\r\nleder"', "", "borte;;b@by.example;"))
    assert wrong(complaints) == [("5", P.COURSE_UNKNOWN)]


def test_a_quotation_mark_without_its_partner_swallows_nobody():
    """Read leniently, those below would be part of the reason, and one of them is to be withdrawn."""
    lines = ('lederdag;;a@by.example;tilmeld;"Ny', "lederdag;;b@by.example;afmeld;", "lederdag;;c@by.example;afmeld;")
    for more in ((), ('lederdag;;d@by.example;afmeld;"Syg"',)):
        with pytest.raises(InputError, match="list_quotes") as caught:
            read_list(csv_of(*lines, *more), "liste.csv")
        assert caught.value.params["line"] == 2


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n;;\n", b"a\0b", b"PK\x03\x04 and nothing", b";" * (LARGEST_BYTES + 1), csv_of(*["lederdag;;a@by.example;"] * MOST_ROWS)],
    ids=["empty", "blank", "binary", "broken", "too big", "too long"],
)
def test_what_is_no_list_is_refused_as_a_whole(data):
    with pytest.raises(InputError, match="list_unreadable"):
        read_list(data, "liste")


def test_of_a_file_no_more_is_read_than_may_be_in_a_list(tmp_path):
    (tmp_path / "liste.csv").write_bytes(csv_of("lederdag;;a@by.example;"))
    assert [row.line for row in read_list_file(tmp_path / "liste.csv")] == [1, 2]
    with pytest.raises(InputError, match="list_unreadable"):
        read_list_file(tmp_path / "borte.csv")
    with pytest.raises(InputError, match="list_unreadable"):
        read_list_file(tmp_path)


def test_a_workbook_says_the_cell_wherever_the_table_begins():
    head = ("Kursus", "E-mail", "Handling")
    _, complaints = read(xlsx_of(head, ("borte", "a@by.example", "hils"), lead=2))
    assert wrong(complaints) == [("Ark1!C4", P.COURSE_UNKNOWN), ("Ark1!E4", P.ACTION_UNKNOWN)]


def test_a_cell_that_only_looks_empty_never_enrols_anybody():
    """An empty action enrols, so a formula without a value, an error and a merged cell must not pass for one."""
    head = ("Kursus", "E-mail", "Handling")
    rows = (
        ("lederdag", "a@by.example", '=IF(1=1,"afmeld","")'),
        ("lederdag", "b@by.example", "afmeld"),
        ("lederdag", "c@by.example", None),
    )
    requests, complaints = read(xlsx_of(head, *rows, merge="C3:C4"))
    assert wrong(complaints) == [("Ark1!C2", P.FORMULA), ("Ark1!C4", P.MERGED)]
    assert [one.email for one in requests] == ["b@by.example"]


def test_formulas_beside_the_list_are_nobodys_business_and_one_in_our_column_is():
    """A row that has nothing but a formula in another column is no row."""
    head = ("Kursus", "E-mail", "Afdeling")
    requests, complaints = read(xlsx_of(head, ("lederdag", "a@by.example", "=A1"), (None, None, "=A1")))
    assert (len(requests), complaints) == (1, ())
    _, complaints = read(xlsx_of(head, (None, "=A1", None)))
    assert wrong(complaints) == [("Ark1!A2", P.COURSE_UNKNOWN), ("Ark1!B2", P.FORMULA)]
    _, complaints = read(xlsx_of(("Kursus", "E-mail", "=A1"), ("lederdag", "a@by.example", "afmeld")))
    assert wrong(complaints) == [("Ark1!C1", P.FORMULA)]


def test_every_cell_that_can_be_hidden_is_complained_of():
    head = ListedRequest(cells=("Kursus", "Hold", "E-mail", "Handling", "Begrundelse"), places=tuple("ABCDE"))
    row = ListedRequest(
        cells=("",) * 5, places=tuple("abcde"), hidden=((0, "error"), (1, "error"), (2, "merged"), (3, "formula"), (4, "error"))
    )
    _, complaints = asked([head, row], PLAN, PeopleIndex())
    assert wrong(complaints) == [("a", P.ERROR), ("c", P.MERGED), ("d", P.FORMULA), ("e", P.ERROR)]
    row = replace(row, cells=("tryghed", "", "", "", ""), hidden=((1, "error"),))
    _, complaints = asked([head, row], PLAN, PeopleIndex())
    assert wrong(complaints) == [("b", P.ERROR), ("c", P.ADDRESS_INVALID)]


def test_one_problem_of_a_row_does_not_hide_another():
    _, complaints = read(csv_of("tryghed;hold-9;a@by;hils;"))
    assert [one.problem for one in complaints] == [P.OFFERING_UNKNOWN, P.ADDRESS_INVALID, P.ACTION_UNKNOWN]


def test_a_misspelt_heading_is_asked_about_because_an_empty_action_enrols():
    requests, complaints = read(csv_of("lederdag;a@by.example;afmeld", headings="Kursus;E-mail;Handlinger"))
    assert requests == ()
    assert [(one.place, one.problem, one.value, one.other) for one in complaints] == [("1", P.COLUMN_NEAR, "Handlinger", "handling")]
    _, complaints = read(csv_of("lederdag;a@by.example", headings="Kursuss;E-mail"))
    assert [one.problem for one in complaints] == [P.COLUMN_NEAR]


def test_a_column_that_is_there_twice_is_asked_about():
    _, complaints = read(csv_of("lederdag;a@by.example;tilmeld;afmeld", headings="Kursus;E-mail;Handling;Action"))
    assert [(one.problem, one.value) for one in complaints] == [(P.COLUMN_TWICE, "Action")]


def test_adresse_is_where_to_write_only_where_no_other_column_is():
    """A list from the payroll system has the street in it."""
    requests, complaints = read(csv_of("Torvet 1;lederdag;a@by.example", headings="Adresse;Kursus;Mailadresse:"))
    assert (wished(requests)[0][2], complaints) == ("a@by.example", ())
    requests, complaints = read(csv_of("a@by.example;lederdag", headings="ADRESSE;Kursus"))
    assert (wished(requests)[0][2], complaints) == ("a@by.example", ())


def test_a_name_that_two_have_is_asked_about_and_an_id_never_is():
    senior = replace(PLAN.courses[2], title="lederdag")
    twins = replace(PLAN.courses[0], offerings=(Offering(id="hold-1", title="Fredag"), Offering(id="hold-2", title="fredag")))
    plan = replace(PLAN, courses=(twins, PLAN.courses[1], senior, replace(senior, id="senior-2", title="Fælles lederdag")))
    _, complaints = read(csv_of("FÆLLES LEDERDAG;;a@by.example;", "tryghed;Fredag;a@by.example;"), plan)
    assert wrong(complaints) == [("2", P.AMBIGUOUS), ("3", P.AMBIGUOUS)]
    requests, complaints = read(csv_of("Lederdag;;a@by.example;"), plan)
    assert ([one.course for one in requests], complaints) == (["lederdag"], ())


TWICE = [
    # course and offering, the first action, the second course and offering, its action: the problem, and whether it is an error
    (("lederdag", "", "tilmeld"), ("lederdag", "", ""), P.TWICE, False),
    (("lederdag", "", "tilmeld"), ("lederdag", "", "venteliste"), P.CONTRADICTION, True),
    (("lederdag", "", "afmeld"), ("lederdag", "", "flyt"), P.CONTRADICTION, True),
    (("tryghed", "hold-1", "tilmeld"), ("tryghed", "hold-2", "tilmeld"), P.CONTRADICTION, True),
    (("valgfri", "a", "flyt"), ("valgfri", "b", "flyt"), P.CONTRADICTION, True),
    (("valgfri", "a", "tilmeld"), ("valgfri", "b", "flyt"), P.CONTRADICTION, True),
    (("valgfri", "a", "tilmeld"), ("valgfri", "b", "tilmeld"), None, False),
    (("tryghed", "hold-1", "afmeld"), ("tryghed", "hold-2", "tilmeld"), None, False),
    (("tryghed", "hold-1", "flyt"), ("tryghed", "hold-2", "afmeld"), None, False),
]


@pytest.mark.parametrize(("first", "second", "problem", "is_error"), TWICE)
def test_somebody_who_is_there_twice_is_a_warning_or_a_contradiction(first, second, problem, is_error):
    """By either address. The same again is left out; two seats go against each other where there can be one only."""
    free = replace(PLAN.courses[1], id="valgfri", title="Valgfri", offerings=(Offering(id="a"), Offering(id="b")))
    plan = replace(PLAN, courses=(*PLAN.courses, free))
    lines = [
        f"{course};{offering};{address};{action}"
        for (course, offering, action), address in zip((first, second), (ANE.email, "AAS@by.example"), strict=True)
    ]
    requests, complaints = read(csv_of(*lines), plan)
    if problem is None:
        assert (len(requests), complaints) == (2, ())
    else:
        assert [(one.place, one.other, one.problem, one.is_error) for one in complaints] == [("3", "2", problem, is_error)]
        assert len(requests) == 1


def test_what_is_shown_of_a_hostile_cell_is_short_and_on_one_line():
    """A cell may hold 32,767 characters, and some of them move the cursor."""
    hostile = "\x1b[2J\u202e" + "ord " * 5000
    (complaint,) = read(csv_of(f"lederdag;;{hostile};"))[1]
    assert complaint.problem is P.ADDRESS_INVALID
    assert len(complaint.value) <= 60
    assert complaint.value.isprintable()
    (request,) = read(csv_of("lederdag;;a@by.example;;Ny\x1b[31m leder"))[0]
    assert request.reason == "Ny [31m leder"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Anna.Eksempel@Kommune.example", True),
        ("o'neil+kursus@a-b.kommune.example", True),
        ("anna@kommune", False),
        ("anna@@kommune.example", False),
        ("anna@kommune.example\n", False),
        ("Anna <anna@kommune.example>", False),
        ("ånna@kommune.example", False),
        (f"{'a' * 250}@by.example", False),
        ("", False),
    ],
)
def test_an_address_is_one_that_exchange_would_deliver_to(word, expected):
    assert is_address(word) is expected


def test_a_list_without_rows_asks_for_nothing():
    assert asked([], PLAN, PeopleIndex()) == ((), ())
    assert read(csv_of()) == ((), ())


WORDS = st.sampled_from(
    ["", "lederdag", "tryghed", "Hold 1", "hold-2", "a@by.example", "AAS@by.example", *ACTIONS, *(words[0] for words in COLUMNS.values())]
)
CELLS = st.lists(WORDS | st.text(max_size=8), max_size=7)
HIDDEN = st.lists(st.tuples(st.integers(0, 8), st.sampled_from(["formula", "error", "merged"])), max_size=3)
ROW = st.builds(
    lambda cells, hidden: ListedRequest(cells=tuple(cells), places=tuple(map(str, range(len(cells)))), hidden=tuple(hidden)), CELLS, HIDDEN
)
HEAD = st.permutations(HEADINGS.split(";")).map(lambda cells: ListedRequest(cells=tuple(cells), places=tuple("ABCDE")))


def rows_or_refusal(data):
    """No rows: the file was refused, with a reason of ours. Anything else that is raised fails the test."""
    try:
        return read_list(data, "liste")
    except InputError:
        return ()


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail) | st.text(max_size=200).map(str.encode))
def test_no_file_whatever_is_in_it_ends_in_anything_but_rows_or_a_refusal(data):
    rows = rows_or_refusal(data)
    assert [row.line for row in rows] == sorted({row.line for row in rows})
    if rows:
        read(data)


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_no_workbook_with_a_byte_changed_ends_in_anything_but_rows_or_a_refusal(at, byte):
    data = bytearray(WORKBOOK)
    data[at % len(data)] = byte
    rows = rows_or_refusal(bytes(data))
    assert all(row.sheet and row.line > 0 for row in rows)
    if rows:
        read(bytes(data))


WORKBOOK = xlsx_of(
    ("Kursus", "E-mail", "Handling"), ("lederdag", "a@by.example", "=A1"), ("lederdag", "b@by.example", "afmeld"), merge="A5:B6"
)


@given(HEAD | ROW, st.lists(ROW, max_size=6))
def test_every_row_becomes_one_wish_or_is_complained_of(head, body):
    """Nothing is lost in silence; a wish is about the plan and an address, and no two are about the same."""
    requests, complaints = asked([head, *body], PLAN, PeopleIndex([ANE]))
    known = {course.id: {one.id for one in course.offerings} for course in PLAN.courses}
    assert all(one.offering in known[one.course] and is_address(one.email) for one in requests)
    assert len({(one.course, one.offering, one.email) for one in requests}) == len(requests)
    if not complaints:
        assert len(requests) == sum(any(row.cells) for row in body)
    assert all(len(one.value) <= 60 for one in complaints)


@pytest.mark.parametrize(
    ("word", "outside"), [("", False), ("nej", False), ("NO", False), ("ja", True), ("Yes", True), ("x", True), ("måske", None)]
)
def test_a_row_may_say_that_somebody_comes_from_outside(word, outside):
    """Anything else is asked about; the place of each wish is kept."""
    found = read_requests(
        listed(csv_of(f"lederdag;A@firma.example;{word}", headings="Kursus;E-mail;Ekstern")), PLAN, PeopleIndex(), by="hr", now=NOW
    )
    if outside is None:
        assert wrong(found.complaints) == [("2", P.EXTERNAL_UNCLEAR)]
        assert found.requests == ()
    else:
        assert (found.external, found.places) == (frozenset({"a@firma.example"} if outside else ()), ("2",))


def test_a_formula_that_may_say_from_outside_is_asked_about():
    """It looks empty, which would mean no."""
    found = read_requests(
        listed(xlsx_of(("Kursus", "E-mail", "Ekstern"), ("lederdag", "a@by.example", "=A1"))), PLAN, PeopleIndex(), by="hr", now=NOW
    )
    assert wrong(found.complaints) == [("Ark1!C2", P.FORMULA)]


def test_what_is_invisible_in_an_address_is_no_part_of_it():
    """Copied out of a mail or a web page, in text and in a workbook."""
    row = ("lederdag", "", "\ufeffBo.\u200bBo\u00adllen@\u200ekommune.example\u00a0", "", "")
    for data in (csv_of(";".join(row)), xlsx_of(HEADINGS.split(";"), row)):
        requests, complaints = read(data)
        assert ([one.email for one in requests], complaints) == (["bo.bollen@kommune.example"], ())
