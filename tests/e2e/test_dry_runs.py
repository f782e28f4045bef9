"""Each command that mails, or that cannot be undone, shows first: in words, exactly what it would do, and writes nothing anywhere."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.e2e.asking import begin as begin_by_link
from tests.e2e.asking import signup
from tests.e2e.reminders import begin, course
from tests.e2e.seats import ANNA, BO, CARL, DORTE, WEB, answer, choosing, limited, subjects
from tests.e2e.seats import begin as begin_seats
from tests.e2e.teams import begin as begin_in_teams
from tests.e2e.teams import feed, rule

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World

NOTHING_YET = "Dette vil ske (intet er ændret, og ingen har fået noget):"


def dump(world: World) -> list[str]:
    """Everything in the database, as SQL."""
    with closing(sqlite3.connect(world.database_file)) as connection:
        return [*connection.iterdump()]


def shown_first(world: World, *command: str) -> Ran:
    """The dry run, which left database and Graph alone."""
    before, posts = dump(world), len(world.tenant.teams.posts)
    ran = world.run(*command, "--dry-run")
    assert (ran.code, ran.mails, ran.writes, len(world.tenant.teams.posts)) == (0, (), (), posts), ran.err
    assert dump(world) == before
    return ran


def test_send_shows_what_is_due_by_the_answers_of_this_moment_and_then_sends_just_that(world: World) -> None:
    """Anna's yes has not been collected yet: she is not asked, neither in words nor by mail."""
    begin(world, course())
    world.move_clock("2025-05-30T09:00:00+02:00")
    answer(world, "kursus/dag", ANNA, "accept")
    answer(world, "kursus/dag", BO, "decline")
    told = shown_first(world, "send")
    assert told.out.splitlines() == [
        NOTHING_YET,
        "2 mails bliver sendt.",
        "30-05-2025 kl. 09.00  Husk at svare: Kursus (main/dag, svar)",
        "    Til 2 (har ikke svaret): carl@partner.example, dorte@partner.example",
        "    Klar til at blive sendt",
        "30-05-2025 kl. 09.00  Husk at svare: Kursus (main/dag, svar, Teams)",
        "    Til 2 (har ikke svaret): carl@partner.example, dorte@partner.example",
        "    Ikke sendt: Teams er ikke sat op, så den sendes kun som mail",
    ]
    as_json = shown_first(world, "send", "--format", "json").json
    assert {one["email"] for one in as_json if one["state"] == "due"} == {CARL, DORTE}
    assert subjects(world.run("send")) == [("carl", "Husk at svare: Kursus"), ("dorte", "Husk at svare: Kursus")]
    assert shown_first(world, "send").out.splitlines() == [NOTHING_YET, "0 mails bliver sendt."]


def test_send_shows_more_than_the_mailbox_may_send_in_a_minute_and_says_where_a_limit_holds_it(world: World) -> None:
    begin(world, course())
    world.move_clock("2025-05-30T09:00:00+02:00")
    world.settings["MAILBOX__MESSAGES_PER_MINUTE"] = "1"
    assert "4 mails bliver sendt." in shown_first(world, "send").out
    before = dump(world)
    held = world.run("send", "--dry-run", SAFETY__MAX_MAILS="3")
    assert (held.code, held.mails, dump(world)) == (3, (), before)
    assert "flere mails (4), end grænsen tillader (3)" in held.err


def test_send_shows_lines_and_posts_in_teams(world: World) -> None:
    begin_in_teams(world, rule("teams"), rule("channel", id="opslag"))
    told = shown_first(world, "send").out.splitlines()
    assert told[:4] == [
        NOTHING_YET,
        "1 mail bliver sendt.",
        "3 beskeder bliver vist i Teams.",
        "1 opslag bliver sendt til en kanal i Teams.",
    ]
    assert ("    Klar til at blive sendt" in told, feed(world)) == (True, [])


