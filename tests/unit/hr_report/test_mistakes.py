"""Who is told what is wrong with a saved plan, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.errors import InputError, PlanInvalid
from bot.domain.messages import DeliveryState
from bot.domain.plan_files import BadSave, SavedFile
from bot.domain.plan_places import place_named
from bot.domain.problems import Problem, Severity
from bot.hr_report.mistakes import mistake_to_tell, still_stands
from tests.builders.notices import PLAN

NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)
FILE = SavedFile(
    drive="b!d", item="01I", name="plan.xlsx", web_address="", c_tag="2", saved_by="HR", saved_by_email="hr@by.example",
    saved_at=NOW - timedelta(hours=1),
)  # fmt: skip


def problem(row, code="session.end_before_start", severity=Severity.ERROR):
    """Wherever it stands, it is known by what its row is called."""
    return Problem(severity=severity, code=code, place="Sessioner!D7", line=7, row=row)


def bad(*places, good="1", **changes):
    return BadSave(file=replace(FILE, **changes), error=PlanInvalid(tuple(map(problem, places))), good=good)


def tell(save, *before):
    return mistake_to_tell(PLAN, save, before, now=NOW)


def test_it_goes_to_who_saved_it_and_to_the_contact_where_nobody_knows():
    assert tell(bad("Lederdag")).email == "hr@by.example"
    assert tell(bad("Lederdag", saved_by_email="")).email == PLAN.contact.lower()
    assert tell(bad("Lederdag", saved_by_email="SHAREPOINT\\system")).email == PLAN.contact.lower()


def test_each_mistake_is_told_once_until_the_plan_was_in_order():
    first = tell(bad("Lederdag", "Netværk"))
    assert tell(bad("Lederdag", c_tag="3", saved_by_email="anden@by.example"), first) is None
    more = tell(bad("Lederdag", "Opfølgning", c_tag="4"), first)
    assert more.key != first.key
    assert tell(bad("Opfølgning", c_tag="5"), first, more) is None
    assert tell(bad("Lederdag", good="6", c_tag="7"), first, more) is not None


def test_what_was_let_go_of_was_never_told():
    first = tell(bad("Lederdag"))
    assert tell(bad("Lederdag", c_tag="3"), replace(first, state=DeliveryState.SKIPPED)) is not None


def test_who_is_still_typing_is_left_alone():
    assert tell(bad("Lederdag", saved_at=NOW - timedelta(minutes=9))) is None
    assert tell(bad("Lederdag", saved_at=NOW - timedelta(minutes=10))) is not None
    assert tell(bad("Lederdag", saved_at=None)) is not None


def test_a_mail_says_only_what_is_still_wrong():
    message = tell(bad("Lederdag"))
    assert still_stands(message, bad("Lederdag", "Opfølgning"))
    assert not still_stands(message, bad("Opfølgning"))
    assert not still_stands(message, bad("Lederdag", good="6"))
    assert not still_stands(message, None)


def test_a_file_that_cannot_be_opened_is_one_mistake_and_a_warning_none():
    error = InputError("graph_link_too_large", most=20)
    assert BadSave(file=FILE, error=error, good="").mistakes == ("graph_link_too_large",)
    warned = PlanInvalid((problem("Opfølgning"), problem("Kick-off", severity=Severity.WARNING)))
    assert len(BadSave(file=FILE, error=warned, good="").mistakes) == 1


def test_a_place_is_named_by_its_ids_and_no_path_of_a_file_is_one():
    assert place_named("drives/b!aB-_1/items/01ABC").drive == "b!aB-_1"
    assert place_named("/drives/b!x/items/01ABC/").item == "01ABC"
    assert place_named("drives/hr/items/plan.xlsx") is None
    assert place_named("https://by.sharepoint.example/drives/a/items/b") is None
