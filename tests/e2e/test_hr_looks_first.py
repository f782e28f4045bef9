"""HR sees first: lists that are done whole or not at all, commands that tell what they would do, and addresses nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.sandbox.municipality import DOMAIN
from tests.e2e.as_it_was import synced
from tests.e2e.hand import OUTSIDER, log_of, told
from tests.e2e.plans import make_plan, people
from tests.e2e.seats import ANNA, BO, CARL, DORTE, EVERYBODY, answer, begin, choosing, limited, statuses

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World


def write_list(world: World, *lines: str) -> None:
    (world.folder / "liste.csv").write_bytes("\r\n".join(("Kursus;Hold;E-mail;Handling;Ekstern", *lines)).encode("cp1252"))


def test_the_preview_of_a_list_shows_who_gets_what_and_whom_it_mails(world: World) -> None:
    """Word for word; it exits 3 as a sync does, and nothing is written."""
    begin(world, choosing(capacity=1))
    answer(world, "kursus/hold-1/dag", BO, "accept")
    world.run("responses")
    write_list(
        world,
        f"kursus;Hold 2;{OUTSIDER};tilmeld;ja",
        f"kursus;Hold 2;{DORTE};venteliste;",
        f"kursus;Hold 2;{DORTE};venteliste;",
        f"kursus;Hold 1;{CARL};afmeld;",
    )
    before = log_of(world)
    ran = world.run("import", "liste.csv")
    assert (ran.code, ran.people_mailed, ran.writes, log_of(world)) == (3, {}, (), before)
    assert ran.out.splitlines() == [
        "Dette vil ske (kør igen med --yes for at gennemføre det):",
        "Kursus – Hold 2: ekstern@firma.example bliver tilmeldt",
        "Kursus – Hold 2: dorte@partner.example kommer på venteliste",
        "Kursus – Hold 1: carl@partner.example bliver frameldt",
        "Invitation fra Outlook til: ekstern@firma.example",
        "Aflysning fra Outlook til: carl@partner.example, dorte@partner.example",
        "Beskeder (2)",
        "  Kursus: 1 får besked om sin plads på ventelisten: dorte@partner.example",
        "  Kursus: 1 får besked om at være frameldt: carl@partner.example",
    ]
    assert told(ran) == [
        "4: dorte@partner.example står her igen (første gang i 3); denne gang springes over.",
        "ekstern@firma.example kommer udefra, og vi kender ikke adressen. Se efter, at den er stavet rigtigt.",
    ]
    foreseen = world.run("import", "liste.csv", "--format", "json").json
    assert (foreseen["strangers"], foreseen["refused"], foreseen["faults"]) == ([OUTSIDER], [], [])
    done = world.run("import", "liste.csv", "--yes")
    assert whom(done, "invitation") == foreseen["invited"]
    assert whom(done, "cancellation") == sorted(foreseen["cancelled"])
    assert whom(done, "message") == sorted(one["email"] for one in foreseen["messages"])


def whom(ran: Ran, kind: str) -> list[str]:
    return sorted(mail.to for mail in ran.mails if mail.kind.value == kind)


FULL = f"kursus;Hold 1;{ANNA};tilmeld;"
FAULTS = {
    "a date that is full": (FULL, "2", "full"),
    "a slip in our own domain": (f"kursus;Hold 2;findes.ikke@{DOMAIN};tilmeld;ja", "2", "newcomer_unknown"),
    "somebody from outside, unsaid": (f"kursus;Hold 2;{OUTSIDER};tilmeld;", "2", "newcomer_outside"),
    "a stranger to be moved": (f"kursus;Hold 2;{OUTSIDER};flyt;", "2", "nowhere"),
}


@pytest.mark.crossed
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("yes", [(), ("--yes",), ("--dry-run",)])
def test_one_fault_anywhere_in_a_list_and_nothing_of_it_is_done(world: World, fault: str, yes: tuple[str, ...]) -> None:
    """Whether it is seen in the cell, in the directory or in the seats: the row is named, and the other rows wait for it."""
    line, place, code = FAULTS[fault]
    begin(world, choosing(capacity=1))
    answer(world, "kursus/hold-1/dag", BO, "accept")
    world.run("responses")
    before, people = log_of(world), statuses(world)
    write_list(world, line, f"kursus;Hold 1;{CARL};afmeld;", f"kursus;Hold 2;{DORTE};tilmeld;")
    ran = world.run("import", "liste.csv", *yes, "--format", "json")
    assert (ran.code, ran.people_mailed, ran.writes) == (2, {}, ())
    assert [(one["place"], one["code"]) for one in ran.json["faults"]] == [(place, code)]
    assert ran.json["moves"] == []
    assert told(ran)[0].startswith("2: ")
    assert "Intet er ændret: liste.csv har 1 fejl." in told(ran)[-1]
    assert (log_of(world), statuses(world)) == (before, people)


def test_every_fault_of_a_list_is_told_at_once_each_with_its_row(world: World) -> None:
    begin(world, choosing(capacity=1))
    answer(world, "kursus/hold-1/dag", BO, "accept")
    world.run("responses")
    write_list(world, *(line for line, _, _ in FAULTS.values() if "flyt" not in line), f"kursus;Hold 9;{DORTE};tilmeld;")
    ran = world.run("import", "liste.csv", "--yes")
    assert (ran.code, ran.people_mailed) == (2, {})
    assert sorted(line.partition(":")[0] for line in told(ran)[:-1]) == ["2", "3", "4", "5"]
    assert "har 4 fejl" in told(ran)[-1]


def test_a_slip_in_our_own_domain_is_nobody_whatever_is_said_of_it(world: World) -> None:
    """Nothing is changed; the nearest people that we know are named."""
    synced(world, make_plan(limited(400)))
    colleague = min(address for address in world.invited("kursus/dag") if address.endswith(f"@{DOMAIN}"))
    slip = colleague.replace("@", "x@")
    for said in ((), ("--external",), ("--dry-run",)):
        ran = world.run("enrol", "kursus", slip, *said)
        assert (ran.code, ran.people_mailed, ran.writes, log_of(world)) == (2, {}, (), [])
        assert "findes ikke i kommunens adressebog. Intet er ændret." in told(ran)[0]
        assert "Mente du " in told(ran)[0]
        assert colleague in told(ran)[0]
    ran = world.run("withdraw", "kursus", slip)
    assert (ran.code, colleague in ran.err) == (2, True)


def test_a_colleague_whom_the_directory_knows_is_enrolled_by_name_though_no_group_has_them(world: World) -> None:
    """Also by an alias: the seat is theirs, not the alias'."""
    begin(world, limited(4))
    user = next(one for one in world.tenant.directory.users.values() if one.enabled and one.mail.endswith(f"@{DOMAIN}"))
    ran = world.run("enrol", "kursus", user.mail.upper())
    assert (ran.code, told(ran)) == (0, [])
    assert ran.people_mailed == {("invitation", user.mail): 1}
    assert ran.out.splitlines()[0] == f"Kursus: {user.display_name} – blev tilmeldt af HR"


