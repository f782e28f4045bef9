"""A preview for programs and pages: JSON by the contract, Markdown (and the terminal) showing hostile titles as they are."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from markdown_it import MarkdownIt

from bot.approvals.verdicts import Verdict
from bot.domain.approvals import Consent
from bot.domain.changes import Applied, Outcome
from bot.domain.errors import KursusbotError, RecipientsRejected
from bot.domain.events import Location
from bot.domain.people import Audience, Language, PeopleIndex, UnknownGroup, UnknownReason
from bot.invitations.changeset import assemble
from bot.invitations.diff import compute_changes
from bot.invitations.preview import outline
from bot.invitations.preview_json import as_json
from bot.invitations.preview_page import as_markdown, as_text
from bot.invitations.preview_reader import Reader
from tests.builders.samples import (
    KEY,
    make_desired,
    make_entry,
    make_observed,
    make_person,
    make_plan,
    make_wanted,
    make_world,
)

DA, EN = Language.DA, Language.EN
AHEAD = make_desired("anna", "bo", location=Location(name="Sal 1"))
STANDING = make_observed(AHEAD)
ENTRY = make_entry(AHEAD, STANDING)
PEOPLE = PeopleIndex([make_person("anna"), make_person("bo")])


def changeset(wanted=AHEAD, *observed, entries=(), audiences=(), **changes):
    world = make_world(wanted, *observed, entries=entries, **changes)
    return assemble(make_plan(), world, compute_changes(world), audiences)


def text_of(found, language=DA, **changes):
    return as_text(outline(found, Reader(plan=make_plan(), people=PEOPLE, language=language), **changes))


def moved(**changes):
    return replace(AHEAD, content=replace(AHEAD.content, **changes))


# -- JSON


def test_a_preview_in_json_has_the_contracts_keys():
    found = changeset(make_desired("anna", "eva", subject="Nyt navn", location=Location(name="Sal 1")), STANDING, entries=[ENTRY])
    document = json.loads(as_json(found, language=DA))
    assert document == {
        "plan": "demo",
        "revision": "sha256:0",
        "checksum": found.checksum,
        "mails": 3,
        "changes": [
            {
                "action": "update",
                "session": "demo/kursus/main/dag",
                "course": "kursus",
                "subject": "Nyt navn",
                "fields": ["subject"],
                "add": ["eva@demo.example"],
                "remove": ["bo@demo.example"],
                "mails": 3,
                "reason": "plan",
                "approval": "not_needed",
            }
        ],
        "courses": [],
        "unknown_groups": [],
        "without_address": [],
        "unmatched": [],
        "unknown_delegates": [],
        "left_out": [],
        "groups_as_people": [],
        "without_link": [],
        "renamed": [],
        "clashes": [],
        "overspent": [],
        "moves": [],
        "messages": [],
        "seats": [],
    }


CONTRACT = {"action", "session", "course", "subject", "fields", "add", "remove", "mails", "reason", "approval"}


@pytest.mark.parametrize(
    ("world", "action"),
    [
        (make_world(AHEAD), "create"),
        (make_world(moved(subject="x"), STANDING, entries=[ENTRY]), "update"),
        (make_world(make_desired("anna", location=Location(name="Sal 1")), STANDING, entries=[ENTRY]), "invite"),
        (make_world(AHEAD, STANDING), "adopt"),
        (make_world(None, STANDING), "cancel"),
        (make_world(None, entries=[ENTRY]), "forget"),
        (make_world(AHEAD, entries=[ENTRY]), "conflict"),
    ],
    ids=["create", "update", "invite", "adopt", "cancel", "forget", "conflict"],
)
def test_every_action_has_every_key_of_the_contract(world, action):
    found = assemble(make_plan(), world, compute_changes(world), ())
    (row,) = json.loads(as_json(found, language=DA))["changes"]
    assert row["action"] == action
    assert set(row) >= CONTRACT
    assert not {"outcome", "error"} & set(row)


def test_json_tells_what_is_held_and_what_is_missing():
    held = changeset(
        make_wanted(AHEAD, held=frozenset({KEY})),
        audiences=[Audience(id="a", unknown=(UnknownGroup(group="g", reason=UnknownReason.EMPTIED),))],
    )
    document = json.loads(as_json(held, language=DA))
    assert document["changes"][0]["held"] is True
    assert document["unknown_groups"] == [{"group": "g", "reason": "emptied"}]
    removed = changeset(AHEAD, replace(STANDING, attendees=STANDING.attendees[:1]), entries=[ENTRY])
    assert json.loads(as_json(removed, language=DA))["changes"][0]["missing"] == ["bo@demo.example"]


def test_a_sync_in_json_has_each_outcome_and_the_words_of_each_error():
    other, third = (make_desired("eva", key=replace(KEY, course=name)) for name in ("andet", "tredje"))
    found = changeset(make_wanted(AHEAD, other, third))
    first, second, last = found.changes
    applied = [
        Applied(change=first, outcome=Outcome.APPLIED),
        Applied(change=second, outcome=Outcome.FAILED, error=KursusbotError("plan_missing")),
        Applied(change=last, outcome=Outcome.FAILED, error=ValueError("uventet")),
    ]
    rows = json.loads(as_json(found, applied=applied, language=EN))["changes"]
    assert [row["outcome"] for row in rows] == ["applied", "failed", "failed"]
    assert "error" not in rows[0]
    assert rows[1]["error"].startswith("No plan")
    assert rows[2]["error"] == "uventet"


def test_refused_addresses_are_named_to_hr_who_has_to_mend_them():
    """The error itself carries them masked, for the logs."""
    found = changeset()
    refused = RecipientsRejected("graph_recipients_rejected", addresses=("b@x.example", "c@x.example"), event=STANDING, names="b…")
    (row,) = json.loads(as_json(found, applied=[Applied(change=found.changes[0], outcome=Outcome.FAILED, error=refused)], language=DA))[
        "changes"
    ]
    assert "b@x.example, c@x.example" in row["error"]


# -- Markdown

HOSTILE = [
    "# Overskrift",
    "*fed* _kursiv_ `kode` ~~væk~~",
    "<script>alert(1)</script> <b>x</b>",
    "[link](https://ond.example) ![billede](x) <https://ond.example>",
    "&lt;b&gt; &copy; A&B",
    "1. punkt",
    "2) punkt",
    "- punkt",
    "+ punkt",
    "=====",
    "| a | b |",
    "\\*",
    "to\nlinjer\r\n\r\n# her",
    "\x1b[31mrød\x07",
    "om\u202evendt",
    "[x]: https://ond.example",
    "**",
    "***",
    "> citat",
]


def readable(title):
    """What should be left to see: the words on one line."""
    return " ".join("".join(" " if ord(char) < 32 or char == "\u202e" else char for char in title).split())


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_is_shown_by_markdown_as_it_is(title):
    found = changeset(make_desired("anna", subject=title), audiences=[Audience(id="a", without_address=(title,))])
    page = outline(found, Reader(plan=make_plan(), people=PEOPLE, language=DA))
    parsed = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(as_markdown(page))
    inline = [token for token in parsed if token.type == "inline"]
    assert {child.type for token in inline for child in token.children} <= {"text", "strong_open", "strong_close", "text_special"}
    words = ["".join(child.content for child in token.children) for token in inline]
    assert readable(title) in words
    assert f"{readable(title)} har ingen mailadresse og kan ikke inviteres." in words
    assert [token.tag for token in parsed if token.type == "heading_open"] == ["h1", "h2"]
    assert not {"table_open", "ordered_list_open", "code_block", "hr", "html_block", "blockquote_open"} & {token.type for token in parsed}


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_moves_nothing_on_a_terminal(title):
    shown = text_of(changeset(make_desired("anna", subject=title)))
    assert f"• {readable(title)}\n" in shown
    assert not any(ord(char) < 32 and char != "\n" for char in shown)


def test_markdown_has_the_outline_of_the_text():
    found = changeset()
    page = outline(found, Reader(plan=make_plan(), people=PEOPLE, language=EN))
    assert as_markdown(page).splitlines()[:9] == [
        "# What will happen – Demo Kommune, the plan “demo”",
        "",
        "2 mails will be sent in all.",
        "",
        "## New invitations (1)",
        "",
        "- **Kursus**",
        "  - Wednesday 18 June 2025 at 09:00–12:00",
        "  - 2 people are invited",
    ]


def test_in_json_an_edit_has_both_values_and_when():
    observed = make_observed(AHEAD, subject="Rettet", location=None, modified_at=datetime(2025, 5, 5, 7, 12, tzinfo=UTC))
    observed = replace(observed, content=replace(observed.content, end=AHEAD.content.end - timedelta(minutes=90)))
    (row,) = json.loads(as_json(changeset(AHEAD, observed, entries=[ENTRY]), language=DA))["changes"]
    assert row["differences"] == [
        {"field": "subject", "outlook": "Rettet", "plan": "Kursus"},
        {"field": "end", "outlook": "2025-06-18T10:30:00+02:00", "plan": "2025-06-18T12:00:00+02:00"},
        {"field": "location", "outlook": "", "plan": "Sal 1"},
    ]
    assert row["modified_at"] == "2025-05-05T07:12:00Z"
    all_day = make_observed(AHEAD, start=datetime(2025, 6, 18), end=datetime(2025, 6, 19), all_day=True)
    (row,) = json.loads(as_json(changeset(AHEAD, all_day, entries=[ENTRY]), language=DA))["changes"]
    assert ([one["outlook"] for one in row["differences"]], row["modified_at"]) == (["2025-06-18", "2025-06-19"], None)
    (row,) = json.loads(as_json(changeset(AHEAD, entries=[ENTRY]), language=DA))["changes"]
    assert (row["reason"], row["differences"]) == ("vanished", [])


def test_in_json_what_is_held_needs_a_person_and_is_said_to_wait():
    """Also where its course has what somebody approved already, and something was carried out."""
    found = changeset()
    (change,) = found.changes
    verdict = Verdict(course=change.course, checksum="c", mails=2, people=2, reasons=(), consent=Consent.GIVEN)
    ours, held = changeset(make_desired("anna")), (change,)
    rows = json.loads(as_json(ours, language=DA, applied=(), verdicts=(verdict,), held=held))["changes"]
    assert [(row["approval"], row.get("outcome")) for row in rows] == [("given", None), ("needed", "held")]
