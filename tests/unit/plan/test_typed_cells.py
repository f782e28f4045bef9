"""Cells as people in a Danish office type them → what is read, or what is said to them."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from bot.domain.people import Language
from bot.plan import problem_text
from tests.builders.documents import AUDIENCE_ROWS, parse, workbook

STATUSES = "kladde, kun i oversigten, foreslået, reservér datoen, godkendt, aflyst"
HEADINGS = ("Titel", "Status", "Målgruppe", "Dato", "Fra", "Til", "Sted", "Pladser", "Svarfrist", "Ansvarlig")


def course(**cells):
    """A workbook with one course on one row, and these cells in place of its own."""
    row = {"Titel": "Et kursus", "Status": "godkendt", "Målgruppe": "Ledere", "Dato": datetime(2025, 6, 18), "Fra": "9.00", "Til": "15.30"}
    row |= {name.replace("_", " "): cell for name, cell in cells.items()}
    return workbook(Målgrupper=AUDIENCE_ROWS, Kurser=None, Sessioner=None, **{"Enkle kurser": (tuple(row), tuple(row.values()))})


def said(data):
    """What a person is told, in Danish, but for the line about ids."""
    return [problem_text(Language.DA, one) for one in parse(data).problems if not one.is_note]


def read(data):
    parsed = parse(data)
    assert parsed.plan is not None, said(data)
    return parsed.plan


def one(data):
    return read(data).courses[0]


def start(data):
    session = one(data).offerings[0].sessions[0]
    return (session.start, session.end, session.all_day)


DAY, NINE, HALF_PAST_THREE = datetime(2025, 6, 18), datetime(2025, 6, 18, 9), datetime(2025, 6, 18, 15, 30)
WHOLE_DAY = (DAY, datetime(2025, 6, 19), True)


@pytest.mark.parametrize(
    "cell",
    [
        "18-06-2025", "18-6-2025", "18.06.2025", "18.6.2025", "18. 6. 2025", "18.6 2025", "18/06/2025", "18/6/2025", "18/6-2025",
        "18/6 2025", "18 / 6 - 2025", "18-6 2025", "18/6-25", "18/6 25", "18. juni 2025", "18 juni 2025", "18.juni 2025", "18. Juni 2025",
        "18. jun. 2025", "18 jun 2025", "18. juni 25", "d. 18. juni 2025", "den 18. juni 2025", "onsdag den 18. juni 2025",
        "Onsdag d. 18. juni 2025", "onsdag 18. juni 2025", "ons. 18. juni 2025",
        "ons 18/6-2025", "onsdag den 18/6 2025", "onsdag, 18-06-2025",
        "2025-06-18", "2025/06/18", "2025.6.18", "18 June 2025", "June 18, 2025", "Wednesday 18 June 2025", "18–06–2025",
        "18\u00a0juni\u00a02025", "\u200b18-06-2025\u200b", "18-06-2025 ", "\u00a018-06-2025", "18. juni\u202f2025", date(2025, 6, 18), DAY,
    ],
)  # fmt: skip
def test_a_date_is_read_in_every_form_that_says_one_day(cell):
    """Alone it is the whole day."""
    assert start(course(Dato=cell, Fra=None, Til=None)) == WHOLE_DAY


@pytest.mark.parametrize(
    "cell",
    [
        "18-06-2025 09:00", "18-06-2025 9:00", "18-06-2025 9.00", "18.6.2025 kl. 9.00",
        "18.6.2025 kl 9", "18/6-2025 9.00", "18/6 2025 kl. 9",
        "18. juni 2025 kl. 9", "18. juni 2025, kl. 9.00", "onsdag den 18. juni 2025 kl. 9", "onsdag den 18. juni 2025 kl. 09.00",
        "18. juni 2025 klokken 9", "2025-06-18T09:00", "2025-06-18 09:00", "18-06-2025 09:00:00", "18-06-2025\u00a009:00", NINE,
    ],
)  # fmt: skip
def test_a_date_with_its_hour_is_read_in_every_form(cell):
    """Under `Dato` too, where `Fra` is empty then."""
    assert start(course(Dato=cell, Fra=None, Til="15.30")) == (NINE, HALF_PAST_THREE, False)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("06/07/25", "»06/07/25« kan være to forskellige dage. Skriv dag, måned og år med fire cifre: 18-06-2025 09:00."),
        ("18-06-25", "»18-06-25« kan være to forskellige dage. Skriv dag, måned og år med fire cifre: 18-06-2025 09:00."),
        ("06.07.25", "»06.07.25« kan være to forskellige dage. Skriv dag, måned og år med fire cifre: 18-06-2025 09:00."),
        ("06/18/2025", "»06/18/2025« har en måned, der ikke findes. Skriv dagen først: 18-06-2025 09:00."),
        ("tirsdag den 18. juni 2025", "Ugedagen i »tirsdag den 18. juni 2025« passer ikke til datoen. Ret den ene af dem."),
        ("tors 18/6-2025", "Ugedagen i »tors 18/6-2025« passer ikke til datoen. Ret den ene af dem."),
        ("18/6", "»18/6« er ikke en dato eller et tidspunkt, der kan forstås. Skriv for eksempel 18-06-2025 09:00."),
        ("18. juni", "»18. juni« er ikke en dato eller et tidspunkt, der kan forstås. Skriv for eksempel 18-06-2025 09:00."),
        ("uge 25", "»uge 25« er ikke en dato eller et tidspunkt, der kan forstås. Skriv for eksempel 18-06-2025 09:00."),
        ("18-06-2025 og 19-06-2025",
         "»18-06-2025 og 19-06-2025« er ikke en dato eller et tidspunkt, der kan forstås. Skriv for eksempel 18-06-2025 09:00."),
        (45826, "»45826« er ikke en dato eller et tidspunkt, der kan forstås. Skriv for eksempel 18-06-2025 09:00."),
        (True, "»SAND« er ikke en dato eller et tidspunkt, der kan forstås. Skriv for eksempel 18-06-2025 09:00."),
        ("31-06-2025", "»31-06-2025« findes ikke i kalenderen. Ret datoen eller klokkeslættet."),
        ("onsdag den 31. juni 2025", "»onsdag den 31. juni 2025« findes ikke i kalenderen. Ret datoen eller klokkeslættet."),
        ("18-06-1925", "Årstallet i »18-06-1925« ligger uden for 2000–2199. Ret det."),
    ],
)  # fmt: skip
def test_a_date_that_is_none_or_two_is_refused_in_hrs_words(cell, words):
    """As it was written, with the day first."""
    data = course(Dato=cell, Fra=None, Til=None)
    assert said(data) == [words]
    assert [problem.place for problem in parse(data).problems if problem.is_error] == ["Enkle kurser!D2"]


@pytest.mark.parametrize(
    "cell",
    [
        "9:00",
        "09:00",
        "9.00",
        "09.00",
        "kl. 9.00",
        "kl 9",
        "kl.9",
        "Kl. 09:00",
        "klokken 9",
        "9",
        9,
        9.0,
        time(9),
        timedelta(hours=9),
        "09:00:00",
        "\u00a09.00",
    ],
)
def test_a_time_of_day_is_read_in_every_form(cell):
    """Excel's own too."""

    def change(book):
        if isinstance(cell, timedelta):
            book.get_worksheet_by_name("Enkle kurser").write_datetime("E2", cell, book.add_format({"num_format": "[h]:mm"}))
        if isinstance(cell, time):
            book.get_worksheet_by_name("Enkle kurser").write_datetime("E2", cell, book.add_format({"num_format": "hh:mm"}))

    row = ("Et kursus", "godkendt", "Ledere", DAY, None if isinstance(cell, time | timedelta) else cell, "15.30")
    data = workbook(change, Målgrupper=AUDIENCE_ROWS, Kurser=None, Sessioner=None, **{"Enkle kurser": (HEADINGS[:6], row)})
    assert start(data) == (NINE, HALF_PAST_THREE, False)