@pytest.mark.parametrize("address", [f"ny.leder@{DOMAIN}", "ny@firma.example"])
def test_where_the_directory_cannot_be_asked_nobody_is_guessed(world: World, address: str) -> None:
    begin(world, limited(4))
    world.tenant.faults.add(method="GET", path="/users", status=403, times=None)
    ran = world.run("enrol", "kursus", address)
    assert (ran.code, ran.people_mailed, log_of(world)) == (2, {}, [])
    assert "adressebogen kunne ikke spørges" in told(ran)[0]


def test_somebody_from_outside_is_enrolled_only_where_hr_says_so(world: World) -> None:
    begin(world, limited(4))
    ran = world.run("enrol", "kursus", OUTSIDER)
    assert (ran.code, ran.people_mailed, log_of(world)) == (2, {}, [])
    assert "--external" in told(ran)[0]
    assert world.run("enrol", "kursus", OUTSIDER, "--external").people_mailed == {("invitation", OUTSIDER): 1}


SHOWN_FIRST = [
    ("enrol", "kursus/hold-2", OUTSIDER, "--external"),
    ("enrol", "kursus/hold-1", CARL, "--queue"),
    ("withdraw", "kursus", BO),
    ("move", "kursus", BO, "hold-2"),
    ("promote", "kursus/hold-2"),
    ("handover", "kursus", BO, CARL),
]


