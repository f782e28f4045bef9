"""The seat log, the outbox, audiences and notes, on SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

from bot.domain.messages import DeliveryState
from bot.domain.notes import Note
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import Cause, Standing, Transition
from bot.store.audiences import SqlAudienceBook
from bot.store.erasure import erase_person
from bot.store.notes import SqlNoteBook
from bot.store.outbox import SqlOutbox
from bot.store.seats import SqlSeatBook
from tests.contract.kept_people import ANNA, BO, NOW, message

S = RegistrationStatus


def standing(email=ANNA, status=S.REGISTERED, **more):
    values = {"course": "k", "offering": "main", "since": NOW, "cause": Cause.ANSWERED, "source": AnswerSource.OUTLOOK}
    return Standing(email=email, status=status, **(values | more))


def line(email=ANNA, before=None, **more):
    return Transition(before=before, after=standing(email, **more))


def test_the_last_line_is_where_somebody_stands_and_every_line_is_kept(database):
    book = SqlSeatBook(database)
    assert book.load_standings("demo") == (0, ())
    first = line(answered_at=NOW, late=True, by="hr", reason="Æ 'citat'", said=S.REGISTERED, said_at=NOW, had_seat=True)
    second = line(BO, status=None, cause=Cause.FREED, source=AnswerSource.RULE)
    third = line(before=S.REGISTERED, status=S.WITHDRAWN, since=NOW + timedelta(hours=1))
    assert book.append("demo", [first, second], after=0, now=NOW)
    assert book.append("demo", [third], after=2, now=NOW)
    assert book.append("andet", [line(course="x")], after=0, now=NOW)
    assert book.load_standings("demo") == (3, (second.after, third.after))
    assert book.load_standings("demo", course="x") == (3, ())
    assert book.load_log("demo") == ((1, first), (2, second), (3, third))


def test_who_knew_an_older_line_writes_nothing_neither_line_nor_message(database):
    book, outbox = SqlSeatBook(database), SqlOutbox(database)
    assert book.append("demo", [line()], [message()], after=0, now=NOW)
    assert not book.append("demo", [line(BO)], [message("andet")], after=0, now=NOW)
    assert (book.load_standings("demo")[0], [one.key for one in outbox.load_messages("demo")]) == (1, [message().key])


def test_of_two_who_decide_at_once_one_has_to_look_again(database):
    """The last seat is given once, on either database."""
    book, together = SqlSeatBook(database), Barrier(4)

    def decide(number):
        together.wait()
        return book.append("demo", [line(f"p{number}@demo.example")], [message(f"m{number}")], after=0, now=NOW)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(decide, range(4))) == [False, False, False, True]
    assert (len(book.load_log("demo")), len(SqlOutbox(database).load_messages("demo"))) == (1, 1)


def test_a_message_is_one_row_and_remembers_what_became_of_it(database):
    outbox = SqlOutbox(database)
    later = message("senere", created_at=NOW + timedelta(minutes=1), expires_at=NOW + timedelta(days=1), params={"position": "2"})
    assert (outbox.add_messages([later, message()]), outbox.add_messages([message()]), outbox.add_messages([])) == (2, 0, 0)
    assert outbox.load_pending("demo") == outbox.load_messages("demo") == (message(), later)
    sent = replace(message(), state=DeliveryState.SENT, draft_id="d", sent_at=NOW)
    outbox.save_message(sent)
    outbox.save_message(replace(later, state=DeliveryState.SENDING))
    assert [one.state for one in outbox.load_pending("demo")] == [DeliveryState.SENDING]
    assert outbox.load_messages("demo")[0] == sent


def test_an_empty_audience_is_another_thing_than_one_never_read(database):
    book = SqlAudienceBook(database)
    assert book.load_members("demo") == {}
    book.save_members("demo", {"ledere": frozenset({ANNA, BO}), "tr": frozenset()}, now=NOW)
    book.save_members("demo", {"ledere": frozenset({BO})}, now=NOW)
    book.save_members("demo", {"ledere": frozenset({BO})}, now=NOW)
    assert book.load_members("demo") == {"ledere": frozenset({BO}), "tr": frozenset()}
    assert book.load_members("andet") == {}


def test_a_note_is_replaced_emptied_and_erased_with_its_course(database):
    book = SqlNoteBook(database)
    note = Note(plan="demo", course="k", email=ANNA, text="Nødder", written_at=NOW)
    for one in (
        note,
        replace(note, text="Nødder og mælk"),
        replace(note, email=BO),
        replace(note, email=BO, text=""),
        replace(note, course="x"),
    ):
        book.save_note(one)
    assert [(one.course, one.email, one.text) for one in book.load_notes("demo")] == [("k", ANNA, "Nødder og mælk"), ("x", ANNA, "Nødder")]
    assert (book.erase_notes("demo", []), book.erase_notes("demo", ["k"]), book.erase_notes("demo", ["k"])) == (0, 1, 0)


def test_an_erased_person_leaves_a_line_that_counts_and_nothing_else(database):
    seats, outbox, audiences, notes = SqlSeatBook(database), SqlOutbox(database), SqlAudienceBook(database), SqlNoteBook(database)
    seats.append(
        "demo",
        [line(reason="syg", by="hr"), line(BO, by=ANNA)],
        [message(), message("bo", BO, params={"colleague": ANNA})],
        after=0,
        now=NOW,
    )
    audiences.save_members("demo", {"ledere": frozenset({ANNA, BO})}, now=NOW)
    notes.save_note(Note(plan="demo", course="k", email=ANNA, text="Nødder", written_at=NOW))
    erase_person(database, ANNA, now=NOW)
    (_, first), (_, second) = seats.load_log("demo")
    assert first.after.email.startswith("erased-")
    assert (first.after.status, first.after.by, first.after.reason, second.after.by) == (S.REGISTERED, "", "", "")
    assert (outbox.load_messages("demo"), notes.load_notes("demo"), audiences.load_members("demo")) == ((), (), {"ledere": frozenset({BO})})
    if database.file is not None:
        assert all(ANNA.encode() not in file.read_bytes() for file in database.file.parent.glob("kursusbot.db*"))