@pytest.mark.parametrize("cell", ["formiddag", "9-12", "25:00", "9.60", 9.5, 15.3, 24, True])
def test_what_is_no_time_of_day_is_refused(cell):
    """15.3 could be half past three or eighteen minutes past it."""
    shown = {True: "SAND"}.get(cell, cell) if isinstance(cell, bool) else cell
    assert said(course(Fra=cell)) == [f"»{shown}« er ikke et klokkeslæt. Skriv for eksempel 09:00."]


@pytest.mark.parametrize("cell", ["15.30", "15:30", "kl. 15.30", "18-06-2025 15.30", HALF_PAST_THREE])
def test_a_time_alone_under_the_end_is_on_the_day_of_the_start(cell):
    """On the sheet of sessions."""
    rows = (("Kursus", "Start", "Slut"), ("kursus", "18. juni 2025 kl. 9", cell))
    assert start(workbook(Sessioner=rows)) == (NINE, HALF_PAST_THREE, False)


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [
        ("18-06-2025", "15.30", "Start og slut skal begge have klokkeslæt, eller begge være en dato alene. Ret den ene."),
        ("18-06-2025 16.00", "15.30", "Slut (18-06-2025 kl. 15.30) ligger ikke efter start (18-06-2025 kl. 16.00). Ret det ene tidspunkt."),
        (None, "15.30", "»Start« mangler. Tilføj det her."),
        ("i morgen", "15.30", "»i morgen« er ikke en dato eller et tidspunkt, der kan forstås. Skriv for eksempel 18-06-2025 09:00."),
    ],
)
def test_an_end_that_fits_no_start_is_told_once(begins, ends, words):
    """In the words of the sheet."""
    rows = (("Kursus", "Start", "Slut"), ("kursus", begins, ends))
    assert said(workbook(Sessioner=rows)) == [words]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"Dato": None}, "»Dato« mangler. Tilføj det her."),
        ({"Dato": None, "Fra": None, "Til": None}, "»Dato« mangler. Tilføj det her."),
        ({"Til": None}, "»Til« mangler. Tilføj det her."),
        ({"Dato": "18-06-2025 9.00"}, "Klokkeslættet står både her og under Dato (»18-06-2025 9.00«). Slet det ene."),
        ({"Dato": "2. halvår 2025"}, "Her står et klokkeslæt, men »2. halvår 2025« er ingen dato. Slet klokkeslættet, eller skriv datoen."),
        ({"Status": "godkent"}, f"»godkent« er ikke en mulighed. Mente du »godkendt«? Der kan vælges mellem: {STATUSES}."),
        ({"Målgruppe": "Alle ledre"}, "Målgruppen »Alle ledre« findes ikke i planen. Mente du »ledere«?"),
        ({"Målgruppe": None}, "»Målgruppe« mangler. Tilføj det her."),
        ({"Titel": None}, "»Titel« mangler. Tilføj det her."),
        ({"Titel": "?!"}, "»?!« kan ikke blive til et id, for der er ingen bogstaver i det. Skriv et i kolonnen Id."),
        ({"Pladser": "mange"}, "»mange« er ikke et helt tal fra 1 til 100000. Skriv tallet med cifre alene."),
        ({"Ansvarlig": "Anna Eksempelsen"},
         "»Anna Eksempelsen« er et navn og ikke en mailadresse. Skriv mailadressen, for eksempel navn@domæne.dk."),
        ({"Ansvarlig": "åse@demo.example"},
         "»åse@demo.example« har bogstaver, som Exchange ikke kan sende til. Brug adressen uden æ, ø, å og andre særlige tegn."),
        ({"Lokale": "Sal 2"}, "»Sal 2« er et navn og ikke en mailadresse. Skriv mailadressen, for eksempel navn@domæne.dk."),
        ({"Venteliste": "måske", "Pladser": 4}, "»måske« er hverken ja eller nej. Skriv ja eller nej, eller sæt kryds (x)."),
        ({"Online": 2}, "»2« er hverken ja eller nej. Vælg fra listen."),
        ({"Svarfrist": "19-06-2025"},
         "Tidspunktet 19-06-2025 kl. 23.59 ligger efter kursets første mødegang (18-06-2025 kl. 09.00). Vælg et tidligere."),
        ({"Mindst": 5, "Pladser": 4, "Svarfrist": "1/6-2025"},
         "»Mindst« er 5, og det er flere, end »Pladser« giver plads til (4). Ret det ene."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_row_is_told_in_the_words_of_its_headings(cells, words):
    """Nothing of YAML, and no date with the year first."""
    assert said(course(**{name.replace(" ", "_"): cell for name, cell in cells.items()})) == [words]


@pytest.mark.parametrize(
    ("cell", "deadline"),
    [
        ("1. juni 2025", datetime(2025, 6, 1, 23, 59)),
        (datetime(2025, 6, 1), datetime(2025, 6, 1, 23, 59)),
        ("1/6-2025", datetime(2025, 6, 1, 23, 59)),
        ("1/6-2025 kl. 12", datetime(2025, 6, 1, 12)),
        (datetime(2025, 6, 1, 12), datetime(2025, 6, 1, 12)),
    ],
)
def test_a_deadline_without_an_hour_is_the_end_of_its_day(cell, deadline):
    """Also the end of the waiting list; an opening is the beginning of its day."""
    found = one(course(Svarfrist=cell, Pladser=4, Venteliste_til=cell, Åbner="1/5-2025")).enrolment
    assert (found.deadline, found.waiting_list_until, found.opens) == (deadline, deadline, datetime(2025, 5, 1))


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("300.000", "300000"), ("1.250.000", "1250000"), ("40.000 kr.", "40000"), ("40.000 kr", "40000"), ("kr. 40.000", "40000"),
        ("DKK 40.000", "40000"), ("40.000,50", "40000.50"), ("40000,5", "40000.5"), ("40.000,-", "40000"), ("40 000", "40000"),
        ("40\u00a0000 kr.", "40000"), ("40\u202f000,50", "40000.50"), ("99.50", "99.50"), ("1,234.50", "1234.50"), ("40000", "40000"),
        (40000, "40000"), (40000.5, "40000.5"), (0.1 + 0.2, "0.3"), (100.0, "100"),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_danes_write_it(cell, amount):
    """Of a pool."""
    assert read(workbook(Puljer=(("Navn", "Beløb"), ("Puljen", cell)))).funding[0].amount == Decimal(amount)


@pytest.mark.parametrize("cell", ["ca. 40.000", "1,234", "40.00.000", "-5", "40.000,505", "fyrre", 33.333, -5, True, "40 t.kr."])
def test_an_amount_that_could_be_two_is_refused(cell):
    """With how it may be written."""
    (words,) = said(workbook(Puljer=(("Navn", "Beløb"), ("Puljen", cell))))
    assert words.endswith("Skriv for eksempel 150.000 eller 99,50.")


@pytest.mark.parametrize("cell", ["ja", "Ja", "JA", "x", "X", "✓", "☑", "true", "SAND", "yes", 1, True, " x\u00a0"])
def test_yes_is_read_in_every_form(cell):
    assert one(course(Online=cell)).online is True


@pytest.mark.parametrize("cell", ["nej", "Nej", "no", "FALSK", "☐", 0, False, None, "\u200b"])
def test_no_is_read_in_every_form(cell):
    assert one(course(Online=cell)).online is False


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("Godkendt", "approved"), ("reservér datoen", "save_the_date"), ("Reserver datoen", "save_the_date"),
        ("save the date", "save_the_date"),
        ("foreslået ", "proposed"), ("Kun i\u00a0oversigten", "listed"), ("AFLYST", "cancelled"),
    ],
)  # fmt: skip
def test_a_status_is_read_whatever_its_case_blanks_and_accents(cell, status):
    assert one(course(Status=cell)).status.value == status


