"""Ids that nobody writes, and cells that name other things by what they are called."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.domain.assumptions import condition_text
from bot.domain.people import Language
from bot.plan import problem_text
from bot.plan.workbook_names import id_of
from tests.builders.documents import AUDIENCE_ROWS, PLAN_ROWS, found, parse, plan_of, workbook

NINE, THREE = datetime(2025, 6, 17, 9, 0), datetime(2025, 6, 17, 15, 0)
NAMED = (("Navn", "Grupper"), ("Alle ledere", "ledere@demo.example"), ("TR, AMR og MED", "tr@demo.example"))


def made(data):
    """What is told of ids, in Danish, by place."""
    return {one.place: problem_text(Language.DA, one) for one in parse(data).problems if one.is_note}


def courses(*rows, headings=("Titel", "Status", "Målgruppe"), **sheets):
    return workbook(**{"Målgrupper": NAMED, "Kurser": (headings, *rows), "Sessioner": None, **sheets})


@pytest.mark.parametrize(
    ("title", "made_of_it"),
    [
        ("Fælles lederdag 2027", "faelles-lederdag-2027"),
        ("Økonomi & åbenhed", "oekonomi-aabenhed"),
        ("Lederdag – sammen om ledelse!", "lederdag-sammen-om-ledelse"),
        ("Café à la carte", "cafe-a-la-carte"),
        ("2027", "2027"),
        ("A\u030angerhus", "aangerhus"),
        ("Psykologisk tryghed – sundt arbejdsmiljø og sund præstation", "psykologisk-tryghed-sundt-arbejdsmiljoe"),
        ("x" * 60, "x" * 40),
        ("Straße", "strasse"),
        ("Ηγεσία", "ηγεσια"),
        ("?!", ""),
    ],
)
def test_an_id_is_made_of_the_title(title, made_of_it):
    """Small letters, digits and hyphens, cut between words."""
    assert id_of(title) == made_of_it


def test_what_has_no_id_gets_one_and_it_is_told_once_a_sheet():
    """Courses, audiences, pools, assumptions and the plan itself."""
    plan_rows = tuple(row for row in PLAN_ROWS if row[0] != "Id")
    pages = {
        "Plan": plan_rows,
        "Puljer": (("Navn", "Beløb"), ("Puljen 2025", 10)),
        "Forudsætninger": (("Spørgsmål", "Værdi"), ("Flere midler?", "ja")),
    }
    data = courses(("Den ene", "foreslået", "alle ledere"), ("Den anden", "foreslået", "Alle  ledere"), **pages)
    plan = plan_of(data)
    assert (plan.id, plan.funding[0].id, plan.assumptions[0].id) == ("demo-kommune", "puljen-2025", "flere-midler")
    assert [(course.id, course.audience) for course in plan.courses] == [("den-ene", ("alle-ledere",)), ("den-anden", ("alle-ledere",))]
    told = made(data)
    assert sorted(told) == ["Forudsætninger!A2", "Kurser!A2", "Målgrupper!A2", "Plan!B3", "Puljer!A2"]
    assert told["Kurser!A2"].startswith("Id lavet af titlen: den-ene, den-anden. Laver I senere en titel om")
    assert told["Målgrupper!A2"] == "Id lavet af navnet: alle-ledere, tr-amr-og-med."


def test_an_id_that_is_none_is_made_one_and_may_be_named_as_it_was_written():
    """`Lederdag 2027` under `Id`, and in the cells that name it."""
    rows = (("Id", "Titel", "Status", "Målgruppe"), ("Lederdag 2027", "Fælles lederdag", "godkendt", "ledere"))
    for name in ("lederdag-2027", "Lederdag 2027", "fælles LEDERDAG"):
        sessions = (("Kursus", "Session", "Start", "Slut"), (name, "Formiddag", NINE, THREE))
        (course,) = plan_of(workbook(Kurser=rows, Sessioner=sessions)).courses
        assert (course.id, course.offerings[0].sessions[0].id) == ("lederdag-2027", "formiddag")


def test_two_of_the_same_title_are_an_error_that_says_what_to_do():
    """A number behind it would give one the other's answers when a row is deleted."""
    data = courses(("Lederdag", "kladde", None), ("Lederdag", "kladde", None))
    told = [(one.code, one.place) for one in parse(data).problems if one.is_error]
    assert told == [("id.duplicate", "Kurser!A3")]
    words = next(problem_text(Language.DA, one) for one in parse(data).problems if one.is_error)
    assert words.startswith("To har samme id: »lederdag«. Er rækken kopieret, så slet id'et i den nye")


def test_the_old_title_under_var_says_that_it_is_the_same_course():
    """Or the old id."""
    for old in ("Lederdag", "lederdag"):
        data = courses(("Lederdagen", "kladde", None, old), headings=("Titel", "Status", "Målgruppe", "Var"))
        assert plan_of(data).courses[0].was == "lederdag"


def test_an_audience_is_named_by_its_name_also_one_with_a_comma_in_it():
    """Among several, where they are separated by semicolon."""
    for cell, expected in (
        ("TR, AMR og MED", ("tr-amr-og-med",)),
        ("Alle ledere; TR, AMR og MED", ("alle-ledere", "tr-amr-og-med")),
        ("alle ledere, tr-amr-og-med", ("alle-ledere", "tr-amr-og-med")),
        ("-", ()),
    ):
        assert plan_of(courses(("K", "foreslået", cell))).courses[0].audience == expected
    people = (("Målgruppe", "E-mail"), ("ALLE LEDERE", "a@demo.example"))
    assert len(plan_of(courses(("K", "foreslået", None), Personer=people)).audiences[0].people) == 1


