"""The overview as files: the workbook read back by another library, the PDF by one that knows its text, its tags and its pages."""

import zipfile
from collections import Counter
from dataclasses import replace
from datetime import datetime
from functools import cache
from io import BytesIO

import pypdf
import pytest

from bot.domain.people import Language
from bot.overview.as_pdf import overview_pdf
from bot.overview.as_workbook import overview_xlsx
from bot.overview.compose import overview_of
from bot.overview.document import Chart
from bot.overview.paper import paper
from tests.builders.overviews import NOTHING_KNOWN, NOW, YES, directors_counts, directors_plan, later, main, paid, plan_of, year_of_sixty
from tests.unit.overview.formats import EVIL, LANGUAGES, directors, evil_plan, sixty
from tests.unit.overview.read_back import book, rows_of, text_of


def test_the_workbook_has_a_sheet_for_each_list_with_numbers_and_dates_as_such():
    found = book(directors())
    assert found.sheetnames == [
        "Kurser",
        "Årshjul",
        "Puljer",
        "Hvad puljerne betaler",
        "Scenarier",
        "Beslutninger",
        "Pris pr. plads",
        "Pris pr. afdeling",
    ]
    courses = {row["Id"]: row for row in rows_of(found["Kurser"])}
    assert (courses["tryghed"]["Første dag"], courses["tryghed"]["Tilmeldt"], courses["tryghed"]["Pladser"]) == (
        datetime(2024, 3, 5),
        33,
        40,
    )
    assert courses["ide"]["Første dag"] is None
    pools = {(row["Pulje"], row["Formål"]): row for row in rows_of(found["Puljer"])}
    total = pools["Lederudviklingspuljen 2024", "I alt"]
    assert (total["Planlagt"], total["Frit"], total["Beløb, der ikke kendes"]) == (329000.5, -29000.5, 2)
    assert pools["Midler til social- og sundhedsområdet", "I alt"]["Afsat"] is None
    assert [row["Planlagt"] for row in rows_of(found["Scenarier"])] == [229000.5, 329000.5, 100000, 0]
    decided = [row for row in rows_of(found["Beslutninger"]) if row["Besluttet"] == "ja"]
    assert [(row["Hvis det bliver"], row["Dato"], row["Af"]) for row in decided] == [
        ("flere dage", datetime(2024, 1, 17), "Direktionen"),
    ]


def test_the_purposes_of_a_pool_add_up_to_it_in_the_workbook():
    rows = rows_of(book(sixty())["Puljer"])
    for money in sixty().pools:
        of_pool = [row for row in rows if row["Pulje"] == money.pool.name]
        *purposes, total = of_pool
        for column in ("Planlagt", "Heraf brugt", "Frit", "Afsat"):
            assert round(sum(row[column] for row in purposes), 2) == total[column]


def test_an_amount_that_nobody_knows_is_an_empty_cell():
    paid = {row["Kursus eller udgift"]: row for row in rows_of(book(directors())["Hvad puljerne betaler"])}
    assert (paid["Mentorordning"]["Planlagt"], paid["Masteruddannelse"]["Planlagt"]) == (None, None)
    assert paid["Tilskud til DOL"]["Planlagt"] == 80000
    assert paid["Tilskud til DOL"]["Status"] == "Disponeret"


def test_a_plan_without_money_or_decisions_is_a_list_of_courses():
    assert book(overview_of(plan_of(), NOTHING_KNOWN, now=NOW)).sheetnames == ["Kurser"]


def test_a_year_has_every_pool_that_its_decisions_are_about():
    pools = directors_plan().funding
    course = replace(directors_plan().courses[2], funding=(paid("eu", "5", when=YES),), offerings=main(later("a", "2025-H1")))
    grant = replace(pools[0].expenses[0], when=YES)
    plan = replace(directors_plan(), courses=(course,), funding=(replace(pools[0], expenses=(grant,)), *pools[1:]))
    shown = overview_of(plan, NOTHING_KNOWN, now=NOW, years=[2025])
    assert [one.pool.id for one in shown.pools] == ["pulje-2024", "eu"]
    decided, *_ = rows_of(book(shown)["Beslutninger"])
    assert decided["Beløb"].replace("\u00a0", " ").splitlines() == ["Lederudviklingspuljen 2024: 80.000 kr.", "EU-tilskud: 5 EUR"]


def test_nothing_that_somebody_wrote_becomes_a_formula_or_a_link():
    data = overview_xlsx(overview_of(evil_plan(), directors_counts(), now=NOW), Language.DA)
    with zipfile.ZipFile(BytesIO(data)) as parts:
        pages = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any("<f>" in page or "hyperlink" in page for page in pages)