@pytest.mark.parametrize(("cell", "seats"), [(40, 40), (40.0, 40), ("40", 40), (" 40\u00a0", 40), ("1.000", 1000)])
def test_seats_are_read_as_a_number_or_a_text(cell, seats):
    assert one(course(Pladser=cell)).enrolment.capacity == seats


@pytest.mark.parametrize(
    ("cell", "period"),
    [
        ("2025", "2025"), (2025, "2025"), ("2. halvår 2025", "2025-H2"), ("2.halvår 2025", "2025-H2"), ("3. kvartal 2025", "2025-Q3"),
        ("September 2025", "2025-09"), ("sep. 2025", "2025-09"), ("H2 2025", "2025-H2"), ("K3 2025", "2025-Q3"), ("2025-h2", "2025-H2"),
        ("2025-09", "2025-09"),
    ],
)  # fmt: skip
def test_a_period_is_read_as_danes_say_it(cell, period):
    """On both sheets."""
    assert one(course(Dato=cell, Fra=None, Til=None)).offerings[0].sessions[0].period == period
    rows = (("Kursus", "Periode"), ("kursus", cell))
    assert one(workbook(Sessioner=rows)).offerings[0].sessions[0].period == period


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("30 minutter", 30),
        ("1 time", 60),
        ("2 timer", 120),
        ("1 dag", 1440),
        ("2 uger", 20160),
        ("2h", 120),
        ("15.30", 390),
        ("15:30", 390),
    ],
)
def test_what_a_reminder_is_worth_is_read_as_danes_say_it(cell, minutes):
    """Or as the hour of its own day."""
    rule = ("Før", "Dage", "Kl.", "Til", "Kanaler", "Besked", "Udløber")
    (found,) = read(workbook(Påmindelser=(rule, ("start", 1, "9.00", "tilmeldte", "mail", "i morgen", cell)))).reminders
    assert found.expires == timedelta(minutes=minutes)


