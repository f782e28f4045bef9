"""What people write with their answers, a speaker's no and a room's no: HR finds them in every list, and they end with the course."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
import yaml

from bot.domain.notes import Note
from bot.opening.stores import open_stores
from bot.sandbox.municipality import DOMAIN
from config.settings import Settings
from tests.e2e.as_it_was import played_once, synced
from tests.e2e.books import stored
from tests.e2e.driver import mail_of
from tests.e2e.plans import make_course, make_plan, people

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World

ANNA, BO, SPEAKER = f"anna.eksempel@{DOMAIN}", f"bo.eksempel@{DOMAIN}", "taler@partner.example"
HOLIDAY = "Jeg er på ferie i hele marts."


@pytest.fixture
def sent(world: World) -> World:
    invited(world)
    return world


@played_once
def invited(world: World) -> None:
    course = make_course(speakers=[{"name": "Tale Talersen", "email": SPEAKER}])
    world.write(make_plan(course, audiences=people(ANNA, BO), holidays="DK"))
    world.sync()


def in_workbook(world: World) -> str:
    file = world.folder / "liste.xlsx"
    assert world.run("registrations", "--format", "xlsx", "--out", str(file)).code == 0
    with ZipFile(BytesIO(file.read_bytes())) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


def lists_of(world: World) -> dict[str, str]:
    shown = {form: world.run("registrations", "--format", form).out for form in ("table", "csv", "json")}
    return {**shown, "xlsx": in_workbook(world), "report": world.run("report").out}


def asked_for(ran: Ran) -> list[str]:
    """The last part of each path that asks for messages, the listing of what came back apart."""
    return [one.path.rpartition("/")[2] for one in ran.requests if "/messages" in one.path and "inbox" not in one.path]


def test_a_comment_in_an_answer_is_in_every_list_and_in_the_report_and_never_in_the_log(sent: World) -> None:
    sent.answer("lederdag/dag", ANNA, "decline", comment=HOLIDAY)
    sent.answer("lederdag/dag", BO, "accept")
    ran = sent.run("responses")
    for form, shown in lists_of(sent).items():
        assert "ferie i hele marts" in shown, form
        assert "Oprindelig aftale" not in shown, form
    rows = {row["email"]: row["comment"] for row in sent.run("registrations", "--format", "json").json}
    assert rows == {ANNA: HOLIDAY, BO: None}
    assert "ferie" not in ran.err


def test_one_listing_and_one_request_for_each_comment_and_none_where_nobody_has_answered(sent: World) -> None:
    sent.run("responses")
    sent.answer("lederdag/dag", ANNA, "decline", comment=HOLIDAY)
    sent.answer("lederdag/dag", BO, "accept")
    assert [path == "messages" for path in asked_for(sent.run("responses"))] == [True, False]
    assert asked_for(sent.run("responses")) == []


def test_a_later_answer_without_words_takes_them_back_and_one_with_others_replaces_them(sent: World) -> None:
    for at, (response, words, left) in enumerate(
        [("tentative", "Må gå kl. 10.30", "Må gå kl. 10.30"), ("decline", "Alligevel ikke", "Alligevel ikke"), ("accept", "", None)]
    ):
        sent.move_clock(f"2025-03-0{4 + at}T09:00:00+01:00")
        sent.answer("lederdag/dag", ANNA, response, comment=words)
        sent.run("responses")
        assert {row["comment"] for row in sent.run("registrations", "--format", "json").json if row["email"] == ANNA} == {left}


def test_a_silent_answer_and_a_mail_of_somebody_who_has_not_answered_say_nothing(sent: World) -> None:
    event = sent.event("lederdag/dag")
    sent.tenant.people.answer(event, ANNA, "decline", send_response=False, comment=HOLIDAY)
    organiser = sent.tenant.directory.users[event.mailbox_id]
    sent.tenant.messages.receive(
        organiser, sender=("Bo", BO), subject="Afvist", body="Jeg har overtaget jeres kursus", headers=[],
        message_class="IPM.Schedule.Meeting.Resp.Neg", event=event.immutable_id, meeting_type="meetingDeclined",
    )  # fmt: skip
    sent.run("responses")
    assert all("overtaget" not in shown and "ferie" not in shown for shown in lists_of(sent).values())


def test_a_mailbox_that_may_not_be_read_stops_nothing_and_the_comments_come_when_it_may(sent: World) -> None:
    sent.answer("lederdag/dag", ANNA, "decline", comment=HOLIDAY)
    sent.tenant.faults.add(method="GET", path="/messages", status=403, times=2)
    assert sent.run("responses").code == 0
    assert "ferie" not in sent.run("registrations").out
    sent.tenant.faults.clear()
    assert sent.run("responses").code == 0
    assert "ferie" in sent.run("registrations").out


def test_a_speaker_s_no_is_told_at_once_and_in_every_list_with_the_words(sent: World) -> None:
    sent.answer("lederdag/dag", SPEAKER, "decline", comment="Jeg er syg")
    told = sent.run("responses").out
    assert "Oplægsholderen har meldt afbud: Tale Talersen, Lederdag, onsdag den 18. juni 2025 kl. 09.00: »Jeg er syg«" in told
    table, report, preview = sent.run("registrations").out, sent.run("report").out, sent.preview()
    assert "Oplægsholdere\n    Tale Talersen <taler@partner.example>" in table
    assert "Jeg er syg" in table
    assert "Jeg er syg" in in_workbook(sent)
    assert "Oplægsholderen har meldt afbud: Tale Talersen" in report
    assert "Jeg er syg" in report
    (change,) = preview.changes
    assert (change["action"], change["reason"], change["missing"], change["mails"]) == ("conflict", "speaker_declined", [SPEAKER], 0)
    assert "Oplægsholderen har meldt afbud" in sent.run("preview").out
    assert {row["email"] for row in sent.run("registrations", "--format", "json").json} == {ANNA, BO}
    assert sent.run("sync", "--yes").code == 0


def test_a_speaker_s_no_stands_in_the_report_as_in_the_lists_when_the_event_is_moved(sent: World) -> None:
    """Outlook asks everybody anew and forgets the answers; the day still has no speaker."""
    sent.answer("lederdag/dag", SPEAKER, "decline", comment="Jeg er syg")
    sent.run("responses")
    plan = yaml.safe_load(sent.plan_file.read_text(encoding="utf-8"))
    plan["courses"][0]["sessions"][0]["end"] = "2025-06-18T16:00"
    sent.write(plan)
    sent.sync()
    for command in ("responses", "registrations", "report"):
        assert "Jeg er syg" in sent.run(command).out
    assert "Oplægsholderen har meldt afbud: Tale Talersen" in sent.run("report").out


def test_a_speaker_who_has_not_answered_or_said_yes_is_listed_and_no_alarm(sent: World) -> None:
    assert "Ikke svaret" in sent.run("registrations").out.partition("Oplægsholdere")[2]
    sent.answer("lederdag/dag", SPEAKER, "accept")
    assert "afbud" not in sent.run("responses").out
    assert "Ja (" in sent.run("registrations").out.partition("Oplægsholdere")[2]
    assert sent.preview().changes == []


def test_a_room_s_no_is_in_the_list(world: World) -> None:
    room = {"name": "Sal 1", "room": f"sal-1@{DOMAIN}"}
    synced(world, make_plan(make_course(venue=room), audiences=people(ANNA)))
    event = world.event("lederdag/dag")
    next(one for one in event.attendees if one.type == "resource").response = "declined"
    world.tenant.calendars.touch(event)
    world.run("responses")
    assert f"Lokaler, der har sagt nej\n    sal-1@{DOMAIN}: Lederdag" in world.run("registrations").out
    assert f"sal-1@{DOMAIN}" in in_workbook(world)


def write_notes(world: World, *notes: tuple[str, str]) -> None:
    """As their own pages do."""
    with open_stores(Settings(database_url=f"sqlite:///{world.database_file}")) as stores:
        for email, words in notes:
            stores.notes.save_note(Note(plan="demo", course="lederdag", email=email, text=words, written_at=world.now))


def test_a_note_from_a_page_is_in_every_list_and_the_report_whether_or_not_there_is_a_row(sent: World) -> None:
    """The page says that HR sees it. JSON has a row for each registration and nothing else, by contract."""
    write_notes(sent, (ANNA, "Tåler ikke nødder"), ("fremmed@andre.example", "Kommer i kørestol"))
    report, book = sent.run("report").out, in_workbook(sent)
    table, listed = sent.run("registrations").out, sent.run("registrations", "--format", "csv").out
    one_course = sent.run("registrations", "lederdag", "--format", "csv").out
    for shown in (report, table, book, listed, one_course):
        assert (shown.count("Tåler ikke nødder") > 0, shown.count("Kommer i kørestol")) == (True, 1)
    assert "Kommer i kørestol" not in sent.run("registrations", "--format", "html").out


def test_who_was_asked_to_sign_up_and_has_not_may_have_written(world: World) -> None:
    """Nobody has a row yet."""
    synced(world, make_plan(make_course(enrolment={"mode": "signup", "capacity": 5}), audiences=people(ANNA, BO)))
    write_notes(world, (ANNA, "Kan jeg komme kl. 10?"))
    lists = [world.run("registrations", *form).out for form in ((), ("--format", "csv"))]
    for shown in (*lists, world.run("report").out, in_workbook(world)):
        assert ("Kan jeg komme kl. 10?" in shown, ANNA in shown) == (True, True)


def test_a_note_follows_its_writer_to_a_new_address(world: World) -> None:
    person, renamed = mail_of("ane.gammel"), mail_of("ane.ny")
    world.tenant.directory.add_person("Ane Prøve", person, "stab-ledere@norddjurs.example")
    world.write(make_plan(make_course()))
    world.sync()
    write_notes(world, (person, "Tåler ikke nødder"))
    world.tenant.directory.change_user(person, mail=renamed)
    world.sync()
    (line,) = [one for one in world.run("registrations", "--format", "csv").out.splitlines() if "nødder" in one]
    assert renamed in line
    assert "nødder" in in_workbook(world)
    assert world.registrations()["lederdag", renamed]["note"] == "Tåler ikke nødder"


def test_comments_go_when_the_course_is_over_and_with_the_person(sent: World) -> None:
    sent.answer("lederdag/dag", ANNA, "decline", comment=HOLIDAY)
    sent.answer("lederdag/dag", BO, "decline", comment="Min kat er blevet væk")
    sent.run("responses")
    assert HOLIDAY in str(sent.run("person", ANNA, "--format", "json").json["tables"]["answer_comments"])
    sent.write(make_plan(make_course(), audiences=people(BO)))
    sent.sync()
    assert sent.run("erase", ANNA).code == 0
    assert HOLIDAY.encode() not in stored(sent)
    assert b"Min kat" in stored(sent)
    sent.move_clock("2025-06-19T09:00:00+02:00")
    sent.run("run")
    assert b"Min kat" not in stored(sent)
