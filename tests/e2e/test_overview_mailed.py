"""The overview in the directors' mailboxes: with the paper on it, counted, and each edition once, whatever happens on the way."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pypdf
import pytest

from bot.messages.visible_text import visible_text
from bot.sandbox.municipality import DOMAIN
from tests.e2e.as_it_was import AsItWas
from tests.e2e.killing import SWEPT, killed_at_each
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.seats import ANNA, EVERYBODY, answer, begin, limited

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.sandbox.mail_log import Mail
    from tests.e2e.driver import Ran, World

DIRECTOR, CHIEF, BOARD = "direktoer@partner.example", f"kommunaldirektoer@{DOMAIN}", f"direktion@{DOMAIN}"
MONEY = {"pulje": {"name": "Puljen", "year": 2025, "amount": 100000}}
OPEN = {"midler": {"question": "Er der midler til et ekstra hold?", "value": "undecided"}}


def plan(*days: str, **changes: Any) -> dict[str, Any]:
    funding = [{"pool": "pulje", "amount": 40000, "when": "midler"}]
    sessions = [make_session(f"dag-{at}", day=day) for at, day in enumerate(days or ("2025-06-18",))]
    return make_plan(
        make_course("tryghed", *sessions, title="Psykologisk tryghed", funding=funding), funding=MONEY, assumptions=OPEN, **changes
    )


def overviews(mails: Sequence[Mail]) -> list[Mail]:
    return [mail for mail in mails if mail.subject.startswith("Oversigt over")]


def sent(world: World, *arguments: str, code: int = 0, **settings: str) -> tuple[Ran, list[str]]:
    """What `overview --send` said, and who got a mail."""
    ran = world.run("overview", "--send", *arguments, **settings)
    assert ran.code == code, ran.err
    return ran, [mail.to for mail in overviews(ran.mails)]


def states(ran: Ran) -> dict[str, tuple[str, bool]]:
    return {row["email"]: (row["state"], row["before"]) for row in ran.json}


def test_each_gets_a_mail_of_their_own_with_what_is_to_be_decided_and_the_paper(world: World) -> None:
    begin(world, limited(1))
    answer(world, "kursus/main/dag", ANNA, "accept")
    world.run("responses")
    world.write(make_plan(limited(1), *plan()["courses"], audiences=people(*EVERYBODY), funding=MONEY, assumptions=OPEN))
    ran, who = sent(world, DIRECTOR, CHIEF, "--year", "2025")
    assert who == [DIRECTOR, CHIEF]
    assert ran.out.splitlines() == [f"{DIRECTOR}: sendt", f"{CHIEF}: sendt"]
    assert [(mail.kind.value, len(overviews(ran.mails))) for mail in ran.mails] == [("message", 2)] * 2
    for mail in overviews(ran.mails):
        (message,) = [one for one in world.tenant.messages.messages.values() if one.immutable_id == mail.event]
        assert [one["emailAddress"]["address"] for one in message.recipients["toRecipients"]] == [mail.to]
        told = " ".join(visible_text(message.html).split())
        assert "Er der midler til et ekstra hold? Afgøres Det gælder Psykologisk tryghed før 18. juni 2025" in told
        (file,) = message.attachments
        assert (file["name"], file["contentType"]) == ("oversigt-2025.pdf", "application/pdf")
        pages = pypdf.PdfReader(BytesIO(base64.b64decode(file["contentBytes"]))).pages
        paper = " ".join(" ".join(page.extract_text() for page in pages).split())
        assert "Oversigt over kurser og arrangementer 2025" in paper
        for email in EVERYBODY:
            assert email not in message.html + paper
            assert email.partition("@")[0].title() not in told


def test_the_same_edition_goes_once_and_a_changed_one_again(world: World) -> None:
    world.write(plan())
    first, _ = sent(world, DIRECTOR, "--format", "json")
    world.move_clock("2025-03-04T09:00:00+01:00")
    again, nobody = sent(world, DIRECTOR, CHIEF.upper(), "--format", "json")
    assert (states(first), states(again)) == ({DIRECTOR: ("sent", False)}, {DIRECTOR: ("sent", True), CHIEF: ("sent", False)})
    assert (nobody, {row["edition"] for row in first.json}) == ([CHIEF], {row["edition"] for row in again.json})
    told, nobody = sent(world, DIRECTOR)
    assert (told.out, nobody, told.requests) == (f"{DIRECTOR}: har fået denne udgave 03-03-2025 kl. 09.00\n", [], ())
    # Another year and another language are other papers.
    for more in (("--year", "2025"), ("--lang", "en")):
        options = more if more[0] == "--year" else ()
        ran = world.run(*(() if options else more), "overview", "--send", DIRECTOR, *options)
        assert [mail.to for mail in ran.mails] == [DIRECTOR]
    world.write(plan("2025-06-19"))
    assert sent(world, DIRECTOR)[1] == [DIRECTOR]
    assert sent(world, DIRECTOR)[1] == []
    counted = {one["kind"]: (one["expected"], one["sent"]) for one in world.run("messages", "--format", "json").json}
    assert counted == {"overview": (5, 5)}
    assert "Oversigt: 5 (sendt 5)" in world.run("messages").out


def test_who_has_got_another_edition_since_gets_the_earlier_one_again_and_once(world: World) -> None:
    """The last mail is what a director goes by, so a date that was moved back is told like any other."""
    for written, addresses in ((plan(), (DIRECTOR,)), (plan("2025-06-19"), (DIRECTOR,)), (plan(), (DIRECTOR, CHIEF))):
        world.write(written)
        foreseen, _ = sent(world, *addresses, "--dry-run", "--format", "json")
        assert states(foreseen) == dict.fromkeys(addresses, ("waiting", False))
        assert sent(world, *addresses)[1] == [*addresses]
        assert sent(world, *addresses)[1] == []
    # Another language in between is the same news.
    assert [mail.to for mail in world.run("--lang", "en", "overview", "--send", DIRECTOR).mails] == [DIRECTOR]
    assert sent(world, DIRECTOR)[1] == []
    assert world.run("messages", "--format", "json").json[0]["sent"] == 5


def test_addresses_are_taken_as_people_write_them_and_what_is_none_mails_nobody(world: World) -> None:
    world.write(plan())
    ran, who = sent(world, f"{DIRECTOR}; {CHIEF},{BOARD}", DIRECTOR.upper())
    assert (who, ran.err.count("får kun én mail"), DIRECTOR in ran.err) == ([DIRECTOR, CHIEF, BOARD], 1, True)
    for arguments, said in (
        (("--send", "direktionen", DIRECTOR), "»direktionen« er ikke en mailadresse"),
        (("--send",), "hvem der skal have oversigten"),
        (("--send", " ; "), "hvem der skal have oversigten"),
        (("--send", DIRECTOR, "--format", "pdf"), "--send sender oversigten som PDF"),
        (("--send", DIRECTOR, "--out", "oversigt.pdf"), "--send sender oversigten som PDF"),
        ((DIRECTOR,), "hører til --send"),
        (("--dry-run",), "hører til --send"),
    ):
        ran = world.run("overview", *arguments)
        assert (ran.code, said in ran.err, ran.mails, ran.requests) == (2, True, (), ()), ran.err


def test_a_dry_run_tells_who_would_get_it_and_leaves_no_trace(world: World) -> None:
    world.write(plan())
    ran, who = sent(world, DIRECTOR, "--dry-run")
    assert (who, ran.requests, world.database_file.exists()) == ([], (), False)
    assert ran.out.splitlines()[-1] == f"{DIRECTOR}: får oversigten"
    sent(world, CHIEF)
    ran, who = sent(world, DIRECTOR, CHIEF, "--dry-run", "--format", "json")
    assert (states(ran), who) == ({DIRECTOR: ("waiting", False), CHIEF: ("sent", True)}, [])
    assert world.run("messages", "--format", "json").json[0]["expected"] == 1


@pytest.mark.parametrize("approval", ["plan", "limits"])
def test_whoever_names_the_addresses_has_approved_it(world: World, approval: str) -> None:
    """Also what is written and waits is told, and neither reminders nor a round wait for it or send it."""
    world.write(plan())
    assert sent(world, DIRECTOR, "--by", "Hanne Prøve", APPROVAL=approval)[1] == [DIRECTOR]
    (deed,) = world.run("actions", "--format", "json").json
    assert (deed["command"], deed["by"], deed["subject"]) == ("overview --send", "Hanne Prøve", "d…@partner.example")


@pytest.mark.crossed
@pytest.mark.parametrize("path", ["/messages$", "/send$"])
@pytest.mark.parametrize(
    "fault",
    [{"status": 429}, {"status": 503}, {"drop": True, "when": "after"}, {"status": 504, "when": "after"}],
    ids=["throttled", "unavailable", "answer-lost", "late-504"],
)
def test_throttled_or_unclear_it_still_goes_once(world: World, path: str, fault: dict[str, Any]) -> None:
    world.write(plan())
    world.tenant.faults.add(method="POST", path=path, **fault)
    assert sent(world, DIRECTOR, CHIEF)[1] == [DIRECTOR, CHIEF]
    assert sent(world, DIRECTOR, CHIEF)[1] == []


def test_what_could_not_go_goes_with_the_same_command(world: World) -> None:
    """And what neither `send`, `run` nor the report take up meanwhile."""
    world.write(plan())
    world.tenant.faults.add(method="POST", path="/send$", status=403, times=None)
    ran, who = sent(world, DIRECTOR, "--format", "json", code=4)
    assert (states(ran), who) == ({DIRECTOR: ("waiting", False)}, []) or states(ran)[DIRECTOR][0] == "uncertain"
    world.tenant.faults.clear()
    for command in (("send",), ("run",), ("report", "--send")):
        assert overviews(world.run(*command).mails) == []
    assert sent(world, DIRECTOR)[1] == [DIRECTOR]
    assert sent(world, DIRECTOR)[1] == []


def test_a_new_edition_takes_the_place_of_one_that_never_went(world: World) -> None:
    """Nobody gets both, and whoever goes back to the first edition can send that."""
    world.write(plan())
    world.tenant.faults.add(method="POST", path="/send$", status=403, times=None)
    sent(world, DIRECTOR, code=4)
    world.tenant.faults.clear()
    world.write(plan("2025-06-19"))
    _, who = sent(world, DIRECTOR)
    assert who == [DIRECTOR]
    assert "for sent 1" in world.run("messages").out
    assert sent(world, DIRECTOR)[1] == []
    world.write(plan())
    assert sent(world, DIRECTOR)[1] == [DIRECTOR]


def test_an_address_that_exchange_refuses_keeps_the_others_from_nothing(world: World) -> None:
    world.write(plan())
    world.tenant.faults.add(method="POST", path="/messages$", status=400)
    ran, who = sent(world, DIRECTOR, CHIEF, "--format", "json", code=6)
    assert (states(ran), who) == ({DIRECTOR: ("failed", False), CHIEF: ("sent", False)}, [CHIEF])
    assert sent(world, DIRECTOR, CHIEF)[1] == [DIRECTOR]


def test_the_days_limit_holds_for_it_too(world: World) -> None:
    world.write(plan())
    limits = {"MAILBOX__RECIPIENTS_PER_DAY": "1", "MAILBOX__RESERVED_SHARE": "0"}
    _, who = sent(world, DIRECTOR, CHIEF, code=6, **limits)
    assert who == [DIRECTOR]
    world.move_clock("2025-03-04T09:00:01+01:00")
    assert sent(world, DIRECTOR, CHIEF, **limits)[1] == [CHIEF]


def test_where_no_drafts_are_kept_it_goes_once_or_hr_is_told_that_nobody_knows(world: World) -> None:
    world.write(plan())
    assert sent(world, CHIEF, MAILBOX__KEEPS_DRAFTS="false")[1] == [CHIEF]
    world.tenant.faults.add(method="POST", path="/sendMail$", status=504, when="after")
    ran, _ = sent(world, DIRECTOR, "--format", "json", code=4, MAILBOX__KEEPS_DRAFTS="false")
    assert states(ran) == {DIRECTOR: ("uncertain", False)}
    again, who = sent(world, DIRECTOR, code=6, MAILBOX__KEEPS_DRAFTS="false")
    assert (who, "måske sendt" in again.out) == ([], True)


def test_nothing_of_the_paper_stays_in_the_database_and_an_address_can_be_erased(world: World) -> None:
    world.write(plan())
    sent(world, DIRECTOR, CHIEF)
    content = b"".join(file.read_bytes() for file in world.folder.glob("kursusbot.db*"))
    assert (b"JVBER" in content, b"%PDF" in content, DIRECTOR.encode() in content) == (False, False, True)
    assert world.run("erase", DIRECTOR).code == 0
    assert DIRECTOR.encode() not in b"".join(file.read_bytes() for file in world.folder.glob("kursusbot.db*"))
    assert world.run("messages", "--format", "json").json[0]["expected"] == 1


@SWEPT
def test_killed_at_any_request_each_gets_it_once(world: World, each: int) -> None:
    world.write(plan())
    before, command = AsItWas(world), ("overview", "--send", DIRECTOR, CHIEF)
    requests = world.run(*command).requests
    assert len(requests) >= 4, "a draft and its sending for each, whatever is looked up before"
    for killed in killed_at_each(before, requests, each, *command):
        for _ in range(2):
            world.run(*command)
        assert sorted(mail.to for mail in overviews(world.tenant.mail_log.to_people())) == sorted((DIRECTOR, CHIEF)), killed


@SWEPT
def test_killed_at_any_request_the_last_edition_is_the_last_mail_and_none_comes_twice_in_a_row(world: World, each: int) -> None:
    """The first edition, then a second one that is killed, then the first again: told again only where the second one went."""
    first, second = plan(), plan("2025-06-19")
    world.write(first)
    assert sent(world, DIRECTOR)[1] == [DIRECTOR]
    world.write(second)
    before, command = AsItWas(world), ("overview", "--send", DIRECTOR)
    histories = set()
    for killed in killed_at_each(before, world.run(*command).requests, each, *command):
        world.write(first)
        for _ in range(2):
            assert world.run(*command).code == 0
        days = [_day(world, mail) for mail in overviews(world.tenant.mail_log.to_people())]
        assert days in (["18."], ["18.", "19.", "18."]), killed
        histories.add(tuple(days))
    # Some of all kills may be those before the second one went.
    assert histories >= ({("18.",), ("18.", "19.", "18.")} if each == 1 else {("18.",)})


@SWEPT
def test_killed_at_any_request_an_edition_that_comes_again_comes_once(world: World, each: int) -> None:
    for written in (plan(), plan("2025-06-19")):
        world.write(written)
        assert sent(world, DIRECTOR)[1] == [DIRECTOR]
    world.write(plan())
    before, command = AsItWas(world), ("overview", "--send", DIRECTOR)
    for killed in killed_at_each(before, world.run(*command).requests, each, *command):
        for _ in range(2):
            world.run(*command)
        assert [_day(world, mail) for mail in overviews(world.tenant.mail_log.to_people())] == ["18.", "19.", "18."], killed


def _day(world: World, mail: Mail) -> str:
    """The day in June before which the mail says that it is to be decided."""
    (message,) = [one for one in world.tenant.messages.messages.values() if one.immutable_id == mail.event]
    words = " ".join(visible_text(message.html).split())
    return words.partition("før ")[2].split()[0]
