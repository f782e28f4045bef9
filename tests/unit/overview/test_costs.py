"""What a seat costs: by the seats, by those who have one, by those who came, by department; and that nobody says 0 for not known."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.assumptions import Assumption
from bot.domain.funding import FundingPool
from bot.domain.people import Language
from bot.domain.plan import Course, CourseStatus
from bot.overview.as_json import overview_object
from bot.overview.as_text import overview_text
from bot.overview.compose import overview_of
from bot.overview.costs import by_department, shared_out
from bot.overview.lines import Counts, DepartmentSeats, Seats
from bot.overview.paper import paper
from bot.overview.tables import sheets
from tests.builders.overviews import NO, NOTHING_KNOWN, NOW, YES, day, directors_counts, directors_plan, main, paid, plan_of

POOLS = (
    FundingPool(id="pulje", name="Puljen", year=2024, amount=Decimal(1000)),
    FundingPool(id="anden", name="Den anden", year=2024, amount=Decimal(1000)),
    FundingPool(id="eu", name="EU", year=2024, amount=Decimal(1000), currency="EUR"),
)


def course(key="a", *funding, status=CourseStatus.APPROVED, **more):
    return Course(
        id=key,
        title=key.upper(),
        status=status,
        audience=("ledere",),
        funding=funding,
        offerings=main(day("dag", "2024-05-01T09:00")),
        **more,
    )


def seats(registered=0, capacity=None, attended=None, **departments):
    each = tuple(DepartmentSeats(name=name, registered=count) for name, count in departments.items())
    return Seats(capacity=capacity, registered=registered, attended=attended, departments=each)


def shown(*courses, assumptions=(), **of_course):
    counts = replace(NOTHING_KNOWN, seats=of_course)
    return overview_of(plan_of(*courses, funding=POOLS, assumptions=assumptions), counts, now=NOW)


def costs(overview):
    return [(one.course, one.currency, one.amounts.planned, one.per_seat, one.per_registered, one.per_attended) for one in overview.costs]


def test_a_cost_is_divided_by_the_seats_those_registered_and_those_who_came():
    found = shown(course("a", paid("pulje", "1000")), a=seats(registered=30, capacity=40, attended=24))
    assert costs(found) == [("a", "DKK", 1000, Decimal("25.00"), Decimal("33.33"), Decimal("41.67"))]


@pytest.mark.parametrize(
    ("of_course", "expected"),
    [
        (seats(), (None, None, None)),
        (seats(capacity=4), (Decimal(25), None, None)),
        (seats(registered=2, attended=0), (None, Decimal(50), None)),
        (seats(registered=3, attended=2), (None, Decimal("33.33"), Decimal(50))),
    ],
)
def test_what_is_not_known_or_nobodys_is_not_nothing(of_course, expected):
    ((*_, per_seat, per_registered, per_attended),) = costs(shown(course("a", paid("pulje", "100")), a=of_course))
    assert (per_seat, per_registered, per_attended) == expected


def test_each_currency_by_itself_and_the_dearest_of_what_is_open():
    either = paid("pulje", "100", when=YES), paid("anden", "300", when=NO), paid("eu", "7")
    found = shown(course("a", *either), assumptions=[Assumption(id="velfaerdsmidler", value=None)], a=seats(registered=4))
    assert [one[1:3] for one in costs(found)] == [("DKK", 300), ("EUR", 7)]


def test_a_cancelled_course_costs_what_was_spent_and_one_without_an_amount_is_not_among_them():
    plan = course("a", paid("pulje", "100", spent="30"), status=CourseStatus.CANCELLED), course("b", paid("pulje")), course("c")
    assert [(one.course, one.amounts.planned) for one in shown(*plan).costs] == [("a", 30)]


def test_departments_share_the_cost_by_those_registered_and_add_up_to_it():
    found = shown(
        course("a", paid("pulje", "100")), course("b", paid("pulje", "50.01")), course("c", paid("pulje", "9")),
        a=seats(registered=3, Skole=1, Kultur=1, **{"": 1}), b=seats(registered=3, Skole=2, Ældre=1),
    )  # fmt: skip
    parts, nobody = by_department(found.costs, "DKK")
    assert [(one.department, one.registered, one.amount) for one in parts] == [
        ("Kultur", 1, Decimal("33.33")),
        ("Skole", 3, Decimal("33.34") + Decimal("33.34")),
        ("Ældre", 1, Decimal("16.67")),
        ("", 1, Decimal("33.33")),
    ]
    assert nobody == 9
    assert by_department(found.costs, "EUR") == ((), 0)


@pytest.mark.parametrize(
    ("amount", "parts", "expected"),
    [
        ("100", [1, 1, 1], ["33.34", "33.33", "33.33"]),
        ("0.02", [1, 1, 1], ["0.01", "0.01", "0"]),
        ("1", [0, 3], ["0", "1"]),
        ("0.05", [1, 3], ["0.01", "0.04"]),
    ],
)
def test_what_does_not_go_up_goes_to_those_who_were_rounded_down_most(amount, parts, expected):
    assert shared_out(Decimal(amount), parts) == tuple(map(Decimal, expected))


def test_those_who_came_are_known_of_a_department_only_where_they_are_in_every_course():
    both = seats(registered=2, attended=1)
    of_a, of_b = DepartmentSeats(name="Skole", registered=2, attended=1), DepartmentSeats(name="Skole", registered=2)
    plan = course("a", paid("pulje", "10")), course("b", paid("pulje", "10"))
    for second, attended in ((of_a, 2), (of_b, None)):
        counted = shown(*plan, a=replace(both, departments=(of_a,)), b=replace(both, departments=(second,)))
        ((one,), _) = by_department(counted.costs, "DKK")
        assert (one.registered, one.attended) == (4, attended)


# -- how it is said


def text_of(overview, language=Language.DA):
    return overview_text(paper(overview, language)).replace("\u00a0", " ")


def part(overview, heading="Hvad en plads koster", language=Language.DA):
    (section,) = [one for one in paper(overview, language).sections if one.heading == heading]
    return section.blocks


def rows(block):
    return [[cell.text.replace("\u00a0", " ") for cell in row] for row in block.rows]


def test_the_paper_says_what_a_seat_costs_and_what_nobody_knows():
    plan, counts = directors_plan(), directors_counts()
    words, of_courses, by_dkk = part(overview_of(plan, counts, now=NOW))
    assert words.lines[1:] == (
        "For 1 kursus eller arrangement er prisen ikke kendt.",
        "Det er ikke registreret, hvem der kom, så prisen pr. fremmødt er ikke kendt.",
    )
    assert [column.heading for column in of_courses.columns] == [
        "Kursus eller arrangement",
        "Pris",
        "Pladser",
        "Tilmeldt",
        "Pr. plads",
        "Pr. tilmeldt",
    ]
    assert rows(of_courses)[0] == ["Psykologisk tryghed", "60.000 kr.", "40", "33", "1.500 kr.", "1.818,18 kr."]
    assert ["Fælles lederdag 2025", "2.500,50 EUR", "intet loft", "0", "–", "–"] in rows(of_courses)
    assert rows(by_dkk) == [
        ["Skole og Dagtilbud", "11", "20.000 kr.", "1.818,18 kr."],
        ["Social og Sundhed", "16", "29.090,91 kr.", "1.818,18 kr."],
        ["Afdelingen er ikke kendt", "6", "10.909,09 kr.", "1.818,18 kr."],
        ["Kurser, som ingen er tilmeldt", "0", "146.500 kr.", "–"],
        ["I alt", "33", "206.500 kr.", ""],
    ]


def test_who_came_is_told_where_it_is_known_and_not_known_where_it_is_not():
    plan = course("a", paid("pulje", "100")), course("b", paid("pulje", "100"), paid("anden"))
    skole = DepartmentSeats(name="Skole", registered=2, attended=1), DepartmentSeats(name="Kultur", registered=2)
    found = shown(
        *plan, a=replace(seats(registered=2, attended=1), departments=skole[:1]), b=replace(seats(registered=2), departments=skole[1:])
    )
    _, of_courses, by_dkk = part(found)
    assert rows(of_courses) == [
        ["A", "100 kr.", "intet loft", "2", "1", "–", "50 kr.", "100 kr."],
        ["B", "mindst 100 kr.", "intet loft", "2", "ikke kendt", "–", "mindst 50 kr.", "ikke kendt"],
    ]
    assert rows(by_dkk)[:2] == [["Kultur", "2", "ikke kendt", "100 kr.", "50 kr."], ["Skole", "2", "1", "100 kr.", "50 kr."]]
    assert rows(by_dkk)[-1] == ["I alt", "4", "", "200 kr.", ""]


def test_departments_that_the_directory_does_not_have_are_said_to_be_unknown():
    words, _ = part(shown(course("a", paid("pulje", "100")), a=seats(registered=2, **{"": 2})))
    assert words.lines[-1].startswith("De tilmeldtes afdelinger er ikke kendt")


def test_courses_without_an_amount_are_counted_and_without_money_there_is_no_section():
    (words,) = part(shown(course("a", paid("pulje"))))
    assert words.lines == ("For 1 kursus eller arrangement er prisen ikke kendt.",)
    assert "Hvad en plads koster" not in text_of(shown(course("a")))


def test_json_and_the_workbook_have_it_too():
    overview = overview_of(directors_plan(), directors_counts(), now=NOW)
    of_course = {one["course"]: one["costs"] for one in overview_object(overview)["courses"]}
    (cost,) = of_course["tryghed"]
    assert {name: cost[name] for name in ("currency", "planned", "per_seat", "per_registered", "per_attended", "unknown")} == {
        "currency": "DKK", "planned": "60000.00", "per_seat": "1500.00", "per_registered": "1818.18", "per_attended": None, "unknown": 0,
    }  # fmt: skip
    assert {"department": None, "registered": 6, "attended": None, "amount": "10909.09"} in cost["departments"]
    assert of_course["mentor"] == []
    found = {sheet.title: [dict(zip(sheet.headings, row, strict=True)) for row in sheet.rows] for sheet in sheets(overview, Language.DA)}
    first = found["Pris pr. plads"][0]
    assert (first["Pris"], first["Pr. tilmeldt"], first["Pr. fremmødt"]) == (60000, Decimal("1818.18"), None)
    assert sum(row["Pris"] for row in found["Pris pr. afdeling"]) == 60000
    assert {row["Afdeling"] for row in found["Pris pr. afdeling"]} == {
        "Skole og Dagtilbud",
        "Social og Sundhed",
        "Afdelingen er ikke kendt",
    }


def test_nobody_who_takes_part_is_named():
    counts = Counts(seats=directors_counts().seats, members=directors_counts().members, on_events=frozenset())
    assert "@x.example" not in text_of(overview_of(directors_plan(), counts, now=NOW))
