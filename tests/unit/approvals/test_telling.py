"""What waits and what was decided, in words and in the contract's JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.approvals.telling import approvals_json, approvals_text, courses_json, decided_lines, rejected_items, waiting_items
from bot.approvals.verdicts import Verdict, decision_about
from bot.domain.approvals import Consent, Decision, Door, Record, Waiting, WaitingClash, WaitReason
from bot.domain.people import Language
from tests.builders.samples import NOW, make_plan

DA = Language.DA
PLAN = make_plan()
VERDICT = Verdict(course="kursus", checksum="c1", mails=3, people=1, reasons=(WaitReason.PLAN, WaitReason.ID), consent=Consent.NEEDED)
WAITING = Waiting(
    plan="demo", course="kursus", checksum="c1", whole="w", revision="r", mails=3, people=1, reasons=(WaitReason.PLAN,), since=NOW
)
DECISION = Decision(
    plan="demo", course="væk", checksum="c0", revision="r", approved=True, mails=1, people=1, reasons=(WaitReason.PLAN,), since=NOW,
    by="Birthe", at=NOW + timedelta(hours=1), door=Door.CLI, comment="set på mødet",
)  # fmt: skip


def items(*verdicts, details=lambda _course, _reason, _language: ()):
    return waiting_items(verdicts, {"kursus": "Kursus"}, details, DA, program="kursusbot")


def test_what_waits_says_why_and_what_the_ways_out_are():
    (item,) = items(VERDICT, details=lambda course, reason, _language: (f"{course}: {reason}",))
    assert item[:2] == ("Kursus", "3 mails til 1 person.")
    assert "kursus: id" in item
    assert item[-2:] == (
        "Godkend kun dette: kursusbot approve c1",
        "Skal det ikke ske, så ret planen, eller afvis det: kursusbot reject c1",
    )


def test_that_the_plan_is_changed_is_told_only_where_it_is_all_there_is():
    (changed,) = items(replace(VERDICT, reasons=(WaitReason.PLAN,)))
    (wrong,) = items(VERDICT)
    said = "Venter, fordi planen er ændret"
    assert any(line.startswith(said) for line in changed)
    assert not any(line.startswith(said) for line in wrong)


def test_what_waits_without_a_mail_says_that_nobody_gets_one():
    (item,) = items(replace(VERDICT, mails=0, people=0, reasons=(WaitReason.EMPTY_GROUP,)))
    assert item[1] == "Ingen får en mail."


def test_mails_of_an_audience_that_is_not_known_are_not_counted():
    (item,) = items(replace(VERDICT, mails=0))
    assert item[1] == "Mails kan først tælles, når gruppen kendes."
    (item,) = items(replace(VERDICT, mails=0, people=0))
    assert item[1] == "Ingen får en mail."


def test_what_was_rejected_waits_for_nobody_and_is_told_apart_with_the_way_back():
    rejected = replace(VERDICT, is_rejected=True, course="væk")
    assert items(rejected, replace(VERDICT, consent=Consent.GIVEN)) == ()
    assert rejected_items([VERDICT], {}, DA, program="kursusbot") == ()
    (item,) = rejected_items([VERDICT, rejected], {}, DA, program="kursusbot")
    assert item[:2] == ("væk", "3 mails til 1 person.")
    assert "kursusbot approve c1" in item[2]
    assert not any("reject c1" in line or "Venter" in line for line in item)


def test_two_courses_with_one_title_are_told_apart_by_their_ids():
    old, new = (
        items(VERDICT, replace(VERDICT, course="nyt")),
        waiting_items([VERDICT, replace(VERDICT, course="nyt")], {"kursus": "Ens", "nyt": "Ens"}, lambda *_: (), DA, program="kursusbot"),
    )
    assert [item[0] for item in old] == ["Kursus", "nyt"]
    assert [item[0] for item in new] == ["Ens (kursus)", "Ens (nyt)"]


@pytest.mark.parametrize(
    ("said", "approvers", "waits"),
    [
        ((), 1, True),
        (("Birthe",), 1, False),
        (("Birthe",), 2, True),
        (("Birthe", "birthe"), 2, True),
        (("Birthe", "Carl"), 2, False),
        (("-Birthe",), 2, False),
    ],
)
def test_what_was_decided_since_the_last_sync_waits_no_more(said, approvers, waits):
    decisions = tuple(
        replace(DECISION, course="kursus", checksum="c1", by=who.removeprefix("-"), approved=not who.startswith("-")) for who in said
    )
    record = Record(versions={}, waiting=(WAITING,), decisions=(*decisions, DECISION))
    assert ("Venter på dig" in approvals_text(record, PLAN, DA, approvers=approvers)) is waits
    assert ("waiting" in {row["state"] for row in json.loads(approvals_json(record, PLAN, approvers=approvers))}) is waits


def test_the_courses_of_a_preview_in_json_have_the_contracts_keys():
    (row,) = courses_json([VERDICT])
    assert (row["course"], row["checksum"], row["mails"], row["approval"]) == ("kursus", "c1", 3, "needed")
    assert row["reasons"] == ["plan", "id"]


def test_the_list_in_json_is_the_newest_first_and_says_nothing_of_who_where_nobody_decided():
    record = Record(versions={}, waiting=(WAITING,), decisions=(DECISION, replace(DECISION, approved=False, at=NOW + timedelta(hours=2))))
    rows = json.loads(approvals_json(record, PLAN, approvers=1))
    assert [row["state"] for row in rows] == ["rejected", "approved", "waiting"]
    assert rows[2] == {
        "plan": "demo", "checksum": "c1", "course": "kursus", "state": "waiting", "mails": 3, "people": 1, "reasons": ["plan"],
        "since": NOW.strftime("%Y-%m-%dT%H:%M:%SZ"), "by": None, "at": None, "door": None, "comment": None, "clashes": [],
    }  # fmt: skip
    assert (rows[1]["by"], rows[1]["door"], rows[1]["comment"]) == ("Birthe", "cli", "set på mødet")


def test_of_two_words_of_one_instant_the_list_begins_with_the_last():
    record = Record(versions={}, waiting=(replace(WAITING, since=DECISION.at),), decisions=(DECISION, replace(DECISION, approved=False)))
    assert [row["state"] for row in json.loads(approvals_json(record, PLAN, approvers=2))] == ["waiting", "rejected", "approved"]
    page = approvals_text(record, PLAN, DA, approvers=2)
    assert page.index("Afvist") < page.index("Godkendt")


def test_the_list_to_read_says_since_when_and_by_whom():
    done = replace(DECISION, done_at=NOW, comment="")
    page = approvals_text(Record(versions={}, waiting=(WAITING,), decisions=(DECISION, done)), PLAN, DA, approvers=1)
    assert "Kursus – har ventet siden" in page
    assert "Godkendt, ikke gennemført endnu: væk – af Birthe" in page
    assert "– set på mødet" in page
    assert "Godkend eller afvis med kursusbot approve KONTROLSUM" in page
    assert "Godkendt og gennemført" in page
    assert approvals_text(Record(versions={}, decisions=(DECISION,)), PLAN, DA, approvers=1).startswith("Besluttet")
    found = replace(WAITING, course=PLAN.courses[0].id, reasons=(WaitReason.ID,))
    page = approvals_text(Record(versions={found.course: PLAN}, waiting=(found,)), replace(PLAN, courses=()), DA, approvers=1)
    assert f"• {PLAN.courses[0].title} – har ventet" in page, "also of a course that has left the plan"
    assert "Venter, fordi et id ser ud til at være ændret.\n" in page, "nothing follows that a colon would promise"
    assert approvals_text(Record(versions={}), PLAN, DA, approvers=1) == "Intet venter, og intet er besluttet endnu.\n"


@pytest.mark.parametrize(
    ("approved", "enough", "last"),
    [
        (True, True, "Tjenesten gennemfører det inden for et minut. Uden tjeneste: kursusbot run"),
        (True, False, "Det gennemføres, når endnu en har godkendt det."),
        (False, False, "Intet sendes. Forhåndsvisningen nævner det som afvist, til planen siger noget andet om kurset."),
    ],
)
def test_who_decided_hears_what_happens_next(approved, enough, last):
    lines = decided_lines([replace(DECISION, approved=approved)], {}, DA, enough=enough)
    assert lines == (f"{'Godkendt' if approved else 'Afvist'}: væk. 1 mail til 1 person.", last)


def test_what_it_would_put_at_the_same_time_is_told_with_what_waits_and_nobody_is_named():
    first = WaitingClash(
        kind="people", titles=("Lederdag",), start=datetime(2025, 6, 18, 9), end=datetime(2025, 6, 18, 12), all_day=False, count=1
    )
    monday = datetime(2025, 6, 16)
    titles = tuple("ABCDEFG")
    week = replace(first, kind="week", titles=titles, start=monday, end=monday + timedelta(weeks=1), all_day=True, count=12, limit=3)
    clashes = (first, replace(first, kind="room"), replace(first, kind="speaker", count=2), week)
    record = Record(versions={}, waiting=(replace(WAITING, clashes=clashes),))
    told = approvals_text(record, PLAN, DA, approvers=1).splitlines()
    when = "onsdag den 18. juni 2025 kl. 09.00–12.00"
    assert told[3:7] == [
        f"    Samtidig med »Lederdag« ({when}): 1 person er inviteret til begge",
        f"    Samtidig med »Lederdag« ({when}) i samme lokale",
        f"    Samtidig med »Lederdag« ({when}) med de samme 2 oplægsholdere",
        "    Uge 25 i 2025: 12 personer er på flere end 3 kurser (A, B, C, D, E, F …)",
    ]
    (row,) = json.loads(approvals_json(record, PLAN, approvers=1))
    told = [(one["kind"], one["count"], one["titles"]) for one in row["clashes"]]
    assert told[::3] == [("people", 1, ["Lederdag"]), ("week", 12, [*titles])]


@pytest.mark.parametrize("change", [VERDICT, WAITING], ids=["as weighed now", "as kept"])
def test_a_decision_is_about_exactly_what_was_looked_at(change):
    """Approving or not: the change by its checksum, with what it was said to cost, by whom, when and where."""
    said = {"plan": "demo", "revision": "r", "since": NOW, "by": "Birthe", "at": NOW + timedelta(hours=1), "door": Door.DESK}
    found = decision_about(change, **said)
    assert found.approved
    assert (found.course, found.checksum, found.mails, found.people, found.reasons) == ("kursus", "c1", 3, 1, change.reasons)
    assert {name: getattr(found, name) for name in said} == said
    assert decision_about(change, **said, approved=False, comment="nej") == replace(found, approved=False, comment="nej")
