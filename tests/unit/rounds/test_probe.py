"""What is assumed of Microsoft Graph, and what a probe says of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.probe_command import as_json, as_text
from bot.domain.people import Language
from bot.domain.probing import ASSUMPTIONS, UNKNOWN, WHY, Finding, Probe, found, in_order, unknown
from bot.i18n.catalogue import load_area
from bot.rounds.probe import EXPERIMENTS, Played

PAGE = Path(__file__).parents[3] / "docs" / "microsoft365.md"
EVERY_READING = [(name, reading) for name, readings in ASSUMPTIONS.items() for reading in readings]


def test_a_finding_holds_where_it_is_what_is_taken_for_granted() -> None:
    assert [found("old_etag", "refused").holds, found("old_etag", "taken").holds, unknown("old_etag", "refused").holds] == [
        True,
        False,
        None,
    ]
    assert found("old_etag", "taken", status=200).taken == "refused"


def test_a_reading_that_no_assumption_has_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="old_etag"):
        Finding(assumption="old_etag", reading="perhaps")


def test_what_no_experiment_spoke_of_was_not_tried() -> None:
    findings = in_order((found("duplicate_subscription", "allowed"), found("zone_names", "windows_only")))
    assert [one.assumption for one in findings] == list(ASSUMPTIONS)
    told = {one.assumption: one.reading for one in findings if one.reading != UNKNOWN}
    assert told == {"zone_names": "windows_only", "duplicate_subscription": "allowed"}
    assert {one.why for one in findings if one.reading == UNKNOWN} == {"not_tried"}


def test_every_assumption_is_played_by_one_experiment() -> None:
    played = [name for _, names in EXPERIMENTS for name in names]
    assert sorted([*played, "concurrency"]) == sorted(ASSUMPTIONS)


@pytest.mark.parametrize("language", Language)
def test_every_reading_has_its_words_and_every_other_reading_says_what_follows(language: Language) -> None:
    texts = load_area(language, "probe")
    assert {key for key in texts if key.startswith("reading.")} == {f"reading.{name}.{reading}" for name, reading in EVERY_READING}
    others = {f"follows.{name}.{reading}" for name, readings in ASSUMPTIONS.items() for reading in readings[1:]}
    assert {key for key in texts if key.startswith("follows.")} == others
    assert {key for key in texts if key.startswith("why.")} == {f"why.{why}" for why in WHY}


def test_the_page_names_every_assumption_and_no_other() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    named = [cell for line in rows if line.count("|") == 4 for cell in line.split("|")[3].replace("`", "").replace(",", " ").split()]
    assert set(ASSUMPTIONS) <= set(named)


def test_what_this_probe_could_not_tell_has_what_an_earlier_one_found() -> None:
    probe = Probe(mailbox="proeve@demo.example", at=datetime(2026, 11, 29, tzinfo=UTC), findings=(unknown("old_etag", "refused"),))
    played = Played(probe=probe, left=0, known={"old_etag": found("old_etag", "taken")})
    assert "An earlier probe found: A change on an outdated basis is taken." in as_text(played, Language.EN)
    assert json.loads(as_json(played, Language.EN))["findings"][0]["before"] == "taken"


def test_the_text_tells_what_differs_before_what_holds_and_names_nobody_where_it_is_passed_on() -> None:
    findings = in_order((found("attendees_patch_mails", "everybody", first_before=1), found("old_etag", "refused")))
    played = Played(probe=Probe(mailbox="proeve@demo.example", at=datetime(2026, 11, 29, tzinfo=UTC), findings=findings), left=2)
    shown = as_text(played, Language.DA)
    differs, holds = shown.index("Kommer der en til, får alle"), shown.index("En ændring på et forældet grundlag afvises")
    assert differs < holds
    assert "(set: first_before 1)" in shown
    assert "2 ting fra prøven kunne ikke slettes" in shown
    assert "proeve@demo.example" in shown
    assert "@demo.example" not in as_text(played, Language.EN, named=False) + as_json(played, Language.EN, named=False)
