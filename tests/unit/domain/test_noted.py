"""How decisions stood before: what is noted, and which notes are a change; the table is in `bot.domain.noted`."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.assumptions import Assumption
from bot.domain.decided import as_decided
from bot.domain.noted import NotedDecision, as_decided_here, changes_of, news, offers
from bot.domain.people import Language
from bot.overview.as_json import overview_object
from bot.overview.as_text import overview_text
from bot.overview.compose import overview_of
from bot.overview.paper import paper
from tests.builders.overviews import NOTHING_KNOWN, NOW, plan_of

OPEN = Assumption(id="midler", value=None, question="Får området midler?")
DECIDED = replace(OPEN, value=False, decided_by="Direktionen", decided_on=date(2024, 1, 17), case="24/118")
BEFORE = NOW - timedelta(days=9)


def plan_with(*assumptions):
    return plan_of(assumptions=assumptions)


def note(assumption, at=BEFORE):
    (found,) = news(plan_with(assumption), (), now=at)
    return found


@pytest.mark.parametrize(
    ("noted", "now", "is_news"),
    [
        ((), OPEN, True),
        ((OPEN,), OPEN, False),
        ((OPEN,), DECIDED, True),
        ((DECIDED,), replace(DECIDED, case="24/119"), True),
        ((DECIDED,), replace(DECIDED, decided_by="Byrådet"), True),
        ((DECIDED,), replace(DECIDED, decided_on=date(2024, 1, 18)), True),
        ((DECIDED,), replace(DECIDED, question="Noget andet?", note="Noget"), False),
        ((OPEN, DECIDED), OPEN, True),
        ((OPEN, DECIDED), DECIDED, False),
    ],
)
def test_what_stands_otherwise_than_it_was_noted_last_is_noted(noted, now, is_news):
    found = news(plan_with(now), [note(one) for one in noted], now=NOW)
    assert bool(found) is is_news
    assert all(one.noted_at == NOW for one in found)


def test_only_another_value_is_a_change_and_a_yes_is_not_the_option_called_so():
    notes = [note(one) for one in (OPEN, DECIDED, replace(DECIDED, case="24/119"), replace(DECIDED, value=True))]
    assert [(one.before, one.after.value) for one in changes_of("midler", notes)] == [(None, False), (False, True)]
    assert list(changes_of("andet", notes)) == []


values = st.none() | st.booleans() | st.sampled_from(("en-dag", "flere-dage"))


@given(st.lists(values, min_size=1))
def test_looking_after_each_edit_keeps_every_change_and_looking_twice_adds_nothing(edits):
    noted: tuple[NotedDecision, ...] = ()
    for at, value in enumerate(edits):
        now = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=at)
        for _ in range(2):
            noted += news(plan_with(replace(OPEN, value=value)), noted, now=now)
    told = [edits[0], *(one.after.value for one in changes_of("midler", noted))]
    assert told == [value for at, value in enumerate(edits) if not at or (type(value), value) != (type(edits[at - 1]), edits[at - 1])]


def overview(*noted, now=DECIDED):
    return overview_of(plan_with(now), replace(NOTHING_KNOWN, noted=tuple(map(note, noted))), now=NOW)


def test_the_overview_tells_from_what_to_what_by_whom_when_and_in_which_file():
    found = overview(OPEN)
    assert overview_object(found)["decisions"][0]["changes"] == [
        {
            "before": "undecided", "value": False, "decided_by": "Direktionen", "decided_on": "2024-01-17", "case": "24/118",
            "noted_at": "2024-02-01T08:00:00Z",
        }
    ]  # fmt: skip
    text = " ".join(overview_text(paper(found, Language.DA)).split())
    assert "17. januar 2024 ikke afgjort nej Direktionen 24/118" in text


def test_what_was_opened_again_is_told_with_the_day_on_which_it_was_seen():
    found = overview(DECIDED, now=OPEN)
    assert overview_object(found)["decisions"][0]["changes"][0]["value"] == "undecided"
    assert "1. februar 2024 nej ikke afgjort" in " ".join(overview_text(paper(found, Language.DA)).split())


def test_what_was_before_anybody_noted_it_is_not_told():
    for found in (overview(), overview(DECIDED), overview(replace(DECIDED, case="1"))):
        assert overview_object(found)["decisions"][0]["changes"] == []
        assert "Hvad der er afgjort eller ændret undervejs" not in [one.heading for one in paper(found, Language.DA).sections]


@pytest.mark.parametrize(
    ("in_plan", "notes", "becomes"),
    [
        (None, [(None, False), (True, True)], True),
        (None, [(False, True)], False),
        (None, [(None, False)], None),
        (None, [(True, False)], None),
        (None, [(True, True), (None, True)], None),
        (None, [(True, True), (False, False)], None),
        (None, [("ja", True)], None),
        (None, [(1, True)], None),
        (None, [], None),
        (False, [(True, True)], False),
    ],
)
def test_what_the_plan_leaves_open_is_as_the_desk_decided_last(in_plan, notes, becomes):
    """The plan has the last word, and an outcome that is not offered is none."""
    written = [
        NotedDecision(assumption="midler", value=value, decided_by="Direktionen", decided_on=None, case="", noted_at=NOW, at_desk=at_desk)
        for value, at_desk in notes
    ]
    (found,) = as_decided_here(plan_with(replace(OPEN, value=in_plan, case="25/1")), written).assumptions
    assert (found.value, found.case) == (becomes, "25/1")
    assert found.decided_by == ("Direktionen" if in_plan is None and becomes is not None else "")


def test_deciding_at_the_desk_is_the_same_as_writing_it_into_the_plan():
    """Courses that depend on it come and go alike; where nothing was decided the plan is the one it was."""
    plan = plan_with(OPEN)
    decided = NotedDecision(
        assumption="midler", value=False, decided_by="Direktionen", decided_on=date(2024, 1, 17), case="24/118", noted_at=NOW, at_desk=True
    )
    assert as_decided_here(as_decided(plan), [decided]) == as_decided(plan_with(DECIDED))
    settled = as_decided(plan)
    assert as_decided_here(settled, [replace(decided, at_desk=False)]) is settled
    assert as_decided_here(as_decided_here(settled, [decided]), [decided]) == as_decided(plan_with(DECIDED))
    assert news(plan_with(DECIDED), [decided], now=NOW) == ()


def test_yes_is_no_option_called_1():
    words, yes = replace(OPEN, options=("1", "ja")), True
    assert (offers(words, "1"), offers(words, yes)) == (True, False)
    assert (offers(OPEN, yes), offers(OPEN, 1), offers(OPEN, None)) == (True, False, False)