@pytest.mark.parametrize("command", SHOWN_FIRST)
def test_each_command_shows_first_exactly_what_it_then_does(world: World, command: tuple[str, ...]) -> None:
    """Seats and mails as they will be, in words and as JSON; nothing is changed and nothing but reading asked of Graph."""
    begin(world, choosing(capacity=1, handover=True))
    answer(world, "kursus/hold-1/dag", BO, "accept")
    if command[0] == "promote":
        for person in (ANNA, DORTE):
            answer(world, "kursus/hold-2/dag", person, "accept")
        world.run("responses")
        world.write(make_plan(choosing(capacity=2, handover=True, waiting_list_until="2025-03-01T12:00"), audiences=people(*EVERYBODY)))
        world.sync()
    world.run("responses")
    before = (log_of(world), statuses(world))
    told_first = world.run(*command, "--dry-run")
    assert (told_first.code, told_first.people_mailed, told_first.writes) == (0, {}, ())
    assert told_first.out.startswith("Dette vil ske (intet er ændret, og ingen har fået noget):\n")
    foreseen = world.run(*command, "--dry-run", "--format", "json").json
    assert (log_of(world), statuses(world)) == before
    done = world.run(*command, "--format", "json")
    assert done.code == 0, done.err
    assert done.json["moves"] == foreseen["moves"]
    assert whom(done, "invitation") == sorted(foreseen["invited"])
    assert whom(done, "cancellation") == sorted(foreseen["cancelled"])
    assert whom(done, "message") == sorted(one["email"] for one in foreseen["messages"])


def test_a_dry_run_of_what_is_refused_says_why_and_makes_no_database(world: World) -> None:
    world.write(make_plan(limited(1), audiences=people(*EVERYBODY)))
    ran = world.run("withdraw", "kursus", ANNA, "--dry-run")
    assert ran.code == 2
    assert not world.database_file.exists()


def test_a_guest_who_was_turned_away_just_now_is_not_foreseen_to_be_mailed_again(world: World) -> None:
    """The next request takes them off once more, in case the first was lost; they are off already, and get nothing."""
    begin(world, choosing(capacity=1))
    world.tenant.people.forward(world.event("kursus/hold-1/dag"), OUTSIDER)
    answer(world, "kursus/hold-1/dag", OUTSIDER, "accept")
    answer(world, "kursus/hold-1/dag", BO, "accept")
    world.run("responses")
    assert whom(world.run("withdraw", "kursus/hold-1", OUTSIDER), "cancellation") == [OUTSIDER]
    foreseen = world.run("move", "kursus", BO, "hold-2", "--dry-run", "--format", "json").json
    assert foreseen["cancelled"] == [BO]
    assert whom(world.run("move", "kursus", BO, "hold-2"), "cancellation") == [BO]


@pytest.mark.parametrize("command", [("promote", "kursus/hold-1"), ("move", "kursus", CARL, "hold-1")])
def test_who_cannot_ask_for_a_place_in_line_is_not_sent_there(world: World, command: tuple[str, ...]) -> None:
    """`--queue` is an option of enrol alone."""
    begin(world, choosing(capacity=1))
    for who, to in ((BO, "hold-1"), (CARL, "hold-2"), (DORTE, "hold-1")):
        answer(world, f"kursus/{to}/dag", who, "accept")
    world.run("responses")
    said = world.run(*command)
    assert said.code == 2
    assert "Der er fyldt. Sæt flere pladser i planen" in said.err
    assert "--queue" not in said.err