def test_a_name_of_several_is_asked_about_and_an_id_is_always_one_thing():
    """Whatever else is called so."""
    twice = (("Id", "Navn", "Grupper"), ("a", "Ledere", "a@demo.example"), ("b", "ledere", "b@demo.example"), ("c", "a", "c@demo.example"))
    data = courses(("K", "foreslået", "Ledere"), Målgrupper=twice)
    (problem,) = (one for one in parse(data).problems if one.code == "reference.unclear")
    assert (problem.place, problem_text(Language.DA, problem)) == ("Kurser!C2", "»Ledere« er navnet på flere: a, b. Skriv id'et i stedet.")
    assert plan_of(courses(("K", "foreslået", "a"), Målgrupper=twice)).courses[0].audience == ("a",)


def test_the_only_session_without_a_name_is_dag():
    """Among others that have a title too; of several, each needs one."""
    headings = ("Kursus", "Titel", "Start", "Slut")
    one = (headings, ("k", None, NINE, THREE))
    two = (headings, ("K", None, NINE, THREE), ("K", "Opfølgning", datetime(2025, 6, 18, 9), datetime(2025, 6, 18, 12)))
    for rows, ids in ((one, ["dag"]), (two, ["dag", "opfoelgning"])):
        (course,) = plan_of(courses(("K", "foreslået", None), Sessioner=rows)).courses
        assert [session.id for session in course.offerings[0].sessions] == ids
    both = (headings, ("K", None, NINE, THREE), ("K", None, datetime(2025, 6, 18, 9), datetime(2025, 6, 18, 12)))
    assert [(one[0], one[2]) for one in found(courses(("K", "foreslået", None), Sessioner=both)) if one[0] == "key.missing"] == [
        ("key.missing", "Sessioner!A2"), ("key.missing", "Sessioner!A3"),
    ]  # fmt: skip


def test_an_offering_is_called_what_its_cell_says():
    """Listed or only named by its sessions; the words are its title."""
    sessions = (("Kursus", "Hold", "Start", "Slut"), ("K", "Hold 1", NINE, THREE), ("K", "hold 2", NINE, THREE))
    row = ("K", "foreslået", None, "vælg hold")
    headings = ("Titel", "Status", "Målgruppe", "Tilmelding")
    listed = [{"Hold": (("Kursus", heading), ("k", "Hold 1"), ("K", "Hold 2"))} for heading in ("Hold", "Titel")]
    for more in ({}, *listed):
        (course,) = plan_of(courses(row, headings=headings, Sessioner=sessions, **more)).courses
        assert [(one.id, one.title.casefold(), one.sessions[0].id) for one in course.offerings] == [
            ("hold-1", "hold 1", "dag"), ("hold-2", "hold 2", "dag"),
        ]  # fmt: skip


def test_pools_purposes_and_decisions_are_named_in_words():
    """Nothing of it has to be an id."""
    pages = {
        "Puljer": (("Navn", "Beløb"), ("Puljen", "300.000 kr.")),
        "Reserveringer": (("Pulje", "Formål", "Beløb"), ("puljen", "DOL og master", "100.000")),
        "Øvrige udgifter": (("Pulje", "Titel", "Beløb", "Formål"), ("Puljen", "Diplom", "20.000", "DOL og master")),
        "Forudsætninger": (
            ("Id", "Spørgsmål", "Muligheder", "Værdi"),
            ("Velfærdsmidler", None, None, "ja"),
            ("Form", "Hvordan?", "Én dag, Flere dage", "flere dage"),
        ),
        "Finansiering": (("Kursus", "Pulje", "Beløb", "Hvis"), ("K", "PULJEN", "1.000,50", "ikke Velfærdsmidler og Form = én dag")),
    }
    plan = plan_of(courses(("K", "foreslået", None), **pages))
    (pool,) = plan.funding
    assert ([purpose for purpose, _ in pool.reserved], pool.expenses[0].purpose) == (["dol-og-master"], "dol-og-master")
    assert plan.assumptions[1].value == "flere-dage"
    assert condition_text(plan.courses[0].funding[0].when) == "not velfaerdsmidler and form = en-dag"


def test_a_reminder_without_an_id_has_one_of_its_message_and_its_anchor():
    """Its days may change, and it is the same; two alike are asked about."""
    headings = ("Kursus", "Før", "Efter", "Dage", "Kl.", "Til", "Kanaler", "Besked")
    rule = (None, "start", None, 7, "9.00", "tilmeldte", "mail", "praktisk")
    own = ("K", "start", None, 3, "9.00", "tilmeldte", "mail", "praktisk")
    plan = plan_of(courses(("K", "foreslået", None), Påmindelser=(headings, rule, own)))
    assert [(one.id, one.amount) for one in plan.rules_for(plan.courses[0])] == [("praktisk-foer-start", 3)]
    data = courses(("K", "foreslået", None), Påmindelser=(headings, rule, rule))
    assert [one.code for one in parse(data).problems if one.is_error] == ["id.duplicate"]


def test_a_row_without_what_it_is_named_by_says_only_that():
    """Not that its id is missing too."""
    data = courses((None, "foreslået", None), Målgrupper=AUDIENCE_ROWS)
    assert found(data) == [("key.missing", None, "Kurser!A2", 2)]