@LANGUAGES
def test_nobody_who_takes_part_is_in_the_workbook(language):
    cells = [str(value) for sheet in book(directors(), language) for row in sheet.iter_rows(values_only=True) for value in row]
    assert not [cell for cell in cells if "leder-1@" in cell or "taler@" in cell]


def pdf_of(overview, language=Language.DA):
    return overview_pdf(paper(overview, language), made=overview.as_of)


@cache
def directors_pdf(language=Language.DA):
    return pdf_of(directors(), language)


def elements(data):
    """The elements of the structure tree."""
    root = pypdf.PdfReader(BytesIO(data)).trailer["/Root"]
    waiting = [root["/StructTreeRoot"]["/K"]]
    while waiting:
        item = waiting.pop().get_object() if not isinstance(waiting[-1], list) else waiting.pop()
        if isinstance(item, list):
            waiting += list(item)
        elif isinstance(item, dict):
            if "/S" in item:
                yield item
            if "/K" in item:
                waiting.append(item["/K"])


def tags_of(data):
    """Each kind of element in the structure tree, how often."""
    return Counter(element["/S"] for element in elements(data))


def test_the_pdf_is_tagged_says_its_language_and_title_and_claims_ua_1():
    data = directors_pdf()
    root = pypdf.PdfReader(BytesIO(data)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("da")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    assert pypdf.PdfReader(BytesIO(data)).metadata.title == "Oversigt over kurser og arrangementer 2024–2025 – Norddjurs Kommune"


def test_tables_headings_and_lists_of_the_pdf_are_what_they_look_like():
    tags = tags_of(directors_pdf())
    document = paper(directors(), Language.DA)
    tables = [block for section in document.sections for block in section.blocks if type(block).__name__ == "PaperTable"]
    assert tags["/Table"] == len(tables)
    assert tags["/TH"] == sum(len(table.columns) for table in tables)
    assert tags["/TR"] == sum(len(table.rows) + 1 for table in tables)
    assert (tags["/H1"], tags["/H2"] + tags["/H3"]) == (1, len(document.sections))
    assert tags["/LI"] > 0


def test_each_chart_of_the_pdf_says_in_words_what_it_shows_and_headings_are_bookmarks():
    data = directors_pdf()
    document = paper(directors(), Language.DA)
    charts = [block for section in document.sections for block in section.blocks if isinstance(block, Chart)]
    assert len(charts) == 3
    assert sorted(one["/Alt"] for one in elements(data) if one["/S"] == "/Figure") == sorted(chart.told for chart in charts)
    marks = [str(mark["/Title"]) for mark in flat(pypdf.PdfReader(BytesIO(data)).outline)]
    assert marks == [document.title, *(section.heading for section in document.sections)]


def flat(marks):
    for mark in marks:
        yield from flat(mark) if isinstance(mark, list) else (mark,)


@LANGUAGES
def test_the_pdf_says_what_the_page_says_with_page_numbers_and_the_date(language):
    document = paper(directors(), language)
    data = directors_pdf(language)
    said = text_of(data)
    pages = len(pypdf.PdfReader(BytesIO(data)).pages)
    for section in document.sections:
        assert "".join(section.heading.split()) in said
    assert f"{document.page}{pages}{document.of}{pages}" in said
    assert said.count("".join(document.made.split())) == pages + 1
    assert "329.000,50" in said or "329,000.50" in said
    assert "leder-1@" not in said


def test_the_same_overview_is_the_same_file():
    assert pdf_of(directors()) == directors_pdf()


def test_what_somebody_wrote_is_text_in_the_pdf_and_never_markup():
    evil = replace(directors_plan(), organisation="#panic() *x* $y$ @z \\ <a> ]]", courses=())
    said = text_of(pdf_of(overview_of(evil, NOTHING_KNOWN, now=NOW)))
    assert "#panic()*x*$y$@z\\<a>]]" in said
    assert pdf_of(overview_of(evil_plan(), directors_counts(), now=NOW)).startswith(b"%PDF")
    assert EVIL


@pytest.mark.parametrize("title", ["Sommerfest 🎉 ✓", "中文 عربي Ελλάς Кирил", "½ € § – ☎", "\ud7ff \ue000 a\u0301", "x" * 500])
def test_letters_that_no_font_has_cost_the_claim_and_not_the_paper(title):
    course = replace(directors_plan().courses[0], title=title)
    data = pdf_of(overview_of(replace(directors_plan(), courses=(course,)), directors_counts(), now=NOW))
    assert tags_of(data)["/Table"] > 0
    assert "Lederudviklingspuljen2024" in text_of(data)


@pytest.mark.parametrize("plan", [plan_of(), year_of_sixty()])
def test_an_empty_plan_and_a_full_year_are_papers_too(plan):
    data = pdf_of(overview_of(plan, NOTHING_KNOWN, now=NOW))
    assert tags_of(data)["/H1"] == 1