def test_send_shows_messages_about_seats_that_have_waited(world: World) -> None:
    """Exchange refused them when the seats moved; a round of reminders takes them along."""
    begin_seats(world, limited(1))
    answer(world, "kursus/dag", ANNA, "accept")
    answer(world, "kursus/dag", BO, "accept")
    world.tenant.faults.add(method="POST", path="/messages", status=503, times=None)
    world.run("responses", GRAPH__RETRY_BUDGET_SECONDS="0")
    world.tenant.faults.rules.clear()
    told = shown_first(world, "send").out.splitlines()
    assert told == [
        NOTHING_YET,
        "1 mail bliver sendt.",
        "Beskeder (1)",
        "  Kursus: 1 får besked om sin plads på ventelisten: bo@partner.example",
    ]
    assert subjects(world.run("send")) == [("bo", "Du er på venteliste: Kursus")]


def test_responses_show_whom_the_new_answers_move_and_mail(world: World) -> None:
    begin_seats(world, choosing(capacity=1))
    answer(world, "kursus/hold-1/dag", ANNA, "accept")
    answer(world, "kursus/hold-1/dag", BO, "accept")
    told = shown_first(world, "responses")
    lines = told.out.splitlines()
    assert lines[:2] == ["Nye svar i Outlook: 2.", NOTHING_YET]
    assert "Beskeder (1)" in lines
    assert "Aflysning fra Outlook til: bo@partner.example, anna@partner.example" in lines
    done = world.run("responses")
    assert done.people_mailed == {("cancellation", ANNA): 1, ("cancellation", BO): 1, ("message", BO): 1}
    assert shown_first(world, "responses").out.splitlines() == ["Nye svar i Outlook: 0.", NOTHING_YET, "Ingen får en mail."]


def test_responses_that_would_pass_the_limit_say_so(world: World) -> None:
    begin_seats(world, choosing())
    answer(world, "kursus/hold-1/dag", ANNA, "accept")
    before = dump(world)
    ran = world.run("responses", "--dry-run", SAFETY__MAX_MAILS="0")
    assert (ran.code, ran.mails, dump(world)) == (3, (), before)
    assert "Ingen er flyttet endnu" in ran.err


def test_erase_shows_who_it_is_and_where_the_database_has_them(world: World) -> None:
    begin_seats(world, limited(1))
    answer(world, "kursus/dag", ANNA, "accept")
    world.run("responses")
    told = shown_first(world, "erase", ANNA.upper()).out.splitlines()
    assert told[:4] == [
        "Dette vil ske (intet er ændret). En sletning kan ikke fortrydes.",
        "Personen er kendt under: anna@partner.example",
        "1 opslag med navn og adresser, 1 svar og 1 invitation bliver fjernet eller gjort anonyme.",
        "Personen står her og bliver taget ud:",
    ]
    assert "- Tilmeldinger: 1" in told
    assert "Personen står stadig på 1 kommende mødegang i Outlook." in told[-1]
    assert "1 opslag med navn og adresser, 1 svar og 1 invitation er fjernet" in world.run("erase", ANNA).out
    assert shown_first(world, "erase", ANNA).out == "Databasen ved intet om den adresse.\n"


@pytest.mark.parametrize("command", [("send",), ("responses",), ("erase", ANNA)])
def test_looking_makes_no_database(world: World, command: tuple[str, ...]) -> None:
    world.write({})
    begin_plan = limited(1)
    begin_seats(world, begin_plan)
    world.lose_database()
    assert world.run(*command, "--dry-run").code == 0
    assert not world.database_file.exists()


def test_renewing_links_shows_which_stop_working_and_is_shown_only_with_renew(world: World) -> None:
    begin_by_link(world, signup("2025-06-18"))
    told = shown_first(world, "link", ANNA, "--renew").out
    assert told == (
        "Dette vil ske (intet er ændret): alle links, som anna@partner.example har fået, holder op med at virke, "
        "og der bliver lavet nye til: Kursus.\n"
    )
    assert "kalenderfeedet" in shown_first(world, "link", "--feed", "--renew").out
    ran = world.run("link", ANNA, "--dry-run", **WEB)
    assert (ran.code, "hører til --renew" in ran.err) == (2, True)