def test_an_hour_that_is_past_when_the_reminder_goes_is_refused():
    rule = ("Før", "Dage", "Kl.", "Til", "Kanaler", "Besked", "Udløber")
    (words,) = said(workbook(Påmindelser=(rule, ("start", 1, "9.00", "tilmeldte", "mail", "i morgen", "8.00"))))
    assert words.startswith("Et klokkeslæt her (8.00) skal ligge efter påmindelsens eget")


@pytest.mark.parametrize("cell", ["1e400", "-1e400", "nan"])
@pytest.mark.parametrize("column", range(1, 11))
def test_what_is_no_number_in_a_cell_of_numbers_is_told_like_anything_else(cell, column):
    """As a broken program saves it."""
    data = io.BytesIO(course(Sted="Salen", Pladser=12345, Svarfrist="1/6-2025", Ansvarlig="hr@demo.example"))
    stream = io.BytesIO()
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                place = f'<c r="{"ABCDEFGHIJ"[column - 1]}2"'.encode()
                part = re.sub(place + rb"[^>]*>.*?</c>", place + b"><v>" + cell.encode() + b"</v></c>", part)
            new.writestr(name, part)
    assert isinstance(parse(stream.getvalue()).problems, tuple)


def test_blanks_that_nobody_sees_are_no_part_of_a_title_or_a_heading():
    """Copied out of a web page."""
    found = one(course(Titel="\u200bDen\u00a0svære \u2060samtale\ufeff", **{"\u200bTema\u00a0": "Et\u00a0tema"}))
    assert (found.title, found.id, found.theme) == ("Den svære samtale", "den-svaere-samtale", "Et tema")
