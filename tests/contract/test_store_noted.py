"""The book of what decisions had come to, on every database: in order, by plan, with every kind of value."""

from datetime import UTC, date, datetime

from bot.domain.noted import NotedDecision
from bot.store.noted import SqlNotedBook

AT = datetime(2024, 1, 17, 8, 0, tzinfo=UTC)


def note(value, **changes):
    given = {"decided_by": "", "decided_on": None, "case": "", **changes}
    return NotedDecision(assumption="midler", value=value, noted_at=AT, **given)


def test_notes_come_back_as_they_were_written_each_plan_its_own(database):
    book = SqlNotedBook(database)
    first = [note(value=None), note(value=False, decided_by="Direktionen", decided_on=date(2024, 1, 17), case="24/118")]
    book.add("demo", first)
    book.add("demo", ())
    book.add("andet", [note(value=True)])
    book.add("demo", [note("flere-dage")])
    assert book.load("demo") == (*first, note("flere-dage"))
    assert book.load("andet") == (note(value=True),)
    assert book.load("ukendt") == ()
